"""Remembering what a person opened and searched, and forgetting it.

Marks of a person's own, like the bell's: they change nothing for anybody else and leave no line in the audit log.
Where the database is busy they are not worth waiting for (`waits=False` raises BusyError).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from servicedesk.core import cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.search.models import RecentSearch, RecentTicket
from servicedesk.search.queries import MOST_RECENT
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy


def note_opened(ticket_id: int, *, by: Actor, now: datetime, waits: bool = True) -> None:
    """Remembers a ticket that the person may read; of another, or a secret one, nothing is kept and nothing said."""
    with transaction(waits=waits) as session:
        readable = select(Ticket.id).where(Ticket.id == ticket_id, granted(TicketPermission.READ, by))
        if session.scalar(readable.where(Ticket.secrecy == Secrecy.ORDINARY)) is not None:
            _remember(session, RecentTicket, RecentTicket.ticket_id, ticket_id, by, now)


def note_searched(asked: str, *, by: Actor, now: datetime, waits: bool = True) -> None:
    """Remembers a search; the same one again moves to the front. One for a CPR number is not kept."""
    if cpr.hide(asked).numbers:
        return
    with transaction(waits=waits) as session:
        _remember(session, RecentSearch, RecentSearch.asked, asked, by, now)


def _remember(session: Session, kind: Any, column: Any, value: object, by: Actor, now: datetime) -> None:
    # The person's row is locked: two tabs may remember the same thing at once.
    session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
    row = session.get(kind, (by.id, value), populate_existing=True)
    if row is None:
        session.add(kind(person_id=by.id, at=now, **{column.key: value}))
    else:
        row.at = now
    session.flush()
    kept = select(column).where(kind.person_id == by.id).order_by(kind.at.desc(), column.desc()).limit(MOST_RECENT)
    session.execute(delete(kind).where(kind.person_id == by.id, column.notin_(session.scalars(kept).all())))


def forget_search(asked: str, *, by: Actor) -> None:
    with transaction() as session:
        session.execute(delete(RecentSearch).where(RecentSearch.person_id == by.id, RecentSearch.asked == asked))


def forget_all(*, by: Actor) -> None:
    """Every ticket and every search."""
    with transaction() as session:
        for kind in (RecentTicket, RecentSearch):
            session.execute(delete(kind).where(kind.person_id == by.id))
