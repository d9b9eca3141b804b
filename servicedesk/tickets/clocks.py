"""The clocks of tickets in the database: projected in the transaction of each change, looked after by the worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Insert, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from servicedesk.agreements.book import Book
from servicedesk.agreements.terms import Promise, write_length
from servicedesk.core.db import db, table_of
from servicedesk.tickets.clockwork import SILENT, Clocks, Happening, clocks_of
from servicedesk.tickets.models import NOT_DUE, Entry, EntryKind, Ticket, TicketClock
from servicedesk.tickets.workflow import State
from sla import Calendar, Reading, Stage

#: A breach is there the instant after its due time: on time is met.
INSTANT = timedelta(microseconds=1)
#: The clocks that promise something to the user; lists sort by these.
USERS = tuple(promise.value for promise in (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE))
BREACH = "breach"


class Line(NamedTuple):
    """A journal entry as far as clocks need it."""

    ticket_id: int
    at: datetime
    kind: EntryKind
    state: State
    data: dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What a ticket's clocks show at an instant, and what the worker has to see to."""

    readings: dict[str, Reading]
    #: Reached and not written down yet, earliest first: (clock, stage).
    pending: list[tuple[str, Stage]]
    due_at: datetime | None
    next_look_at: datetime | None


def journals(ticket_ids: Sequence[int]) -> dict[int, list[Line]]:
    """What the clocks of those tickets are told from, oldest first, in one query."""
    query = (
        select(Entry.ticket_id, Entry.at, Entry.kind, Entry.state, Entry.data)
        .where(Entry.ticket_id.in_(ticket_ids), Entry.kind.notin_(SILENT))
        .order_by(Entry.ticket_id, Entry.seq)
    )
    found: dict[int, list[Line]] = {id_: [] for id_ in ticket_ids}
    for row in db.session.execute(query):
        found[row[0]].append(Line(*row))
    return found


def look(ticket: Any, entries: Iterable[Happening], book: Book, now: datetime) -> Shown:
    """Folds the journal of a ticket (its row, or the namespace of a journal that is about to become one)."""
    clocks = clocks_of(entries, book)
    readings = clocks.read(now)
    pending, coming = _stages(clocks, readings, ticket.silent_until)
    if ticket.state is State.RESOLVED and ticket.resolved_at is not None:
        coming.append(book.closes_at(ticket.agreement_id, ticket.resolved_at))
    running = [reading.due_at for name, reading in readings.items() if name in USERS and reading.is_running]
    due_at = min((at for at in running if at is not None), default=None)
    return Shown(readings, pending, due_at, min(coming, default=None))


def _stages(
    clocks: Clocks, readings: dict[str, Reading], silent_until: datetime | None
) -> tuple[list[tuple[str, Stage]], list[datetime]]:
    """What was reached without being written down, and when there is something to see to."""
    pending, coming = [], []
    for name, reading in readings.items():
        for stage in reading.stages:
            if (name, stage.key, stage.cycle) not in clocks.fired and not _is_silent(stage, silent_until):
                pending.append((name, stage))
                coming.append(seen_to(stage))
        if reading.next_stage is not None:
            coming.append(seen_to(reading.next_stage))
    return sorted(pending, key=lambda one: (one[1].at, one[0])), coming


def _is_silent(stage: Stage, until: datetime | None) -> bool:
    return until is not None and stage.at <= until


def seen_to(stage: Stage) -> datetime:
    """When the worker may write it down."""
    return stage.at + INSTANT if stage.key == BREACH else stage.at


def project(ticket: Ticket, entries: Iterable[Happening], book: Book, now: datetime) -> None:
    """Writes what the clocks show into the ticket and its clocks' rows, in the caller's transaction."""
    save(projected(ticket, entries, book, now))


def projected(ticket: Ticket, entries: Iterable[Happening], book: Book, now: datetime) -> list[dict[str, Any]]:
    """Sets the ticket's due times, and answers the rows of its clocks for `save`."""
    shown = look(ticket, entries, book, now)
    set_dues(ticket, shown)
    return rows_of(ticket.id, ticket.customer_id, entries, shown, book, now)


def set_dues(ticket: Any, shown: Shown) -> None:
    if ticket.due_at != shown.due_at:
        ticket.due_at, ticket.due_order = shown.due_at, shown.due_at or NOT_DUE
    if ticket.next_look_at != shown.next_look_at:
        ticket.next_look_at = shown.next_look_at


def rows_of(
    ticket_id: int | None, customer_id: int, entries: Iterable[Happening], shown: Shown, book: Book, now: datetime
) -> list[dict[str, Any]]:
    """The rows of a ticket's clocks."""
    paused_since = _paused_since(entries)
    return [
        {
            "ticket_id": ticket_id,
            "name": name,
            "customer_id": customer_id,
            "phase": reading.phase,
            "is_running": reading.is_running,
            "cycle": reading.cycle,
            "target": write_length(reading.target.length),
            "hours_id": book.key_of(reading.target.calendar),
            "started_at": reading.started_at,
            "paused_at": paused_since if reading.is_paused else None,
            "due_at": reading.due_at,
            "breached_at": reading.breached_at,
            "ended_at": reading.ended_at,
            "outcome": reading.outcome,
            "elapsed": _micros(reading.elapsed),
            "paused": _micros(reading.paused),
            "stopped": _micros(reading.stopped),
            "overrun": _micros(reading.overrun),
            "as_of": now,
        }
        for name, reading in shown.readings.items()
    ]


def once_of(data: Mapping[str, Any]) -> str:
    """What a warning or breach comes only once by, given what its entry says."""
    return f"{data['clock']} {data['stage']} {data['cycle']}"


def _paused_since(entries: Iterable[Happening]) -> datetime | None:
    """When the ticket came to its present state."""
    since, state = None, None
    for entry in entries:
        if entry.state is not state:
            since, state = entry.at, entry.state
    return since


def _micros(amount: timedelta) -> int:
    return amount // INSTANT


def save(rows: list[dict[str, Any]]) -> None:
    """Writes rows of clocks, over those that are there."""
    if rows:
        db.session.execute(_upsert(), rows)


def _upsert() -> Insert:
    insert = postgres_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    table = table_of(TicketClock)
    statement = insert(table)
    kept = ("ticket_id", "name", "customer_id")
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in kept}
    return statement.on_conflict_do_update(index_elements=["ticket_id", "name"], set_=changed)


def is_round_the_clock(calendar: Calendar, at: datetime) -> bool:
    """Whether somebody is there at all hours: then nothing waits for the morning."""
    week = timedelta(days=7)
    return calendar.between(at, at + week) == week
