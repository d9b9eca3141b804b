"""Help that was given on the floor: reading and counting it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.causes import Cause
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.organisation.scope import within
from servicedesk.superbrugere.models import Appointment, FloorHelp, Guideline
from servicedesk.superbrugere.policy import FloorHelpPermission, mandates
from servicedesk.superbrugere.rules import MENDABLE, Leeway, floor_leeway
from servicedesk.systems.models import KnownError, System, SystemUnit
from servicedesk.systems.queries import list_known_errors
from servicedesk.systems.rules import KnownErrorState

#: So far back it is looked what a superbruger usually helps with.
USUAL = timedelta(days=90)
#: Of a superbruger's newest help, so much is shown to be corrected.
SHOWN = 8


class By(StrEnum):
    """What help on the floor is counted by."""

    SUPERBRUGER = "superbruger"
    UNIT = "unit"
    SYSTEM = "system"
    CAUSE = "cause"


class Count(NamedTuple):
    """How much help was given: each time counts as something solved at first contact by the local tier."""

    times: int
    #: How many were helped.
    people: int
    #: Minutes that were noted; those of times without any count as none.
    minutes: int


NONE = Count(0, 0, 0)

_COLUMNS: dict[By, Any] = {
    By.SUPERBRUGER: FloorHelp.person_id,
    By.UNIT: FloorHelp.unit_id,
    By.SYSTEM: FloorHelp.system_id,
    By.CAUSE: FloorHelp.cause,
}
_COUNTED = (
    func.count().label("times"),
    func.coalesce(func.sum(FloorHelp.people), 0).label("people"),
    func.coalesce(func.sum(FloorHelp.minutes), 0).label("minutes"),
)


def floor_counts(
    customer_id: int,
    since: datetime,
    until: datetime,
    by: By | None = None,
    *,
    person_id: int | None = None,
    system_id: int | None = None,
    unit_ids: Collection[int] | None = None,
) -> dict[Any, Count]:
    """Help from `since` until just before `until` at a customer that the caller has been let in to count.

    By the id of the superbruger, of the unit or of the system (None for none in particular) or by Cause; without `by`
    all of it under None. What was taken back is left out. One query along the index of customer and time.
    """
    column = None if by is None else _COLUMNS[by]
    query = select(*([] if column is None else [column]), *_COUNTED).where(
        FloorHelp.customer_id == customer_id,
        FloorHelp.helped_at >= since,
        FloorHelp.helped_at < until,
        FloorHelp.withdrawn_at.is_(None),
    )
    for narrowed, wanted in ((FloorHelp.person_id, person_id), (FloorHelp.system_id, system_id)):
        query = query if wanted is None else query.where(narrowed == wanted)
    if unit_ids is not None:
        query = query.where(FloorHelp.unit_id.in_(unit_ids))
    rows: Any = db.session.execute(query if column is None else query.group_by(column))
    return {None if column is None else row[0]: Count(row.times, row.people, row.minutes) for row in rows}


# ------------------------------------------------------------------------------------------------ what to choose from


@dataclass(frozen=True)
class Offered:
    """What a superbruger can say of help; everything else would be refused."""

    units: Sequence[Unit]
    #: The person's own, when he or she helps there, else the first.
    unit_id: int | None
    #: Those that the person helps with and may solve something with, the most used first.
    systems: Sequence[System]
    #: The one that the person helped with most often lately; None while there is nothing to go by.
    usual: int | None
    #: Whether it can be about no system in particular.
    is_general: bool
    #: Those that the guidelines leave to the servicedesk.
    kept: Sequence[System]
    causes: Sequence[Cause]
    has_guideline: bool


def offered(who: Actor, now: datetime) -> Offered:
    """A fixed number of queries, however much the person helps with."""
    units = _units(who)
    customers = {grant.customer_id for grant in mandates(who)}
    leeways = _leeways(customers)
    systems = _systems(who, units)
    solvable = {system.id: _solvable(leeways, system.customer_id, system.id) for system in systems}
    is_general = any(grant.system_id is None for grant in mandates(who))
    general = {cause for id_ in customers for cause in _solvable(leeways, id_, None)} if is_general else set()
    possible = general.union(*solvable.values())
    used = _used(who, now)
    ordered = sorted((one for one in systems if solvable[one.id]), key=lambda one: -used.of_all.get(one.id, 0))
    return Offered(
        units=units,
        unit_id=_first_unit(units, who),
        systems=ordered,
        usual=_usual(ordered, used, is_general=bool(general)),
        is_general=bool(general),
        kept=[one for one in systems if not solvable[one.id]],
        causes=[cause for cause in Cause if cause in possible],
        has_guideline=bool(leeways),
    )


def was_appointed(who: Actor) -> bool:
    """Whether the person ever was a superbruger: who was is told why something is refused, others nothing."""
    return db.session.scalar(select(Appointment.id).where(Appointment.person_id == who.id).limit(1)) is not None


def default_unit(who: Actor) -> int | None:
    """The person's own unit, when he or she helps there, else the first that he or she helps."""
    return _first_unit(_units(who), who)


def known_errors(systems: Collection[System], who: Actor) -> dict[int, list[KnownError]]:
    """What is known of those systems and may be what helped."""
    found: dict[int, list[KnownError]] = {system.id: [] for system in systems}
    for known in list_known_errors(who, state=KnownErrorState.ACTIVE) if found else []:
        if known.system_id in found:
            found[known.system_id].append(known)
    return {id_: some for id_, some in found.items() if some}


