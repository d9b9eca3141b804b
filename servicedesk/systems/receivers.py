"""Who hears that something is wrong: those who notice it too, and those who follow a system, as far as they may."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, union

from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.actors import is_in_force, load_actors
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.systems.models import Disturbance, DisturbanceSystem, MeToo, System, SystemFollower, SystemUnit
from servicedesk.systems.policy import SystemPermission


class Concerned(NamedTuple):
    """A system that a disturbance concerns, with where it is used."""

    id: int
    name: str
    customer_id: int
    is_active: bool
    #: Paths of the subtrees that use it; none when everybody does.
    paths: tuple[str, ...]


def concerned_by(disturbance: Disturbance) -> list[Concerned]:
    """Its systems by name, whoever hears of them."""
    query = (
        select(System.id, System.name, System.customer_id, System.is_active, Unit.path)
        .join(DisturbanceSystem, DisturbanceSystem.system_id == System.id)
        .outerjoin(SystemUnit, SystemUnit.system_id == System.id)
        .outerjoin(Unit, Unit.id == SystemUnit.unit_id)
        .where(DisturbanceSystem.disturbance_id == disturbance.id)
        .order_by(System.name, System.id, Unit.path)
    )
    found: dict[int, Concerned] = {}
    for id_, name, customer_id, is_active, path in db.session.execute(query):
        before = found[id_].paths if id_ in found else ()
        found[id_] = Concerned(id_, name, customer_id, is_active, (*before, path) if path is not None else before)
    return list(found.values())


def joined(disturbance: Disturbance) -> Select[Any]:
    return select(MeToo.person_id).where(MeToo.disturbance_id == disturbance.id)


def following(systems: Iterable[Concerned]) -> Select[Any]:
    return select(SystemFollower.person_id).where(SystemFollower.system_id.in_([one.id for one in systems]))


def those_who_may_hear(
    some: Iterable[Select[Any]], systems: Sequence[Concerned], now: datetime
) -> Mapping[tuple[Concerned, ...], set[int]]:
    """The persons by what they hear of among the systems; nobody who hears of none. A handful of questions at most.

    The place where people work answers for nearly all; those with roles, of whom there are few, are asked for by the
    policy itself.
    """
    wanted = union(*some).subquery()
    today = now.astimezone(clock.own_zone()).date()
    held = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, is_in_force(today))
    query = (
        select(Person.id, Person.customer_id, Unit.path, held.exists())
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id.in_(select(wanted.c.person_id)), Person.is_active)
    )
    heard = {}
    with_roles = []
    for person_id, customer_id, path, has_role in db.session.execute(query):
        heard[person_id] = tuple(one for one in systems if _is_used_at(one, customer_id, path))
        if has_role and len(heard[person_id]) < len(systems):
            with_roles.append(person_id)
    heard |= _by_policy(with_roles, systems, now)
    return _grouped(heard)


def _is_used_at(system: Concerned, customer_id: int, path: str) -> bool:
    """As `policy.is_used_where_person_works` says it."""
    is_there = not system.paths or path.startswith(system.paths)
    return system.is_active and system.customer_id == customer_id and is_there


def _by_policy(ids: list[int], systems: Sequence[Concerned], now: datetime) -> dict[int, tuple[Concerned, ...]]:
    actors = load_actors(ids, today=now.astimezone(clock.own_zone()).date())
    concerned = System.id.in_([one.id for one in systems])
    found = {}
    for id_, who in actors.items():
        asked = select(System.id).where(concerned, granted(SystemPermission.HEAR, who))
        heard = set(db.session.scalars(asked))
        found[id_] = tuple(one for one in systems if one.id in heard)
    return found


def _grouped(heard: Mapping[int, tuple[Concerned, ...]]) -> dict[tuple[Concerned, ...], set[int]]:
    groups: dict[tuple[Concerned, ...], set[int]] = {}
    for person_id, systems in heard.items():
        if systems:
            groups.setdefault(systems, set()).add(person_id)
    return groups
