"""Appointing superbrugere. What one may do follows from the appointment, and is written with it: role grants."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.superbrugere.models import Appointment, AppointmentSystem, AppointmentUnit
from servicedesk.superbrugere.policy import AppointmentPermission, CorpsPermission
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.systems.models import System

#: A full working week in Denmark.
MOST_MINUTES = 37 * 60


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed."""

    kind: AppointmentKind
    #: By unit, whether those below it are meant as well.
    units: Mapping[int, bool]
    #: None for every system.
    systems: Collection[int] = field(default_factory=tuple)
    starts_on: date
    ends_on: date | None = None
    weekly_minutes: int = 0
    agreed_by_id: int | None = None
    deputy_id: int | None = None


def appoint(person_id: int, terms: Terms, *, by: Actor, now: datetime) -> Appointment:
    """Makes a person a superbruger from a day on.

    Raises NotFoundError for a person, unit or system of another customer, NotAllowedError for oneself, and
    FieldRefusedError for terms that make no sense.
    """
    with transaction() as session:
        person = _person(person_id, by)
        if person.id == by.id:
            raise NotAllowedError(N_("Man kan ikke udpege sig selv. Bed en kollega om det."))
        _check(terms, person)
        appointment = Appointment(
            customer_id=person.customer_id, person_id=person.id, kind=terms.kind, starts_on=terms.starts_on, made_at=now
        )
        session.add(appointment)
        _write(appointment, terms)
        _record("superbruger_appointed", appointment, person.name, by, now)
    return appointment


def change_appointment(
    appointment_id: int, terms: Terms, *, by: Actor, now: datetime, seen: int | None = None
) -> Appointment:
    """From now on it says this. Raises as `appoint`, and ConflictError when somebody changed it meanwhile."""
    with transaction():
        appointment = _hold(appointment_id, by)
        if seen is not None and seen != appointment.version:
            raise ConflictError(N_("Udpegningen er ændret, siden du åbnede den. Se den igen, og ret så."))
        person = _person(appointment.person_id, by)
        _check(terms, person)
        appointment.version += 1
        _write(appointment, terms)
        _record("appointment_changed", appointment, person.name, by, now)
    return appointment


def end_appointment(appointment_id: int, *, by: Actor, now: datetime, today: date) -> Appointment:
    """It ends at once: from this moment the person has nothing by it, and neither has a deputy."""
    with transaction() as session:
        appointment = _hold(appointment_id, by)
        if appointment.is_over(today):
            return appointment
        yesterday = today - timedelta(days=1)
        appointment.ends_on = max(yesterday, appointment.starts_on)
        appointment.version += 1
        session.flush()
        if appointment.starts_on > yesterday:
            session.execute(delete(RoleGrant).where(RoleGrant.appointment_id == appointment.id))
        else:
            _write_grants(appointment)
        _record("appointment_ended", appointment, _person(appointment.person_id, by).name, by, now)
    return appointment


def _hold(appointment_id: int, by: Actor) -> Appointment:
    query = select(Appointment).where(Appointment.id == appointment_id, granted(AppointmentPermission.READ, by))
    found = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError
    allowed = select(Appointment.id).where(Appointment.id == found.id, granted(AppointmentPermission.CHANGE, by))
    if db.session.scalar(allowed) is None:
        raise NotAllowedError
    return found


def _person(person_id: int, by: Actor) -> Person:
    query = select(Person).join(Unit, Unit.id == Person.customer_id)
    found = db.session.scalar(query.where(Person.id == person_id, granted(CorpsPermission.MANAGE, by)))
    if found is None:
        raise NotFoundError
    return found


def _check(terms: Terms, person: Person) -> None:
    if not person.is_active:
        raise FieldRefusedError("person", N_("Personen er ikke ansat længere."))
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise FieldRefusedError("ends_on", N_("Den sidste dag ligger før den første."))
    if not 0 <= terms.weekly_minutes <= MOST_MINUTES:
        raise FieldRefusedError("hours", N_("Skriv timerne om ugen som et tal fra 0 til 37."))
    if not terms.units:
        raise FieldRefusedError("units", N_("Vælg mindst én enhed."))
    if terms.kind is AppointmentKind.SYSTEM and not terms.systems:
        raise FieldRefusedError("systems", N_("En systemsuperbruger skal have mindst ét system."))
    _check_own(Unit, terms.units.keys(), person.customer_id, "units")
    _check_own(System, terms.systems, person.customer_id, "systems")
    _check_colleague(terms.deputy_id, person, "deputy")
    _check_colleague(terms.agreed_by_id, person, "agreed_by")


def _check_own(kind: type[Unit] | type[System], ids: Collection[int], customer_id: int, name: str) -> None:
    query = select(kind.id).where(kind.id.in_(ids), kind.customer_id == customer_id, kind.is_active)
    if set(db.session.scalars(query)) != set(ids):
        raise FieldRefusedError(name, N_("Noget af det valgte findes ikke længere. Vælg igen."))


def _check_colleague(person_id: int | None, person: Person, name: str) -> None:
    if person_id is None:
        return
    found = db.session.get(Person, person_id)
    if found is None or not found.is_active or found.customer_id != person.customer_id or found.id == person.id:
        raise FieldRefusedError(name, N_("Vælg en anden kollega i samme organisation."))


def _write(appointment: Appointment, terms: Terms) -> None:
    appointment.kind, appointment.starts_on, appointment.ends_on = terms.kind, terms.starts_on, terms.ends_on
    appointment.weekly_minutes, appointment.agreed_by_id = terms.weekly_minutes, terms.agreed_by_id
    appointment.deputy_id = terms.deputy_id
    session = db.session
    session.flush()
    for kind in (AppointmentUnit, AppointmentSystem):
        session.execute(delete(kind).where(kind.appointment_id == appointment.id))
    session.add_all(
        AppointmentUnit(appointment_id=appointment.id, unit_id=unit_id, with_subunits=below)
        for unit_id, below in sorted(terms.units.items())
    )
    session.add_all(
        AppointmentSystem(appointment_id=appointment.id, system_id=id_) for id_ in sorted(set(terms.systems))
    )
    session.flush()
    _write_grants(appointment)


def _write_grants(appointment: Appointment) -> None:
    """One role for each unit and system; whatever there was before is gone."""
    session = db.session
    session.execute(delete(RoleGrant).where(RoleGrant.appointment_id == appointment.id))
    units = session.scalars(select(AppointmentUnit).where(AppointmentUnit.appointment_id == appointment.id)).all()
    query = select(AppointmentSystem.system_id).where(AppointmentSystem.appointment_id == appointment.id)
    systems: list[int | None] = [*session.scalars(query)] or [None]
    session.add_all(
        RoleGrant(
            person_id=appointment.person_id,
            role=Role.SUPERBRUGER,
            unit_id=unit.unit_id,
            with_subunits=unit.with_subunits,
            system_id=system_id,
            starts_on=appointment.starts_on,
            ends_on=appointment.ends_on,
            deputy_id=appointment.deputy_id,
            appointment_id=appointment.id,
        )
        for unit in units
        for system_id in systems
    )


def _record(action: str, appointment: Appointment, name: str, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        subject=("person", appointment.person_id),
        customer_id=appointment.customer_id,
        appointment_id=appointment.id,
        name=name,
        kind=appointment.kind.value,
        starts_on=appointment.starts_on.isoformat(),
        ends_on=appointment.ends_on.isoformat() if appointment.ends_on else None,
        deputy_id=appointment.deputy_id,
    )
