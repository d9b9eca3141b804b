"""What falls due soon: one meaning for the start page, the queue's filter and its view."""

from dataclasses import replace
from datetime import datetime, timedelta

from servicedesk.agreements.book import Book, book_of
from servicedesk.core.actor import Actor
from servicedesk.tickets.filters import Filters
from sla import SlaError

#: Within so much of the servicedesk's own opening hours; what is overdue counts as well. On a Friday afternoon that
#: reaches into Monday morning.
SOON = timedelta(hours=4)


def horizon(book: Book | None, now: datetime) -> datetime:
    """Until when a ticket is due soon, by the hours agreed with a customer; to the minute, so that the statements for
    it can be used again."""
    minute = now.replace(second=0, microsecond=0)
    version = book.choose(None, now) if book else None
    if book is None or version is None:
        return minute + SOON
    try:
        return book.calendar_of(version).add(minute, SOON)
    except SlaError:  # closed for years ahead
        return minute + SOON


def told(filters: Filters, who: Actor, now: datetime, *, book: Book | None = None) -> Filters:
    """The same filters, knowing what soon is; to be said before they are put as a query.

    By the hours of the person's own customer, whose `book` may be at hand.
    """
    if not filters.soon:
        return filters
    if book is None and who.customer_id is not None:
        book = book_of(who.customer_id)
    return replace(filters, due_before=horizon(book, now))
