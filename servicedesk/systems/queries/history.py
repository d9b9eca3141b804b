"""What was told of systems in the past, as stretches of time to reckon with."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.systems.availability import Stretch
from servicedesk.systems.models import Disturbance, DisturbanceSystem, System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.queries.disturbances import within_reach


def stretches(who: Actor, since: datetime, now: datetime, system_id: int | None = None) -> Mapping[int, list[Stretch]]:
    """By system heard of, what was wrong or planned since then; what was withdrawn never happened. One question."""
    query = (
        select(DisturbanceSystem.system_id, Disturbance.kind, Disturbance.starts_at, Disturbance.over_at)
        .join(Disturbance, Disturbance.id == DisturbanceSystem.disturbance_id)
        .where(
            Disturbance.over_at > since,
            Disturbance.starts_at < now,
            Disturbance.withdrawn_at.is_(None),
            DisturbanceSystem.system_id.in_(select(System.id).where(granted(SystemPermission.HEAR, who))),
        )
        .order_by(Disturbance.starts_at)
    )
    query = query.where(within_reach(who) if system_id is None else DisturbanceSystem.system_id == system_id)
    found: dict[int, list[Stretch]] = {}
    for id_, kind, starts_at, over_at in db.session.execute(query):
        found.setdefault(id_, []).append(Stretch(kind, starts_at, over_at))
    return found
