"""Doing something about a rating: a task with a clock of its own, from the rating to the answer."""

from datetime import datetime

from sqlalchemy import and_, or_, select

from servicedesk.agreements.book import book_of
from servicedesk.core import audit, cpr
from servicedesk.core.actor import Actor, Role
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.actors import is_in_force
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import RoleGrant, TeamMember
from servicedesk.surveys import events
from servicedesk.surveys.models import FollowUp, Rating
from servicedesk.surveys.queries import tasks
from servicedesk.surveys.queries.settings import settings_of
from servicedesk.surveys.rules import WORDS_LENGTH, Reason
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.workflow import Secrecy


def begin(rating: Rating, reason: Reason, *, by: Actor, now: datetime) -> None:
    """Part of the rating's own transaction; a ticket has one, whatever called for it first."""
    if db.session.scalar(select(FollowUp.id).where(FollowUp.ticket_id == rating.ticket_id)) is not None:
        return
    due = due_at(rating, now)
    row = FollowUp(customer_id=rating.customer_id, ticket_id=rating.ticket_id, reason=reason, made_at=now, due_at=due)
    db.session.add(row)
    db.session.flush()
    _tell_those_who_see_to_it(row, rating, by, now)


def due_at(rating: Rating, now: datetime) -> datetime:
    """So many working days on, at the same time of day, in the hours under which the ticket stood."""
    agreement_id = db.session.scalar(select(Ticket.agreement_id).where(Ticket.id == rating.ticket_id))
    calendar = book_of(rating.customer_id).calendar_of(agreement_id)
    return calendar.add_days(now, settings_of(rating.customer_id).follow_up_days)


def _tell_those_who_see_to_it(row: FollowUp, rating: Rating, by: Actor, now: datetime) -> None:
    news = News(
        event=events.FOLLOW_UP,
        thread=f"followup-{row.id}",
        source=f"followup-{row.id}",
        path=f"/satisfaction/tasks/{row.id}",
        customer_id=row.customer_id,
        facts={"reason": row.reason.value},
        template=events.FOLLOW_UP,
        mail={
            "number": number_of(row.ticket_id),
            "reason": row.reason.value,
            "url": f"/satisfaction/tasks/{row.id}",
            "due_at": row.due_at.isoformat(),
        },
    )
    tell(news, _receivers(rating, now), by=by, now=now)


def _receivers(rating: Rating, now: datetime) -> list[int]:
    """The customer's servicedesk managers; of a secret ticket its team, which alone knows of it."""
    serving = is_in_force(now.astimezone(own_zone()).date())
    secrecy = db.session.scalar(select(Ticket.secrecy).where(Ticket.id == rating.ticket_id))
    if secrecy is Secrecy.ORDINARY:
        is_over_all = and_(RoleGrant.unit_id.is_(None), RoleGrant.system_id.is_(None))
        over_customer = or_(RoleGrant.unit_id == rating.customer_id, is_over_all)
        query = select(RoleGrant.person_id).where(RoleGrant.role == Role.SERVICEDESK_MANAGER, over_customer, serving)
    else:
        query = select(TeamMember.person_id).where(TeamMember.team_id == rating.team_id)
    return list(db.session.scalars(query))


def take(task_id: int, *, by: Actor, now: datetime) -> None:
    with transaction():
        task = _open_task(task_id, by)
        if task.taken_by_id is None:
            task.taken_by_id, task.taken_at = by.id, now
            _record("follow_up_taken", task, by, now)


def answer(task_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """Writes to the person who rated; who answers has taken it too."""
    with transaction():
        task = _open_task(task_id, by)
        _check(text)
        if task.answered_at is not None:
            raise ConflictError(N_("Der er allerede svaret. Skriv i henvendelsen, hvis der er mere at sige."))
        if task.taken_by_id is None:
            task.taken_by_id, task.taken_at = by.id, now
        task.answer, task.answered_at = cpr.hide(text).text, now
        _record("follow_up_answered", task, by, now)
        _tell_rater(task, by, now)


def finish(task_id: int, note: str, *, by: Actor, now: datetime) -> None:
    """It is seen to, with or without an answer; without one the note says why."""
    with transaction():
        task = _open_task(task_id, by)
        if task.answered_at is None:
            _check(note, field="note")
        if len(note) > WORDS_LENGTH:
            _too_long("note")
        task.note, task.done_by_id, task.done_at = cpr.hide(note).text, by.id, now
        _record("follow_up_done", task, by, now)


def reopen(task_id: int, *, by: Actor, now: datetime) -> None:
    """It was ended by mistake."""
    with transaction():
        task = tasks.get(task_id, by, lock=True).task
        if task.done_at is not None:
            task.done_at = task.done_by_id = None
            _record("follow_up_reopened", task, by, now)


def _open_task(task_id: int, by: Actor) -> FollowUp:
    task = tasks.get(task_id, by, lock=True).task
    if task.done_at is not None:
        raise ConflictError(N_("Opfølgningen er afsluttet."))
    return task


def _check(text: str, field: str = "answer") -> None:
    if not text:
        raise FieldRefusedError(field, N_("Skriv noget."))
    if len(text) > WORDS_LENGTH:
        _too_long(field)


def _too_long(field: str) -> None:
    raise FieldRefusedError(field, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=WORDS_LENGTH)


def _tell_rater(task: FollowUp, by: Actor, now: datetime) -> None:
    rating = db.session.get_one(Rating, task.ticket_id)
    path = f"/tickets/{task.ticket_id}/rating"
    news = News(
        event=events.FOLLOWED_UP,
        thread=f"ticket-{task.ticket_id}",
        source=f"followup-{task.id}:answer",
        path=path,
        customer_id=task.customer_id,
        facts={"by": by.name},
        template=events.FOLLOWED_UP,
        mail=_mail(task, by) | {"url": path},
    )
    tell(news, [rating.person_id], by=by, now=now)


def _mail(task: FollowUp, by: Actor) -> dict[str, object]:
    facts: dict[str, object] = {"number": number_of(task.ticket_id)}
    secrecy = db.session.scalar(select(Ticket.secrecy).where(Ticket.id == task.ticket_id))
    if secrecy is not Secrecy.ORDINARY:
        return {**facts, "is_secret": True}
    return {**facts, "is_secret": False, "by": by.name, "body": task.answer}


def _record(action: str, task: FollowUp, by: Actor, now: datetime) -> None:
    subject = ("follow_up", task.id)
    audit.record(
        action, by=by, now=now, subject=subject, customer_id=task.customer_id, number=number_of(task.ticket_id)
    )
