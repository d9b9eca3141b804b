"""What a person is asked and has not answered; one question, as every start page asks it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Date, cast, literal, null, select, union_all

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.surveys.models import Invitation, Rating, Survey
from servicedesk.surveys.rules import SurveyState
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.workflow import Secrecy

#: So many are shown of each.
MOST = 3


class Asked(NamedTuple):
    """A survey to be answered, or a ticket to be rated."""

    is_survey: bool
    #: The survey's, or the ticket's.
    id: int
    #: None for the subject of a secret.
    words: str | None
    #: The last day.
    until: object

    @property
    def number(self) -> str:
        return number_of(self.id)


def asked_of(who: Actor, now: datetime) -> Sequence[Asked]:
    """Surveys first, then the newest tickets."""
    to_answer = (
        select(literal(1), Survey.id, Survey.title, null(), Survey.closes_on)
        .join(Invitation, Invitation.survey_id == Survey.id)
        .where(Invitation.person_id == who.id, Invitation.is_answered.is_(False), Survey.state == SurveyState.OPEN)
        .order_by(Survey.closes_on)
        .limit(MOST)
        .subquery()
    )
    to_rate = (
        select(literal(0), Ticket.id, Ticket.subject, Ticket.secrecy, cast(null(), Date))
        .join(Rating, Rating.ticket_id == Ticket.id)
        .where(Rating.person_id == who.id, Rating.is_asked())
        .where(Rating.answered_at.is_(None), Rating.expires_at > now)
        .order_by(Rating.asked_at.desc())
        .limit(MOST)
        .subquery()
    )
    rows = db.session.execute(union_all(select(to_answer), select(to_rate)))
    return [
        Asked(bool(is_survey), id_, words if secrecy in (None, Secrecy.ORDINARY) else None, until)
        for is_survey, id_, words, secrecy, until in rows
    ]
