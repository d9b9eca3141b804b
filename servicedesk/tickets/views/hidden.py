"""The page on which somebody at the desk sees a ticket's hidden CPR numbers, once, and says why."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, cpr, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import NotAllowedError, NotFoundError, RefusedError
from servicedesk.core.language import gettext as _
from servicedesk.tickets import commands, forms, queries
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.views import bp


def tell_if_hidden(*texts: str | None) -> None:
    """Says to whoever wrote a CPR number what became of it."""
    if any(cpr.hide(text or "").numbers for text in texts):
        flash(_("Vi har skjult et CPR-nummer i det, du skrev. Kun den, der skal hjælpe dig, kan se det."), "info")


@bp.get("/tickets/<int:ticket_id>/numbers")
@requires(TicketPermission.DISPATCH)
def hidden_numbers(ticket_id: int) -> str:
    return _page(ticket_id, {})


@bp.post("/tickets/<int:ticket_id>/numbers")
@requires(TicketPermission.DISPATCH)
def reveal(ticket_id: int) -> ResponseReturnValue:
    """The answer is the page itself: it is kept nowhere, and to see it again is to say why again."""
    form = forms.RevealForm()
    if not form.validate_on_submit():
        return _page(ticket_id, {"reason": str(form.reason.errors[0])}), 422
    try:
        numbers = commands.reveal(ticket_id, reason=form.reason.data or "", by=actor(), now=clock.now())
    except (NotFoundError, NotAllowedError):
        raise
    except RefusedError as error:
        return _page(ticket_id, {"reason": web.refusal(error)}, form.reason.data or ""), error.status
    return render_template(
        "tickets/hidden_numbers.html", ticket=queries.get(ticket_id, actor()), numbers=numbers, errors={}, reason=""
    )


def _page(ticket_id: int, errors: dict[str, str], reason: str = "") -> str:
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.DISPATCH)
    return render_template(
        "tickets/hidden_numbers.html", ticket=held.ticket, numbers=None, errors=errors, reason=reason
    )
