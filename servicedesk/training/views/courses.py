"""The catalogue of courses, a page for each, and adding and changing them."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, markup, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.errors import ConflictError
from servicedesk.core.labels import options
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import is_open
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import get_unit
from servicedesk.training import commands, queries
from servicedesk.training.forms import CourseForm
from servicedesk.training.models import Course
from servicedesk.training.policy import CoordinationPermission, CoursePermission
from servicedesk.training.rules import CourseKind
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import chosen_customer, places

_MANAGE = CoursePermission.MANAGE


@bp.get("/training/courses", endpoint="courses")
@signed_in
def catalogue() -> str:
    who, now = actor(), clock.now()
    coordinated = queries.customers(who) if is_open(_MANAGE, who) else []
    asked = web.key_in_address("customer")
    customer = next((one for one in coordinated if one.id == asked), coordinated[0] if coordinated else None)
    customer_id = customer.id if customer else who.customer_id
    found = queries.offered(customer_id, who, now, only_active=customer is None) if customer_id is not None else []
    return render_template(
        "training/courses.html",
        places=places(who),
        found=found,
        customer=customer,
        customers=[(one.id, one.name) for one in coordinated],
    )


@bp.get("/training/courses/<int:course_id>")
@signed_in
def course(course_id: int) -> str:
    who, now = actor(), clock.now()
    one = queries.get_course(course_id, who)
    is_held = one.kind is not CourseKind.GUIDELINE
    text = queries.get_text(one) if not is_held else None
    records = queries.of_person(who.id, who) if who.id is not None else []
    return render_template(
        "training/course.html",
        one=one,
        description=markup.render(one.description),
        text=text,
        body=markup.render(text.body) if text else None,
        own=[record for record in records if record.course_id == one.id],
        coming=queries.seatings(who, now, course_ids=[one.id]) if is_held else [],
        past=queries.seatings(who, now, course_ids=[one.id], past=True) if is_held else [],
        may_manage=queries.may_manage(one, who),
        today=clock.today(),
    )


@bp.get("/training/courses/new")
@requires(CoordinationPermission.COORDINATE_CUSTOMER)
def new_course() -> str:
    return _page(chosen_customer(actor()), {"kind": CourseKind.CLASSROOM.value}, {})


@bp.post("/training/courses/new")
@requires(CoordinationPermission.COORDINATE_CUSTOMER)
def add_course() -> ResponseReturnValue:
    customer, form, made = chosen_customer(actor()), CourseForm(), list[Course]()
    errors = attempt(form, lambda: made.append(_add(customer.id, form)))
    if errors:
        return _page(customer, form.data, errors), 422
    flash(_("Kurset er oprettet."), "success")
    if made[0].kind is CourseKind.GUIDELINE:
        return web.see_other("training.new_text", signed_id=made[0].id)
    return web.see_other("training.course", course_id=made[0].id)


@bp.get("/training/courses/<int:course_id>/edit")
@requires(_MANAGE)
def edit_course(course_id: int) -> str:
    one = queries.get_course(course_id, actor(), _MANAGE)
    return _page(_customer_of(one), _told(one), {}, one)


@bp.post("/training/courses/<int:course_id>/edit")
@requires(_MANAGE)
def change_course(course_id: int) -> ResponseReturnValue:
    one, form = queries.get_course(course_id, actor(), _MANAGE), CourseForm()
    form.kind.data = one.kind.value
    try:
        errors = attempt(form, lambda: _change(course_id, form))
    except ConflictError as error:
        given = {**form.data, "seen": one.changes}
        return _page(_customer_of(one), given, {"name": web.refusal(error)}, one), error.status
    if errors:
        return _page(_customer_of(one), form.data, errors, one), 422
    flash(_("Ændringerne er gemt."), "success")
    return web.see_other("training.course", course_id=course_id)


def _add(customer_id: int, form: CourseForm) -> Course:
    return commands.add_course(customer_id, form.terms(is_active=True), by=actor(), now=clock.now())


def _change(course_id: int, form: CourseForm) -> None:
    terms = form.terms(is_active=bool(form.is_active.data))
    commands.change_course(course_id, terms, seen=form.seen.data, by=actor(), now=clock.now())


def _customer_of(one: Course) -> Unit:
    return get_unit(one.customer_id, actor(), CoordinationPermission.COORDINATE_CUSTOMER)


def _told(one: Course) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "description": one.description,
        "link": one.link,
        "minutes": one.minutes,
        "systems": [system.id for system in one.systems],
        "is_active": one.is_active,
        "seen": one.changes,
    }


def _page(customer: Unit, given: Mapping[str, Any], errors: Mapping[str, str], one: Course | None = None) -> str:
    return render_template(
        "training/course_form.html",
        customer=customer,
        one=one,
        given=given,
        errors=errors,
        kinds=options(CourseKind),
        systems=[(system.id, system.name) for system in queries.systems_of(customer.id)],
        action=request.path,
    )
