"""Whether the servicedesk is open now, and until or from when."""

from datetime import datetime
from typing import NamedTuple

from servicedesk.agreements.book import Book, book_of
from servicedesk.core.clock import local_date
from servicedesk.core.formats import on_weekday, wall_time
from servicedesk.core.language import gettext as _
from sla import Calendar, NeverOpensError


class Opening(NamedTuple):
    is_open: bool
    #: When it closes, or opens again; None when it never does.
    changes_at: datetime | None


def opening(calendar: Calendar, now: datetime) -> Opening:
    if calendar.is_open(now):
        return Opening(True, calendar.next_closing(now))
    try:
        return Opening(False, calendar.next_opening(now))
    except NeverOpensError:
        return Opening(False, None)


def opening_of(book: Book, version_id: int | None, now: datetime) -> Opening | None:
    """Of those who work under that version; None where no hours are agreed, and so none can be told."""
    return opening(book.calendar_of(version_id), now) if version_id in book.versions else None


def is_open_at(customer_id: int, now: datetime) -> bool:
    """In the servicedesk's own hours; office hours where nothing is agreed. For what need not come at night."""
    book = book_of(customer_id)
    version_id = book.choose(None, now)
    usual = Calendar(book.zone, {day: [("08:00", "16:00")] for day in range(5)})
    return (usual if version_id is None else book.calendar_of(version_id)).is_open(now)


def in_words(found: Opening, now: datetime, zone: str) -> str:
    """ "Servicedesken har åbent til 16.00." or "Servicedesken er lukket og åbner mandag 9. mar. 08.00." """
    at = found.changes_at
    if at is None:
        return _("Servicedesken har åbent hele døgnet.") if found.is_open else _("Servicedesken er lukket.")
    if local_date(at, zone) == local_date(now, zone):
        told = {"at": wall_time(at)}
        if found.is_open:
            return _("Servicedesken har åbent til %(at)s.", **told)
        return _("Servicedesken er lukket og åbner i dag %(at)s.", **told)
    if found.is_open:
        return _("Servicedesken har åbent nu.")
    return _("Servicedesken er lukket og åbner %(at)s.", at=on_weekday(at))
