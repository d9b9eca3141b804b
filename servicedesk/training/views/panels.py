"""One word on a ticket about the training of the person it is about, and what a system's page says of courses.

Who works on the ticket sees whether that person has what is required for the ticket's system: nothing of dates,
reasons or history, and nothing at all when he or she is exempt or nothing is required.
"""

from typing import Any

from flask import render_template

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.panels import Place, offer
from servicedesk.organisation.models import Person
from servicedesk.tickets.policy import TicketPermission
from servicedesk.training import queries
from servicedesk.training.rules import Status

#: What is said of whom; others are not spoken of.
_SAID = {
    Status.TRAINED: "passed",
    Status.EXPIRING: "passed",
    Status.EXPIRED: "expired",
    Status.MISSING: "missing",
}


def _on_ticket(held: Any, _who: Actor) -> str | None:
    ticket, today = held.ticket, clock.today()
    if ticket.system_id is None or not held.does(TicketPermission.WORK):
        return None
    if not queries.requires_anything(ticket.system_id, today):
        return None
    person_id = ticket.affected_id or ticket.filer_id
    standing = queries.statuses(ticket.customer_id, today, people=Person.id == person_id)
    cell = standing.cells(person_id).get(ticket.system_id) if standing.learners else None
    said = _SAID.get(cell.status) if cell is not None else None
    return render_template("training/_on_ticket.html", said=said) if said else None


def _on_system(system: Any, who: Actor) -> str | None:
    """The courses that teach its use, for those of its own customer."""
    found = queries.courses_of_system(system.id, who)
    return render_template("training/_on_system.html", courses=found) if found else None


offer(Place.TICKET_CARDS, _on_ticket, rank=40)
offer(Place.SYSTEM, _on_system, rank=40)
