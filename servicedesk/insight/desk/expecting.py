"""What can be expected of the week to come, from weeks like it; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_high

#: So many whole weeks are looked back on.
WEEKS = 8
#: From fewer days of a weekday nothing is said of it.
FEWEST = 3
HOURS = 24
WEEKDAYS = range(7)

Came = Mapping[tuple[date, int], int]


@dataclass(frozen=True)
class Expected:
    """By the days of those weeks that were as usual."""

    #: The whole weeks that were looked back on.
    first: date
    last: date
    #: How many days of each weekday it is told from.
    days: Mapping[int, int]
    #: By weekday; without those of which there were too few.
    by_day: Mapping[int, int]
    #: By hour of the week.
    by_slot: Mapping[int, int]


def looked_back(today: date) -> tuple[date, date]:
    """The whole weeks before this one: their first day and their last."""
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS), monday - timedelta(days=1)


def expected(came: Came, today: date, unusual: Collection[date]) -> Expected:
    """From the medians of what came on each weekday, and in each of its hours; days that were unusual are left out.

    Weeks before the first in which anything came tell nothing: there was nobody to file anything.
    """
    first, last = _told(came, *looked_back(today))
    usual = [on for on in _days(first, last) if on not in unusual]
    by_weekday = {weekday: [on for on in usual if on.weekday() == weekday] for weekday in WEEKDAYS}
    enough = {weekday: days for weekday, days in by_weekday.items() if len(days) >= FEWEST}
    return Expected(
        first,
        last,
        days={weekday: len(days) for weekday, days in by_weekday.items()},
        by_day={weekday: _median(_of_day(came, on) for on in days) for weekday, days in enough.items()},
        by_slot={
            slot: _median(came.get((on, slot), 0) for on in days)
            for weekday, days in enough.items()
            for slot in range(weekday * HOURS, (weekday + 1) * HOURS)
        },
    )


def _told(came: Came, first: date, last: date) -> tuple[date, date]:
    """From the first whole week in which there was anything."""
    begun = min((on for on, _slot in came if on >= first), default=last)
    monday = begun - timedelta(days=begun.weekday())
    return max(first, monday), last


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=days) for days in range((last - first).days + 1))


def _of_day(came: Came, on: date) -> int:
    weekday = on.weekday()
    return sum(came.get((on, slot), 0) for slot in range(weekday * HOURS, (weekday + 1) * HOURS))


def _median(numbers: Iterable[int]) -> int:
    """Of an even number of days the higher one in the middle, as one plans so that it is enough."""
    return median_high(numbers)
