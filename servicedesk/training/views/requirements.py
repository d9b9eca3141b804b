"""What is required of whom: a list with how it is met, and a form that shows whom it concerns before it is saved."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Role
from servicedesk.core.errors import ConflictError
from servicedesk.core.labels import options
from servicedesk.core.language import gettext as _
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.views.units import unit_choices
from servicedesk.training import commands, meeting, queries
from servicedesk.training.forms import ReasonForm, RequirementForm
from servicedesk.training.models import Requirement
from servicedesk.training.policy import CoordinationPermission, RequirementPermission
from servicedesk.training.queries.requirements import Concerned
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import chosen_customer, standing

_COORDINATE = CoordinationPermission.COORDINATE


@bp.get("/training/requirements", endpoint="requirements")
@requires(_COORDINATE)
def overview() -> str:
    who, today = actor(), clock.today()
    customer = chosen_customer(who, _COORDINATE)
    found = queries.requirements(customer.id, who)
    return render_template(
        "training/requirements.html",
        **standing(who, customer),
        found=found,
        met=meeting.of_requirements(customer.id, who, today) if found else {},
        today=today,
    )


@bp.get("/training/requirements/new")
@requires(_COORDINATE)
def new_requirement() -> str:
    given = {
        "strength": "mandatory",
        "deadline_days": 30,
        "starts_on": clock.today().isoformat(),
        "course_id": web.key_in_address("course"),
        "system_id": web.key_in_address("system"),
    }
    return _page(chosen_customer(actor(), _COORDINATE), given, {})


@bp.post("/training/requirements/new")
@requires(_COORDINATE)
def add_requirement() -> ResponseReturnValue:
    """First what it would mean, then, with `save`, what was shown."""
    customer, form, shown = chosen_customer(actor(), _COORDINATE), RequirementForm(), list[Concerned]()
    if "save" not in request.form:
        errors = attempt(form, lambda: shown.append(_thought_of(customer.id, form)))
        return _page(customer, request.form, errors, shown=shown), 422 if errors else 200
    errors = attempt(form, lambda: _make(customer.id, form))
    if errors:
        return _page(customer, request.form, errors), 422
    flash(_("Kravet er gemt. Dem, det gælder, ser det på deres egen side."), "success")
    return web.see_other("training.requirements", customer=customer.id)


@bp.get("/training/requirements/<int:requirement_id>/edit")
@requires(RequirementPermission.MANAGE)
def edit_requirement(requirement_id: int) -> str:
    one = queries.get_requirement(requirement_id, actor())
    return _page(_customer_of(one), _told(one), {}, one)


@bp.post("/training/requirements/<int:requirement_id>/edit")
@requires(RequirementPermission.MANAGE)
def change_requirement(requirement_id: int) -> ResponseReturnValue:
    one, form, shown = queries.get_requirement(requirement_id, actor()), RequirementForm(), list[Concerned]()
    if "save" not in request.form:
        errors = attempt(form, lambda: shown.append(_thought_of(one.customer_id, form)))
        return _page(_customer_of(one), request.form, errors, one, shown), 422 if errors else 200
    try:
        errors = attempt(form, lambda: _change(requirement_id, form))
    except ConflictError as error:
        given = {**request.form.to_dict(), "seen": one.version}
        return _page(_customer_of(one), given, {"course_id": web.refusal(error)}, one), error.status
    if errors:
        return _page(_customer_of(one), request.form, errors, one), 422
    flash(_("Ændringerne er gemt."), "success")
    return web.see_other("training.requirements", customer=one.customer_id)


@bp.post("/training/requirements/<int:requirement_id>/withdrawal")
@requires(RequirementPermission.MANAGE)
def withdraw_requirement(requirement_id: int) -> ResponseReturnValue:
    one, form = queries.get_requirement(requirement_id, actor()), ReasonForm()
    errors = attempt(form, lambda: _withdraw(requirement_id, form))
    if errors:
        return _page(_customer_of(one), _told(one), errors, one), 422
    flash(_("Kravet er trukket tilbage. Det, folk har taget, beholder de."), "success")
    return web.see_other("training.requirements", customer=one.customer_id)


def _thought_of(customer_id: int, form: RequirementForm) -> Concerned:
    need = commands.thought_of(customer_id, form.terms(), by=actor())
    return queries.concerned(customer_id, need, clock.today())


def _make(customer_id: int, form: RequirementForm) -> None:
    commands.make_requirement(customer_id, form.terms(), by=actor(), now=clock.now())


def _change(requirement_id: int, form: RequirementForm) -> None:
    commands.change_requirement(requirement_id, form.terms(), seen=form.seen.data, by=actor(), now=clock.now())


def _withdraw(requirement_id: int, form: ReasonForm) -> None:
    commands.withdraw_requirement(requirement_id, reason=form.reason.data or "", by=actor(), now=clock.now())


def _customer_of(one: Requirement) -> Unit:
    return next(each for each in queries.customers_of_parts(actor()) if each.id == one.customer_id)


def _told(one: Requirement) -> dict[str, Any]:
    return {
        "course_id": one.course_id,
        "system_id": one.system_id,
        "unit_id": one.unit_id,
        "role": one.role.value if one.role else "",
        "title": one.title,
        "strength": "mandatory" if one.is_mandatory else "recommended",
        "deadline_days": one.deadline_days,
        "validity_months": one.validity_months,
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat() if one.ends_on else "",
        "note": one.note,
        "seen": one.version,
    }


def _page(
    customer: Unit,
    given: Mapping[str, Any],
    errors: Mapping[str, str],
    one: Requirement | None = None,
    shown: list[Concerned] | None = None,
) -> str:
    who = actor()
    units = queries.units_to_choose(customer.id, who)
    return render_template(
        "training/requirement_form.html",
        customer=customer,
        one=one,
        given=given,
        errors=errors,
        shown=shown[0] if shown else None,
        courses=[(course.id, course.name) for course in queries.courses(customer.id, who)],
        systems=[(system.id, system.name) for system in queries.systems_of(customer.id)],
        units=unit_choices([unit for unit in units if unit.parent_id is not None]),
        is_over_all=any(unit.id == customer.id for unit in units),
        roles=options(Role),
        action=request.full_path.rstrip("?"),
    )
