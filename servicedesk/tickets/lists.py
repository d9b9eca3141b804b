"""Lists of tickets: the queue, a person's own, and any that a search found; always for a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, or_, select, tuple_, union, union_all
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets.filters import ME, NOBODY, Filters, Order, Place
from servicedesk.tickets.models import Follower, Ticket, TicketClock, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, Priority, Secrecy, State

PAGE = 50
#: Counting stops here: more is shown as "500+", and a count costs the same at a million.
COUNT_CAP = 500

Statement = Select[*tuple[Any, ...]]

Affected, Assignee = aliased(Person), aliased(Person)


class Row(NamedTuple):
    """A ticket as a line of a list."""

    id: int
    subject: str
    kind: Kind
    state: State
    priority: Priority
    secrecy: Secrecy
    filed_at: datetime
    updated_at: datetime
    is_unanswered: bool
    #: NOT_DUE while no clock runs.
    due_order: datetime
    #: Agreed with the user by hand.
    promised_at: datetime | None
    filer_id: int
    affected_id: int
    affected: str
    unit: str
    system: str | None
    team: str | None
    assignee_id: int | None
    assignee: str | None

    @property
    def number(self) -> str:
        return number_of(self.id)

    def is_of(self, person_id: int | None) -> bool:
        """Whether that person filed it or is the one it is about, rather than somebody who follows it."""
        return person_id in (self.filer_id, self.affected_id)


_LISTED = (
    Ticket.id,
    Ticket.subject,
    Ticket.kind,
    Ticket.state,
    Ticket.priority,
    Ticket.secrecy,
    Ticket.filed_at,
    Ticket.updated_at,
    Ticket.is_unanswered,
    Ticket.due_order,
    Ticket.promised_at,
    Ticket.filer_id,
    Ticket.affected_id,
)


def _rows(page: Statement, order: Sequence[Any]) -> Statement:
    """Lines for a query over ids: names are fetched for these rows only, never joined into the search for them."""
    ids = page.subquery()
    return (
        select(*_LISTED, Affected.name, Unit.name, System.name, Team.name, Ticket.assignee_id, Assignee.name)
        .join(ids, ids.c.id == Ticket.id)
        .join(Affected, Affected.id == Ticket.affected_id)
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(System, System.id == Ticket.system_id)
        .outerjoin(Team, Team.id == Ticket.team_id)
        .outerjoin(Assignee, Assignee.id == Ticket.assignee_id)
        .order_by(*order)
    )


def _fetched(lines: Statement) -> list[Row]:
    return [Row._make(row) for row in db.session.execute(lines)]


_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.PRIORITY: (Ticket.priority.asc(), Ticket.filed_at.asc(), Ticket.id.asc()),
    Order.DUE: (Ticket.due_order.asc(), Ticket.id.asc()),
    Order.FILED: (Ticket.filed_at.asc(), Ticket.id.asc()),
    Order.NEWEST: (Ticket.filed_at.desc(), Ticket.id.desc()),
    Order.UPDATED: (Ticket.updated_at.desc(), Ticket.id.desc()),
    Order.OLDEST_CHANGE: (Ticket.updated_at.asc(), Ticket.id.asc()),
}


def place_of(row: Row, order: Order) -> Place:
    """Where the row stands in that order, for the address of the page after it."""
    match order:
        case Order.DUE:
            return Place(row.due_order, row.id)
        case Order.UPDATED | Order.OLDEST_CHANGE:
            return Place(row.updated_at, row.id)
        case _:
            return Place(row.filed_at, row.id, int(row.priority) if order is Order.PRIORITY else 0)


def _after(place: Place, order: Order) -> ColumnElement[bool]:
    match order:
        case Order.PRIORITY:
            return tuple_(Ticket.priority, Ticket.filed_at, Ticket.id) > (place.priority, place.at, place.id)
        case Order.DUE:
            return tuple_(Ticket.due_order, Ticket.id) > (place.at, place.id)
        case Order.FILED:
            return tuple_(Ticket.filed_at, Ticket.id) > (place.at, place.id)
        case Order.NEWEST:
            return tuple_(Ticket.filed_at, Ticket.id) < (place.at, place.id)
        case Order.UPDATED:
            return tuple_(Ticket.updated_at, Ticket.id) < (place.at, place.id)
        case Order.OLDEST_CHANGE:
            return tuple_(Ticket.updated_at, Ticket.id) > (place.at, place.id)


def queue(filters: Filters, who: Actor, *, after: Place | None = None) -> tuple[list[Row], Place | None]:
    """A page of the tickets that `who` oversees, and the place where the next page begins, if there is one."""
    query = _queue_page(filters, who)
    if after is not None:
        query = _page(_overseen(filters, who).where(_after(after, filters.order)), _ORDERS[filters.order])
    rows = _fetched(query)
    following = place_of(rows[PAGE - 1], filters.order) if len(rows) > PAGE else None
    return rows[:PAGE], following


@lru_cache(maxsize=500)
def _queue_page(filters: Filters, who: Actor) -> Statement:
    return _page(_overseen(filters, who), _ORDERS[filters.order])


def _page(ids: Statement, order: Sequence[Any]) -> Statement:
    return _rows(ids.order_by(*order).limit(PAGE + 1), order)


def count(filters: Filters, who: Actor) -> int:
    """How many there are, counted to COUNT_CAP + 1 at most."""
    return db.session.scalar(_counting(filters, who)) or 0


@lru_cache(maxsize=500)
def _counting(filters: Filters, who: Actor) -> Statement:
    return select(func.count()).select_from(_overseen(filters, who).limit(COUNT_CAP + 1).subquery())


def _overseen(filters: Filters, who: Actor) -> Statement:
    return select(Ticket.id).where(
        _of_own_customers(who), granted(TicketPermission.OVERSEE, who), *_narrowed(filters, who)
    )


def _of_own_customers(who: Actor) -> ColumnElement[bool]:
    """True for every row that the policy lets through; said so that the list can run along an index."""
    if any(grant.is_over_all for grant in who.grants):
        return Ticket.customer_id.is_not(None)
    ids = who.customer_ids
    return Ticket.customer_id == next(iter(ids)) if len(ids) == 1 else Ticket.customer_id.in_(ids)


def _narrowed(filters: Filters, who: Actor) -> Iterable[ColumnElement[bool]]:
    if filters.states:
        yield Ticket.state.in_(filters.states)
    if filters.only_open and not filters.states:
        yield Ticket.is_open.is_(True)
    if filters.kinds:
        yield Ticket.kind.in_(filters.kinds)
    if filters.priorities:
        yield Ticket.priority.in_(filters.priorities)
    if filters.teams:
        yield _one_of(Ticket.team_id, filters.teams, who.team_ids)
    if filters.assignees:
        yield _one_of(Ticket.assignee_id, filters.assignees, [who.id] if who.id else [])
    if filters.units:
        tops = select(Unit.path).where(Unit.id.in_(filters.units)).subquery()
        below = select(Unit.id).join(tops, Unit.path.startswith(tops.c.path))
        yield Ticket.unit_id.in_(below)
    if filters.systems:
        yield Ticket.system_id.in_(filters.systems)
    if filters.unanswered:
        yield Ticket.is_unanswered.is_(True)


def _one_of(column: Any, chosen: Iterable[str], mine: Iterable[int]) -> ColumnElement[bool]:
    ids = {int(value) for value in chosen if value.isdecimal()} | (set(mine) if ME in chosen else set())
    ways = [column.in_(ids)] if ids else []
    if NOBODY in chosen:
        ways.append(column.is_(None))
    return or_(false(), *ways)


def mine(who: Actor, *, is_open: bool, limit: int = PAGE, before: int | None = None) -> list[Row]:
    """The tickets that `who` filed, that concern him or her, or that he or she follows, newest first.

    A solved ticket counts as open here: it waits for the person's word.
    """
    query = _own_page(who, is_open, limit)
    if before is not None:
        query = _own(who, is_open, limit, Ticket.id < before)
    return _fetched(query)


@lru_cache(maxsize=500)
def _own_page(who: Actor, is_open: bool, limit: int) -> Statement:
    return _own(who, is_open, limit)


def _own(who: Actor, is_open: bool, limit: int, *narrowed: ColumnElement[bool]) -> Statement:
    """The newest of each way to have to do with a ticket, read off an index however many there are; then of all."""
    has_not_ended = Ticket.closed_at.is_(None)
    wanted = (has_not_ended if is_open else ~has_not_ended, Ticket.merged_into_id.is_(None), *narrowed)
    followed = select(Ticket.id).join(Follower, Follower.ticket_id == Ticket.id).where(Follower.person_id == who.id)
    newest = [
        select(Ticket.id).where(Ticket.filer_id == who.id, *wanted).order_by(Ticket.id.desc()),
        select(Ticket.id).where(Ticket.affected_id == who.id, *wanted).order_by(Ticket.id.desc()),
        followed.where(Ticket.secrecy == Secrecy.ORDINARY, *wanted).order_by(Follower.ticket_id.desc()),
    ]
    ids = union(*(select(ways.limit(limit).subquery().c.id) for ways in newest)).subquery()
    return _rows(select(ids.c.id).order_by(ids.c.id.desc()).limit(limit), (Ticket.id.desc(),))


def alive_of(person_id: int, who: Actor, *, limit: int) -> list[Row]:
    """What is under way for somebody, as far as `who` may read it, newest first."""
    alive = select(Ticket.id).where(
        Ticket.affected_id == person_id,
        Ticket.closed_at.is_(None),
        Ticket.merged_into_id.is_(None),
        granted(TicketPermission.READ, who),
    )
    return _fetched(_rows(alive.order_by(Ticket.id.desc()).limit(limit), (Ticket.id.desc(),)))


def own_ids(who: Actor) -> Statement:
    """Every ticket that the person filed, that concerns him or her, or that he or she follows."""
    ways = union_all(
        select(Ticket.id).where(Ticket.filer_id == who.id),
        select(Ticket.id).where(Ticket.affected_id == who.id),
        select(Follower.ticket_id).where(Follower.person_id == who.id),
    ).subquery()
    return select(ways.c.id)


def listed(ids: Iterable[int], who: Actor) -> dict[int, Row]:
    """Those of the ids that `who` may read, as lines of a list."""
    wanted = select(Ticket.id).where(Ticket.id.in_(list(ids)), granted(TicketPermission.READ, who))
    return {row.id: row for row in _fetched(_rows(wanted, (Ticket.id,)))}


def clocks_of(ids: Iterable[int], names: Iterable[str]) -> dict[int, list[TicketClock]]:
    """Those clocks of tickets that were listed for the person, in one query, in the order of their names."""
    wanted = select(TicketClock).where(TicketClock.ticket_id.in_(list(ids)), TicketClock.name.in_(list(names)))
    found: dict[int, list[TicketClock]] = {}
    for row in db.session.scalars(wanted):
        found.setdefault(row.ticket_id, []).append(row)
    return found
