"""Courses, sessions, requirements and records for tests, made by the commands that people use."""

from datetime import date, datetime, timedelta
from typing import Any

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.organisation.models import Person, Unit
from servicedesk.systems.models import System
from servicedesk.training import commands
from servicedesk.training.models import Course, Record, Requirement, Session
from servicedesk.training.rules import CourseKind, Source
from tests.desk import Desk, local_today


def course(
    desk: Desk, name: str = "Nexus for begyndere", *systems: System, kind: str = "classroom", **fields: Any
) -> Course:
    customer = fields.pop("customer", None) or desk.home
    link = fields.pop("link", "https://kurser.example/nexus" if kind == "elearning" else "")
    terms = commands.CourseTerms(
        name=name, kind=CourseKind(kind), link=link, system_ids=tuple(one.id for one in systems), **fields
    )
    with desk.app.app_context():
        return commands.add_course(customer.id, terms, by=SYSTEM, now=clock.now())


def guideline(desk: Desk, name: str = "Sikker brug af it", body: str = "Lås skærmen.") -> Course:
    made = course(desk, name, kind="guideline")
    with desk.app.app_context():
        commands.publish(made.id, body=body, seen=None, by=SYSTEM, now=clock.now())
    return desk.get(Course, made.id)


def require(
    desk: Desk, of: Course, system: System | None = None, unit: Unit | None = None, **fields: Any
) -> Requirement:
    """From long ago, unless said otherwise."""
    terms = commands.RequirementTerms(
        course_id=of.id,
        system_id=system.id if system else None,
        unit_id=unit.id if unit else None,
        **{"starts_on": date(2020, 1, 1), **fields},
    )
    with desk.app.app_context():
        return commands.make_requirement(of.customer_id, terms, by=SYSTEM, now=clock.now())


def session(desk: Desk, of: Course, starts_at: datetime | None = None, seats: int = 10, **fields: Any) -> Session:
    """In a week, for an hour."""
    begins = starts_at or clock.now() + timedelta(days=7)
    instructor = fields.pop("instructor", None)
    terms = commands.SessionTerms(
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        seats=seats,
        instructor_id=instructor.id if instructor else None,
        **fields,
    )
    with desk.app.app_context():
        return commands.plan_session(of.id, terms, by=SYSTEM, now=min(clock.now(), begins))


def record(desk: Desk, person: Person, of: Course, obtained_on: date | None = None, **fields: Any) -> Record:
    told = {"source": Source.MANUAL, "made_at": clock.now(), **fields}
    on = obtained_on or local_today()
    return desk.add(Record(customer_id=of.customer_id, person_id=person.id, course_id=of.id, obtained_on=on, **told))
