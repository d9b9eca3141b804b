"""Help that was given on the floor: reading and counting it."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import func, select

from servicedesk.core.db import db
from servicedesk.superbrugere.models import FloorHelp


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
