"""Units and persons from a file: send, look, say yes."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.db import transaction
from servicedesk.core.errors import ConflictError
from servicedesk.organisation import administration, imports, queries
from servicedesk.organisation.forms import ConfirmImportForm, ImportForm, attempt
from servicedesk.organisation.models import ImportDraft
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.views.blueprint import bp

#: Steps and refusals that a preview shows; the counts are of all.
SHOWN = 200

administration.offer(
    administration.Card(
        _("Import"),
        _("Hent enheder og personer fra en CSV-fil"),
        "organisation.import_start",
        "upload",
        UnitPermission.MANAGE_CUSTOMER,
        rank=60,
    )
)


@bp.get("/admin/import")
@requires(UnitPermission.MANAGE_CUSTOMER)
def import_start() -> str:
    return _start_page({"kind": "persons"}, {})


@bp.post("/admin/import")
@requires(UnitPermission.MANAGE_CUSTOMER)
def import_file() -> ResponseReturnValue:
    form = ImportForm()
    kept: list[ImportDraft] = []
    errors = attempt(form, lambda: kept.append(_keep(form)))
    if errors:
        return _start_page({"kind": form.kind.data, "customer_id": form.customer_id.data}, errors), 422
    return web.see_other("organisation.import_preview", draft_id=kept[0].id)


@bp.get("/admin/import/<int:draft_id>")
@requires(UnitPermission.MANAGE_CUSTOMER)
def import_preview(draft_id: int) -> str:
    return _preview_page(imports.get_draft(draft_id, by=actor(), now=clock.now()), {})


@bp.post("/admin/import/<int:draft_id>")
@requires(UnitPermission.MANAGE_CUSTOMER)
def import_confirm(draft_id: int) -> ResponseReturnValue:
    form = ConfirmImportForm()
    draft = imports.get_draft(draft_id, by=actor(), now=clock.now())
    kind = draft.kind
    try:
        errors = attempt(form, lambda: _confirm(draft, form))
    except ConflictError as error:
        errors = {"import": gettext(error.message)}
    if errors:
        return _preview_page(imports.get_draft(draft_id, by=actor(), now=clock.now()), errors), 422
    flash(gettext("Importen er gennemført."), "success")
    return web.see_other("organisation.units" if kind == "units" else "organisation.people")


@bp.post("/admin/import/<int:draft_id>/discard")
@requires(UnitPermission.MANAGE_CUSTOMER)
def import_discard(draft_id: int) -> ResponseReturnValue:
    imports.discard(draft_id, by=actor())
    flash(gettext("Importen er fortrudt. Intet er ændret."), "info")
    return web.see_other("organisation.import_start")


def _keep(form: ImportForm) -> ImportDraft:
    """A file that cannot be read at all is refused here, before it is kept."""
    content = request.files["file"].stream.read()
    kind, customer_id = imports.Kind(form.kind.data or ""), form.customer_id.data or 0
    imports.preview(kind, customer_id, content, by=actor(), now=clock.now())
    return imports.keep(kind, customer_id, content, by=actor(), now=clock.now())


def _confirm(draft: ImportDraft, form: ConfirmImportForm) -> None:
    told = {"fingerprint": form.fingerprint.data or "", "i_know": bool(form.i_know.data)}
    kind, customer_id, content, key = imports.Kind(draft.kind), draft.customer_id, draft.content, draft.id
    with transaction():
        imports.run(kind, customer_id, content, **told, by=actor(), now=clock.now())  # type: ignore[arg-type]
        imports.discard(key, by=actor())


def _start_page(given: dict[str, object], errors: dict[str, str]) -> str:
    customers = [(unit.id, unit.name) for unit in queries.customers(actor())]
    return render_template("organisation/import.html", customers=customers, given=given, errors=errors)


def _preview_page(draft: ImportDraft, errors: dict[str, str]) -> str:
    plan = imports.preview(imports.Kind(draft.kind), draft.customer_id, draft.content, by=actor(), now=clock.now())
    refused = [(refusal.line, gettext(refusal.message, **refusal.values)) for refusal in plan.refused[:SHOWN]]
    return render_template(
        "organisation/import_preview.html",
        draft=draft,
        customer=queries.get_unit(draft.customer_id, actor(), UnitPermission.MANAGE_CUSTOMER),
        plan=plan,
        steps=plan.steps[:SHOWN],
        refused=refused,
        shown=SHOWN,
        errors=errors,
    )
