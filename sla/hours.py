"""Opening hours as somebody writes them down: by weekday, with dates that differ, perhaps changing over time."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Protocol

from sla.errors import InvalidCalendarError
from sla.instants import DAY

#: Intervals of one day, [opens, closes) in microseconds after its midnight on the wall clock; in order, apart.
Hours = tuple[tuple[int, int], ...]

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MINUTE = 60_000_000


class Plan(Protocol):
    """Says when a date is open. A date is the number that `toordinal()` gives it."""

    def on(self, day: int) -> Hours: ...


@dataclass(frozen=True)
class Week:
    """Hours for each weekday, Monday first, and for dates that have hours of their own."""

    weekly: tuple[Hours, ...]
    dates: Mapping[int, Hours]

    def on(self, day: int) -> Hours:
        own = self.dates.get(day)
        return self.weekly[(day - 1) % 7] if own is None else own

    def __hash__(self) -> int:
        return hash((self.weekly, frozenset(self.dates.items())))

    @property
    def ever_opens(self) -> bool:
        return any(self.weekly) or any(self.dates.values())


@dataclass(frozen=True)
class Versions:
    """Plans that follow one another; each holds from its day to the day before the next."""

    since: tuple[int, ...]
    plans: tuple[Plan, ...]

    def on(self, day: int) -> Hours:
        return self.plans[bisect_right(self.since, day) - 1].on(day)


def read_week(
    weekly: Mapping[int, Iterable[tuple[str, str]]],
    closed: Iterable[date],
    special: Mapping[date, Iterable[tuple[str, str]]],
) -> Week:
    """What `Calendar` was given, checked. A special date wins over a closed one."""
    if any(day not in range(7) for day in weekly):
        raise InvalidCalendarError("weekdays are numbers from 0, Monday, to 6, Sunday")
    days = tuple(read_hours(weekly.get(day, ())) for day in range(7))
    dates: dict[int, Hours] = {read_day(on): () for on in closed}
    dates |= {read_day(on): read_hours(hours) for on, hours in special.items()}
    return Week(days, dates)


def read_day(on: date) -> int:
    if not isinstance(on, date) or isinstance(on, datetime):
        raise InvalidCalendarError(f"{on!r} is not a date")
    return on.toordinal()


def read_hours(pairs: Iterable[tuple[str, str]]) -> Hours:
    """`[("08:00", "12:00"), ("12:30", "16:00")]` as numbers, in order."""
    hours = tuple(sorted(_read_interval(pair) for pair in pairs))
    if any(later[0] < earlier[1] for earlier, later in pairwise(hours)):
        raise InvalidCalendarError(f"opening hours overlap: {', '.join('-'.join(pair) for pair in write_hours(hours))}")
    return hours


def _read_interval(pair: tuple[str, str]) -> tuple[int, int]:
    try:
        opens, closes = pair
    except (TypeError, ValueError):
        raise InvalidCalendarError(f"{pair!r} is not a pair of times such as ('08:00', '16:00')") from None
    interval = _read_time(opens), DAY if closes == "24:00" else _read_time(closes)
    if interval[0] >= interval[1]:
        raise InvalidCalendarError(f"{opens}-{closes} does not close after it opens")
    return interval


def _read_time(written: str) -> int:
    found = _TIME.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise InvalidCalendarError(f"{written!r} is not a time such as '08:00'")
    return (int(found[1]) * 60 + int(found[2])) * _MINUTE


def write_hours(hours: Hours) -> tuple[tuple[str, str], ...]:
    return tuple((_write_time(opens), _write_time(closes)) for opens, closes in hours)


def _write_time(us: int) -> str:
    hour, minute = divmod(us // _MINUTE, 60)
    return f"{hour:02}:{minute:02}"
