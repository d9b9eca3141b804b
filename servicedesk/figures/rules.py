"""Months, times to two digits, and what sums are kept by; pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from enum import IntFlag
from typing import NamedTuple


class Grouping(IntFlag):
    """By which of these a sum is kept; priority, kind and class are in every one."""

    NOTHING = 0
    UNIT = 1
    SYSTEM = 2
    TEAM = 4


GROUPINGS = tuple(Grouping(bits) for bits in range(8))


def month_of(at: datetime | date, zone: tzinfo | None = None) -> int:
    """Such as 202603: the month of an instant on the wall in `zone`, or of a day."""
    on = at.astimezone(zone) if isinstance(at, datetime) else at
    return on.year * 100 + on.month


def slot_of(at: datetime, zone: tzinfo) -> int:
    """The hour of the week on the wall, from 0 on Monday at midnight to 167."""
    on = at.astimezone(zone)
    return on.weekday() * 24 + on.hour


def later(month: int, by: int) -> int:
    """So many months later; earlier when `by` is negative."""
    years, months = divmod(month // 100 * 12 + month % 100 - 1 + by, 12)
    return years * 100 + months + 1


def months(first: int, last: int) -> Iterator[int]:
    """From the first to the last, both included."""
    while first <= last:
        yield first
        first = later(first, 1)


def length(first: int, last: int) -> int:
    """How many months those are."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1


def first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


def to_two_digits(minutes: int) -> int:
    """Rounded half up to two digits: 1,234 becomes 1,200.

    Rounding keeps the order, so that a percentile of rounded times is the rounded percentile: figures that are kept
    as counts of rounded times are exact in the digits that are shown.
    """
    step = 1
    while minutes >= 100 * step:
        step *= 10
    return (minutes + step // 2) // step * step


class Spread(NamedTuple):
    """How long something took, in minutes to two digits."""

    number: int
    median: int
    #: Nine of ten took no longer.
    ninth: int


def spread(counted: Mapping[int, int]) -> Spread | None:
    """Of how many took so many minutes; by the nearest rank, so that each is the time of a ticket."""
    number = sum(counted.values())
    if not number:
        return None
    middle, ninth = (_at_rank(sorted(counted.items()), -(-number * share // 10)) for share in (5, 9))
    return Spread(number, middle, ninth)


def _at_rank(counted: Iterable[tuple[int, int]], rank: int) -> int:
    for minutes, number in counted:
        rank -= number
        if rank <= 0:
            return minutes
    raise ValueError("there are not so many")
