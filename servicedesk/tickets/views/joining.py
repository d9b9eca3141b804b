"""Tickets and other tickets: what resembles one, what it is merged with, and what is split off from it."""

from secrets import token_hex
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import NotFoundError, RefusedError
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext as _
from servicedesk.core.looking import tells_nothing
from servicedesk.systems import queries as systems
from servicedesk.tickets import commands, finding, forms, lists, merging, queries, quoting, similar
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.uploads import copied_files
from servicedesk.tickets.workflow import Kind

#: From so many about the same system in a day it may be more than a coincidence.
MANY_IN_A_DAY = 5


@bp.get("/tickets/<int:ticket_id>/similar")
@signed_in
@tells_nothing
def similar_tickets(ticket_id: int) -> ResponseReturnValue:
    """The tickets like this one: a piece of the ticket's page for htmx, a page for who has no JavaScript."""
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.READ_INTERNAL)
    ticket, now = held.ticket, clock.now()
    rows = similar.candidates(system_id=ticket.system_id, who=actor())
    template = "tickets/_similar.html" if "HX-Request" in request.headers else "tickets/similar.html"
    return render_template(
        template,
        ticket=ticket,
        likes=similar.likest(ticket.subject, rows, now=now, but=_known(held)),
        others_today=_others_today(ticket, rows),
        many=MANY_IN_A_DAY,
        may_join=held.does(TicketPermission.WORK) and ticket.is_open,
    )


def _known(held: Held) -> set[int]:
    """The ticket itself, and those that it is linked to already."""
    linked, _merged = queries.links(held, actor())
    return {held.ticket.id, *(one.id for one in linked)}


def _others_today(ticket: Any, rows: list[similar.Row]) -> int:
    if ticket.system_id is None:
        return 0
    midnight = clock.local_midnight(clock.now())
    return sum(row.filed_at >= midnight and row.id != ticket.id for row in rows)


# ------------------------------------------------------------------------------------------------ merging


@bp.get("/tickets/<int:ticket_id>/merge")
@signed_in
def preview_merge(ticket_id: int) -> ResponseReturnValue:
    """Both tickets side by side, and what would happen; the other is named by its number."""
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.WORK)
    asked = request.args.get("number", "")
    if not asked:
        return _ask_for_number(held.ticket)
    number = finding.number_in(asked)
    if number is None or not lists.listed([number], actor()):
        return _ask_for_number(held.ticket, asked, _("Vi kan ikke finde en henvendelse med det nummer.")), 422
    if number == ticket_id:
        return _ask_for_number(held.ticket, asked, _("En henvendelse kan ikke lægges sammen med sig selv.")), 422
    return _merge_page(ticket_id, number)


@bp.post("/tickets/<int:ticket_id>/merge/choice")
@signed_in
def choose_merge(ticket_id: int) -> ResponseReturnValue:
    """From the form on the ticket's page, whose number may be for a link as well, to the preview."""
    queries.hold(ticket_id, actor()).need(TicketPermission.WORK)
    return web.see_other("tickets.preview_merge", ticket_id=ticket_id, number=request.form.get("number", "")[:40])


def _ask_for_number(ticket: Any, asked: str = "", error: str | None = None) -> str:
    return render_template("tickets/merge_with.html", ticket=ticket, asked=asked, error=error)


def _merge_page(ticket_id: int, into_id: int, refusal: RefusedError | None = None) -> str:
    plan = merging.plan(ticket_id, into_id, actor())
    refused = refusal or plan.refusal
    return render_template(
        "tickets/merge.html",
        plan=plan,
        seen=queries.get(ticket_id, actor()).version,
        refusal=web.refusal(refused) if refused else None,
        days=commands.UNDO_MERGE_WITHIN.days,
    )


