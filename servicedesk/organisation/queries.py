"""Reading the organisation, always for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, column, false, func, not_, or_, select, table, true, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from servicedesk.core.actor import SYSTEM, Actor, Role
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import Base, db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import Permission, granted
from servicedesk.organisation.choosing import matches
from servicedesk.organisation.models import CustomerSettings, Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.policy import PersonPermission, TeamPermission, UnitPermission

M = TypeVar("M", bound=Base)

PEOPLE_ON_A_PAGE = 50

#: The register of systems lies above this capability; a role over a system still has to be told by its name.
SYSTEMS = table("system", column("id"), column("name"), column("customer_id"))


def _one(query: Select[M]) -> M:
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError
    return row


# ------------------------------------------------------------------------------------------------ units


def get_unit(unit_id: int, who: Actor, permission: Permission = UnitPermission.MANAGE) -> Unit:
    return _one(select(Unit).where(Unit.id == unit_id, granted(permission, who)))


def units(who: Actor, permission: Permission = UnitPermission.MANAGE) -> list[Unit]:
    """Every unit in reach, each after its parent, brothers and sisters by name."""
    return in_tree_order(db.session.scalars(select(Unit).where(granted(permission, who))).all())


def in_tree_order(some: Sequence[Unit]) -> list[Unit]:
    """A unit whose parent is not among them counts as a top."""
    known = {unit.id for unit in some}
    below: dict[int | None, list[Unit]] = {}
    for unit in reversed(in_order(some, lambda unit: unit.name)):
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(below.get(None, []))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting.extend(below.get(unit.id, []))
    return ordered


def customers(who: Actor, permission: Permission = UnitPermission.MANAGE_CUSTOMER) -> list[Unit]:
    """The roots that the person may act on as a whole."""
    query = select(Unit).where(Unit.parent_id.is_(None), granted(permission, who))
    return in_order(db.session.scalars(query), lambda unit: unit.name)


def settings_of(customer_ids: Sequence[int]) -> dict[int, CustomerSettings]:
    """Of those customers who want something else than the usual."""
    query = select(CustomerSettings).where(CustomerSettings.customer_id.in_(customer_ids))
    return {row.customer_id: row for row in db.session.scalars(query)}


def customer_settings(customer_id: int) -> CustomerSettings | None:
    """None for a customer who wants nothing else than the usual."""
    return db.session.get(CustomerSettings, customer_id)


def counts_minutes(customer_id: int) -> bool:
    """Whether the customer's staff note how long things take."""
    settings = customer_settings(customer_id)
    return settings is not None and settings.counts_minutes


def headcounts(who: Actor) -> dict[int, int]:
    """Active persons by unit, the units below not counted in."""
    query = select(Person.unit_id, func.count()).where(Person.is_active, granted(PersonPermission.MANAGE, who))
    rows = db.session.execute(query.group_by(Person.unit_id))
    return {unit_id: count for unit_id, count in rows}  # noqa: C416  a row is not typed as a pair


# ------------------------------------------------------------------------------------------------ persons


@dataclass(frozen=True)
class PeopleFilter:
    """Which people a list shows."""

    q: str = ""
    unit_id: int | None = None
    is_active: bool = True


@dataclass(frozen=True)
class People:
    """A page of a list; the ids lead to the pages before and after."""

    rows: list[Person]
    before: int | None
    after: int | None


def get_person(person_id: int, who: Actor, permission: Permission = PersonPermission.MANAGE) -> Person:
    query = select(Person).where(Person.id == person_id, granted(permission, who))
    return _one(query.options(joinedload(Person.unit)))


def find_by_initials(initials: str, customer_id: int, who: Actor, permission: Permission) -> Person | None:
    query = select(Person).where(Person.customer_id == customer_id, Person.initials == initials.strip().lower())
    return db.session.scalars(query.where(Person.is_active, granted(permission, who))).one_or_none()


def people(
    who: Actor,
    wanted: PeopleFilter,
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = PEOPLE_ON_A_PAGE,
) -> People:
    """People by name, a page at a time from the person `after` or up to the person `before`."""
    query = select(Person).join(Person.unit).where(granted(PersonPermission.MANAGE, who), *_wanted(wanted, who))
    edge = _name_key(before if before is not None else after, who)
    backwards = before is not None and edge is not None
    key = tuple_(Person.sort_name, Person.id)
    if edge is not None:
        query = query.where(key < edge if backwards else key > edge)
    order = (Person.sort_name.desc(), Person.id.desc()) if backwards else (Person.sort_name, Person.id)
    rows = list(db.session.scalars(query.order_by(*order).limit(size + 1).options(contains_eager(Person.unit))))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_before, has_after = (more, True) if backwards else (edge is not None, more)
    return People(rows, rows[0].id if rows and has_before else None, rows[-1].id if rows and has_after else None)


def _name_key(person_id: int | None, who: Actor) -> tuple[str, int] | None:
    """Where in the list a person stands; nowhere when `who` may not know of the person."""
    if person_id is None:
        return None
    query = select(Person.sort_name).where(Person.id == person_id, granted(PersonPermission.MANAGE, who))
    name = db.session.scalar(query)
    return None if name is None else (name, person_id)


