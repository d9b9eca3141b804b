"""What the page of the whole desk is told from: sums, and counts along indexes; nothing grows with the tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select, text

from servicedesk.agreements.book import book_of
from servicedesk.agreements.models import Supplier
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.causes import Cause
from servicedesk.core.db import bare
from servicedesk.core.permissions import granted
from servicedesk.figures import load, queries
from servicedesk.figures.load import Came
from servicedesk.figures.queries import Counts
from servicedesk.figures.rules import Grouping, first_day, later
from servicedesk.figures.slices import Slice
from servicedesk.insight.desk import expecting
from servicedesk.insight.desk.expecting import Expected
from servicedesk.insight.overview.drawing import BECAUSE, EVER
from servicedesk.stewardship import deliveries
from servicedesk.tickets.models import OF_SUPPLIER, Ticket, TicketClock
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind
from sla import Phase

#: When tickets come is told of so many weeks.
WEEKS = 13
#: Incidents with the same cause in the same place, from so many on and from such a part of all there.
OFTEN, PART = 5, 0.3
MOST_REPEATS = 10
#: What lies behind these could be done away with: a fault, what a change did, what people were not shown.
_CAUSES = (Cause.FAULT, Cause.CHANGE, Cause.COMPETENCE, Cause.OTHER)


@dataclass(frozen=True)
class Load:
    """When tickets came, and what the week to come is expected to bring."""

    first: date
    last: date
    came: Came
    expected: Expected
    #: Special days of the week to come, by date.
    special: Mapping[date, str]
    last_week: Came

    @property
    def by_slot(self) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for (on, slot), number in self.came.items():
            if self.first <= on <= self.last:
                found[slot] = found.get(slot, 0) + number
        return found


def weeks(slice_: Slice, today: date) -> tuple[date, date]:
    """The last weeks of the period, as far as they have been, and none of them before it."""
    last = min(first_day(later(slice_.last, 1)) - timedelta(days=1), today)
    first = last - timedelta(days=7 * WEEKS - 1)
    return max(first, min(first_day(slice_.first), last)), last


def told_load(slice_: Slice, who: Actor, today: date, now: datetime) -> Load:
    """One query where the period goes on, else two."""
    first, last = weeks(slice_, today)
    back, until = expecting.looked_back(today)
    if last >= until:
        came = behind = load.came(slice_, who, min(first, back), max(last, until))
    else:
        came, behind = load.came(slice_, who, first, last), load.came(slice_, who, back, until)
    special = special_days(slice_.customer_id, now)
    recent = {key: number for key, number in behind.items() if back <= key[0] <= until}
    next_monday = until + timedelta(days=8)
    return Load(
        first,
        last,
        came,
        expecting.expected(recent, today, special.keys()),
        {on: name for on, name in special.items() if next_monday <= on < next_monday + timedelta(days=7)},
        last_week={key: number for key, number in behind.items() if key[0] > until - timedelta(days=7)},
    )


def special_days(customer_id: int, now: datetime) -> Mapping[date, str]:
    """The days on which the desk was not open as usual, by the hours of its agreement."""
    book = book_of(customer_id)
    key = book.key_of(book.calendar_of(book.choose(None, now)))
    return {on: day.name for on, day in book.days.get(key, {}).items()} if key is not None else {}


# ------------------------------------------------------------------------------------------------ where it waits


@dataclass(frozen=True)
class TeamLine:
    """A team with what it solved, and what waits there now."""

    id: int
    name: str
    counts: Counts
    waiting: int


def teams(slice_: Slice, who: Actor, names: Mapping[int, str], this_month: int) -> list[TeamLine]:
    """Two queries; those with most to do first, and last what no team has."""
    solved = queries.by_team(slice_, who)
    waiting = queries.by_team(slice_.of_months(EVER, this_month), who)
    lines = [
        TeamLine(id_, names.get(id_, ""), solved.get(id_, queries.NONE), waiting.get(id_, queries.NONE)["waiting"])
        for id_ in solved.keys() | waiting.keys()
    ]
    told = [one for one in lines if one.waiting or any(one.counts.values())]
    return sorted(told, key=lambda one: (not one.id, -one.waiting, -one.counts["resolved"], one.id))


@dataclass(frozen=True)
class Delivered:
    """A supplier, with what waits there now and what it kept of what it got in some weeks."""

    supplier: Supplier
    waiting: int
    kept: int
    missed: int

    @property
    def share(self) -> float | None:
        return self.kept / (self.kept + self.missed) if self.kept + self.missed else None


def suppliers(customer_id: int, who: Actor, first: date, last: date) -> list[Delivered]:
    """Those that have anything, or had in those days."""
    found = [one for one in deliveries.suppliers(who) if one.customer_id == customer_id]
    if not found:
        return []
    waiting = deliveries.waiting_counts(found, who)
    judged = _judged(found, who, first, last)
    lines = [Delivered(one, waiting.get(one.id, 0), *judged.get(f"uc:{one.id}", (0, 0))) for one in found]
    told = [one for one in lines if one.waiting or one.kept or one.missed]
    return sorted(told, key=lambda one: (-one.waiting, -one.missed))


def _judged(some: Sequence[Supplier], who: Actor, first: date, last: date) -> dict[str, tuple[int, int]]:
    """(kept, missed) by the name of the clock, of what they got in those days and has been decided."""
    days = {"begins": clock.day_begins(first), "ends": clock.day_begins(last + timedelta(days=1))}
    rows = bare(_asking_for_verdicts(tuple(one.id for one in some), who), days)
    return {name: (is_kept, is_missed) for name, is_kept, is_missed in rows}


@lru_cache(maxsize=500)
def _asking_for_verdicts(suppliers_: tuple[int, ...], who: Actor) -> Select[*tuple[Any, ...]]:
    row = TicketClock
    missed = row.breached_at.is_not(None)
    kept = row.breached_at.is_(None) & (row.phase == Phase.MET)
    return (
        select(row.name, func.sum(case((kept, 1), else_=0)), func.sum(case((missed, 1), else_=0)))
        .join(Ticket, Ticket.id == row.ticket_id)
        .where(text(OF_SUPPLIER.replace("name", "ticket_clock.name")))
        .where(row.name.in_([f"uc:{id_}" for id_ in suppliers_]), row.phase != Phase.ENDED)
        .where(row.started_at >= bindparam("begins"), row.started_at < bindparam("ends"))
        .where(granted(TicketPermission.OVERSEE, who))
        .group_by(row.name)
    )


# ------------------------------------------------------------------------------------------------ what comes back


@dataclass(frozen=True)
class Repeat:
    """Incidents with the same cause in the same place."""

    #: "systems" or "units".
    field: str
    id: int
    name: str
    cause: Cause
    number: int
    before: int
    #: Incidents that were solved there, of whatever cause.
    among: int

    @property
    def measure(self) -> str:
        return BECAUSE[self.cause]


def repeats(slice_: Slice, who: Actor, systems: Mapping[int, str], units: Mapping[int, str]) -> list[Repeat]:
    """Two queries: candidates for a problem, those with most incidents first."""
    if slice_.kinds and Kind.INCIDENT not in slice_.kinds:
        return []
    incidents = replace(slice_, kinds=(Kind.INCIDENT,))
    found = [
        repeat
        for field, grouping, names in (
            ("systems", Grouping.SYSTEM, systems),
            ("units", Grouping.UNIT, units),
        )
        for id_, now, before in queries.causes_by(incidents, who, grouping)
        if id_ in names
        for repeat in _often(field, id_, names[id_], now, before)
    ]
    return sorted(found, key=lambda one: (-one.number, one.name))[:MOST_REPEATS]


def _often(field: str, id_: int, name: str, now: Counts, before: Counts) -> list[Repeat]:
    among = now["resolved"]
    found = []
    for cause in _CAUSES:
        number = now[BECAUSE[cause]]
        if number >= OFTEN and number >= PART * among:
            found.append(Repeat(field, id_, name, cause, number, before[BECAUSE[cause]], among))
    return found


def placed(repeat: Repeat, slice_: Slice) -> tuple[Slice, Any]:
    """The part of the slice with those incidents, and the marks that narrow it further."""
    incidents = replace(slice_, kinds=(Kind.INCIDENT,))
    if repeat.field == "systems":
        return replace(incidents, systems=(repeat.id,)), ()
    return incidents, (f"unit-{repeat.id}",)
