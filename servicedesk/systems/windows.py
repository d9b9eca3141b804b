"""Recurring maintenance windows: what they say, and whether planned maintenance lies in one; pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

#: Instead of one of the month's weeks: the last, and each.
LAST, EACH = 5, 0
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class Window(NamedTuple):
    """On a weekday (Monday is 0), each week or one of the month's; one that ends before it starts ends the next day."""

    weekday: int
    week: int
    starts: str
    ends: str


#: As calendars in Danish head their columns.
_DAYS = ("ma", "ti", "on", "to", "fr", "lø", "sø")


def noted(one: Window) -> str:
    """As the audit log keeps it, whoever reads it: "on 22:00-02:00", "sø/5 06:00-10:00" for the month's last Sunday."""
    week = f"/{one.week}" if one.week != EACH else ""
    return f"{_DAYS[one.weekday]}{week} {one.starts}-{one.ends}"


def read_clock(typed: str) -> str | None:
    """ "9.30" is "09:30"; None for what is no time of day."""
    found = _CLOCK.fullmatch(typed.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else None


def is_inside(windows: Iterable[Window], starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether the whole of it lies in one opening of one of the windows."""
    first = starts_at.astimezone(zone).date() - timedelta(days=1)
    listed = list(windows)
    return any(
        opens <= starts_at and ends_at <= closes
        for on in (first, first + timedelta(days=1))
        for opens, closes in _openings(listed, on, zone)
    )


def _openings(windows: Iterable[Window], on: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Those that begin on that day."""
    for one in windows:
        if one.weekday == on.weekday() and _is_in_week(one.week, on):
            until = on if one.starts < one.ends else on + timedelta(days=1)
            yield _instant(on, one.starts, zone), _instant(until, one.ends, zone)


def _is_in_week(week: int, on: date) -> bool:
    if week == LAST:
        return (on + timedelta(days=7)).month != on.month
    return week == EACH or (on.day - 1) // 7 + 1 == week


def _instant(on: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), zone).astimezone(UTC)
