"""Changes of the register of systems."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM, Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, NotAllowedError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import Changes, FieldRefusedError, change, hold
from servicedesk.organisation.commands.roles import give_role
from servicedesk.organisation.commands.units import checked_name
from servicedesk.organisation.models import Person, RoleGrant, Team, Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.queries import get_unit
from servicedesk.systems import queries
from servicedesk.systems.commands.knowing import retell_words
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission

_DESCRIPTION_LENGTH = 2_000
_ALIASES_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class SystemWords:
    """What the register says of a system. `unit_id` empty: everybody uses it."""

    name: str
    description: str | None = None
    #: What people also call it, with commas between.
    aliases: str = ""
    unit_id: int | None = None
    owner_id: int | None = None
    team_id: int | None = None


def add_system(customer_id: int, told: SystemWords, *, today: date, by: Actor, now: datetime) -> System:
    with transaction() as session:
        customer = get_unit(customer_id, by, UnitPermission.OPEN_ADMINISTRATION)
        if customer.parent_id is not None:
            raise NotFoundError
        hold(customer.id)
        system = System(customer_id=customer.id, name=_free_name(told.name, customer.id), is_active=True)
        session.add(system)
        session.flush()
        _write(system, told, today, by, now)
        _check_still_in_reach(system, by)
        _record("system_added", system, by, now)
    return system


def change_system(system_id: int, told: SystemWords, *, today: date, by: Actor, now: datetime) -> System:
    with transaction():
        system = queries.get_system(system_id, by)
        hold(system.customer_id, system)
        changes = _write(system, told, today, by, now)
        _check_still_in_reach(system, by)
        if "name" in changes:
            retell_words(system)
        if changes:
            _record("system_changed", system, by, now, changes)
    return system


def set_system_active(system_id: int, is_active: bool, *, by: Actor, now: datetime) -> System:
    """A system out of use cannot be chosen any more; the tickets about it stay."""
    with transaction():
        system = queries.get_system(system_id, by)
        hold(system.customer_id, system)
        if change(system, is_active=is_active):
            _record("system_activated" if is_active else "system_deactivated", system, by, now)
    return system


def _write(system: System, told: SystemWords, today: date, by: Actor, now: datetime) -> Changes:
    changes: Changes = {}
    unit, owner, team = (
        _own(Unit, told.unit_id, system.customer_id),
        _own(Person, told.owner_id, system.customer_id),
        _own(Team, told.team_id, system.customer_id),
    )
    for field, column, after in (("unit", "unit_id", unit), ("owner", "owner_id", owner), ("team", "team_id", team)):
        before = _named(type(after) if after else _KINDS[field], getattr(system, column))
        if getattr(system, column) != (after.id if after else None):
            changes[field] = [before, after.name if after else None]
    if "owner" in changes:
        _hand_over(system, owner, today, by, now)
    change(system, unit_id=told.unit_id, owner_id=told.owner_id, team_id=told.team_id)
    name = _free_name(told.name, system.customer_id, but=system.id)
    description, aliases = _checked_description(told.description), _checked_aliases(told.aliases)
    changes |= change(system, name=name, description=description, aliases=aliases)
    db.session.flush()
    return changes


_KINDS: dict[str, type[Unit] | type[Person] | type[Team]] = {"unit": Unit, "owner": Person, "team": Team}


def _own(kind: Any, id_: int | None, customer_id: int) -> Any:
    """A unit, person or team of the system's customer; another customer's does not exist here."""
    if id_ is None:
        return None
    row = db.session.scalars(
        select(kind).where(kind.id == id_, kind.customer_id == customer_id, kind.is_active)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def _named(kind: Any, id_: int | None) -> str | None:
    return None if id_ is None else str(db.session.get_one(kind, id_).name)


def _hand_over(system: System, owner: Person | None, today: date, by: Actor, now: datetime) -> None:
    """The role of system owner goes with the system; nobody makes himself or herself the owner."""
    if owner is not None and owner.id == by.id:
        raise NotAllowedError(N_("Du kan ikke gøre dig selv til systemejer. Bed en anden om det."))
    held = select(RoleGrant).where(RoleGrant.system_id == system.id, RoleGrant.role == Role.SYSTEM_OWNER)
    in_force = or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today)
    for grant in db.session.scalars(held.where(RoleGrant.person_id == system.owner_id, in_force)).all():
        _end(grant, today)
    if owner is None:
        return
    already = held.where(RoleGrant.person_id == owner.id, RoleGrant.starts_on <= today, RoleGrant.ends_on.is_(None))
    if db.session.scalars(already).first() is None:
        give_role(owner.id, role=Role.SYSTEM_OWNER, system_id=system.id, starts_on=today, by=SYSTEM, now=now)


def _end(grant: RoleGrant, today: date) -> None:
    if grant.starts_on >= today:
        db.session.delete(grant)
    else:
        grant.ends_on = today - timedelta(days=1)


def _check_still_in_reach(system: System, by: Actor) -> None:
    """Whoever runs a part of the organisation keeps to systems that are used there alone."""
    query = select(System.id).where(System.id == system.id, granted(SystemPermission.MANAGE, by))
    if db.session.scalar(query) is None:
        raise FieldRefusedError("unit_id", N_("Vælg en enhed, som du selv har ansvar for."))


def _free_name(name: str, customer_id: int, but: int | None = None) -> str:
    name = checked_name(name)
    taken = select(System.id).where(
        System.customer_id == customer_id, System.name == name, System.id.is_distinct_from(but)
    )
    if db.session.scalar(taken) is not None:
        raise FieldRefusedError("name", N_("Der er allerede et system med det navn."))
    return name


def _checked_description(description: str | None) -> str | None:
    text = (description or "").strip()
    if len(text) > _DESCRIPTION_LENGTH:
        raise FieldRefusedError(
            "description", N_("Beskrivelsen er for lang. Den må højst fylde %(limit)s tegn."), limit=_DESCRIPTION_LENGTH
        )
    return text or None


def _checked_aliases(aliases: str) -> str:
    names = dict.fromkeys(name for one in aliases.split(",") if (name := " ".join(one.split())))
    text = ", ".join(names)
    if len(text) > _ALIASES_LENGTH:
        raise FieldRefusedError(
            "aliases", N_("Det er for mange navne. De må højst fylde %(limit)s tegn."), limit=_ALIASES_LENGTH
        )
    return text


def _record(action: str, system: System, by: Actor, now: datetime, changes: Changes | None = None) -> None:
    told = {"changes": changes} if changes else {}
    subject = ("system", system.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=system.customer_id, name=system.name, **told)
