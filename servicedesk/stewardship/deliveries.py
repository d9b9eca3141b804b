"""What a supplier has had and how it kept what it promised: told from the journals by the clocks' own folding."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select, text, tuple_

from servicedesk.agreements.book import Book, Version, book_of
from servicedesk.agreements.models import AgreementKind, Supplier
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.stewardship.policy import SupplierPermission
from servicedesk.systems.models import System
from servicedesk.tickets import lists
from servicedesk.tickets.clocks import journals
from servicedesk.tickets.clockwork import clocks_of
from servicedesk.tickets.models import OF_SUPPLIER, Entry, EntryKind, Ticket, TicketClock, Visibility, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import State
from sla import Reading

#: What a clock hears while the supplier has the ticket.
_HELD = "held"
#: Journals that are read at once, and tickets that one answer tells of.
_BATCH = 300
MOST = 5_000


class Stretch(NamedTuple):
    """A time in which a ticket waited for the supplier."""

    started_at: datetime
    #: None while it lasts.
    ended_at: datetime | None
    #: What of it counted, in the contract's hours.
    counted: timedelta
    #: The time that was promised ran out in it.
    is_missed: bool


@dataclass(frozen=True)
class Held:
    """A ticket that the supplier has had, with what its clock shows."""

    ticket_id: int
    subject: str
    system: str | None
    reading: Reading
    stretches: Sequence[Stretch]
    #: What of the contract it was held against.
    version: Version | None

    @property
    def number(self) -> str:
        return number_of(self.ticket_id)

    @property
    def verdict(self) -> str | None:
        """ "met", "breached", or what ended it without a verdict; None while it is open."""
        return "breached" if self.reading.breached_at is not None else self.reading.outcome

    @property
    def decided_at(self) -> datetime | None:
        return self.reading.breached_at or self.reading.ended_at

    def is_decided_in(self, start: datetime, end: datetime) -> bool:
        return self.decided_at is not None and start <= self.decided_at < end


@dataclass(frozen=True)
class Record:
    """What happened between two instants."""

    held: Sequence[Held]
    kept: int
    missed: int
    #: Cancelled, merged or withdrawn: left out of the share.
    void: int
    is_cut: bool

    @property
    def share(self) -> float | None:
        decided = self.kept + self.missed
        return self.kept / decided if decided else None


class Waiting(NamedTuple):
    """A ticket that waits for the supplier now."""

    ticket_id: int
    subject: str
    system: str | None
    since: datetime
    #: What was asked; empty for who may not read notes.
    asked: str
    #: What the contract's clock shows; None where nothing is agreed.
    reading: Reading | None

    @property
    def number(self) -> str:
        return number_of(self.ticket_id)


# ------------------------------------------------------------------------------------------------ suppliers


def suppliers(who: Actor) -> list[Supplier]:
    query = select(Supplier).where(granted(SupplierPermission.FOLLOW, who))
    named = in_order(db.session.scalars(query), lambda supplier: supplier.name)
    return sorted(named, key=lambda supplier: not supplier.is_active)


def get_supplier(supplier_id: int, who: Actor) -> Supplier:
    query = select(Supplier).where(Supplier.id == supplier_id, granted(SupplierPermission.FOLLOW, who))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def waiting_counts(some: Iterable[Supplier], who: Actor) -> dict[int, int]:
    """How many tickets that `who` oversees wait for each now."""
    ids = {one.id for one in some}
    counts = dict.fromkeys(ids, 0)
    for _ticket, _since, supplier_id, _seq in _asked_of({one.customer_id for one in some}, who):
        if supplier_id in ids:
            counts[supplier_id] += 1
    return counts


# ------------------------------------------------------------------------------------------------ now


def waiting(supplier: Supplier, who: Actor, now: datetime, *, system_id: int | None = None) -> list[Waiting]:
    """What waits for it, longest first, of the tickets that `who` oversees."""
    asked = {
        ticket_id: (since, seq)
        for ticket_id, since, supplier_id, seq in _asked_of({supplier.customer_id}, who, system_id)
        if supplier_id == supplier.id
    }
    readings = dict(_readings(supplier, asked, book_of(supplier.customer_id), now))
    notes = _notes({ticket_id: seq + 1 for ticket_id, (_since, seq) in asked.items()}, who)
    query = select(Ticket.id, Ticket.subject, System.name).outerjoin(System, System.id == Ticket.system_id)
    rows = db.session.execute(query.where(Ticket.id.in_(asked)))
    found = [
        Waiting(id_, subject, system, asked[id_][0], notes.get(id_, ""), readings.get(id_))
        for id_, subject, system in rows
    ]
    return sorted(found, key=lambda one: (one.since, one.ticket_id))


def _asked_of(
    customer_ids: set[int], who: Actor, system_id: int | None = None
) -> Iterator[tuple[int, datetime, int | None, int]]:
    """(ticket, since when, supplier, number of the entry) for each ticket that waits for any supplier."""
    query = select(Ticket.id).where(
        Ticket.customer_id.in_(customer_ids),
        Ticket.is_open,
        Ticket.state == State.WAITING_SUPPLIER,
        lists.of_own_customers(who),
        granted(TicketPermission.OVERSEE, who),
    )
    if system_id is not None:
        query = query.where(Ticket.system_id == system_id)
    waits = query.limit(MOST).subquery()
    last = (
        select(Entry.ticket_id, func.max(Entry.seq).label("seq"))
        .where(Entry.ticket_id.in_(select(waits.c.id)), Entry.kind == EntryKind.WAITING)
        .group_by(Entry.ticket_id)
        .subquery()
    )
    rows = select(Entry.ticket_id, Entry.at, Entry.data, Entry.seq).join(
        last, and_(last.c.ticket_id == Entry.ticket_id, last.c.seq == Entry.seq)
    )
    for ticket_id, at, data, seq in db.session.execute(rows):
        yield ticket_id, at, data.get("supplier_id"), seq


def _notes(wanted: dict[int, int], who: Actor) -> dict[int, str]:
    """What was written for those who work on the tickets, by the entry's number; as far as `who` reads that."""
    if not wanted:
        return {}
    query = (
        select(Entry.ticket_id, Entry.data)
        .join(Ticket, Ticket.id == Entry.ticket_id)
        .where(tuple_(Entry.ticket_id, Entry.seq).in_(list(wanted.items())))
        .where(Entry.kind == EntryKind.NOTED, Entry.visibility == Visibility.INTERNAL)
        .where(granted(TicketPermission.READ_INTERNAL, who))
    )
    return {ticket_id: data.get("body", "") for ticket_id, data in db.session.execute(query)}


