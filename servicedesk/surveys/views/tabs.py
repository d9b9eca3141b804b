"""The pages of satisfaction beside each other, for those who may open them."""

from flask import request, url_for
from flask_babel import gettext

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import is_open
from servicedesk.surveys.policy import FigurePermission, RatingPermission, SurveyPermission
from servicedesk.surveys.queries import tasks

#: (text, address, whether one is there) and perhaps a number.
Tab = tuple[str, str, bool] | tuple[str, str, bool, int]


def tabs(who: Actor) -> list[Tab]:
    found: list[Tab] = []
    if is_open(FigurePermission.SEE, who):
        found.append(_tab(gettext("Tal"), "surveys.overview"))
    if is_open(RatingPermission.SEE_OWN_FIGURES, who):
        found.append(_tab(gettext("Mine tal"), "surveys.own_figures"))
    if is_open(RatingPermission.FOLLOW_UP, who):
        number = tasks.counts(who, clock.now()).open
        if number or who.has_role(Role.SERVICEDESK_MANAGER):
            found.append((*_tab(gettext("Opfølgning"), "surveys.list_tasks"), number))
    if is_open(SurveyPermission.SEE_RESULTS, who):
        found.append(_tab(gettext("Målinger"), "surveys.list_surveys"))
    return found


def _tab(text: str, endpoint: str) -> tuple[str, str, bool]:
    return text, url_for(endpoint), request.endpoint == endpoint
