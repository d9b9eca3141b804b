"""What is told of all the systems that a person hears of: one question, for the overview.

A town has some dozens of disturbances and service windows a month. Of these rows the overview tells what is wrong now,
what is planned, what was over last, and how much of the month each system ran.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import AnyRow, bare
from servicedesk.core.permissions import granted
from servicedesk.systems.availability import Stretch
from servicedesk.systems.models import Disturbance, DisturbanceSystem, MeToo, System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.queries.catalogue import NamedSystem
from servicedesk.systems.queries.disturbances import MOST_CURRENT, one_by_one, within_reach
from servicedesk.systems.rules import LONGEST, LOOKING_BACK, DisturbanceKind, Phase, phase_of


class Told(NamedTuple):
    """A disturbance that was not withdrawn, as its card tells of it."""

    id: int
    kind: DisturbanceKind
    starts_at: datetime
    over_at: datetime
    expected_end_at: datetime | None
    ended_at: datetime | None
    is_major: bool
    message: str
    outcome: str | None
    #: How many have said that they notice it, while it lasts, and whether the person who asked is one of them.
    affected: int
    is_joined: bool
    #: Those that the person hears of.
    systems: tuple[NamedSystem, ...]

    def phase(self, now: datetime) -> Phase:
        return phase_of(self.kind, self.starts_at, self.expected_end_at, self.ended_at, now)

    def can_be_joined(self, now: datetime) -> bool:
        return self.kind is DisturbanceKind.DISTURBANCE and self.phase(now) is Phase.RUNNING


class Lately(NamedTuple):
    """What the overview tells."""

    #: Disturbances before service windows.
    running: Sequence[Told]
    #: What begins first comes first.
    planned: Sequence[Told]
    #: What began last comes first.
    over: Sequence[Told]
    #: By system, what was wrong or planned until now.
    stretches: Mapping[int, Sequence[Stretch]]


def told_lately(who: Actor, now: datetime, *, most_over: int) -> Lately:
    """What is not over, and the last thirty days."""
    values = {"now": now, "since": now - LOOKING_BACK, "ahead": now + LONGEST, "who": who.id}
    stretches: dict[int, list[Stretch]] = defaultdict(list)
    of_each: dict[tuple[datetime, int], list[AnyRow]] = defaultdict(list)
    for row in bare(_asking(who), values):
        system_id, _, id_, kind, starts_at, over_at = row[:6]
        of_each[starts_at, id_].append(row)
        if starts_at < now:
            stretches[system_id].append(Stretch(kind, starts_at, over_at))
    in_order = [of_each[key] for key in sorted(of_each)]
    current = _told(one for one in in_order if one[0].over_at > now)
    over = (one for one in reversed(in_order) if one[0].over_at <= now)
    return Lately(
        running=sorted((one for one in current if one.starts_at <= now), key=lambda one: one.kind.value)[:MOST_CURRENT],
        planned=[one for one in current if one.starts_at > now][:MOST_CURRENT],
        over=_told(islice(over, most_over)),
        stretches=stretches,
    )


def _told(some: Iterable[Sequence[AnyRow]]) -> list[Told]:
    """Each with the names from all of its rows."""
    return [Told._make((*rows[0][2:], tuple(NamedSystem._make(row[:2]) for row in rows))) for rows in some]


# The statement is made once for a person: making it takes longer than asking it.
@lru_cache(maxsize=1_000)
def _asking(who: Actor) -> Select[*tuple[Any, ...]]:
    heard_of = select(System.id).where(granted(SystemPermission.HEAR, who))
    own = (getattr(Disturbance, name) for name in Told._fields[:9])
    noticed = select(func.count()).select_from(MeToo).where(MeToo.disturbance_id == Disturbance.id)
    mine = select(MeToo.person_id).where(MeToo.disturbance_id == Disturbance.id, MeToo.person_id == bindparam("who"))
    lasts = Disturbance.over_at > bindparam("now")
    return (
        select(
            DisturbanceSystem.system_id,
            System.name,
            *own,
            case((lasts, noticed.correlate(Disturbance).scalar_subquery()), else_=0),
            lasts & mine.correlate(Disturbance).exists(),
        )
        .join(Disturbance, Disturbance.id == DisturbanceSystem.disturbance_id)
        .join(System, System.id == DisturbanceSystem.system_id)
        .where(
            Disturbance.over_at > bindparam("since"),
            Disturbance.starts_at <= bindparam("ahead"),
            Disturbance.withdrawn_at.is_(None),
            one_by_one(DisturbanceSystem.system_id).in_(heard_of),
            within_reach(who),
        )
        .order_by(System.name)
    )
