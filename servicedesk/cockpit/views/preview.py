"""The reading pane beside the queue: a ticket's head, what was said last, and what one does most."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.agreements.book import book_of
from servicedesk.cockpit import queries as cockpit
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, looking, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import ConflictError, NotFoundError
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext as _
from servicedesk.core.lookups import Seen
from servicedesk.tickets import badges, commands, lists, queries, telling
from servicedesk.tickets.clocks import USERS
from servicedesk.tickets.models import NUMBER_PREFIX
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.views.walking import address_of
from servicedesk.tickets.workflow import State

#: So much of the end of a journal is read in passing; the rest is a click away.
LAST_LINES = 5


@dataclass(frozen=True)
class Preview:
    """What cockpit/_preview.html shows."""

    held: Held
    around: queries.Around
    lines: list[telling.Line]
    earlier: int
    badges: list[tuple[str, badges.Badge]]
    present: list[Any]
    moves: set[str]
    #: The view that it is read in, as the ticket's page keeps it, to lead to the next one; None when nobody said.
    came_from: str | None
    marked: Callable[..., str] = telling.marked

    @property
    def may(self) -> set[str]:
        return {permission.value for permission in self.held.may}

    @property
    def is_ended(self) -> bool:
        return self.held.ticket.state in (State.CLOSED, State.CANCELLED)

    @property
    def own_page(self) -> str:
        ticket_id = self.held.ticket.id
        if self.came_from is None:
            return url_for("tickets.show", ticket_id=ticket_id)
        return address_of(ticket_id, self.came_from)


def previewed(who: Actor, came_from: str) -> Preview | None:
    """The ticket that the queue's address names, if the person may see it among the others."""
    number = request.args.get("preview", "").upper().removeprefix(NUMBER_PREFIX)
    key = read_key(number)
    try:
        found = _preview(key, who, came_from) if key else None
    except NotFoundError:
        return None
    if found is not None:
        looking.note(Seen.TICKET, subject="ticket_id", keys=[found.held.ticket.id])
    return found


def _preview(ticket_id: int, who: Actor, came_from: str | None) -> Preview:
    held = queries.hold(ticket_id, who)
    if not held.does(TicketPermission.OVERSEE):
        raise NotFoundError
    ticket, now = held.ticket, clock.now()
    lines = telling.tell(queries.timeline(held), held, queries.attachments(held), who.id)
    clocks = lists.clocks_of([ticket.id], USERS).get(ticket.id, [])
    return Preview(
        held=held,
        around=queries.around(held, who, clock.today()),
        lines=lines[-LAST_LINES:],
        earlier=max(0, len(lines) - LAST_LINES),
        badges=badges.in_queue(clocks, {ticket.customer_id: book_of(ticket.customer_id)}, now),
        present=cockpit.present_at([ticket.id], who, now).get(ticket.id, []),
        moves={move.value for move in held.moves},
        came_from=came_from,
    )


@bp.get("/queue/preview/<int:ticket_id>")
@requires(TicketPermission.OVERSEE)
def preview(ticket_id: int) -> ResponseReturnValue:
    """The pane alone."""
    return render_template("cockpit/_preview.html", preview=_preview(ticket_id, actor(), request.args.get("from")))


@bp.post("/queue/preview/<int:ticket_id>/take")
@requires(TicketPermission.OVERSEE)
def take(ticket_id: int) -> ResponseReturnValue:
    """Takes the ticket without leaving the queue."""
    refused = None
    try:
        commands.take(ticket_id, by=actor(), now=clock.now(), seen=request.form.get("seen", type=int))
    except ConflictError as error:
        refused = web.refusal(error)
    if "HX-Request" in request.headers:
        shown = _preview(ticket_id, actor(), request.form.get("from"))
        return render_template("cockpit/_preview.html", preview=shown, refused=refused)
    flash(refused or _("Du har taget henvendelsen."), "error" if refused else "success")
    back = web.safe_next(request.form.get("next"))
    return redirect(back or url_for("cockpit.queue", preview=f"{NUMBER_PREFIX}{ticket_id}"), 303)
