"""Reading ratings: by the link of a mail, by whose they are, and by those who may see them on a ticket."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.surveys.errors import LinkUsedError
from servicedesk.surveys.links import Purpose, digest
from servicedesk.surveys.models import FollowUp, Rating
from servicedesk.surveys.policy import RatingPermission
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.workflow import Secrecy


class Asked(NamedTuple):
    """What a person was asked about."""

    rating: Rating
    #: None for a secret.
    subject: str | None

    @property
    def number(self) -> str:
        return number_of(self.rating.ticket_id)


def of_token(token: str, *, now: datetime) -> Rating:
    """What the holder of a mail's link may answer, or has answered; raises LinkUsedError.

    What was answered can be read as long as the link lasts; somebody who has left answers nothing any more.
    """
    query = (
        select(Rating)
        .join(Person, Person.id == Rating.person_id)
        .where(Rating.digest == digest(token, Purpose.RATING), Rating.expires_at > now, Person.is_active)
    )
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise LinkUsedError
    return found


def of_person(ticket_id: int, who: Actor) -> Rating:
    """The rating that `who` was asked for; raises NotFoundError."""
    query = select(Rating).where(Rating.ticket_id == ticket_id, Rating.person_id == who.id, Rating.is_asked())
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def asked_of(rating: Rating) -> Asked:
    subject, secrecy = db.session.execute(
        select(Ticket.subject, Ticket.secrecy).where(Ticket.id == rating.ticket_id)
    ).one()
    return Asked(rating, subject if secrecy is Secrecy.ORDINARY else None)


class OnTicket(NamedTuple):
    """A rating as it stands on its ticket."""

    rating: Rating
    task: FollowUp | None


def on_ticket(ticket_id: int, who: Actor) -> OnTicket | None:
    """What `who` may see of it; one question."""
    query = (
        select(Rating, FollowUp)
        .join(Ticket, Ticket.id == Rating.ticket_id)
        .outerjoin(FollowUp, FollowUp.ticket_id == Rating.ticket_id)
        .where(Rating.ticket_id == ticket_id, Rating.is_asked(), granted(RatingPermission.READ, who))
    )
    row = db.session.execute(query).one_or_none()
    return OnTicket(row[0], row[1]) if row is not None else None


def answer_to(rating: Rating) -> FollowUp | None:
    """What the person was told after a rating of his or hers."""
    query = select(FollowUp).where(FollowUp.ticket_id == rating.ticket_id, FollowUp.answered_at.is_not(None))
    return db.session.scalars(query).one_or_none()
