"""What people have taken."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.training.models import Course, Record
from servicedesk.training.policy import LearnerPermission, RecordPermission

#: People whom a superbruger is shown at once.
MOST_COLLEAGUES = 300


def get_learner(person_id: int, who: Actor, permission: LearnerPermission = LearnerPermission.KEEP) -> Person:
    """With the unit; raises NotFoundError."""
    query = select(Person).where(Person.id == person_id, granted(permission, who)).options(joinedload(Person.unit))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def get_record(record_id: int, who: Actor, permission: RecordPermission = RecordPermission.READ) -> Record:
    """With its course and person; raises NotFoundError."""
    query = select(Record).where(Record.id == record_id, granted(permission, who))
    query = query.options(joinedload(Record.course), joinedload(Record.person))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def of_person(person_id: int, who: Actor, *, with_withdrawn: bool = False) -> Sequence[Record]:
    """A person's records, as far as `who` may read them, the newest first."""
    query = select(Record).where(Record.person_id == person_id, granted(RecordPermission.READ, who))
    if not with_withdrawn:
        query = query.where(Record.withdrawn_at.is_(None))
    query = query.options(joinedload(Record.course)).order_by(Record.obtained_on.desc(), Record.id.desc())
    return db.session.scalars(query).all()


def names_behind(person_id: int, who: Actor) -> dict[int, str]:
    """Who wrote and who withdrew a person's records, as far as `who` may read them."""
    query = select(Record.by_id, Record.withdrawn_by_id).where(Record.person_id == person_id)
    rows = db.session.execute(query.where(granted(RecordPermission.READ, who)))
    ids = {id_ for row in rows for id_ in row if id_ is not None}
    named = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {id_: name for id_, name in named}  # noqa: C416  a row is not typed as a pair


def instructable(course: Course, who: Actor, today: date) -> tuple[list[Person], set[int]]:
    """Colleagues whom a superbruger may have shown it, by name, and those of them who have it already."""
    query = select(Person).where(Person.customer_id == course.customer_id, granted(LearnerPermission.INSTRUCT, who))
    query = query.options(joinedload(Person.unit)).order_by(Person.sort_name, Person.id).limit(MOST_COLLEAGUES)
    people = list(db.session.scalars(query))
    known = select(Record.person_id).where(Record.course_id == course.id, Record.withdrawn_at.is_(None))
    known = known.where(Record.obtained_on <= today, Record.person_id.in_([one.id for one in people]))
    return people, set(db.session.scalars(known))
