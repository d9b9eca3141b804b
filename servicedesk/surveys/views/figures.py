"""Figures of ratings: by quarter for those who answer for something, and one's own."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, labels, navigation
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Role
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext
from servicedesk.core.pdf import page_or_pdf
from servicedesk.surveys.policy import FigurePermission, RatingPermission
from servicedesk.surveys.queries import figures
from servicedesk.surveys.rules import RATING_LASTS, Step
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.tabs import tabs

navigation.offer(
    navigation.Item(_("Tilfredshed"), "surveys.overview", FigurePermission.SEE, rank=47, owns=("surveys.",))
)


@bp.get("/satisfaction.pdf", endpoint="figures_pdf")
@bp.get("/satisfaction")
@requires(FigurePermission.SEE)
def overview() -> ResponseReturnValue:
    who = actor()
    runs = who.has_role(Role.SERVICEDESK_MANAGER)
    return page_or_pdf(
        "tilfredshed",
        "surveys/overview.html",
        tabs=tabs(who),
        found=figures.published(who),
        now=figures.so_far(who, clock.now()) if runs else None,
        runs=runs,
        steps=list(Step),
        lasts=RATING_LASTS.days,
    )


@bp.get("/satisfaction/figures.<sheet:ending>")
@requires(FigurePermission.SEE)
def figures_table(ending: str) -> Response:
    columns = [
        *(gettext("Hvad"), gettext("Navn"), gettext("Kvartal fra"), gettext("Spurgt"), gettext("Svar")),
        *(gettext("Gennemsnit (1–5)"), gettext("Fra"), gettext("Til")),
        *(str(labels.in_words(step)) for step in Step),
    ]
    found = figures.published(actor())
    few = gettext("Kun tal for mindst %(least)s personer, der har svaret, er med.", least=found.least)
    table = Table(
        file="tilfredshed",
        title=gettext("Tilfredshed"),
        columns=columns,
        rows=_rows(found),
        notes=[few] if found.least else [],
    )
    return taken_home(table, ending)


def _rows(found: figures.Published) -> Iterator[list[Any]]:
    for line, on, told in figures.rows_of(found):
        mean = told.mean
        interval = mean.interval if mean else None
        sure = [round(one, 2) for one in interval] if interval else [None, None]
        value = round(mean.value, 2) if mean else None
        counts = [told.counts.get(step.value, 0) for step in Step]
        yield [labels.in_words(line.about), line.name, on, told.asked, told.answered, value, *sure, *counts]


@bp.get("/satisfaction/mine")
@requires(RatingPermission.SEE_OWN_FIGURES)
def own_figures() -> str:
    """Nobody but the person sees these; colleagues are seen as a team."""
    who = actor()
    found = figures.published(who)
    return render_template(
        "surveys/own_figures.html",
        tabs=tabs(who),
        own=figures.own(who, clock.now()),
        teams=[line for line in found.teams if line.id in who.team_ids],
        quarters=found.quarters,
    )
