"""Saying who must have learnt what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError, change
from servicedesk.organisation.models import Unit
from servicedesk.organisation.texts import line, text_of
from servicedesk.systems.models import System
from servicedesk.training import queries
from servicedesk.training.commands.checking import note
from servicedesk.training.models import Course, Requirement
from servicedesk.training.policy import CoordinationPermission, CoursePermission
from servicedesk.training.reckoning import Need

MOST_DAYS = 3650
MOST_MONTHS = 600


@dataclass(frozen=True, kw_only=True)
class RequirementTerms:
    """Who, what, by when and for how long."""

    course_id: int
    system_id: int | None = None
    unit_id: int | None = None
    role: Role | None = None
    title: str = ""
    is_mandatory: bool = True
    deadline_days: int = 30
    validity_months: int | None = None
    starts_on: date
    ends_on: date | None = None
    note: str = ""


def make_requirement(customer_id: int, terms: RequirementTerms, *, by: Actor, now: datetime) -> Requirement:
    """Raises NotFoundError for what is not the person's to coordinate, FieldRefusedError for bad terms."""
    with transaction() as session:
        told = _checked(customer_id, terms, by)
        row = Requirement(customer_id=customer_id, by_id=by.id, made_at=now, **told)
        session.add(row)
        session.flush()
        note("requirement_made", ("requirement", row.id), customer_id, by, now, **_facts(terms))
    return row


def change_requirement(
    requirement_id: int, terms: RequirementTerms, *, seen: int | None, by: Actor, now: datetime
) -> Requirement:
    """Raises ConflictError when somebody changed it meanwhile, or withdrew it."""
    with transaction():
        row = _held(requirement_id, by)
        if seen is not None and seen != row.version:
            raise ConflictError(N_("Kravet er ændret, siden du åbnede det. Se det igen, og ret så."))
        changes = change(row, **_checked(row.customer_id, terms, by))
        if changes:
            row.version += 1
            about = ("requirement", row.id)
            note("requirement_changed", about, row.customer_id, by, now, changes=changes)
    return row


def withdraw_requirement(requirement_id: int, *, reason: str, by: Actor, now: datetime) -> Requirement:
    """Nobody is asked for it any more; what people have taken stays theirs."""
    with transaction():
        row = _held(requirement_id, by)
        row.withdrawn_at, row.withdrawn_by_id = now, by.id
        row.withdrawn_why = line(reason, "reason")
        note("requirement_withdrawn", ("requirement", row.id), row.customer_id, by, now, reason=row.withdrawn_why)
    return row


def thought_of(customer_id: int, terms: RequirementTerms, *, by: Actor) -> Need:
    """A requirement as the rule sees it, before it is made; refuses what making it would refuse."""
    told = _checked(customer_id, terms, by)
    course = queries.get_course(terms.course_id, by)
    unit = db.session.get(Unit, terms.unit_id) if terms.unit_id is not None else None
    text = queries.get_text(course)
    names = ("course_id", "system_id", "role", "title", "is_mandatory", "deadline_days", "validity_months", "starts_on")
    return Need(
        id=0,
        course=course.name,
        kind=course.kind,
        path=unit.path if unit is not None and unit.parent_id is not None else "",
        version=course.version,
        published_on=None if text is None else text.published_at.astimezone(clock.own_zone()).date(),
        note=told["note"],
        **{name: told[name] for name in names},
    )


def _held(requirement_id: int, by: Actor) -> Requirement:
    row = queries.get_requirement(requirement_id, by)
    db.session.refresh(row, with_for_update={"of": Requirement})
    if row.withdrawn_at is not None:
        raise ConflictError(N_("Kravet er trukket tilbage."))
    return row


def _checked(customer_id: int, terms: RequirementTerms, by: Actor) -> dict[str, Any]:
    _check_within(customer_id, terms.unit_id, by)
    course = select(Course.id).where(Course.id == terms.course_id, Course.customer_id == customer_id)
    if db.session.scalar(course.where(Course.is_active, granted(CoursePermission.READ, by))) is None:
        raise FieldRefusedError("course_id", N_("Vælg et kursus fra listen."))
    system = select(System.id).where(System.id == terms.system_id, System.customer_id == customer_id)
    if terms.system_id is not None and db.session.scalar(system) is None:
        raise FieldRefusedError("system_id", N_("Vælg et system fra listen."))
    if not 0 <= terms.deadline_days <= MOST_DAYS:
        raise FieldRefusedError("deadline_days", N_("Skriv et antal dage mellem 0 og %(most)s."), most=MOST_DAYS)
    if terms.validity_months is not None and not 0 < terms.validity_months <= MOST_MONTHS:
        raise FieldRefusedError("validity_months", N_("Skriv et antal måneder mellem 1 og %(most)s."), most=MOST_MONTHS)
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise FieldRefusedError("ends_on", N_("Slutdatoen ligger før startdatoen."))
    return {
        "course_id": terms.course_id,
        "system_id": terms.system_id,
        "unit_id": terms.unit_id,
        "role": terms.role,
        "title": line(terms.title, "title", is_needed=False),
        "is_mandatory": terms.is_mandatory,
        "deadline_days": terms.deadline_days,
        "validity_months": terms.validity_months,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "note": text_of(terms.note, "note", is_needed=False),
    }


def _check_within(customer_id: int, unit_id: int | None, by: Actor) -> None:
    """Without a unit it is about the whole customer."""
    query = select(Unit.id).where(Unit.customer_id == customer_id, granted(CoordinationPermission.COORDINATE, by))
    if db.session.scalar(query.where(Unit.id == (customer_id if unit_id is None else unit_id))) is not None:
        return
    if unit_id is None and db.session.scalar(query.limit(1)) is None:
        raise NotFoundError
    raise FieldRefusedError("unit_id", N_("Vælg en enhed, du har ansvar for."))


def _facts(terms: RequirementTerms) -> dict[str, Any]:
    return {
        "course_id": terms.course_id,
        "system_id": terms.system_id,
        "unit_id": terms.unit_id,
        "role": terms.role.value if terms.role else None,
        "title": terms.title,
        "is_mandatory": terms.is_mandatory,
    }
