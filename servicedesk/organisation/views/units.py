"""The tree of units."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.organisation import administration, commands, queries
from servicedesk.organisation.forms import CustomerForm, MoveUnitForm, NewUnitForm, UnitForm, attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.views.blueprint import bp

administration.offer(
    administration.Card(
        _("Enheder"),
        _("Organisationens opbygning: afdelinger, skoler og institutioner"),
        "organisation.units",
        "building",
        UnitPermission.MANAGE,
        rank=20,
    )
)


@bp.get("/admin/units")
@requires(UnitPermission.MANAGE)
def units() -> str:
    return _list_page()


@bp.post("/admin/units")
@requires(UnitPermission.MANAGE)
def add_unit() -> ResponseReturnValue:
    form = NewUnitForm()
    told = {"name": form.name.data or "", "parent_id": form.parent_id.data or 0}
    errors = attempt(form, lambda: commands.add_unit(**told, by=actor(), now=clock.now()))  # type: ignore[arg-type]
    if errors:
        return _list_page(told, errors), 422
    flash(gettext("%(name)s er oprettet.", name=told["name"]), "success")
    return web.see_other("organisation.units")


@bp.post("/admin/customers")
@requires(UnitPermission.MANAGE_CUSTOMER)
def add_customer() -> ResponseReturnValue:
    form = CustomerForm()
    name = form.name.data or ""
    errors = attempt(form, lambda: commands.add_customer(name=name, by=actor(), now=clock.now()))
    if errors:
        customer_errors = {f"customer-{field}": message for field, message in errors.items()}
        return _list_page({"customer_name": name}, customer_errors), 422
    flash(gettext("%(name)s er oprettet.", name=name), "success")
    return web.see_other("organisation.units")


@bp.get("/admin/units/<int:unit_id>")
@requires(UnitPermission.MANAGE)
def unit(unit_id: int) -> str:
    return _unit_page(queries.get_unit(unit_id, actor()))


@bp.post("/admin/units/<int:unit_id>")
@requires(UnitPermission.MANAGE)
def rename_unit(unit_id: int) -> ResponseReturnValue:
    form = UnitForm()
    name = form.name.data or ""
    errors = attempt(form, lambda: commands.rename_unit(unit_id, name=name, by=actor(), now=clock.now()))
    if errors:
        return _unit_page(queries.get_unit(unit_id, actor()), {"name": name}, errors), 422
    flash(gettext("Navnet er gemt."), "success")
    return web.see_other("organisation.unit", unit_id=unit_id)


@bp.post("/admin/units/<int:unit_id>/parent")
@requires(UnitPermission.MANAGE)
def move_unit(unit_id: int) -> ResponseReturnValue:
    form = MoveUnitForm()
    to = form.parent_id.data or 0
    errors = attempt(form, lambda: commands.move_unit(unit_id, parent_id=to, by=actor(), now=clock.now()))
    if errors:
        return _unit_page(queries.get_unit(unit_id, actor()), {"parent_id": to}, errors), 422
    flash(gettext("Enheden er flyttet."), "success")
    return web.see_other("organisation.unit", unit_id=unit_id)


@bp.post("/admin/units/<int:unit_id>/deactivation")
@requires(UnitPermission.MANAGE)
def deactivate_unit(unit_id: int) -> ResponseReturnValue:
    commands.set_unit_active(unit_id, False, by=actor(), now=clock.now())
    flash(gettext("Enheden er taget ud af brug."), "success")
    return web.see_other("organisation.unit", unit_id=unit_id)


@bp.post("/admin/units/<int:unit_id>/activation")
@requires(UnitPermission.MANAGE)
def activate_unit(unit_id: int) -> ResponseReturnValue:
    commands.set_unit_active(unit_id, True, by=actor(), now=clock.now())
    flash(gettext("Enheden er i brug igen."), "success")
    return web.see_other("organisation.unit", unit_id=unit_id)


def unit_choices(some: list[Unit], *, but: Unit | None = None) -> list[tuple[int, str]]:
    """Units in use for a choice, each indented by its place in the tree; `but` leaves a subtree out."""
    wanted = [unit for unit in some if unit.is_active and not (but and unit.path.startswith(but.path))]
    top = min((unit.depth for unit in wanted), default=0)
    return [(unit.id, "\u2003" * (unit.depth - top) + unit.name) for unit in wanted]


def _list_page(given: dict[str, object] | None = None, errors: dict[str, str] | None = None) -> str:
    who = actor()
    some = queries.units(who)
    return render_template(
        "organisation/units.html",
        units=some,
        top=min((unit.depth for unit in some), default=0),
        headcounts=queries.headcounts(who),
        choices=unit_choices(some),
        may_add_customer=queries.is_over_all(who),
        given=given or {},
        errors=errors or {},
    )


def _unit_page(unit: Unit, given: dict[str, object] | None = None, errors: dict[str, str] | None = None) -> str:
    some = queries.units(actor())
    own = [other for other in some if other.customer_id == unit.customer_id]
    return render_template(
        "organisation/unit.html",
        unit=unit,
        parent=next((other for other in some if other.id == unit.parent_id), None),
        choices=unit_choices(own, but=unit),
        headcount=queries.headcounts(actor()).get(unit.id, 0),
        given={"name": unit.name, "parent_id": unit.parent_id, **(given or {})},
        errors=errors or {},
    )
