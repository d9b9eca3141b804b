"""Reading a ticket and what belongs to it: always for a person, always through the policy."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Date, Select, bindparam, func, null, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import False_, True_

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotAllowedError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Absence, CustomerSettings, Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets.models import BY_CLOCKS, Attachment, Entry, Follower, Link, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import LinkKind, Move, State, moves_from

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

    @property
    def moves(self) -> frozenset[Move]:
        """What the ticket's state offers, without an end that is not the person's to give it."""
        moves = moves_from(self.ticket.state)
        return moves if self.does(TicketPermission.RESOLVE) else moves - {Move.RESOLVE, Move.CLOSE}


def hold(ticket_id: int, who: Actor, *, lock: bool = False) -> Held:
    """The ticket and what `who` may do to it, locked for the transaction if asked for.

    Raises NotFoundError when there is none that `who` may know of.
    """
    query, asked, always = _holding(who)
    row = db.session.execute(query.with_for_update(of=Ticket) if lock else query, {"held_id": ticket_id}).first()
    if row is None:
        raise NotFoundError
    return Held(row[0], always.union(*(some for some, holds in zip(asked, row[1:], strict=True) if holds)))


# Statements are made once for a person and kept, as making one takes longer than asking the database with it.
@lru_cache(maxsize=500)
def _holding(who: Actor) -> tuple[Statement, list[set[TicketPermission]], frozenset[TicketPermission]]:
    """The statement that loads a ticket, the permissions whose truth stands in each of its further columns, and those
    that hold of every ticket that is found."""
    found = granted(TicketPermission.READ, who)
    always: set[TicketPermission] = set()
    asked: list[tuple[ColumnElement[bool], set[TicketPermission]]] = []
    for permission in TicketPermission:
        condition = granted(permission, who)
        if isinstance(condition, False_):
            continue
        if isinstance(condition, True_) or condition.compare(found):
            always.add(permission)
        elif alike := next((some for other, some in asked if condition.compare(other)), None):
            alike.add(permission)
        else:
            asked.append((condition, {permission}))
    columns = (condition.label(f"holds_{number}") for number, (condition, _) in enumerate(asked))
    query = (
        select(Ticket, *columns)
        .where(Ticket.id == bindparam("held_id"), found)
        .execution_options(populate_existing=True)
    )
    return query, [some for _, some in asked], frozenset(always)


def is_outdated(ticket_id: int, seen: int) -> bool:
    """Whether people have done something since that entry; what the clocks wrote stops nobody."""
    newer = select(Entry.id).where(Entry.ticket_id == ticket_id, Entry.seq > seen, Entry.kind.notin_(BY_CLOCKS))
    return db.session.scalar(newer.limit(1)) is not None


def get(ticket_id: int, who: Actor) -> Ticket:
    """The ticket; raises NotFoundError."""
    return hold(ticket_id, who).ticket


class Told(NamedTuple):
    """A journal entry with the name of who made it."""

    entry: Entry
    by: str | None
    initials: str | None


def timeline(held: Held, *, since: int = 0) -> list[Told]:
    """The journal as the person may read it, oldest first; with `since`, only what came after that entry."""
    query = _TIMELINE if held.does(TicketPermission.READ_INTERNAL) else _PUBLIC_TIMELINE
    return [Told(*row) for row in db.session.execute(query, {"told_id": held.ticket.id, "since": since})]


_TIMELINE = (
    select(Entry, Person.name, Person.initials)
    .outerjoin(Person, Person.id == Entry.by_id)
    .where(Entry.ticket_id == bindparam("told_id"), Entry.seq > bindparam("since"))
    .order_by(Entry.seq)
)
_PUBLIC_TIMELINE = _TIMELINE.where(Entry.visibility == Visibility.PUBLIC)


def attachments(held: Held) -> dict[int, list[Attachment]]:
    """The files that the person may fetch, by the entry that they came with."""
    query = _FILES if held.does(TicketPermission.READ_INTERNAL) else _PUBLIC_FILES
    found: dict[int, list[Attachment]] = {}
    for attachment in db.session.scalars(query, {"files_of": held.ticket.id}):
        found.setdefault(attachment.seq, []).append(attachment)
    return found


_FILES = select(Attachment).where(Attachment.ticket_id == bindparam("files_of")).order_by(Attachment.id)
_PUBLIC_FILES = _FILES.where(Attachment.visibility == Visibility.PUBLIC)


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
    #: The assignee is away today; `organisation.absences` knows until when, and who stands in.
    is_assignee_away: bool
    #: The customer's staff note how long things take.
    counts_minutes: bool
    #: A file came with some entry, whether or not the person may fetch it.
    has_files: bool
    #: It is linked or merged with another, whether or not the person may know of that one.
    is_joined: bool


def around(held: Held, who: Actor, today: date) -> Around:
    """Names and counts for the panel, in one query."""
    asked = {"about_id": held.ticket.id, "reader_id": who.id, "today": today}
    return Around(*db.session.execute(_AROUND, asked).one())


def _around() -> Statement:
    followers = select(func.count()).where(Follower.ticket_id == bindparam("about_id"))
    follows = followers.where(Follower.person_id == bindparam("reader_id"))
    others = aliased(Ticket)
    still_open = select(func.count()).where(
        others.affected_id == Ticket.affected_id, others.closed_at.is_(None), others.is_open.is_(True)
    )
    today = bindparam("today", type_=Date)
    is_away = select(Absence.id).where(
        Absence.person_id == Ticket.assignee_id, Absence.starts_on <= today, Absence.ends_on >= today
    )
    minutes = select(CustomerSettings.customer_id).where(
        CustomerSettings.customer_id == Ticket.customer_id, CustomerSettings.counts_minutes
    )
    files = select(Attachment.id).where(Attachment.ticket_id == Ticket.id)
    link = select(Link.other_id).where(Link.ticket_id == Ticket.id)
    merged = select(others.id).where(others.merged_into_id == Ticket.id)
    counts = (followers.scalar_subquery(), follows.scalar_subquery(), still_open.correlate(Ticket).scalar_subquery())
    holds = [some.correlate(Ticket).exists() for some in (is_away, minutes, files)]
    is_joined = or_(link.correlate(Ticket).exists(), merged.correlate(Ticket).exists())
    return (
        select(Affected, Filer.name, Unit.name, System.name, Team.name, Assignee.name, *counts, *holds, is_joined)
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


def followers(held: Held, who: Actor) -> list[Person]:
    """Who follows it, for those whom it is about; others see how many there are."""
    if who.id not in (held.ticket.filer_id, held.ticket.affected_id):
        return []
    query = select(Person).join(Follower, Follower.person_id == Person.id)
    return list(db.session.scalars(query.where(Follower.ticket_id == held.ticket.id).order_by(Person.name)))


class Linked(NamedTuple):
    """Another ticket that this one is linked to, or that was merged into it."""

    kind: LinkKind | None
    id: int
    subject: str
    state: State


def links(held: Held, who: Actor) -> tuple[list[Linked], list[Linked]]:
    """Tickets linked to it, and tickets merged into it; only those that `who` may read."""
    found = [Linked(*row) for row in db.session.execute(_linking(who), {"linked_id": held.ticket.id})]
    return [one for one in found if one.kind is not None], [one for one in found if one.kind is None]


@lru_cache(maxsize=500)
def _linking(who: Actor) -> CompoundSelect[Any]:
    """Both kinds in one query: a merged one has no kind of link."""
    readable = granted(TicketPermission.READ, who)
    shown = (Ticket.id, Ticket.subject, Ticket.state)
    linked = select(Link.kind, *shown).join(Ticket, Ticket.id == Link.other_id)
    merged = select(null(), *shown)
    return union_all(
        linked.where(Link.ticket_id == bindparam("linked_id"), readable),
        merged.where(Ticket.merged_into_id == bindparam("linked_id"), readable),
    )


def survivor(ticket: Ticket) -> int:
    """The ticket that this one lives on in, however many merges away."""
    while ticket.merged_into_id is not None:
        ticket = db.session.get_one(Ticket, ticket.merged_into_id)
    return ticket.id
