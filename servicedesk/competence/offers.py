"""Reading offers. One is for whom the ticket is about; beside that one only the team that made it and the coordinator
hear of it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from servicedesk.competence.models import Offer
from servicedesk.competence.policy import OfferPermission
from servicedesk.competence.rules import Answer
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.systems.models import KnownError
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Cause
from servicedesk.training.models import Course, Record, Session, SignUp
from servicedesk.training.rules import SignUpState, Source


@dataclass(frozen=True)
class Offered:
    """An offer with what it offers."""

    offer: Offer
    course: Course | None
    known: KnownError | None
    #: Where he or she signed up.
    session: Session | None

    @property
    def name(self) -> str:
        return self.course.name if self.course else self.known.title if self.known else ""


def of_ticket(ticket_id: int, who: Actor) -> Offered | None:
    """While the ticket stands as solved by showing somebody how; None for those whom it does not concern."""
    return _one(who, OfferPermission.READ, Offer.ticket_id == ticket_id)


def get(offer_id: int, who: Actor) -> Offered:
    """One of the person's own; raises NotFoundError."""
    found = _one(who, OfferPermission.ANSWER, Offer.id == offer_id)
    if found is None:
        raise NotFoundError
    return found


def _one(who: Actor, permission: OfferPermission, *conditions: object) -> Offered | None:
    query = (
        select(Offer, Course, KnownError, Session)
        .join(Ticket, Ticket.id == Offer.ticket_id)
        .outerjoin(Course, Course.id == Offer.course_id)
        .outerjoin(KnownError, KnownError.id == Offer.known_error_id)
        .outerjoin(Session, Session.id == Offer.session_id)
        .where(Ticket.cause == Cause.COMPETENCE, granted(permission, who), *conditions)  # type: ignore[arg-type]
    )
    row = db.session.execute(query.execution_options(populate_existing=True)).one_or_none()
    return Offered(*row) if row is not None else None


def needs_no(course_id: int, person_id: int, today: date, now: datetime) -> bool:
    """Whether there is no sense in offering the course: the person has taken it, is about to, or said no lately."""
    has_record = select(Record.id).where(
        Record.person_id == person_id,
        Record.course_id == course_id,
        Record.withdrawn_at.is_(None),
        Record.source != Source.EXEMPTION,
        or_(Record.expires_on.is_(None), Record.expires_on >= today),
    )
    is_signed_up = (
        select(SignUp.id)
        .join(Session, Session.id == SignUp.session_id)
        .where(SignUp.person_id == person_id, Session.course_id == course_id, Session.starts_at > now)
        .where(SignUp.state.in_((SignUpState.SIGNED_UP, SignUpState.WAITING)), Session.cancelled_at.is_(None))
    )
    said_no = select(Offer.id).where(
        and_(Offer.person_id == person_id, Offer.course_id == course_id, Offer.answer == Answer.DECLINED)
    )
    return any(db.session.scalar(query.limit(1)) is not None for query in (has_record, is_signed_up, said_no))


@dataclass(frozen=True)
class Answers:
    """What became of the offers of a period."""

    made: int
    accepted: int
    declined: int

    @property
    def waiting(self) -> int:
        return self.made - self.accepted - self.declined


def answers(customer_id: int, start: datetime, end: datetime, who: Actor) -> Answers:
    query = (
        select(Offer.answer, func.count())
        .where(Offer.customer_id == customer_id, Offer.made_at >= start, Offer.made_at < end)
        .where(granted(OfferPermission.READ, who))
        .group_by(Offer.answer)
    )
    counts = {answer: number for answer, number in db.session.execute(query)}  # noqa: C416  as above
    return Answers(sum(counts.values()), counts.get(Answer.ACCEPTED, 0), counts.get(Answer.DECLINED, 0))
