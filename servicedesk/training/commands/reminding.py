"""Reminding people of what they must learn: in opening hours, and at most once a week each.

A row for the person and the week is written by the transaction that puts the mail in the outbox; the row's key decides
between two workers, and a crash leaves both or neither.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from servicedesk.agreements.opening import is_open_at
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import db, table_of, transaction
from servicedesk.notifications.commands import News, tell_all
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.training import due, events
from servicedesk.training.due import Chief, Told
from servicedesk.training.models import Reminder, ReminderRound, Requirement
from servicedesk.training.queries import statuses

#: People in a transaction, so that others can write in between.
BATCH = 50
#: People in a run, so that a worker that is told to stop soon does; the rest waits for the next.
AT_ONCE = 500
#: Looked back on for what somebody was told last.
BACK = timedelta(days=60)


def remind_next(*, now: datetime) -> int:
    """Reminds some people of the first customer that is not done with today; answers how many were reminded."""
    today = now.astimezone(clock.own_zone()).date()
    for customer_id in _customers_to_do(today):
        if not is_open_at(customer_id, now):
            continue
        if done := _remind_some(customer_id, today, now):
            return done
        _finish(customer_id, today, now)
    return 0


def _customers_to_do(today: date) -> Sequence[int]:
    """With requirements, and not looked through yet today."""
    is_done = select(ReminderRound.customer_id).where(ReminderRound.day == today)
    query = select(Unit.id).where(Unit.parent_id.is_(None), Unit.is_active, Unit.id.not_in(is_done))
    required = select(Requirement.customer_id).where(Requirement.withdrawn_at.is_(None))
    return db.session.scalars(query.where(Unit.id.in_(required)).order_by(Unit.id)).all()


def _remind_some(customer_id: int, today: date, now: datetime) -> int:
    """A whole run's worth may have been reminded by another worker meanwhile: then the next run's is tried."""
    standing = statuses(customer_id, today)
    due_now = due.reminders(standing, chiefs(customer_id, today), _told(customer_id, today))
    reminded = 0
    for at in range(0, len(due_now), BATCH):
        reminded += _remind(customer_id, due_now[at : at + BATCH], today, now)
        if reminded >= AT_ONCE:
            break
    return reminded


def _remind(customer_id: int, some: Sequence[due.Reminder], today: date, now: datetime) -> int:
    week_on = due.week_of(today)
    rows = [
        {
            "person_id": one.person_id,
            "week_on": week_on,
            "customer_id": customer_id,
            "at": now,
            "told": sorted(one.what),
        }
        for one in some
    ]
    with transaction():
        claimed = set(_insert_new(table_of(Reminder), rows))
        news = [(_news(one, customer_id, week_on), [one.person_id]) for one in some if one.person_id in claimed]
        tell_all(news, by=SYSTEM, now=now)
    return len(claimed)


def _insert_new(table: Table, rows: list[dict[str, object]]) -> Sequence[int]:
    """The persons whose rows were not there. In the order of their ids, so that two workers never hold each other."""
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = make(table).values(rows).on_conflict_do_nothing()
    return db.session.scalars(statement.returning(table.c.person_id)).all()


def _news(one: due.Reminder, customer_id: int, week_on: date) -> News:
    thread = f"training-{one.person_id}"
    own = [
        {
            "course": line.need.course,
            "status": line.reading.status.value,
            "due_on": line.reading.due_on.isoformat() if line.reading.due_on else None,
        }
        for line in sorted(one.own, key=lambda line: line.reading.due_on or date.max)
    ]
    facts = {"own": len(own), "staff": len(one.staff)}
    url = "/me/training" if own else "/training/staff"
    return News(
        event=events.REMINDER,
        thread=thread,
        source=f"{thread}:{week_on.isoformat()}",
        path=url,
        customer_id=customer_id,
        facts=facts,
        template=events.REMINDER,
        mail={
            "number": "",
            "subject": "",
            "own": own,
            "staff": len(one.staff),
            "url": url,
            "staff_url": "/training/staff",
        },
    )


def _finish(customer_id: int, today: date, now: datetime) -> None:
    with transaction():
        make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        row = {"customer_id": customer_id, "day": today, "done_at": now}
        db.session.execute(make(table_of(ReminderRound)).values(row).on_conflict_do_nothing())


def chiefs(customer_id: int, today: date) -> list[Chief]:
    """Who is a manager of what today."""
    query = select(RoleGrant.person_id, Unit.path).join(Unit, Unit.id == RoleGrant.unit_id)
    query = query.join(Person, Person.id == RoleGrant.person_id)
    query = query.where(RoleGrant.role == Role.MANAGER, Unit.customer_id == customer_id, Person.is_active)
    query = query.where(RoleGrant.starts_on <= today)
    in_force = (RoleGrant.ends_on.is_(None)) | (RoleGrant.ends_on >= today)
    return [Chief(person_id, path) for person_id, path in db.session.execute(query.where(in_force))]


def _told(customer_id: int, today: date) -> dict[int, Told]:
    query = select(Reminder.person_id, Reminder.at, Reminder.told).where(Reminder.customer_id == customer_id)
    query = query.where(Reminder.week_on >= today - BACK).order_by(Reminder.week_on)
    zone = clock.own_zone()
    return due.by_person((id_, at.astimezone(zone).date(), told) for id_, at, told in db.session.execute(query))
