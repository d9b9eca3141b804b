"""The register as a list, and all that it says of one system; always for a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.core.words import query_terms, tokens
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems import needs, outside
from servicedesk.systems.models import (
    Disturbance,
    DisturbanceSystem,
    MaintenanceWindow,
    System,
    SystemNeed,
    SystemRole,
    SystemUnit,
)
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import Criticality
from servicedesk.systems.windows import Window, is_inside

Owner, Manager, Deputy = aliased(Person), aliased(Person), aliased(Person)


class Sort(StrEnum):
    NAME = "name"
    CRITICALITY = "criticality"
    OWNER = "owner"
    REVIEW = "review"


class Lack(StrEnum):
    """What nobody has said, or done in time."""

    OWNER = "owner"
    MANAGER = "manager"
    SUPPLIER = "supplier"
    REVIEW = "review"


@dataclass(frozen=True)
class Wanted:
    """Which systems a list shows, and in which order."""

    q: str = ""
    criticality: Criticality | None = None
    unit_id: int | None = None
    supplier_id: int | None = None
    lack: Lack | None = None
    sort: Sort = Sort.NAME
    is_backwards: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted(sort=self.sort, is_backwards=self.is_backwards)


@dataclass(frozen=True)
class Registered:
    """A system with the names of what belongs to it."""

    system: System
    owner: Person | None
    manager: Person | None
    team: Team | None
    supplier: str | None
    customer: str

    def is_review_overdue(self, today: date) -> bool:
        due = self.system.review_due_on
        return self.system.is_active and due is not None and due < today


def catalogue(who: Actor, permission: SystemPermission, wanted: Wanted, today: date) -> list[Registered]:
    """The systems on which `who` has the permission, those in use first; two questions, however many there are."""
    customers, suppliers = aliased(Unit), outside.SUPPLIERS
    query = (
        select(System, Owner, Manager, Team, suppliers.c.name, customers.name)
        .join(customers, customers.id == System.customer_id)
        .outerjoin(Owner, Owner.id == System.owner_id)
        .outerjoin(Manager, Manager.id == System.manager_id)
        .outerjoin(Team, Team.id == System.team_id)
        .outerjoin(suppliers, suppliers.c.id == System.supplier_id)
        .where(granted(permission, who))
    )
    rows: Any = db.session.execute(query).all()
    used = select(SystemUnit.system_id, Unit).join(Unit, Unit.id == SystemUnit.unit_id).order_by(Unit.path)
    units: dict[int, list[Unit]] = {}
    for system_id, unit in db.session.execute(
        used.where(SystemUnit.system_id.in_(select(System.id).where(granted(permission, who))))
    ):
        units.setdefault(system_id, []).append(unit)
    for row in rows:
        set_committed_value(row[0], "units", units.get(row[0].id, []))
    return _sorted([one for one in (Registered(*row) for row in rows) if _is_wanted(one, wanted, today)], wanted)


def _is_wanted(one: Registered, wanted: Wanted, today: date) -> bool:
    system = one.system
    if wanted.criticality is not None and system.criticality is not wanted.criticality:
        return False
    if wanted.supplier_id is not None and system.supplier_id != wanted.supplier_id:
        return False
    if wanted.unit_id is not None and not _is_used_by(system, wanted.unit_id):
        return False
    return _lacks(one, wanted.lack, today) and _is_found(one, wanted.q)


def _is_used_by(system: System, unit_id: int) -> bool:
    """By the unit itself or a part of it; what everybody uses is nobody's in particular."""
    return any(f"/{unit_id}/" in unit.path for unit in system.units)


def _lacks(one: Registered, lack: Lack | None, today: date) -> bool:
    match lack:
        case None:
            return True
        case Lack.REVIEW:
            return one.is_review_overdue(today)
        case _:
            return one.system.is_active and getattr(one.system, f"{lack.value}_id") is None


def _is_found(one: Registered, q: str) -> bool:
    """By the beginnings of words, as a search finds them."""
    people = [person.name for person in (one.owner, one.manager) if person is not None]
    told = [one.system.name, one.system.aliases, one.system.description or "", one.supplier or "", *people]
    said = tokens(" ".join(told))
    return all(any(word.startswith(term) for word in said) for term in query_terms(q))


_RANKS = {level: rank for rank, level in enumerate(Criticality)}
#: After every name, and after every date.
_LAST = "\uffff"
_KEYS: Mapping[Sort, Callable[[Registered], Any]] = {
    Sort.CRITICALITY: lambda one: _RANKS[one.system.criticality],
    Sort.REVIEW: lambda one: one.system.review_due_on or date.max,
}


def _sorted(rows: Iterable[Registered], wanted: Wanted) -> list[Registered]:
    found = in_order(rows, lambda one: one.system.name)
    if wanted.sort is Sort.OWNER:
        found = in_order(found, lambda one: one.owner.name if one.owner else _LAST)
    elif wanted.sort in _KEYS:
        found = sorted(found, key=_KEYS[wanted.sort])
    if wanted.is_backwards:
        found.reverse()
    return sorted(found, key=lambda one: not one.system.is_active)


# ------------------------------------------------------------------------------------------------ one system


class NamedSystem(NamedTuple):
    id: int
    name: str


