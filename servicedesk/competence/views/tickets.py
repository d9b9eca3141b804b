"""On a ticket, for those who work on it: what it was about, and how often that comes up."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.competence import commands, need, offers, topics
from servicedesk.competence.commands.offering import FITTING
from servicedesk.competence.forms import NameForm
from servicedesk.competence.models import Topic
from servicedesk.competence.views import bp, place
from servicedesk.competence.words import rate
from servicedesk.core import clock, looking, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError
from servicedesk.core.language import gettext
from servicedesk.core.looking import tells_nothing
from servicedesk.core.periods import Period
from servicedesk.organisation.forms import attempt
from servicedesk.tickets import queries
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Cause, Secrecy


def _held(ticket_id: int) -> Held:
    """Of an ordinary ticket, for those who work on it; raises NotFoundError."""
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.READ_INTERNAL)
    if held.ticket.secrecy is not Secrecy.ORDINARY:
        raise NotFoundError
    return held


@bp.get("/tickets/<int:ticket_id>/topics")
@signed_in
@tells_nothing
def suggest_topics(ticket_id: int) -> str:
    """What can be chosen where it is solved: fetched when that is opened."""
    system_id = _held(ticket_id).ticket.system_id
    return render_template(
        "competence/_choices.html",
        names=topics.suggested(system_id) if system_id is not None else (),
        choices=topics.choices(system_id) if system_id is not None else (),
        fitting=FITTING,
        chosen=request.args.get("chosen", FITTING),
    )


@bp.get("/tickets/<int:ticket_id>/competence")
@signed_in
def of_ticket(ticket_id: int) -> str:
    """A card beside the journal for htmx, a page for who has no JavaScript."""
    looking.as_piece()
    return _shown(_held(ticket_id))


@bp.post("/tickets/<int:ticket_id>/topic")
@signed_in
def name_topic(ticket_id: int) -> ResponseReturnValue:
    held, form = _held(ticket_id), NameForm()
    errors = attempt(form, lambda: _name(ticket_id, form))
    if errors:
        return _shown(held, errors, form.topic.data or ""), 422
    flash(gettext("Emnet er gemt."), "success")
    return web.see_other("tickets.show", ticket_id=ticket_id)


def _name(ticket_id: int, form: NameForm) -> None:
    commands.name_topic(ticket_id, form.topic.data or "", by=actor(), now=clock.now())


def _shown(held: Held, errors: dict[str, str] | None = None, typed: str = "") -> str:
    ticket, who = held.ticket, actor()
    is_lacking = ticket.cause is Cause.COMPETENCE
    topic = topics.of_ticket(ticket.id) if is_lacking else None
    template = "competence/_of_ticket.html" if "HX-Request" in request.headers else "competence/of_ticket.html"
    return render_template(
        template,
        ticket=ticket,
        is_lacking=is_lacking,
        topic=topic,
        typed=typed or (topic.name if topic else ""),
        names=topics.suggested(ticket.system_id) if is_lacking and ticket.system_id else (),
        offered=offers.of_ticket(ticket.id, who) if is_lacking else None,
        errors=errors or {},
        rate=rate,
        **_figures(held, topic, who),
    )


def _figures(held: Held, topic: Topic | None, who: Actor) -> dict[str, Any]:
    """Of the unit with the system; at the desk also of each alone. Superbrugere see no further than their own."""
    ticket, today = held.ticket, clock.today()
    when = Period(today - place.USUAL, today)
    return {
        "around": need.around(ticket.customer_id, ticket.unit_id, ticket.system_id or 0, topic, when),
        "is_at_desk": held.does(TicketPermission.DISPATCH),
        "link": place.linker(when, who),
    }
