"""A calendar says when a desk is open, and reckons with open time and with working days."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from sla.errors import InvalidCalendarError, InvalidTargetError, NeverOpensError
from sla.hours import Plan, Versions, read_day, read_week, write_hours
from sla.instants import from_us, to_length, to_us
from sla.timeline import Timeline
from sla.zones import find_zone

_NOTHING: Mapping[int, Iterable[tuple[str, str]]] = MappingProxyType({})
_NO_DATES: Mapping[date, Iterable[tuple[str, str]]] = MappingProxyType({})


class Calendar:
    """Opening hours on the wall clock of a zone: by weekday from Monday = 0, with dates that are closed or special.

    An instant is open if its local time lies in `[opens, closes)` of its local date, whatever the clock does that
    night. "24:00" ends a day. A special date wins over weekday and closed date; one without hours is closed.

    Calendars do not change, are equal if they say the same, and may be shared by threads. All instants are aware
    datetimes, answers are in UTC. Durations are real time, in microseconds at the finest.

    >>> desk = Calendar("Europe/Copenhagen", {day: [("08:00", "16:00")] for day in range(5)},
    ...                 closed=[date(2026, 12, 24)], special={date(2026, 6, 5): [("08:00", "12:00")]})
    >>> desk.add(datetime.fromisoformat("2026-03-06T15:00+01:00"), timedelta(hours=4)).isoformat()
    '2026-03-09T10:00:00+00:00'

    Raises `InvalidCalendarError`, and `NeverOpensError` if there is not one opening hour. Every method that takes an
    instant raises `NaiveDatetimeError` for one without a zone and `OutOfRangeError` beyond the years 1 to 9999.
    """

    __slots__ = ("_hash", "_plan", "_zone", "timeline")

    def __init__(
        self,
        zone: str,
        weekly: Mapping[int, Iterable[tuple[str, str]]] = _NOTHING,
        *,
        closed: Iterable[date] = (),
        special: Mapping[date, Iterable[tuple[str, str]]] = _NO_DATES,
    ) -> None:
        week = read_week(weekly, closed, special)
        if not week.ever_opens:
            raise NeverOpensError("the calendar has no opening hours")
        self._set(zone, week)

    @classmethod
    def versioned(cls, versions: Iterable[tuple[date, "Calendar"]]) -> "Calendar":
        """A calendar whose hours change: each version holds from its local date to the day before the next.

        The first begins at `date.min`, dates rise, the zone is one; else `InvalidCalendarError`.

        >>> long = Calendar("Europe/Copenhagen", {0: [("08:00", "16:00")]})
        >>> short = Calendar("Europe/Copenhagen", {0: [("08:00", "15:00")]})
        >>> desk = Calendar.versioned([(date.min, long), (date(2026, 3, 1), short)])
        >>> desk.hours_on(date(2026, 2, 23)), desk.hours_on(date(2026, 3, 2))
        ((('08:00', '16:00'),), (('08:00', '15:00'),))
        """
        listed = list(versions)
        since = tuple(read_day(start) for start, _ in listed)
        if not listed or listed[0][0] != date.min:
            raise InvalidCalendarError("the first version must hold from date.min")
        if any(later <= earlier for earlier, later in pairwise(since)):
            raise InvalidCalendarError("each version must begin later than the one before")
        zones = {calendar.zone for _, calendar in listed}
        if len(zones) > 1:
            raise InvalidCalendarError(f"versions in several zones: {', '.join(sorted(zones))}")
        return cls._made(zones.pop(), Versions(since, tuple(calendar._plan for _, calendar in listed)))

    @classmethod
    def _made(cls, zone: str, plan: Plan) -> "Calendar":
        made = cls.__new__(cls)
        made._set(zone, plan)
        return made

    def _set(self, zone: str, plan: Plan) -> None:
        self._zone = zone
        self._plan = plan
        #: Pages find what they kept by calendar, eighty times over, and a plan may name hundreds of dates.
        self._hash = hash((zone, plan))
        #: The same hours as intervals of microseconds, which is what `Clock` reckons with.
        self.timeline = Timeline(find_zone(zone), plan)

    @property
    def zone(self) -> str:
        return self._zone

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and (self._zone, self._plan) == (other._zone, other._plan)

    def __hash__(self) -> int:
        return self._hash

    # What is kept is told by its hash, which another process reckons otherwise.
    def __reduce__(self) -> tuple[Callable[[str, Plan], "Calendar"], tuple[str, Plan]]:
        return self._made, (self._zone, self._plan)

    def __repr__(self) -> str:
        week = ", ".join(f"{day}: {write_hours(self._plan.on(day + 1))}" for day in range(7) if self._plan.on(day + 1))
        return f"<Calendar {self._zone} {week}>"

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant at which `amount` of open time has passed since `start`.

        It may be a closing. A negative amount goes back, to the latest instant from which so much passes until
        `start`. Zero moves to the next open instant. Raises `NeverOpensError` if ten years pass without any.

        >>> desk = Calendar("UTC", {0: [("08:00", "16:00")]})
        >>> monday = datetime.fromisoformat("2026-03-02T12:00Z")
        >>> desk.add(monday, timedelta(hours=4)).isoformat(), desk.add(monday, timedelta(hours=-4)).isoformat()
        ('2026-03-02T16:00:00+00:00', '2026-03-02T08:00:00+00:00')
        """
        return from_us(self.timeline.add(to_us(start), to_length(amount)))

    def add_days(self, start: datetime, days: int, end_of_day: bool = False) -> datetime:
        """The same time on the wall clock `days` working days later, or that day's last closing.

        A working day is a local date with any open time. A start outside hours first moves to the next opening; so
        does a result. A time that the clock jumps over is the jump, one that comes twice is the first of the two.
        Raises `InvalidTargetError` unless `days` is a whole number from 0, and `NeverOpensError`.

        >>> desk = Calendar("UTC", {day: [("08:00", "16:00")] for day in range(5)})
        >>> friday = datetime.fromisoformat("2026-03-06T10:00Z")
        >>> desk.add_days(friday, 1).isoformat(), desk.add_days(friday, 1, end_of_day=True).isoformat()
        ('2026-03-09T10:00:00+00:00', '2026-03-09T16:00:00+00:00')
        """
        if not isinstance(days, int) or isinstance(days, bool) or days < 0:
            raise InvalidTargetError(f"{days!r} is not a number of working days")
        return from_us(self.timeline.add_days(to_us(start), days, end_of_day=end_of_day))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` to `end`; negative if `end` comes first.

        >>> desk = Calendar("UTC", {0: [("08:00", "16:00")]})
        >>> monday = datetime.fromisoformat("2026-03-02T12:00Z")
        >>> desk.between(monday, monday + timedelta(days=7))
        datetime.timedelta(seconds=28800)
        """
        return timedelta(microseconds=self.timeline.open_between(to_us(start), to_us(end)))

    def is_open(self, at: datetime) -> bool:
        """Whether `at` is in an opening hour; the closing itself is not.

        >>> Calendar("UTC", {0: [("08:00", "16:00")]}).is_open(datetime.fromisoformat("2026-03-02T16:00Z"))
        False
        """
        return self.timeline.is_open(to_us(at))

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant from `at` on: `at` itself when open. Raises `NeverOpensError`.

        >>> desk = Calendar("UTC", {0: [("08:00", "16:00")]})
        >>> desk.next_opening(datetime.fromisoformat("2026-03-02T16:00Z")).isoformat()
        '2026-03-09T08:00:00+00:00'
        """
        return from_us(self.timeline.next_opening(to_us(at)))

    def next_closing(self, at: datetime) -> datetime | None:
        """The end of the open interval that `at` is in, or of the next; None if it lasts for more than ten years.

        Raises `NeverOpensError`.

        >>> desk = Calendar("UTC", {0: [("08:00", "16:00")]})
        >>> desk.next_closing(datetime.fromisoformat("2026-03-02T16:00Z")).isoformat()
        '2026-03-09T16:00:00+00:00'
        """
        closes = self.timeline.next_closing(to_us(at))
        return None if closes is None else from_us(closes)

    def segments(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The open intervals between two instants, in order and apart; none if `end` comes first.

        >>> desk = Calendar("UTC", {0: [("08:00", "12:00"), ("12:30", "16:00")]})
        >>> monday = datetime.fromisoformat("2026-03-02T10:00Z")
        >>> [(opens.hour, closes.hour) for opens, closes in desk.segments(monday, monday + timedelta(hours=4))]
        [(10, 12), (12, 14)]
        """
        found = self.timeline.segments(to_us(start), to_us(end))
        return [(from_us(opens), from_us(closes)) for opens, closes in found]

    def hours_on(self, day: date) -> tuple[tuple[str, str], ...]:
        """The opening hours of a local date, as they were given.

        >>> Calendar("UTC", {0: [("08:00", "24:00")]}).hours_on(date(2026, 3, 2))
        (('08:00', '24:00'),)
        """
        return write_hours(self._plan.on(day.toordinal()))

    def is_working_day(self, day: date) -> bool:
        """Whether that local date has any open time.

        >>> Calendar("UTC", {0: [("08:00", "16:00")]}).is_working_day(date(2026, 3, 3))
        False
        """
        return self.timeline.is_working_day(day.toordinal())
