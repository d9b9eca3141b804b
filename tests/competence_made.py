"""Courses, visits and what hangs on them for tests, made by the commands that people's own are made by."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from servicedesk.competence import commands
from servicedesk.competence.models import Visit
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.training.models import Course, CourseSystem, Session
from servicedesk.training.rules import CourseKind
from tests.desk import local_today

if TYPE_CHECKING:
    from servicedesk.organisation.models import Person, Unit
    from servicedesk.systems.models import System
    from tests.desk import Desk


def course(desk: Desk, system: System, name: str = "Kom i gang", **fields: Any) -> Course:
    told = {"kind": CourseKind.CLASSROOM, "minutes": 30, "made_at": clock.now(), **fields}
    made = desk.add(Course(customer_id=system.customer_id, name=name, **told))
    desk.add(CourseSystem(course_id=made.id, system_id=system.id))
    return made


def session(desk: Desk, of: Course, starts_at: datetime | None = None, **fields: Any) -> Session:
    at = starts_at or clock.now() + timedelta(days=7)
    told = {"seats": 10, "place": "Lokale 3", "made_at": clock.now(), "changed_at": clock.now(), **fields}
    uid = f"{of.id}-{at.timestamp()}@test"
    return desk.add(
        Session(
            course_id=of.id, customer_id=of.customer_id, uid=uid, starts_at=at, ends_at=at + timedelta(hours=1), **told
        )
    )


def visit(desk: Desk, unit: Unit, people: list[Person], system: System | None = None, **fields: Any) -> Visit:
    """Planned for today unless another day is told."""
    today = local_today()
    told: dict[str, Any] = {"visit_on": today, "goals": "Se, hvor det går galt.", **fields}
    plan = commands.Plan(
        unit_id=unit.id, system_id=system.id if system else None, people=[one.id for one in people], **told
    )
    assert isinstance(plan.visit_on, date) and unit.customer_id is not None
    with desk.app.app_context():
        return commands.plan_visit(unit.customer_id, plan, form_id="", by=SYSTEM, now=clock.now())
