"""What can be done to a ticket: each a POST that calls one command and leads back to the ticket."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import N_, NotFoundError, RefusedError
from servicedesk.core.forms import Form, SeenForm, stripped
from servicedesk.core.language import gettext as _
from servicedesk.organisation import absences, choosing
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets import commands, finding, forms, lists, queries, solving
from servicedesk.tickets.models import number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.recipients import LEAVE_OUT
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.showing import back_to, edit_page, page
from servicedesk.tickets.views.walking import go_on, next_wanted
from servicedesk.tickets.workflow import LinkKind

Refusal = tuple[str, int]
#: Fields of the ticket page whose text is shown again when something is refused.
TYPED = (
    *("body", "solution", "cause", "supplier", "supplier_note", "reason", "number", "visibility", "person"),
    *("promised_on", "promised_time", "mentions", "tell", "minutes"),
    *("tried", "affected", "instruction", "appraisal_note"),
)


def _typed() -> dict[str, str]:
    kept = {*TYPED, *solving.fields()}
    return {name: text for name, text in request.form.items() if name in kept or name.startswith(LEAVE_OUT)}


def refused(ticket_id: int, error: RefusedError, field: str = "form") -> Refusal:
    """The ticket's page as it is now, with what was typed, why it was not saved and what happened meanwhile."""
    web.note_refusal(error)
    seen = error.seen if isinstance(error, commands.OutdatedError) else 0
    errors = {field: _(error.message, **error.values)}
    return page(queries.hold(ticket_id, actor()), typed=_typed(), errors=errors, seen=seen), error.status


def invalid(ticket_id: int, form: Form) -> Refusal:
    errors = form.first_errors()
    return page(queries.hold(ticket_id, actor()), typed=_typed(), errors=errors), 422


@bp.post("/tickets/<int:ticket_id>/solution")
@signed_in
def resolve(ticket_id: int) -> ResponseReturnValue:
    form = forms.ResolveForm()
    return do(
        ticket_id,
        form,
        "solution",
        lambda by, now: commands.resolve(
            ticket_id,
            by=by,
            now=now,
            solution=form.solution.data or "",
            cause=form.cause.data,
            minutes=form.minutes.data,
            seen=form.seen.data,
            answers={name: stripped(request.form.get(name, "")) for name in solving.fields()},
        ),
        done=N_("%(number)s er løst"),
    )


@bp.post("/tickets/<int:ticket_id>/supplier")
@signed_in
def wait_for_supplier(ticket_id: int) -> ResponseReturnValue:
    form = forms.SupplierForm()
    return do(
        ticket_id,
        form,
        "supplier",
        lambda by, now: commands.wait_for_supplier(
            ticket_id,
            by=by,
            now=now,
            supplier=form.supplier.data or "",
            body=form.supplier_note.data or "",
            seen=form.seen.data,
        ),
    )


@bp.post("/tickets/<int:ticket_id>/reopening")
@signed_in
def reopen(ticket_id: int) -> ResponseReturnValue:
    form = forms.ReasonForm()
    return do(
        ticket_id,
        form,
        "reason",
        lambda by, now: commands.reopen(ticket_id, by=by, now=now, reason=form.reason.data or ""),
    )


@bp.post("/tickets/<int:ticket_id>/cancellation")
@signed_in
def cancel(ticket_id: int) -> ResponseReturnValue:
    form = forms.CancelForm()
    return do(
        ticket_id,
        form,
        "reason",
        lambda by, now: commands.cancel(ticket_id, by=by, now=now, reason=form.reason.data or ""),
    )


@bp.post("/tickets/<int:ticket_id>/links")
@signed_in
def link(ticket_id: int) -> ResponseReturnValue:
    form = forms.LinkForm()
    return do(
        ticket_id,
        form,
        "number",
        lambda by, now: commands.link(ticket_id, by=by, now=now, other_id=_other(form), kind=form.link.data),
    )


@bp.post("/tickets/<int:ticket_id>/links/remove")
@signed_in
def unlink(ticket_id: int) -> ResponseReturnValue:
    form = forms.LinkForm()
    return do(
        ticket_id,
        form,
        "number",
        lambda by, now: commands.unlink(
            ticket_id, by=by, now=now, other_id=_other(form), kind=form.link.data or LinkKind.RELATED
        ),
    )


def _other(form: forms.OtherTicketForm) -> int:
    """The id of the ticket named; raises RefusedError when there is none that the person may know of."""
    number = finding.number_in(form.number.data or "")
    if number is None or not lists.listed([number], actor()):
        raise RefusedError(N_("Vi kan ikke finde en henvendelse med det nummer."))
    return number


@bp.post("/tickets/<int:ticket_id>/followers")
@signed_in
def follow(ticket_id: int) -> ResponseReturnValue:
    form = forms.FollowForm()
    return do(
        ticket_id,
        form,
        "person",
        lambda by, now: commands.follow(ticket_id, by=by, now=now, person_id=_colleague(form, by)),
    )


def _colleague(form: forms.FollowForm, by: Actor) -> int | None:
    """Whom to let follow; None for oneself. Raises RefusedError when nobody, or more than one, answers to the name."""
    if form.person_id.data is not None:
        return int(form.person_id.data)
    asked = (form.person.data or "").strip()
    if not asked:
        return None
    found = choosing.the_one(asked, choosing.choose(asked, by, PersonPermission.BRING))
    if found is None:
        raise RefusedError(N_("Vi kan ikke finde netop én person, der hedder det. Prøv med initialer."))
    return found.id


