"""What people are told about ratings and surveys."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy import select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db
from servicedesk.core.errors import N_
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted, is_open
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event, by_whom
from servicedesk.surveys.models import FollowUp, Invitation, Survey
from servicedesk.surveys.policy import RatingPermission
from servicedesk.surveys.rules import Reason, SurveyState
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.workflow import Secrecy

RATING_ASKED = "rating_asked"
FOLLOWED_UP = "rating_followed_up"
FOLLOW_UP = "follow_up_needed"
SURVEY_ASKED = "survey_asked"
SURVEY_REMINDED = "survey_reminded"

_GROUP = lazy("Tilfredshed")


def _rating_asked(_facts: Mapping[str, Any]) -> str:
    return _("Hvordan var hjælpen?")


def _follow_up(facts: Mapping[str, Any]) -> str:
    if facts.get("reason") == Reason.CONTACT:
        return _("En bruger vil gerne kontaktes om sin bedømmelse")
    return _("En lav bedømmelse skal følges op")


def _survey_asked(_facts: Mapping[str, Any]) -> str:
    return _("Du er inviteret til at svare på en tilfredshedsmåling")


def _survey_reminded(_facts: Mapping[str, Any]) -> str:
    return _("Du kan stadig nå at svare på en tilfredshedsmåling")


def _follows_up(who: Actor) -> bool:
    return who.has_role(Role.SERVICEDESK_MANAGER) or is_open(RatingPermission.FOLLOW_UP, who)


events.declare(
    Event(key=RATING_ASKED, label=lazy("Du kan bedømme hjælpen"), group=_GROUP, words=_rating_asked),
    Event(
        key=FOLLOWED_UP,
        label=lazy("Din bedømmelse er besvaret"),
        group=_GROUP,
        words=by_whom(N_("%(by)s har svaret på din bedømmelse"), N_("Servicedesken har svaret på din bedømmelse")),
    ),
    Event(
        key=FOLLOW_UP,
        label=lazy("En bedømmelse skal følges op"),
        group=_GROUP,
        words=_follow_up,
        is_for=_follows_up,
        still_for=_follows_up,
    ),
    Event(key=SURVEY_ASKED, label=lazy("Du inviteres til en tilfredshedsmåling"), group=_GROUP, words=_survey_asked),
    Event(
        key=SURVEY_REMINDED,
        label=lazy("Påmindelse om en tilfredshedsmåling"),
        group=_GROUP,
        words=_survey_reminded,
    ),
)


def _tasks(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    query = (
        select(FollowUp.id, FollowUp.ticket_id, Ticket.subject, Ticket.secrecy)
        .join(Ticket, Ticket.id == FollowUp.ticket_id)
        .where(FollowUp.id.in_(ids), granted(RatingPermission.FOLLOW_UP, reader))
    )
    return {
        id_: things.Thing(number_of(ticket_id), subject if secrecy is Secrecy.ORDINARY else None)
        for id_, ticket_id, subject, secrecy in db.session.execute(query)
    }


def _surveys(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    """Those that the reader is asked to answer, while it can be done."""
    query = (
        select(Survey.id, Survey.title)
        .join(Invitation, Invitation.survey_id == Survey.id)
        .where(Survey.id.in_(ids), Survey.state == SurveyState.OPEN, Invitation.person_id == reader.id)
    )
    return {id_: things.Thing(_("Tilfredshedsmåling"), title) for id_, title in db.session.execute(query)}


things.declare("followup", _tasks)
things.declare("survey", _surveys)
