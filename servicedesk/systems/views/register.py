"""The register of systems."""

from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.organisation import administration
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.queries import customers, get_unit
from servicedesk.systems import commands, queries
from servicedesk.systems.forms import NewSystemForm, SystemForm
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.views import keeping, listing

bp = Blueprint("systems", __name__)

administration.offer(
    administration.Card(
        _("Systemer"),
        _("Det, en henvendelse kan handle om, og hvem der ejer det"),
        "systems.register",
        "computer",
        SystemPermission.MANAGE,
        rank=40,
    )
)


@bp.get("/admin/systems")
@requires(SystemPermission.MANAGE)
def register() -> str:
    return listing.page(SystemPermission.MANAGE, "systems.register", is_administration=True)


@bp.get("/admin/systems/new")
@requires(SystemPermission.MANAGE)
def new_system() -> str:
    return _new_page(_customer_id(web.key_in_address("customer")), {}, {})


@bp.post("/admin/systems/new")
@requires(SystemPermission.MANAGE)
def add_system() -> ResponseReturnValue:
    form = NewSystemForm()
    made: list[System] = []
    errors = attempt(form, lambda: made.append(_add(form)))
    if errors:
        return _new_page(_customer_id(form.customer_id.data), form.data, errors), 422
    flash(gettext("%(name)s er oprettet.", name=made[0].name), "success")
    return web.see_other("systems.system", system_id=made[0].id)


@bp.get("/admin/systems/<int:system_id>")
@requires(SystemPermission.MANAGE)
def system(system_id: int) -> str:
    return keeping.page(queries.get_system(system_id, actor()), is_administration=True)


@bp.post("/admin/systems/<int:system_id>")
@requires(SystemPermission.MANAGE)
def change_system(system_id: int) -> ResponseReturnValue:
    found, form = queries.get_system(system_id, actor()), SystemForm()
    errors = attempt(form, lambda: _change(found, form))
    if errors:
        return keeping.page(queries.get_system(system_id, actor()), form.data, errors, is_administration=True), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("systems.system", system_id=system_id)


@bp.post("/admin/systems/<int:system_id>/deactivation")
@requires(SystemPermission.MANAGE)
def deactivate_system(system_id: int) -> ResponseReturnValue:
    commands.set_system_active(system_id, False, by=actor(), now=clock.now())
    flash(gettext("Systemet er taget ud af brug."), "success")
    return web.see_other("systems.system", system_id=system_id)


@bp.post("/admin/systems/<int:system_id>/activation")
@requires(SystemPermission.MANAGE)
def activate_system(system_id: int) -> ResponseReturnValue:
    commands.set_system_active(system_id, True, by=actor(), now=clock.now())
    flash(gettext("Systemet er i brug igen."), "success")
    return web.see_other("systems.system", system_id=system_id)


def _add(form: NewSystemForm) -> System:
    customer_id = form.customer_id.data or 0
    get_unit(customer_id, actor(), UnitPermission.OPEN_ADMINISTRATION)
    told = keeping.told(form, customer_id, **_reserved(form, customer_id))
    return commands.add_system(customer_id, told, today=clock.today(), by=actor(), now=clock.now())


def _change(found: System, form: SystemForm) -> None:
    told = keeping.told(form, found.customer_id, before=found, **_reserved(form, found.customer_id, found))
    commands.change_system(found.id, told, today=clock.today(), by=actor(), now=clock.now())


def _reserved(form: SystemForm, customer_id: int, before: System | None = None) -> dict[str, Any]:
    """What only the administration says."""
    owner_id = before.owner_id if before else None
    return {
        "name": form.name.data or "",
        "owner_id": keeping.person_id(form.owner.data or "", "owner", customer_id, owner_id),
        "team_id": form.team_id.data,
    }


def _customers() -> list[Unit]:
    return customers(actor(), UnitPermission.OPEN_ADMINISTRATION)


def _customer_id(wanted: int | None) -> int | None:
    """The customer of a new system: the one asked for, or the only one there is."""
    keys = [customer.id for customer in _customers()]
    return wanted if wanted in keys else keys[0] if len(keys) == 1 else None


def _new_page(customer_id: int | None, given: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        "systems/new.html",
        customers=[(customer.id, customer.name) for customer in _customers()],
        customer_id=customer_id,
        given=given,
        errors=errors,
        may_manage=True,
        **(keeping.choices(customer_id, all_units=False) if customer_id is not None else {}),
    )
