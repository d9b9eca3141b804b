"""Building a survey: its terms, its questions, and how it will look."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import clock, labels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import N_, ConflictError
from servicedesk.organisation.forms import attempt
from servicedesk.organisation.views.units import unit_choices
from servicedesk.surveys.commands import building as commands
from servicedesk.surveys.forms import QuestionForm, SurveyForm
from servicedesk.surveys.models import Question, Survey
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.rules import WITH_OPTIONS, Kind, Sampling, SurveyState
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.showing import shown
from servicedesk.surveys.views.surveys import USUAL

RUN = SurveyPermission.RUN
Errors = dict[str, str] | None


@bp.get("/satisfaction/surveys/new")
@requires(RUN)
def new_survey() -> str:
    today = clock.today()
    usual = {"is_anonymous": "yes", "sampling": Sampling.ALL.value, "opens_on": today, "closes_on": today + USUAL}
    return _terms_page(None, usual)


@bp.post("/satisfaction/surveys/new")
@requires(RUN)
def make_survey() -> ResponseReturnValue:
    form, made = SurveyForm(), []
    errors = attempt(form, lambda: made.append(commands.make(form.terms(), by=actor(), now=clock.now())))
    if errors:
        return _terms_page(None, _typed(form), errors), 422
    return web.see_other("surveys.survey", survey_id=made[0].id)


@bp.get("/satisfaction/surveys/<int:survey_id>")
@requires(RUN)
def survey(survey_id: int) -> ResponseReturnValue:
    found = surveys.get(survey_id, actor(), RUN)
    if found.state is SurveyState.CLOSED:
        return redirect(url_for("surveys.results", survey_id=survey_id), 303)
    return _survey_page(found)


@bp.get("/satisfaction/surveys/<int:survey_id>/terms")
@requires(RUN)
def survey_terms(survey_id: int) -> str:
    found = surveys.get(survey_id, actor(), RUN)
    names = ("title", "intro", "unit_id", "amount", "opens_on", "closes_on")
    given = {name: getattr(found, name) for name in names}
    given |= {"is_anonymous": "yes" if found.is_anonymous else "no", "sampling": found.sampling.value}
    return _terms_page(found, given)


@bp.post("/satisfaction/surveys/<int:survey_id>/terms")
@requires(RUN)
def change_survey(survey_id: int) -> ResponseReturnValue:
    form, found = SurveyForm(), surveys.get(survey_id, actor(), RUN)
    errors = attempt(form, lambda: commands.change_terms(survey_id, form.terms(), by=actor(), now=clock.now()))
    if errors:
        return _terms_page(found, _typed(form), errors), 422
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other("surveys.survey", survey_id=survey_id)


@bp.post("/satisfaction/surveys/<int:survey_id>/questions")
@requires(RUN)
def add_question(survey_id: int) -> ResponseReturnValue:
    form, found = QuestionForm(), surveys.get(survey_id, actor(), RUN)
    told: dict[str, Any] = {"by": actor(), "now": clock.now()}
    errors = attempt(form, lambda: commands.add_question(survey_id, *form.told(), **told))
    if errors:
        return _survey_page(found, form.data, errors), 422
    return redirect(url_for("surveys.survey", survey_id=survey_id, _anchor="questions"), 303)


@bp.get("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>")
@requires(RUN)
def question(survey_id: int, question_id: int) -> str:
    found, asked = _question(survey_id, question_id)
    given = {"kind": asked.kind.value, "words": asked.words, "options": "\n".join(asked.options)}
    return _question_page(found, asked, given)


@bp.post("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>")
@requires(RUN)
def change_question(survey_id: int, question_id: int) -> ResponseReturnValue:
    form, (found, asked) = QuestionForm(), _question(survey_id, question_id)
    told: dict[str, Any] = {"by": actor(), "now": clock.now()}
    errors = attempt(form, lambda: commands.change_question(survey_id, question_id, *form.told(), **told))
    if errors:
        return _question_page(found, asked, form.data, errors), 422
    return redirect(url_for("surveys.survey", survey_id=survey_id, _anchor="questions"), 303)


@bp.post("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>/up")
@requires(RUN)
def raise_question(survey_id: int, question_id: int) -> ResponseReturnValue:
    commands.raise_question(survey_id, question_id, by=actor(), now=clock.now())
    return redirect(url_for("surveys.survey", survey_id=survey_id, _anchor="questions"), 303)


@bp.post("/satisfaction/surveys/<int:survey_id>/questions/<int:question_id>/removal")
@requires(RUN)
def remove_question(survey_id: int, question_id: int) -> ResponseReturnValue:
    commands.remove_question(survey_id, question_id, by=actor(), now=clock.now())
    return redirect(url_for("surveys.survey", survey_id=survey_id, _anchor="questions"), 303)


@bp.get("/satisfaction/surveys/<int:survey_id>/preview")
@requires(RUN)
def preview(survey_id: int) -> str:
    """As those see it who are asked; nothing can be sent from it."""
    found = surveys.get(survey_id, actor(), RUN)
    return render_template("surveys/preview.html", survey=found, questions=shown(surveys.questions_of(survey_id)))


def _question(survey_id: int, question_id: int) -> tuple[Survey, Question]:
    found = surveys.get(survey_id, actor(), RUN)
    if found.state is not SurveyState.DRAFT:
        raise ConflictError(N_("Målingen kan ikke ændres, når den er planlagt eller åben."))
    return found, surveys.get_question(found, question_id)


def _typed(form: SurveyForm) -> dict[str, Any]:
    """What was typed, also where it makes no sense."""
    return {field.name: field.raw_data[0] if field.raw_data else field.data for field in form}


def _terms_page(found: Survey | None, typed: dict[str, Any], errors: Errors = None) -> str:
    return render_template(
        "surveys/terms.html",
        survey=found,
        typed=typed,
        errors=errors or {},
        units=unit_choices(surveys.units(actor())),
        samplings=labels.options(Sampling),
    )


def _survey_page(found: Survey, typed: dict[str, Any] | None = None, errors: Errors = None) -> str:
    return render_template(
        "surveys/survey.html",
        survey=found,
        unit=surveys.unit_name(found),
        questions=surveys.questions_of(found.id),
        progress=surveys.progress(found) if found.state is SurveyState.OPEN else None,
        kinds=labels.options(Kind),
        with_options=WITH_OPTIONS,
        typed=typed or {"kind": Kind.STEPS.value},
        errors=errors or {},
        is_draft=found.state is SurveyState.DRAFT,
        today=clock.today(),
    )


def _question_page(found: Survey, asked: Question, typed: dict[str, Any], errors: Errors = None) -> str:
    return render_template(
        "surveys/question.html",
        survey=found,
        question=asked,
        typed=typed,
        errors=errors or {},
        kinds=labels.options(Kind),
    )
