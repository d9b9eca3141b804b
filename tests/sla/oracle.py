"""A second, slow engine: for each minute of some weeks it looks at the wall clock and notes whether that is open.

It shares nothing with the engine. Hours begin and end on whole minutes and so do the clock changes of its zones,
so a minute is open or closed as a whole; what it knows ends with its window, and then it answers None.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
WINDOW = 42 * 24 * 60


@lru_cache(maxsize=64)
def walls(zone: str, start: datetime) -> list[tuple[date, int, int]]:
    """Date, weekday and minute of the day on the wall, for each minute of a window from `start`."""
    told = []
    for minute in range(WINDOW):
        wall = (start + minute * MINUTE).astimezone(ZoneInfo(zone))
        told.append((wall.date(), wall.weekday(), wall.hour * 60 + wall.minute))
    return told


class Oracle:
    def __init__(
        self, zone: str, start: datetime, weekly: dict[int, Any], closed: set[date], special: dict[date, Any]
    ) -> None:
        self.start = start
        self.walls = walls(zone, start)
        minutes: dict[date, set[int]] = {}
        for day, weekday, _ in self.walls:
            if day not in minutes:
                hours = special[day] if day in special else [] if day in closed else weekly.get(weekday, [])
                minutes[day] = {minute for opens, closes in hours for minute in range(opens, closes)}
        self.open = [minute in minutes[day] for day, _, minute in self.walls]

    def _place(self, at):
        return divmod(at - self.start, MINUTE)

    def is_open(self, at):
        return self.open[self._place(at)[0]]

    def between(self, start, end):
        (first, before), (last, after) = self._place(start), self._place(end)
        minutes = sum(self.open[first:last])
        return minutes * MINUTE - before * self.open[first] + after * self.open[last]

    def add(self, at, amount):
        minute, into = self._place(at)
        left = amount + (into if self.open[minute] else timedelta(0))
        for each in range(minute, WINDOW):
            if self.open[each]:
                if left <= MINUTE:
                    return self.start + each * MINUTE + left
                left -= MINUTE
        return None

    def back(self, at, amount):
        """The last instant from which `amount` > 0 passes until `at`."""
        minute, into = self._place(at)
        left = amount + (MINUTE - into if self.open[minute] else timedelta(0))
        for each in range(minute, -1, -1):
            if self.open[each]:
                if left <= MINUTE:
                    return self.start + (each + 1) * MINUTE - left
                left -= MINUTE
        return None

    def next_opening(self, at):
        minute, _ = self._place(at)
        if self.open[minute]:
            return at
        ahead = self._first(minute, wanted=True)
        return None if ahead is None else self.start + ahead * MINUTE

    def next_closing(self, at):
        opens = self._first(self._place(at)[0], wanted=True)
        closes = None if opens is None else self._first(opens, wanted=False)
        return None if closes is None else self.start + closes * MINUTE

    def _first(self, minute, *, wanted):
        return next((each for each in range(minute, WINDOW) if self.open[each] is wanted), None)

    def segments(self, start, end):
        found, at = [], start
        while at < end:
            opens = self.next_opening(at)
            if opens is None or opens >= end:
                break
            closes = self.next_closing(opens)
            at = end if closes is None else min(closes, end)
            found.append((opens, at))
        return found

    def add_days(self, at, days, *, end_of_day):
        begins = self.next_opening(at)
        if begins is None:
            return None
        minute, into = self._place(begins)
        _, _, time = self.walls[minute]
        looked = zip(self.walls[minute:], self.open[minute:], strict=True)
        dates = sorted({wall[0] for wall, is_open in looked if is_open})
        if days + 1 >= len(dates):
            return None
        wanted = dates[days]
        if end_of_day:
            last = max(each for each, wall in enumerate(self.walls) if wall[0] == wanted and self.open[each])
            return self.start + (last + 1) * MINUTE
        if days == 0:
            return begins
        for each, wall in enumerate(self.walls):
            if (wall[0], wall[2]) == (wanted, time):
                return self.next_opening(self.start + each * MINUTE + into)
            if (wall[0], wall[2]) > (wanted, time):
                return self.next_opening(self.start + each * MINUTE)
        return None

    def due(self, events, now, goal, pauses):
        """When `goal` minutes have counted; events are on whole minutes, those after `now` have not happened yet."""
        known = [(self._place(at)[0], state) for at, state in events if at <= now]
        counted = 0
        for (first, state), (last, _) in pairwise([*known, (WINDOW, None)]):
            for minute in range(first, last):
                counted += self.open[minute] and state not in pauses
                if counted == goal:
                    return self.start + (minute + 1) * MINUTE
        return None

    def elapsed(self, events, now, pauses):
        total = timedelta(0)
        for (start, state), (end, _) in pairwise([*events, (now, None)]):
            if state not in pauses and start < now:
                total += self.between(start, min(end, now))
        return total
