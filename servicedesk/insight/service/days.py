"""When the servicedesk is there: the days to come, and those of them that are not as usual; pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from servicedesk.agreements.book import ClosedDay
from sla import Calendar

#: Days that are not as usual are told of for so long.
AHEAD = timedelta(weeks=8)
WEEK = 7


class Day(NamedTuple):
    """A date and its hours; `name` where they are not the weekday's own."""

    on: date
    hours: tuple[tuple[str, str], ...]
    name: str


def next_days(calendar: Calendar, special: Mapping[date, ClosedDay], today: date) -> list[Day]:
    """A week from today on: what has been is of no use to anybody."""
    return [_day(calendar, special, today + timedelta(days=days)) for days in range(WEEK)]


def unusual(calendar: Calendar, special: Mapping[date, ClosedDay], today: date) -> list[Day]:
    """What is closed or otherwise open in the weeks to come, but for days on which nobody would have come anyhow."""
    coming = sorted(on for on in special if today <= on <= today + AHEAD)
    return [
        _day(calendar, special, on) for on in coming if calendar.hours_on(on) or _is_usually_open(calendar, special, on)
    ]


def _is_usually_open(calendar: Calendar, special: Mapping[date, ClosedDay], on: date) -> bool:
    """By the nearest such weekday that is an ordinary one."""
    for weeks in range(1, 8):
        for other in (on + timedelta(weeks=weeks), on - timedelta(weeks=weeks)):
            if other not in special:
                return bool(calendar.hours_on(other))
    return True


def _day(calendar: Calendar, special: Mapping[date, ClosedDay], on: date) -> Day:
    return Day(on, calendar.hours_on(on), special[on].name if on in special else "")
