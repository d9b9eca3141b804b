"""A new ticket from the telephone: who is calling, what he or she has under way, and what is to be done."""

from secrets import token_hex
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, looking, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import N_, NotAllowedError, RefusedError
from servicedesk.core.language import gettext as _
from servicedesk.core.lookups import Seen
from servicedesk.organisation import choosing
from servicedesk.organisation import queries as people
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.systems import queries as systems
from servicedesk.tickets import commands, guessing, habits, lists, suggesting
from servicedesk.tickets.forms import CallForm
from servicedesk.tickets.views import bp
from servicedesk.tickets.workflow import Cause, Kind, Level, Secrecy

#: Beside the form: what the caller has under way, and has had to do with.
TICKETS, SYSTEMS = 8, 5
NOT_OURS = N_("Den går til et team, som du ikke arbejder for. Fjern fluebenet, så får teamet den.")


@bp.get("/tickets/call")
@requires(PersonPermission.TAKE_CALL)
def call() -> ResponseReturnValue:
    """Without a caller, the field that finds one; with one, the form."""
    person_id = web.key_in_address("person")
    if person_id is not None:
        looking.note(Seen.PERSON, subject="person_id", keys=[person_id])
        form = CallForm(formdata=None)
        caller = _caller(person_id)
        form.has_receipt.data = bool(caller.email)
        form.takes.data = True
        return _page(form, caller, {})
    asked = request.args.get("q", "").replace("\x00", "").strip()[:100]
    looking.note_search(asked)
    found = choosing.choose(asked, actor(), PersonPermission.TAKE_CALL)
    one = choosing.the_one(asked, found)
    if one is not None:
        return redirect(url_for("tickets.call", person=one.id), 303)
    return render_template("tickets/call_who.html", asked=asked, found=found)


@bp.get("/tickets/call/suggestions")
@requires(PersonPermission.TAKE_CALL)
def call_suggestions() -> ResponseReturnValue:
    who, caller = actor(), _caller(web.key_in_address("person") or 0)
    system_id, guessed = web.key_in_address("system"), web.key_in_address("guessed")
    chosen = None if system_id == guessed else system_id
    subject = request.args.get("subject", "")[:200]
    choosable = habits.choosable(who, caller.customer_id)
    found = suggesting.suggest_for_caller(subject, chosen, caller.id, who, clock.now(), choosable)
    return render_template("tickets/_suggestions.html", suggestions=found, about=caller)


@bp.post("/tickets/call")
@requires(PersonPermission.TAKE_CALL)
def take_call() -> ResponseReturnValue:
    form = CallForm()
    is_valid = form.validate_on_submit()
    if form.person.data is None:
        flash(_("Vælg, hvem der ringer."), "error")
        return web.see_other("tickets.call")
    caller = _caller(form.person.data)
    if not is_valid:
        return _page(form, caller, form.first_errors()), 422
    try:
        ticket = commands.take_call(
            _new(form, caller), by=actor(), now=clock.now(), takes=form.takes.data, solved=_solved(form)
        )
    except NotAllowedError as error:
        return _page(form, caller, {"is_solved" if form.is_solved.data else "takes": _(NOT_OURS)}), error.status
    except RefusedError as error:
        return _page(form, caller, {"subject": _(error.message, **error.values)}), error.status
    flash(_told(form, ticket.number), "success")
    return web.see_other("tickets.show", ticket_id=ticket.id)


def _told(form: CallForm, number: str) -> str:
    if form.is_solved.data:
        return _("%(number)s er oprettet og løst.", number=number)
    if form.takes.data:
        return _("%(number)s er oprettet, og du har den.", number=number)
    return _("%(number)s er oprettet.", number=number)


def _caller(person_id: int) -> Person:
    """Raises NotFoundError for anybody whose calls are not the supporter's to take."""
    return people.get_person(person_id, actor(), PersonPermission.TAKE_CALL)


def _new(form: CallForm, caller: Person) -> commands.NewTicket:
    return commands.NewTicket(
        subject=form.subject.data or "",
        description=form.description.data or form.subject.data or "",
        kind=form.kind.data,
        impact=form.impact.data,
        urgency=form.urgency.data,
        system_id=form.system.data,
        affected_id=caller.id,
        secrecy=form.secrecy.data,
        form_id=form.form_id.data or None,
        has_receipt=form.has_receipt.data,
    )


def _solved(form: CallForm) -> commands.Solved | None:
    return commands.Solved(form.solution.data or "", form.cause.data) if form.is_solved.data else None


def _page(form: CallForm, caller: Person, errors: dict[str, str]) -> str:
    who, now = actor(), clock.now()
    used = guessing.favourites(habits.used_by_caller(caller.id, who), SYSTEMS)
    mine, others = guessing.in_order(habits.choosable(who, caller.customer_id), used)
    troubles = [one for one in systems.current_disturbances(who, now) if {it.id for it in one.systems} & set(used)]
    return render_template(
        "tickets/call.html",
        form=form,
        values=_values(form),
        errors=errors,
        about=caller,
        form_id=form.form_id.data if form.form_id.data and not form.form_id.errors else token_hex(16),
        used=mine,
        disturbances=troubles,
        tickets=lists.alive_of(caller.id, who, limit=TICKETS),
        systems=guessing.grouped(mine, others, _("Har brugt"), _("Andre systemer")),
        kinds=list(Kind),
        levels=list(Level),
        secrecies=list(Secrecy),
        causes=list(Cause),
    )


def _values(form: CallForm) -> dict[str, Any]:
    return {name: "" if value is None else getattr(value, "value", value) for name, value in form.data.items()}
