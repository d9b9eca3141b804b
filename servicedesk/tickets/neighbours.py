"""Where a ticket stands in a list, and what comes before and after it."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, tuple_

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.tickets.filters import Filters, Order, Place
from servicedesk.tickets.lists import COUNT_CAP, ORDERS, after_place, overseen
from servicedesk.tickets.models import Ticket


class Neighbours(NamedTuple):
    """What stands before and after a ticket in a list."""

    previous: int | None
    next: int | None
    #: How many stand before it, counted to COUNT_CAP + 1 at most.
    before: int
    #: How many are in the list, counted likewise.
    total: int
    #: A ticket that no longer fits still has a place: after it comes what came after it before.
    is_in_it: bool


def neighbours(filters: Filters, who: Actor, ticket: Ticket) -> Neighbours:
    """Where the ticket stands in that list; one query, each part of it along an index."""
    seen, order = overseen(filters, who), filters.order
    at = {Order.DUE: ticket.due_order, Order.UPDATED: ticket.updated_at, Order.OLDEST_CHANGE: ticket.updated_at}
    place = Place(at.get(order, ticket.filed_at), ticket.id, int(ticket.priority))
    earlier = seen.where(_before(place, order))
    counted = (
        select(func.count()).select_from(some.limit(COUNT_CAP + 1).subquery()).scalar_subquery()
        for some in (earlier, seen)
    )
    query = select(
        earlier.order_by(*_BACKWARDS[order]).limit(1).scalar_subquery(),
        seen.where(after_place(place, order)).order_by(*ORDERS[order]).limit(1).scalar_subquery(),
        *counted,
        seen.where(Ticket.id == ticket.id).exists(),
    )
    return Neighbours._make(db.session.execute(query).one())


#: The same lists read from behind.
_BACKWARDS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.PRIORITY: (Ticket.priority.desc(), Ticket.filed_at.desc(), Ticket.id.desc()),
    Order.DUE: (Ticket.due_order.desc(), Ticket.id.desc()),
    Order.FILED: ORDERS[Order.NEWEST],
    Order.NEWEST: ORDERS[Order.FILED],
    Order.UPDATED: ORDERS[Order.OLDEST_CHANGE],
    Order.OLDEST_CHANGE: ORDERS[Order.UPDATED],
}


def _before(place: Place, order: Order) -> ColumnElement[bool]:
    match order:
        case Order.PRIORITY:
            return tuple_(Ticket.priority, Ticket.filed_at, Ticket.id) < (place.priority, place.at, place.id)
        case Order.DUE:
            return tuple_(Ticket.due_order, Ticket.id) < (place.at, place.id)
        case Order.FILED:
            return after_place(place, Order.NEWEST)
        case Order.NEWEST:
            return after_place(place, Order.FILED)
        case Order.UPDATED:
            return after_place(place, Order.OLDEST_CHANGE)
        case Order.OLDEST_CHANGE:
            return after_place(place, Order.UPDATED)
