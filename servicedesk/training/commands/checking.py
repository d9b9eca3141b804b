"""What every command of training asks of what was typed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.training.models import Course
from servicedesk.training.policy import CoursePermission


def held_course(course_id: int, by: Actor, permission: CoursePermission = CoursePermission.MANAGE) -> Course:
    """Locked until the transaction ends; raises NotFoundError."""
    query = select(Course).where(Course.id == course_id, granted(permission, by))
    found = db.session.scalar(query.with_for_update(of=Course).execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def note(action: str, about: tuple[str, int], customer_id: int, by: Actor, now: datetime, **facts: Any) -> None:
    """A line of the audit log; what somebody has taken is named by numbers, not by words that others could read."""
    audit.record(action, by=by, now=now, subject=about, customer_id=customer_id, **facts)
