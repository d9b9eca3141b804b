"""Who else is at a ticket: told by its page, shown to those who work on it."""

from contextlib import suppress

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.cockpit import queries as cockpit
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, panels
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import BusyError
from servicedesk.core.looking import tells_nothing
from servicedesk.core.panels import Place
from servicedesk.presence import commands
from servicedesk.tickets import queries
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held


@bp.post("/tickets/<int:ticket_id>/presence")
@requires(TicketPermission.OVERSEE)
@tells_nothing
def present(ticket_id: int) -> ResponseReturnValue:
    """A page says that it is open, that somebody writes in it, or that it closes; the answer is who else is there."""
    who, now = actor(), clock.now()
    queries.hold(ticket_id, who).need(TicketPermission.READ_INTERNAL)
    is_leaving = request.form.get("leaving") == "1"
    try:
        if is_leaving:
            commands.leave(ticket_id, by=who)
        else:
            commands.be_at(ticket_id, by=who, is_writing=request.form.get("writing") == "1", now=now)
    except BusyError:
        pass  # it says so again in a quarter of a minute
    return ("", 204) if is_leaving else _told(ticket_id, who)


@bp.get("/tickets/<int:ticket_id>/presence")
@requires(TicketPermission.OVERSEE)
@tells_nothing
def here(ticket_id: int) -> ResponseReturnValue:
    """A page without scripts says that it was opened, by a picture of nothing; no session comes with other sites'."""
    who = actor()
    queries.hold(ticket_id, who).need(TicketPermission.READ_INTERNAL)
    with suppress(BusyError):
        commands.be_at(ticket_id, by=who, is_writing=False, now=clock.now())
    return Response(status=204, headers={"Cache-Control": "no-store"})


def _told(ticket_id: int, who: Actor) -> str:
    there = cockpit.present_at([ticket_id], who, clock.now()).get(ticket_id, [])
    return render_template("cockpit/_present.html", present=there)


def _panel(held: Held, who: Actor) -> str | None:
    if not held.does(TicketPermission.READ_INTERNAL):
        return None
    there = cockpit.present_at([held.ticket.id], who, clock.now()).get(held.ticket.id, [])
    return render_template("cockpit/_presence.html", present=there, ticket_id=held.ticket.id)


panels.offer(Place.TICKET_TOP, _panel, rank=10)
