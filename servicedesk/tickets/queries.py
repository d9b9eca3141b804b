"""Reading tickets: always for a person, always through the policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select, tuple_, union, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import False_, True_

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotAllowedError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.policy import STAFF
from servicedesk.signin.queries import is_in_force
from servicedesk.systems.models import System
from servicedesk.tickets.filters import ME, NOBODY, Filters, Order, Place
from servicedesk.tickets.models import Attachment, Entry, Follower, Link, Ticket, Visibility, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, LinkKind, Priority, Secrecy, State

PAGE = 50
#: Counting stops here: more is shown as "500+", and a count costs the same at a million.
COUNT_CAP = 500
#: A filter offers no more values than anybody can look through.
MOST_CHOICES = 300

Statement = Select[*tuple[Any, ...]]

Affected, Filer, Assignee = aliased(Person), aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Held:
    """A ticket in a person's hands, with what he or she may do to it."""

    ticket: Ticket
    may: frozenset[TicketPermission]

    def need(self, permission: TicketPermission) -> None:
        """Raises NotAllowedError."""
        if permission not in self.may:
            raise NotAllowedError

    def does(self, permission: TicketPermission) -> bool:
        return permission in self.may


def hold(ticket_id: int, who: Actor, *, lock: bool = False) -> Held:
    """The ticket and what `who` may do to it, locked for the transaction if asked for.

    Raises NotFoundError when there is none that `who` may know of.
    """
    query, asked, always = _holding(who)
    row = db.session.execute(query.with_for_update(of=Ticket) if lock else query, {"held_id": ticket_id}).first()
    if row is None:
        raise NotFoundError
    return Held(row[0], always.union(permission for permission, holds in zip(asked, row[1:], strict=True) if holds))


# Statements are made once for a person and kept, as making one takes longer than asking the database with it.
@lru_cache(maxsize=500)
def _holding(who: Actor) -> tuple[Statement, list[TicketPermission], frozenset[TicketPermission]]:
    """The statement that loads a ticket, the permissions whose truth stands in its columns, and those that hold."""
    conditions = {permission: granted(permission, who) for permission in TicketPermission}
    asked = [permission for permission, condition in conditions.items() if not isinstance(condition, False_ | True_)]
    query = (
        select(Ticket, *(conditions[permission].label(permission.value) for permission in asked))
        .where(Ticket.id == bindparam("held_id"), conditions[TicketPermission.READ])
        .execution_options(populate_existing=True)
    )
    return query, asked, frozenset(one for one, condition in conditions.items() if isinstance(condition, True_))


def get(ticket_id: int, who: Actor) -> Ticket:
    """The ticket; raises NotFoundError."""
    return hold(ticket_id, who).ticket


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
    Order.FILED: (Ticket.filed_at.asc(), Ticket.id.asc()),
    Order.NEWEST: (Ticket.filed_at.desc(), Ticket.id.desc()),
    Order.UPDATED: (Ticket.updated_at.desc(), Ticket.id.desc()),
    Order.OLDEST_CHANGE: (Ticket.updated_at.asc(), Ticket.id.asc()),
}


def place_of(row: Row, order: Order) -> Place:
    """Where the row stands in that order, for the address of the page after it."""
    at = row.updated_at if order in (Order.UPDATED, Order.OLDEST_CHANGE) else row.filed_at
    return Place(at, row.id, int(row.priority) if order is Order.PRIORITY else 0)


def _after(place: Place, order: Order) -> ColumnElement[bool]:
    match order:
        case Order.PRIORITY:
            return tuple_(Ticket.priority, Ticket.filed_at, Ticket.id) > (place.priority, place.at, place.id)
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


class Told(NamedTuple):
    """A journal entry with the name of who made it."""

    entry: Entry
    by: str | None
    initials: str | None


def timeline(held: Held, *, since: int = 0) -> list[Told]:
    """The journal as the person may read it, oldest first; with `since`, only what came after that entry."""
    query = (
        select(Entry, Person.name, Person.initials)
        .outerjoin(Person, Person.id == Entry.by_id)
        .where(Entry.ticket_id == held.ticket.id, Entry.seq > since)
        .order_by(Entry.seq)
    )
    if not held.does(TicketPermission.READ_INTERNAL):
        query = query.where(Entry.visibility == Visibility.PUBLIC)
    return [Told(*row) for row in db.session.execute(query)]


def attachments(held: Held) -> dict[int, list[Attachment]]:
    """The files that the person may fetch, by the entry that they came with."""
    query = select(Attachment).where(Attachment.ticket_id == held.ticket.id).order_by(Attachment.id)
    if not held.does(TicketPermission.READ_INTERNAL):
        query = query.where(Attachment.visibility == Visibility.PUBLIC)
    found: dict[int, list[Attachment]] = {}
    for attachment in db.session.scalars(query):
        found.setdefault(attachment.seq, []).append(attachment)
    return found


def attachment(held: Held, attachment_id: int) -> Attachment:
    """One file of that ticket; raises NotFoundError."""
    for files in attachments(held).values():
        for file in files:
            if file.id == attachment_id:
                return file
    raise NotFoundError


class Around(NamedTuple):
    """Who and what a ticket is about: the panel beside it."""

    affected: Person
    filer: str
    unit: str
    system: str | None
    team: str | None
    assignee: str | None
    followers: int
    #: 1 when the person who looks is among them.
    is_followed: int
    #: How many open tickets the affected person has, this one among them.
    open_of_affected: int


