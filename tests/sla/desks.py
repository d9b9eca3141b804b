"""Calendars that many tests use, and times as one says them in Denmark."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from sla import Calendar, Event, OpenTime, Target

ZONE = "Europe/Copenhagen"
WEEKDAYS, EVERY_DAY = range(5), range(7)

YEARS = range(2020, 2031)
CLOSED = {*country_holidays("DK", years=YEARS), *(date(year, 12, 24) for year in YEARS)}


def week(*hours: tuple[str, str], days=WEEKDAYS, zone=ZONE, **dates) -> Calendar:
    return Calendar(zone, dict.fromkeys(days, hours), **dates)


#: As the scenarios name them.
A = week(("08:00", "16:00"), closed=CLOSED)
B = week(("08:00", "18:00"))
N = week(("09:00", "17:00"))
L = week(("08:00", "12:00"), ("12:30", "16:00"))
TOWN_HALL = {
    **dict.fromkeys(range(3), (("08:00", "16:00"),)),
    3: (("08:00", "17:00"),),
    4: (("08:00", "14:00"),),
}
R = Calendar(ZONE, TOWN_HALL, closed=CLOSED)
F = week(("00:00", "24:00"), days=EVERY_DAY)


def local(written: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def target(length=8, calendar=A, **meaning) -> Target:
    """Eight hours of open time; paused while on hold, stopped when resolved, ended when cancelled."""
    states = {"pauses": {"hold"}, "stops": {"resolved"}, "ends": {"cancelled"}}
    length = OpenTime(hours(length)) if isinstance(length, int | float) else length
    return Target("resolution", length, calendar, **{**states, **meaning})


def story(*told: tuple[Any, ...]) -> list[Event]:
    """`story(("2026-03-02 09:00", "new"), …)`; a third member is another target."""
    return [Event(local(at), *rest) for at, *rest in told]
