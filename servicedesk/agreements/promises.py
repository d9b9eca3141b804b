"""What is promised, laid out to be read: a table of words for each agreement, its opening hours, its closed days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext

from servicedesk.agreements.book import Book, ClosedDay, Version
from servicedesk.agreements.terms import CalendarKey, Goal, Kind, Priority, Promise, Terms
from servicedesk.agreements.words import length_in_words
from servicedesk.core.alphabet import in_order
from servicedesk.core.clock import local_date
from sla import Calendar, SlaError, WorkingDays
from sla.target import Length

#: Closed days are told of for so long, and so many.
AHEAD = timedelta(days=366)
CLOSED_DAYS = 15

ALL_DAY = (("00:00", "24:00"),)


class Line(NamedTuple):
    """A priority and what is promised for it, in words; "" where nothing is."""

    priority: Priority
    words: Mapping[Promise, str]


class Targets(NamedTuple):
    """The table for tickets of one kind, or of every kind (None)."""

    kind: Kind | None
    lines: list[Line]
    #: The columns in which anything stands.
    promises: list[Promise]


class Closed(NamedTuple):
    """A day to come with other hours than usual."""

    on: date
    name: str
    hours: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Opening:
    """A calendar as people ask of it."""

    name: str
    #: The hours of each weekday from Monday.
    week: list[tuple[tuple[str, str], ...]]
    closed: list[Closed]
    is_always: bool
    is_open: bool
    #: When that changes; None for one that never closes.
    changes_at: datetime | None


def is_always(calendar: Calendar, on: date) -> bool:
    """Whether it is open round the clock in the week from that day."""
    return all(calendar.hours_on(on + timedelta(days=days)) == ALL_DAY for days in range(7))


def targets(terms: Terms, book: Book, on: date) -> list[Targets]:
    """One table, or one for each kind when what is promised differs."""
    kinds: list[Kind | None] = [None] if all(goal.kind is None for goal in terms.goals) else list(Kind)
    return [_table(terms, kind, book, on) for kind in kinds]


def _table(terms: Terms, kind: Kind | None, book: Book, on: date) -> Targets:
    lines = []
    for priority in Priority:
        goal = terms.goal(kind or Kind.INCIDENT, priority)
        lines.append(Line(priority, _words(goal, terms, book, on) if goal else {}))
    shown = (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE)
    return Targets(kind, lines, [one for one in shown if any(line.words.get(one) for line in lines)])


def _words(goal: Goal, terms: Terms, book: Book, on: date) -> dict[Promise, str]:
    key = terms.calendar if goal.calendar is None else goal.calendar
    found = {promise: goal.length(promise) for promise in (Promise.RESPONSE, Promise.RESOLUTION, Promise.UPDATE)}
    return {
        promise: _in_calendar(length, key, key == terms.calendar, book, on)
        for promise, length in found.items()
        if length is not None
    }


def _in_calendar(length: Length, key: CalendarKey, is_usual: bool, book: Book, on: date) -> str:
    words = length_in_words(length)
    if is_always(book.calendars[key], on):
        return str(gettext("%(length)s – døgnet rundt", length=words))
    if not is_usual:
        return str(gettext("%(length)s (%(calendar)s)", length=words, calendar=book.names[key]))
    return words if isinstance(length, WorkingDays) else str(gettext("%(length)s i åbningstiden", length=words))


def openings(terms: Terms, book: Book, now: datetime) -> list[Opening]:
    """The agreement's calendars, its own first."""
    others = in_order(terms.calendar_keys() - {terms.calendar}, lambda key: book.names[key])
    return [opening(book, key, now) for key in (terms.calendar, *others)]


def opening(book: Book, key: CalendarKey, now: datetime) -> Opening:
    calendar, days = book.calendars[key], book.days.get(key, {})
    today = local_date(now, calendar.zone)
    is_open = calendar.is_open(now)
    always = is_always(calendar, today) and not any(today <= on <= today + AHEAD for on in days)
    return Opening(
        name=book.names[key],
        week=_week(calendar, days, today),
        closed=_closed(calendar, days, today),
        is_always=always,
        is_open=is_open,
        changes_at=None if always else _next_change(calendar, now, is_open),
    )


def _next_change(calendar: Calendar, now: datetime, is_open: bool) -> datetime | None:
    try:
        return calendar.next_closing(now) if is_open else calendar.next_opening(now)
    except SlaError:  # not within ten years
        return None


def _week(calendar: Calendar, days: Mapping[date, ClosedDay], today: date) -> list[tuple[tuple[str, str], ...]]:
    """The hours of ordinary days: each weekday's next one that is not special."""
    found = []
    for weekday in range(7):
        on = today + timedelta(days=(weekday - today.weekday()) % 7)
        while on in days:
            on += timedelta(days=7)
        found.append(calendar.hours_on(on))
    return found


def _closed(calendar: Calendar, days: Mapping[date, ClosedDay], today: date) -> list[Closed]:
    coming = sorted(on for on in days if today <= on <= today + AHEAD)
    return [Closed(on, days[on].name, calendar.hours_on(on)) for on in coming[:CLOSED_DAYS]]


# ------------------------------------------------------------------------------------------------ an example


class Example(NamedTuple):
    """When a ticket of that priority, filed at the example's time, would be due."""

    kind: Kind | None
    priority: Priority
    due: Mapping[Promise, datetime]


def friday_noon(on: date, calendar: Calendar) -> datetime:
    """The first Friday at 12 from that day on: a time at which weekends and opening hours make a difference."""
    friday = on + timedelta(days=(4 - on.weekday()) % 7)
    return datetime(friday.year, friday.month, friday.day, 12, tzinfo=ZoneInfo(calendar.zone))


def examples(version: Version, book: Book, filed_at: datetime) -> list[Example]:
    found = []
    for goal in version.terms.goals:
        calendar = book.calendars[version.terms.calendar if goal.calendar is None else goal.calendar]
        lengths = {one: goal.length(one) for one in (Promise.RESPONSE, Promise.RESOLUTION)}
        due = {one: _due(calendar, filed_at, length) for one, length in lengths.items() if length is not None}
        found.append(Example(goal.kind, goal.priority, due))
    return found


def _due(calendar: Calendar, start: datetime, length: Length) -> datetime:
    if isinstance(length, WorkingDays):
        return calendar.add_days(start, length.days, end_of_day=length.end_of_day)
    return calendar.add(start, length.amount)
