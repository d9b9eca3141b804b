"""Requirements, and how many people each would concern."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.training.models import Requirement
from servicedesk.training.policy import CoordinationPermission, RequirementPermission
from servicedesk.training.queries.standing import statuses
from servicedesk.training.reckoning import Need
from servicedesk.training.rules import GAPS


@dataclass(frozen=True)
class Concerned:
    """How many people a requirement is about, and how many of them have something to do."""

    people: int
    lacking: int


def get_requirement(requirement_id: int, who: Actor) -> Requirement:
    """With its course, system and unit; raises NotFoundError."""
    query = select(Requirement).where(Requirement.id == requirement_id, granted(RequirementPermission.MANAGE, who))
    found = db.session.scalar(_loaded(query).execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def requirements(customer_id: int, who: Actor) -> list[Requirement]:
    """Those that were not withdrawn, by course; then those that are over."""
    query = select(Requirement).where(Requirement.customer_id == customer_id, Requirement.withdrawn_at.is_(None))
    query = query.where(granted(RequirementPermission.MANAGE, who))
    return sorted(db.session.scalars(_loaded(query)), key=lambda one: (one.course.name, one.id))


def _loaded(query: Select[Requirement]) -> Select[Requirement]:
    links = (Requirement.course, Requirement.system, Requirement.unit)
    return query.options(*(joinedload(link) for link in links))


def concerned(customer_id: int, need: Need, today: date) -> Concerned:
    """Of a requirement that is only thought of yet, as if it had begun."""
    standing = statuses(customer_id, today, course_id=need.course_id, besides=[need])
    lines = [line for one in standing.learners for line in standing.lines(one.id) if line.need is need]
    return Concerned(len(lines), sum(line.reading.status in GAPS for line in lines))


def units_to_choose(customer_id: int, who: Actor) -> list[Unit]:
    """Of which the person may say what is required, in the order of the tree."""
    query = select(Unit).where(Unit.customer_id == customer_id, Unit.is_active)
    return in_tree_order(db.session.scalars(query.where(granted(CoordinationPermission.COORDINATE, who))).all())
