"""Signing that the register is right, and reminding of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.models import Person
from servicedesk.stewardship import events, reviews
from servicedesk.stewardship.checklist import Answer, Point, said_of
from servicedesk.stewardship.models import Review
from servicedesk.systems import queries
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import BETWEEN_REVIEWS

NOTE_LENGTH = 2_000
#: Nobody is reminded of the same system more often.
BETWEEN_REMINDERS = timedelta(days=30)


def sign_review(
    system_id: int, *, answers: Mapping[Point, Answer], note: str, seen: str, today: date, by: Actor, now: datetime
) -> Review:
    """The owner has gone through every point. What stood in the register is kept with it, and nothing of it changes.

    `seen` is the digest of what the owner read: nobody signs what somebody else has changed meanwhile.
    """
    with transaction() as session:
        system = queries.get_system(system_id, by, SystemPermission.KEEP)
        hold(system.customer_id, system)
        if by.id is None or not queries.may(SystemPermission.SIGN, system, by):
            raise NotAllowedError(N_("Kun systemejeren kan underskrive gennemgangen."))
        said = said_of(system, today, now)
        _check(answers, note)
        if seen != reviews.digest(said):
            raise ConflictError(N_("Det, der står om systemet, er ændret, siden du åbnede siden. Læs det igen."))
        row = Review(
            system_id=system.id,
            customer_id=system.customer_id,
            signed_by_id=by.id,
            signed_name=by.name,
            signed_at=now,
            answers={point.value: answer.value for point, answer in answers.items()},
            note=note.strip(),
            snapshot=reviews.as_kept(said),
        )
        session.add(row)
        system.review_due_on, system.review_reminded_at = today + BETWEEN_REVIEWS, None
        session.flush()
        wrong = [point.value for point, answer in answers.items() if answer is Answer.WRONG]
        _record("system_reviewed", system, by, now, review_id=row.id, wrong=wrong)
    return row


def _check(answers: Mapping[Point, Answer], note: str) -> None:
    for point in Point:
        if point not in answers:
            raise FieldRefusedError(point.value, N_("Svar på, om det passer."))
    if Answer.WRONG in answers.values() and not note.strip():
        raise FieldRefusedError("note", N_("Skriv, hvad der skal rettes, og hvem der gør det."))
    if len(note) > NOTE_LENGTH:
        raise FieldRefusedError(
            "note", N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=NOTE_LENGTH
        )


def remind_next(*, now: datetime) -> bool:
    """Reminds the owner of the next system that is due for review; False when there is none.

    That it was done is saved with the telling: a crash neither loses a reminder nor repeats it.
    """
    today = now.astimezone(clock.own_zone()).date()
    due = (
        select(System)
        .join(Person, Person.id == System.owner_id)
        .where(System.review_due_on <= today, System.is_active, Person.is_active)
        .where(or_(System.review_reminded_at.is_(None), System.review_reminded_at <= now - BETWEEN_REMINDERS))
        .order_by(System.review_due_on, System.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=System)
    )
    with transaction() as session:
        system = session.scalar(due.execution_options(populate_existing=True))
        if system is None or system.review_due_on is None:
            return False
        system.review_reminded_at = now
        _remind(system, system.review_due_on, today, now)
        _record("review_reminded", system, SYSTEM, now, due_on=system.review_due_on.isoformat())
    return True


def _remind(system: System, due_on: date, today: date, now: datetime) -> None:
    thread = f"review-{system.id}"
    path = f"/systems/{system.id}/review"
    facts = {"is_overdue": due_on < today}
    news = News(
        event=events.REVIEW_DUE,
        thread=thread,
        source=f"{thread}:{today.isoformat()}",
        path=path,
        customer_id=system.customer_id,
        facts=facts,
        template=events.REVIEW_DUE,
        mail={**facts, "number": system.name, "subject": system.name, "url": path, "due_on": due_on.isoformat()},
    )
    tell(news, [system.owner_id], by=SYSTEM, now=now)


def _record(action: str, system: System, by: Actor, now: datetime, **facts: object) -> None:
    subject = ("system", system.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=system.customer_id, name=system.name, **facts)
