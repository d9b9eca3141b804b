"""Ratings that call for somebody to do something."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.surveys.models import FollowUp, Rating
from servicedesk.surveys.policy import RatingPermission
from servicedesk.tickets.models import Ticket, number_of

#: Of those that are done the newest are shown.
DONE_SHOWN = 50
MOST = 500

_Rater, _Taker, _Supporter = aliased(Person), aliased(Person), aliased(Person)


class Task(NamedTuple):
    """A rating to be followed up, with the names that it takes to do so."""

    task: FollowUp
    rating: Rating
    subject: str
    rater: Person
    unit: str
    taker: str | None
    supporter: str | None

    @property
    def number(self) -> str:
        return number_of(self.task.ticket_id)

    def is_overdue(self, now: datetime) -> bool:
        return self.task.done_at is None and self.task.due_at < now


class Counts(NamedTuple):
    open: int
    overdue: int


def get(task_id: int, who: Actor, *, lock: bool = False) -> Task:
    """Raises NotFoundError."""
    query = _tasks(who).where(FollowUp.id == task_id).execution_options(populate_existing=True)
    row = db.session.execute(query.with_for_update(of=FollowUp) if lock else query).one_or_none()
    if row is None:
        raise NotFoundError
    return Task(*row)


def unfinished(who: Actor) -> Sequence[Task]:
    """The most urgent first."""
    query = _tasks(who).where(FollowUp.done_at.is_(None)).order_by(FollowUp.due_at, FollowUp.id).limit(MOST)
    return [Task(*row) for row in db.session.execute(query)]


def done(who: Actor) -> Sequence[Task]:
    query = _tasks(who).where(FollowUp.done_at.is_not(None)).order_by(FollowUp.done_at.desc()).limit(DONE_SHOWN)
    return [Task(*row) for row in db.session.execute(query)]


def counts(who: Actor, now: datetime) -> Counts:
    overdue = func.count(case((FollowUp.due_at < now, 1)))
    query = select(func.count(), overdue).select_from(FollowUp).join(Ticket, Ticket.id == FollowUp.ticket_id)
    query = query.where(FollowUp.done_at.is_(None), granted(RatingPermission.FOLLOW_UP, who))
    return Counts(*db.session.execute(query).one())


def _tasks(who: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(FollowUp, Rating, Ticket.subject, _Rater, Unit.name, _Taker.name, _Supporter.name)
        .join(Rating, Rating.ticket_id == FollowUp.ticket_id)
        .join(Ticket, Ticket.id == FollowUp.ticket_id)
        .join(_Rater, _Rater.id == Rating.person_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .outerjoin(_Taker, _Taker.id == FollowUp.taken_by_id)
        .outerjoin(_Supporter, _Supporter.id == Rating.supporter_id)
        .where(granted(RatingPermission.FOLLOW_UP, who))
    )
