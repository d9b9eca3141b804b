"""Changes of calendars. What has been stays: hours change from tomorrow, single days from today."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from servicedesk.agreements import closed_days
from servicedesk.agreements.book import make_calendar
from servicedesk.agreements.commands.ledger import checked_name, hold, hold_hours, midnight, recalculate
from servicedesk.agreements.models import DayStatus, OpeningHours, SpecialDay, WeeklyHours
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.clock import local_date
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from sla import Calendar, SlaError

Week = Mapping[str, Sequence[Sequence[str]]]
#: A calendar that is closed for longer than this is a mistake.
LONGEST_CLOSED = timedelta(days=366)
#: A day more years ahead is a slip of the finger.
FORESEEN = 10


class HoursRefusedError(RefusedError):
    """The calendar could not be reckoned with."""


def add_hours(
    customer_id: int, *, name: str, zone: str, week: Week, follows_holidays: bool = True, by: Actor, now: datetime
) -> OpeningHours:
    """A new calendar with one ordinary week; raises HoursRefusedError when it never opens."""
    with transaction() as session:
        customer = hold(customer_id, by)
        hours = OpeningHours(
            customer_id=customer.id,
            name=_free_name(customer.id, name),
            zone=zone,
            follows_holidays=follows_holidays,
        )
        checked(hours.name, zone, [(date.min, week)], {}, now)
        session.add(hours)
        session.flush()
        session.add(WeeklyHours(hours_id=hours.id, starts_on=date.min, week=dict(week)))
        _record("hours_added", hours, by, now, week=dict(week))
    return hours


def rename_hours(hours_id: int, *, name: str, follows_holidays: bool, by: Actor, now: datetime) -> OpeningHours:
    with transaction():
        hours = hold_hours(hours_id, by)
        before = [hours.name, hours.follows_holidays]
        if name != hours.name:
            hours.name = _free_name(hours.customer_id, name)
        hours.follows_holidays = follows_holidays
        if before != [hours.name, hours.follows_holidays]:
            _record("hours_changed", hours, by, now, before=before[0])
    return hours


def change_week(hours_id: int, *, starts_on: date, week: Week, by: Actor, now: datetime) -> OpeningHours:
    """Another ordinary week from a day that is yet to come; the days before it keep their hours."""
    with transaction() as session:
        hours = hold_hours(hours_id, by)
        check_begins_later(starts_on, local_date(now, hours.zone))
        weeks = {row.starts_on: row.week for row in _weeks(hours_id)}
        weeks[starts_on] = dict(week)
        checked(hours.name, hours.zone, sorted(weeks.items()), _special(hours_id), now)
        row = session.get(WeeklyHours, (hours_id, starts_on))
        if row is None:
            session.add(WeeklyHours(hours_id=hours_id, starts_on=starts_on, week=dict(week)))
        else:
            row.week = dict(week)
        _record("hours_changed", hours, by, now, starts_on=starts_on.isoformat(), week=dict(week))
        recalculate(hours.customer_id, by=by, now=now, hours_id=hours.id)
    return hours


def set_day(
    hours_id: int, *, on: date, name: str, intervals: Sequence[Sequence[str]], by: Actor, now: datetime
) -> SpecialDay:
    """Other hours on one day, or none: a local closure, a half day; counts at once."""
    with transaction() as session:
        hours = hold_hours(hours_id, by)
        check_to_come(on, local_date(now, hours.zone))
        named = checked_name(name)
        special = {**_special(hours_id), on: [list(one) for one in intervals]}
        checked(hours.name, hours.zone, [(row.starts_on, row.week) for row in _weeks(hours_id)], special, now)
        day = session.get(SpecialDay, (hours_id, on)) or SpecialDay(hours_id=hours_id, on=on)
        day.name, day.open, day.status = named, special[on], DayStatus.APPROVED
        day.decided_by_id, day.decided_at = by.id, now
        session.add(day)
        _record("day_set", hours, by, now, on=on.isoformat(), day=named, open=special[on])
        recalculate(hours.customer_id, by=by, now=now, hours_id=hours.id)
    return day


def remove_day(hours_id: int, *, on: date, by: Actor, now: datetime) -> None:
    """The day has its weekday's hours again."""
    with transaction() as session:
        hours = hold_hours(hours_id, by)
        check_to_come(on, local_date(now, hours.zone))
        day = session.get(SpecialDay, (hours_id, on))
        if day is None:
            raise NotFoundError
        if on in {one.on for one in closed_days.proposed([on.year])}:  # lest it be proposed again
            day.status, day.decided_by_id, day.decided_at = DayStatus.DISMISSED, by.id, now
        else:
            session.delete(day)
        _record("day_removed", hours, by, now, on=on.isoformat(), day=day.name)
        recalculate(hours.customer_id, by=by, now=now, hours_id=hours.id)


