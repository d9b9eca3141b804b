"""What is agreed as it would be after a change that nobody has made yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from servicedesk.agreements.book import Book, Version
from sla import Calendar

Intervals = Sequence[Sequence[str]]
Weeks = Mapping[date, Mapping[str, Any]]


def with_calendar(book: Book, hours_id: int, calendar: Calendar) -> Book:
    """The book with another calendar in the place of one of its own."""
    return replace(book, calendars={**book.calendars, hours_id: calendar})


def with_week(weeks: Weeks, starts_on: date, week: Mapping[str, Any]) -> list[tuple[date, Mapping[str, Any]]]:
    """The versions of a calendar's week, with one more."""
    return sorted({**weeks, starts_on: week}.items())


def with_days(special: Mapping[date, Intervals], days: Iterable[tuple[date, Intervals]]) -> dict[date, Intervals]:
    """A calendar's special days, with others."""
    return {**special, **dict(days)}


def with_version(book: Book, version: Version) -> Book:
    """The book with one more version, which has no row yet; the agreement's later ones would not be there."""
    kept = {
        id_: one
        for id_, one in book.versions.items()
        if one.agreement_id != version.agreement_id or one.starts_on < version.starts_on
    }
    return replace(book, versions={**kept, version.id: version})
