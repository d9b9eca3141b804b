"""Open time on the axis of UTC: opening hours become intervals of instants first, and only then is anything added.

Instants and durations are whole microseconds here. The axis is cut into chunks of 2**45 of them, some 407 days,
which are built when they are first asked for. Building one twice gives the same, so threads share a timeline
without a lock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from operator import sub
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sla.errors import NeverOpensError, OutOfRangeError
from sla.hours import Plan
from sla.instants import DAY, EPOCH_ORDINAL, FIRST, LAST
from sla.zones import first_at, offset_at, stretches

TEN_YEARS = 3_653 * DAY
_CHUNK_BITS, _TABLE_BITS = 45, 9
#: More than a lifetime of service. A wild question must not fill the memory of a program that runs for years.
_MOST_KEPT = 96

_Built = TypeVar("_Built")
_BEYOND = "that leads beyond the years 1 to 9999"


class Chunk(NamedTuple):
    """The open intervals of a chunk, which neither touch nor overlap."""

    #: Opening, closing, opening, closing ... So the number of edges up to an instant is odd while open.
    edges: list[int]
    #: How much open time of this chunk precedes each interval and, at the end, the whole of it.
    before: list[int]
    total: int

    def open_until(self, at: int) -> int:
        index = bisect_right(self.edges, at)
        if index & 1:
            return self.before[index >> 1] + at - self.edges[index - 1]
        return self.before[index >> 1]

    def first_with(self, wanted: int) -> int:
        """The first instant with 0 < `wanted` <= total of open time before it: a closing, not the next opening."""
        index = bisect_left(self.before, wanted) - 1
        return self.edges[2 * index] + wanted - self.before[index]

    def last_with(self, wanted: int) -> int:
        """The last instant with 0 <= `wanted` < total before it: an opening, not the closing before."""
        index = bisect_right(self.before, wanted) - 1
        return self.edges[2 * index] + wanted - self.before[index]


class DayTable(NamedTuple):
    """The dates, of a run of them, that have any open time, and the instant at which each closes for the last time."""

    days: list[int]
    closings: list[int]


class Timeline:
    """When a plan is open in a zone, and arithmetic on that."""

    __slots__ = ("_chunks", "_plan", "_tables", "_zone")

    def __init__(self, zone: ZoneInfo, plan: Plan) -> None:
        self._zone = zone
        self._plan = plan
        self._chunks: dict[int, Chunk] = {}
        self._tables: dict[int, DayTable] = {}

    def add(self, at: int, amount: int) -> int:
        """The first instant with `amount` of open time since `at`; going back, the last; for 0 the next open one."""
        if amount > 0:
            return self._forward(at, amount)
        return self._back(at, -amount) if amount < 0 else self.next_opening(at)

    def _forward(self, at: int, amount: int) -> int:
        number = at >> _CHUNK_BITS
        chunk = self._chunk(number)
        wanted = chunk.open_until(at) + amount
        if wanted > chunk.total:
            _check_range(at + amount)
            chunk, wanted = self._walk_forward(number, wanted, at)
        return chunk.first_with(wanted)

    def _walk_forward(self, number: int, wanted: int, stand: int) -> tuple[Chunk, int]:
        """The chunk in which `wanted` of open time from the start of chunk `number` is reached, and what is left."""
        chunk = self._chunk(number)
        while wanted > chunk.total:
            wanted -= chunk.total
            stand = max(stand, chunk.edges[-1]) if chunk.edges else stand
            number += 1
            chunk = self._chunk(number)
            _check_gap(stand, chunk.edges[0] if chunk.edges else (number + 1) << _CHUNK_BITS)
        return chunk, wanted

    def _back(self, at: int, amount: int) -> int:
        _check_range(at - amount)
        number = at >> _CHUNK_BITS
        chunk = self._chunk(number)
        wanted = chunk.open_until(at) - amount
        stand = at
        while wanted < 0:
            stand = min(stand, chunk.edges[0]) if chunk.edges else stand
            number -= 1
            chunk = self._chunk(number)
            _check_gap(chunk.edges[-1] if chunk.edges else number << _CHUNK_BITS, stand)
            wanted += chunk.total
        return chunk.last_with(wanted)

    def open_between(self, start: int, end: int) -> int:
        return self.open_along([start, end])[0] if start <= end else -self.open_along([end, start])[0]

    def open_along(self, instants: list[int]) -> list[int]:
        """The open time from each instant to the next; they never go back."""
        amounts = []
        number = instants[0] >> _CHUNK_BITS
        chunk = self._chunk(number)
        used = chunk.open_until(instants[0])
        for at in instants[1:]:
            amount = -used
            while number < at >> _CHUNK_BITS:
                amount += chunk.total
                number += 1
                chunk = self._chunk(number)
            used = chunk.open_until(at)
            amounts.append(amount + used)
        return amounts

    def is_open(self, at: int) -> bool:
        return bisect_right(self._chunk(at >> _CHUNK_BITS).edges, at) & 1 == 1

    def next_opening(self, at: int) -> int:
        """`at` itself when open."""
        number = at >> _CHUNK_BITS
        chunk = self._chunk(number)
        index = bisect_right(chunk.edges, at)
        while index == len(chunk.edges):
            number += 1
            chunk, index = self._chunk(number), 0
            _check_gap(at, chunk.edges[0] if chunk.edges else (number + 1) << _CHUNK_BITS)
        return at if index & 1 else chunk.edges[index]

    def next_closing(self, at: int) -> int | None:
        """The end of the open interval that `at` is in or before; nothing if it lasts for more than ten years."""
        opens = self.next_opening(at)
        for start, end in self._merged(opens, min(opens + TEN_YEARS + 1, LAST)):
            return end if end - start <= TEN_YEARS and end < LAST else None
        return None

    def segments(self, start: int, end: int) -> list[tuple[int, int]]:
        """The open intervals between two instants."""
        return list(self._merged(start, end))

    def _merged(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Open intervals within [start, end), those that meet at the edge of a chunk as one."""
        opens = closes = start
        for number in range(start >> _CHUNK_BITS, (end >> _CHUNK_BITS) + 1):
            edges = self._chunk(number).edges
            for index in range(bisect_right(edges, start) & -2, bisect_left(edges, end), 2):
                if edges[index] > closes:
                    if opens < closes:
                        yield opens, closes
                    opens = edges[index]
                closes = min(edges[index + 1], end)
        if opens < closes:
            yield opens, closes

    def add_days(self, at: int, days: int, *, end_of_day: bool) -> int:
        """The same time on the wall `days` working days later; that day's last closing if asked for."""
        at = self.next_opening(at)
        wall = at + offset_at(self._zone, at)
        table, index = self._working_day(wall // DAY + EPOCH_ORDINAL, days)
        if end_of_day:
            return table.closings[index]
        if days == 0:
            return at
        midnight = (table.days[index] - EPOCH_ORDINAL) * DAY
        return self.next_opening(first_at(self._zone, midnight + wall % DAY))

    def is_working_day(self, day: int) -> bool:
        """Whether any instant of that date is open."""
        table = self._table(day >> _TABLE_BITS)
        index = bisect_left(table.days, day)
        return index < len(table.days) and table.days[index] == day

    def _working_day(self, day: int, later: int) -> tuple[DayTable, int]:
        """Where the working day that comes `later` working days after `day` is found; `day` itself for 0."""
        _check_range((day + later - EPOCH_ORDINAL) * DAY)
        number = day >> _TABLE_BITS
        table = self._table(number)
        index = bisect_left(table.days, day + 1) + later - 1
        stand = day
        while index >= len(table.days):
            index -= len(table.days)
            stand = table.days[-1] if table.days else stand
            number += 1
            table = self._table(number)
            ahead = table.days[0] if table.days else (number + 1) << _TABLE_BITS
            _check_gap(stand * DAY, ahead * DAY)
        return table, index

    def _chunk(self, number: int) -> Chunk:
        return self._chunks.get(number) or self._build_chunk(number)

    def _build_chunk(self, number: int) -> Chunk:
        edges: list[int] = []
        for start, end, _ in self._openings(number << _CHUNK_BITS, (number + 1) << _CHUNK_BITS):
            if edges and edges[-1] == start:
                edges[-1] = end
            else:
                edges += start, end
        lengths = map(sub, edges[1::2], edges[::2])
        before = [0, *accumulate(lengths)]
        return _keep(self._chunks, number, Chunk(edges, before, before[-1]))

    def _table(self, number: int) -> DayTable:
        return self._tables.get(number) or self._build_table(number)

    def _build_table(self, number: int) -> DayTable:
        days = range(number << _TABLE_BITS, (number + 1) << _TABLE_BITS)
        start = (days[0] - EPOCH_ORDINAL) * DAY
        # A day more at either end, whatever the zone.
        openings = self._openings(start - DAY, start + (len(days) + 1) * DAY)
        closings = {day: end for _, end, day in openings if day in days}
        return _keep(self._tables, number, DayTable(list(closings), list(closings.values())))

    def _openings(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Open intervals within [start, end) and the date each belongs to; neighbours may touch.

        Where the clock jumps ahead, the part of an interval that is jumped over is left out; where it is put back,
        the hour that comes twice is there twice.
        """
        start, end = max(start, FIRST), min(end, LAST)
        if start >= end:
            raise OutOfRangeError(_BEYOND)
        for since, until, offset in stretches(self._zone, start, end):
            for day in range((since + offset) // DAY, (until + offset - 1) // DAY + 1):
                midnight = day * DAY - offset
                for opens, closes in self._plan.on(day + EPOCH_ORDINAL):
                    opening, closing = max(midnight + opens, since), min(midnight + closes, until)
                    if opening < closing:
                        yield opening, closing, day + EPOCH_ORDINAL


def _keep(kept: dict[int, _Built], number: int, built: _Built) -> _Built:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[number] = built
    return built


def _check_range(at: int) -> None:
    """For what is at least as far away as `at`: says so without building every chunk on the way."""
    if not FIRST <= at <= LAST:
        raise OutOfRangeError(_BEYOND)


def _check_gap(start: int, end: int) -> None:
    if end - start > TEN_YEARS:
        raise NeverOpensError("the calendar does not open within ten years")
