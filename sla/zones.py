"""Where a zone's offset from UTC changes, found by asking the zone itself."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from sla.errors import InvalidCalendarError
from sla.instants import DAY, FIRST, LAST, from_us, to_length

#: How far apart the zone is asked. No zone has ever changed its offset twice within six days.
_STEP = 3 * DAY

#: Start and end in UTC, and what is added to UTC between them to read the wall clock; all in microseconds.
Stretch = tuple[int, int, int]


def find_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError, AttributeError):
        raise InvalidCalendarError(f"there is no time zone called {name!r}") from None


def offset_at(zone: ZoneInfo, us: int) -> int:
    offset = from_us(us).astimezone(zone).utcoffset()
    return to_length(offset or timedelta(0))


def stretches(zone: ZoneInfo, start: int, end: int) -> Iterator[Stretch]:
    """[start, end) cut where the offset changes, in order."""
    since, offset = start, offset_at(zone, start)
    for sample in range(start, end, _STEP):
        ahead = min(sample + _STEP, end)
        if offset_at(zone, ahead) != offset:
            change = _change(zone, sample, ahead, offset)
            yield since, change, offset
            since, offset = change, offset_at(zone, change)
    if since < end:
        yield since, end, offset


def _change(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    """The first instant with another offset than `before` has."""
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def first_at(zone: ZoneInfo, wall: int) -> int:
    """The first instant at which the wall clock shows `wall` or, where it jumps over that, more."""
    found = wall
    for start, end, offset in stretches(zone, max(wall - 2 * DAY, FIRST), min(wall + 2 * DAY, LAST)):
        found = max(start, wall - offset)
        if found < end:
            break
    return found
