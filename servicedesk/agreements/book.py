"""Everything that is agreed with one customer, ready to reckon with; read once and kept while nothing changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select
from sqlalchemy.orm import SessionTransaction

from servicedesk.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementVersion,
    DayStatus,
    Ledger,
    OpeningHours,
    SpecialDay,
    Supplier,
    WeeklyHours,
)
from servicedesk.agreements.terms import (
    HELD_RULES,
    LOCAL_RULES,
    CalendarKey,
    Kind,
    Priority,
    Promise,
    Terms,
    read_length,
)
from servicedesk.core.alphabet import in_order
from servicedesk.core.clock import local_date
from servicedesk.core.db import db
from sla import Calendar, Target, WorkingDays

#: When solved tickets close for which nothing is agreed: working days, Monday to Friday round the clock.
NOTHING_AGREED = WorkingDays(10)


class Version(NamedTuple):
    """A version of an agreement, read."""

    id: int
    agreement_id: int
    name: str
    kind: AgreementKind
    team_id: int | None
    supplier_id: int | None
    starts_on: date
    withdrawn_at: datetime | None
    terms: Terms


class ClosedDay(NamedTuple):
    """A special day that counts."""

    name: str
    is_closed: bool


@dataclass(frozen=True, eq=False)
class Book:
    """One customer's agreements, suppliers and calendars at a revision of its ledger."""

    customer_id: int
    versions: Mapping[int, Version] = field(default_factory=dict)
    calendars: Mapping[CalendarKey, Calendar] = field(default_factory=dict)
    names: Mapping[CalendarKey, str] = field(default_factory=dict)
    days: Mapping[CalendarKey, Mapping[date, ClosedDay]] = field(default_factory=dict)
    suppliers: Mapping[int, str] = field(default_factory=dict)
    zone: str = "Europe/Copenhagen"

    def choose(self, system_id: int | None, at: datetime) -> int | None:
        """The version under which a ticket about that system is filed: one that names it before one for all."""
        on = local_date(at, self.zone)
        found = [one for one in self._in_force(AgreementKind.SERVICE, on, at) if _is_about(one.terms, system_id)]
        best = min(found, key=lambda one: (not one.terms.systems, one.agreement_id), default=None)
        return best.id if best else None

    def named(self, name: str) -> int | None:
        """The first version of the service agreement of that name, for cases of long ago."""
        found = [one for one in self.versions.values() if one.name == name and one.kind is AgreementKind.SERVICE]
        return min(found, key=lambda one: one.starts_on).id if found else None

    def newest(self, agreement_id: int, at: datetime) -> Version | None:
        """What the agreement says at that time; None before its first version and once withdrawn."""
        on = local_date(at, self.zone)
        held = [one for one in self.versions.values() if one.agreement_id == agreement_id and one.starts_on <= on]
        found = max(held, key=lambda one: one.starts_on, default=None)
        return None if found and found.withdrawn_at and found.withdrawn_at <= at else found

    def target(self, version_id: int | None, promise: Promise, kind: Kind, priority: Priority) -> Target | None:
        """The clock for a ticket under that version; None when nothing is promised."""
        return _target(self, version_id, promise, kind, priority) if version_id is not None else None

    def local_target(self, version_id: int | None, length: str) -> Target:
        """The clock of a ticket that may stay with a superbruger for so long, in the hours of its agreement."""
        return _local(self, version_id, length)

    def team_target(self, team_id: int, kind: Kind, priority: Priority, at: datetime) -> Target | None:
        """How long the team may have such a ticket that it gets at that time."""
        held = [one for one in self.standing(AgreementKind.INTERNAL, at) if one.team_id == team_id]
        return _held(self, f"ola:{team_id}", held[0], kind, priority) if held else None

    def supplier_target(self, supplier_id: int, kind: Kind, priority: Priority, at: datetime) -> Target | None:
        """How long the supplier may have such a ticket that it gets at that time."""
        held = [one for one in self.standing(AgreementKind.SUPPLIER, at) if one.supplier_id == supplier_id]
        return _held(self, f"uc:{supplier_id}", held[0], kind, priority) if held else None

    def withdrawn_at(self, *, team_id: int | None = None, supplier_id: int | None = None) -> datetime | None:
        """When the agreement with that team or supplier was last withdrawn."""
        about = (team_id, supplier_id)
        ends = [one.withdrawn_at for one in self.versions.values() if (one.team_id, one.supplier_id) == about]
        return max((at for at in ends if at is not None), default=None)

    def closes_at(self, version_id: int | None, resolved_at: datetime) -> datetime:
        """When a ticket that was solved then closes by itself."""
        version = self.versions.get(version_id) if version_id is not None else None
        if version is None:
            return _weekdays(self.zone).add_days(resolved_at, NOTHING_AGREED.days)
        days = version.terms.auto_close
        return self.calendars[version.terms.calendar].add_days(resolved_at, days.days, end_of_day=days.end_of_day)

    def calendar_of(self, version_id: int | None) -> Calendar:
        """The hours in which people of the agreement are there."""
        version = self.versions.get(version_id) if version_id is not None else None
        return self.calendars[version.terms.calendar] if version else _weekdays(self.zone)

    def key_of(self, calendar: Calendar) -> CalendarKey | None:
        """Which of its calendars this is."""
        return next((key for key, one in self.calendars.items() if one is calendar), None)

    def supplier_named(self, name: str) -> int | None:
        wanted = name.strip().casefold()
        return next((id_ for id_, known in self.suppliers.items() if known.casefold() == wanted), None)

    def _in_force(self, kind: AgreementKind, on: date, at: datetime) -> Iterable[Version]:
        """The version of each agreement that holds on a day."""
        latest: dict[int, Version] = {}
        for one in self.versions.values():
            if one.kind is kind and one.starts_on <= on:
                before = latest.get(one.agreement_id)
                latest[one.agreement_id] = max(before or one, one, key=lambda version: version.starts_on)
        return [one for one in latest.values() if one.withdrawn_at is None or one.withdrawn_at > at]

    def standing(self, kind: AgreementKind, at: datetime) -> list[Version]:
        """What is in force at that time, one version of each agreement, oldest agreement first."""
        return sorted(self._in_force(kind, local_date(at, self.zone), at), key=lambda one: one.agreement_id)


