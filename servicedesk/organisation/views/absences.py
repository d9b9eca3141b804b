"""When people are away: one's own, and what the leader of a servicedesk plans for others."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.formats import day
from servicedesk.organisation import absences, administration, commands, queries
from servicedesk.organisation.forms import AbsenceForm, attempt
from servicedesk.organisation.models import Absence
from servicedesk.organisation.policy import PersonPermission
from servicedesk.organisation.views.blueprint import bp

administration.offer(
    administration.Card(
        _("Fravær"),
        _("Hvem der er væk, og hvem der er stedfortræder"),
        "organisation.absences_of_others",
        "calendar",
        PersonPermission.PLAN_ABSENCE_OF_OTHERS,
        rank=35,
    )
)


@bp.get("/me/absence")
@signed_in
def own_absence() -> str:
    return _own_page({}, {})


@bp.post("/me/absence")
@signed_in
def plan_own_absence() -> ResponseReturnValue:
    form = AbsenceForm()
    errors = attempt(form, lambda: _plan(actor().id or 0, form))
    if errors:
        return _own_page(request.form, errors), 422
    return web.see_other("organisation.own_absence")


@bp.get("/admin/absences")
@requires(PersonPermission.PLAN_ABSENCE_OF_OTHERS)
def absences_of_others() -> str:
    return _others_page({}, {})


@bp.post("/admin/absences")
@requires(PersonPermission.PLAN_ABSENCE_OF_OTHERS)
def plan_absence_of_other() -> ResponseReturnValue:
    form = AbsenceForm()
    errors = attempt(form, lambda: _plan(form.person_id.data or 0, form))
    if errors:
        return _others_page(request.form, errors), 422
    return web.see_other("organisation.absences_of_others")


@bp.post("/absences/<int:absence_id>/end")
@signed_in
def end_absence(absence_id: int) -> ResponseReturnValue:
    ended = commands.end_absence(absence_id, by=actor(), now=clock.now(), today=clock.today())
    flash(gettext("Fraværet er fjernet."), "success")
    is_own = ended.person_id == actor().id
    return web.see_other("organisation.own_absence" if is_own else "organisation.absences_of_others")


def _plan(person_id: int, form: AbsenceForm) -> None:
    assert form.starts_on.data is not None
    assert form.ends_on.data is not None
    today = clock.today()
    made = commands.plan_absence(
        person_id,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        deputy_id=form.deputy_id.data,
        note=form.note.data or "",
        by=actor(),
        now=clock.now(),
        today=today,
    )
    flash(
        gettext("Fraværet er gemt: %(first)s – %(last)s.", first=day(made.starts_on), last=day(made.ends_on)), "success"
    )
    _warn_of_absent_deputy(made)


def _warn_of_absent_deputy(made: Absence) -> None:
    """That is allowed, as long as somebody knows."""
    if made.deputy_id is None:
        return
    if absences.overlapping([made.deputy_id], made.starts_on, made.ends_on):
        flash(
            gettext("Stedfortræderen er selv væk i en del af perioden. Så er det dennes stedfortræder."),
            "warning",
        )


def _own_page(given: Any, errors: dict[str, str]) -> str:
    who, today = actor(), clock.today()
    person = queries.get_person(who.id or 0, who, PersonPermission.PLAN_ABSENCE)
    return render_template(
        "organisation/own_absence.html",
        planned=absences.of_person(person.id, who, today),
        stood_for=absences.stood_for(who.id, today),
        deputies=absences.possible_deputies(person, today),
        given=given,
        errors=errors,
        today=today,
    )


def _others_page(given: Any, errors: dict[str, str]) -> str:
    who, today = actor(), clock.today()
    people = absences.people_to_plan_for(who, today)
    return render_template(
        "organisation/absences.html",
        planned=absences.planned(who, today),
        people=people,
        deputies=people,
        given=given,
        errors=errors,
        today=today,
    )


def _on_profile(_nothing: None, who: Actor) -> str | None:
    """For those whose tickets somebody else may have to look after, and for who is a deputy today."""
    if not who.has_role(*absences.WITH_DUTIES):
        return None
    today = clock.today()
    planned = absences.of_person(who.id or 0, who, today)
    return render_template(
        "organisation/_absence_card.html", planned=planned, stood_for=absences.stood_for(who.id, today), today=today
    )


panels.offer(panels.Place.PROFILE, _on_profile, rank=20)