@bp.post("/tickets/<int:ticket_id>/merge")
@signed_in
def merge(ticket_id: int) -> ResponseReturnValue:
    form = forms.OtherTicketForm()
    number = finding.number_in(form.number.data or "")
    if not form.validate_on_submit() or number is None or not lists.listed([number], actor()):
        error = _("Vi kan ikke finde en henvendelse med det nummer.")
        return _ask_for_number(queries.get(ticket_id, actor()), form.number.data or "", error), 422
    try:
        into = commands.merge(ticket_id, by=actor(), now=clock.now(), into_id=number, seen=form.seen.data)
    except NotFoundError:
        raise
    except RefusedError as error:
        return _merge_page(ticket_id, number, error), error.status
    gone = queries.get(ticket_id, actor()).number
    flash(
        _("%(gone)s er lagt sammen med %(kept)s. Det kan fortrydes i 30 dage.", gone=gone, kept=into.number), "success"
    )
    return web.see_other("tickets.show", ticket_id=into.id)


# ------------------------------------------------------------------------------------------------ splitting


@bp.get("/tickets/<int:ticket_id>/split")
@signed_in
def split_page(ticket_id: int) -> ResponseReturnValue:
    """Where a new ticket is made of something that was said here; `entry` names the messages."""
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.WORK)
    said = quoting.said(held)
    chosen = _chosen_entries(said)
    ticket = held.ticket
    quoted = quoting.quoted([one for one in said if one.seq in chosen])
    typed = {
        "subject": ticket.subject,
        "description": quoted,
        "kind": ticket.kind.value,
        "system": ticket.system_id,
    }
    return _split_form(held, said, chosen, typed, {})


@bp.post("/tickets/<int:ticket_id>/split/quote")
@signed_in
def quote_for_split(ticket_id: int) -> ResponseReturnValue:
    """The same form with the text of the messages chosen; nothing is saved yet."""
    held = queries.hold(ticket_id, actor())
    held.need(TicketPermission.WORK)
    said = quoting.said(held)
    chosen = _chosen_entries(said)
    quoted = quoting.quoted([one for one in said if one.seq in chosen])
    return _split_form(held, said, chosen, {**request.form.to_dict(), "description": quoted}, {})


@bp.post("/tickets/<int:ticket_id>/split")
@signed_in
def split(ticket_id: int) -> ResponseReturnValue:
    form, who = forms.SplitForm(), actor()
    held = queries.hold(ticket_id, who)
    held.need(TicketPermission.WORK)
    said = quoting.said(held)
    chosen = _chosen_entries(said)
    if not form.validate_on_submit():
        return _split_form(held, said, chosen, request.form, form.first_errors()), 422
    files = [file for seq, some in queries.attachments(held).items() if seq in chosen for file in some]
    try:
        with copied_files(files) as copies:
            part = commands.Part(
                subject=form.subject.data or "",
                description=form.description.data or "",
                seqs=sorted(chosen),
                kind=form.kind.data,
                system_id=form.system.data,
                form_id=form.form_id.data or None,
                files=copies,
            )
            new = commands.split(ticket_id, part, by=who, now=clock.now())
    except NotFoundError:
        raise
    except RefusedError as error:
        return _split_form(held, said, chosen, request.form, {"entry": web.refusal(error)}), error.status
    return _after_split(new.id, held)


def _after_split(new_id: int, held: Held) -> ResponseReturnValue:
    """To the new ticket, or back when it went to a team whose tickets the person does not see."""
    if not lists.listed([new_id], actor()):
        flash(_("Den nye henvendelse er oprettet og ligger nu hos et andet team."), "success")
        return web.see_other("tickets.show", ticket_id=held.ticket.id)
    flash(
        _("Henvendelsen er oprettet. Fortryder du, så læg den sammen med %(old)s.", old=held.ticket.number), "success"
    )
    return web.see_other("tickets.show", ticket_id=new_id)


def _chosen_entries(said: list[quoting.Said]) -> set[int]:
    asked = {read_key(value) for value in request.values.getlist("entry")}
    return {one.seq for one in said if one.seq in asked}


def _split_form(held: Held, said: list[quoting.Said], chosen: set[int], typed: Any, errors: dict[str, str]) -> str:
    ticket = held.ticket
    known = [(system.id, system.name) for system in systems.choosable(actor(), customer_id=ticket.customer_id)]
    return render_template(
        "tickets/split.html",
        ticket=ticket,
        said=said,
        chosen=chosen,
        typed=typed,
        errors=errors,
        kinds=list(Kind),
        systems=known,
        form_id=typed.get("form_id") or token_hex(16),
    )
