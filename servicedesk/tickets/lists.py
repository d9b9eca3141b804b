"""Lists of tickets: the queue, a person's own, and any that a search found; always for a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, bindparam, false, func, literal, or_, select, tuple_, union, union_all
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor
from servicedesk.core.db import bare, db, table_of
from servicedesk.core.permissions import granted, is_open
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets import local_course, marks
from servicedesk.tickets.filters import ME, NOBODY, Filters, Order, Place, Span
from servicedesk.tickets.models import Follower, Ticket, TicketClock, is_of_competence, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.search import SEARCH, Match, is_sqlite
from servicedesk.tickets.workflow import Cause, Kind, Priority, Secrecy, State, Tier

PAGE = 50
#: Counting stops here: more is shown as "500+", and a count costs the same at a million.
COUNT_CAP = 500
#: Of the tickets that have the words asked for, so many of the newest are looked at.
MOST_WITH_WORDS = 20_000

_OPEN_STATES = frozenset((State.NEW, State.OPEN, State.WAITING_USER, State.WAITING_SUPPLIER))

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
    tier: Tier
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
    Ticket.tier,
    Ticket.due_order,
    Ticket.promised_at,
    Ticket.filer_id,
    Ticket.affected_id,
)


def _rows(page: Statement, order: Sequence[Any]) -> Statement:
    """Lines for a query over ids: names are fetched for these rows only, never joined into the search for them."""
    return _named(page.subquery()).order_by(*order)


def _named(ids: Any, *more: Any) -> Statement:
    return (
        select(*more, *_LISTED, Affected.name, Unit.name, System.name, Team.name, Ticket.assignee_id, Assignee.name)
        .join(ids, ids.c.id == Ticket.id)
        .join(Affected, Affected.id == Ticket.affected_id)
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(System, System.id == Ticket.system_id)
        .outerjoin(Team, Team.id == Ticket.team_id)
        .outerjoin(Assignee, Assignee.id == Ticket.assignee_id)
    )


def _fetched(lines: Statement) -> list[Row]:
    return [Row._make(row) for row in db.session.execute(lines)]


ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.PRIORITY: (Ticket.priority.asc(), Ticket.filed_at.asc(), Ticket.id.asc()),
    Order.DUE: (Ticket.due_order.asc(), Ticket.id.asc()),
    Order.FILED: (Ticket.filed_at.asc(), Ticket.id.asc()),
    Order.NEWEST: (Ticket.filed_at.desc(), Ticket.id.desc()),
    Order.UPDATED: (Ticket.updated_at.desc(), Ticket.id.desc()),
    Order.OLDEST_CHANGE: (Ticket.updated_at.asc(), Ticket.id.asc()),
}


def place_of(row: Any, order: Order) -> Place:
    """Where the row stands in that order, for the address of the page after it."""
    match order:
        case Order.DUE:
            return Place(row.due_order, row.id)
        case Order.UPDATED | Order.OLDEST_CHANGE:
            return Place(row.updated_at, row.id)
        case _:
            return Place(row.filed_at, row.id, int(row.priority) if order is Order.PRIORITY else 0)


def after_place(place: Place, order: Order) -> ColumnElement[bool]:
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
        query = _page(overseen(filters, who).where(after_place(after, filters.order)), ORDERS[filters.order])
    rows = _fetched(query)
    following = place_of(rows[PAGE - 1], filters.order) if len(rows) > PAGE else None
    return rows[:PAGE], following


@lru_cache(maxsize=500)
def _queue_page(filters: Filters, who: Actor) -> Statement:
    return _page(overseen(filters, who), ORDERS[filters.order])


def _page(ids: Statement, order: Sequence[Any]) -> Statement:
    return _rows(ids.order_by(*order).limit(PAGE + 1), order)


def ids(filters: Filters, who: Actor, *, limit: int) -> list[int]:
    """The first tickets that `who` oversees, in the order asked for, by their ids alone."""
    return list(db.session.scalars(overseen(filters, who).order_by(*ORDERS[filters.order]).limit(limit)))


def firsts(wanted: Sequence[Filters], who: Actor, limit: int) -> list[list[Row]]:
    """The first few of each list, in one query."""
    found: list[list[Row]] = [[] for _filters in wanted]
    for which, _place, *row in db.session.execute(_firsts(tuple(wanted), who, limit)):
        found[which].append(Row._make(row))
    return found


@lru_cache(maxsize=500)
def _firsts(wanted: tuple[Filters, ...], who: Actor, limit: int) -> Statement:
    pages = [_numbered(which, filters, who, limit) for which, filters in enumerate(wanted)]
    ids = union_all(*pages).subquery()
    return _named(ids, ids.c.which, ids.c.place).order_by(ids.c.which, ids.c.place)


def _numbered(which: int, filters: Filters, who: Actor, limit: int) -> Statement:
    """The ids at the beginning of a list, with their places in it; numbered after the list was cut, along its index."""
    order = ORDERS[filters.order]
    ids = overseen(filters, who).order_by(*order).limit(limit).subquery()
    place = func.row_number().over(order_by=order)
    return select(literal(which).label("which"), place.label("place"), Ticket.id).join(ids, ids.c.id == Ticket.id)


def count(filters: Filters, who: Actor) -> int:
    """How many there are, counted to COUNT_CAP + 1 at most."""
    return db.session.scalar(counting(filters, who)) or 0


@lru_cache(maxsize=500)
def counting(filters: Filters, who: Actor) -> Statement:
    """The statement that counts them, for whoever counts several lists at once."""
    return select(func.count()).select_from(overseen(filters, who).limit(COUNT_CAP + 1).subquery())


def overseen(filters: Filters, who: Actor) -> Statement:
    return select(Ticket.id).where(
        of_own_customers(who), granted(TicketPermission.OVERSEE, who), *narrowed(filters, who)
    )


def of_own_customers(who: Actor) -> ColumnElement[bool]:
    """True for every row that the policy lets through; said so that the list can run along an index."""
    if any(grant.is_over_all for grant in who.grants):
        return Ticket.customer_id.is_not(None)
    ids = who.customer_ids
    return Ticket.customer_id == next(iter(ids)) if len(ids) == 1 else Ticket.customer_id.in_(ids)


def narrowed(filters: Filters, who: Actor) -> Iterable[ColumnElement[bool]]:
    """What a list is narrowed to; says nothing of what `who` may see."""
    one_of = {
        Ticket.state: filters.states,
        Ticket.kind: filters.kinds,
        Ticket.priority: filters.priorities,
        Ticket.tier: filters.tiers,
        Ticket.system_id: filters.systems,
        Ticket.id: filters.ids,
    }
    yield from (column.in_(values) for column, values in one_of.items() if values)
    # True of such states anyway; said so that the list can run along an index.
    if _OPEN_STATES.issuperset(filters.states) if filters.states else filters.only_open:
        yield Ticket.is_open.is_(True)
    if filters.teams:
        yield _one_of(Ticket.team_id, filters.teams, who.team_ids)
    if filters.assignees:
        yield _one_of(Ticket.assignee_id, filters.assignees, [who.id] if who.id else [])
    if filters.units:
        yield Ticket.unit_id.in_(_below(filters.units))
    if filters.unanswered:
        yield Ticket.is_unanswered.is_(True)
    if filters.soon:
        yield _due_soon(filters)
    if filters.people:
        yield Ticket.id.in_(_of_people(filters.people))
    if filters.courses or filters.helpers:
        yield from local_course.conditions(filters)
    if filters.causes:
        yield _with_cause(filters.causes)
    yield from marks.conditions(filters.marks)
    yield from _within(Ticket.filed_at, filters.filed)
    yield from _within(Ticket.updated_at, filters.updated)
    if filters.words:
        yield _with_words(Match(filters.words), who)


def _with_cause(causes: tuple[Cause, ...]) -> ColumnElement[bool]:
    return is_of_competence() if causes == (Cause.COMPETENCE,) else Ticket.cause.in_(causes)


def _due_soon(filters: Filters) -> ColumnElement[bool]:
    if filters.due_before is None:
        raise ValueError("what is soon has to be told first")
    return Ticket.due_order < filters.due_before


def _below(units: Iterable[int]) -> Statement:
    tops = select(Unit.path).where(Unit.id.in_(units)).subquery()
    return select(Unit.id).join(tops, Unit.path.startswith(tops.c.path))


def _of_people(ids: Iterable[int]) -> Any:
    filed, about = (select(Ticket.id).where(column.in_(ids)) for column in (Ticket.filer_id, Ticket.affected_id))
    return union(filed, about)


def _within(column: Any, span: Span) -> Iterable[ColumnElement[bool]]:
    if span.start is not None:
        yield column >= span.start
    if span.end is not None:
        yield column < span.end


def _with_words(match: Match, who: Actor) -> ColumnElement[bool]:
    """Words in the newest tickets that have them; those of internal entries only where `who` may read such."""
    ways: list[ColumnElement[bool]] = [Ticket.id.in_(_with_all(match, internal=False))]
    if is_open(TicketPermission.READ_INTERNAL, who):
        ways.append(granted(TicketPermission.READ_INTERNAL, who) & Ticket.id.in_(_with_all(match, internal=True)))
    return or_(false(), *ways) if match.terms else false()


def _with_all(match: Match, *, internal: bool) -> Statement:
    # Sorted by no column, so that PostgreSQL does not walk back through all tickets; see finding.py.
    found = select(match.key.label("id")).select_from(SEARCH).where(match.condition(internal=internal))
    return found.order_by((match.key + 0).desc() if not is_sqlite() else match.key.desc()).limit(MOST_WITH_WORDS)


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
    """Those clocks of tickets that were listed for the person, in one query, in the order of their names.

    Rows with the columns of a clock, which take half as long to read as objects.
    """
    found: dict[int, list[TicketClock]] = {}
    for row in bare(_CLOCKS, {"clocks_of": list(ids), "clocks_named": list(names)}):
        found.setdefault(row.ticket_id, []).append(cast(TicketClock, row))
    return found


# The names are few, and stand in the statement: with more than fifty values none is kept ready for sending.
_CLOCKS = select(*table_of(TicketClock).columns).where(
    TicketClock.ticket_id.in_(bindparam("clocks_of", expanding=True)),
    TicketClock.name.in_(bindparam("clocks_named", expanding=True, literal_execute=True)),
)
