"""The engine and the slow engine agree, on random calendars over clock changes of several zones."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from sla import Calendar, Clock, Event, OpenTime, Target
from tests.sla.oracle import MINUTE, WINDOW, Oracle

#: Zones with windows of six weeks over a clock change each: an hour, half an hour, at midnight, a day left out, none.
WINDOWS = [
    ("Europe/Copenhagen", datetime(2026, 3, 9, tzinfo=UTC)),
    ("Europe/Copenhagen", datetime(2026, 10, 5, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 2, 16, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 10, 15, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2019, 1, 28, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 3, 16, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 9, 14, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 12, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 2, 2, tzinfo=UTC)),
]
CASES_A_CALENDAR = 100
#: Away from the ends of the window, where the slow engine does not see everything.
FIRST, LAST = 2 * 24 * 60, WINDOW - 2 * 24 * 60


def _hours(draw):
    """Up to three intervals of a day as minutes; often whole days and edges in the night of a clock change."""
    if draw.random() < 0.15:
        return [(0, 1_440)]
    kinds = (lambda: draw.randrange(1_441), lambda: draw.randrange(25) * 60, lambda: draw.randrange(0, 240, 15))
    pairs = sorted({draw.choice(kinds)() for _ in range(6)})
    return [(opens, closes) for opens, closes in zip(pairs[::2], pairs[1::2], strict=False)][: draw.randint(1, 3)]


def _write(hours):
    return [tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in pair) for pair in hours]


def _both(draw, zone, start):
    """The same random calendar for the engine and for the slow one."""
    weekly = {day: _hours(draw) for day in draw.sample(range(7), draw.randint(2, 7))}
    dates = [(start + timedelta(days=day)).date() for day in range(WINDOW // 1_440)]
    closed = set(draw.sample(dates, 4))
    special = {day: _hours(draw) if draw.random() < 0.7 else [] for day in draw.sample(dates, 4)}
    calendar = Calendar(
        zone,
        {day: _write(hours) for day, hours in weekly.items()},
        closed=closed,
        special={day: _write(hours) for day, hours in special.items()},
    )
    return calendar, Oracle(zone, start, weekly, closed, special)


class Case:
    """One random question of each kind, to both."""

    def __init__(self, draw, calendar, oracle):
        self.draw, self.calendar, self.oracle = draw, calendar, oracle

    def instant(self):
        at = self.oracle.start + self.draw.randrange(FIRST, LAST) * MINUTE
        if self.draw.random() < 0.3:
            at += timedelta(microseconds=self.draw.randrange(60_000_000))
        if self.draw.random() < 0.2:
            at = self.oracle.next_opening(at) or at
        if self.draw.random() < 0.2:
            at = min(self.oracle.next_closing(at) or at, self.oracle.start + LAST * MINUTE)
        return at

    def amount(self):
        days = self.draw.choice([1, 60, 600, 3_000])
        return timedelta(seconds=self.draw.randrange(1, days * 60))

    def check(self):
        kind = self.draw.choice([self.add, self.back, self.days, self.spans, self.fold])
        asked, found, expected = kind()
        assert expected is None or found == expected, asked

    def add(self):
        at, amount = self.instant(), self.amount()
        return ("add", at, amount), self.calendar.add(at, amount), self.oracle.add(at, amount)

    def back(self):
        at, amount = self.instant(), self.amount()
        expected = self.oracle.back(at, amount)
        return ("back", at, amount), expected and self.calendar.add(at, -amount), expected

    def days(self):
        at, days, end_of_day = self.instant(), self.draw.randrange(8), self.draw.random() < 0.4
        expected = self.oracle.add_days(at, days, end_of_day=end_of_day)
        return ("days", at, days, end_of_day), self.calendar.add_days(at, days, end_of_day), expected

    def spans(self):
        start, end = sorted((self.instant(), self.instant()))
        calendar, oracle = self.calendar, self.oracle
        opens, closes = oracle.next_opening(start), oracle.next_closing(start)
        found = (
            calendar.between(start, end),
            calendar.is_open(start),
            calendar.segments(start, end),
            opens and calendar.next_opening(start),
            closes and calendar.next_closing(start),
        )
        expected = (oracle.between(start, end), oracle.is_open(start), oracle.segments(start, end), opens, closes)
        return ("spans", start, end), found, expected

    def fold(self):
        """Pauses at random minutes; looked at in the middle of things."""
        minutes = sorted(self.draw.randrange(FIRST, LAST) for _ in range(self.draw.randint(2, 9)))
        *before, last = (self.oracle.start + minute * MINUTE for minute in minutes)
        told = [(at, self.draw.choice(("open", "hold"))) for at in before]
        goal, now = self.draw.randrange(1, 4_000), self.draw.choice([last, before[-1]])
        target = Target("answer", OpenTime(goal * MINUTE), self.calendar, pauses={"hold"})
        shown = Clock(target).fold([Event(*each) for each in told], now)
        elapsed = self.oracle.elapsed(told, now, {"hold"})
        due = self.oracle.due(told, now, goal, {"hold"}) if shown.is_running else None
        is_late = shown.is_running and due is not None and due < now
        found = (shown.elapsed, shown.due_at if due else None, shown.breached_at is not None if is_late else False)
        return ("fold", told, now, goal), found, (elapsed, due, is_late)


def _compare(cases, seed):
    draw = Random(seed)
    for number in range(cases // CASES_A_CALENDAR):
        calendar, oracle = _both(draw, *WINDOWS[number % len(WINDOWS)])
        for _ in range(CASES_A_CALENDAR):
            Case(draw, calendar, oracle).check()


def test_they_agree():
    _compare(1_500, seed=1)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_they_agree_on_ten_thousand():
    _compare(10_000, seed=100)


@pytest.mark.by_hand
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(1, 10))
def test_they_agree_on_the_rest_of_a_hundred_thousand(part):
    _compare(10_000, seed=100 + part)
