"""Help on the floor: a page for the telephone, to write down in a moment what was solved on the spot.

The page's script keeps what could not be sent and sends it again; it is answered in JSON, a plain form with a page.
"""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from servicedesk.core import clock, navigation, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError, RefusedError
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import is_open
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.superbrugere import commands, floor
from servicedesk.superbrugere.forms import NO_SYSTEM, FloorHelpForm
from servicedesk.superbrugere.models import FloorHelp
from servicedesk.superbrugere.policy import FloorHelpPermission
from servicedesk.superbrugere.rules import MOST_FLOOR_MINUTES, MOST_FLOOR_NOTE, MOST_HELPED
from servicedesk.superbrugere.views import bp

#: Systems that stand on the page at once; the others are one tap further.
AT_HAND = 6

navigation.offer(navigation.Item(lazy("Løst på stedet"), "superbrugere.floor", FloorHelpPermission.GIVE, rank=44))


@bp.get("/floor", endpoint="floor")
@requires(FloorHelpPermission.GIVE)
def floor_page() -> str:
    return _page({"system": request.args.get("system", "")}, {})


@bp.post("/floor")
@signed_in
def give_help() -> ResponseReturnValue:
    """Open to who was a superbruger a moment ago, too: he or she is told why it cannot be written down any more."""
    if not is_open(FloorHelpPermission.GIVE, actor()) and not floor.was_appointed(actor()):
        raise NotFoundError
    form, now = FloorHelpForm(), clock.now()
    try:
        errors = _attempt(form, lambda told: _give(told, form))
    except RefusedError as error:
        if not _is_script() or error.status == 503:
            raise
        web.note_refusal(error)
        return jsonify(refused=web.refusal(error), errors={}), error.status
    if _is_script():
        if errors:
            return jsonify(refused=" ".join(errors.values()), errors=errors), 422
        return jsonify(saved=_("Tak. Det er skrevet på."), latest=_latest(now))
    if errors:
        return _page(request.form.to_dict(), errors), 422
    flash(_("Tak. Det er skrevet på."), "success")
    return web.see_other("superbrugere.floor")


@bp.get("/floor/<int:floor_help_id>/edit")
@requires(FloorHelpPermission.GIVE)
def edit_help(floor_help_id: int) -> str:
    row = floor.get_own(floor_help_id, actor())
    return _page(_told(row), {}, row)


@bp.post("/floor/<int:floor_help_id>/edit")
@requires(FloorHelpPermission.GIVE)
def change_help(floor_help_id: int) -> ResponseReturnValue:
    row = floor.get_own(floor_help_id, actor())
    form = FloorHelpForm()
    errors = _attempt(
        form, lambda told: commands.change_help(floor_help_id, told, by=actor(), now=clock.now()), row.unit_id
    )
    if errors:
        return _page(request.form.to_dict(), errors, row), 422
    flash(_("Rettelsen er gemt."), "success")
    return web.see_other("superbrugere.floor")


@bp.post("/floor/<int:floor_help_id>/withdrawal")
@requires(FloorHelpPermission.GIVE)
def withdraw_help(floor_help_id: int) -> ResponseReturnValue:
    commands.withdraw_help(floor_help_id, by=actor(), now=clock.now())
    flash(_("Hjælpen er taget tilbage og tæller ikke med. Du kan hente den igen nedenfor."), "success")
    return web.see_other("superbrugere.floor")


@bp.post("/floor/<int:floor_help_id>/restoration")
@requires(FloorHelpPermission.GIVE)
def restore_help(floor_help_id: int) -> ResponseReturnValue:
    commands.restore_help(floor_help_id, by=actor(), now=clock.now())
    flash(_("Hjælpen tæller med igen."), "success")
    return web.see_other("superbrugere.floor")


# ------------------------------------------------------------------------------------------------ what is told


def _attempt(form: FloorHelpForm, act: Any, unit_id: int | None = None) -> dict[str, str]:
    """What keeps the answers from being used, by field; empty when `act` has used them."""
    if not form.validate():
        return form.first_errors()
    try:
        act(form.told(unit_id or _own_unit()))
    except FieldRefusedError as refusal:
        return {refusal.field: web.refusal(refusal)}
    return {}


def _give(told: commands.Help, form: FloorHelpForm) -> None:
    commands.give_help(told, form_id=form.form_id.data or token_hex(16), by=actor(), now=clock.now(), ago=form.age())


def _own_unit() -> int | None:
    """Where the form does not ask: the only unit that the person helps, or the own one."""
    return floor.default_unit(actor())


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(row: FloorHelp) -> dict[str, Any]:
    return {
        "unit": row.unit_id,
        "system": row.system_id or NO_SYSTEM,
        "cause": row.cause.value,
        "people": row.people,
        "minutes": row.minutes,
        "known_error": row.known_error_id,
        "note": row.note,
    }


# ------------------------------------------------------------------------------------------------ what is shown


def _page(given: Mapping[str, Any], errors: Mapping[str, str], row: FloorHelp | None = None) -> str:
    who, now = actor(), clock.now()
    choices = floor.offered(who, now)
    systems = [(system.id, system.name) for system in choices.systems]
    chosen = str(given.get("system") or choices.usual or "")
    at_hand = _at_hand(systems, chosen)
    if choices.is_general:
        at_hand = [*at_hand, (NO_SYSTEM, _("Noget andet"))]
    return render_template(
        "superbrugere/floor.html",
        choices=choices,
        units=[(unit.id, unit.name) for unit in choices.units],
        at_hand=at_hand,
        others=[one for one in systems if one not in at_hand],
        known=floor.known_errors(choices.systems, who),
        given={"people": 1, "unit": choices.unit_id, **given, "system": chosen},
        errors=errors,
        row=row,
        form_id=token_hex(16),
        latest=[] if row else floor.latest(who, now),
        limits={"people": MOST_HELPED, "minutes": MOST_FLOOR_MINUTES, "note": MOST_FLOOR_NOTE},
    )


def _at_hand(systems: list[tuple[int, str]], chosen: str) -> list[Any]:
    """The most used, and what is chosen whichever it is."""
    shown: list[Any] = systems[:AT_HAND]
    return shown + [one for one in systems[AT_HAND:] if str(one[0]) == chosen]


def _latest(now: Any) -> str:
    return render_template("superbrugere/_floor_latest.html", latest=floor.latest(actor(), now))


def _at_start(_nothing: Any, who: Actor) -> str | None:
    return render_template("superbrugere/_floor_at_start.html") if is_open(FloorHelpPermission.GIVE, who) else None


panels.offer(panels.Place.START, _at_start, rank=55)
