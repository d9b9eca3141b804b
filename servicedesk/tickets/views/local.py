"""What a ticket's page says and offers between superbrugere and the servicedesk."""

from typing import Any

from servicedesk.core import clock
from servicedesk.superbrugere import queries as superbrugere
from servicedesk.tickets import tiers
from servicedesk.tickets.models import EntryKind, Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held, Told
from servicedesk.tickets.workflow import Secrecy, Tier


def shown(held: Held, told: list[Told]) -> dict[str, Any] | None:
    """For the page: how far a superbruger may go, and whether the servicedesk should say if it heard enough."""
    ticket = held.ticket
    if ticket.tier is Tier.LOCAL:
        guideline = tiers.guideline_of(ticket) if held.does(TicketPermission.READ_INTERNAL) else None
        return {
            "is_here": True,
            "may_escalate": held.does(TicketPermission.ESCALATE) and ticket.is_open,
            "guideline": guideline,
            "guideline_text": superbrugere.body_of(guideline.version_id) if guideline else "",
        }
    asks = held.does(TicketPermission.DISPATCH) and _is_not_appraised(told)
    return {"is_here": False, "appraises": True} if asks else None


def _is_not_appraised(told: list[Told]) -> bool:
    kinds = (EntryKind.ESCALATED, EntryKind.APPRAISED)
    last = next((one.entry for one in reversed(told) if one.entry.kind in kinds), None)
    return last is not None and last.kind is EntryKind.ESCALATED and last.data["why"] == "superbruger"


def helpers_to_ask(ticket: Ticket) -> str:
    """Who could be asked to see to it out there, by name; "" where nobody can."""
    if not ticket.is_open or ticket.secrecy is not Secrecy.ORDINARY or ticket.tier is Tier.LOCAL:
        return ""
    guideline = tiers.guideline_of(ticket)
    return tiers.names_of(ticket, clock.now()) if guideline is not None and guideline.keeps(ticket.kind.value) else ""
