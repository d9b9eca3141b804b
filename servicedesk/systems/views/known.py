"""Known errors: a list and a page for everybody, and a desk for those who write them."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, markup, navigation, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.errors import NotFoundError
from servicedesk.core.language import gettext
from servicedesk.core.permissions import is_open
from servicedesk.organisation.forms import attempt
from servicedesk.systems import commands, queries, words  # noqa: F401 the words are declared
from servicedesk.systems.commands.knowing import OutdatedError
from servicedesk.systems.forms import KnownErrorForm
from servicedesk.systems.models import KnownError
from servicedesk.systems.policy import KnownErrorPermission, SystemPermission
from servicedesk.systems.rules import Audience, KnownErrorState

bp = Blueprint("known_errors", __name__, url_prefix="/known-errors")

navigation.offer(
    navigation.Item(_("Kendte fejl"), "known_errors.overview", SystemPermission.NOTE, rank=40, owns=("known_errors.",))
)

#: What the list can be narrowed to by who writes known errors, beside the active ones that everybody sees.
SHOWN = ("active", "solved", "deleted")


@bp.get("")
@signed_in
def overview() -> str:
    who = actor()
    q = " ".join(request.args.get("q", "").replace("\x00", "").split())[:200]
    may_write = is_open(SystemPermission.NOTE, who) and bool(queries.heard_of(who, SystemPermission.NOTE))
    show = _shown() if may_write else "active"
    system_id = web.key_in_address("system")
    found = queries.list_known_errors(
        who,
        q=q,
        system_id=system_id,
        state=None if show == "deleted" else KnownErrorState(show),
        is_deleted=show == "deleted",
    )
    systems = queries.heard_of(who)
    return render_template(
        "systems/known_errors.html",
        found=found,
        q=q,
        show=show,
        may_write=may_write,
        system=next((system for system in systems if system.id == system_id), None),
        systems=[(system.id, system.name) for system in systems],
    )


def _shown() -> str:
    asked = request.args.get("show", "")
    return asked if asked in SHOWN else SHOWN[0]


@bp.get("/new")
@requires(SystemPermission.NOTE)
def new() -> str:
    if not queries.heard_of(actor(), SystemPermission.NOTE):
        raise NotFoundError
    return form_page({"system_id": web.key_in_address("system"), "audience": Audience.EVERYBODY.value}, {})


@bp.post("/new")
@requires(SystemPermission.NOTE)
def add() -> ResponseReturnValue:
    form = KnownErrorForm()
    made: list[KnownError] = []
    errors = attempt(form, lambda: made.append(commands.add_known_error(told(form), by=actor(), now=clock.now())))
    if errors:
        return form_page(form.data, errors), 422
    flash(gettext("Den kendte fejl er oprettet."), "success")
    return web.see_other("known_errors.show", known_error_id=made[0].id)


@bp.get("/<int:known_error_id>")
@signed_in
def show(known_error_id: int) -> str:
    who = actor()
    known = queries.get_known_error(known_error_id, who)
    may_write = is_open(KnownErrorPermission.CHANGE, who) and queries.may_change(known, who)
    return render_template(
        "systems/known_error.html",
        known=known,
        symptoms=markup.render(known.symptoms),
        workaround=markup.render(known.workaround),
        may_change=may_write,
        behind=queries.people_behind(known) if may_write else None,
        disturbances=queries.current_disturbances(who, clock.now(), known.system_id),
        now=clock.now(),
    )


@bp.get("/<int:known_error_id>/edit")
@requires(SystemPermission.NOTE)
def edit(known_error_id: int) -> str:
    known = queries.get_known_error(known_error_id, actor(), KnownErrorPermission.CHANGE)
    return form_page(_given(known), {}, known=known)


@bp.post("/<int:known_error_id>/edit")
@requires(SystemPermission.NOTE)
def change(known_error_id: int) -> ResponseReturnValue:
    form = KnownErrorForm()
    known = queries.get_known_error(known_error_id, actor(), KnownErrorPermission.CHANGE)
    try:
        errors = attempt(form, lambda: _change(known_error_id, form))
    except OutdatedError as error:
        # Nothing typed is lost; sending again, now that it is said, overwrites.
        known = queries.get_known_error(known_error_id, actor(), KnownErrorPermission.CHANGE)
        page = form_page({**form.data, "seen": known.version}, {}, known=known, news=web.refusal(error))
        return page, error.status
    if errors:
        return form_page(form.data, errors, known=known), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("known_errors.show", known_error_id=known_error_id)


def _change(known_error_id: int, form: KnownErrorForm) -> None:
    commands.change_known_error(known_error_id, told(form), seen=form.seen.data, by=actor(), now=clock.now())


@bp.post("/<int:known_error_id>/state")
@requires(SystemPermission.NOTE)
def set_state(known_error_id: int) -> ResponseReturnValue:
    state = KnownErrorState.SOLVED if request.form.get("state") == "solved" else KnownErrorState.ACTIVE
    commands.set_known_error_state(known_error_id, state, by=actor(), now=clock.now())
    solved_now, again = gettext("Fejlen er løst og foreslås ikke mere."), gettext("Fejlen er aktiv igen.")
    flash(solved_now if state is KnownErrorState.SOLVED else again, "success")
    return web.see_other("known_errors.show", known_error_id=known_error_id)


@bp.post("/<int:known_error_id>/deletion")
@requires(SystemPermission.NOTE)
def delete(known_error_id: int) -> ResponseReturnValue:
    commands.delete_known_error(known_error_id, by=actor(), now=clock.now())
    return web.see_other("known_errors.show", known_error_id=known_error_id)


@bp.post("/<int:known_error_id>/restoration")
@requires(SystemPermission.NOTE)
def restore(known_error_id: int) -> ResponseReturnValue:
    commands.restore_known_error(known_error_id, by=actor(), now=clock.now())
    flash(gettext("Den kendte fejl er hentet tilbage."), "success")
    return web.see_other("known_errors.show", known_error_id=known_error_id)


@bp.post("/<int:known_error_id>/solved")
@signed_in
def solved(known_error_id: int) -> ResponseReturnValue:
    commands.note_solved_by(known_error_id, actor(), clock.now(), today=clock.today())
    flash(gettext("Godt! Tak, fordi du sagde det."), "success")
    return web.see_other("known_errors.show", known_error_id=known_error_id)


# ------------------------------------------------------------------------------------------------ writing


def told(form: KnownErrorForm) -> commands.KnownErrorWords:
    return commands.KnownErrorWords(
        system_id=form.system_id.data or 0,
        title=form.title.data or "",
        symptoms=form.symptoms.data or "",
        workaround=form.workaround.data or "",
        audience=Audience(form.audience.data or ""),
        problem=form.problem.data or "",
    )


def form_page(given: dict[str, Any], errors: dict[str, str], **more: Any) -> str:
    """The form for a known error; `more` may hold `known`, `news`, or the `source` that it is made from."""
    systems = queries.heard_of(actor(), SystemPermission.NOTE)
    choices = [(system.id, system.name) for system in systems]
    known = more.get("known")
    if known is not None and known.system_id not in dict(choices):
        choices.append((known.system_id, known.system.name))
    # Who writes by a guideline writes for everybody.
    audiences = list(Audience) if is_open(SystemPermission.INFORM, actor()) else [Audience.EVERYBODY]
    return render_template(
        "systems/known_error_form.html", given=given, errors=errors, systems=choices, audiences=audiences, **more
    )


def _given(known: KnownError) -> dict[str, Any]:
    names = ("system_id", "title", "symptoms", "workaround", "problem")
    return {
        **{name: getattr(known, name) for name in names},
        "audience": known.audience.value,
        "seen": known.version,
    }
