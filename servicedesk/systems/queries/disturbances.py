"""Disturbances and planned maintenance, always for a person."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, with_expression

from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.systems.models import Disturbance, DisturbanceSystem, DisturbanceUpdate, MeToo, System
from servicedesk.systems.policy import DisturbancePermission, SystemPermission
from servicedesk.systems.rules import LOOKING_BACK

#: More than this at once is a disaster with a page of its own.
MOST_CURRENT = 50
MOST_ENDED = 100


def current_disturbances(
    who: Actor, now: datetime, system_id: int | None = None, *, ahead: datetime | None = None
) -> list[Disturbance]:
    """What is wrong now and what is planned, the running ones first: from when it is announced unless `ahead` says
    until when it may begin.

    Of their `systems`, the names of those are loaded that the person hears of; with `system_id`, only what concerns
    that one.
    One question, along an index of what is not over.
    """
    values: dict[str, Any] = {"now": now, "soon": ahead or now}
    if system_id is not None:
        values["about_id"] = system_id
    rows = db.session.scalars(_asking_for_current(who, system_id is not None, ahead is None), values).unique().all()
    # Somebody who does not hear of that system hears nothing of it by asking, even where another one is down with it.
    found = [one for one in rows if system_id is None or any(system.id == system_id for system in one.systems)]
    return sorted(found, key=lambda one: (one.starts_at > now, one.kind.value, one.starts_at, one.id))[:MOST_CURRENT]


# The statement is made once for a person: it is asked on every start page.
@lru_cache(maxsize=1_000)
def _asking_for_current(who: Actor, is_about_one: bool, is_as_told: bool) -> Select[Disturbance]:
    is_not_over = Disturbance.over_at > bindparam("now")
    since = Disturbance.told_from if is_as_told else Disturbance.starts_at
    query = heard(who).where(is_not_over, since <= bindparam("soon"), within_reach(who))
    if is_about_one:
        about = select(DisturbanceSystem.disturbance_id).where(DisturbanceSystem.system_id == bindparam("about_id"))
        query = query.where(Disturbance.id.in_(about))
    return query


def within_reach(who: Actor) -> ColumnElement[bool]:
    """Follows from what the person hears of; said again because the indexes begin with it."""
    if who is SYSTEM or any(grant.is_over_all for grant in who.grants):
        return true()
    return Disturbance.customer_id.in_(sorted(who.customer_ids))


def heard(who: Actor) -> Select[Disturbance]:
    """Those not withdrawn, with the systems among theirs that the person hears of, and how many notice them.

    Which systems those are is a question of its own within it: databases would else begin with the systems.
    """
    heard_of = select(System.id).where(granted(SystemPermission.HEAR, who))
    return (
        select(Disturbance)
        .join(DisturbanceSystem, DisturbanceSystem.disturbance_id == Disturbance.id)
        .join(System, System.id == DisturbanceSystem.system_id)
        .where(one_by_one(System.id).in_(heard_of), Disturbance.withdrawn_at.is_(None))
        .options(*_told_of(who))
        .order_by(System.name)
        .execution_options(populate_existing=True)
    )


def one_by_one(id_: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """The id, in a way that lets a database look whether it is among others only once it has the row.

    SQLite would else look in an index for each of eighty systems whether they are a disturbance's.
    """
    return id_ + 0


def _told_of(who: Actor) -> list[Any]:
    """The names of its systems, how many have said that they notice it, and whether `who` has."""
    mine = select(MeToo.person_id).where(MeToo.disturbance_id == Disturbance.id, MeToo.person_id == who.id)
    number = select(func.count()).select_from(MeToo).where(MeToo.disturbance_id == Disturbance.id)
    return [
        contains_eager(Disturbance.systems).load_only(System.name, System.customer_id),
        with_expression(Disturbance.affected, number.correlate(Disturbance).scalar_subquery()),
        with_expression(Disturbance.is_joined, mine.correlate(Disturbance).exists()),
    ]


def ended_disturbances(
    who: Actor, now: datetime, system_id: int | None = None, *, most: int = MOST_ENDED
) -> list[Disturbance]:
    """What is over since thirty days at most, what began last first; along an index, however much came before."""
    values: dict[str, Any] = {"since": now - LOOKING_BACK, "now": now, "most": most}
    if system_id is not None:
        values["about_id"] = system_id
    rows = db.session.scalars(_asking_for_ended(who, system_id is not None), values).unique().all()
    return sorted(rows, key=lambda one: (one.starts_at, one.id), reverse=True)


@lru_cache(maxsize=1_000)
def _asking_for_ended(who: Actor, is_about_one: bool) -> Select[Disturbance]:
    heard_of = select(System.id).where(granted(SystemPermission.HEAR, who))
    concerned = select(DisturbanceSystem.system_id).where(
        DisturbanceSystem.disturbance_id == Disturbance.id, one_by_one(DisturbanceSystem.system_id).in_(heard_of)
    )
    if is_about_one:
        concerned = concerned.where(DisturbanceSystem.system_id == bindparam("about_id"))
    newest = (
        select(Disturbance.id)
        .where(Disturbance.over_at >= bindparam("since"), Disturbance.over_at <= bindparam("now"), within_reach(who))
        .where(concerned.correlate(Disturbance).exists(), Disturbance.withdrawn_at.is_(None))
        .order_by(Disturbance.starts_at.desc(), Disturbance.id.desc())
        .limit(bindparam("most"))
    )
    return heard(who).where(Disturbance.id.in_(newest))


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
        .options(*_told_of(who))
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
