"""What would have become of past tickets under another agreement: each journal is told to other clocks. Reads only."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from servicedesk.agreements.book import Book
from servicedesk.agreements.terms import Priority, Promise
from servicedesk.core.db import db
from servicedesk.tickets import clocks
from servicedesk.tickets.clockwork import clocks_of
from servicedesk.tickets.models import Ticket, TicketClock
from sla import Phase

#: Tickets that are read together.
BATCH = 500
PROMISES = tuple(promise.value for promise in Promise)


class Fate(StrEnum):
    """What became of a promise."""

    MET = "met"
    BREACHED = "breached"
    #: Cancelled, merged or withdrawn: no verdict.
    ENDED = "ended"
    #: Neither kept nor broken yet.
    OPEN = "open"


@dataclass(frozen=True)
class Line:
    """How promises of one clock for one priority fared."""

    clock: str
    priority: Priority
    fates: Counter[Fate] = field(default_factory=Counter)

    @property
    def share(self) -> float | None:
        """Kept, of those with a verdict."""
        judged = self.fates[Fate.MET] + self.fates[Fate.BREACHED]
        return self.fates[Fate.MET] / judged if judged else None


@dataclass
class Outcome:
    """Compliance as it was, and as it would have been."""

    tickets: int = 0
    then: dict[tuple[str, Priority], Line] = field(default_factory=dict)
    now: dict[tuple[str, Priority], Line] = field(default_factory=dict)

    def compared(self) -> list[tuple[str, Priority]]:
        return sorted(self.then.keys() | self.now.keys(), key=lambda key: (PROMISES.index(key[0]), key[1]))


def written(outcome: Outcome) -> dict[str, Any]:
    """As plain values, which `read` reads back."""
    return {"tickets": outcome.tickets, "then": _lines_written(outcome.then), "now": _lines_written(outcome.now)}


def _lines_written(lines: Mapping[tuple[str, Priority], Line]) -> list[list[Any]]:
    return [
        [clock, int(priority), {fate.value: number for fate, number in line.fates.items()}]
        for (clock, priority), line in lines.items()
    ]


def read(told: Mapping[str, Any]) -> Outcome:
    return Outcome(told.get("tickets", 0), *(_lines_read(told.get(name, ())) for name in ("then", "now")))


def _lines_read(told: Iterable[Any]) -> dict[tuple[str, Priority], Line]:
    lines = {}
    for clock, number, fates in told:
        priority = Priority(number)
        counted = Counter({Fate(fate): of for fate, of in fates.items()})
        lines[clock, priority] = Line(clock, priority, counted)
    return lines


def count(since: datetime | None, until: datetime | None, *conditions: ColumnElement[bool]) -> int:
    of = select(func.count()).select_from(Ticket).where(*_filed(since, until), *conditions)
    return db.session.scalar(of) or 0


def simulate(
    book: Book,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    advance: Callable[[int], object] = lambda _done: None,
) -> Outcome:
    """For tickets filed from `since` and before `until`; `advance` is told how many were looked at."""
    outcome = Outcome()
    for tickets in _batches(since, until):
        look_at(tickets, book, outcome, now=now)
        advance(len(tickets))
    return outcome


def look_at(tickets: dict[int, Priority], book: Book, outcome: Outcome, *, now: datetime) -> None:
    """Adds to the outcome how those tickets fared, and how they would have."""
    journals = clocks.journals(list(tickets))
    for clock, ticket_id, phase, breached_at, due_at, is_running in _kept(list(tickets)):
        late = breached_at is not None or (is_running and due_at is not None and due_at < now)
        _count(outcome.then, clock, tickets[ticket_id], _fate(phase, is_late=late))
    for ticket_id, priority in tickets.items():
        for clock, reading in clocks_of(journals[ticket_id], book).read(now).items():
            _count(outcome.now, clock, priority, _fate(reading.phase, is_late=reading.breached_at is not None))
    outcome.tickets += len(tickets)


def _filed(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    bounds = [Ticket.filed_at >= since] if since is not None else []
    return [*bounds, Ticket.filed_at < until] if until is not None else list(bounds)


def _batches(since: datetime | None, until: datetime | None) -> Iterator[dict[int, Priority]]:
    """Ids and priorities, by id, so that the need for memory does not grow."""
    last = 0
    while found := batch(last, since, until):
        yield found
        last = max(found)
        db.session.rollback()


def batch(
    last: int, since: datetime | None, until: datetime | None, *conditions: ColumnElement[bool], most: int = BATCH
) -> dict[int, Priority]:
    """The next tickets by their ids, after `last`, with their priorities."""
    query = select(Ticket.id, Ticket.priority).where(Ticket.id > last, *_filed(since, until), *conditions)
    return {id_: Priority(of) for id_, of in db.session.execute(query.order_by(Ticket.id).limit(most))}


def _kept(ids: list[int]) -> Iterator[tuple[str, int, Phase, datetime | None, datetime | None, bool]]:
    row = TicketClock
    query = select(row.name, row.ticket_id, row.phase, row.breached_at, row.due_at, row.is_running)
    yield from db.session.execute(query.where(row.ticket_id.in_(ids), row.name.in_(PROMISES)))


def _fate(phase: Phase, *, is_late: bool) -> Fate:
    if phase is Phase.ENDED:
        return Fate.ENDED
    if is_late:
        return Fate.BREACHED
    return Fate.MET if phase is Phase.MET else Fate.OPEN


def _count(lines: dict[tuple[str, Priority], Line], clock: str, priority: Priority, fate: Fate) -> None:
    lines.setdefault((clock, priority), Line(clock, priority)).fates[fate] += 1