@dataclass(frozen=True)
class Details:
    """What the register says of a system beside its own row."""

    owner: Person | None
    manager: Person | None
    deputy: Person | None
    team: str | None
    supplier: str | None
    hours: str | None
    units: list[Unit]
    #: What it does not run without, and what does not run without it.
    needs: list[NamedSystem]
    needed_by: list[NamedSystem]
    #: Those that are hit through others.
    hit_too: list[NamedSystem]
    roles: list[str]
    windows: list[Window]


def details_of(system: System) -> Details:
    """Of a system that the caller has been let in to see; a fixed number of questions."""
    ids = {system.owner_id, system.manager_id, system.deputy_id} - {None}
    people = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
    named, pairs = _links(system)
    needed = {id_ for one, id_ in pairs if one == system.id}
    links = needs.turned(pairs)
    direct = links.get(system.id, set())
    return Details(
        owner=people.get(system.owner_id or 0),
        manager=people.get(system.manager_id or 0),
        deputy=people.get(system.deputy_id or 0),
        team=db.session.scalar(select(Team.name).where(Team.id == system.team_id)),
        supplier=outside.find_name(outside.SUPPLIERS, system.supplier_id, system.customer_id),
        hours=outside.find_name(outside.HOURS, system.hours_id, system.customer_id),
        units=units_of(system),
        needs=_by_name(needed, named),
        needed_by=_by_name(direct, named),
        hit_too=_by_name(needs.reached(links, [system.id]) - direct, named),
        roles=roles_of(system),
        windows=windows_of([system.id]).get(system.id, []),
    )


def units_of(system: System) -> list[Unit]:
    query = select(System).where(System.id == system.id).options(selectinload(System.units))
    return list(db.session.scalars(query.execution_options(populate_existing=True)).one().units)


def roles_of(system: System) -> list[str]:
    query = select(SystemRole.name).where(SystemRole.system_id == system.id)
    return in_order(db.session.scalars(query), lambda name: name)


def windows_of(system_ids: Iterable[int]) -> dict[int, list[Window]]:
    query = select(MaintenanceWindow).where(MaintenanceWindow.system_id.in_(set(system_ids)))
    found: dict[int, list[Window]] = {}
    for row in db.session.scalars(query.order_by(MaintenanceWindow.weekday, MaintenanceWindow.starts)):
        found.setdefault(row.system_id, []).append(Window(row.weekday, row.week, row.starts, row.ends))
    return found


def outside_windows(row: Disturbance, who: Actor, zone: ZoneInfo) -> dict[str, list[Window]]:
    """The windows of those systems, by name, outside of which the maintenance is planned; as far as `who` hears."""
    ends_at = row.expected_end_at
    if ends_at is None:
        return {}
    concerned = select(DisturbanceSystem.system_id).where(DisturbanceSystem.disturbance_id == row.id)
    query = select(System.id, System.name).where(System.id.in_(concerned), granted(SystemPermission.HEAR, who))
    named = {one.id: one.name for one in db.session.execute(query)}
    found = windows_of(named)
    return {named[id_]: some for id_, some in found.items() if not is_inside(some, row.starts_at, ends_at, zone)}


def systems_of_customer(customer_id: int) -> list[NamedSystem]:
    """Those in use, by name, for a register of which the caller may keep a part."""
    query = select(System.id, System.name).where(System.customer_id == customer_id, System.is_active)
    return in_order((NamedSystem(*row) for row in db.session.execute(query)), lambda one: one.name)


def dependents(system_ids: Iterable[int], who: Actor, permission: SystemPermission) -> list[NamedSystem]:
    """What does not run without those systems, directly or through others, as far as `who` has the permission."""
    known = set(system_ids)
    customers = select(System.customer_id).where(System.id.in_(known))
    pairs = select(SystemNeed.system_id, SystemNeed.needed_id).join(System, System.id == SystemNeed.system_id)
    rows = db.session.execute(pairs.where(System.customer_id.in_(customers)))
    hit = needs.reached(needs.turned((one, needed) for one, needed in rows), known) - known
    if not hit:
        return []
    query = select(System.id, System.name).where(System.id.in_(hit), System.is_active, granted(permission, who))
    return in_order((NamedSystem(*row) for row in db.session.execute(query)), lambda one: one.name)


def _links(system: System) -> tuple[dict[int, str], list[tuple[int, int]]]:
    is_shown = System.is_active | (System.id == system.id)
    query = select(SystemNeed.system_id, SystemNeed.needed_id).join(System, System.id == SystemNeed.system_id)
    rows = db.session.execute(query.where(System.customer_id == system.customer_id, is_shown))
    pairs = [(one, needed) for one, needed in rows]
    ids = {id_ for pair in pairs for id_ in pair}
    names = select(System.id, System.name).where(System.id.in_(ids))
    return ({row.id: row.name for row in db.session.execute(names)} if ids else {}), pairs


def _by_name(ids: Iterable[int], named: Mapping[int, str]) -> list[NamedSystem]:
    return in_order((NamedSystem(id_, named[id_]) for id_ in ids), lambda one: one.name)


# ------------------------------------------------------------------------------------------------ whose


def kept_by(who: Actor) -> list[System]:
    """The systems in use that the person answers for in person: as owner, manager or deputy."""
    if who.id is None:
        return []
    query = select(System).where(System.is_active, granted(SystemPermission.KEEP, who))
    own = (System.owner_id == who.id) | (System.manager_id == who.id) | (System.deputy_id == who.id)
    return in_order(db.session.scalars(query.where(own)), lambda system: system.name)