@bp.post("/tickets/<int:ticket_id>/followers/remove")
@signed_in
def unfollow(ticket_id: int) -> ResponseReturnValue:
    form = forms.UnfollowForm()
    return do(
        ticket_id,
        form,
        "person",
        lambda by, now: commands.unfollow(ticket_id, by=by, now=now, person_id=form.person_id.data),
    )


#: What staff do, from a page that must not be out of date.
SIMPLE: dict[str, Callable[..., Any]] = {
    "take": commands.take,
    "resume": commands.resume,
    "close": commands.close,
    "take-back-date": partial(commands.promise_date, promised_at=None),
}
#: What holds whatever happened meanwhile.
OWN: dict[str, Callable[..., Any]] = {
    "confirm": lambda ticket_id, **told: commands.confirm(ticket_id, words=request.form.get("words", ""), **told),
    "unfollow": commands.unfollow,
    "undo-merge": commands.undo_merge,
}


@bp.post("/tickets/<int:ticket_id>/actions/<action>")
@signed_in
def act(ticket_id: int, action: str) -> ResponseReturnValue:
    """What needs no words: take, resume, close, take-back-date, confirm, unfollow, undo-merge."""
    form = SeenForm()
    if action in SIMPLE:
        return do(
            ticket_id,
            form,
            "form",
            lambda by, now: SIMPLE[action](ticket_id, by=by, now=now, seen=form.seen.data),
            done=N_("%(number)s er lukket") if action == "close" else None,
        )
    if action in OWN:
        return do(ticket_id, form, "form", lambda by, now: OWN[action](ticket_id, by=by, now=now))
    raise NotFoundError


@bp.post("/tickets/<int:ticket_id>/team")
@signed_in
def move(ticket_id: int) -> ResponseReturnValue:
    form = forms.TeamForm()
    return edit(
        ticket_id,
        form,
        lambda by, now: commands.move(ticket_id, by=by, now=now, team_id=form.team.data or 0, seen=form.seen.data),
        done=N_("%(number)s er sendt videre"),
    )


@bp.post("/tickets/<int:ticket_id>/assignee")
@signed_in
def assign(ticket_id: int) -> ResponseReturnValue:
    form = forms.AssigneeForm()
    chosen = form.assignee.data
    if chosen is not None and not form.sure.data and absences.away([chosen], clock.today()):
        held = queries.hold(ticket_id, actor())
        held.need(TicketPermission.WORK)
        return edit_page(held, absent_id=chosen), 422
    return edit(
        ticket_id,
        form,
        lambda by, now: commands.assign(ticket_id, by=by, now=now, assignee_id=form.assignee.data, seen=form.seen.data),
        done=N_("%(number)s er givet videre"),
    )


@bp.post("/tickets/<int:ticket_id>/facts")
@signed_in
def change(ticket_id: int) -> ResponseReturnValue:
    form = forms.FactsForm()
    return edit(
        ticket_id,
        form,
        lambda by, now: commands.change(
            ticket_id,
            by=by,
            now=now,
            subject=form.subject.data,
            kind=form.kind.data,
            impact=form.impact.data,
            urgency=form.urgency.data,
            system_id=form.system.data,
            without_system=form.system.data is None,
            seen=form.seen.data,
        ),
    )


@bp.post("/tickets/<int:ticket_id>/secrecy")
@signed_in
def classify(ticket_id: int) -> ResponseReturnValue:
    form = forms.SecrecyForm()
    return edit(
        ticket_id,
        form,
        lambda by, now: commands.classify(ticket_id, by=by, now=now, secrecy=form.secrecy.data, seen=form.seen.data),
    )


def send_own_first(ticket_id: int, form: Form) -> None:
    """What the person said here and could still take back goes before what he or she does now."""
    seen = form.seen if isinstance(form, SeenForm) else None
    shown = commands.send_first(ticket_id, by=actor(), now=clock.now(), seen=seen.data if seen else None)
    if seen is not None:
        seen.data = shown


def do(
    ticket_id: int, form: Form, field: str, command: Callable[[Actor, Any], Any], *, done: str | None = None
) -> ResponseReturnValue:
    """Runs a command that a form on the ticket's page asks for; once `done`, perhaps on to the next of the list."""
    if not form.validate_on_submit():
        return invalid(ticket_id, form)
    send_own_first(ticket_id, form)
    try:
        following = next_wanted(queries.get(ticket_id, actor())) if done else None
        ticket = command(actor(), clock.now())
    except NotFoundError:
        raise
    except RefusedError as error:
        return refused(ticket_id, error, field)
    if done and following:
        return go_on(ticket_id, _(done, number=number_of(ticket_id)), following)
    return back_to(ticket.id)


def edit(
    ticket_id: int, form: Form, command: Callable[[Actor, Any], Any], *, done: str | None = None
) -> ResponseReturnValue:
    """Runs a command that a form on the editing page asks for."""
    if not form.validate_on_submit():
        held = queries.hold(ticket_id, actor())
        held.need(TicketPermission.WORK)
        return edit_page(held, form.first_errors()), 422
    send_own_first(ticket_id, form)
    try:
        following = next_wanted(queries.get(ticket_id, actor())) if done else None
        command(actor(), clock.now())
    except commands.OutdatedError as error:
        return refused(ticket_id, error)
    except NotFoundError:
        raise
    except RefusedError as error:
        held = queries.hold(ticket_id, actor())
        held.need(TicketPermission.WORK)
        return edit_page(held, {"form": _(error.message, **error.values)}), error.status
    if done and following:
        return go_on(ticket_id, _(done, number=number_of(ticket_id)), following)
    return back_to(ticket_id)
