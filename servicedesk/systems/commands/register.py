"""Changes of the register of systems."""

from collections.abc import Collection, Sequence
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
from servicedesk.organisation.models import Person, RoleGrant, Team
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.queries import get_unit
from servicedesk.systems import queries
from servicedesk.systems.commands import details
from servicedesk.systems.commands.knowing import retell_words
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import BETWEEN_REVIEWS, Criticality
from servicedesk.systems.windows import Window

_DESCRIPTION_LENGTH = 2_000
_ALIASES_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class SystemWords:
    """What the register says of a system. Without units everybody uses it."""

    name: str
    description: str | None = None
    #: What people also call it, with commas between.
    aliases: str = ""
    unit_ids: Collection[int] = ()
    owner_id: int | None = None
    manager_id: int | None = None
    deputy_id: int | None = None
    team_id: int | None = None
    supplier_id: int | None = None
    criticality: Criticality = Criticality.ORDINARY
    hours_id: int | None = None
    #: The systems that it does not run without.
    needed_ids: Collection[int] = ()
    #: The parts that people play in it.
    roles: Sequence[str] = ()
    windows: Collection[Window] = ()
    external_key: str | None = None


def add_system(customer_id: int, told: SystemWords, *, today: date, by: Actor, now: datetime) -> System:
    with transaction() as session:
        customer = get_unit(customer_id, by, UnitPermission.OPEN_ADMINISTRATION)
        if customer.parent_id is not None:
            raise NotFoundError
        hold(customer.id)
        system = System(customer_id=customer.id, name=_free_name(told.name, customer.id), is_active=True)
        system.review_due_on = today + BETWEEN_REVIEWS
        session.add(system)
        session.flush()
        _write(system, told, today, by, now)
        _check_still_in_reach(system, by, SystemPermission.MANAGE)
        _record("system_added", system, by, now)
    return system


def change_system(system_id: int, told: SystemWords, *, today: date, by: Actor, now: datetime) -> System:
    """Whoever keeps the system changes all but what is the administration's: its name, its owner and its team."""
    with transaction():
        system = queries.get_system(system_id, by, SystemPermission.KEEP)
        hold(system.customer_id, system)
        reserved = (system.name, system.owner_id, system.team_id)
        may_manage = _is_open(system, by, SystemPermission.MANAGE)
        changes = _write(system, told, today, by, now)
        if not may_manage and reserved != (system.name, system.owner_id, system.team_id):
            raise NotAllowedError(N_("Navn, systemejer og team ændres af servicedesken."))
        _check_still_in_reach(system, by, SystemPermission.MANAGE if may_manage else SystemPermission.KEEP)
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


#: What points at one row, and the kind of row.
_LINKS: dict[str, type[Person] | type[Team]] = {"owner": Person, "manager": Person, "deputy": Person, "team": Team}


def _write(system: System, told: SystemWords, today: date, by: Actor, now: datetime) -> Changes:
    changes: Changes = {}
    for field, kind in _LINKS.items():
        before, after = getattr(system, f"{field}_id"), getattr(told, f"{field}_id")
        if before == after:  # also when whoever it is has left meanwhile
            continue
        row = _own(kind, after, system.customer_id)
        changes[field] = [_named(kind, before), row.name if row else None]
        if field == "owner":
            _hand_over(system, row, today, by, now)
        change(system, **{f"{field}_id": after})
    _check_deputy(system)
    changes |= details.write_outside(system, told.supplier_id, told.hours_id)
    changes |= change(
        system,
        name=_free_name(told.name, system.customer_id, but=system.id),
        description=_checked_description(told.description),
        aliases=_checked_aliases(told.aliases),
        criticality=told.criticality,
        external_key=told.external_key if told.external_key is not None else system.external_key,
    )
    db.session.flush()
    changes |= details.write_units(system, told.unit_ids)
    changes |= details.write_needs(system, told.needed_ids)
    changes |= details.write_roles(system, told.roles)
    return changes | details.write_windows(system, told.windows)


def _check_deputy(system: System) -> None:
    if system.deputy_id is not None and system.deputy_id == system.manager_id:
        raise FieldRefusedError("deputy", N_("Stedfortræderen skal være en anden end systemforvalteren."))


def _own(kind: Any, id_: int | None, customer_id: int) -> Any:
    """A person or team of the system's customer; another customer's does not exist here."""
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


def _check_still_in_reach(system: System, by: Actor, permission: SystemPermission) -> None:
    """Whoever runs a part of the organisation keeps to systems that are used there alone."""
    if not _is_open(system, by, permission):
        raise FieldRefusedError("units", N_("Vælg enheder, som du selv har ansvar for."))


def _is_open(system: System, by: Actor, permission: SystemPermission) -> bool:
    query = select(System.id).where(System.id == system.id, granted(permission, by))
    return db.session.scalar(query) is not None


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