def _wanted(wanted: PeopleFilter, who: Actor) -> list[ColumnElement[bool]]:
    conditions = [Person.is_active.is_(wanted.is_active), *_named(wanted.q)]
    if wanted.unit_id is not None:
        in_reach = granted(UnitPermission.MANAGE, who)
        path = db.session.scalar(select(Unit.path).where(Unit.id == wanted.unit_id, in_reach))
        conditions.append(Unit.path.startswith(path or "-"))
    return conditions


def _named(q: str) -> list[ColumnElement[bool]]:
    """Everybody when nothing is asked for; nobody when it is nothing that a person can be called."""
    return (matches(q) or [false()]) if q.strip() else []


# ------------------------------------------------------------------------------------------------ roles


@dataclass(frozen=True)
class HeldRole:
    """A grant with the name of what it is over."""

    grant: RoleGrant
    unit: Unit | None
    system: str | None
    #: Whether the one who looks may end it.
    is_own_to_end: bool

    def is_in_force(self, today: date) -> bool:
        return self.grant.starts_on <= today and not self.is_over(today)

    def is_over(self, today: date) -> bool:
        return self.grant.ends_on is not None and self.grant.ends_on < today


def roles_of(person_id: int, who: Actor) -> list[HeldRole]:
    """All roles of a person, those of the past included, newest first."""
    query = (
        select(RoleGrant, Unit, SYSTEMS.c.name, _is_grant_in_scope(who))
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.starts_on.desc(), RoleGrant.id.desc())
    )
    return [HeldRole(grant, unit, system, bool(own)) for grant, unit, system, own in db.session.execute(query)]


def get_grant(grant_id: int, who: Actor) -> RoleGrant:
    """A role of a person whom `who` administers, over something that `who` administers."""
    query = (
        select(RoleGrant)
        .join(RoleGrant.person)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(RoleGrant.id == grant_id, granted(PersonPermission.MANAGE, who), _is_grant_in_scope(who))
    )
    return _one(query.options(contains_eager(RoleGrant.person)))


def mightier_people(customer_id: int, who: Actor, *, now: datetime) -> set[int]:
    """Persons of a customer with a role over something that `who` does not administer.

    Whoever could change their mail address could have their way into the application sent to himself or herself.
    """
    query = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(Person.customer_id == customer_id, not_(func.coalesce(_is_grant_in_scope(who), false())))
        .where(or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= now.date()))
    )
    return set(db.session.scalars(query))


def _is_grant_in_scope(who: Actor) -> ColumnElement[bool]:
    if is_over_all(who):
        return true()
    customers = _customer_ids(who)
    over_unit = RoleGrant.unit_id.is_not(None) & granted(UnitPermission.MANAGE, who)
    return over_unit | (RoleGrant.system_id.is_not(None) & SYSTEMS.c.customer_id.in_(customers))


def _customer_ids(who: Actor) -> Select[int]:
    return select(Unit.id).where(granted(UnitPermission.MANAGE_CUSTOMER, who)).correlate(None)


def is_over_all(who: Actor) -> bool:
    """An administrator of everything, or the system itself."""
    return who is SYSTEM or any(grant.is_over_all for grant in who.granted(Role.ADMINISTRATOR))


def get_system_customer(system_id: int, who: Actor) -> int:
    """The customer of a system, when `who` administers all of that customer."""
    query = select(SYSTEMS.c.customer_id).where(SYSTEMS.c.id == system_id)
    if not is_over_all(who):
        query = query.where(SYSTEMS.c.customer_id.in_(_customer_ids(who)))
    customer_id: int | None = db.session.scalar(query)
    if customer_id is None:
        raise NotFoundError
    return customer_id


def systems_to_give(who: Actor) -> list[tuple[int, str]]:
    """Systems that a role may be given over: (id, name)."""
    query = select(SYSTEMS.c.id, SYSTEMS.c.name)
    if not is_over_all(who):
        query = query.where(SYSTEMS.c.customer_id.in_(_customer_ids(who)))
    return in_order(((id_, name) for id_, name in db.session.execute(query)), lambda system: system[1])


# ------------------------------------------------------------------------------------------------ teams


def get_team(team_id: int, who: Actor, permission: Permission = TeamPermission.MANAGE) -> Team:
    return _one(select(Team).where(Team.id == team_id, granted(permission, who)))


def teams(who: Actor, permission: Permission = TeamPermission.MANAGE) -> list[tuple[Team, int]]:
    """Each team with the number of its members, those in use first."""
    members = select(func.count()).where(TeamMember.team_id == Team.id).correlate(Team).scalar_subquery()
    query = select(Team, members).where(granted(permission, who))
    rows = in_order(((team, count) for team, count in db.session.execute(query)), lambda row: row[0].name)
    return sorted(rows, key=lambda row: not row[0].is_active)


def members_of(team_id: int) -> list[tuple[TeamMember, Person]]:
    """Who is in a team that the caller has been let in to see."""
    query = select(TeamMember, Person).join(Person, Person.id == TeamMember.person_id).join(Person.unit)
    query = (
        query.where(TeamMember.team_id == team_id)
        .options(contains_eager(Person.unit))
        .order_by(Person.sort_name, Person.id)
    )
    return [(member, person) for member, person in db.session.execute(query)]


def teams_of(person_id: int, who: Actor) -> list[Team]:
    query = select(Team).join(TeamMember, TeamMember.team_id == Team.id).where(TeamMember.person_id == person_id)
    return in_order(db.session.scalars(query.where(granted(TeamPermission.MANAGE, who))), lambda team: team.name)
