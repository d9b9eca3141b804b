"""What a person opened and searched last, as far as he or she may still see it."""

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.search.models import RecentSearch, RecentTicket
from servicedesk.tickets.lists import Row, listed
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy

#: So many of each kind are remembered.
MOST_RECENT = 8


def recent_tickets(who: Actor) -> list[Row]:
    """The last opened, newest first. Secret ones are left out: others see the screen over a shoulder, or share it."""
    query = (
        select(RecentTicket.ticket_id)
        .join(Ticket, Ticket.id == RecentTicket.ticket_id)
        .where(RecentTicket.person_id == who.id, Ticket.secrecy == Secrecy.ORDINARY)
        .where(granted(TicketPermission.READ, who))
        .order_by(RecentTicket.at.desc(), RecentTicket.ticket_id.desc())
    )
    ids = list(db.session.scalars(query.limit(MOST_RECENT)))
    rows = listed(ids, who) if ids else {}
    return [rows[id_] for id_ in ids if id_ in rows]


def recent_searches(who: Actor) -> list[str]:
    """The last searches, newest first."""
    query = select(RecentSearch.asked).where(RecentSearch.person_id == who.id)
    return list(db.session.scalars(query.order_by(RecentSearch.at.desc()).limit(MOST_RECENT)))
