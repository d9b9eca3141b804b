"""Why a clock shows what it shows: every stretch of its time, what counted and why not; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.agreements.book import Book
from servicedesk.agreements.terms import write_length
from sla import Calendar, Reading, Segment, Why

DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """A piece of a clock's time that is all of one kind."""

    start: datetime
    end: datetime
    counted: bool
    why: Why
    #: What the ticket was in, as clocks know it.
    state: str | None
    #: Open time in it, counted or not.
    open: timedelta
    #: What had counted at its end.
    total: timedelta
    is_after_due: bool
    #: Names of closed days in it, and whether an ordinary closed weekday is among its days.
    closed_days: tuple[str, ...]
    is_weekend: bool


@dataclass(frozen=True)
class Explained:
    """A clock with what led to what it shows."""

    name: str
    reading: Reading
    #: Of the calendar; empty when it has none of its own any more.
    hours: str
    stretches: tuple[Stretch, ...]


def explain(name: str, reading: Reading, book: Book) -> Explained:
    key = book.key_of(reading.target.calendar)
    days = {on: day.name for on, day in book.days.get(key, {}).items() if day.is_closed} if key is not None else {}
    return Explained(
        name, reading, book.names.get(key, "") if key is not None else "", tuple(_stretches(reading, days))
    )


def _stretches(reading: Reading, days: Mapping[date, str]) -> Iterator[Stretch]:
    calendar, total = reading.target.calendar, timedelta(0)
    for segment in _cut(reading):
        open_time = calendar.between(segment.start, segment.end)
        total += open_time if segment.counted else timedelta(0)
        is_late = reading.due_at is not None and segment.start >= reading.due_at
        closed = _closed(segment, calendar, days) if segment.why is Why.CLOSED else ((), False)
        told = (segment.start, segment.end, segment.counted, segment.why, segment.state)
        yield Stretch(*told, open_time, total, is_late, *closed)


def _cut(reading: Reading) -> Iterator[Segment]:
    """The segments, the one in which the due time came in two."""
    for one in reading.segments:
        due = reading.due_at
        if due is not None and one.counted and one.start < due < one.end:
            yield Segment(one.start, due, one.counted, one.why, one.state)
            yield Segment(due, one.end, one.counted, one.why, one.state)
        else:
            yield one


def _closed(segment: Segment, calendar: Calendar, days: Mapping[date, str]) -> tuple[tuple[str, ...], bool]:
    """Which whole days a closed stretch goes over: those that have a name, and whether there are others."""
    zone = ZoneInfo(calendar.zone)
    first, last = segment.start.astimezone(zone), (segment.end - timedelta(microseconds=1)).astimezone(zone)
    dates = [first.date() + DAY * number for number in range(min((last.date() - first.date()).days + 1, 400))]
    shut = [on for on in dates if not calendar.is_working_day(on)]
    names = tuple(dict.fromkeys(days[on] for on in shut if on in days))
    return names, any(on not in days for on in shut)


# ------------------------------------------------------------------------------------------ for scripts


def as_json(explained: Explained) -> dict[str, Any]:
    """A clock in the form in which other programs get it: instants in UTC, ISO 8601 durations of open time."""
    reading = explained.reading
    return {
        "name": explained.name,
        "target": write_length(reading.target.length),
        "hours": explained.hours or None,
        "elapsed": duration(reading.elapsed),
        "state": reading.phase.value,
        "started_at": instant(reading.started_at),
        "due_at": instant(reading.due_at),
        "breached_at": instant(reading.breached_at),
        "ended_at": instant(reading.ended_at),
        "paused": duration(reading.paused),
        "stopped": duration(reading.stopped),
        "overrun": duration(reading.overrun),
        "cycle": reading.cycle,
        "segments": [
            {
                "start": instant(one.start),
                "end": instant(one.end),
                "counted": one.counted,
                "why": one.why.value,
                "state": one.state,
                "open": duration(one.open),
            }
            for one in explained.stretches
        ],
    }


def instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def duration(amount: timedelta) -> str:
    """ISO 8601, such as "PT4H30M"; never in days, as those are of different lengths."""
    sign, rest = ("-", -amount) if amount < timedelta(0) else ("", amount)
    minutes, seconds = divmod(rest, timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}H" * (hours > 0) + f"{minutes}M" * (minutes > 0)
    if seconds:
        text += f"{seconds.total_seconds():.6f}".rstrip("0").rstrip(".") + "S"
    return f"{sign}PT{text or '0S'}"
