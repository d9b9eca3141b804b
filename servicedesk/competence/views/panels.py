"""On the pages of others: a soft offer to whom a ticket is about, and figures beside a ticket and of a system."""

from flask import render_template

from servicedesk.competence import need, offers
from servicedesk.competence.policy import CompetencePermission
from servicedesk.competence.views import place
from servicedesk.competence.words import rate
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.panels import Place, offer
from servicedesk.core.periods import Period
from servicedesk.core.permissions import is_open
from servicedesk.systems.models import System
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Cause, Secrecy


def _offered(held: Held, who: Actor) -> str | None:
    """To whom the ticket is about, while he or she has not said no."""
    ticket = held.ticket
    if ticket.cause is not Cause.COMPETENCE or ticket.affected_id != who.id:
        return None
    found = offers.of_ticket(ticket.id, who)
    return render_template("competence/_offer.html", one=found, offer=found.offer) if found else None


def _card(held: Held, _who: Actor) -> str | None:
    """Fetched after the page: it asks about a year of tickets."""
    ticket = held.ticket
    if not held.does(TicketPermission.READ_INTERNAL):
        return None
    if ticket.secrecy is not Secrecy.ORDINARY or ticket.system_id is None:
        return None
    return render_template("competence/_card.html", ticket=ticket)


def _of_system(system: System, who: Actor) -> str | None:
    """As far as the person sees it: everything, or a part of the organisation."""
    if not is_open(CompetencePermission.SEE_NEED, who):
        return None
    today = clock.today()
    when = Period(today - place.USUAL, today)
    found = need.read(system.customer_id, when, who)
    line = next((one for one in found.of_systems() if one.id == system.id), None)
    if line is None:
        return None
    topics = [one for one in need.of_topics(found, system.customer_id) if one.system == system.name]
    units = [cell for key, cell in found.cells.items() if key[1] == system.id and cell.tickets]
    return render_template(
        "competence/_of_system.html",
        system=system,
        line=line,
        topics=topics[:5],
        units=sorted(units, key=lambda cell: -(cell.shrunken or 0))[:5],
        rate=rate,
        link=place.linker(when, who),
    )


offer(Place.TICKET_TOP, _offered, rank=20)
offer(Place.TICKET_CARDS, _card, rank=60)
offer(Place.SYSTEM, _of_system, rank=60)
