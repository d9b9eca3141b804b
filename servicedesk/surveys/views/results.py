"""What came of a survey, on a page and as files."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from servicedesk.core import web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.pdf import page_or_pdf
from servicedesk.core.permissions import is_open
from servicedesk.core.spreadsheets import Share as Part
from servicedesk.surveys.figures import Share
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.queries import results as queries
from servicedesk.surveys.rules import Kind
from servicedesk.surveys.views import bp
from servicedesk.surveys.views.showing import in_words

SEE = SurveyPermission.SEE_RESULTS


@bp.get("/satisfaction/surveys/<int:survey_id>/results.pdf", endpoint="results_pdf")
@bp.get("/satisfaction/surveys/<int:survey_id>/results")
@requires(SEE)
def results(survey_id: int) -> ResponseReturnValue:
    who = actor()
    found = queries.read(survey_id, who, web.key_in_address("unit"))
    return page_or_pdf(
        f"maaling-{survey_id}",
        "surveys/results.html",
        found=found,
        survey=found.survey,
        in_words=in_words,
        runs=is_open(SurveyPermission.RUN, who),
        NPS=Kind.NPS,
        address={"unit": found.chosen.id if found.chosen else None},
    )


@bp.get("/satisfaction/surveys/<int:survey_id>/results.<sheet:ending>")
@requires(SEE)
def results_table(survey_id: int, ending: str) -> Response:
    """The same figures as on the pages, of all units that are told of."""
    columns = [
        *(gettext("Enhed"), gettext("Spørgsmål"), gettext("Svar"), gettext("Antal"), gettext("Antal i alt")),
        *(gettext("Andel i procent"), gettext("Fra"), gettext("Til")),
    ]
    units = queries.of_each_unit(survey_id, actor())
    rows = [row for found in units for row in _rows(found)]
    survey = units[0].survey if units else queries.read(survey_id, actor(), None).survey
    least = gettext("Enheder med færre end %(least)s svar er ikke med.", least=survey.least)
    title = gettext("Resultat: %(title)s", title=survey.title)
    table = Table(file=f"maaling-{survey_id}", title=title, columns=columns, rows=rows, notes=[least])
    return taken_home(table, ending)


def _rows(found: queries.Results) -> Iterator[list[Any]]:
    unit = found.chosen
    assert unit is not None
    rate = found.rates.get(unit.id)
    if rate is not None:
        yield [unit.name, gettext("Har svaret"), "", *_cells(rate)]
    for row in found.rows:
        for value, share in row.told.shares() if row.told else ():
            yield [unit.name, row.question.words, in_words(row.question, value), *_cells(share)]
    for question_id, texts in found.texts.items():
        words = next(row.question.words for row in found.rows if row.question.id == question_id)
        for text in texts:
            yield [unit.name, words, text, None, None, None, None, None]


def _cells(share: Share) -> list[Any]:
    sure = share.interval
    if share.value is None or sure is None:
        return [share.number, share.of, None, None, None]
    return [share.number, share.of, *(Part(one) for one in (share.value, *sure))]


@bp.get("/satisfaction/surveys/<int:survey_id>/answers.<sheet:ending>")
@requires(SurveyPermission.RUN)
def named_table(survey_id: int, ending: str) -> Response:
    """Who answered what; there is no such file of an anonymous survey."""
    columns = [gettext("Navn"), gettext("Enhed"), gettext("Spørgsmål"), gettext("Svar")]
    rows = ([one.person, one.unit, one.question.words, _said(one)] for one in queries.named(survey_id, actor()))
    return taken_home(
        Table(file=f"svar-{survey_id}", title=gettext("Svar med navne"), columns=columns, rows=rows), ending
    )


def _said(one: queries.Named) -> str:
    if isinstance(one.said, str):
        return one.said
    assert isinstance(one.said, list)
    return ", ".join(in_words(one.question, value) for value in one.said)
