"""Disturbances and planned maintenance: told, followed, ended, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import audit, clock, cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.systems import announcing, news, queries
from servicedesk.systems.hours import working_days
from servicedesk.systems.models import Announcement, Disturbance, DisturbanceSystem, DisturbanceUpdate, System
from servicedesk.systems.policy import DisturbancePermission, SystemPermission
from servicedesk.systems.rules import LONGEST, DisturbanceKind, Phase, UpdateKind, may_take_back

MESSAGE_LENGTH = 200
TEXT_LENGTH = 5_000


@dataclass(frozen=True, kw_only=True)
class NewDisturbance:
    """What is told of a disturbance or of planned maintenance; without a start it is now."""

    system_ids: Sequence[int]
    message: str
    kind: DisturbanceKind = DisturbanceKind.DISTURBANCE
    advice: str = ""
    starts_at: datetime | None = None
    expected_end_at: datetime | None = None


def declare_disturbance(told: NewDisturbance, *, by: Actor, now: datetime) -> Disturbance:
    with transaction() as session:
        systems = _informed_of(told.system_ids, by)
        starts_at = told.starts_at or now
        _check_period(told, starts_at, now)
        row = Disturbance(
            customer_id=systems[0].customer_id,
            kind=told.kind,
            message=_checked(" ".join(told.message.split()), "message", MESSAGE_LENGTH),
            advice=_checked(told.advice.strip(), "advice", TEXT_LENGTH),
            starts_at=starts_at,
            expected_end_at=told.expected_end_at,
            told_from=starts_at,
            by_id=by.id,
            made_at=now,
        )
        row.settle()
        session.add(row)
        session.flush()
        session.add_all(DisturbanceSystem(disturbance_id=row.id, system_id=system.id) for system in systems)
        session.flush()
        if row.kind is DisturbanceKind.MAINTENANCE:
            _plan_announcements(row, systems[0].id, now)
        else:
            news.tell_of_begin(row, by=by, now=now)
        _record("disturbance_declared", row, by, now, systems=", ".join(system.name for system in systems))
    return row


def _plan_announcements(row: Disturbance, system_id: int, now: datetime) -> None:
    """What is announced when, for the worker to do; what begins at once has nothing left to announce."""
    due = announcing.due(row.starts_at, working_days(row.customer_id, system_id, now), clock.own_zone())
    row.told_from = min(due.values())
    if row.starts_at > now:
        db.session.add_all(Announcement(disturbance_id=row.id, stage=stage, due_at=at) for stage, at in due.items())


def update_disturbance(
    id_: int, *, body: str, expected_end_at: datetime | None, by: Actor, now: datetime
) -> Disturbance:
    """What is known by now, and when it is expected to be over; without a time nobody knows."""
    with transaction():
        row = _held(id_, by)
        if row.phase(now) is Phase.OVER:
            raise ConflictError(N_("Den er allerede afsluttet. Sig til, at den ikke er løst, hvis det er tilfældet."))
        _check_end(row.kind, row.starts_at, expected_end_at, now)
        row.expected_end_at = expected_end_at
        row.settle()
        _write(row, UpdateKind.TOLD, _checked(body.strip(), "body", TEXT_LENGTH), by, now)
        _record("disturbance_updated", row, by, now)
    return row


def widen_disturbance(id_: int, system_ids: Sequence[int], *, body: str, by: Actor, now: datetime) -> Disturbance:
    """Other systems are down with it, mostly such as do not run without the first; `body` tells people."""
    with transaction() as session:
        row = _held(id_, by)
        if row.phase(now) is Phase.OVER:
            raise ConflictError(N_("Den er allerede afsluttet. Sig til, at den ikke er løst, hvis det er tilfældet."))
        known = set(session.scalars(select(DisturbanceSystem.system_id).filter_by(disturbance_id=row.id)))
        systems = _informed_of(system_ids, by)
        if any(system.customer_id != row.customer_id for system in systems):
            raise NotFoundError
        new = [system for system in systems if system.id not in known]
        if new:
            session.add_all(DisturbanceSystem(disturbance_id=row.id, system_id=system.id) for system in new)
            session.flush()
            _write(row, UpdateKind.TOLD, _checked(body.strip(), "body", TEXT_LENGTH), by, now)
            _record("disturbance_widened", row, by, now, systems=", ".join(system.name for system in new))
    return row


def end_disturbance(id_: int, *, outcome: str, by: Actor, now: datetime) -> Disturbance:
    """It is over, or planned maintenance is called off before it began; `outcome` says what it was."""
    with transaction():
        row = _held(id_, by)
        if row.ended_at is not None:
            raise ConflictError(N_("Den er allerede afsluttet."))
        row.ended_at, row.outcome = now, _checked(outcome.strip(), "outcome", TEXT_LENGTH)
        row.settle()
        _write(row, UpdateKind.ENDED, row.outcome, by, now)
        _record("disturbance_ended", row, by, now)
    return row


def resume_disturbance(id_: int, *, by: Actor, now: datetime) -> Disturbance:
    """It was not over after all; only for some minutes, as a new one tells people more truly what happened later."""
    with transaction():
        row = _held(id_, by)
        if row.ended_at is None or not may_take_back(row.ended_at, now):
            raise ConflictError(N_("Det er for længe siden til at fortryde. Meld en ny driftsforstyrrelse."))
        row.ended_at = row.outcome = None
        row.settle()
        _write(row, UpdateKind.RESUMED, "", by, now)
        _record("disturbance_resumed", row, by, now)
    return row


def withdraw_disturbance(id_: int, *, by: Actor, now: datetime) -> Disturbance:
    """It was told by mistake: it disappears for everybody, but for the audit log."""
    with transaction():
        row = _held(id_, by)
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            _record("disturbance_withdrawn", row, by, now)
    return row


def restore_disturbance(id_: int, *, by: Actor, now: datetime) -> Disturbance:
    with transaction():
        row = _held(id_, by)
        if row.withdrawn_at is not None:
            row.withdrawn_at = None
            _record("disturbance_restored", row, by, now)
    return row


def set_major(id_: int, is_major: bool, *, by: Actor, now: datetime) -> Disturbance:
    """Whether it is so large that its tickets are gathered and solved together; said again, nothing happens."""
    with transaction():
        row = _held(id_, by)
        if row.kind is DisturbanceKind.MAINTENANCE:
            raise ConflictError(N_("Et servicevindue kan ikke være en større hændelse."))
        if row.is_major is not is_major:
            row.is_major = is_major
            _record("disturbance_made_major" if is_major else "disturbance_made_minor", row, by, now)
    return row


def _informed_of(system_ids: Sequence[int], by: Actor) -> list[System]:
    """The systems, all of one customer and in reach; raises FieldRefusedError or NotFoundError."""
    wanted = set(system_ids)
    if not wanted:
        raise FieldRefusedError("systems", N_("Vælg mindst ét system."))
    query = select(System).where(System.id.in_(wanted), granted(SystemPermission.INFORM, by))
    systems = list(db.session.scalars(query.order_by(System.name)))
    if len(systems) != len(wanted):
        raise NotFoundError
    if len({system.customer_id for system in systems}) > 1:
        raise FieldRefusedError("systems", N_("Vælg systemer i samme organisation. Meld det én gang for hver."))
    return systems


def _check_period(told: NewDisturbance, starts_at: datetime, now: datetime) -> None:
    if told.kind is DisturbanceKind.MAINTENANCE and told.starts_at is None:
        raise FieldRefusedError("starts", N_("Skriv, hvornår servicevinduet begynder."))
    if told.kind is DisturbanceKind.DISTURBANCE and starts_at > now:
        raise FieldRefusedError("starts", N_("Den begynder først senere. Planlæg et servicevindue i stedet."))
    if abs(starts_at - now) > LONGEST:
        raise FieldRefusedError("starts", N_("Tidspunktet ligger mere end et år væk."))
    _check_end(told.kind, starts_at, told.expected_end_at, now)


def _check_end(kind: DisturbanceKind, starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    if ends_at is None:
        if kind is DisturbanceKind.MAINTENANCE:
            raise FieldRefusedError("expected", N_("Skriv, hvornår servicevinduet slutter."))
        return
    if ends_at <= starts_at:
        raise FieldRefusedError("expected", N_("Sluttidspunktet skal ligge efter begyndelsen."))
    if ends_at <= now:
        raise FieldRefusedError("expected", N_("Sluttidspunktet er allerede passeret."))
    if ends_at - starts_at > LONGEST:
        raise FieldRefusedError("expected", N_("Tidspunktet ligger mere end et år væk."))


_MISSING = {"message": N_("Skriv, hvad folk mærker."), "body": N_("Skriv, hvad der er nyt.")}


def _checked(text: str, field: str, limit: int) -> str:
    if not text and field in _MISSING:
        raise FieldRefusedError(field, _MISSING[field])
    if len(text) > limit:
        raise FieldRefusedError(field, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=limit)
    return cpr.hide(text).text


def _held(id_: int, by: Actor) -> Disturbance:
    return queries.get_disturbance(id_, by, DisturbancePermission.CHANGE, lock=True)


def _write(row: Disturbance, kind: UpdateKind, body: str, by: Actor, now: datetime) -> None:
    """A line of its journal, and everybody who is to hear of it hears."""
    line = DisturbanceUpdate(
        disturbance_id=row.id, at=now, by_id=by.id, kind=kind, body=body, expected_end_at=row.expected_end_at
    )
    db.session.add(line)
    db.session.flush()
    news.tell_of_line(row, line, by=by, now=now)


def _record(action: str, row: Disturbance, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("disturbance", row.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=row.customer_id, name=row.message, **facts)
