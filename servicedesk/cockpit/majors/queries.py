"""The tickets of a disturbance, and those that may come of it; always for a person."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select, union

from servicedesk.cockpit.majors.models import Child
from servicedesk.core.actor import Actor
from servicedesk.core.db import bare, db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.notifications.models import OutboxMail
from servicedesk.notifications.together import TOGETHER
from servicedesk.systems.events import ENDED
from servicedesk.systems.models import Disturbance, DisturbanceSystem, MeToo
from servicedesk.systems.policy import DisturbancePermission
from servicedesk.systems.rules import DisturbanceKind
from servicedesk.tickets import lists
from servicedesk.tickets.lists import Row
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission

#: People write before the servicedesk knows when it began.
BEFORE = timedelta(minutes=30)
MOST_SUGGESTED = 50
MOST_SHOWN = 200


def children(disturbance_id: int, who: Actor) -> list[int]:
    """The tickets of a disturbance that the person may read, the open ones first."""
    query = (
        select(Ticket.id)
        .join(Child, Child.ticket_id == Ticket.id)
        .where(Child.disturbance_id == disturbance_id, granted(TicketPermission.READ, who))
        .order_by(Ticket.is_open.desc(), Ticket.id)
    )
    return list(db.session.scalars(query))


def shown(ids: Sequence[int], who: Actor) -> list[Row]:
    """So many of them as a page shows, as lines of a list."""
    named = lists.listed(ids[:MOST_SHOWN], who)
    return [named[id_] for id_ in ids if id_ in named]


class Named(NamedTuple):
    """A ticket with whom it is about."""

    id: int
    filer_id: int
    affected_id: int


def get_all(ids: Sequence[int], customer_id: int, who: Actor, permission: TicketPermission) -> list[Named]:
    """All of these tickets of the customer; raises NotFoundError unless the person may do that to every one."""
    query = select(Ticket.id, Ticket.filer_id, Ticket.affected_id).where(
        Ticket.id.in_(ids), Ticket.customer_id == customer_id, granted(permission, who)
    )
    found = [Named(*row) for row in db.session.execute(query.order_by(Ticket.id))]
    if len(found) != len(ids):
        raise NotFoundError
    return found


def suggested(disturbance: Disturbance, who: Actor) -> list[Row]:
    """Open tickets about its systems since it began that the person may work on and that belong to none yet."""
    taken = select(Child.ticket_id).where(Child.ticket_id == Ticket.id)
    about = select(DisturbanceSystem.system_id).where(DisturbanceSystem.disturbance_id == disturbance.id)
    query = (
        select(Ticket.id)
        .where(
            Ticket.is_open,
            Ticket.customer_id == disturbance.customer_id,
            Ticket.system_id.in_(about),
            Ticket.filed_at >= disturbance.starts_at - BEFORE,
            ~taken.exists(),
            granted(TicketPermission.WORK, who),
        )
        .order_by(Ticket.id)
        .limit(MOST_SUGGESTED)
    )
    return shown(list(db.session.scalars(query)), who)


def mailed_of_end(disturbance: Disturbance, tickets: Sequence[int]) -> set[int]:
    """Of those whom the tickets are about, whoever has had a mail that it is over."""
    users = union(*(select(column).where(Ticket.id.in_(tickets)) for column in (Ticket.filer_id, Ticket.affected_id)))
    ids = list(db.session.scalars(users))
    own = OutboxMail.thread_id.in_([f"disturbance-{disturbance.id}-{id_}" for id_ in ids])
    joined = OutboxMail.person_id.in_(select(MeToo.person_id).where(MeToo.disturbance_id == disturbance.id))
    told = or_(own & (OutboxMail.template == ENDED), joined & (OutboxMail.template == TOGETHER))
    query = select(OutboxMail.person_id).where(OutboxMail.person_id.in_(ids), told)
    return {id_ for id_ in db.session.scalars(query.where(OutboxMail.made_at >= disturbance.ended_at)) if id_}


class Major(NamedTuple):
    """A disturbance that a ticket belongs to, or could."""

    id: int
    message: str
    is_child: bool


def around(ticket: Ticket, who: Actor) -> list[Major]:
    """The major incident that the ticket belongs to, else those of its system that run now; one question."""
    asked = {"about": ticket.id, "system": ticket.system_id, "customer": ticket.customer_id}
    found = [Major(*row) for row in bare(_around(who), asked)]
    return [one for one in found if one.is_child] or found


# Made once for a person: each ticket's page asks it.
@lru_cache(maxsize=500)
def _around(who: Actor) -> Select[*tuple[Any, ...]]:
    of_system = select(DisturbanceSystem.disturbance_id).where(DisturbanceSystem.system_id == bindparam("system"))
    is_child = (Child.disturbance_id == Disturbance.id) & (Child.ticket_id == bindparam("about"))
    runs = (
        Disturbance.is_major
        & Disturbance.ended_at.is_(None)
        & (Disturbance.kind == DisturbanceKind.DISTURBANCE)
        & (Disturbance.customer_id == bindparam("customer"))
        & Disturbance.id.in_(of_system)
    )
    own = select(Child.disturbance_id).where(Child.ticket_id == bindparam("about"))
    return (
        select(Disturbance.id, Disturbance.message, Child.ticket_id.is_not(None))
        .outerjoin(Child, is_child)
        .where(Disturbance.withdrawn_at.is_(None), Disturbance.id.in_(own) | runs)
        .where(granted(DisturbancePermission.CHANGE, who))
    )
