"""Tells the systems, which lie below agreements, in which hours each is promised to run."""

from datetime import datetime
from functools import lru_cache

from servicedesk.agreements.book import Book, book_of
from servicedesk.systems import hours
from sla import Calendar


def _hours(customer_id: int, at: datetime) -> hours.Hours:
    book, hour = book_of(customer_id), at.replace(minute=0, second=0, microsecond=0)
    return lambda system_id: _calendar(book, system_id, hour)


# A page asks for eighty systems, and the answer changes at most with the day, or with the book.
@lru_cache(maxsize=5_000)
def _calendar(book: Book, system_id: int | None, at: datetime) -> Calendar | None:
    version = book.choose(system_id, at)
    return None if version is None else book.calendar_of(version)


hours.offer(_hours)
