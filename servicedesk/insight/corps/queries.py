"""Reading the report, always for a person: nine queries, however many tickets, superbrugere, units and systems."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select

from servicedesk.agreements.book import Book, book_of
from servicedesk.core.actor import Actor, Role
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.periods import Period
from servicedesk.core.permissions import granted
from servicedesk.insight.corps.figures import Fared, Figures, Step, fared, of_person, of_place
from servicedesk.organisation.models import Person, Unit
from servicedesk.superbrugere.floor import By, floor_counts
from servicedesk.superbrugere.models import Appointment
from servicedesk.superbrugere.policy import AppointmentPermission
from servicedesk.systems.models import System
from servicedesk.tickets import local_course, local_time
from servicedesk.tickets.models import Entry, EntryKind, Ticket
from servicedesk.tickets.workflow import Tier

#: What tells how a ticket fared, or how long it stayed; notes, warnings and links do not.
_TELLING = (
    *(EntryKind.FILED, EntryKind.TAKEN, EntryKind.REPLIED, EntryKind.RESOLVED, EntryKind.ESCALATED),
    *(EntryKind.HANDED_BACK, EntryKind.REOPENED, EntryKind.CONFIRMED, EntryKind.CLOSED, EntryKind.CANCELLED),
    *(EntryKind.MERGED, EntryKind.UNMERGED, EntryKind.MOVED, EntryKind.CLASSIFIED, EntryKind.CHANGED),
    *(EntryKind.ASSIGNED, EntryKind.APPRAISED),
)


@dataclass(frozen=True)
class Line:
    """A person, a unit or a system with its figures."""

    id: int | None
    name: str
    figures: Figures
    #: Hours a week that were agreed with a person.
    weekly_minutes: int = 0


@dataclass(frozen=True)
class Report:
    """By name throughout: nobody is ranked."""

    persons: Sequence[Line]
    units: Sequence[Line]
    systems: Sequence[Line]
    #: Whether the reader sees small counts.
    sees_few: bool


def read(customer_id: int, period: Period, who: Actor, *, today: date, now: datetime) -> Report:
    """Of a customer that the caller has been let in to see."""
    tickets = _fared(customer_id, period, now)
    return Report(
        persons=_persons(customer_id, period, tickets, who, today),
        units=_places(customer_id, period, By.UNIT, tickets, select(Unit.id, Unit.name)),
        systems=_places(customer_id, period, By.SYSTEM, tickets, select(System.id, System.name)),
        sees_few=_manages(customer_id, who),
    )


def _manages(customer_id: int, who: Actor) -> bool:
    grants = who.granted(Role.SERVICEDESK_MANAGER)
    return any(grant.is_over_all or (grant.customer_id == customer_id and grant.is_over_customer) for grant in grants)


# ------------------------------------------------------------------------------------------------ lines


def _persons(customer_id: int, period: Period, tickets: Sequence[Fared], who: Actor, today: date) -> list[Line]:
    """Those whose figures concern the reader: the own, those agreed to, and for the manager all."""
    floor = floor_counts(customer_id, *period.instants, By.SUPERBRUGER)
    query = (
        select(Person.id, Person.name, Appointment.weekly_minutes, Appointment.is_not_over(today).label("is_held"))
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.customer_id == customer_id, granted(AppointmentPermission.SEE_FIGURES, who))
        .where(Appointment.starts_on <= period.last)
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on >= period.first))
    )
    names: dict[int, str] = {}
    minutes: dict[int, int] = defaultdict(int)
    for row in db.session.execute(query):
        names[row.id] = row.name
        minutes[row.id] += row.weekly_minutes if row.is_held else 0
    lines = []
    for id_, name in names.items():
        figures = of_person(tickets, id_)
        figures.floor = floor[id_].times if id_ in floor else 0
        lines.append(Line(id_, name, figures, minutes[id_]))
    return in_order(lines, lambda line: line.name)


def _places(
    customer_id: int, period: Period, by: By, tickets: Sequence[Fared], names: Select[*tuple[Any, ...]]
) -> list[Line]:
    floor = floor_counts(customer_id, *period.instants, by)
    grouped: dict[int | None, list[Fared]] = {id_: [] for id_ in floor}
    for one in tickets:
        grouped.setdefault(one.unit_id if by is By.UNIT else one.system_id, []).append(one)
    kind: Any = Unit if by is By.UNIT else System
    known = {row.id: row.name for row in db.session.execute(names.where(kind.customer_id == customer_id))}
    lines = []
    for id_, some in grouped.items():
        figures = of_place(some)
        figures.floor = floor[id_].times if id_ in floor else 0
        lines.append(Line(id_, known.get(id_ or 0, ""), figures))
    return in_order(lines, lambda line: line.name)


# ------------------------------------------------------------------------------------------------ journals


def _fared(customer_id: int, period: Period, now: datetime) -> list[Fared]:
    """Every ticket that was filed in the period and has been with superbrugere; two queries."""
    journals = _journals(customer_id, period)
    book = book_of(customer_id)
    query = select(
        *(Ticket.id, Ticket.unit_id, Ticket.system_id, Ticket.agreement_id),
        *(Ticket.tier, Ticket.state, Ticket.solution.is_not(None).label("has_solution")),
    )
    rows = db.session.execute(query.where(*_filed(customer_id, period)))
    return [_told(row, journals.get(row.id, ()), book, now) for row in rows]


def _told(row: Any, steps: Sequence[Step], book: Book, now: datetime) -> Fared:
    stay = local_time.stay(steps, row.agreement_id, book, now)
    is_solved = row.tier is Tier.LOCAL and row.state in local_course.SOLVED and row.has_solution
    zero = now - now
    return fared(steps, unit_id=row.unit_id, system_id=row.system_id, is_solved=is_solved, stay=stay or zero)


def _filed(customer_id: int, period: Period) -> Iterable[ColumnElement[bool]]:
    """Along the index by filing; said of both that they may be open or not, as the index has that first."""
    start, end = period.instants
    yield Ticket.customer_id == customer_id
    yield Ticket.is_open.in_((True, False))
    yield Ticket.filed_at >= start
    yield Ticket.filed_at < end
    yield local_course.was_there()


def _journals(customer_id: int, period: Period) -> Mapping[int, list[Step]]:
    at_local, at_desk = (local_course.says("tier", tier.value) for tier in (Tier.LOCAL, Tier.SERVICEDESK))
    query = (
        select(
            *(Entry.ticket_id, Entry.seq, Entry.at, Entry.kind, Entry.by_id, Entry.state),
            case((at_local, Tier.LOCAL.value), (at_desk, Tier.SERVICEDESK.value)).label("tier"),
            ((Entry.kind == EntryKind.REPLIED) & local_course.says("is_answer", False)).label("is_users_word"),
            case((Entry.kind == EntryKind.APPRAISED, Entry.data)).label("appraisal"),
        )
        .join(Ticket, Ticket.id == Entry.ticket_id)
        .where(*_filed(customer_id, period), Entry.kind.in_(_TELLING))
        .order_by(Entry.ticket_id, Entry.seq)
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.ticket_id].append(_step(row))
    return found


def _step(row: Any) -> Step:
    placed = {"tier": row.tier} if row.tier else {}
    said = row.appraisal or {}
    told = (row.seq, row.at, row.kind, row.by_id, row.state, placed, bool(row.is_users_word))
    return Step(*told, of=said.get("of"), is_complete=not said.get("lacking"))
