"""Announcing planned maintenance to those who follow its systems, once for each time it is due."""

from datetime import datetime

from sqlalchemy import select

from servicedesk.core import audit
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import transaction
from servicedesk.systems import news
from servicedesk.systems.announcing import stage_to_tell
from servicedesk.systems.models import Announcement, Disturbance
from servicedesk.systems.rules import Phase


def announce_next(*, now: datetime) -> bool:
    """Sees to the next piece of maintenance that is due to be announced and that nobody else has in hand.

    Who hears of it, and that it was done, is saved together: a crash neither loses an announcement nor repeats it.
    What has begun meanwhile, or was called off, is announced no more. False when nothing is due.
    """
    due = (
        select(Disturbance)
        .join(Announcement, Announcement.disturbance_id == Disturbance.id)
        .where(Announcement.done_at.is_(None), Announcement.due_at <= now, Disturbance.withdrawn_at.is_(None))
        .order_by(Announcement.due_at, Announcement.disturbance_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        row = session.scalar(due.execution_options(populate_existing=True))
        if row is None:
            return False
        waiting = select(Announcement).filter_by(disturbance_id=row.id, done_at=None)
        due_ones = {one.stage: one for one in session.scalars(waiting) if one.due_at <= now}
        if row.phase(now) is Phase.PLANNED and due_ones:
            stage = stage_to_tell({stage: one.due_at for stage, one in due_ones.items()}, now)
            news.announce(row, due_ones[stage], by=SYSTEM, now=now)
            subject = ("disturbance", row.id)
            audit.record(
                "maintenance_announced",
                by=SYSTEM,
                now=now,
                subject=subject,
                customer_id=row.customer_id,
                name=row.message,
                stage=stage.value,
            )
        for one in due_ones.values():
            one.done_at = now
    return True
