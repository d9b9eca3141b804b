"""Topics of a system, and what can be offered to whoever lacks one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from servicedesk.competence.models import TicketTopic, Topic
from servicedesk.competence.policy import TopicPermission, UnitCompetencePermission
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.keys import read_key
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Unit
from servicedesk.systems.models import KnownError, System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import Audience, KnownErrorState
from servicedesk.training.models import Course, CourseSystem, Session
from servicedesk.training.rules import CourseKind

#: Topics that are suggested where a ticket is solved, the most used first.
SUGGESTED = 50


class Remedy(NamedTuple):
    """What is offered: a course or a known error."""

    course_id: int | None = None
    known_error_id: int | None = None

    def __str__(self) -> str:
        """As a form says it."""
        if self.course_id is not None:
            return f"course-{self.course_id}"
        return f"known-{self.known_error_id}" if self.known_error_id is not None else ""

    @classmethod
    def read(cls, text: str) -> "Remedy | None":
        """None for nothing, and for nonsense."""
        kind, _dash, id_ = text.partition("-")
        key = read_key(id_)
        if key is None or kind not in ("course", "known"):
            return None
        return cls(course_id=key) if kind == "course" else cls(known_error_id=key)


class Choice(NamedTuple):
    remedy: Remedy
    name: str
    is_course: bool


def choices(system_id: int) -> list[Choice]:
    """What a system offers to everybody: its courses, then what is known of it with a way around; two queries."""
    courses = select(Course.id, Course.name).join(CourseSystem, CourseSystem.course_id == Course.id)
    courses = courses.where(CourseSystem.system_id == system_id, Course.is_active, Course.kind != CourseKind.GUIDELINE)
    known = select(KnownError.id, KnownError.title).where(
        KnownError.system_id == system_id,
        KnownError.state == KnownErrorState.ACTIVE,
        KnownError.audience == Audience.EVERYBODY,
        KnownError.deleted_at.is_(None),
        KnownError.workaround != "",
    )
    found = [Choice(Remedy(course_id=id_), name, True) for id_, name in db.session.execute(courses)]
    found += [Choice(Remedy(known_error_id=id_), name, False) for id_, name in db.session.execute(known)]
    return sorted(in_order(found, lambda one: one.name), key=lambda one: not one.is_course)


def first_course(system_id: int, now: datetime) -> int | None:
    """The system's course that one can take soonest: held next, else on the net or on the spot."""
    next_at = (
        select(func.min(Session.starts_at))
        .where(Session.course_id == Course.id, Session.starts_at > now, Session.cancelled_at.is_(None))
        .correlate(Course)
        .scalar_subquery()
    )
    query = select(Course.id).join(CourseSystem, CourseSystem.course_id == Course.id)
    query = query.where(CourseSystem.system_id == system_id, Course.is_active)
    query = query.where(or_(next_at.is_not(None), Course.kind.in_((CourseKind.ELEARNING, CourseKind.LOCAL))))
    return db.session.scalar(query.order_by(next_at.is_(None), next_at, Course.id).limit(1))


# ------------------------------------------------------------------------------------------------ topics


def suggested(system_id: int) -> Sequence[str]:
    """Names of the system's topics, those used most first."""
    query = (
        select(Topic.name)
        .outerjoin(TicketTopic, TicketTopic.topic_id == Topic.id)
        .where(Topic.system_id == system_id, Topic.merged_into_id.is_(None))
        .group_by(Topic.id, Topic.name)
        .order_by(func.count(TicketTopic.ticket_id).desc(), Topic.id)
    )
    return db.session.scalars(query.limit(SUGGESTED)).all()


def of_ticket(ticket_id: int) -> Topic | None:
    query = select(Topic).join(TicketTopic, TicketTopic.topic_id == Topic.id)
    return db.session.scalar(query.where(TicketTopic.ticket_id == ticket_id))


@dataclass(frozen=True)
class Kept:
    """A topic where its list is kept tidy."""

    topic: Topic
    tickets: int


class OfSystem(NamedTuple):
    system: System
    topics: Sequence[Kept]


def kept_by(who: Actor) -> list[OfSystem]:
    """The topics that the person keeps, by system."""
    used = func.count(TicketTopic.ticket_id)
    query = (
        select(Topic, used)
        .outerjoin(TicketTopic, TicketTopic.topic_id == Topic.id)
        .where(granted(TopicPermission.KEEP, who), Topic.merged_into_id.is_(None))
        .group_by(Topic.id)
    )
    by_system: dict[int, list[Kept]] = {}
    for topic, number in db.session.execute(query):
        by_system.setdefault(topic.system_id, []).append(Kept(topic, number))
    systems = db.session.scalars(select(System).where(System.id.in_(by_system)))
    return [
        OfSystem(system, in_order(by_system[system.id], lambda one: one.topic.name))
        for system in in_order(systems, lambda one: one.name)
    ]


def keeps_any(who: Actor) -> bool:
    """Whether there is a system whose topics, once there are some, are the person's to keep."""
    roots = select(Unit.id).where(granted(UnitCompetencePermission.COORDINATE, who))
    systems = select(System.id).where(or_(System.customer_id.in_(roots), granted(SystemPermission.KEEP, who)))
    return db.session.scalar(systems.limit(1)) is not None


def offered_by_topic(who: Actor) -> dict[int, str]:
    """What each of those topics offers, where that is said; one query."""
    query = (
        select(Topic.id, func.coalesce(Course.name, KnownError.title))
        .outerjoin(Course, Course.id == Topic.course_id)
        .outerjoin(KnownError, KnownError.id == Topic.known_error_id)
        .where(granted(TopicPermission.KEEP, who), or_(Course.id.is_not(None), KnownError.id.is_not(None)))
    )
    return {id_: name for id_, name in db.session.execute(query)}  # noqa: C416  a row is not typed as a pair


def system_of(topic: Topic) -> System:
    return db.session.get_one(System, topic.system_id)


def get(topic_id: int, who: Actor) -> Topic:
    """One that the person keeps; raises NotFoundError."""
    query = select(Topic).where(Topic.id == topic_id, granted(TopicPermission.KEEP, who))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.merged_into_id is not None:
        raise NotFoundError
    return found


def names(ids: Iterable[int], who: Actor) -> dict[int, str]:
    """Of the person's own customers; what a topic is called is no secret there."""
    query = select(Topic.id, Topic.name).where(Topic.id.in_(list(ids)), Topic.customer_id.in_(who.customer_ids))
    return {id_: name for id_, name in db.session.execute(query)}  # noqa: C416  a row is not typed as a pair
