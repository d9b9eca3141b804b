"""What the worker does about agreements."""

from datetime import date, datetime

from sqlalchemy import select

from servicedesk.agreements import closed_days
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import propose_days
from servicedesk.agreements.models import OpeningHours, SpecialDay
from servicedesk.core import logging
from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import local_date
from servicedesk.core.db import db

#: From this month on the next year's closed days are proposed: early enough to plan by.
MONTH = 9

log = logging.get()


def propose_closed_days(now: datetime) -> int:
    """Puts up the Danish closed days to come, for calendars that follow them; answers how many are new."""
    rows = db.session.scalars(select(OpeningHours).where(OpeningHours.follows_holidays).order_by(OpeningHours.id))
    asked = [(row.id, row.customer_id, local_date(now, row.zone)) for row in rows]
    missing = [(id_, _years(today)) for id_, customer_id, today in asked if _lacks_some(id_, customer_id, today)]
    db.session.rollback()
    new = sum(propose_days(id_, years=years, by=SYSTEM, now=now) for id_, years in missing)
    if new:
        log.info("closed_days_proposed", number=new)
    return new


def _years(today: date) -> list[int]:
    return [today.year, today.year + 1] if today.month >= MONTH else [today.year]


def _lacks_some(hours_id: int, customer_id: int, today: date) -> bool:
    """Looked at first, since proposing takes hold of all that is agreed with the customer."""
    known = set(db.session.scalars(select(SpecialDay.on).where(SpecialDay.hours_id == hours_id)))
    calendar = book_of(customer_id).calendars[hours_id]
    coming = (day.on for day in closed_days.proposed(_years(today)) if day.on > today and day.on not in known)
    return any(calendar.is_working_day(on) for on in coming)