def _is_about(terms: Terms, system_id: int | None) -> bool:
    return not terms.systems or system_id in terms.systems


@lru_cache(maxsize=10_000)
def _target(book: Book, version_id: int, promise: Promise, kind: Kind, priority: Priority) -> Target | None:
    version = book.versions.get(version_id)
    return version.terms.target(promise, kind, priority, book.calendars) if version else None


@lru_cache(maxsize=10_000)
def _local(book: Book, version_id: int | None, length: str) -> Target:
    version = book.versions.get(version_id) if version_id is not None else None
    warnings = version.terms.warnings if version else ()
    return Target("local", read_length(length), book.calendar_of(version_id), warnings=warnings, **LOCAL_RULES)


@lru_cache(maxsize=10_000)
def _held(book: Book, name: str, version: Version, kind: Kind, priority: Priority) -> Target | None:
    goal = version.terms.goal(kind, priority)
    if goal is None or goal.resolution is None:
        return None
    key = version.terms.calendar if goal.calendar is None else goal.calendar
    return Target(name, goal.resolution, book.calendars[key], warnings=version.terms.warnings, **HELD_RULES)


@lru_cache(maxsize=10)
def _weekdays(zone: str) -> Calendar:
    return Calendar(zone, {day: [("00:00", "24:00")] for day in range(5)})


# ------------------------------------------------------------------------------------------ from the database


def book_of(customer_id: int) -> Book:
    """What is agreed with the customer now: one look at its ledger, and more only when something was changed."""
    transaction = _transaction()
    if customer_id in _changing.get(transaction, ()):
        revision = _revision(customer_id)
        return _read.__wrapped__(customer_id, revision) if revision is not None else Book(customer_id)
    # A page comes here several times, and asks once.
    known = _known.setdefault(transaction, {})
    if customer_id not in known:
        known[customer_id] = _revision(customer_id)
    revision = known[customer_id]
    return _read(customer_id, revision) if revision is not None else Book(customer_id)


def _revision(customer_id: int) -> str | None:
    return db.session.scalar(_REVISION, {"ledger_of": customer_id})


