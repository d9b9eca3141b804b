"""Seeing to what is due: warnings and breaches, each once, and solved tickets that close by themselves.

1. A short transaction takes some tickets whose `next_look_at` has come, locked; other workers pass them by.
2. Their journals are folded anew. What was reached and stands in no entry becomes an entry, with its right time in it,
   and notices in the same transaction; the entry's key is unique, so that nothing could be written twice.
3. The next look is set. Whoever dies before the end of the transaction has done nothing.

A ticket with which something is wrong is put off for an hour and reported; the others go on.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from servicedesk.agreements.book import Book, book_of
from servicedesk.agreements.terms import Promise
from servicedesk.core import logging
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import BusyError
from servicedesk.tickets import clocks, notices
from servicedesk.tickets.clockwork import FIRINGS
from servicedesk.tickets.commands.passing import pass_on
from servicedesk.tickets.commands.writing import append
from servicedesk.tickets.models import Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.workflow import Move, State, Tier
from sla import Reading, Stage

BATCH = 50
#: A run ends after so long, so that a worker that is told to stop soon does; what is left waits for the next.
RUN = timedelta(seconds=5)
#: How long a ticket that could not be seen to is left alone.
PUT_OFF = timedelta(hours=1)

#: No fault of any ticket: what is due stays due.
DATABASE_TROUBLE = (BusyError, OperationalError)

log = logging.get()


def sweep(now: datetime, *, run: timedelta = RUN) -> int:
    """Sees to what is due at `now`, as long as the run may last; answers how many tickets were looked at."""
    started, seen_to = time.monotonic(), 0
    while time.monotonic() - started < run.total_seconds():
        number = sweep_some(now)
        if number == 0:
            break
        seen_to += number
    return seen_to


def sweep_some(now: datetime, *, limit: int = BATCH) -> int:
    """One transaction's worth; answers how many tickets were looked at."""
    if not _is_any_due(now):
        return 0
    try:
        with transaction():
            return _see_to(_take(now, limit), now)
    except DATABASE_TROUBLE:
        raise
    except Exception:
        log.exception("sweep_failed")
        return _one_by_one(now, limit)


def _is_any_due(now: datetime) -> bool:
    """Looks without taking the writer's place on SQLite, which would be taken every few seconds for nothing."""
    found = db.session.scalar(select(Ticket.id).where(Ticket.next_look_at <= now).limit(1))
    db.session.rollback()
    return found is not None


def _take(now: datetime, limit: int) -> Sequence[Ticket]:
    due = select(Ticket).where(Ticket.next_look_at <= now).order_by(Ticket.next_look_at, Ticket.id).limit(limit)
    taken = due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return db.session.scalars(taken).all()


def _one_by_one(now: datetime, limit: int) -> int:
    """After a batch that failed: each ticket for itself, and what fails again is put off."""
    ids = db.session.scalars(select(Ticket.id).where(Ticket.next_look_at <= now).limit(limit)).all()
    for id_ in ids:
        try:
            with transaction() as session:
                query = select(Ticket).where(Ticket.id == id_, Ticket.next_look_at <= now)
                _see_to(session.scalars(query.with_for_update(skip_locked=True)).all(), now)
        except DATABASE_TROUBLE:
            raise
        except Exception:
            log.exception("ticket_put_off", ticket=id_)
            with transaction() as session:
                session.execute(update(Ticket).where(Ticket.id == id_).values(next_look_at=now + PUT_OFF))
    return len(ids)


def _see_to(tickets: Sequence[Ticket], now: datetime) -> int:
    journals = clocks.journals([ticket.id for ticket in tickets])
    books = {customer_id: book_of(customer_id) for customer_id in {ticket.customer_id for ticket in tickets}}
    rows: list[dict[str, Any]] = []
    written: list[tuple[Ticket, Entry]] = []
    with db.session.no_autoflush:  # saved together, not one by one
        for ticket in tickets:
            book, lines = books[ticket.customer_id], journals[ticket.id]
            new = _write_down(ticket, lines, book, now)
            written += ((ticket, entry) for entry in new)
            rows += clocks.projected(ticket, [*lines, *new], book, now)
    db.session.flush()
    clocks.save(rows)
    notices.tell_of_clocks([one for one in written if one[1].kind in FIRINGS], now=now)
    return len(tickets)


def _write_down(ticket: Ticket, lines: Sequence[clocks.Line], book: Book, now: datetime) -> list[Entry]:
    """The entries of what was reached and stands nowhere yet, and of a ticket that closes by itself."""
    shown = clocks.look(ticket, lines, book, now)
    loudest = dict(shown.pending)
    new = []
    for clock, stage in shown.pending:
        reading = shown.readings[clock]
        data = firing(clock, stage, reading, now, is_told=loudest[clock] is stage and reading.is_running)
        once, internal = clocks.once_of(data), Visibility.INTERNAL
        new.append(
            append(
                ticket, kind_of(stage), by=SYSTEM, now=now, visibility=internal, data=data, once=once, is_alone=False
            )
        )
    if _is_local_time_up(ticket, shown):
        new.append(pass_on(ticket, {"why": "time"}, by=SYSTEM, now=now, is_alone=False))
    if _closes(ticket, book, now):
        new.append(append(ticket, EntryKind.CLOSED, by=SYSTEM, now=now, move=Move.CLOSE, is_alone=False))
    return new


def _is_local_time_up(ticket: Ticket, shown: clocks.Shown) -> bool:
    """It has been with a superbruger as long as the guideline lets it."""
    local = shown.readings.get(Promise.LOCAL)
    return ticket.tier is Tier.LOCAL and ticket.is_open and local is not None and local.breached_at is not None


def _closes(ticket: Ticket, book: Book, now: datetime) -> bool:
    if ticket.state is not State.RESOLVED or ticket.resolved_at is None:
        return False
    return book.closes_at(ticket.agreement_id, ticket.resolved_at) <= now


def kind_of(stage: Stage) -> EntryKind:
    return EntryKind.BREACHED if stage.key == clocks.BREACH else EntryKind.WARNED


def firing(clock: str, stage: Stage, reading: Reading, now: datetime, *, is_told: bool) -> dict[str, Any]:
    """What the entry of a warning or breach says.

    It is told later when nobody is there to act on it, unless somebody always is.
    """
    calendar = reading.target.calendar
    opens = calendar.next_opening(now)
    is_urgent = clocks.is_round_the_clock(calendar, now)
    return {
        "clock": clock,
        "stage": stage.key,
        "cycle": stage.cycle,
        "at": stage.at.isoformat(),
        "due_at": reading.due_at.isoformat() if reading.due_at else None,
        "urgent": is_urgent,
        "not_before": opens.isoformat() if opens > now and not is_urgent else None,
        "told": is_told,
    }
