"""Reading a customer's calendars, for the pages about them and for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.agreements import following
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands.opening import Week, check_begins_later, check_to_come, checked
from servicedesk.agreements.following import Effects
from servicedesk.agreements.models import DayStatus, OpeningHours, Recalculation, SpecialDay, WeeklyHours
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.agreements.previewing import Intervals, with_calendar, with_days, with_week
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.clock import local_date
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import get_unit
from sla import Calendar, SlaError


@dataclass(frozen=True)
class Standing:
    """Whether somebody is there at an instant, and when that changes; None where it never does."""

    is_open: bool
    changes_at: datetime | None


@dataclass(frozen=True)
class Whole:
    """A calendar with its weeks and days."""

    row: OpeningHours
    customer: Unit
    #: By the day from which they hold, earliest first.
    weeks: Mapping[date, Mapping[str, Any]]
    #: Earliest first.
    days: list[SpecialDay]
    today: date

    @property
    def holding(self) -> tuple[date, Mapping[str, Any]]:
        """The week in force."""
        return max((item for item in self.weeks.items() if item[0] <= self.today), key=lambda item: item[0])

    @property
    def coming(self) -> list[tuple[date, Mapping[str, Any]]]:
        return [item for item in self.weeks.items() if item[0] > self.today]

    @property
    def past(self) -> list[tuple[date, Mapping[str, Any]]]:
        return [item for item in self.weeks.items() if item[0] < self.holding[0]]

    @property
    def special(self) -> dict[date, Intervals]:
        return {day.on: day.open for day in self.days if day.status is DayStatus.APPROVED}

    def days_of(self, year: int, status: str) -> list[SpecialDay]:
        """A proposal that came to nothing before its day is no longer one."""
        some = [day for day in self.days if day.on.year == year and day.status == status]
        return [day for day in some if day.status is not DayStatus.PROPOSED or day.on >= self.today]


def calendars_of(customer_id: int) -> list[OpeningHours]:
    query = select(OpeningHours).filter_by(customer_id=customer_id)
    return in_order(db.session.scalars(query), lambda hours: hours.name)


def proposals_of(customer_id: int, today: date) -> dict[int, int]:
    """How many days wait for somebody's yes or no, by calendar."""
    query = (
        select(SpecialDay.hours_id)
        .join(OpeningHours, OpeningHours.id == SpecialDay.hours_id)
        .where(OpeningHours.customer_id == customer_id, SpecialDay.status == DayStatus.PROPOSED, SpecialDay.on >= today)
    )
    waiting = list(db.session.scalars(query))
    return {hours_id: waiting.count(hours_id) for hours_id in set(waiting)}


def get_calendar(hours_id: int, who: Actor, now: datetime) -> Whole:
    """Raises NotFoundError where there is none, or none that the person may manage."""
    row = db.session.get(OpeningHours, hours_id)
    if row is None:
        raise NotFoundError
    customer = get_unit(row.customer_id, who, AgreementPermission.MANAGE)
    weeks = select(WeeklyHours).filter_by(hours_id=hours_id).order_by(WeeklyHours.starts_on)
    days = select(SpecialDay).filter_by(hours_id=hours_id).order_by(SpecialDay.on)
    return Whole(
        row,
        customer,
        {week.starts_on: week.week for week in db.session.scalars(weeks)},
        list(db.session.scalars(days)),
        local_date(now, row.zone),
    )


def standing(row: OpeningHours, now: datetime) -> Standing:
    calendar = book_of(row.customer_id).calendars[row.id]
    try:
        if calendar.is_open(now):
            return Standing(True, calendar.next_closing(now))
        return Standing(False, calendar.next_opening(now))
    except SlaError:  # it does not open again
        return Standing(False, None)


def progress_of(customer_id: int, now: datetime) -> Recalculation | None:
    """The clocks that are being looked at again because something agreed was changed."""
    query = select(Recalculation).filter_by(customer_id=customer_id, finished_at=None)
    return db.session.scalar(query.where(Recalculation.runs_at <= now).order_by(Recalculation.id).limit(1))


def effects_of_week(whole: Whole, starts_on: date, week: Week, now: datetime) -> Effects:
    """What another week from that day would do to open tickets; raises RefusedError where it cannot be."""
    check_begins_later(starts_on, whole.today)
    weeks = with_week(whole.weeks, starts_on, week)
    return _effects(whole, checked(whole.row.name, whole.row.zone, weeks, whole.special, now), now)


def effects_of_days(whole: Whole, days: Mapping[date, Intervals], now: datetime) -> Effects:
    """The same for other hours on some days."""
    for on in days:
        check_to_come(on, whole.today)
    special = with_days(whole.special, days.items())
    return _effects(whole, checked(whole.row.name, whole.row.zone, list(whole.weeks.items()), special, now), now)


def _effects(whole: Whole, calendar: Calendar, now: datetime) -> Effects:
    before = book_of(whole.row.customer_id)
    return following.effects(before, with_calendar(before, whole.row.id, calendar), None, now)
