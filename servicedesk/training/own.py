"""What a person is to do about his or her training: the requirements by course, with a way to each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.organisation.models import Person
from servicedesk.training import queries
from servicedesk.training.models import Course
from servicedesk.training.queries import Seating
from servicedesk.training.reckoning import Line, Need, Reading
from servicedesk.training.rules import CourseKind, Status


@dataclass
class Task:
    """A course that somebody is asked to have taken, and how he or she stands."""

    need: Need
    reading: Reading
    #: Names of the systems that it is asked for.
    systems: list[str]
    notes: list[str]
    #: Where a course on the net is taken.
    link: str = ""
    sessions: list[Seating] = field(default_factory=list)

    @property
    def is_to_do(self) -> bool:
        return self.reading.status in (Status.MISSING, Status.EXPIRED, Status.EXPIRING)

    def is_overdue(self, today: date) -> bool:
        return self.need.is_mandatory and self.reading.is_overdue(today)


def tasks(who: Actor, today: date, now: datetime) -> list[Task]:
    """What is mandatory and due first comes first, what is done last."""
    if who.id is None or who.customer_id is None:
        return []
    standing = queries.statuses(who.customer_id, today, people=Person.id == who.id)
    found = by_course(standing.lines(who.id), standing.names)
    _find_ways(found, who, now)
    return found


def by_course(lines: Iterable[Line], names: Mapping[int, str]) -> list[Task]:
    """Each course once: the first of its lines, which are in the order of their urgency, says how it stands."""
    found: dict[int, Task] = {}
    for need, reading in lines:
        task = found.setdefault(need.course_id, Task(need, reading, [], []))
        system = names.get(need.system_id or 0)
        if system is not None and system not in task.systems:
            task.systems.append(system)
        if need.note and need.note not in task.notes:
            task.notes.append(need.note)
    return list(found.values())


def _find_ways(found: Iterable[Task], who: Actor, now: datetime) -> None:
    to_do = {task.need.course_id: task for task in found if task.is_to_do}
    held = [id_ for id_, task in to_do.items() if task.need.kind in (CourseKind.CLASSROOM, CourseKind.LOCAL)]
    for seating in queries.seatings(who, now, course_ids=held) if held else ():
        if seating.session.cancelled_at is None:
            to_do[seating.session.course_id].sessions.append(seating)
    for task in to_do.values():
        if task.need.kind is CourseKind.ELEARNING:
            course = db.session.get(Course, task.need.course_id)
            task.link = course.link if course else ""
