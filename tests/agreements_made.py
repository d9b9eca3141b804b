"""Agreements for tests, made by the commands that administrators use; calendars by the letters of the SLA scenarios.

A: Monday to Friday 08-16, Danish closed days. B: Monday to Friday 08-18. L: as A with half an hour for lunch.
R: a town hall's week, with a long Thursday and a short Friday. F: round the clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from servicedesk.agreements import commands
from servicedesk.agreements.closed_days import proposed
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Priority, Terms
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM

if TYPE_CHECKING:
    from tests.desk import Desk

LONG_AGO = datetime(2026, 1, 2, 8, tzinfo=UTC)
ZONE = "Europe/Copenhagen"


def _week(*days: list[list[str]]) -> dict[str, list[list[str]]]:
    return {str(number): hours for number, hours in enumerate(days) if hours}


DAY = [["08:00", "16:00"]]
WEEKS: dict[str, dict[str, Any]] = {
    "A": _week(DAY, DAY, DAY, DAY, DAY),
    "B": _week(*[[["08:00", "18:00"]]] * 5),
    "L": _week(*[[["08:00", "12:00"], ["12:30", "16:00"]]] * 5),
    "R": _week(DAY, DAY, DAY, [["08:00", "17:00"]], [["08:00", "14:00"]]),
    "F": _week(*[[["00:00", "24:00"]]] * 7),
}
WITH_CLOSED_DAYS = "AR"


def make_hours(desk: Desk, letter: str = "A", *, customer_id: int | None = None, now: datetime = LONG_AGO) -> int:
    """The id of a calendar."""
    with desk.app.app_context():
        hours = commands.add_hours(
            customer_id or desk.home.id,
            name=f"Åbningstid {letter}",
            zone=ZONE,
            week=WEEKS[letter],
            follows_holidays=letter in WITH_CLOSED_DAYS,
            by=SYSTEM,
            now=now,
        )
        if letter in WITH_CLOSED_DAYS:
            commands.propose_days(hours.id, years=[now.year], by=SYSTEM, now=now)
            days = [day.on for day in proposed([now.year])]
            commands.decide_days(hours.id, days=days, approve=True, by=SYSTEM, now=now)
        return hours.id


def agree(
    desk: Desk,
    letter: str = "A",
    *,
    response: str | None = None,
    resolution: str | None = None,
    update: str | None = None,
    targets: list[dict[str, Any]] | None = None,
    customer_id: int | None = None,
    now: datetime = LONG_AGO,
    **terms: Any,
) -> int:
    """The id of a service agreement with the same targets for every priority, or with `targets`; from a day on."""
    hours = make_hours(desk, letter, customer_id=customer_id, now=now)
    lengths = {"response": response, "resolution": resolution, "update": update}
    goals = targets or [{"kind": None, "priority": int(priority), **lengths} for priority in Priority]
    told = {"calendar": hours, "targets": goals, **terms}
    with desk.app.app_context():
        return commands.add_agreement(
            customer_id or desk.home.id,
            kind=AgreementKind.SERVICE,
            name=f"Aftale {letter}",
            terms=Terms.read(told),
            starts_on=clock.local_date(now, ZONE),
            by=SYSTEM,
            now=now,
        ).id
