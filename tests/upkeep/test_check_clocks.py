"""`servicedesk check` folds every clock again and finds what was changed behind the commands' back."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from servicedesk.agreements.commands import give_example
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import db
from servicedesk.tickets import commands
from servicedesk.tickets.jobs import store
from servicedesk.tickets.models import Entry, EntryKind, Ticket, TicketClock
from servicedesk.tickets.sweep import sweep
from servicedesk.upkeep import check


@pytest.fixture
def ticket(app, desk, at):
    """Answered, waiting for the user, and warned of before."""
    filer, supporter = desk.actor(desk.person()), desk.actor(desk.person(Role.SUPPORTER))
    monday = at("2026-11-23 09:00")
    with app.app_context():
        give_example(desk.home.id, by=SYSTEM, now=monday)
        made: int = commands.file(commands.NewTicket(subject="P", description="D"), by=filer, now=monday).id
        commands.take(made, by=supporter, now=monday + timedelta(minutes=5))
        sweep(monday + timedelta(hours=5))
        commands.wait_for_user(made, by=supporter, now=monday + timedelta(hours=5), body="Hvilken?")
    return made


def found(app):
    with app.app_context():
        return [violation.field for violation in check.check(store(), now=clock.now())]


def warnings_of(desk, ticket):
    return [entry for entry in desk.all(Entry, ticket_id=ticket) if entry.kind is EntryKind.WARNED]


def write(app, statement):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(statement)


def test_clocks_that_the_commands_and_the_sweep_left_are_in_order(app, desk, ticket):
    assert desk.count(TicketClock, ticket_id=ticket) == 2
    assert warnings_of(desk, ticket)
    assert found(app) == []


SHOWN = [column.key for column in TicketClock.__table__.columns if column.key not in ("ticket_id", "name", "as_of")]
OTHER = {"customer_id": None, "is_running": True, "cycle": 3, "target": "1 hour", "hours_id": None, "outcome": "met"}


@pytest.mark.parametrize("column", [name for name in SHOWN if name not in ("customer_id", "phase")])
def test_a_clock_that_was_changed_by_hand_is_found(app, desk, ticket, column):
    kept = desk.all(TicketClock, ticket_id=ticket, name="resolution")[0]
    other = OTHER.get(column, 1 if isinstance(getattr(kept, column), int) else clock.now() + timedelta(hours=1))
    where = (TicketClock.ticket_id == ticket, TicketClock.name == "resolution")
    write(app, update(TicketClock).where(*where).values({column: other}))

    assert found(app) == [f"clock resolution {column}"]


def test_a_clock_that_is_missing_is_found(app, ticket):
    write(app, delete(TicketClock).where(TicketClock.ticket_id == ticket, TicketClock.name == "response"))

    assert found(app) == ["clock response"]


def test_a_clock_that_nobody_promised_is_found(app, desk, ticket):
    with app.app_context():
        row = db.session.execute(select(TicketClock.__table__).where(TicketClock.name == "response")).mappings().one()
        told = {**row, "name": "update"}
    write(app, insert(TicketClock).values(told))

    assert found(app) == ["clock update"]


@pytest.mark.parametrize("field", ["due_at", "due_order", "next_look_at"])
def test_a_due_time_that_was_changed_by_hand_is_found(app, ticket, field):
    write(app, update(Ticket).where(Ticket.id == ticket).values({field: clock.now() + timedelta(hours=1)}))

    assert found(app) == [field]


def test_a_warning_that_could_come_twice_is_found(app, desk, ticket):
    warned = warnings_of(desk, ticket)[0]
    write(app, update(Entry).where(Entry.id == warned.id).values(once=None))

    assert found(app) == [f"entry {warned.seq} once"]
