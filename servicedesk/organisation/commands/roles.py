"""Who is given which role, over what, and for how long."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM, Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError
from servicedesk.organisation import queries
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.commands.persons import add_person
from servicedesk.organisation.commands.units import add_customer
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.organisation.policy import PersonPermission

#: Roles that may be held over one system; a system owner's can be held over nothing else.
SYSTEM_ROLES = (Role.SYSTEM_OWNER,)
#: The role follows from what was agreed: for whom, with what, with which manager, and who stands in.
APPOINTED = N_("En superbruger bliver udpeget og får rollen med udpegningen. Gør det i menuen under Superbrugere.")
FOLLOWS_FROM_APPOINTMENT = N_("Rollen følger af en udpegning som superbruger. Afslut den i menuen under Superbrugere.")


def give_role(
    person_id: int,
    *,
    role: Role,
    unit_id: int | None = None,
    system_id: int | None = None,
    starts_on: date,
    ends_on: date | None = None,
    by: Actor,
    now: datetime,
) -> RoleGrant:
    """Gives a person a role over a subtree, a system or, with neither, everything.

    Both the person and what the role is over must be within the giver's own scope, and nobody gives roles to
    himself or herself: that way nobody comes to more than somebody else wanted.
    """
    with transaction() as session:
        person = queries.get_person(person_id, by)
        _check_other(person.id, by)
        scope = _scope_in_words(unit_id, system_id, by)
        _check_fits(role, system_id, starts_on, ends_on)
        if role is Role.SUPERBRUGER:
            raise FieldRefusedError("role", APPOINTED)
        hold(person.customer_id)
        _check_new(person.id, role, unit_id, system_id, starts_on, ends_on)
        grant = RoleGrant(
            person=person, role=role, unit_id=unit_id, system_id=system_id, starts_on=starts_on, ends_on=ends_on
        )
        session.add(grant)
        session.flush()
        _record("role_given", grant, person, scope, by, now)
    return grant


def end_role(grant_id: int, *, today: date, by: Actor, now: datetime) -> None:
    """From now on the person does not have the role; one that had not lasted a day is taken back altogether."""
    with transaction() as session:
        grant = queries.get_grant(grant_id, by)
        _check_other(grant.person_id, by)
        if grant.appointment_id is not None:
            raise ConflictError(FOLLOWS_FROM_APPOINTMENT)
        if grant.ends_on is not None and grant.ends_on < today:
            return
        scope = _scope_in_words(grant.unit_id, grant.system_id, by)
        grant.ends_on = max(today - timedelta(days=1), grant.starts_on)
        _record("role_ended", grant, grant.person, scope, by, now)
        if grant.starts_on >= today:
            session.delete(grant)


def first_administrator(
    *, organisation: str, name: str, initials: str, email: str | None = None, today: date, now: datetime
) -> Person:
    """Somebody who may do everything, and the organisation to begin with; safe to repeat.

    Answers the administrator who is there already, if any.
    """
    with transaction() as session:
        there = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).order_by(Person.id).limit(1)
        there = there.where(Person.is_active, RoleGrant.role == Role.ADMINISTRATOR, _in_force(today))
        person = session.scalars(there.where(RoleGrant.unit_id.is_(None), RoleGrant.system_id.is_(None))).first()
        if person is not None:
            return person
        root = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).first()
        root = root or add_customer(name=organisation, by=SYSTEM, now=now)
        known = queries.find_by_initials(initials, root.id, SYSTEM, PersonPermission.FIND)
        person = known or add_person(name=name, initials=initials, email=email, unit_id=root.id, by=SYSTEM, now=now)
        give_role(person.id, role=Role.ADMINISTRATOR, starts_on=today, by=SYSTEM, now=now)
    return person


def _in_force(today: date) -> ColumnElement[bool]:
    return (RoleGrant.starts_on <= today) & or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today)


def _check_other(person_id: int, by: Actor) -> None:
    if person_id == by.id:
        raise NotAllowedError(N_("Du kan ikke ændre dine egne roller. Bed en anden administrator om det."))


def _scope_in_words(unit_id: int | None, system_id: int | None, by: Actor) -> dict[str, str]:
    """What a role is over, by name; raises NotFoundError when that is outside the scope of `by`."""
    if unit_id is not None and system_id is not None:
        raise FieldRefusedError("scope", N_("Vælg enten en enhed eller et system."))
    if unit_id is not None:
        return {"unit": queries.get_unit(unit_id, by).name}
    if system_id is not None:
        queries.get_system_customer(system_id, by)
        name = db.session.scalar(select(queries.SYSTEMS.c.name).where(queries.SYSTEMS.c.id == system_id))
        return {"system": str(name)}
    if not queries.is_over_all(by):
        raise NotFoundError
    return {}


def _check_fits(role: Role, system_id: int | None, starts_on: date, ends_on: date | None) -> None:
    if system_id is None and role is Role.SYSTEM_OWNER:
        raise FieldRefusedError("scope", N_("En systemejer skal have et system. Vælg det under »Gælder for«."))
    if system_id is not None and role not in SYSTEM_ROLES:
        raise FieldRefusedError("scope", N_("Rollen gælder for en enhed og ikke for et system. Vælg en enhed."))
    if ends_on is not None and ends_on < starts_on:
        raise FieldRefusedError("ends_on", N_("Slutdatoen ligger før startdatoen."))


def _check_new(
    person_id: int, role: Role, unit_id: int | None, system_id: int | None, starts_on: date, ends_on: date | None
) -> None:
    query = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.unit_id.is_not_distinct_from(unit_id),
        RoleGrant.system_id.is_not_distinct_from(system_id),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= starts_on),
    )
    if ends_on is not None:
        query = query.where(RoleGrant.starts_on <= ends_on)
    if db.session.scalar(query.limit(1)) is not None:
        raise FieldRefusedError("role", N_("Personen har allerede den rolle i perioden."))


def _record(action: str, grant: RoleGrant, person: Person, scope: dict[str, str], by: Actor, now: datetime) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        subject=("person", person.id),
        customer_id=person.customer_id,
        name=person.name,
        role=grant.role.value,
        starts_on=grant.starts_on.isoformat(),
        ends_on=grant.ends_on.isoformat() if grant.ends_on else None,
        **scope,
    )
