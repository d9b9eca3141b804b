"""Whether the clocks of a ticket show what its journal comes to: each is folded again to when it was looked at."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from servicedesk.agreements.book import Book, book_of
from servicedesk.tickets import clocks
from servicedesk.tickets.clockwork import FIRINGS
from servicedesk.tickets.models import NOT_DUE, TicketClock
from sla import SlaError

#: What follows from the clocks in the ticket's own row.
DUES = ("due_at", "due_order", "next_look_at")
_NAMED = ("ticket_id", "name", "as_of")
_SHOWN = [column.key for column in TicketClock.__table__.columns if column.key not in _NAMED]
#: What a fold stumbles over when somebody changed an entry by hand.
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, SlaError)

#: What is wrong: where, what stands there, and what should.
Wrong = tuple[str, Any, Any]


def differences(ticket: Any, entries: Sequence[Any], rows: Sequence[Any]) -> Iterator[Wrong]:
    """Given the ticket's row, its journal and its clocks' rows; none when the journal cannot be told at all."""
    yield from _of_marks(entries)
    try:
        yield from _of_rows(ticket, entries, rows)
    except _UNREADABLE:
        return  # the replay of the journal tells why


def _of_marks(entries: Sequence[Any]) -> Iterator[Wrong]:
    """What keeps a warning or breach from being written twice."""
    for entry in entries:
        is_now = entry.once
        try:
            should_be = clocks.once_of(entry.data) if entry.kind in FIRINGS else None
        except _UNREADABLE:
            continue
        if is_now != should_be:
            yield f"entry {entry.seq} once", is_now, should_be


def _of_rows(ticket: Any, entries: Sequence[Any], rows: Sequence[Any]) -> Iterator[Wrong]:
    if not entries:
        return
    as_of = max((row.as_of for row in rows), default=entries[-1].at)
    book = book_of(ticket.customer_id)
    shown = clocks.look(ticket, entries, book, as_of)
    told = _rows(ticket, entries, shown, book, as_of)
    kept = {row.name: row for row in rows}
    for name in sorted(told.keys() | kept.keys()):
        if name not in kept or name not in told:
            yield f"clock {name}", "there" if name in kept else "missing", "there" if name in told else "missing"
            continue
        row = kept[name]
        again = told[name] if row.as_of == as_of else _rows_at(ticket, entries, book, row.as_of).get(name, {})
        for field in _SHOWN:
            if getattr(row, field) != again.get(field):
                yield f"clock {name} {field}", getattr(row, field), again.get(field)
    dues = {"due_at": shown.due_at, "due_order": shown.due_at or NOT_DUE, "next_look_at": shown.next_look_at}
    for field, value in dues.items():
        if getattr(ticket, field) != value:
            yield field, getattr(ticket, field), value


def _rows_at(ticket: Any, entries: Sequence[Any], book: Book, as_of: datetime) -> dict[str, dict[str, Any]]:
    return _rows(ticket, entries, clocks.look(ticket, entries, book, as_of), book, as_of)


def _rows(
    ticket: Any, entries: Sequence[Any], shown: clocks.Shown, book: Book, as_of: datetime
) -> dict[str, dict[str, Any]]:
    """The rows that the journal comes to, by name."""
    return {row["name"]: row for row in clocks.rows_of(ticket.id, ticket.customer_id, entries, shown, book, as_of)}
