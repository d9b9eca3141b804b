"""Reading subscriptions, always for a person; and what is due, for the worker."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.insight.models import ReportMail, ReportSubscription
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.insight.reports.policy import ReportPermission
from servicedesk.organisation.models import Person, Unit
from servicedesk.tickets.models import Ticket


def digest(token: str) -> str:
    """Bound to its purpose: no other mail's token can be mistaken for one."""
    return hashlib.sha256(f"monthly report:{token}".encode()).hexdigest()


def may_look(who: Actor, customer_id: int) -> bool:
    """Whether there is an overview of that customer for the person."""
    query = select(Unit.id).where(Unit.id == customer_id, granted(OverviewPermission.LOOK, who))
    return db.session.scalar(query) is not None


def _live() -> Select[ReportSubscription]:
    return select(ReportSubscription).where(ReportSubscription.ended_at.is_(None))


def own(who: Actor) -> Sequence[ReportSubscription]:
    """Those that are on, the oldest first."""
    query = _live().where(granted(ReportPermission.KEEP, who)).order_by(ReportSubscription.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def count_own(who: Actor) -> int:
    query = select(func.count()).select_from(ReportSubscription).where(ReportSubscription.ended_at.is_(None))
    return db.session.scalar(query.where(granted(ReportPermission.KEEP, who))) or 0


def get(subscription_id: int, who: Actor, permission: ReportPermission = ReportPermission.KEEP) -> ReportSubscription:
    """One that is on, held against others who would change it; raises NotFoundError."""
    query = _live().where(ReportSubscription.id == subscription_id, granted(permission, who))
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


def own_one(subscription_id: int, who: Actor) -> ReportSubscription:
    """To look at; raises NotFoundError."""
    query = _live().where(ReportSubscription.id == subscription_id, granted(ReportPermission.KEEP, who))
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def names_of_customers(ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(Unit.id, Unit.name).where(Unit.id.in_(ids))
    return dict(db.session.execute(query).all())


def find_same(person_id: int, customer_id: int, chosen: dict[str, list[object]]) -> ReportSubscription | None:
    """The person's own to the same, if there is one."""
    return db.session.scalar(_same(), {"of_person": person_id, "of_customer": customer_id, "same": chosen})


# Every overview asks it.
@lru_cache
def _same() -> Select[ReportSubscription]:
    row = ReportSubscription
    query = _live().where(row.person_id == bindparam("of_person"), row.customer_id == bindparam("of_customer"))
    return query.where(row.chosen == bindparam("same")).execution_options(populate_existing=True)


def of_token(token: str) -> ReportSubscription:
    """What the link of a mail ends, or has ended; raises NotFoundError."""
    query = select(ReportSubscription).join(ReportMail, ReportMail.subscription_id == ReportSubscription.id)
    query = query.where(ReportMail.digest == digest(token))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    return found


@dataclass(frozen=True)
class Elsewhere:
    """Somebody else's subscription."""

    row: ReportSubscription
    person: str


def of_others(customer_id: int, who: Actor, *, most: int) -> Sequence[Elsewhere]:
    """Whom else figures of that customer go to, as far as `who` may know."""
    query = (
        select(ReportSubscription, Person.name)
        .join(Person, Person.id == ReportSubscription.person_id)
        .where(ReportSubscription.customer_id == customer_id, ReportSubscription.ended_at.is_(None))
        .where(granted(ReportPermission.SEE, who), ReportSubscription.person_id != who.id)
        .order_by(Person.sort_name, ReportSubscription.id)
        .limit(most)
    )
    return [Elsewhere(row, name) for row, name in db.session.execute(query)]


def last_sent(ids: Sequence[int]) -> dict[int, int]:
    """The newest month that each has been told of."""
    if not ids:
        return {}
    mail = ReportMail
    query = select(mail.subscription_id, func.max(mail.month)).where(mail.subscription_id.in_(ids), mail.number == 0)
    return dict(db.session.execute(query.group_by(mail.subscription_id)).all())


# ------------------------------------------------------------------------------------------------ for the worker


def customers_due(this_month: int) -> Sequence[int]:
    """With subscriptions that have not been told of the month before this one."""
    row = ReportSubscription
    query = select(row.customer_id).where(row.ended_at.is_(None), row.next_month < this_month)
    return db.session.scalars(query.distinct().order_by(row.customer_id)).all()


def next_due(customer_id: int, this_month: int) -> ReportSubscription | None:
    """One that is due, held; another worker passes it by."""
    row = ReportSubscription
    query = _live().where(row.customer_id == customer_id, row.next_month < this_month)
    query = query.order_by(row.next_month, row.id).limit(1).with_for_update(skip_locked=True)
    return db.session.scalar(query.execution_options(populate_existing=True))


def are_clocks_seen_to(customer_id: int, until: datetime) -> bool:
    """Whether nothing that ran out before then still has to be written down."""
    query = select(Ticket.id).where(Ticket.next_look_at < until, Ticket.customer_id == customer_id).limit(1)
    return db.session.scalar(query) is None
