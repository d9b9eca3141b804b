"""Local instruction: a superbruger notes whom he or she showed something on the spot."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import NotFoundError
from servicedesk.core.language import gettext as _
from servicedesk.organisation.forms import attempt
from servicedesk.training import commands, queries
from servicedesk.training.forms import InstructionForm
from servicedesk.training.models import Course
from servicedesk.training.policy import LearnerPermission
from servicedesk.training.rules import CourseKind
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import places


@bp.get("/training/instructions", endpoint="instructions")
@requires(LearnerPermission.INSTRUCT)
def choose_instruction() -> str:
    return render_template("training/instructions.html", places=places(actor()), courses=_courses())


@bp.get("/training/instructions/<int:local_id>")
@requires(LearnerPermission.INSTRUCT)
def instruction(local_id: int) -> str:
    return _page(_get(local_id), {"on": clock.today().isoformat()}, {})


@bp.post("/training/instructions/<int:local_id>")
@requires(LearnerPermission.INSTRUCT)
def instruct(local_id: int) -> ResponseReturnValue:
    one, form = _get(local_id), InstructionForm()
    noted = list[int]()
    errors = attempt(form, lambda: noted.append(_instruct(local_id, form)))
    if errors:
        return _page(one, {**request.form.to_dict(), "people": form.people.data or ()}, errors), 422
    flash(_("Gemt: %(num)s har nu kursusbevis for oplæringen.", num=noted[0]), "success")
    return web.see_other("training.instructions")


def _instruct(course_id: int, form: InstructionForm) -> int:
    told: Any = {"on": form.on.data, "today": clock.today(), "by": actor(), "now": clock.now()}
    return len(commands.instruct(course_id, form.people.data or (), **told))


def _courses() -> list[Course]:
    who = actor()
    found = queries.courses(who.customer_id, who) if who.customer_id is not None else []
    return [one for one in found if one.kind is CourseKind.LOCAL]


def _get(course_id: int) -> Course:
    one = queries.get_course(course_id, actor())
    if one.kind is not CourseKind.LOCAL:
        raise NotFoundError
    return one


def _page(one: Course, given: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    people, known = queries.instructable(one, actor(), clock.today())
    return render_template("training/instruction.html", one=one, people=people, known=known, given=given, errors=errors)
