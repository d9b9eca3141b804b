"""Following up ratings: the list, and one of them."""

from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.notifications import bell
from servicedesk.organisation.forms import attempt
from servicedesk.surveys.commands import following_up as commands
from servicedesk.surveys.forms import AnswerForm, DoneForm
from servicedesk.surveys.policy import RatingPermission
from servicedesk.surveys.queries import tasks
from servicedesk.surveys.rules import WORDS_LENGTH, Step
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.tabs import tabs
from servicedesk.tickets import queries as tickets

FOLLOW_UP = RatingPermission.FOLLOW_UP


@bp.get("/satisfaction/tasks")
@requires(FOLLOW_UP)
def list_tasks() -> str:
    who = actor()
    return render_template(
        "surveys/tasks.html",
        tabs=tabs(who),
        unfinished=tasks.unfinished(who),
        done=tasks.done(who),
        steps={step.value: step for step in Step},
        now=clock.now(),
    )


@bp.get("/satisfaction/tasks/<int:task_id>")
@requires(FOLLOW_UP)
def task(task_id: int) -> str:
    found = tasks.get(task_id, actor())
    bell.opened(f"followup-{task_id}")
    return _page(found)


@bp.post("/satisfaction/tasks/<int:task_id>/take")
@requires(FOLLOW_UP)
def take_task(task_id: int) -> ResponseReturnValue:
    commands.take(task_id, by=actor(), now=clock.now())
    return web.see_other("surveys.task", task_id=task_id)


@bp.post("/satisfaction/tasks/<int:task_id>/answer")
@requires(FOLLOW_UP)
def answer_task(task_id: int) -> ResponseReturnValue:
    form, found = AnswerForm(), tasks.get(task_id, actor())
    told: dict[str, Any] = {"by": actor(), "now": clock.now()}
    errors = attempt(form, lambda: commands.answer(task_id, form.answer.data or "", **told))
    if errors:
        return _page(found, form.data, errors), 422
    flash(gettext("Svaret er sendt til %(name)s.", name=found.rater.name), "success")
    return web.see_other("surveys.task", task_id=task_id)


@bp.post("/satisfaction/tasks/<int:task_id>/done")
@requires(FOLLOW_UP)
def finish_task(task_id: int) -> ResponseReturnValue:
    form, found = DoneForm(), tasks.get(task_id, actor())
    errors = attempt(form, lambda: commands.finish(task_id, form.note.data or "", by=actor(), now=clock.now()))
    if errors:
        return _page(found, form.data, errors), 422
    flash(gettext("Opfølgningen er afsluttet."), "success")
    return web.see_other("surveys.list_tasks")


@bp.post("/satisfaction/tasks/<int:task_id>/reopen")
@requires(FOLLOW_UP)
def reopen_task(task_id: int) -> ResponseReturnValue:
    commands.reopen(task_id, by=actor(), now=clock.now())
    flash(gettext("Opfølgningen er åbnet igen."), "success")
    return web.see_other("surveys.task", task_id=task_id)


def _page(found: tasks.Task, typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    held = tickets.hold(found.task.ticket_id, actor())
    return render_template(
        "surveys/task.html",
        one=found,
        task=found.task,
        rating=found.rating,
        ticket=held.ticket,
        step=Step(found.rating.step) if found.rating.step else None,
        typed=typed or {},
        errors=errors or {},
        most=WORDS_LENGTH,
        now=clock.now(),
    )
