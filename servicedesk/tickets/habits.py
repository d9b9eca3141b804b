"""Which systems a person and the unit have had to do with lately, read off the newest tickets."""

from collections.abc import Sequence

from sqlalchemy import select, union_all

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission
from servicedesk.tickets.guessing import Named, favourites
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy

#: So many of the newest tickets tell what somebody uses.
NEWEST = 40
SHORTCUTS = 4


def used_by(person_id: int | None) -> list[int]:
    """The systems of the person's newest tickets, newest first, each as often as it was named."""
    ways = [
        select(
            select(Ticket.id, Ticket.system_id)
            .where(column == person_id)
            .order_by(Ticket.id.desc())
            .limit(NEWEST)
            .subquery()
        )
        for column in (Ticket.filer_id, Ticket.affected_id)
    ]
    both = union_all(*ways).subquery()
    query = select(both.c.id, both.c.system_id).where(both.c.system_id.is_not(None)).distinct()
    return [row.system_id for row in db.session.execute(query.order_by(both.c.id.desc()).limit(NEWEST))]


def used_around(unit_id: int | None) -> list[int]:
    """The same for a unit, from its open ordinary tickets."""
    newest = select(Ticket.system_id, Ticket.secrecy).where(Ticket.unit_id == unit_id, Ticket.is_open.is_(True))
    page = newest.order_by(Ticket.id.desc()).limit(NEWEST).subquery()
    query = select(page.c.system_id).where(page.c.system_id.is_not(None), page.c.secrecy == Secrecy.ORDINARY)
    return list(db.session.scalars(query))


def used_by_caller(person_id: int, who: Actor) -> list[int]:
    """What `who` may know of the systems that somebody else has had to do with."""
    query = (
        select(Ticket.system_id)
        .where(Ticket.affected_id == person_id, Ticket.system_id.is_not(None), granted(TicketPermission.READ, who))
        .order_by(Ticket.id.desc())
        .limit(NEWEST)
    )
    return list(db.session.scalars(query))


def shortcuts(who: Actor) -> list[Named]:
    """The systems that the person most likely has trouble with next."""
    return named(favourites(used_by(who.id), SHORTCUTS), who)


def named(ids: Sequence[int], who: Actor) -> list[Named]:
    """Those of the systems that `who` can choose, in that order."""
    if not ids:
        return []
    query = select(System.id, System.name, System.aliases)
    rows = db.session.execute(query.where(System.id.in_(ids), granted(SystemPermission.CHOOSE, who)))
    found = {row[0]: Named(*row) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def choosable(who: Actor, customer_id: int | None = None) -> list[Named]:
    """All that `who` can choose, by name; with `customer_id` only that customer's."""
    query = select(System.id, System.name, System.aliases).where(granted(SystemPermission.CHOOSE, who))
    if customer_id is not None:
        query = query.where(System.customer_id == customer_id)
    return in_order((Named(*row) for row in db.session.execute(query)), lambda system: system.name)
