"""Open time, by looking at every minute. Instants are whole minutes since 1970 in UTC."""

from array import array
from bisect import bisect_left
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from tests.real_history.promises import ZONE, Opening

WALL = ZoneInfo(ZONE)


@lru_cache(maxsize=10_000)  # an incident repeats its times on every row
def minute_of(text: str) -> int:
    """Of "29/2/2016 01:16" on the wall. What the wall shows twice is the first; what it skips is read as if it had
    not been put forward yet."""
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=WALL).astimezone(UTC).timestamp()) // 60


def month_of(minute: int) -> int:
    """Such as 201603, by the wall."""
    on = datetime.fromtimestamp(minute * 60, WALL)
    return on.year * 100 + on.month


class OpenTime:
    """The open minutes from a first to a last instant, counted one by one."""

    def __init__(self, opening: Opening, first: int, last: int) -> None:
        self._first = first
        self._week = {day: _minutes(stretches) for day, stretches in opening.week.items()}
        self._special = {day: _minutes(stretches) for day, stretches in opening.special.items()}
        self._until = array("l", accumulate(map(self._is_open, range(first, last)), initial=0))

    def _is_open(self, minute: int) -> bool:
        on = datetime.fromtimestamp(minute * 60, WALL)
        hours = self._special.get(on.date().isoformat(), self._week.get(on.weekday(), frozenset()))
        return on.hour * 60 + on.minute in hours

    def between(self, start: int, end: int) -> int:
        return self._until[end - self._first] - self._until[start - self._first]

    def after(self, start: int, amount: int) -> int:
        """The first instant at which so many open minutes have passed."""
        return bisect_left(self._until, self._until[start - self._first] + amount) + self._first


def _minutes(stretches: tuple[tuple[str, str], ...]) -> frozenset[int]:
    """The minutes of a day that lie in them."""
    return frozenset(minute for begin, end in stretches for minute in range(_of_day(begin), _of_day(end)))


def _of_day(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
