"""What everybody may look up about their systems, and where those who look after one keep it right."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.panels import Place
from servicedesk.organisation.forms import attempt
from servicedesk.systems import commands, queries, running_well
from servicedesk.systems import words as words
from servicedesk.systems.forms import KeptSystemForm
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import KnownErrorState, Phase
from servicedesk.systems.telling import window_in_words
from servicedesk.systems.views import keeping, listing

bp = Blueprint("catalogue", __name__, url_prefix="/systems")
bp.add_app_template_filter(window_in_words, "window_in_words")


@bp.get("")
@signed_in
def overview() -> str:
    return listing.page(SystemPermission.LOOK_UP, "catalogue.overview", is_administration=False)


@bp.get("/<int:system_id>")
@signed_in
def show(system_id: int) -> str:
    who, now = actor(), clock.now()
    found = queries.get_system(system_id, who, SystemPermission.LOOK_UP)
    hears = queries.may(SystemPermission.HEAR, found, who)
    running = [one for one in queries.current_disturbances(who, now, found.id) if one.phase(now) is Phase.RUNNING]
    return render_template(
        "systems/about.html",
        system=found,
        details=queries.details_of(found),
        hears=hears,
        running=running,
        uptime=running_well.history(found, None, who, now).totals if hears else [],
        known=queries.list_known_errors(who, system_id=found.id, state=KnownErrorState.ACTIVE),
        may_keep=queries.may(SystemPermission.KEEP, found, who),
        actions=panels.shown(Place.SYSTEM_ACTIONS, found, who),
        panels=panels.shown(Place.SYSTEM, found, who),
        now=now,
    )


@bp.get("/<int:system_id>/edit")
@requires(SystemPermission.KEEP)
def edit(system_id: int) -> str:
    return keeping.page(_kept(system_id), is_administration=False)


@bp.post("/<int:system_id>/edit")
@requires(SystemPermission.KEEP)
def change(system_id: int) -> ResponseReturnValue:
    found, form = _kept(system_id), KeptSystemForm()
    errors = attempt(form, lambda: _change(found, form))
    if errors:
        return keeping.page(_kept(system_id), form.data, errors, is_administration=False), 422
    flash(gettext("Ændringerne er gemt."), "success")
    if not queries.may(SystemPermission.LOOK_UP, found, actor()):  # somebody else looks after it from now on
        return web.see_other("catalogue.overview")
    return web.see_other("catalogue.show", system_id=system_id)


def _kept(system_id: int) -> System:
    return queries.get_system(system_id, actor(), SystemPermission.KEEP)


def _change(found: System, form: KeptSystemForm) -> None:
    reserved = {"name": found.name, "owner_id": found.owner_id, "team_id": found.team_id}
    told = keeping.told(form, found.customer_id, before=found, **reserved)
    commands.change_system(found.id, told, today=clock.today(), by=actor(), now=clock.now())
