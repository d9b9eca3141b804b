"""Writing down help that was given on the floor, correcting it and taking it back."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from servicedesk.core import audit, cpr
from servicedesk.core.actor import Actor, Grant
from servicedesk.core.causes import Cause
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError, RefusedError
from servicedesk.core.permissions import granted
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.changes import FieldRefusedError, change
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere import floor, queries
from servicedesk.superbrugere.models import FloorHelp
from servicedesk.superbrugere.policy import FloorHelpPermission, mandates
from servicedesk.superbrugere.rules import (
    MENDABLE,
    MOST_FLOOR_MINUTES,
    MOST_FLOOR_NOTE,
    MOST_HELPED,
    MOST_LATE,
    Leeway,
    floor_leeway,
)
from servicedesk.systems import commands as systems
from servicedesk.systems.models import System
from servicedesk.systems.queries import get_known_error


@dataclass(frozen=True, kw_only=True)
class Help:
    """What a superbruger says of it."""

    unit_id: int
    #: None for what is about no system in particular.
    system_id: int | None
    cause: Cause
    people: int = 1
    minutes: int | None = None
    known_error_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class _Ground:
    """What it was done under."""

    customer_id: int
    appointment_id: int
    guideline_version_id: int


def give_help(told: Help, *, form_id: str, by: Actor, now: datetime, ago: timedelta = timedelta(0)) -> FloorHelp:
    """Writes down help that was given `ago`; the same form sent again gives the record that it made.

    Asked is what the person's appointments and the guideline allowed then. Raises NotFoundError for who never had an
    appointment, NotAllowedError for who had none then, and RefusedError for what makes no sense or is not allowed.
    """
    try:
        with transaction():
            return _made_with(form_id, by) or _give(told, form_id, by, now, ago)
    except IntegrityError:
        # The same form was sent at the same moment, as a telephone does that heard no answer.
        with transaction():
            first = _made_with(form_id, by)
        if first is None:
            raise
        return first


def change_help(help_id: int, told: Help, *, by: Actor, now: datetime) -> FloorHelp:
    """From now on it says this. Raises as `give_help`, and ConflictError when it is too old for that."""
    with transaction():
        row = _hold(help_id, by, now)
        ground = _ground(told, by, row.helped_at)
        changes = change(row, **asdict(told) | {"note": cpr.hide(told.note.strip()).text}, **asdict(ground))
        _check_allowed(row, by)
        if changes:
            _record("floor_help_changed", row, by, now, changes=changes)
    return row


def withdraw_help(help_id: int, *, by: Actor, now: datetime) -> None:
    """Takes it back: it counts nowhere, and can be fetched again as long as it can be corrected."""
    _set_withdrawn(help_id, now, by, now)


def restore_help(help_id: int, *, by: Actor, now: datetime) -> None:
    _set_withdrawn(help_id, None, by, now)


def _set_withdrawn(help_id: int, at: datetime | None, by: Actor, now: datetime) -> None:
    with transaction():
        row = _hold(help_id, by, now)
        if (row.withdrawn_at is None) != (at is None):
            row.withdrawn_at = at
            _record("floor_help_withdrawn" if at else "floor_help_restored", row, by, now)


# ------------------------------------------------------------------------------------------------ writing


def _made_with(form_id: str, by: Actor) -> FloorHelp | None:
    query = select(FloorHelp).where(FloorHelp.person_id == by.id, FloorHelp.form_id == form_id)
    return db.session.scalar(query)


def _give(told: Help, form_id: str, by: Actor, now: datetime, ago: timedelta) -> FloorHelp:
    helped_at = _when(now, ago)
    ground = _ground(told, by, helped_at)
    values = asdict(told) | asdict(ground) | {"note": cpr.hide(told.note.strip()).text}
    row = FloorHelp(**values, person_id=by.id, helped_at=helped_at, made_at=now, form_id=form_id)
    db.session.add(row)
    _check_allowed(row, by)
    if told.known_error_id is not None:
        today = helped_at.astimezone(own_zone()).date()
        systems.note_solved_by(told.known_error_id, by, now, today=today)
    _record("floor_help_given", row, by, now)
    return row


def _when(now: datetime, ago: timedelta) -> datetime:
    if ago < timedelta(0):
        raise RefusedError(N_("Tidspunktet ligger ude i fremtiden. Se, om uret på telefonen går rigtigt."))
    if ago > MOST_LATE:
        raise RefusedError(N_("Det er mere end et døgn siden. Ret den, hvis hjælpen skal skrives på i dag."))
    return now - ago


def _hold(help_id: int, by: Actor, now: datetime) -> FloorHelp:
    query = select(FloorHelp).where(FloorHelp.id == help_id, granted(FloorHelpPermission.CHANGE, by))
    row = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError
    if now - row.made_at > MENDABLE:
        raise ConflictError(N_("Det er for længe siden. Hjælp på stedet kan rettes i syv dage."))
    return row


def _record(action: str, row: FloorHelp, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("floor_help", row.id)
    told = {"system_id": row.system_id, "unit_id": row.unit_id, "cause": row.cause.value, "people": row.people}
    audit.record(action, by=by, now=now, subject=subject, customer_id=row.customer_id, **told, **facts)


# ------------------------------------------------------------------------------------------------ what is allowed


def _ground(told: Help, by: Actor, helped_at: datetime) -> _Ground:
    """Under which appointment and guideline it was done; raises RefusedError."""
    _check_numbers(told)
    who = _as_of(by, helped_at)
    unit, system = _unit(told.unit_id, who), _system(told, who)
    reaching = [grant for grant in mandates(who) if grant.reaches(unit.path, told.system_id)]
    if not reaching:
        raise FieldRefusedError("system", N_("Din aftale dækker ikke det system i den enhed. Vælg noget andet."))
    grant = min(reaching, key=_most_exact)
    assert grant.appointment_id is not None
    assert grant.customer_id is not None
    guideline = _guideline(told, grant.customer_id, system, helped_at)
    return _Ground(grant.customer_id, grant.appointment_id, guideline.version_id)


def _check_numbers(told: Help) -> None:
    if not 1 <= told.people <= MOST_HELPED:
        raise FieldRefusedError("people", N_("Skriv, hvor mange du hjalp: et tal fra 1 til 200."))
    if told.minutes is not None and not 1 <= told.minutes <= MOST_FLOOR_MINUTES:
        raise FieldRefusedError("minutes", N_("Skriv minutterne som et helt tal fra 1 til 480."))
    if len(told.note) > MOST_FLOOR_NOTE:
        raise FieldRefusedError("note", N_("Teksten er for lang: der er plads til 500 tegn."))


def _as_of(by: Actor, helped_at: datetime) -> Actor:
    """The person with the appointments that were in force then."""
    who = load_actor(by.id or 0, today=helped_at.astimezone(own_zone()).date())
    if who is not None and mandates(who):
        return who
    if not floor.was_appointed(by):
        raise NotFoundError
    raise NotAllowedError(N_("Du var ikke udpeget som superbruger, da du hjalp. Derfor kan hjælpen ikke skrives på."))


def _unit(unit_id: int, who: Actor) -> Unit:
    unit = db.session.get(Unit, unit_id)
    is_reached = unit is not None and unit.is_active and any(grant.covers(unit.path) for grant in mandates(who))
    if unit is None or not is_reached:
        raise FieldRefusedError("unit", N_("Vælg en af de enheder, du hjælper."))
    return unit


def _system(told: Help, who: Actor) -> System | None:
    """The system, of which the person is a superbruger, with the known error that helped."""
    if told.system_id is None:
        if told.known_error_id is not None:
            raise FieldRefusedError("known_error", N_("Vælg noget, der hører til systemet."))
        return None
    system = db.session.get(System, told.system_id)
    about = {grant.system_id for grant in mandates(who)}
    customers = {grant.customer_id for grant in mandates(who)}
    if system is None or not system.is_active or system.customer_id not in customers or not about & {None, system.id}:
        raise FieldRefusedError("system", N_("Vælg et af de systemer, du hjælper med."))
    _check_known_error(told, who)
    return system


def _check_known_error(told: Help, who: Actor) -> None:
    if told.known_error_id is None:
        return
    try:
        known = get_known_error(told.known_error_id, who)
    except NotFoundError:
        known = None
    if known is None or known.system_id != told.system_id:
        raise FieldRefusedError("known_error", N_("Vælg noget, der hører til systemet."))


def _guideline(told: Help, customer_id: int, system: System | None, helped_at: datetime) -> queries.InForce:
    found = queries.guideline_at(customer_id, told.system_id, helped_at)
    if found is None:
        raise RefusedError(N_("Der er ikke udgivet en retningslinje endnu. Indtil da går alt til servicedesken."))
    if told.cause is Cause.SECURITY:
        raise FieldRefusedError("cause", N_("En sikkerhedshændelse skal til servicedesken. Opret en henvendelse."))
    terms = found.terms
    if floor_leeway(told.cause, incident=terms.incident, request=terms.request) is Leeway.SOLVE:
        return found
    if system is not None and Leeway.SOLVE not in (terms.incident, terms.request):
        raise FieldRefusedError(
            "system",
            N_("Retningslinjen lader dig ikke løse noget med %(system)s. Opret en henvendelse i stedet."),
            system=system.name,
        )
    raise FieldRefusedError(
        "cause", N_("Retningslinjen lader dig ikke løse noget med den årsag. Opret en henvendelse i stedet.")
    )


def _most_exact(grant: Grant) -> tuple[bool, int, int]:
    """Of several appointments the one that names the system, then the nearest unit."""
    return grant.system_id is None, -len(grant.path or ""), grant.appointment_id or 0


def _check_allowed(row: FloorHelp, by: Actor) -> None:
    """What the policy says of the row itself, asked as of the day of the help."""
    db.session.flush()
    query = select(FloorHelp.id).where(FloorHelp.id == row.id)
    if db.session.scalar(query.where(granted(FloorHelpPermission.GIVE, _as_of(by, row.helped_at)))) is None:
        raise NotAllowedError
