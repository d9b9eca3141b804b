"""The register of systems."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import N_
from servicedesk.organisation import administration
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.queries import customers
from servicedesk.organisation.views.units import unit_choices
from servicedesk.systems import commands, queries
from servicedesk.systems.forms import NewSystemForm, SystemForm
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission

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
    q = request.args.get("q", "").replace("\x00", "").strip()[:100]
    names = {customer.id: customer.name for customer in _customers()}
    return render_template("systems/register.html", systems=queries.register(actor(), q=q), q=q, names=names)


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
    return _system_page(queries.get_system(system_id, actor()))


@bp.post("/admin/systems/<int:system_id>")
@requires(SystemPermission.MANAGE)
def change_system(system_id: int) -> ResponseReturnValue:
    form = SystemForm()
    errors = attempt(form, lambda: _change(system_id, form))
    if errors:
        return _system_page(queries.get_system(system_id, actor()), form.data, errors), 422
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
    return commands.add_system(customer_id, _told(form, customer_id), today=web.today(), by=actor(), now=clock.now())


def _change(system_id: int, form: SystemForm) -> None:
    told = _told(form, queries.get_system(system_id, actor()).customer_id)
    commands.change_system(system_id, told, today=web.today(), by=actor(), now=clock.now())


def _told(form: SystemForm, customer_id: int) -> commands.SystemWords:
    return commands.SystemWords(
        name=form.name.data or "",
        description=form.description.data,
        aliases=form.aliases.data or "",
        unit_id=form.unit_id.data,
        owner_id=_owner_id(form.owner.data or "", customer_id),
        team_id=form.team_id.data,
    )


def _owner_id(initials: str, customer_id: int) -> int | None:
    if not initials:
        return None
    owner = queries.find_owner(initials, customer_id, actor())
    if owner is None:
        raise FieldRefusedError("owner", N_("Ingen aktiv person har initialerne %(initials)s."), initials=initials)
    return owner.id


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
        **_choices(customer_id),
    )


def _system_page(system: System, given: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    owner = queries.owner_of(system)
    told = {name: getattr(system, name) for name in ("name", "description", "aliases", "unit_id", "team_id")}
    return render_template(
        "systems/system.html",
        system=system,
        owner=owner,
        given=given or {**told, "owner": owner.initials if owner else ""},
        errors=errors or {},
        **_choices(system.customer_id),
    )


def _choices(customer_id: int | None) -> dict[str, Any]:
    if customer_id is None:
        return {"units": [], "teams": []}
    teams = queries.teams_to_choose(customer_id)
    return {
        "units": unit_choices(queries.units_to_choose(customer_id, actor())),
        "teams": [(team.id, team.name) for team in teams],
    }
