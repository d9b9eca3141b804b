"""Making a known error of a ticket's solution."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.cockpit.anonymous import anonymous
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, panels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError
from servicedesk.core.language import gettext
from servicedesk.core.permissions import is_open
from servicedesk.organisation.forms import attempt
from servicedesk.systems import commands
from servicedesk.systems.forms import KnownErrorForm
from servicedesk.systems.models import KnownError
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import Audience
from servicedesk.systems.views import known as pages
from servicedesk.tickets import queries
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Secrecy


@bp.get("/tickets/<int:ticket_id>/known-error")
@requires(SystemPermission.NOTE)
def known_form(ticket_id: int) -> str:
    held = _source(ticket_id)
    return pages.form_page(_given(held), {}, source=held.ticket)


@bp.post("/tickets/<int:ticket_id>/known-error")
@requires(SystemPermission.NOTE)
def make_known(ticket_id: int) -> ResponseReturnValue:
    ticket, form = _source(ticket_id).ticket, KnownErrorForm()
    is_read = bool(request.form.get("is_read"))
    made: list[KnownError] = []
    errors = attempt(form, lambda: made.append(_make(form, ticket)) if is_read else None)
    if not is_read:
        errors["is_read"] = gettext("Læs teksten igennem, og sæt krydset.")
    if errors:
        return pages.form_page({**form.data, "is_read": is_read}, errors, source=ticket), 422
    flash(gettext("Den kendte fejl er oprettet."), "success")
    return web.see_other("known_errors.show", known_error_id=made[0].id)


def _make(form: KnownErrorForm, ticket: Ticket) -> KnownError:
    return commands.add_known_error(pages.told(form), by=actor(), now=clock.now(), source=ticket.number)


def _source(ticket_id: int) -> Held:
    held = queries.hold(ticket_id, actor())
    if not _may_tell(held, actor()):
        raise NotFoundError
    return held


def _may_tell(held: Held, who: Actor) -> bool:
    """What is secret is never told on, and only who sees the whole ticket can judge what may be."""
    is_ordinary = held.ticket.secrecy is Secrecy.ORDINARY
    return is_ordinary and _oversees(held) and is_open(SystemPermission.NOTE, who)


def _oversees(held: Held) -> bool:
    return held.does(TicketPermission.READ_INTERNAL) or held.does(TicketPermission.OVERSEE)


def _given(held: Held) -> dict[str, Any]:
    ticket = held.ticket
    around = queries.around(held, actor(), clock.today())
    names = [around.affected.name, around.affected.initials, around.filer]
    return {
        "system_id": ticket.system_id,
        "title": anonymous(ticket.subject, names),
        "workaround": anonymous(ticket.solution or "", names),
        "audience": Audience.EVERYBODY.value,
    }


def _panel(held: Held, who: Actor) -> str | None:
    if held.ticket.solution is None or not _may_tell(held, who):
        return None
    return render_template("cockpit/_make_known.html", ticket=held.ticket)


panels.offer(panels.Place.TICKET_ACTIONS, _panel, rank=80)
