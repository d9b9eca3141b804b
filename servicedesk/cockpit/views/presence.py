"""Who else is at a ticket: told by its page, shown to those who work on it."""

from contextlib import suppress
from datetime import UTC, datetime

from flask import Response, make_response, render_template, request
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

#: When we last saw the page, for it to say when it closes.
SEEN = "X-Seen"


@bp.post("/tickets/<int:ticket_id>/presence")
@requires(TicketPermission.OVERSEE)
@tells_nothing
def present(ticket_id: int) -> ResponseReturnValue:
    """A page says that it is open, that somebody writes in it, or that it closes; the answer is who else is there.

    It closes by saying when it was last seen, as the answer before told it.
    """
    who, now = actor(), clock.now()
    queries.hold(ticket_id, who).need(TicketPermission.READ_INTERNAL)
    leaving = request.form.get("leaving", "")
    try:
        if leaving:
            commands.leave(ticket_id, by=who, seen_at=_instant(leaving))
        else:
            commands.be_at(ticket_id, by=who, is_writing=request.form.get("writing") == "1", now=now)
    except BusyError:
        pass  # it says so again in a quarter of a minute
    if leaving:
        return "", 204
    answer = make_response(_told(ticket_id, who))
    answer.headers[SEEN] = now.isoformat()
    return answer


def _instant(text: str) -> datetime:
    """What we said in `SEEN`; of anything else we know nothing, and nobody leaves."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


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
