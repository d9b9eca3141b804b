"""Reading visits, always for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from servicedesk.competence.models import Finding, FollowUp, Visit
from servicedesk.competence.policy import VisitPermission
from servicedesk.competence.rules import FindingKind, VisitState
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.actors import is_in_force
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.organisation.policy import STAFF
from servicedesk.tickets import lists
from servicedesk.tickets.lists import Row
from servicedesk.training.models import Course

MOST = 100


def get(visit_id: int, who: Actor, permission: VisitPermission = VisitPermission.READ) -> Visit:
    """With its unit, system and people; raises NotFoundError."""
    query = _loaded().where(Visit.id == visit_id, granted(permission, who))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def may(visit: Visit, who: Actor, permission: VisitPermission) -> bool:
    query = select(Visit.id).where(Visit.id == visit.id, granted(permission, who))
    return db.session.scalar(query) is not None


@dataclass(frozen=True)
class Listed:
    planned: Sequence[Visit]
    #: Held and called off, newest first.
    past: Sequence[Visit]


def listed(customer_id: int, who: Actor) -> Listed:
    query = _loaded().where(Visit.customer_id == customer_id, granted(VisitPermission.READ, who))
    found = db.session.scalars(query.order_by(Visit.visit_on.desc(), Visit.id.desc()).limit(MOST)).all()
    planned = [one for one in found if one.state is VisitState.PLANNED]
    return Listed(planned[::-1], [one for one in found if one.state is not VisitState.PLANNED])


def _loaded() -> Select[Visit]:
    return select(Visit).options(joinedload(Visit.unit), joinedload(Visit.system), selectinload(Visit.people))


@dataclass(frozen=True)
class Found:
    """A finding with what became of it, as far as the reader may know."""

    finding: Finding
    by: str | None
    course: str | None
    #: None when it became none, or one that is not the reader's to see.
    ticket: Row | None


def findings(visit: Visit, who: Actor) -> list[Found]:
    """As they were written down; two queries."""
    query = (
        select(Finding, Person.name, Course.name)
        .outerjoin(Person, Person.id == Finding.by_id)
        .outerjoin(Course, Course.id == Finding.course_id)
        .where(Finding.visit_id == visit.id)
        .order_by(Finding.id)
    )
    rows = db.session.execute(query).all()
    tickets = lists.listed([one.ticket_id for one, *_names in rows if one.ticket_id], who)
    return [Found(one, by, course, tickets.get(one.ticket_id or 0)) for one, by, course in rows]


def follow_ups(visit: Visit) -> list[FollowUp]:
    query = select(FollowUp).where(FollowUp.visit_id == visit.id).order_by(FollowUp.weeks)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Open:
    """A proposal from a visit that nobody has dealt with."""

    finding: Finding
    visit: Visit
    course: str | None


def open_proposals(customer_id: int, who: Actor) -> list[Open]:
    """Courses to hold and guidelines to change, oldest first, of visits that the person coordinates."""
    query = (
        select(Finding, Visit, Course.name)
        .join(Visit, Visit.id == Finding.visit_id)
        .outerjoin(Course, Course.id == Finding.course_id)
        .options(joinedload(Visit.unit), joinedload(Visit.system))
        .where(Visit.customer_id == customer_id, granted(VisitPermission.CHANGE, who))
        .where(Finding.kind.in_((FindingKind.COURSE, FindingKind.GUIDELINE)), Finding.done_at.is_(None))
        .order_by(Finding.id)
        .limit(MOST)
    )
    return [Open(*row) for row in db.session.execute(query)]


def candidates(customer_id: int, today: date) -> list[Person]:
    """Who can be sent: those who work at the customer's desk, coordinate its training, or help as superbrugere."""
    here = select(Unit.id).where(Unit.customer_id == customer_id)
    roles = (*STAFF, Role.TRAINING_COORDINATOR, Role.SUPERBRUGER)
    is_over_all = and_(RoleGrant.unit_id.is_(None), RoleGrant.system_id.is_(None))
    serving = select(RoleGrant.person_id).where(
        RoleGrant.role.in_(roles), is_in_force(today), or_(RoleGrant.unit_id.in_(here), is_over_all)
    )
    query = select(Person).where(Person.id.in_(serving), Person.is_active).order_by(Person.sort_name, Person.id)
    return list(db.session.scalars(query))
