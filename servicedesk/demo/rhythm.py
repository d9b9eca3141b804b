"""When things happen in a municipality: which days are busy, and when somebody is at work; pure.

Instants are seconds since the epoch here, as everything is counted and compared far more often than shown.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Copenhagen")
MINUTE, HOUR, DAY = 60, 3600, 86_400
#: A working day in minutes.
WORKDAY = 480

_BY_WEEKDAY = (1.5, 1.15, 1.05, 1.0, 0.75, 0.07, 0.06)
#: Of an hour of the day, how much is filed in it.
_BY_HOUR = (1, 1, 0, 0, 1, 2, 10, 48, 105, 100, 85, 68, 55, 70, 58, 32, 14, 9, 7, 6, 6, 5, 4, 2)


def easter(year: int) -> date:
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def closed_days(year: int) -> set[date]:
    """Danish holidays, and the days on which a town hall is closed as well."""
    fixed = {(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)}
    movable = (-3, -2, 1, 39, 40, 50)
    return {date(year, *day) for day in fixed} | {easter(year) + timedelta(days) for days in movable}


def busyness(day: date, closed: set[date]) -> float:
    """How much is filed on a day, beside an ordinary Thursday's 1."""
    if day in closed:
        return 0.05
    week, season = day.isocalendar().week, 1.0
    if (day.month, day.day) >= (12, 21):
        season = 0.35
    elif 28 <= week <= 31:
        season = 0.45
    elif day.month == 8 and 8 <= day.day <= 27:
        season = 1.6
    elif day.month == 1 and day.day <= 22:
        season = 1.4
    elif week in (7, 42):
        season = 0.75
    return season * _BY_WEEKDAY[day.weekday()]


class Rhythm:
    """The working days around a stretch of history that ends at `now`."""

    def __init__(self, now: datetime, days: int) -> None:
        self.now = int(now.timestamp())
        today = now.astimezone(ZONE).date()
        self._dates = [today - timedelta(back) for back in range(days, -1, -1)]
        closed = set().union(*(closed_days(year) for year in range(self._dates[0].year - 1, today.year + 2)))
        self._weights = list(accumulate(busyness(day, closed) for day in self._dates))
        self._midnights = {day: _midnight(day) for day in self._dates}
        spans = [today + timedelta(ahead) for ahead in range(-days - 30, 400)]
        at_work = [day for day in spans if day.weekday() < 5 and day not in closed]
        self._starts = [_midnight(day) + 7.5 * HOUR for day in at_work]
        self._lengths = [(WORKDAY if day.weekday() < 4 else 390) * MINUTE for day in at_work]
        self._before = [0, *accumulate(self._lengths)]

    def filings(self, count: int, rng: Random) -> list[int]:
        """`count` instants at which something is filed, oldest first; none lies ahead."""
        found: list[int] = []
        while len(found) < count:
            missing = count - len(found)
            days = rng.choices(self._dates, cum_weights=self._weights, k=missing)
            hours = rng.choices(range(24), _BY_HOUR, k=missing)
            instants = (
                int(self._midnights[day]) + hour * HOUR + rng.randrange(HOUR)
                for day, hour in zip(days, hours, strict=True)
            )
            found += [at for at in instants if at < self.now - 5 * MINUTE]
        return sorted(found)

    def later(self, at: float, minutes: float) -> float:
        """The instant when somebody who keeps office hours has worked for so many minutes."""
        day = max(bisect_right(self._starts, at) - 1, 0)
        worked = self._before[day] + min(max(at - self._starts[day], 0), self._lengths[day]) + minutes * MINUTE
        day = bisect_right(self._before, worked) - 1
        if day >= len(self._starts):
            return at + 400 * DAY
        return self._starts[day] + worked - self._before[day]

    def is_at_work(self, at: float) -> bool:
        day = max(bisect_right(self._starts, at) - 1, 0)
        return 0 <= at - self._starts[day] <= self._lengths[day]


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), ZONE).timestamp()


def instant(at: float) -> datetime:
    return datetime.fromtimestamp(int(at), UTC)


def clock_time(at: float) -> str:
    return f"{datetime.fromtimestamp(int(at), ZONE):%H.%M}"


def month_of(at: float) -> int:
    return datetime.fromtimestamp(int(at), ZONE).month
