"""Courses, and the texts of guidelines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Unit
from servicedesk.systems.models import System
from servicedesk.training.models import Course, CourseSystem, GuidelineText, Session
from servicedesk.training.policy import CoordinationPermission, CoursePermission


@dataclass(frozen=True)
class Offered:
    """A course as a line of a list."""

    course: Course
    #: The next time that it is held.
    next_session: Session | None


def get_course(course_id: int, who: Actor, permission: CoursePermission = CoursePermission.READ) -> Course:
    """With its systems; raises NotFoundError."""
    query = select(Course).where(Course.id == course_id, granted(permission, who))
    query = query.options(selectinload(Course.systems)).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def may_manage(course: Course, who: Actor) -> bool:
    query = select(Course.id).where(Course.id == course.id, granted(CoursePermission.MANAGE, who))
    return db.session.scalar(query) is not None


def courses(customer_id: int, who: Actor, *, only_active: bool = True) -> list[Course]:
    """By name, with their systems."""
    query = select(Course).where(Course.customer_id == customer_id, granted(CoursePermission.READ, who))
    if only_active:
        query = query.where(Course.is_active)
    return in_order(db.session.scalars(query.options(selectinload(Course.systems))), lambda one: one.name)


def offered(customer_id: int, who: Actor, now: datetime, *, only_active: bool = True) -> list[Offered]:
    """Every course with its next session; three queries."""
    found = courses(customer_id, who, only_active=only_active)
    query = select(Session).where(Session.customer_id == customer_id, Session.starts_at > now)
    query = query.where(Session.cancelled_at.is_(None)).order_by(Session.starts_at.desc())
    coming = {one.course_id: one for one in db.session.scalars(query)}
    return [Offered(one, coming.get(one.id)) for one in found]


def courses_of_system(system_id: int, who: Actor) -> list[Course]:
    """Those in use that teach it, by name."""
    taught = select(CourseSystem.course_id).where(CourseSystem.system_id == system_id)
    query = select(Course).where(Course.id.in_(taught), Course.is_active, granted(CoursePermission.READ, who))
    return in_order(db.session.scalars(query), lambda one: one.name)


def customers_of_parts(who: Actor) -> list[Unit]:
    """The customers of whom `who` coordinates all or a part, the own one first."""
    part = select(Unit.customer_id).where(granted(CoordinationPermission.COORDINATE, who), Unit.is_active)
    found = in_order(db.session.scalars(select(Unit).where(Unit.id.in_(part))), lambda unit: unit.name)
    return sorted(found, key=lambda unit: unit.id != who.customer_id)


def customers(who: Actor) -> list[Unit]:
    """The customers whose courses `who` coordinates, the own one first."""
    may = granted(CoordinationPermission.COORDINATE_CUSTOMER, who)
    query = select(Unit).where(Unit.parent_id.is_(None), Unit.is_active, may)
    found = in_order(db.session.scalars(query), lambda unit: unit.name)
    return sorted(found, key=lambda unit: unit.id != who.customer_id)


def systems_of(customer_id: int) -> list[System]:
    """Those in use by name, of a customer that the caller has been let in to see."""
    query = select(System).where(System.customer_id == customer_id, System.is_active)
    return in_order(db.session.scalars(query), lambda one: one.name)


def get_text(course: Course, number: int | None = None) -> GuidelineText | None:
    """What a guideline says, in its newest version unless another is named."""
    return db.session.get(GuidelineText, (course.id, course.version if number is None else number))


def texts(course: Course) -> Sequence[GuidelineText]:
    """Every version, the newest first."""
    query = select(GuidelineText).where(GuidelineText.course_id == course.id)
    return db.session.scalars(query.order_by(GuidelineText.number.desc())).all()
