"""The tickets of a major incident, on its page and on theirs."""

from secrets import token_hex
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from servicedesk.cockpit import step_words
from servicedesk.cockpit.bulk import commands as bulk
from servicedesk.cockpit.bulk.queries import MOST
from servicedesk.cockpit.majors import commands, queries
from servicedesk.cockpit.steps import StepError
from servicedesk.cockpit.views import bp
from servicedesk.core import clock, panels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.errors import RefusedError
from servicedesk.core.forms import Form
from servicedesk.core.keys import read_key
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.core.permissions import is_open
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.systems.models import Disturbance
from servicedesk.systems.policy import DisturbancePermission, SystemPermission
from servicedesk.systems.queries import get_disturbance, may_change_disturbance
from servicedesk.systems.rules import DisturbanceKind
from servicedesk.systems.views import status
from servicedesk.tickets.forms import MemberField
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import OPEN_STATES, Cause


class SolveForm(Form):
    solution = TextAreaField(validators=[Optional()])
    cause = MemberField(Cause, validators=[Optional()])
    form_id = StringField(validators=[Optional()])


@bp.post("/status/<int:disturbance_id>/tickets")
@requires(SystemPermission.INFORM)
def gather(disturbance_id: int) -> ResponseReturnValue:
    """Those that were ticked on the disturbance's page, or the ticket from whose page it was sent."""
    get_disturbance(disturbance_id, actor(), DisturbancePermission.CHANGE)
    keys = (read_key(text) for text in request.form.getlist("ticket")[:MOST])
    ids = [key for key in keys if key is not None]
    if ids:
        number = commands.gather(disturbance_id, ids, by=actor(), now=clock.now())
        flash(ngettext("%(num)s henvendelse er samlet.", "%(num)s henvendelser er samlet.", number), "success")
    else:
        flash(_("Sæt hak ved de henvendelser, der hører til."), "warning")
    return _back(disturbance_id)


@bp.post("/status/<int:disturbance_id>/tickets/<int:ticket_id>/release")
@requires(SystemPermission.INFORM)
def release(disturbance_id: int, ticket_id: int) -> ResponseReturnValue:
    commands.release(disturbance_id, ticket_id, by=actor(), now=clock.now())
    flash(_("Henvendelsen hører ikke under den længere."), "success")
    return _back(disturbance_id)


def _back(disturbance_id: int) -> ResponseReturnValue:
    address = url_for("status.show", disturbance_id=disturbance_id, _anchor="tickets")
    return redirect(web.safe_next(request.form.get("next")) or address, 303)


@bp.post("/status/<int:disturbance_id>/resolution")
@requires(SystemPermission.INFORM)
def solve_all(disturbance_id: int) -> ResponseReturnValue:
    form, who, now = SolveForm(), actor(), clock.now()
    try:
        run = commands.solve_all(
            disturbance_id,
            solution=form.solution.data or "",
            cause=form.cause.data,
            form_id=form.form_id.data or "",
            by=who,
            now=now,
        )
    except (StepError, FieldRefusedError) as error:
        return _mend(disturbance_id, form, error), error.status
    bulk.carry_on(run.id, by=who, now=now)
    return web.see_other("cockpit.bulk_run", run_id=run.id)


def _mend(disturbance_id: int, form: SolveForm, error: RefusedError) -> str:
    """The page once more, with what was typed and what is missing."""
    names = {"text": "solution", "cause": "cause"}
    g.solving = {
        "typed": {"solution": form.solution.data, "cause": getattr(form.cause.data, "value", "")},
        "errors": {names.get(getattr(error, "field", ""), "solution"): step_words.refusal(error)},
    }
    row = get_disturbance(disturbance_id, actor(), DisturbancePermission.CHANGE)
    return status.page(row, errors=g.solving["errors"])


def _on_disturbance(row: Disturbance, who: Actor) -> str | None:
    """For those who may end it and work on tickets."""
    if row.kind is not DisturbanceKind.DISTURBANCE or row.withdrawn_at is not None:
        return None
    if not is_open(TicketPermission.WORK, who) or not may_change_disturbance(row, who):
        return None
    ids = queries.children(row.id, who)
    rows = queries.shown(ids, who)
    if not row.is_major and not ids and row.ended_at is not None:
        return None
    solving: dict[str, Any] = g.get("solving", {"typed": {}, "errors": {}})
    return render_template(
        "cockpit/_major.html",
        one=row,
        rows=rows,
        number=len(ids),
        is_anything_open=any(one.state in OPEN_STATES for one in rows),
        suggested=queries.suggested(row, who) if row.is_major and row.ended_at is None else [],
        causes=[(cause.value, in_words(cause)) for cause in Cause],
        form_id=token_hex(16),
        **solving,
    )


def _on_ticket(held: Held, who: Actor) -> str | None:
    if held.ticket.system_id is None or not held.does(TicketPermission.WORK):
        return None
    found = queries.around(held.ticket, who)
    return render_template("cockpit/_major_of_ticket.html", ticket=held.ticket, majors=found) if found else None


panels.offer(panels.Place.DISTURBANCE, _on_disturbance)
panels.offer(panels.Place.TICKET_CARDS, _on_ticket, rank=20)
