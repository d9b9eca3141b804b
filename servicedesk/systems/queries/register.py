"""The register, always for a person."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import bare, db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import Permission, granted
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.organisation.policy import PersonPermission, UnitPermission
from servicedesk.organisation.queries import find_by_initials, in_tree_order
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission


def get_system(system_id: int, who: Actor, permission: Permission = SystemPermission.MANAGE) -> System:
    system = db.session.scalars(select(System).where(System.id == system_id, granted(permission, who))).one_or_none()
    if system is None:
        raise NotFoundError
    return system


def choosable(who: Actor, *, customer_id: int | None = None) -> list[System]:
    """What a person may say that a ticket is about, by name; with `customer_id` only that customer's."""
    query = select(System).where(granted(SystemPermission.CHOOSE, who))
    if customer_id is not None:
        query = query.where(System.customer_id == customer_id)
    return in_order(db.session.scalars(query), lambda system: system.name)


def may_inform(system: System, who: Actor) -> bool:
    query = select(System.id).where(System.id == system.id, granted(SystemPermission.INFORM, who))
    return db.session.scalar(query) is not None


def heard_of(who: Actor, permission: SystemPermission = SystemPermission.HEAR) -> list[System]:
    """The systems that news is for: of which `who` hears, or with another permission, of which he or she may tell."""
    query = select(System).where(granted(permission, who), System.is_active).order_by(System.name, System.id)
    return list(db.session.scalars(query))


class Named(NamedTuple):
    """A system in use, as a line names it."""

    id: int
    name: str
    customer_id: int


def named_systems(who: Actor) -> list[Named]:
    """The same as `heard_of`, without all the rest of them."""
    return [Named._make(row) for row in bare(_asking_for_names(who))]


@lru_cache(maxsize=1_000)
def _asking_for_names(who: Actor) -> Select[*tuple[Any, ...]]:
    query = select(System.id, System.name, System.customer_id).where(granted(SystemPermission.HEAR, who))
    return query.where(System.is_active).order_by(System.name, System.id)


def teams_to_choose(customer_id: int) -> list[Team]:
    """The teams that a system of a customer can go to; the caller has been let in to the system."""
    query = select(Team).where(Team.customer_id == customer_id, Team.is_active)
    return in_order(db.session.scalars(query), lambda team: team.name)


def units_to_choose(customer_id: int, who: Actor, *, all_of_them: bool = False) -> list[Unit]:
    """The units of a customer in which `who` runs systems, or every one for whoever keeps a system there."""
    in_reach = Unit.is_active.is_(True) if all_of_them else granted(UnitPermission.OPEN_ADMINISTRATION, who)
    return in_tree_order(db.session.scalars(select(Unit).where(Unit.customer_id == customer_id, in_reach)).all())


def find_keeper(initials: str, customer_id: int) -> Person | None:
    """An active person of the customer, for whoever keeps a system there."""
    return find_by_initials(initials, customer_id, SYSTEM, PersonPermission.FIND)


def initials_of(person_id: int) -> str | None:
    return db.session.scalar(select(Person.initials).where(Person.id == person_id))


def may(permission: Permission, system: System, who: Actor) -> bool:
    query = select(System.id).where(System.id == system.id, granted(permission, who))
    return db.session.scalar(query) is not None
