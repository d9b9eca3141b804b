"""The bell on every page: how many things there is news about, asked once for a request."""

from datetime import datetime

from flask import g, request

from servicedesk.core import clock
from servicedesk.core.access import actor
from servicedesk.core.errors import BusyError
from servicedesk.notifications import commands, lists


def unread() -> int:
    """How many things there is unread news about, MOST_UNREAD at most."""
    return len(_unread_threads(clock.now()))


def opened(thread: str) -> None:
    """The person looks at a thing: what the bell said about it is read.

    One of the few marks that a GET leaves; it changes nothing but the person's own bell. When the database is busy
    or the browser only fetches ahead, the notices stay unread.
    """
    if request.method != "GET" or _is_nobody_looking():
        return
    now = clock.now()
    threads = _unread_threads(now)
    if thread not in threads and len(threads) < lists.MOST_UNREAD:
        return
    try:
        commands.read(thread, by=actor(), now=now, waits=False)
    except BusyError:
        return
    g.unread_threads = [one for one in threads if one != thread]


def _is_nobody_looking() -> bool:
    """A poll is the page asking by itself; with Sec-Purpose the browser fetches what may be asked for next."""
    return request.headers.get("X-Poll") == "1" or "Sec-Purpose" in request.headers


def _unread_threads(now: datetime) -> list[str]:
    if "unread_threads" not in g:
        g.unread_threads = lists.unread_threads(actor(), now=now)
    threads: list[str] = g.unread_threads
    return threads