def _first_unit(units: Sequence[Unit], who: Actor) -> int | None:
    return next((unit.id for unit in units if unit.id == who.unit_id), units[0].id if units else None)


def _units(who: Actor) -> list[Unit]:
    helped = within(mandates(who), customer=Unit.customer_id, unit=Unit.id)
    return in_tree_order(db.session.scalars(select(Unit).where(Unit.is_active, helped)).all())


def _systems(who: Actor, units: Sequence[Unit]) -> list[System]:
    """In use in one of those units, by name."""
    about = {grant.system_id for grant in mandates(who)}
    query = select(System).where(System.is_active, System.customer_id.in_({unit.customer_id for unit in units}))
    if None not in about:
        query = query.where(System.id.in_(about))
    found = list(db.session.scalars(query))
    tops: dict[int, list[str]] = {}
    used_in = select(SystemUnit.system_id, Unit.path).join(Unit, Unit.id == SystemUnit.unit_id)
    for system_id, path in db.session.execute(used_in.where(SystemUnit.system_id.in_([one.id for one in found]))):
        tops.setdefault(system_id, []).append(path)
    used = [one for one in found if any(unit.path.startswith(tuple(tops.get(one.id, "/"))) for unit in units)]
    return in_order(used, lambda system: system.name)


_Leeways = Mapping[tuple[int, int | None], tuple[Leeway, Leeway]]


def _leeways(customers: Collection[int | None]) -> _Leeways:
    """By customer and system, how far errors and orders may be taken."""
    columns = (Guideline.customer_id, Guideline.system_id, Guideline.incident, Guideline.request)
    rows = db.session.execute(select(*columns).where(Guideline.customer_id.in_(customers)))
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def _solvable(leeways: _Leeways, customer_id: int | None, system_id: int | None) -> set[Cause]:
    if customer_id is None:
        return set()
    found = leeways.get((customer_id, system_id)) or leeways.get((customer_id, None))
    if found is None:
        return set()
    incident, request = found
    return {cause for cause in Cause if floor_leeway(cause, incident=incident, request=request) is Leeway.SOLVE}


class _Used(NamedTuple):
    """How often each system was helped with lately."""

    of_own: Mapping[int | None, int]
    #: By everybody of the customer, while the person has none of his or her own.
    of_all: Mapping[int | None, int]


def _used(who: Actor, now: datetime) -> _Used:
    counts = select(FloorHelp.system_id, func.count()).where(
        FloorHelp.helped_at >= now - USUAL, FloorHelp.withdrawn_at.is_(None)
    )
    own = _counted(counts.where(FloorHelp.person_id == who.id))
    return _Used(own, own or _counted(counts.where(FloorHelp.customer_id == who.customer_id)))


def _counted(query: Any) -> dict[int | None, int]:
    return {row[0]: row[1] for row in db.session.execute(query.group_by(FloorHelp.system_id))}


def _usual(systems: Sequence[System], used: _Used, *, is_general: bool) -> int | None:
    if len(systems) == 1 and not is_general:
        return systems[0].id
    return systems[0].id if systems and used.of_own.get(systems[0].id) else None


# ------------------------------------------------------------------------------------------------ a person's own


def get_own(help_id: int, who: Actor, permission: FloorHelpPermission = FloorHelpPermission.CHANGE) -> FloorHelp:
    """With the names of what it is about; raises NotFoundError when it is not the person's."""
    row = find_own(help_id, who, permission)
    if row is None:
        raise NotFoundError
    return row


def find_own(help_id: int, who: Actor, permission: FloorHelpPermission = FloorHelpPermission.READ) -> FloorHelp | None:
    query = select(FloorHelp).where(FloorHelp.id == help_id, granted(permission, who))
    return db.session.scalars(query.options(*_NAMES)).one_or_none()


def latest(who: Actor, now: datetime) -> list[FloorHelp]:
    """The person's newest that can be corrected, with what was taken back today."""
    own = (granted(FloorHelpPermission.READ, who), FloorHelp.made_at >= now - MENDABLE)
    seen = or_(FloorHelp.withdrawn_at.is_(None), FloorHelp.withdrawn_at >= now - timedelta(hours=1))
    query = select(FloorHelp).where(FloorHelp.helped_at >= now - 2 * MENDABLE, *own, seen)
    newest = query.order_by(FloorHelp.helped_at.desc(), FloorHelp.id.desc()).limit(SHOWN)
    return list(db.session.scalars(newest.options(*_NAMES)))


def given_since(who: Actor, since: datetime) -> list[tuple[datetime, Count]]:
    """When the person helped, and how much; one query along the index of person and time."""
    columns = (FloorHelp.helped_at, FloorHelp.people, func.coalesce(FloorHelp.minutes, 0))
    own = (FloorHelp.person_id == who.id, FloorHelp.helped_at >= since, FloorHelp.withdrawn_at.is_(None))
    return [(row[0], Count(1, row[1], row[2])) for row in db.session.execute(select(*columns).where(*own))]


def agreed_minutes(who: Actor, today: date) -> int:
    """A week, by the person's own appointments in force."""
    own = (Appointment.person_id == who.id, Appointment.starts_on <= today, Appointment.is_not_over(today))
    return db.session.scalar(select(func.coalesce(func.sum(Appointment.weekly_minutes), 0)).where(*own)) or 0


_NAMES = (joinedload(FloorHelp.unit), joinedload(FloorHelp.system), joinedload(FloorHelp.known_error))
