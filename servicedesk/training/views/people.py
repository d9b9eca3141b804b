"""The coordinator's pages of people: how everybody stands, and what each has taken, with corrections."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, looking, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import ConflictError
from servicedesk.core.forms import Form
from servicedesk.core.labels import in_words, options
from servicedesk.core.language import gettext as _
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.models import Person
from servicedesk.organisation.views.units import unit_choices
from servicedesk.training import commands, meeting, own, queries
from servicedesk.training.forms import ExemptionForm, ReasonForm, RecordForm
from servicedesk.training.policy import CoordinationPermission, LearnerPermission, RecordPermission
from servicedesk.training.rules import CourseKind, Status
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import chosen_customer, standing

_COORDINATE = CoordinationPermission.COORDINATE


@bp.get("/training/people", endpoint="people")
@requires(LearnerPermission.KEEP)
def all_people() -> str:
    who, today = actor(), clock.today()
    customer = chosen_customer(who, _COORDINATE)
    units = queries.units_to_choose(customer.id, who)
    unit_id = web.key_in_address("unit")
    wanted = _wanted({unit.id: unit.path for unit in units}, unit_id)
    looking.note_search(wanted.q)
    found = meeting.people(customer.id, who, wanted, today)
    start = min(max(web.key_in_address("from") or 0, 0), max(len(found) - 1, 0))
    return render_template(
        "training/people.html",
        **standing(who, customer),
        found=found[start : start + meeting.PAGE],
        count=len(found),
        before=max(start - meeting.PAGE, 0) if start else None,
        after=start + meeting.PAGE if start + meeting.PAGE < len(found) else None,
        wanted=wanted,
        unit_id=unit_id,
        unit_names={unit.id: unit.name for unit in units},
        units=unit_choices(units),
        systems=[(system.id, system.name) for system in queries.systems_of(customer.id)],
        requirements=queries.requirements(customer.id, who),
        statuses=options(Status),
        address=_address(),
        may_import=any(one.id == customer.id for one in queries.customers(who)),
        today=today,
    )


@bp.get("/training/people.<sheet:ending>")
@requires(LearnerPermission.KEEP)
def people_table(ending: str) -> Response:
    """Everybody on the list, not a page of them."""
    who = actor()
    customer = chosen_customer(who, _COORDINATE)
    units = queries.units_to_choose(customer.id, who)
    wanted = _wanted({unit.id: unit.path for unit in units}, web.key_in_address("unit"))
    table = Table(
        file="uddannelse",
        title=_("Alle medarbejdere"),
        columns=[_("Navn"), _("Enhed"), *(in_words(status) for status in _SHOWN)],
        rows=_rows(meeting.people(customer.id, who, wanted, clock.today()), {unit.id: unit.name for unit in units}),
        chosen=[(_("Organisation"), customer.name)],
        notes=[_("Tallene er obligatoriske krav for hver medarbejder.")],
    )
    return taken_home(table, ending)


_SHOWN = (Status.MISSING, Status.EXPIRED, Status.EXPIRING, Status.EXEMPT, Status.TRAINED)


def _rows(found: Iterable[meeting.Found], units: Mapping[int, str]) -> Iterator[list[Any]]:
    for each in found:
        counts = each.counts
        yield [each.learner.name, units.get(each.learner.unit_id), *(counts[status] for status in _SHOWN)]


def _wanted(paths: Mapping[int, str], unit_id: int | None) -> meeting.Wanted:
    status = request.args.get("status", "")
    top = paths.get(unit_id, "-") if unit_id is not None else None
    return meeting.Wanted(
        q=web.text_in_address("q", 100).strip(),
        unit_ids=None if top is None else frozenset(id_ for id_, path in paths.items() if path.startswith(top)),
        requirement_id=web.key_in_address("requirement"),
        system_id=web.key_in_address("system"),
        status=Status(status) if status in {one.value for one in Status} else None,
    )


def _address() -> dict[str, str]:
    names = ("customer", "q", "unit", "requirement", "system", "status")
    return {name: request.args[name][:100] for name in names if request.args.get(name)}


@bp.get("/training/people/<int:person_id>")
@requires(LearnerPermission.KEEP)
def person(person_id: int) -> str:
    return _page(queries.get_learner(person_id, actor()), {}, {})


@bp.post("/training/people/<int:person_id>/records")
@requires(LearnerPermission.KEEP)
def add_record(person_id: int) -> ResponseReturnValue:
    queries.get_learner(person_id, actor())
    form = RecordForm()
    return _do(person_id, form, lambda told: _register(person_id, form, told), _("Kursusbeviset er registreret."), "r-")


@bp.post("/training/people/<int:person_id>/exemptions")
@requires(LearnerPermission.KEEP)
def add_exemption(person_id: int) -> ResponseReturnValue:
    queries.get_learner(person_id, actor())
    form = ExemptionForm()
    return _do(person_id, form, lambda told: _exempt(person_id, form, told), _("Fritagelsen er registreret."), "e-")


@bp.post("/training/records/<int:record_id>/withdrawal")
@requires(LearnerPermission.KEEP)
def withdraw_record(record_id: int) -> ResponseReturnValue:
    record, form = queries.get_record(record_id, actor(), RecordPermission.CORRECT), ReasonForm()
    said = _("Kursusbeviset er trukket tilbage og tæller ikke med længere.")

    def act(told: dict[str, Any]) -> None:
        commands.withdraw_record(record_id, reason=form.reason.data or "", by=told["by"], now=told["now"])

    return _do(record.person_id, form, act, said, f"w{record_id}-")


def _register(person_id: int, form: RecordForm, told: dict[str, Any]) -> None:
    commands.register(person_id, form.course_id.data or 0, form.told(), **told)


def _exempt(person_id: int, form: ExemptionForm, told: dict[str, Any]) -> None:
    commands.exempt(
        person_id,
        form.course_id.data or 0,
        reason=form.reason.data or "",
        starts_on=form.starts_on.data or date.max,
        ends_on=form.ends_on.data,
        **told,
    )


def _do(
    person_id: int, form: Form, act: Callable[[dict[str, Any]], object], said: str, prefix: str
) -> ResponseReturnValue:
    """`prefix` tells the page's forms apart: an error stands at the field of the one that was sent."""
    told = {"today": clock.today(), "by": actor(), "now": clock.now()}
    try:
        errors = attempt(form, lambda: act(told))
    except ConflictError as error:
        errors = {next(iter(form.data)): web.refusal(error)}
    if errors:
        given = {prefix + name: value for name, value in request.form.items()}
        one = queries.get_learner(person_id, actor())
        return _page(one, given, {prefix + name: text for name, text in errors.items()}), 422
    flash(said, "success")
    return web.see_other("training.person", person_id=person_id)


def _page(one: Person, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    who, today = actor(), clock.today()
    read = queries.statuses(one.customer_id, today, people=Person.id == one.id)
    lines = read.lines(one.id) if read.learners else []
    courses = queries.courses(one.customer_id, who)
    return render_template(
        "training/person.html",
        person=one,
        tasks=own.by_course(lines, read.names),
        records=queries.of_person(one.id, who, with_withdrawn=True),
        names=queries.names_behind(one.id, who),
        courses=[(course.id, course.name) for course in courses],
        registrable=[(course.id, course.name) for course in courses if course.kind is not CourseKind.GUIDELINE],
        is_self=one.id == who.id,
        given=given,
        errors=errors,
        today=today,
    )
