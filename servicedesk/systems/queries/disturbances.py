"""Disturbances and planned maintenance, always for a person."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import contains_eager

from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.systems.models import Disturbance, DisturbanceSystem, DisturbanceUpdate, System
from servicedesk.systems.policy import DisturbancePermission, SystemPermission
from servicedesk.systems.rules import AHEAD, LOOKING_BACK, DisturbanceKind

#: More than this at once is a disaster with a page of its own.
MOST_CURRENT = 50
MOST_ENDED = 100


def current_disturbances(
    who: Actor, now: datetime, system_id: int | None = None, *, ahead: datetime | None = None
) -> list[Disturbance]:
    """What is wrong now and what is planned before `ahead` (a day from now unless said), the running ones first.

    Of their `systems`, those are loaded that the person hears of; with `system_id`, only what concerns that one.
    One question, along an index of what is not over.
    """
    values: dict[str, Any] = {"now": now, "soon": ahead or now + AHEAD}
    if system_id is not None:
        values["about_id"] = system_id
    rows = db.session.scalars(_asking_for_current(who, system_id is not None), values).unique().all()
    # Somebody who does not hear of that system hears nothing of it by asking, even where another one is down with it.
    found = [one for one in rows if system_id is None or any(system.id == system_id for system in one.systems)]
    return sorted(found, key=lambda one: (one.starts_at > now, one.kind.value, one.starts_at, one.id))[:MOST_CURRENT]


# The statement is made once for a person: it is asked on every start page.
@lru_cache(maxsize=1_000)
def _asking_for_current(who: Actor, is_about_one: bool) -> Select[Disturbance]:
    query = _heard(who).where(
        Disturbance.ended_at.is_(None),
        Disturbance.starts_at <= bindparam("soon"),
        or_(Disturbance.kind == DisturbanceKind.DISTURBANCE, Disturbance.expected_end_at > bindparam("now")),
    )
    if who is not SYSTEM and not any(grant.is_over_all for grant in who.grants):
        # Follows from what the person hears of; said again because the index begins with it.
        query = query.where(Disturbance.customer_id.in_(sorted(who.customer_ids)))
    if is_about_one:
        about = select(DisturbanceSystem.disturbance_id).where(DisturbanceSystem.system_id == bindparam("about_id"))
        query = query.where(Disturbance.id.in_(about))
    return query


def _heard(who: Actor) -> Select[Disturbance]:
    """Those not withdrawn, with the systems among theirs that the person hears of."""
    return (
        select(Disturbance)
        .join(DisturbanceSystem, DisturbanceSystem.disturbance_id == Disturbance.id)
        .join(System, System.id == DisturbanceSystem.system_id)
        .where(granted(SystemPermission.HEAR, who), Disturbance.withdrawn_at.is_(None))
        .options(contains_eager(Disturbance.systems))
        .order_by(System.name)
        .execution_options(populate_existing=True)
    )


def ended_disturbances(who: Actor, now: datetime, system_id: int | None = None) -> list[Disturbance]:
    """What is over and began or ended in the last thirty days, the newest first."""
    since = now - LOOKING_BACK
    query = _heard(who).where(
        or_(
            Disturbance.ended_at >= since,
            (Disturbance.kind == DisturbanceKind.MAINTENANCE)
            & Disturbance.ended_at.is_(None)
            & (Disturbance.expected_end_at >= since)
            & (Disturbance.expected_end_at <= now),
        )
    )
    if system_id is not None:
        query = query.where(System.id == system_id)
    found = db.session.scalars(query).unique().all()
    return sorted(found, key=lambda one: one.starts_at, reverse=True)[:MOST_ENDED]


def get_disturbance(
    id_: int, who: Actor, permission: DisturbancePermission = DisturbancePermission.READ, *, lock: bool = False
) -> Disturbance:
    """With those of its systems that the person hears of; raises NotFoundError."""
    if lock:
        db.session.execute(select(Disturbance.id).where(Disturbance.id == id_).with_for_update())
    query = (
        select(Disturbance)
        .join(DisturbanceSystem, DisturbanceSystem.disturbance_id == Disturbance.id)
        .join(System, System.id == DisturbanceSystem.system_id)
        .where(Disturbance.id == id_, granted(permission, who), granted(SystemPermission.HEAR, who))
        .order_by(System.name)
        .options(contains_eager(Disturbance.systems))
        .execution_options(populate_existing=True)
    )
    row = db.session.scalars(query).unique().one_or_none()
    if row is None:
        raise NotFoundError
    return row


def may_change_disturbance(disturbance: Disturbance, who: Actor) -> bool:
    """Whether the person may tell how it goes, and end it."""
    asked = select(Disturbance.id).where(Disturbance.id == disturbance.id, granted(DisturbancePermission.CHANGE, who))
    return db.session.scalar(asked) is not None


class Past(NamedTuple):
    """A line of a disturbance's journal with the name of who wrote it."""

    line: DisturbanceUpdate
    by: str | None


def updates_of(disturbance: Disturbance) -> list[Past]:
    """Its journal, oldest first; the caller has been let in to it."""
    query = (
        select(DisturbanceUpdate, Person.name)
        .outerjoin(Person, Person.id == DisturbanceUpdate.by_id)
        .where(DisturbanceUpdate.disturbance_id == disturbance.id)
        .order_by(DisturbanceUpdate.id)
    )
    return [Past(*row) for row in db.session.execute(query)]
