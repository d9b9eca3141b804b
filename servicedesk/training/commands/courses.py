"""Adding and changing courses, and publishing what a guideline says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError, change
from servicedesk.organisation.models import Unit
from servicedesk.organisation.texts import line, text_of
from servicedesk.systems.models import System
from servicedesk.training.commands.checking import held_course, note
from servicedesk.training.models import Course, CourseSystem, GuidelineText
from servicedesk.training.policy import CoordinationPermission
from servicedesk.training.rules import CourseKind

#: Longer than that is a typing error.
MOST_MINUTES = 100 * 60
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class CourseTerms:
    """What a course is."""

    name: str
    kind: CourseKind
    description: str = ""
    link: str = ""
    minutes: int | None = None
    system_ids: tuple[int, ...] = ()
    is_active: bool = True


def add_course(customer_id: int, terms: CourseTerms, *, by: Actor, now: datetime) -> Course:
    """Raises NotFoundError for a customer that is not the person's to coordinate, FieldRefusedError for bad terms."""
    with transaction() as session:
        query = select(Unit.id).where(Unit.id == customer_id, granted(CoordinationPermission.COORDINATE_CUSTOMER, by))
        if session.scalar(query.with_for_update(key_share=True)) is None:
            raise NotFoundError
        course = Course(customer_id=customer_id, made_at=now, kind=terms.kind, **_checked(terms, customer_id, None))
        session.add(course)
        session.flush()
        _set_systems(course, terms.system_ids)
        note("course_added", ("course", course.id), customer_id, by, now, name=course.name)
    return course


def change_course(course_id: int, terms: CourseTerms, *, seen: int | None, by: Actor, now: datetime) -> Course:
    """Its kind stays; raises ConflictError when somebody changed it meanwhile."""
    with transaction():
        course = held_course(course_id, by)
        _check_seen(course, seen)
        changes = change(course, **_checked(terms, course.customer_id, course.id))
        if _set_systems(course, terms.system_ids) or changes:
            course.changes += 1
            note(
                "course_changed", ("course", course.id), course.customer_id, by, now, name=course.name, changes=changes
            )
    return course


def publish(course_id: int, *, body: str, news: str = "", seen: int | None, by: Actor, now: datetime) -> GuidelineText:
    """A guideline's new version: whoever signed an earlier one is asked again."""
    with transaction() as session:
        course = held_course(course_id, by)
        if course.kind is not CourseKind.GUIDELINE:
            raise NotFoundError
        if seen is not None and seen != course.version:
            raise ConflictError(N_("En anden har udgivet en ny version, siden du åbnede siden. Se den først."))
        said = text_of(body, "body")
        known = session.get(GuidelineText, (course.id, course.version))
        if known is not None and known.body == said:
            raise FieldRefusedError("body", N_("Teksten er den samme som i den version, der gælder."))
        course.version += 1
        told = {"body": said, "news": line(news, "news", is_needed=False), "published_at": now, "by_id": by.id}
        text = GuidelineText(course_id=course.id, number=course.version, **told)
        session.add(text)
        version = course.version
        note("guideline_text_published", ("course", course.id), course.customer_id, by, now, version=version)
    return text


def _check_seen(course: Course, seen: int | None) -> None:
    if seen is not None and seen != course.changes:
        raise ConflictError(N_("Kurset er ændret, siden du åbnede det. Se det igen, og ret så."))


def _checked(terms: CourseTerms, customer_id: int, own_id: int | None) -> dict[str, Any]:
    name = line(terms.name, "name")
    same = select(Course.id).where(Course.customer_id == customer_id, Course.name == name)
    if db.session.scalar(same if own_id is None else same.where(Course.id != own_id)) is not None:
        raise FieldRefusedError("name", N_("Et andet kursus hedder det allerede."))
    link = line(terms.link, "link", is_needed=terms.kind is CourseKind.ELEARNING)
    if link and not _LINK.fullmatch(link):
        raise FieldRefusedError("link", N_("Skriv en adresse, der begynder med https://."))
    if terms.minutes is not None and not 0 < terms.minutes <= MOST_MINUTES:
        raise FieldRefusedError("minutes", N_("Skriv, hvor mange minutter det tager."))
    _check_systems(terms.system_ids, customer_id)
    return {
        "name": name,
        "description": text_of(terms.description, "description", is_needed=False),
        "link": link,
        "minutes": terms.minutes,
        "is_active": terms.is_active,
    }


def _check_systems(ids: Iterable[int], customer_id: int) -> None:
    wanted = set(ids)
    query = select(System.id).where(System.id.in_(wanted), System.customer_id == customer_id)
    if wanted and set(db.session.scalars(query)) != wanted:
        raise FieldRefusedError("systems", N_("Vælg systemer fra listen."))


def _set_systems(course: Course, ids: Iterable[int]) -> bool:
    """Whether that changed anything."""
    wanted = set(ids)
    known = set(db.session.scalars(select(CourseSystem.system_id).where(CourseSystem.course_id == course.id)))
    gone = CourseSystem.system_id.in_(known - wanted)
    db.session.execute(delete(CourseSystem).where(CourseSystem.course_id == course.id, gone))
    db.session.add_all(CourseSystem(course_id=course.id, system_id=id_) for id_ in wanted - known)
    return wanted != known
