"""What a merge would do, told before it is done, and what one has done while it can be undone."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import RefusedError
from servicedesk.organisation.models import Person
from servicedesk.tickets import events, lists, notices, queries
from servicedesk.tickets.commands.joining import UNDO_MERGE_WITHIN, check_may_be_one, users_of
from servicedesk.tickets.models import Attachment, Entry, EntryKind, Follower, Ticket, TicketClock
from servicedesk.tickets.policy import TicketPermission


class Side(NamedTuple):
    """One of the two tickets as the preview shows it."""

    row: lists.Row
    entries: int
    files: int
    followers: int


class Plan(NamedTuple):
    """What happens when `gone` is merged into `kept`."""

    gone: Side
    kept: Side
    #: Who follows the survivor from then on, because the other ticket was theirs.
    brought: list[str]
    #: Who is told.
    told: list[str]
    #: The clocks that end with it, by name.
    clocks: list[str]
    #: Why it cannot be done.
    refusal: RefusedError | None


def plan(ticket_id: int, into_id: int, who: Actor) -> Plan:
    """Raises NotFoundError, or NotAllowedError when `who` does not work on both."""
    gone, kept = queries.hold(ticket_id, who), queries.hold(into_id, who)
    gone.need(TicketPermission.WORK)
    kept.need(TicketPermission.WORK)
    rows = lists.listed([ticket_id, into_id], who)
    brought = users_of(gone.ticket) - {kept.ticket.filer_id, kept.ticket.affected_id}
    told = notices.users_of(gone.ticket) - {who.id}
    names = _names(brought | told)
    return Plan(
        gone=_side(rows[ticket_id]),
        kept=_side(rows[into_id]),
        brought=sorted(names[id_] for id_ in brought - _followers(into_id)),
        told=sorted(names[id_] for id_ in told if id_ in names),
        clocks=_running(ticket_id),
        refusal=_refusal(gone.ticket, kept.ticket),
    )


def _refusal(ticket: Ticket, into: Ticket) -> RefusedError | None:
    try:
        check_may_be_one(ticket, into)
    except RefusedError as error:
        return error
    return None


def _side(row: lists.Row) -> Side:
    counts = [
        select(func.count()).where(table.ticket_id == row.id).scalar_subquery()
        for table in (Entry, Attachment, Follower)
    ]
    return Side(row, *db.session.execute(select(*counts)).one())


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_([id_ for id_ in ids if id_ is not None]))
    return {row.id: row.name for row in db.session.execute(query)}


def _followers(ticket_id: int) -> set[int]:
    return set(db.session.scalars(select(Follower.person_id).where(Follower.ticket_id == ticket_id)))


def _running(ticket_id: int) -> list[str]:
    query = select(TicketClock.name).where(TicketClock.ticket_id == ticket_id, TicketClock.ended_at.is_(None))
    return [events.clock_name(name) for name in db.session.scalars(query.order_by(TicketClock.name))]


class Merged(NamedTuple):
    """A merge as both tickets tell of it."""

    ticket_id: int
    subject: str
    into_id: int
    by: str | None
    at: datetime

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_MERGE_WITHIN

    def can_be_undone(self, now: datetime) -> bool:
        return now <= self.undo_until


def merges_of(rows: Iterable[int]) -> dict[int, Merged]:
    """Who merged those tickets, into what and when; of tickets that the person may read, by their ids."""
    ids = list(rows)
    if not ids:
        return {}
    by = aliased(Person)
    query = (
        select(Ticket.id, Ticket.subject, Ticket.merged_into_id, by.name, Entry.at)
        .join(Entry, (Entry.ticket_id == Ticket.id) & (Entry.kind == EntryKind.MERGED) & (Entry.at == Ticket.closed_at))
        .outerjoin(by, by.id == Entry.by_id)
        .where(Ticket.id.in_(ids), Ticket.merged_into_id.is_not(None))
    )
    return {row[0]: Merged._make(row) for row in db.session.execute(query)}
