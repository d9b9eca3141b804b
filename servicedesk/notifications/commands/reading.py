"""Marking notices as read, and forgetting old ones."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.notifications.models import Notice

#: Whether read or not, the bell keeps notices no longer.
KEPT = timedelta(days=180)
FORGOTTEN_AT_ONCE = 5_000


def read(thread: str, *, by: Actor, now: datetime, waits: bool = True) -> None:
    """The person knows all that the bell says about one thing. Does not wait for a busy database unless it `waits`."""
    _read(Notice.thread == thread, Notice.shown_from <= now, by=by, now=now, waits=waits)


def read_all(until: datetime, *, by: Actor, now: datetime) -> None:
    """The person knows all that the bell showed at `until`; what has come since is still news."""
    _read(Notice.shown_from <= min(until, now), by=by, now=now, waits=True)


def _read(*which: ColumnElement[bool], by: Actor, now: datetime, waits: bool) -> None:
    unread = update(Notice).where(Notice.person_id == by.id, Notice.read_at.is_(None), *which)
    with transaction(waits=waits) as session:
        # What was read in the bell is no news for the digest.
        session.execute(unread.values(read_at=now, digest_at=None))


def forget_old(*, now: datetime) -> int:
    """Throws away notices that are older than anybody looks back; answers how many."""
    old = select(Notice.id).where(Notice.made_at < now - KEPT, Notice.digest_at.is_(None)).limit(FORGOTTEN_AT_ONCE)
    with transaction() as session:
        forgotten = session.scalars(delete(Notice).where(Notice.id.in_(old)).returning(Notice.id)).all()
    return len(forgotten)
