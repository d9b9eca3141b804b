"""Who is a superbruger: reading appointments, a fixed number of queries however many there are.

Everybody may know of everybody's, but not what was agreed with whom: the pages ask `may_read` for that.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.core.words import query_terms, tokens
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.standing_in import deputies
from servicedesk.superbrugere.models import Appointment, AppointmentUnit
from servicedesk.superbrugere.policy import AppointmentPermission, CorpsPermission
from servicedesk.superbrugere.queries import Helper
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.systems.models import System

#: Lines of a person's history that are looked through.
MOST_CHANGES = 100
#: What the audit log calls that an appointment was made, changed and ended.
CHANGES = ("superbruger_appointed", "appointment_changed", "appointment_ended")
#: Ended appointments that a list shows, the newest first.
MOST_ENDED = 200


@dataclass(frozen=True)
class Wanted:
    """Which appointments a list shows."""

    q: str = ""
    kind: AppointmentKind | None = None
    unit_id: int | None = None
    system_id: int | None = None
    #: Only those for whom nobody is there today.
    is_uncovered: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True)
class Held:
    """An appointment, and who is there for it today."""

    appointment: Appointment
    #: The superbruger, or while he or she is away whoever stands in; None when nobody does.
    acting: Helper | None

    @property
    def is_deputised(self) -> bool:
        return self.acting is not None and self.acting.id != self.appointment.person_id

    def covers(self, unit_id: int, path: str) -> bool:
        """Whether it is over that unit, whose path is given."""
        return any(
            one.unit_id == unit_id or (one.with_subunits and path.startswith(one.unit.path))
            for one in self.appointment.units
        )

    def is_about(self, system_id: int) -> bool:
        systems = self.appointment.systems
        return not systems or any(one.id == system_id for one in systems)


class Change(NamedTuple):
    """A line of an appointment's history."""

    at: datetime
    action: str
    by: str | None


# ------------------------------------------------------------------------------------------------ whose corps


def customers(who: Actor, permission: CorpsPermission = CorpsPermission.READ) -> list[Unit]:
    """The customers whose superbrugere `who` may see, or with another permission may appoint; the own one first."""
    query = select(Unit).where(granted(permission, who), Unit.is_active)
    found = in_order(db.session.scalars(query), lambda unit: unit.name)
    return sorted(found, key=lambda unit: unit.id != who.customer_id)


def units_of(customer_id: int) -> list[Unit]:
    """Every unit in use of a customer that the caller has been let in to see."""
    query = select(Unit).where(Unit.customer_id == customer_id, Unit.is_active)
    return list(db.session.scalars(query))


def systems_of(customer_id: int) -> list[System]:
    """Those in use by name, with where they are used."""
    query = select(System).where(System.customer_id == customer_id, System.is_active)
    query = query.options(selectinload(System.units))
    return in_order(db.session.scalars(query), lambda system: system.name)


# ------------------------------------------------------------------------------------------------ appointments


def in_force(customer_id: int, today: date, wanted: Wanted | None = None) -> list[Held]:
    """The appointments of today by name, of a customer that the caller has been let in to see."""
    rows = _loaded(_of(customer_id).where(Appointment.starts_on <= today, Appointment.is_not_over(today)))
    return _narrowed(_held(customer_id, rows, today), wanted or Wanted())


def coming_and_ended(customer_id: int, who: Actor, today: date) -> tuple[list[Appointment], list[Appointment]]:
    """Those that have not begun, and those that are over: as far as `who` may read what was agreed."""
    readable = _of(customer_id).where(granted(AppointmentPermission.READ, who))
    coming = _loaded(readable.where(Appointment.starts_on > today, Appointment.is_not_over(today)))
    ended = readable.where(~Appointment.is_not_over(today)).order_by(Appointment.ends_on.desc())
    return coming, _loaded(ended.limit(MOST_ENDED))


def of_person(person_id: int, who: Actor, today: date) -> list[Held]:
    """A person's appointments that are not over, those not begun among them."""
    query = select(Appointment).where(Appointment.person_id == person_id, Appointment.is_not_over(today))
    rows = _loaded(query.where(granted(AppointmentPermission.READ, who)))
    return _held(rows[0].customer_id, rows, today) if rows else []


