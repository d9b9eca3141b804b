"""What a superbruger has done, for that person's own eyes: what was passed on and how completely, what was solved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets.models import Entry, EntryKind, Ticket, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Tier

#: How far back one looks.
SPAN = timedelta(days=180)
#: Appraisals that are shown one by one.
SHOWN = 5


class Appraised(NamedTuple):
    """What the servicedesk said of something that was passed on."""

    ticket_id: int
    number: str
    #: None when the ticket is not one's to read any more.
    subject: str | None
    at: datetime
    lacking: tuple[Fact, ...]


@dataclass(frozen=True)
class Own:
    """A superbruger's work of the last half year."""

    passed_on: int
    appraised: Sequence[Appraised]
    solved: int
    #: Of the solved, how many the users themselves said had helped.
    confirmed: int

    @property
    def complete(self) -> int:
        return sum(not one.lacking for one in self.appraised)


def of(who: Actor, now: datetime) -> Own:
    """Four queries, along the index of who did what."""
    since = now - SPAN
    solved, confirmed = _solved(who, since)
    return Own(_passed_on(who, since), _appraised(who, since), solved, confirmed)


def _passed_on(who: Actor, since: datetime) -> int:
    own = (Entry.by_id == who.id, Entry.kind == EntryKind.ESCALATED, Entry.at >= since)
    return db.session.scalar(select(func.count()).select_from(Entry).where(*own)) or 0


def _appraised(who: Actor, since: datetime) -> list[Appraised]:
    """The newest first; of an escalation that was appraised twice the last word."""
    said = aliased(Entry)
    query = (
        select(Entry.ticket_id, Entry.seq, said.at, said.data)
        .join(said, (said.ticket_id == Entry.ticket_id) & (said.kind == EntryKind.APPRAISED))
        .where(Entry.by_id == who.id, Entry.kind == EntryKind.ESCALATED, Entry.at >= since)
        .order_by(said.at, said.id)
    )
    last = {(row.ticket_id, row.seq): row for row in db.session.execute(query) if row.data["of"] == row.seq}
    rows = sorted(last.values(), key=lambda row: row.at, reverse=True)
    subjects = _subjects({row.ticket_id for row in rows[:SHOWN]}, who)
    return [
        Appraised(
            row.ticket_id,
            number_of(row.ticket_id),
            subjects.get(row.ticket_id),
            row.at,
            tuple(Fact(one) for one in row.data["lacking"]),
        )
        for row in rows
    ]


def _subjects(ids: set[int], who: Actor) -> dict[int, str]:
    query = select(Ticket.id, Ticket.subject).where(Ticket.id.in_(ids), granted(TicketPermission.READ, who))
    return {row.id: row.subject for row in db.session.execute(query)}


def _solved(who: Actor, since: datetime) -> tuple[int, int]:
    """Tickets that were solved where they began, and how many of them the users confirmed."""
    confirmed = aliased(Entry)
    query = (
        select(func.count(distinct(Entry.ticket_id)), func.count(distinct(confirmed.ticket_id)))
        .select_from(Entry)
        .join(Ticket, Ticket.id == Entry.ticket_id)
        .outerjoin(confirmed, (confirmed.ticket_id == Entry.ticket_id) & (confirmed.kind == EntryKind.CONFIRMED))
        .where(Entry.by_id == who.id, Entry.kind == EntryKind.RESOLVED, Entry.at >= since)
        .where(Ticket.tier == Tier.LOCAL, Ticket.solution.is_not(None))
    )
    solved, thanked = db.session.execute(query).one()
    return solved, thanked
