"""Visits: where one would help most, planning one, and what was seen there."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue

from servicedesk.competence import commands, effects, need, visits
from servicedesk.competence.effects import Effect
from servicedesk.competence.forms import FindingForm, VisitForm
from servicedesk.competence.models import Visit
from servicedesk.competence.policy import UnitCompetencePermission, VisitPermission
from servicedesk.competence.rules import ENOUGH_ALIKE, FOLLOW_UPS, USUAL_MINUTES, FindingKind, VisitState
from servicedesk.competence.views import bp, place
from servicedesk.competence.views.effects import words_of_effects
from servicedesk.competence.words import rate
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import ConflictError, RefusedError
from servicedesk.core.labels import in_words, options
from servicedesk.core.language import gettext
from servicedesk.core.markup import render
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.views.units import unit_choices
from servicedesk.superbrugere import corps
from servicedesk.training import queries as training

LOOK, COORDINATE = UnitCompetencePermission.LOOK, UnitCompetencePermission.COORDINATE
#: What a ticket may be said to take, in minutes.
LEAST_MINUTES, MOST_MINUTES = 5, 480


@bp.get("/competence/visits")
@requires(LOOK)
def visit_list() -> str:
    who = actor()
    customer, when = place.chosen(who), place.period()
    told, minutes = place.standing(who, customer), _minutes()
    found = need.proposals(need.read(customer.id, when, who), minutes) if told["coordinates"] else []
    return render_template(
        "competence/visits.html",
        **told,
        proposals=found,
        minutes=minutes,
        listed=visits.listed(customer.id, who),
        open=visits.open_proposals(customer.id, who),
        rate=rate,
        enough=ENOUGH_ALIKE,
        period=when,
        link=place.linker(when, who),
        address=place.address(),
    )


@bp.get("/competence/visits.<sheet:ending>")
@requires(LOOK)
def visits_table(ending: str) -> Response:
    who = actor()
    customer = place.chosen(who)
    found = visits.listed(customer.id, who)
    table = Table(
        file="serviceeftersyn",
        title=gettext("Serviceeftersyn"),
        columns=[gettext("Enhed"), gettext("System"), gettext("Dato"), gettext("Hvem"), gettext("Tilstand")],
        rows=(
            [
                *(one.unit.name, one.system.name if one.system else gettext("Alle systemer"), one.visit_on),
                *(", ".join(person.name for person in one.people), in_words(one.state)),
            ]
            for one in (*found.planned, *found.past)
        ),
        chosen=[(gettext("Organisation"), customer.name)],
    )
    return taken_home(table, ending)


def _minutes() -> int:
    asked = web.key_in_address("minutes")
    return USUAL_MINUTES if asked is None else min(max(asked, LEAST_MINUTES), MOST_MINUTES)


@bp.get("/competence/visits/<int:visit_id>")
@requires(VisitPermission.READ)
def visit(visit_id: int) -> str:
    return _visit_page(visits.get(visit_id, actor()), {}, {})


def _visit_page(one: Visit, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    who, today = actor(), clock.today()
    notes = visits.may(one, who, VisitPermission.NOTE)
    return render_template(
        "competence/visit.html",
        visit=one,
        goals=render(one.goals),
        findings=visits.findings(one, who),
        follow_ups=[(row, Effect.of_kept(row.told) if row.told else None) for row in visits.follow_ups(one)],
        effect=effects.of_visit(one, one.unit.path, today) if one.state is VisitState.HELD else None,
        may_note=notes and one.state is not VisitState.CANCELLED,
        may_change=visits.may(one, who, VisitPermission.CHANGE),
        is_due=one.visit_on <= today,
        kinds=options(FindingKind),
        courses=[(each.id, each.name) for each in training.courses(one.customer_id, who)] if notes else [],
        weeks=FOLLOW_UPS,
        given=given,
        errors=errors,
        form_id=given.get("form_id") or token_hex(16),
        **words_of_effects(),
    )


# ------------------------------------------------------------------------------------------------ planning


@bp.get("/competence/visits/new")
@requires(COORDINATE)
def new_visit() -> str:
    customer = place.chosen(actor(), COORDINATE)
    given: dict[str, Any] = {"unit": web.key_in_address("unit"), "system": web.key_in_address("system"), "people": []}
    return _form_page(customer, given, {})


@bp.post("/competence/visits/new")
@requires(COORDINATE)
def plan_visit() -> ResponseReturnValue:
    customer, form = place.chosen(actor(), COORDINATE), VisitForm()
    made = list[Visit]()
    errors = attempt(form, lambda: made.append(_plan(customer, form)))
    if errors:
        return _form_page(customer, form.data, errors), 422
    flash(gettext("Eftersynet er planlagt."), "success")
    return web.see_other("competence.visit", visit_id=made[0].id)


def _plan(customer: Unit, form: VisitForm) -> Visit:
    form_id = form.form_id.data or ""
    return commands.plan_visit(customer.id, form.plan(), form_id=form_id, by=actor(), now=clock.now())


@bp.get("/competence/visits/<int:visit_id>/edit")
@requires(VisitPermission.CHANGE)
def edit_visit(visit_id: int) -> str:
    one = visits.get(visit_id, actor(), VisitPermission.CHANGE)
    return _form_page(_customer_of(one), _told(one), {}, one)


@bp.post("/competence/visits/<int:visit_id>/edit")
@requires(VisitPermission.CHANGE)
def change_visit(visit_id: int) -> ResponseReturnValue:
    one, form = visits.get(visit_id, actor(), VisitPermission.CHANGE), VisitForm()
    customer = _customer_of(one)
    try:
        errors = attempt(form, lambda: _change(visit_id, form))
    except ConflictError as error:
        return _form_page(
            customer, {**form.data, "seen": one.version}, {"goals": web.refusal(error)}, one
        ), error.status
    if errors:
        return _form_page(customer, form.data, errors, one), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("competence.visit", visit_id=visit_id)


def _change(visit_id: int, form: VisitForm) -> None:
    commands.change_visit(visit_id, form.plan(), seen=form.seen.data, by=actor(), now=clock.now())


def _customer_of(one: Visit) -> Unit:
    return next(each for each in place.customers(actor(), COORDINATE) if each.id == one.customer_id)


def _told(one: Visit) -> dict[str, Any]:
    return {
        "unit": one.unit_id,
        "system": one.system_id,
        "visit_on": one.visit_on.isoformat(),
        "goals": one.goals,
        "people": [each.id for each in one.people],
        "seen": one.version,
    }


def _form_page(customer: Unit, given: Mapping[str, Any], errors: Mapping[str, str], one: Visit | None = None) -> str:
    people = visits.candidates(customer.id, clock.today())
    return render_template(
        "competence/visit_form.html",
        customer=customer,
        visit=one,
        given=given,
        errors=errors,
        units=unit_choices(organisation.in_tree_order(corps.units_of(customer.id))),
        systems=[(each.id, each.name) for each in corps.systems_of(customer.id)],
        people=[(each.id, each.name, each.title or None) for each in people],
        form_id=given.get("form_id") or token_hex(16),
    )


# ------------------------------------------------------------------------------------------------ how it goes


@bp.post("/competence/visits/<int:visit_id>/held")
@requires(VisitPermission.NOTE)
def hold_visit(visit_id: int) -> ResponseReturnValue:
    commands.hold_visit(visit_id, by=actor(), now=clock.now())
    flash(gettext("Afholdt. Vi ser på tallene efter 4 og 12 uger og siger til."), "success")
    return web.see_other("competence.visit", visit_id=visit_id)


@bp.post("/competence/visits/<int:visit_id>/cancellation")
@requires(VisitPermission.CHANGE)
def call_off_visit(visit_id: int) -> ResponseReturnValue:
    commands.call_off(visit_id, by=actor(), now=clock.now())
    flash(gettext("Eftersynet er aflyst."), "success")
    return web.see_other("competence.visit", visit_id=visit_id)


@bp.post("/competence/visits/<int:visit_id>/findings")
@requires(VisitPermission.NOTE)
def add_finding(visit_id: int) -> ResponseReturnValue:
    one, form = visits.get(visit_id, actor(), VisitPermission.NOTE), FindingForm()
    try:
        errors = attempt(form, lambda: _find(visit_id, form))
    except RefusedError as error:
        if error.status == 404:
            raise
        return _visit_page(one, form.data, {"body": web.refusal(error)}), error.status
    if errors:
        return _visit_page(one, form.data, errors), 422
    flash(gettext("Det er skrevet ned."), "success")
    return web.see_other("competence.visit", visit_id=visit_id)


def _find(visit_id: int, form: FindingForm) -> None:
    commands.add_finding(
        visit_id,
        body=form.body.data or "",
        kind=FindingKind(form.kind.data or ""),
        course_id=form.course.data,
        form_id=form.form_id.data or "",
        by=actor(),
        now=clock.now(),
    )


@bp.post("/competence/findings/<int:finding_id>/done")
@requires(VisitPermission.CHANGE)
def deal_with(finding_id: int) -> ResponseReturnValue:
    found = commands.deal_with(finding_id, by=actor(), now=clock.now())
    flash(gettext("Forslaget er klaret."), "success")
    return web.see_other("competence.visit", visit_id=found.visit_id)
