"""Reading reviews, always for a person."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import canonical_json, db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.stewardship.checklist import Said
from servicedesk.stewardship.models import Review
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission


def of_system(system: System) -> list[Review]:
    """The newest first, for whoever has been let in to keep the system."""
    query = select(Review).where(Review.system_id == system.id).order_by(Review.id.desc())
    return list(db.session.scalars(query))


def get(review_id: int, who: Actor) -> tuple[Review, System]:
    query = select(Review, System).join(System, System.id == Review.system_id)
    row: Any = db.session.execute(
        query.where(Review.id == review_id, granted(SystemPermission.KEEP, who))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def as_kept(said: Sequence[Said]) -> list[Any]:
    return [[one.point.value, list(one.values)] for one in said]


def digest(said: Sequence[Said]) -> str:
    """Says whether the register still says what somebody has read."""
    return hashlib.sha256(canonical_json(as_kept(said)).encode()).hexdigest()[:32]


def overdue(who: Actor, today: date) -> int:
    """How many reviews are overdue of the systems that `who` manages."""
    query = select(func.count()).select_from(System).where(System.is_active, System.review_due_on < today)
    return db.session.scalar(query.where(granted(SystemPermission.MANAGE, who))) or 0