def around(held: Held, who: Actor) -> Around:
    """Names and counts for the panel, in one query."""
    return Around(*db.session.execute(_AROUND, {"about_id": held.ticket.id, "reader_id": who.id}).one())


def _around() -> Statement:
    followers = select(func.count()).where(Follower.ticket_id == bindparam("about_id"))
    follows = followers.where(Follower.person_id == bindparam("reader_id"))
    others = aliased(Ticket)
    still_open = select(func.count()).where(
        others.affected_id == Ticket.affected_id, others.closed_at.is_(None), others.is_open.is_(True)
    )
    counts = (followers.scalar_subquery(), follows.scalar_subquery(), still_open.correlate(Ticket).scalar_subquery())
    return (
        select(Affected, Filer.name, Unit.name, System.name, Team.name, Assignee.name, *counts)
        .select_from(Ticket)
        .join(Affected, Affected.id == Ticket.affected_id)
        .join(Filer, Filer.id == Ticket.filer_id)
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(System, System.id == Ticket.system_id)
        .outerjoin(Team, Team.id == Ticket.team_id)
        .outerjoin(Assignee, Assignee.id == Ticket.assignee_id)
        .where(Ticket.id == bindparam("about_id"))
    )


_AROUND = _around()


class Linked(NamedTuple):
    """Another ticket that this one is linked to."""

    kind: LinkKind | None
    id: int
    subject: str
    state: State


def links(held: Held, who: Actor) -> tuple[list[Linked], list[Linked]]:
    """Tickets linked to it, and tickets merged into it; only those that `who` may read."""
    linked, merged = _linking(who)
    of = {"linked_id": held.ticket.id}
    return (
        [Linked(*row) for row in db.session.execute(linked, of)],
        [Linked(None, *row) for row in db.session.execute(merged, of)],
    )


@lru_cache(maxsize=500)
def _linking(who: Actor) -> tuple[Statement, Statement]:
    readable = granted(TicketPermission.READ, who)
    shown = (Ticket.id, Ticket.subject, Ticket.state)
    linked = select(Link.kind, *shown).join(Ticket, Ticket.id == Link.other_id)
    return (
        linked.where(Link.ticket_id == bindparam("linked_id"), readable),
        select(*shown).where(Ticket.merged_into_id == bindparam("linked_id"), readable),
    )


def survivor(ticket: Ticket) -> int:
    """The ticket that this one lives on in, however many merges away."""
    while ticket.merged_into_id is not None:
        ticket = db.session.get_one(Ticket, ticket.merged_into_id)
    return ticket.id


class Choice(NamedTuple):
    """Something to choose in a form."""

    id: int
    name: str


def teams_for(ticket: Ticket) -> list[Choice]:
    """Where the ticket can be moved: a secret one to teams that are closed to others, an ordinary one to the rest."""
    is_secret = ticket.secrecy is not Secrecy.ORDINARY
    query = (
        select(Team.id, Team.name)
        .where(Team.customer_id == ticket.customer_id, Team.is_active, Team.is_closed.is_(is_secret))
        .order_by(Team.name)
    )
    return [Choice(*row) for row in db.session.execute(query)]


def assignable_to(ticket: Ticket, today: date) -> list[Choice]:
    """Who can be given the ticket: supporters in its team; while it has none, in any open team of the customer."""
    serving = select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF), is_in_force(today))
    query = (
        select(Person.id, Person.name)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.customer_id == ticket.customer_id, Team.is_active, Person.is_active, Person.id.in_(serving))
        .distinct()
        .order_by(Person.name)
    )
    query = query.where(Team.id == ticket.team_id) if ticket.team_id else query.where(Team.is_closed.is_(False))
    return [Choice(*row) for row in db.session.execute(query)]


def teams_of(who: Actor) -> list[Choice]:
    """The teams whose tickets a list for `who` can be narrowed to; those closed to others only for their members."""
    query = select(Team.id, Team.name).where(Team.customer_id.in_(who.customer_ids), Team.is_active)
    query = query.where(or_(Team.is_closed.is_(False), Team.id.in_(who.team_ids))).order_by(Team.name)
    return [Choice(*row) for row in db.session.execute(query)]


def colleagues_of(who: Actor) -> list[Choice]:
    """Members of the teams that `who` is in."""
    if not who.team_ids:
        return []
    query = select(Person.id, Person.name).join(TeamMember, TeamMember.person_id == Person.id)
    query = query.where(TeamMember.team_id.in_(who.team_ids), Person.is_active, Person.id != who.id)
    return [Choice(*row) for row in db.session.execute(query.distinct().order_by(Person.name))]


def systems_of(who: Actor) -> list[Choice]:
    """The systems of the customers that `who` has to do with."""
    query = select(System.id, System.name).where(System.customer_id.in_(who.customer_ids), System.is_active)
    return [Choice(*row) for row in db.session.execute(query.order_by(System.name).limit(MOST_CHOICES))]


def units_of(who: Actor) -> list[Choice]:
    """The units of those customers, by name."""
    query = select(Unit.id, Unit.name).where(Unit.customer_id.in_(who.customer_ids), Unit.is_active)
    return [Choice(*row) for row in db.session.execute(query.order_by(Unit.name).limit(MOST_CHOICES))]
