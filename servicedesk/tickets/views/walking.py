"""Working through a list: it follows the ticket from page to page, and the next one opens when this one is done."""

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from servicedesk.core import web
from servicedesk.core.access import actor
from servicedesk.core.language import gettext as _
from servicedesk.tickets import onward
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.onward import Onward
from servicedesk.tickets.views import bp

#: Addresses that are no pages to come back from.
WITHOUT_LIST = ("tickets.attachment", "tickets.similar_tickets")


@bp.url_value_preprocessor
def _note_list(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    asked = request.args.get("from")
    is_list = asked is not None and len(asked) <= onward.LONGEST and asked.isprintable()
    g.came_from = asked if is_list and values and "ticket_id" in values else None


@bp.url_defaults
def _keep_list(endpoint: str, values: dict[str, Any]) -> None:
    """Every link and form of the ticket's page carries the list on, so that none of them has to know of it."""
    of = (request.view_args or {}).get("ticket_id") if request else None
    if came_from() is not None and of is not None and values.get("ticket_id") == of and endpoint not in WITHOUT_LIST:
        values.setdefault("from", came_from())


def came_from() -> str | None:
    """The list that the ticket was opened from, as the query part of its address."""
    asked: str | None = g.get("came_from")
    return asked


def address_of(ticket_id: int, came_from: str) -> str:
    """A ticket of a list; the list comes along."""
    in_list: dict[str, Any] = {"from": came_from}
    return url_for("tickets.show", ticket_id=ticket_id, **in_list)


def list_address() -> str:
    """Back to the list, or to the queue."""
    came = came_from()
    return f"{url_for('cockpit.queue')}?{came}" if came else url_for("cockpit.queue")


def next_wanted(ticket: Ticket) -> Onward | None:
    """What to open afterwards, found before anything changes; None when the person stays on the ticket."""
    came = came_from()
    if came is None:
        return None
    if "go_on_asked" in request.form:
        onward.remember(request.form.get("go_on") == "1", by=actor())
    if request.form.get("then") != "next" and not onward.goes_on(actor()):
        return None
    return onward.find(came, ticket, actor())


def go_on(ticket_id: int, done: str, following: Onward) -> ResponseReturnValue:
    """To the next ticket, with what was done to this one and a way back to it."""
    back = Markup('<a href="{}">{}</a>').format(
        address_of(ticket_id, came_from() or ""), _("Tilbage til %(number)s", number=number_of(ticket_id))
    )
    last = _("Det var den sidste på listen.")
    ahead = _("Næste: %(subject)s", subject=following.subject) if following.subject else last
    flash(Markup(" · ").join([escape(done), escape(ahead), back]), "success")
    there = web.safe_next(following.href) or url_for("cockpit.queue")
    return redirect(f"{there}#main", 303)  # past the menu, where the next one begins