_REVISION = select(Ledger.revision).where(Ledger.customer_id == bindparam("ledger_of"))


def is_changing(customer_id: int) -> None:
    """Until its transaction ends, whoever changes the customer's agreements reads them anew each time.

    What is read between two changes must not be kept: the revision stays the same until the transaction ends.
    """
    _changing.setdefault(_transaction(), set()).add(customer_id)


_changing: WeakKeyDictionary[SessionTransaction, set[int]] = WeakKeyDictionary()
#: Revisions of ledgers that a transaction has looked at.
_known: WeakKeyDictionary[SessionTransaction, dict[int, str | None]] = WeakKeyDictionary()


def _transaction() -> SessionTransaction:
    session = db.session()
    transaction: SessionTransaction | None = session.get_transaction() or session.begin()
    assert transaction is not None
    return transaction


@lru_cache(maxsize=200)
def _read(customer_id: int, _revision: str) -> Book:
    """The revision is what the answer is kept by."""
    hours = {row.id: row for row in db.session.scalars(select(OpeningHours).filter_by(customer_id=customer_id))}
    days = _days(list(hours))
    calendars: dict[CalendarKey, Calendar] = {}
    for id_, row in sorted(hours.items()):
        calendars[id_] = _calendar(row.zone, _weeks(id_), days.get(id_, []))
    return Book(
        customer_id,
        versions=MappingProxyType(_versions(customer_id)),
        calendars=MappingProxyType(calendars),
        names=MappingProxyType({id_: row.name for id_, row in hours.items()}),
        days=MappingProxyType({id_: _named(days.get(id_, [])) for id_ in hours}),
        suppliers=MappingProxyType(_suppliers(customer_id)),
        zone=hours[min(hours)].zone if hours else Book.zone,
    )


def _versions(customer_id: int) -> dict[int, Version]:
    query = (
        select(AgreementVersion, Agreement)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(Agreement.customer_id == customer_id)
        .order_by(AgreementVersion.id)
    )
    return {
        version.id: Version(
            version.id,
            of.id,
            of.name,
            of.kind,
            of.team_id,
            of.supplier_id,
            version.starts_on,
            of.withdrawn_at,
            Terms.read(version.terms),
        )
        for version, of in db.session.execute(query)
    }


def _suppliers(customer_id: int) -> dict[int, str]:
    query = select(Supplier.id, Supplier.name).where(Supplier.customer_id == customer_id, Supplier.is_active.is_(True))
    return dict(in_order(db.session.execute(query).all(), lambda row: row[1]))


def _weeks(hours_id: int) -> list[WeeklyHours]:
    query = select(WeeklyHours).where(WeeklyHours.hours_id == hours_id).order_by(WeeklyHours.starts_on)
    return list(db.session.scalars(query))


def _days(hours_ids: list[int]) -> dict[int, list[SpecialDay]]:
    approved = SpecialDay.status == DayStatus.APPROVED
    found: dict[int, list[SpecialDay]] = {}
    for day in db.session.scalars(select(SpecialDay).where(SpecialDay.hours_id.in_(hours_ids), approved)):
        found.setdefault(day.hours_id, []).append(day)
    return found


def _named(days: Iterable[SpecialDay]) -> dict[date, ClosedDay]:
    return {day.on: ClosedDay(day.name, not day.open) for day in days}


def _calendar(zone: str, weeks: Iterable[WeeklyHours], days: Iterable[SpecialDay]) -> Calendar:
    special = {day.on: day.open for day in days}
    return make_calendar(zone, [(week.starts_on, week.week) for week in weeks], special)


def make_calendar(
    zone: str, weeks: Iterable[tuple[date, Mapping[str, Any]]], special: Mapping[date, Iterable[Iterable[str]]]
) -> Calendar:
    """The calendar of weekly hours by date and special days; raises sla.SlaError when there can be none."""
    days = {on: [_pair(one) for one in intervals] for on, intervals in special.items()}
    made = [
        (starts_on, Calendar(zone, {int(day): [_pair(one) for one in week[day]] for day in week}, special=days))
        for starts_on, week in weeks
    ]
    return made[0][1] if len(made) == 1 else Calendar.versioned(made)


def _pair(interval: Iterable[str]) -> tuple[str, str]:
    start, end = interval
    return start, end
