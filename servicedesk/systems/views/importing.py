"""Systems from a file, and the register as a file: send, look, say yes."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.db import transaction
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import ConflictError
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import ImportDraft, Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.queries import customers, get_unit
from servicedesk.systems import imports
from servicedesk.systems.forms import ConfirmSystemsForm, SystemsFileForm

bp = Blueprint("system_files", __name__, url_prefix="/admin/systems")
MAY = UnitPermission.SET_UP_DESK

#: Steps and refusals that a preview shows; the counts are of all.
SHOWN = 200


@bp.get("/import")
@requires(MAY)
def choose() -> str:
    return _start_page({}, {})


@bp.post("/import")
@requires(MAY)
def send() -> ResponseReturnValue:
    form = SystemsFileForm()
    kept: list[ImportDraft] = []
    errors = attempt(form, lambda: kept.append(_keep(form)))
    if errors:
        return _start_page({"customer_id": form.customer_id.data}, errors), 422
    return web.see_other("system_files.preview", register_draft_id=kept[0].id)


@bp.get("/import/<int:register_draft_id>")
@requires(MAY)
def preview(register_draft_id: int) -> str:
    return _preview_page(imports.get_draft(register_draft_id, by=actor(), now=clock.now()), {})


@bp.post("/import/<int:register_draft_id>")
@requires(MAY)
def confirm(register_draft_id: int) -> ResponseReturnValue:
    form = ConfirmSystemsForm()
    draft = imports.get_draft(register_draft_id, by=actor(), now=clock.now())
    try:
        errors = attempt(form, lambda: _confirm(draft, form.fingerprint.data or ""))
    except ConflictError as error:
        errors = {"import": gettext(error.message)}
    if errors:
        return _preview_page(imports.get_draft(register_draft_id, by=actor(), now=clock.now()), errors), 422
    flash(gettext("Importen er gennemført."), "success")
    return web.see_other("systems.register")


@bp.post("/import/<int:register_draft_id>/discard")
@requires(MAY)
def discard(register_draft_id: int) -> ResponseReturnValue:
    imports.discard(register_draft_id, by=actor())
    flash(gettext("Importen er fortrudt. Intet er ændret."), "info")
    return web.see_other("system_files.choose")


@bp.get("/export.<sheet:ending>")
@requires(MAY)
def export(ending: str) -> Response:
    """The register of a customer, as it can be imported again."""
    own = _customers()
    wanted = web.key_in_address("customer") or own[0].id
    root = get_unit(wanted, actor(), MAY)
    rows = imports.rows_of(actor(), root.id)
    table = Table(
        file="systemer",
        title=gettext("Systemer"),
        columns=imports.COLUMNS,
        rows=([row[one] for one in imports.COLUMNS] for row in rows),
        chosen=[(gettext("Organisation"), root.name)],
        notes=[gettext("Som CSV kan filen rettes og indlæses igen.")],
    )
    return taken_home(table, ending)


def _keep(form: SystemsFileForm) -> ImportDraft:
    """A file that cannot be read at all is refused here, before it is kept."""
    content = request.files["file"].stream.read()
    imports.preview(form.customer_id.data or 0, content, by=actor())
    return imports.keep(form.customer_id.data or 0, content, by=actor(), now=clock.now())


def _confirm(draft: ImportDraft, fingerprint: str) -> None:
    customer_id, content, key = draft.customer_id, draft.content, draft.id
    with transaction():
        told = {"fingerprint": fingerprint, "today": clock.today()}
        imports.run(customer_id, content, **told, by=actor(), now=clock.now())  # type: ignore[arg-type]
        imports.discard(key, by=actor())


def _customers() -> list[Unit]:
    return customers(actor(), MAY)


def _start_page(given: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        "systems/import.html",
        customers=[(unit.id, unit.name) for unit in _customers()],
        columns=", ".join(imports.COLUMNS),
        given=given,
        errors=errors,
    )


def _preview_page(draft: ImportDraft, errors: dict[str, str]) -> str:
    plan = imports.preview(draft.customer_id, draft.content, by=actor())
    told = [[(one.line, gettext(one.message, **one.values)) for one in some] for some in (plan.refused, plan.left_out)]
    return render_template(
        "systems/import_preview.html",
        draft=draft,
        customer=get_unit(draft.customer_id, actor(), MAY),
        plan=plan,
        refused=told[0][:SHOWN],
        left_out=told[1][:SHOWN],
        shown=SHOWN,
        errors=errors,
    )
