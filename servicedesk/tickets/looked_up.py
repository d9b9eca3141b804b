"""Whose a ticket is, for whoever writes down that it was read."""

from sqlalchemy import func

from servicedesk.core import lookups
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy

lookups.declare(
    "ticket_id",
    lambda: lookups.Subject(
        key=Ticket.id,
        customer=Ticket.customer_id,
        person=Ticket.affected_id,
        filer=func.nullif(Ticket.filer_id, Ticket.affected_id),
        ticket=Ticket.id,
        is_secret=Ticket.secrecy != Secrecy.ORDINARY,
    ),
)
