"""What the worker does for tickets."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from servicedesk.core import logging
from servicedesk.core.db import db
from servicedesk.drafts import queries as drafts
from servicedesk.drafts.uploads import store as store
from servicedesk.tickets.commands.sending import send_due as send_due
from servicedesk.tickets.following import recalculate as recalculate
from servicedesk.tickets.models import Attachment
from servicedesk.tickets.sweep import sweep as sweep

#: A file without an attachment this long after it came belongs to a form that was never saved.
ORPHANED_AFTER = timedelta(hours=24)

log = logging.get()


def remove_orphans(now: datetime) -> int:
    """Removes files that neither an attachment nor a draft names, and half-written ones; answers how many."""
    files = store()
    oldest = now - ORPHANED_AFTER
    removed = files.remove_unfinished(oldest)
    for name in list(files.orphans(is_named, oldest)):
        files.remove(name)
        removed += 1
    if removed:
        log.info("orphaned_files_removed", number=removed)
    return removed


def is_named(stored_name: str) -> bool:
    """Whether a file in the store belongs to a journal, to a draft, to what is on its way, or to what lies above."""
    return _is_attached(stored_name) or drafts.keeps(stored_name) or any(keeps(stored_name) for keeps in _keepers)


def also_kept(keeps: Callable[[str], bool]) -> None:
    """What lies above tickets keeps files in the same store, and says of a name whether it is one of its own."""
    _keepers.append(keeps)


_keepers: list[Callable[[str], bool]] = []


def _is_attached(stored_name: str) -> bool:
    return db.session.scalar(select(Attachment.id).where(Attachment.stored_name == stored_name)) is not None
