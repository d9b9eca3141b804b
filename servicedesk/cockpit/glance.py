"""Whether news shows on a page of the queue, asked together with what the page hangs on.

Most news is of tickets that are not on the page and would not come onto it. Each process remembers the pages that it
made, by their marks, which nobody else can make: whose page it was, what it was narrowed to, where it began and ended.
With that it asks about the tickets of the entries that came since. Whatever it does not remember, or cannot tell for
certain, is read again by the caller.
"""

from collections import OrderedDict
from datetime import date, datetime
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, case, cast, exists, func, not_, select

from servicedesk.cockpit import live
from servicedesk.cockpit.live import Facts, Mark, Statement
from servicedesk.core.actor import Actor
from servicedesk.core.db import bare
from servicedesk.tickets import lists
from servicedesk.tickets.filters import Filters, Place
from servicedesk.tickets.models import Entry, Ticket

#: Pages that a process remembers; the one that was asked about the longest ago is forgotten first.
MOST = 4_000


class Stretch(NamedTuple):
    """Which part of which list a page shows."""

    filters: Filters
    who: Actor
    customers: tuple[int, ...] | None
    after: Place | None
    following: Place | None


class Made(NamedTuple):
    """A page that was made."""

    stretch: Stretch
    total: int
    facts: Facts


class News(NamedTuple):
    """What came since a page was made."""

    #: The ticket of each entry.
    tickets: list[int]
    #: How many tickets the list has now; None when nothing came.
    total: int | None
    #: A ticket that came, or came again, belongs on the page.
    would_show: bool


class _Memory:
    """What threads of one process share."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Made] = OrderedDict()
        self._lock = Lock()

    def keep(self, digest: str, made: Made) -> None:
        with self._lock:
            self._pages[digest] = made
            self._pages.move_to_end(digest)
            if len(self._pages) > MOST:
                self._pages.popitem(last=False)

    def get(self, digest: str) -> Made | None:
        with self._lock:
            return self._pages.get(digest)


MEMORY = _Memory()


def look(sign_in: str, made: Made, *, now: datetime, today: date) -> tuple[Facts, News] | None:
    """What the page hangs on now, and what came since; None when the browser is not, or no longer, signed in."""
    asked = {**live.values(sign_in, now, today), "since": made.facts.newest or 0}
    rows = bare(_looking(made.stretch), asked)
    if not rows:
        return None
    *facts, came, total, would_show = rows[0]
    return Facts(*facts), News([*map(int, came.split(","))] if came else [], total, bool(would_show))


def shows_nothing(mark: Mark, made: Made, found: Facts, news: News) -> Made | None:
    """The page as it is to be remembered from now on, when nothing of what came since shows on it; else None.

    But how many tickets the list has in all may be another number.
    """
    if _but_entries(made.facts) != _but_entries(found):
        return None
    # A number that was given out earlier and committed later is among none of those.
    are_all = found.entries - made.facts.entries == len(news.tickets)
    shows = news.would_show or not set(mark.tickets).isdisjoint(news.tickets)
    return made._replace(facts=found, total=news.total) if are_all and news.total is not None and not shows else None


def _but_entries(facts: Facts) -> Facts:
    return facts._replace(newest=None, entries=0)


@lru_cache(maxsize=1_000)
def _looking(stretch: Stretch) -> Statement:
    """The columns of `Facts` and of `News`; where nothing came, the list is not counted."""
    came = [Entry.id > bindparam("since")]
    if stretch.customers is not None:
        came.append(Entry.customer_id.in_(stretch.customers))
    touched = select(Entry.ticket_id).where(*came)
    would_show = lists.overseen(stretch.filters, stretch.who).where(Ticket.id.in_(touched), *_here(stretch))
    return live.statement(stretch.customers).add_columns(
        select(func.aggregate_strings(cast(Entry.ticket_id, Text), ",")).where(*came).scalar_subquery(),
        case((exists(touched), lists.counting(stretch.filters, stretch.who).scalar_subquery())),
        exists(would_show),
    )


def _here(stretch: Stretch) -> list[ColumnElement[bool]]:
    order = stretch.filters.order
    here = [] if stretch.after is None else [lists.after_place(stretch.after, order)]
    return here if stretch.following is None else [*here, not_(lists.after_place(stretch.following, order))]
