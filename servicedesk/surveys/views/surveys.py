"""Surveys in a list, and what is done with one: opened, closed, asked again."""

from datetime import timedelta

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.permissions import is_open
from servicedesk.surveys.commands import building, running
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.rules import SurveyState
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.tabs import tabs

RUN = SurveyPermission.RUN
#: A survey is open for so long when nothing else is chosen.
USUAL = timedelta(days=21)


@bp.get("/satisfaction/surveys")
@requires(SurveyPermission.SEE_RESULTS)
def list_surveys() -> str:
    who = actor()
    runs = is_open(RUN, who)
    found = surveys.run_by(who) if runs else surveys.told_to(who)
    return render_template("surveys/surveys.html", tabs=tabs(who), found=found, runs=runs)


@bp.post("/satisfaction/surveys/<int:survey_id>/open")
@requires(RUN)
def open_survey(survey_id: int) -> ResponseReturnValue:
    survey = running.plan(survey_id, by=actor(), now=clock.now())
    if survey.state is SurveyState.OPEN:
        asked = surveys.progress(survey).asked
        words = ngettext(
            "Målingen er åben. %(num)s person inviteres nu.", "Målingen er åben. %(num)s personer inviteres nu.", asked
        )
        flash(words, "success")
    else:
        flash(gettext("Målingen er planlagt og åbner af sig selv."), "success")
    return web.see_other("surveys.survey", survey_id=survey_id)


@bp.post("/satisfaction/surveys/<int:survey_id>/back")
@requires(RUN)
def take_back_survey(survey_id: int) -> ResponseReturnValue:
    running.take_back(survey_id, by=actor(), now=clock.now())
    flash(gettext("Målingen er en kladde igen."), "success")
    return web.see_other("surveys.survey", survey_id=survey_id)


@bp.post("/satisfaction/surveys/<int:survey_id>/close")
@requires(RUN)
def close_survey(survey_id: int) -> ResponseReturnValue:
    running.close(survey_id, by=actor(), now=clock.now())
    flash(gettext("Målingen er lukket. Her er resultatet."), "success")
    return web.see_other("surveys.results", survey_id=survey_id)


@bp.post("/satisfaction/surveys/<int:survey_id>/repeat")
@requires(RUN)
def repeat_survey(survey_id: int) -> ResponseReturnValue:
    today = clock.today()
    made = building.repeat(survey_id, opens_on=today, closes_on=today + USUAL, by=actor(), now=clock.now())
    flash(gettext("Her er en kladde til en ny runde med de samme spørgsmål."), "success")
    return web.see_other("surveys.survey", survey_id=made.id)


@bp.post("/satisfaction/surveys/<int:survey_id>/removal")
@requires(RUN)
def remove_survey(survey_id: int) -> ResponseReturnValue:
    building.remove(survey_id, by=actor(), now=clock.now())
    flash(gettext("Kladden er slettet."), "success")
    return web.see_other("surveys.list_surveys")