# ------------------------------------------------------------------------------------------------ in a period


def record(supplier: Supplier, start: datetime, end: datetime, who: Actor, now: datetime) -> Record:
    """What it had between the instants, of the tickets that `who` oversees, the newest first."""
    rows = db.session.execute(_had(supplier, start, end, who)).all()
    book = book_of(supplier.customer_id)
    named = {row.id: row for row in rows[:MOST]}
    readings = _readings(supplier, named, book, now)
    held = [_held(named[id_], reading, supplier, book) for id_, reading in readings]
    decided = [one.verdict for one in held if one.is_decided_in(start, end)]
    kept, missed = decided.count("met"), decided.count("breached")
    held.sort(key=lambda one: (one.stretches[0].started_at, one.ticket_id), reverse=True)
    return Record(held, kept, missed, len(decided) - kept - missed, is_cut=len(rows) > MOST)


def _had(supplier: Supplier, start: datetime, end: datetime, who: Actor) -> Select[int, str, str]:
    return (
        select(Ticket.id, Ticket.subject, System.name.label("system"))
        .join(TicketClock, TicketClock.ticket_id == Ticket.id)
        .outerjoin(System, System.id == Ticket.system_id)
        .where(text(OF_SUPPLIER.replace("name", "ticket_clock.name")), TicketClock.name == f"uc:{supplier.id}")
        .where(TicketClock.started_at < end, or_(TicketClock.ended_at.is_(None), TicketClock.ended_at >= start))
        .where(lists.of_own_customers(who), granted(TicketPermission.OVERSEE, who))
        .order_by(TicketClock.started_at.desc(), Ticket.id.desc())
        .limit(MOST + 1)
    )


def _readings(supplier: Supplier, ids: Iterable[int], book: Book, now: datetime) -> Iterator[tuple[int, Reading]]:
    name = f"uc:{supplier.id}"
    wanted = sorted(ids)
    for first in range(0, len(wanted), _BATCH):
        for ticket_id, lines in journals(wanted[first : first + _BATCH]).items():
            track = clocks_of(lines, book).tracks.get(name)
            if track is not None:
                reading = track.fold(now)
                if reading.started_at is not None:
                    yield ticket_id, reading


def _held(row: Any, reading: Reading, supplier: Supplier, book: Book) -> Held:
    assert reading.started_at is not None
    standing = book.standing(AgreementKind.SUPPLIER, reading.started_at)
    version = next((one for one in standing if one.supplier_id == supplier.id), None)
    return Held(row.id, row.subject, row.system, reading, stretches(reading), version)


def stretches(reading: Reading) -> list[Stretch]:
    """The times in which it was held; what counted in them adds up to what the clock shows."""
    found: list[Stretch] = []
    begun: datetime | None = None
    counted, until = timedelta(0), None
    for segment in reading.segments:
        if segment.state == _HELD:
            begun = segment.start if begun is None else begun
            counted += segment.end - segment.start if segment.counted else timedelta(0)
            until = segment.end
        elif begun is not None and until is not None:
            found.append(_stretch(begun, until, counted, reading, is_last=False))
            begun, counted = None, timedelta(0)
    if begun is not None and until is not None:
        found.append(_stretch(begun, until, counted, reading, is_last=reading.is_running))
    if not found and reading.started_at is not None:  # begun at this very instant
        found.append(Stretch(reading.started_at, reading.ended_at, counted, False))
    return found


def _stretch(start: datetime, end: datetime, counted: timedelta, reading: Reading, *, is_last: bool) -> Stretch:
    missed_at = reading.breached_at
    return Stretch(start, None if is_last else end, counted, missed_at is not None and start <= missed_at <= end)
