"""Offering a course or an article with a solution, and what the person says to it."""

from datetime import datetime

from sqlalchemy import select

from servicedesk.competence import offers, topics
from servicedesk.competence.models import Offer, Topic
from servicedesk.competence.policy import OfferPermission
from servicedesk.competence.rules import Answer
from servicedesk.competence.topics import Remedy
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.tickets.models import Ticket
from servicedesk.training.commands import sign_up
from servicedesk.training.models import Session

#: Said in a form: whatever fits the topic.
FITTING = "fitting"


def offer(ticket: Ticket, topic: Topic | None, asked: str, *, by: Actor, now: datetime) -> Offer | None:
    """Offers with a solution, as part of its transaction: what was chosen, or what fits when that is needed.

    An earlier offer that is not answered gives way; one that is answered stays as it is.
    """
    earlier = db.session.scalar(select(Offer).where(Offer.ticket_id == ticket.id))
    if earlier is not None and earlier.answer is not None:
        return None
    remedy = _fitting(ticket, topic, now) if asked == FITTING else _chosen(ticket, asked)
    if earlier is not None:
        db.session.delete(earlier)
        db.session.flush()
    if remedy is None:
        return None
    made = Offer(
        customer_id=ticket.customer_id,
        ticket_id=ticket.id,
        person_id=ticket.affected_id,
        course_id=remedy.course_id,
        known_error_id=remedy.known_error_id,
        by_id=by.id,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    _record("course_offered", made, by, now, remedy=str(remedy))
    return made


def _chosen(ticket: Ticket, asked: str) -> Remedy | None:
    remedy = Remedy.read(asked)
    if remedy is None:
        return None
    known = topics.choices(ticket.system_id) if ticket.system_id is not None else []
    if remedy not in {choice.remedy for choice in known}:
        raise FieldRefusedError("suggestion", N_("Vælg et forslag fra listen."))
    return remedy


def _fitting(ticket: Ticket, topic: Topic | None, now: datetime) -> Remedy | None:
    """What the topic says, else the system's next course, unless the person has no use for it."""
    if topic is None or ticket.system_id is None:
        return None
    if topic.known_error_id is not None:
        remedy = Remedy(known_error_id=topic.known_error_id)
        return remedy if remedy in {choice.remedy for choice in topics.choices(ticket.system_id)} else None
    course_id = topic.course_id or topics.first_course(ticket.system_id, now)
    today = now.astimezone(own_zone()).date()
    if course_id is None or offers.needs_no(course_id, ticket.affected_id, today, now):
        return None
    return Remedy(course_id=course_id)


def accept(offer_id: int, *, session_id: int | None, by: Actor, now: datetime) -> Offer:
    """Yes, please: with a session, a place at it, or in the line for one."""
    with transaction():
        found = _held(offer_id, by)
        if session_id is not None:
            if found.course_id is None or not _is_of_course(session_id, found.course_id):
                raise RefusedError(N_("Vælg et af de hold, der er på listen."))
            sign_up(session_id, by=by, now=now)
        found.answer, found.answered_at, found.session_id = Answer.ACCEPTED, now, session_id
        _record("offer_answered", found, by, now)
    return found


def decline(offer_id: int, *, by: Actor, now: datetime) -> Offer:
    """No, thanks. Nobody is told."""
    with transaction():
        found = _held(offer_id, by)
        if found.answer is Answer.ACCEPTED:
            raise ConflictError(N_("Du har allerede sagt ja. Du kan melde dig fra på siden om dine kurser."))
        found.answer, found.answered_at = Answer.DECLINED, now
        _record("offer_answered", found, by, now)
    return found


def _is_of_course(session_id: int, course_id: int) -> bool:
    query = select(Session.id).where(Session.id == session_id, Session.course_id == course_id)
    return db.session.scalar(query) is not None


def _held(offer_id: int, by: Actor) -> Offer:
    query = select(Offer).where(Offer.id == offer_id, granted(OfferPermission.ANSWER, by)).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def _record(action: str, found: Offer, by: Actor, now: datetime, **facts: object) -> None:
    """What was said to it is nobody else's business, and is not told here either."""
    subject = ("ticket", found.ticket_id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=found.customer_id, offer_id=found.id, **facts)
