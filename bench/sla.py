"""`python -m bench sla`: what the SLA engine costs, beside two packages that reckon with working time.

Each gets the Danish week with its holidays and the same starts, in one run on one machine. Only what they have in
common with the engine is compared: neither knows pauses, hours that change, or why a stretch counted.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz  # type: ignore[import-untyped]
from holidays import country_holidays
from workalendar.europe import Denmark

from bench.table import machine, simple
from sla import Calendar, Clock, Event, OpenTime, Target

YEARS = range(2024, 2029)
ZONE = "Europe/Copenhagen"
HOLIDAYS = {*country_holidays("DK", years=YEARS), *(date(year, 12, 24) for year in YEARS)}
AMOUNT, DAYS = timedelta(hours=40), 5
#: The best of so many turns counts: what else the machine does only makes things slower.
TURNS = 7

Row = tuple[str, str, str]


def main() -> int:
    rows: list[Row] = [
        ("a deadline, 40 open hours on", "sla", _rate(_ours(), 20_000)),
        ("", "businesstimedelta", _rate(_businesstimedelta(), 200)),
        ("a deadline, 5 working days on", "sla", _rate(_our_days(), 5_000)),
        ("", "workalendar, dates only", _rate(_workalendar(), 1_000)),
        ("a clock with 20 events, all it shows", "sla", _each(_fold(20), 2_000)),
        ("a clock with 20 events, every stretch too", "sla", _each(_explain(20), 1_000)),
        ("a clock with 3 events, all it shows", "sla", _each(_fold(3), 5_000)),
        ("a calendar made, and first used", "sla", _each(_first_use(), 50)),
    ]
    print(f"{machine()}\n")
    print(simple([("what", "by", "figure"), *rows]))
    return 0


def _starts() -> list[datetime]:
    draw = Random(1)
    return [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(800_000)) for _ in range(500)]


def _calendar() -> Calendar:
    return Calendar(ZONE, {day: [("08:00", "16:00")] for day in range(5)}, closed=HOLIDAYS)


def _ours() -> Callable[[int], object]:
    calendar, starts = _calendar(), _starts()
    return lambda number: calendar.add(starts[number % len(starts)], AMOUNT)


def _our_days() -> Callable[[int], object]:
    calendar, starts = _calendar(), _starts()
    return lambda number: calendar.add_days(starts[number % len(starts)], DAYS)


def _businesstimedelta() -> Callable[[int], object]:
    zone = pytz.timezone(ZONE)
    week = businesstimedelta.WorkDayRule(
        start_time=datetime(2026, 1, 1, 8).time(),  # noqa: DTZ001
        end_time=datetime(2026, 1, 1, 16).time(),  # noqa: DTZ001
        working_days=[0, 1, 2, 3, 4],
        tz=zone,
    )
    closed = businesstimedelta.HolidayRule(dict.fromkeys(HOLIDAYS, "closed"), tz=zone)
    amount = businesstimedelta.BusinessTimeDelta(businesstimedelta.Rules([week, closed]), timedelta=AMOUNT)
    starts = [start.astimezone(zone) for start in _starts()]
    return lambda number: starts[number % len(starts)] + amount


def _workalendar() -> Callable[[int], object]:
    calendar, dates = Denmark(), [start.astimezone(ZoneInfo(ZONE)).date() for start in _starts()]
    return lambda number: calendar.add_working_days(dates[number % len(dates)], DAYS)


def _events(count: int) -> tuple[Clock, list[Event], datetime]:
    """A ticket that goes back and forth for some weeks."""
    states = ("new", "open", "waiting_user", "open", "waiting_supplier")
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    told = [Event(start + timedelta(hours=7 * number), states[number % len(states)]) for number in range(count)]
    length, pauses = OpenTime(AMOUNT), {"waiting_user"}
    return Clock(Target("resolution", length, _calendar(), pauses=pauses)), told, told[-1].at + timedelta(hours=5)


def _fold(count: int) -> Callable[[int], object]:
    clock, events, now = _events(count)
    return lambda _: clock.fold(events, now)


def _explain(count: int) -> Callable[[int], object]:
    clock, events, now = _events(count)
    return lambda _: clock.fold(events, now).segments


def _first_use() -> Callable[[int], object]:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    return lambda _: _calendar().add(start, AMOUNT)


def _rate(work: Callable[[int], object], count: int) -> str:
    return f"{1 / _seconds(work, count):,.0f}/s"


def _each(work: Callable[[int], object], count: int) -> str:
    return f"{_seconds(work, count) * 1e6:,.0f} µs"


def _seconds(work: Callable[[int], object], count: int) -> float:
    turns = []
    for _ in range(TURNS):
        start = time.perf_counter()
        for number in range(count):
            work(number)
        turns.append((time.perf_counter() - start) / count)
    return min(turns)