def propose_days(hours_id: int, *, years: Iterable[int], by: Actor, now: datetime) -> int:
    """Puts up the Danish closed and half days of those years for somebody to approve; answers how many are new.

    Nothing counts yet, and a day that somebody has decided on is not proposed again.
    """
    with transaction() as session:
        hours = hold_hours(hours_id, by)
        known = set(session.scalars(select(SpecialDay.on).where(SpecialDay.hours_id == hours_id)))
        today = local_date(now, hours.zone)
        new = [day for day in closed_days.proposed(years) if day.on not in known and day.on > today]
        weeks = [(row.starts_on, row.week) for row in _weeks(hours_id)]
        calendar = make_calendar(hours.zone, weeks, _special(hours_id))
        new = [day for day in new if calendar.is_working_day(day.on)]
        session.add_all(
            SpecialDay(
                hours_id=hours_id,
                on=day.on,
                name=day.name,
                open=day.hours(calendar),
                status=DayStatus.PROPOSED,
            )
            for day in new
        )
        if new:
            _record("days_proposed", hours, by, now, days=[day.on.isoformat() for day in new])
    return len(new)


def decide_days(hours_id: int, *, days: Iterable[date], approve: bool, by: Actor, now: datetime) -> int:
    """Approves proposed days, which then count, or dismisses them; answers how many there were.

    Those that have passed are left as they are.
    """
    with transaction() as session:
        hours = hold_hours(hours_id, by)
        wanted = set(days)
        proposed = select(SpecialDay).filter_by(hours_id=hours_id, status=DayStatus.PROPOSED)
        today = local_date(now, hours.zone)
        found = [day for day in session.scalars(proposed) if day.on in wanted and day.on >= today]
        if approve:
            special = {**_special(hours_id), **{day.on: day.open for day in found}}
            checked(hours.name, hours.zone, [(row.starts_on, row.week) for row in _weeks(hours_id)], special, now)
        for day in found:
            day.status = DayStatus.APPROVED if approve else DayStatus.DISMISSED
            day.decided_by_id, day.decided_at = by.id, now
        if found:
            named = [day.on.isoformat() for day in found]
            _record("days_approved" if approve else "days_dismissed", hours, by, now, days=named)
        if found and approve:
            recalculate(hours.customer_id, by=by, now=now, hours_id=hours.id)
    return len(found)


def checked(
    name: str,
    zone: str,
    weeks: Iterable[tuple[date, Mapping[str, Any]]],
    special: Mapping[date, Iterable[Iterable[str]]],
    now: datetime,
) -> Calendar:
    """The calendar, if it can be reckoned with; else HoursRefusedError with a sentence that names it."""
    listed = list(weeks)
    if not all(any(week.values()) for _, week in listed):
        told = N_("Kalenderen “%(name)s” åbner aldrig. Skriv åbningstider for mindst én dag i ugen.")
        raise HoursRefusedError(told, name=name)
    try:
        calendar = make_calendar(zone, listed, special)
        start = max(now, midnight(listed[-1][0], zone))
        if not all(calendar.between(at, at + LONGEST_CLOSED) for at in (now, start)):
            raise HoursRefusedError(N_("Kalenderen “%(name)s” åbner ikke det næste år."), name=name)
    except SlaError as error:
        told = N_("Kalenderen “%(name)s” kan ikke bruges: %(why)s.")
        raise HoursRefusedError(told, name=name, why=str(error)) from error
    return calendar


def check_begins_later(starts_on: date, today: date) -> None:
    """Raises RefusedError unless a week may begin to hold on that day."""
    if starts_on <= today:
        raise RefusedError(N_("Nye åbningstider kan tidligst gælde fra i morgen; det, der er gået, ændres ikke."))
    _check_foreseen(starts_on, today)


def check_to_come(on: date, today: date) -> None:
    """Raises RefusedError when the day has passed."""
    if on < today:
        raise RefusedError(N_("Dage, der er gået, kan ikke ændres."))
    _check_foreseen(on, today)


def _check_foreseen(on: date, today: date) -> None:
    if on.year > today.year + FORESEEN:
        raise RefusedError(N_("Vælg en dag inden for de næste ti år."))


def _weeks(hours_id: int) -> list[WeeklyHours]:
    query = select(WeeklyHours).where(WeeklyHours.hours_id == hours_id).order_by(WeeklyHours.starts_on)
    return list(db.session.scalars(query))


def _special(hours_id: int) -> dict[date, list[list[str]]]:
    approved = select(SpecialDay).filter_by(hours_id=hours_id, status=DayStatus.APPROVED)
    return {day.on: day.open for day in db.session.scalars(approved)}


def _free_name(customer_id: int, name: str) -> str:
    kept = checked_name(name)
    taken = select(OpeningHours.id).filter_by(customer_id=customer_id, name=kept)
    if db.session.scalar(taken) is not None:
        raise ConflictError(N_("Der er allerede en kalender, som hedder “%(name)s”."), name=kept)
    return kept


def _record(action: str, hours: OpeningHours, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("opening_hours", hours.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=hours.customer_id, name=hours.name, **facts)
