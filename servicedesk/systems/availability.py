"""How much of its service hours a system has run, from what was told of it. Pure.

- Only time within the service hours counts, and time that lies in several disturbances counts once.
- Time in which something was wrong is down time, whatever was planned meanwhile.
- The rest of what planned maintenance takes is a figure of its own and no part of what is promised.
- So availability is the share of (open time - planned time) in which nothing was wrong; there is none without any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, Self

from servicedesk.systems.rules import DisturbanceKind
from sla import Calendar

NONE = timedelta()


class Stretch(NamedTuple):
    """From when to when something was wrong, or planned; without an end it still is."""

    kind: DisturbanceKind
    starts_at: datetime
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Service hours of a period, and what became of them. The figures of two periods add up."""

    opened: timedelta = NONE
    down: timedelta = NONE
    planned: timedelta = NONE

    def __add__(self, other: Self) -> "Figures":
        return Figures(self.opened + other.opened, self.down + other.down, self.planned + other.planned)

    @property
    def promised(self) -> timedelta:
        return self.opened - self.planned

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None when nothing was promised."""
        return 1 - self.down / self.promised if self.promised else None


Interval = tuple[datetime, datetime]


def figures(
    stretches: Iterable[Stretch], hours: Calendar, start: datetime, end: datetime, *, opened: timedelta | None = None
) -> Figures:
    """What happened between two instants; `opened` spares reckoning the service hours where they are known."""
    held = [(one.kind, _within(one, start, end)) for one in stretches]
    wrong = union(span for kind, span in held if kind is DisturbanceKind.DISTURBANCE and span[0] < span[1])
    everything = union([*wrong, *(span for _, span in held if span[0] < span[1])])
    down = _open_time(wrong, hours)
    planned = _open_time(everything, hours) - down if len(held) > len(wrong) else NONE
    return Figures(hours.between(start, end) if opened is None else opened, down, planned)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time, in order and apart."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _within(one: Stretch, start: datetime, end: datetime) -> Interval:
    return max(one.starts_at, start), min(one.over_at or end, end)


def _open_time(intervals: Sequence[Interval], hours: Calendar) -> timedelta:
    return sum((hours.between(start, end) for start, end in intervals), NONE)


class Piece(NamedTuple):
    """One piece of a strip: a day, or a week of a long period."""

    starts_at: datetime
    ends_at: datetime
    figures: Figures


def strip(stretches: Sequence[Stretch], hours: Calendar, edges: Sequence[datetime]) -> list[Piece]:
    """The figures between each instant and the next."""
    return [
        Piece(start, end, figures(_touching(stretches, start, end), hours, start, end))
        for start, end in pairwise(edges)
    ]


def _touching(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    return [one for one in stretches if one.starts_at < end and (one.over_at is None or one.over_at > start)]
