"""The example that a new customer starts from: a Danish municipality's week and what it could promise."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from servicedesk.agreements import closed_days
from servicedesk.agreements.book import make_calendar
from servicedesk.agreements.commands.ledger import hold
from servicedesk.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementVersion,
    DayStatus,
    OpeningHours,
    SpecialDay,
    WeeklyHours,
)
from servicedesk.agreements.terms import Goal, Priority, Terms
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.organisation.models import Unit
from sla import OpenTime, WorkingDays

ZONE = "Europe/Copenhagen"
TOWN_HALL = "Rådhusets åbningstid"
ROUND_THE_CLOCK = "Døgnet rundt"
AGREEMENT = "Eksempel: almindelig serviceaftale"

TOWN_HALL_WEEK = {
    **{str(day): [["08:00", "15:00"]] for day in (0, 1, 2)},
    "3": [["08:00", "17:00"]],
    "4": [["08:00", "13:00"]],
}
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}
#: From here on the example holds, so that cases of long ago can be brought in under it.
FIRST_DAY, FIRST_YEAR = date(2000, 1, 1), 2010


def give_example(customer_id: int, *, by: Actor, now: datetime, name: str = AGREEMENT) -> Agreement:
    """Calendars and an agreement to change; the closed days up to next year's count already."""
    with transaction() as session:
        customer = hold(customer_id, by)
        taken = select(OpeningHours.id).filter_by(customer_id=customer.id)
        if session.scalar(taken.where(OpeningHours.name.in_((TOWN_HALL, ROUND_THE_CLOCK)))) is not None:
            raise ConflictError(N_("Eksemplets kalendere er her allerede."))
        hall = _hours(customer, TOWN_HALL, follows_holidays=True)
        always = _hours(customer, ROUND_THE_CLOCK, follows_holidays=False)
        session.add_all([hall, always])
        session.flush()
        session.add(WeeklyHours(hours_id=hall.id, starts_on=date.min, week=TOWN_HALL_WEEK))
        session.add(WeeklyHours(hours_id=always.id, starts_on=date.min, week=ALWAYS))
        session.add_all(_closed_days(hall.id, range(FIRST_YEAR, now.year + 2), now))
        agreement = Agreement(customer_id=customer.id, kind=AgreementKind.SERVICE, name=name, is_example=True)
        session.add(agreement)
        session.flush()
        terms = example_terms(hall.id, always.id).write()
        session.add(AgreementVersion(agreement_id=agreement.id, starts_on=FIRST_DAY, terms=terms, made_at=now))
        subject = ("agreement", agreement.id)
        audit.record("agreement_example_given", by=by, now=now, subject=subject, customer_id=customer.id, name=name)
    return agreement


def example_terms(hall: int, always: int) -> Terms:
    """What the example promises, in the calendars with those keys."""
    hours = {count: OpenTime(timedelta(hours=count)) for count in (1, 2, 4)}
    return Terms(
        calendar=hall,
        goals=(
            Goal(None, Priority.CRITICAL, OpenTime(timedelta(minutes=15)), hours[2], calendar=always),
            Goal(None, Priority.HIGH, hours[1], hours[4]),
            Goal(None, Priority.MEDIUM, hours[4], WorkingDays(2)),
            Goal(None, Priority.LOW, WorkingDays(1), WorkingDays(10)),
        ),
    )


def _hours(customer: Unit, name: str, *, follows_holidays: bool) -> OpeningHours:
    return OpeningHours(customer_id=customer.id, name=name, zone=ZONE, follows_holidays=follows_holidays)


def _closed_days(hours_id: int, years: range, now: datetime) -> list[SpecialDay]:
    week = make_calendar(ZONE, [(date.min, TOWN_HALL_WEEK)], {})
    return [
        SpecialDay(
            hours_id=hours_id,
            on=day.on,
            name=day.name,
            open=day.hours(week),
            status=DayStatus.APPROVED,
            decided_at=now,
        )
        for day in closed_days.proposed(years)
        if week.is_working_day(day.on)
    ]
