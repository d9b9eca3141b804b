"""How long a ticket stayed with superbrugere: open time, told from the journal alone; pure.

The local clock says how much of the allowed time is used: it stands still in pauses and begins anew when the
servicedesk hands a ticket back. This is a figure of its own: every open hour from when the ticket came there until it
was solved or passed on, all stays added up.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from servicedesk.agreements.book import Book
from servicedesk.tickets.workflow import OPEN_STATES, State, Tier
from sla import Calendar


class Placed(Protocol):
    """What has to be known of a journal entry."""

    @property
    def at(self) -> datetime: ...
    @property
    def state(self) -> State: ...
    @property
    def data(self) -> dict[str, Any]: ...


def stay(entries: Iterable[Placed], agreement_id: int | None, book: Book, now: datetime) -> timedelta | None:
    """All open time with superbrugere until `now`, in the hours of the agreement; None when it never was there."""
    return open_time(entries, book.calendar_of(agreement_id), now)


def open_time(entries: Iterable[Placed], calendar: Calendar, now: datetime) -> timedelta | None:
    tier = Tier.SERVICEDESK
    total: timedelta | None = None
    since: datetime | None = None
    for entry in entries:
        tier = Tier(entry.data["tier"]) if "tier" in entry.data else tier
        is_there = tier is Tier.LOCAL and entry.state in OPEN_STATES
        if since is not None and not is_there:
            total = (total or timedelta(0)) + calendar.between(since, entry.at)
            since = None
        elif since is None and is_there:
            since = entry.at
    if since is not None:
        total = (total or timedelta(0)) + calendar.between(since, max(since, now))
    return total
