"""How things run: what is wrong now, what is planned, what is over; and telling it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, markup, navigation, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.keys import read_key
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext
from servicedesk.core.permissions import is_open
from servicedesk.notifications import bell
from servicedesk.organisation.forms import attempt
from servicedesk.systems import commands, queries, running_well, telling
from servicedesk.systems.forms import DisturbanceForm, EndForm, UpdateForm
from servicedesk.systems.models import Disturbance
from servicedesk.systems.policy import DisturbancePermission, SystemPermission
from servicedesk.systems.queries import NamedSystem
from servicedesk.systems.rules import LONGEST, DisturbanceKind, KnownErrorState, Phase, may_take_back
from servicedesk.systems.views import pieces
from servicedesk.systems.windows import Window

bp = Blueprint("status", __name__, url_prefix="/status")
bp.add_app_template_filter(telling.standing, "standing")
bp.add_app_template_filter(telling.at_clock, "at_clock")
bp.add_app_template_filter(telling.length, "length_in_words")

navigation.offer(navigation.Item(_("Driftsstatus"), "status.overview", rank=30, owns=("status.",)))

#: So many of what is over stand on the overview; a system's own page has them all.
MOST_OVER = 10
#: A service window is mostly put in the evening of a day to come.
_USUAL_WINDOW = (17, 19)


@bp.get("")
@signed_in
def overview() -> str:
    who, now = actor(), clock.now()
    lately = queries.told_lately(who, now, most_over=MOST_OVER)
    systems = running_well.lines(who, lately, now)
    return render_template(
        "systems/status.html",
        running=pieces.cards(lately.running, now, back=url_for("status.overview")),
        planned=pieces.cards(lately.planned, now),
        over=pieces.cards(lately.over, now),
        is_over_cut=len(lately.over) == MOST_OVER,
        lines=pieces.lines(systems) if systems else "",
        may_tell=is_open(SystemPermission.INFORM, who),
    )


#: A file has what a page would be too short for.
MOST_IN_A_FILE = 2_000


@bp.get("/disturbances.<sheet:ending>")
@signed_in
def disturbances_table(ending: str) -> Response:
    """What is wrong, what is planned and what the last thirty days brought, newest first."""
    who, now = actor(), clock.now()
    found = queries.current_disturbances(who, now, ahead=now + LONGEST)
    over = queries.ended_disturbances(who, now, most=MOST_IN_A_FILE)
    columns = [
        *(gettext("Slags"), gettext("Systemer"), gettext("Hvad man mærker"), gettext("Fra")),
        *(gettext("Ventes slut"), gettext("Slut"), gettext("Hvad det var")),
    ]
    title = gettext("Driftsforstyrrelser og servicevinduer")
    return taken_home(Table(file="driftsstatus", title=title, columns=columns, rows=_rows([*found, *over])), ending)


def _rows(found: Iterable[Disturbance]) -> Iterator[list[Any]]:
    for one in found:
        systems = ", ".join(system.name for system in one.systems)
        told = [in_words(one.kind), systems, one.message, one.starts_at, one.expected_end_at]
        yield [*told, one.ended_at, one.outcome]


@bp.get("/systems/<int:system_id>")
@signed_in
def system(system_id: int) -> str:
    who, now = actor(), clock.now()
    found = queries.get_system(system_id, who, SystemPermission.HEAR)
    open_ones = queries.current_disturbances(who, now, system_id, ahead=now + LONGEST)
    return render_template(
        "systems/status_system.html",
        system=found,
        running=[one for one in open_ones if one.phase(now) is Phase.RUNNING],
        planned=[one for one in open_ones if one.phase(now) is Phase.PLANNED],
        over=queries.ended_disturbances(who, now, system_id),
        history=running_well.history(found, web.key_in_address("days"), who, now),
        known=queries.list_known_errors(who, system_id=system_id, state=KnownErrorState.ACTIVE),
        is_following=queries.is_following(system_id, who),
        may_tell=is_open(SystemPermission.INFORM, who)
        and any(one.id == system_id for one in queries.heard_of(who, SystemPermission.INFORM)),
        now=now,
    )


@bp.get("/new")
@requires(SystemPermission.INFORM)
def new() -> str:
    return _new_page({"kind": DisturbanceKind.DISTURBANCE.value, "system": web.key_in_address("system")}, {})


@bp.get("/maintenance/new")
@requires(SystemPermission.INFORM)
def new_maintenance() -> str:
    day = clock.now().astimezone(clock.own_zone()) + timedelta(days=1)
    starts, ends = (f"{day:%Y-%m-%d}T{hour:02}:00" for hour in _USUAL_WINDOW)
    told = {"kind": DisturbanceKind.MAINTENANCE.value, "starts": starts, "expected": "at", "expected_at": ends}
    return _new_page({**told, "system": web.key_in_address("system")}, {})


@bp.post("/new")
@requires(SystemPermission.INFORM)
def declare() -> ResponseReturnValue:
    form = DisturbanceForm()
    made: list[Disturbance] = []
    errors = attempt(form, lambda: made.append(_declare(form)))
    if errors:
        return _new_page(form.data, _on_fields(errors)), 422
    is_planned = made[0].kind is DisturbanceKind.MAINTENANCE
    if is_planned and (outside := queries.outside_windows(made[0], actor(), clock.own_zone())):
        flash(_warning(outside), "warning")
    flash(
        gettext("Servicevinduet er meldt ud.")
        if is_planned
        else gettext("Driftsforstyrrelsen er meldt ud. Den står nu øverst hos alle, der bruger systemet."),
        "success",
    )
    return web.see_other("status.show", disturbance_id=made[0].id)


def _warning(outside: Mapping[str, Sequence[Window]]) -> str:
    """Planned at another time than agreed: said, not refused."""
    told = "; ".join(f"{name}: {', '.join(map(telling.window_in_words, some))}" for name, some in outside.items())
    return gettext("Bemærk: Det ligger uden for de faste servicevinduer. %(windows)s.", windows=told)


def _declare(form: DisturbanceForm) -> Disturbance:
    now = clock.now()
    system_ids = [*([form.system.data] if form.system.data else []), *(form.systems.data or [])]
    told = commands.NewDisturbance(
        system_ids=system_ids,
        kind=DisturbanceKind(form.kind.data or ""),
        message=form.message.data or "",
        advice=form.advice.data or "",
        starts_at=form.starts.instant,
        expected_end_at=form.ends_at(now),
    )
    return commands.declare_disturbance(told, by=actor(), now=now)


def _on_fields(errors: dict[str, str]) -> dict[str, str]:
    """Errors by the fields that the page has: it asks for one system first."""
    names = {"systems": "system"}
    return {names.get(name, name): message for name, message in errors.items()}


@bp.get("/<int:disturbance_id>")
@signed_in
def show(disturbance_id: int) -> str:
    bell.opened(f"disturbance-{disturbance_id}")
    return page(queries.get_disturbance(disturbance_id, actor()))


@bp.post("/<int:disturbance_id>/updates")
@requires(SystemPermission.INFORM)
def update(disturbance_id: int) -> ResponseReturnValue:
    form, now = UpdateForm(), clock.now()
    row = _changeable(disturbance_id)
    errors = attempt(
        form,
        lambda: commands.update_disturbance(
            disturbance_id,
            body=form.body.data or "",
            expected_end_at=form.ends_at(now, row.expected_end_at),
            by=actor(),
            now=now,
        ),
    )
    if errors:
        return page(_changeable(disturbance_id), form.data, errors), 422
    flash(gettext("Opdateringen er sendt."), "success")
    return web.see_other("status.show", disturbance_id=disturbance_id)


@bp.post("/<int:disturbance_id>/systems")
@requires(SystemPermission.INFORM)
def widen(disturbance_id: int) -> ResponseReturnValue:
    """Those that do not run without what is down already are proposed, and may be added."""
    row = _changeable(disturbance_id)
    proposed = {one.id: one.name for one in _proposed(row)}
    chosen = [id_ for id_ in map(read_key, request.form.getlist("systems")) if id_ in proposed]
    if not chosen:
        return page(row, {}, {"systems": gettext("Vælg mindst ét system.")}), 422
    names = ", ".join(name for id_, name in proposed.items() if id_ in chosen)
    body = gettext("Det rammer også %(systems)s.", systems=names)
    commands.widen_disturbance(disturbance_id, chosen, body=body, by=actor(), now=clock.now())
    flash(gettext("%(systems)s er føjet til.", systems=names), "success")
    return web.see_other("status.show", disturbance_id=disturbance_id)


def _proposed(row: Disturbance) -> list[NamedSystem]:
    return queries.dependents([one.id for one in row.systems], actor(), SystemPermission.INFORM)


@bp.post("/<int:disturbance_id>/end")
@requires(SystemPermission.INFORM)
def end(disturbance_id: int) -> ResponseReturnValue:
    form = EndForm()
    errors = attempt(
        form,
        lambda: commands.end_disturbance(disturbance_id, outcome=form.outcome.data or "", by=actor(), now=clock.now()),
    )
    if errors:
        return page(_changeable(disturbance_id), form.data, errors), 422
    return web.see_other("status.show", disturbance_id=disturbance_id)


@bp.post("/<int:disturbance_id>/resumption")
@requires(SystemPermission.INFORM)
def resume(disturbance_id: int) -> ResponseReturnValue:
    commands.resume_disturbance(disturbance_id, by=actor(), now=clock.now())
    flash(gettext("Fortrudt. Den står som i gang igen."), "success")
    return web.see_other("status.show", disturbance_id=disturbance_id)


@bp.post("/<int:disturbance_id>/major")
@requires(SystemPermission.INFORM)
def make_major(disturbance_id: int) -> ResponseReturnValue:
    commands.set_major(disturbance_id, True, by=actor(), now=clock.now())
    flash(gettext("Den er nu en større hændelse. Saml dens henvendelser, så kan de løses på én gang."), "success")
    return web.see_other("status.show", disturbance_id=disturbance_id)


@bp.post("/<int:disturbance_id>/major/end")
@requires(SystemPermission.INFORM)
def make_minor(disturbance_id: int) -> ResponseReturnValue:
    commands.set_major(disturbance_id, False, by=actor(), now=clock.now())
    flash(gettext("Den er ikke længere en større hændelse."), "success")
    return web.see_other("status.show", disturbance_id=disturbance_id)


@bp.post("/<int:disturbance_id>/withdrawal")
@requires(SystemPermission.INFORM)
def withdraw(disturbance_id: int) -> ResponseReturnValue:
    commands.withdraw_disturbance(disturbance_id, by=actor(), now=clock.now())
    return web.see_other("status.show", disturbance_id=disturbance_id)


@bp.post("/<int:disturbance_id>/restoration")
@requires(SystemPermission.INFORM)
def restore(disturbance_id: int) -> ResponseReturnValue:
    commands.restore_disturbance(disturbance_id, by=actor(), now=clock.now())
    flash(gettext("Den er meldt ud igen."), "success")
    return web.see_other("status.show", disturbance_id=disturbance_id)


def _changeable(disturbance_id: int) -> Disturbance:
    return queries.get_disturbance(disturbance_id, actor(), DisturbancePermission.CHANGE)


def _new_page(given: dict[str, Any], errors: dict[str, str]) -> str:
    systems = queries.heard_of(actor(), SystemPermission.INFORM)
    return render_template(
        "systems/disturbance_form.html",
        given=given,
        errors=errors,
        systems=[(system.id, system.name) for system in systems],
        is_planned=given.get("kind") == DisturbanceKind.MAINTENANCE.value,
    )


# The panels of others stand on it, too, and what they refuse is shown on it again.
def page(row: Disturbance, typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    who, now = actor(), clock.now()
    may_change = is_open(DisturbancePermission.CHANGE, who) and queries.may_change_disturbance(row, who)
    return render_template(
        "systems/disturbance.html",
        one=row,
        phase=row.phase(now),
        advice=markup.render(row.advice),
        outcome=markup.render(row.outcome or ""),
        updates=[(line, by, markup.render(line.body)) for line, by in queries.updates_of(row)],
        may_change=may_change,
        proposed=_proposed(row) if may_change and row.phase(now) is not Phase.OVER else [],
        may_resume=may_change and may_take_back(row.ended_at, now),
        panels=panels.shown(panels.Place.DISTURBANCE, row, who),
        typed=typed or {},
        errors=errors or {},
        now=now,
    )
