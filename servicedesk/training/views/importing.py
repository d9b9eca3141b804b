"""Records from a file: shown first, then written."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.db import transaction
from servicedesk.core.errors import ConflictError
from servicedesk.core.language import gettext as _
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.imports import drafts
from servicedesk.organisation.models import ImportDraft
from servicedesk.organisation.queries import get_unit
from servicedesk.training import importing, queries
from servicedesk.training.forms import ConfirmForm, FileForm
from servicedesk.training.policy import CoordinationPermission
from servicedesk.training.views import bp

_MAY = CoordinationPermission.COORDINATE_CUSTOMER
#: Lines that a preview shows of each kind.
SHOWN = 200


@bp.get("/training/import")
@requires(_MAY)
def choose_file() -> str:
    return _start_page({}, {})


@bp.post("/training/import")
@requires(_MAY)
def send_file() -> ResponseReturnValue:
    form, kept = FileForm(), list[ImportDraft]()
    errors = attempt(form, lambda: kept.append(_keep(form)))
    if errors:
        return _start_page(request.form, errors), 422
    return web.see_other("training.preview_file", training_draft_id=kept[0].id)


@bp.get("/training/import/<int:training_draft_id>")
@requires(_MAY)
def preview_file(training_draft_id: int) -> str:
    return _preview_page(importing.get_draft(training_draft_id, by=actor(), now=clock.now()), {})


@bp.post("/training/import/<int:training_draft_id>")
@requires(_MAY)
def confirm_file(training_draft_id: int) -> ResponseReturnValue:
    draft, form = importing.get_draft(training_draft_id, by=actor(), now=clock.now()), ConfirmForm()
    try:
        errors = attempt(form, lambda: _confirm(draft, form.fingerprint.data or ""))
    except ConflictError as error:
        errors = {"import": web.refusal(error)}
    if errors:
        return _preview_page(importing.get_draft(training_draft_id, by=actor(), now=clock.now()), errors), 422
    flash(_("Importen er gennemført."), "success")
    return web.see_other("training.people")


@bp.post("/training/import/<int:training_draft_id>/discard")
@requires(_MAY)
def discard_file(training_draft_id: int) -> ResponseReturnValue:
    drafts.discard(training_draft_id, by=actor())
    flash(_("Importen er fortrudt. Intet er ændret."), "info")
    return web.see_other("training.choose_file")


def _keep(form: FileForm) -> ImportDraft:
    """A file that cannot be read at all is refused here, before it is kept."""
    content, customer_id = request.files["file"].stream.read(), form.customer_id.data or 0
    importing.preview(customer_id, content, today=clock.today(), by=actor())
    return importing.keep(customer_id, content, by=actor(), now=clock.now())


def _confirm(draft: ImportDraft, fingerprint: str) -> None:
    customer_id, content, key = draft.customer_id, draft.content, draft.id
    with transaction():
        told: Any = {"fingerprint": fingerprint, "today": clock.today(), "by": actor(), "now": clock.now()}
        importing.run(customer_id, content, **told)
        drafts.discard(key, by=actor())


def _start_page(given: Any, errors: dict[str, str]) -> str:
    return render_template(
        "training/import.html",
        customers=[(unit.id, unit.name) for unit in queries.customers(actor())],
        columns=", ".join(importing.COLUMNS),
        given=given,
        errors=errors,
    )


def _preview_page(draft: ImportDraft, errors: dict[str, str]) -> str:
    plan = importing.preview(draft.customer_id, draft.content, today=clock.today(), by=actor())
    return render_template(
        "training/import_preview.html",
        draft=draft,
        customer=get_unit(draft.customer_id, actor(), _MAY),
        plan=plan,
        refused=[(one.line, _(one.message, **one.values)) for one in plan.refused[:SHOWN]],
        shown=SHOWN,
        errors=errors,
    )
