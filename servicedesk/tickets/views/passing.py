"""Between superbrugere and the servicedesk: passing a ticket on, handing it back, saying what was lacking."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock
from servicedesk.core.access import actor, signed_in
from servicedesk.core.errors import N_, NotFoundError, RefusedError
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets import commands, forms, queries
from servicedesk.tickets.models import number_of
from servicedesk.tickets.views import bp
from servicedesk.tickets.views.acting import TYPED, Refusal, do, edit, invalid, refused, send_own_first
from servicedesk.tickets.views.showing import back_to, page
from servicedesk.tickets.views.uploads import kept_files

#: The field in which each fact is told.
FIELDS = {Fact.TRIED: "tried", Fact.AFFECTED: "affected", Fact.SCREENSHOT: "files"}


@bp.post("/tickets/<int:ticket_id>/escalation")
@signed_in
def escalate(ticket_id: int) -> ResponseReturnValue:
    form = forms.EscalateForm()
    if not form.validate_on_submit():
        return invalid(ticket_id, form)
    send_own_first(ticket_id, form)
    try:
        with kept_files() as files:
            commands.escalate(
                ticket_id,
                by=actor(),
                now=clock.now(),
                tried=form.tried.data or "",
                affected=form.affected.data,
                files=files,
                seen=form.seen.data,
            )
    except NotFoundError:
        raise
    except commands.LackingError as error:
        return _lacking(ticket_id, error)
    except RefusedError as error:
        return refused(ticket_id, error, "tried")
    flash(_("%(number)s er sendt til servicedesken", number=number_of(ticket_id)), "success")
    return back_to(ticket_id)


def _lacking(ticket_id: int, error: commands.LackingError) -> Refusal:
    """The page again, with what the guideline still asks for at each field."""
    typed = {name: request.form[name] for name in TYPED if name in request.form}
    lacks = {FIELDS[fact]: _("Retningslinjen beder om: %(what)s.", what=in_words(fact)) for fact in error.missing}
    return page(queries.hold(ticket_id, actor()), typed=typed, errors=lacks), error.status


@bp.post("/tickets/<int:ticket_id>/hand-back")
@signed_in
def hand_back(ticket_id: int) -> ResponseReturnValue:
    form = forms.HandBackForm()
    return edit(
        ticket_id,
        form,
        lambda by, now: commands.hand_back(
            ticket_id, by=by, now=now, instruction=form.instruction.data or "", seen=form.seen.data
        ),
        done=N_("%(number)s er hos superbrugeren"),
    )


@bp.post("/tickets/<int:ticket_id>/appraisal")
@signed_in
def appraise(ticket_id: int) -> ResponseReturnValue:
    form = forms.AppraiseForm()
    return do(
        ticket_id,
        form,
        "appraisal_note",
        lambda by, now: commands.appraise(
            ticket_id,
            by=by,
            now=now,
            lacking=form.lacking.data or [],
            note=form.appraisal_note.data or "",
            seen=form.seen.data,
        ),
    )
