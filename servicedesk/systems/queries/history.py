"""What was told of systems in the past, as stretches of time to reckon with."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.systems.availability import Stretch
from servicedesk.systems.models import Disturbance, DisturbanceSystem, System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.queries.disturbances import one_by_one, within_reach


def stretches(who: Actor, since: datetime, now: datetime, system_id: int | None = None) -> Mapping[int, list[Stretch]]:
    """By system heard of, what was wrong or planned since then; what was withdrawn never happened. One question."""
    values: dict[str, Any] = {"since": since, "now": now}
    if system_id is not None:
        values["about_id"] = system_id
    found: dict[int, list[Stretch]] = {}
    for id_, kind, starts_at, over_at in db.session.execute(_asking(who, system_id is not None), values):
        found.setdefault(id_, []).append(Stretch(kind, starts_at, over_at))
    return found


# The statement is made once for a person: making it takes longer than asking it.
@lru_cache(maxsize=1_000)
def _asking(who: Actor, is_about_one: bool) -> Select[*tuple[Any, ...]]:
    heard_of = select(System.id).where(granted(SystemPermission.HEAR, who))
    about = DisturbanceSystem.system_id == bindparam("about_id") if is_about_one else within_reach(who)
    return (
        select(DisturbanceSystem.system_id, Disturbance.kind, Disturbance.starts_at, Disturbance.over_at)
        .join(Disturbance, Disturbance.id == DisturbanceSystem.disturbance_id)
        .where(
            Disturbance.over_at > bindparam("since"),
            Disturbance.starts_at < bindparam("now"),
            Disturbance.withdrawn_at.is_(None),
            one_by_one(DisturbanceSystem.system_id).in_(heard_of),
            about,
        )
        .order_by(Disturbance.starts_at)
    )
