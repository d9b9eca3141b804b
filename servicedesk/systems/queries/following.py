"""What a person has asked to hear of, and the calendar of what is planned for it."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.actors import load_actor
from servicedesk.signin.queries import token_digest
from servicedesk.systems.models import (
    CalendarLink,
    Disturbance,
    DisturbanceSystem,
    DisturbanceUpdate,
    System,
    SystemFollower,
)
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.queries.disturbances import heard, within_reach
from servicedesk.systems.rules import DisturbanceKind

#: A calendar keeps what is over so long, and so what was called off is taken out of it.
IN_CALENDAR = timedelta(days=60)
MOST_PLANNED = 500


def followed(who: Actor) -> set[int]:
    """The systems that the person follows and may hear of."""
    query = (
        select(SystemFollower.system_id)
        .join(System, System.id == SystemFollower.system_id)
        .where(SystemFollower.person_id == who.id, granted(SystemPermission.HEAR, who))
    )
    return set(db.session.scalars(query))


def is_following(system_id: int, who: Actor) -> bool:
    return db.session.get(SystemFollower, (system_id, who.id)) is not None


def calendar_link_of(who: Actor) -> datetime | None:
    """When the person's secret address was made; None without one."""
    return db.session.scalar(select(CalendarLink.made_at).where(CalendarLink.person_id == who.id))


def whose_calendar(token: str, *, today: date) -> Actor:
    """The active person with that secret; raises NotFoundError."""
    person_id = db.session.scalar(select(CalendarLink.person_id).where(CalendarLink.digest == token_digest(token)))
    who = load_actor(person_id, today=today) if person_id is not None else None
    if who is None:
        raise NotFoundError
    return who


class Planned(NamedTuple):
    """Planned maintenance with how often it was changed, and when last."""

    disturbance: Disturbance
    version: int
    changed_at: datetime


def planned_maintenance(who: Actor, now: datetime) -> list[Planned]:
    """For the person's calendar: of the systems that he or she follows, or of all heard of without any."""
    chosen = followed(who)
    ids = select(Disturbance.id).where(
        Disturbance.kind == DisturbanceKind.MAINTENANCE, Disturbance.over_at >= now - IN_CALENDAR
    )
    if chosen:
        about = select(DisturbanceSystem.disturbance_id).where(DisturbanceSystem.system_id.in_(sorted(chosen)))
        ids = ids.where(Disturbance.id.in_(about))
    query = heard(who).where(Disturbance.id.in_(ids.where(within_reach(who))))
    found = sorted(db.session.scalars(query).unique(), key=lambda one: (one.starts_at, one.id))[-MOST_PLANNED:]
    # Whoever hears of one of the systems alone must be able to hear of that one among the chosen.
    if chosen:
        found = [one for one in found if any(system.id in chosen for system in one.systems)]
    return _with_versions(found)


def _with_versions(found: list[Disturbance]) -> list[Planned]:
    counted = (
        select(DisturbanceUpdate.disturbance_id, func.count(), func.max(DisturbanceUpdate.id))
        .where(DisturbanceUpdate.disturbance_id.in_([one.id for one in found]))
        .group_by(DisturbanceUpdate.disturbance_id)
        .subquery()
    )
    query = select(counted.c[0], counted.c[1], DisturbanceUpdate.at).join(
        DisturbanceUpdate, DisturbanceUpdate.id == counted.c[2]
    )
    told = {id_: (number, at) for id_, number, at in db.session.execute(query)}
    return [Planned(one, *told.get(one.id, (0, one.made_at))) for one in found]