def get(appointment_id: int, who: Actor, today: date) -> Held:
    """Raises NotFoundError when `who` may not read what was agreed."""
    query = select(Appointment).where(Appointment.id == appointment_id, granted(AppointmentPermission.READ, who))
    rows = _loaded(query.options(joinedload(Appointment.deputy), joinedload(Appointment.agreed_by)))
    if not rows:
        raise NotFoundError
    return _held(rows[0].customer_id, rows, today)[0]


def readable(ids: Collection[int], who: Actor) -> set[int]:
    """Those of the appointments of which `who` may read what was agreed."""
    query = select(Appointment.id).where(Appointment.id.in_(ids), granted(AppointmentPermission.READ, who))
    return set(db.session.scalars(query)) if ids else set()


def may_change(appointment: Appointment, who: Actor) -> bool:
    query = select(Appointment.id).where(Appointment.id == appointment.id)
    return db.session.scalar(query.where(granted(AppointmentPermission.CHANGE, who))) is not None


def changes_of(appointment: Appointment) -> list[Change]:
    """What was done to it, the newest first."""
    query = (
        select(AuditLine, Person.name)
        .outerjoin(Person, Person.id == AuditLine.by_id)
        .where(AuditLine.subject_kind == "person", AuditLine.subject_id == appointment.person_id)
        .where(AuditLine.action.in_(CHANGES))
        .order_by(AuditLine.id.desc())
        .limit(MOST_CHANGES)
    )
    rows = db.session.execute(query)
    return [Change(line.at, line.action, name) for line, name in rows if _is_about(line, appointment)]


def _is_about(line: AuditLine, appointment: Appointment) -> bool:
    return bool(line.facts.get("appointment_id") == appointment.id)


def _of(customer_id: int) -> Select[Appointment]:
    return select(Appointment).where(Appointment.customer_id == customer_id)


def _loaded(query: Select[Appointment]) -> list[Appointment]:
    """With names, by name; those of people who have left say nothing any more."""
    query = query.join(Person, Person.id == Appointment.person_id).where(Person.is_active)
    units = selectinload(Appointment.units).joinedload(AppointmentUnit.unit)
    person = joinedload(Appointment.person).joinedload(Person.unit)
    rows = db.session.scalars(query.options(person, units, selectinload(Appointment.systems))).unique()
    return in_order(rows, lambda one: one.person.name)


def _held(customer_id: int, rows: Sequence[Appointment], today: date) -> list[Held]:
    known = deputies([customer_id], today)
    acting = {one.id: known.present_for(one.person_id, one.deputy_id) for one in rows}
    names = {one.person_id: one.person.name for one in rows}
    others = {id_ for id_ in acting.values() if id_ is not None} - names.keys()
    if others:
        query = select(Person.id, Person.name).where(Person.id.in_(others), Person.is_active)
        names |= {row.id: row.name for row in db.session.execute(query)}
    return [Held(one, _helper(acting[one.id], names)) for one in rows]


def _helper(id_: int | None, names: dict[int, str]) -> Helper | None:
    return Helper(id_, names[id_]) if id_ is not None and id_ in names else None


# ------------------------------------------------------------------------------------------------ narrowing


def _narrowed(held: Iterable[Held], wanted: Wanted) -> list[Held]:
    asked = list(query_terms(wanted.q))
    path = "" if wanted.unit_id is None else _path_of(wanted.unit_id)
    return [one for one in held if _is_wanted(one, wanted, asked, path)]


def _is_wanted(held: Held, wanted: Wanted, asked: Sequence[str], path: str) -> bool:
    if wanted.kind is not None and held.appointment.kind is not wanted.kind:
        return False
    if wanted.unit_id is not None and not held.covers(wanted.unit_id, path):
        return False
    if wanted.system_id is not None and not held.is_about(wanted.system_id):
        return False
    if wanted.is_uncovered and held.acting is not None:
        return False
    return _is_found(held, asked)


def _path_of(unit_id: int) -> str:
    return db.session.scalar(select(Unit.path).where(Unit.id == unit_id)) or "-"


def _is_found(held: Held, asked: Sequence[str]) -> bool:
    """By the beginnings of words in the name, in a unit's or in a system's, as a search finds them."""
    one = held.appointment
    names = [one.person.name, one.person.initials, *(over.unit.name for over in one.units)]
    said = tokens(" ".join([*names, *(system.name for system in one.systems)]))
    return all(any(word.startswith(term) for word in said) for term in asked)
