"""What is told of a closed survey, as far as somebody may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.surveys.figures import Mean, Share, mean_of, nps_of
from servicedesk.surveys.models import Cell, Invitation, Question, Survey, SurveyAnswer
from servicedesk.surveys.policy import CellPermission, SurveyPermission
from servicedesk.surveys.queries.surveys import get, questions_of
from servicedesk.surveys.rules import Kind, SurveyState, values_of


class Told(NamedTuple):
    """The answers to one question in one unit."""

    question: Question
    cell: Cell

    @property
    def n(self) -> int:
        return self.cell.answered

    @property
    def mean(self) -> Mean | None:
        """Of the five steps their mean, of 0 to 10 the score; others have none."""
        counts = {int(value): number for value, number in self.cell.counts.items()} if self.has_mean else {}
        return nps_of(counts) if self.question.kind is Kind.NPS else mean_of(counts)

    @property
    def has_mean(self) -> bool:
        return self.question.kind in (Kind.STEPS, Kind.NPS)

    def shares(self) -> list[tuple[str, Share]]:
        """By value, in the order in which they are shown."""
        values = values_of(self.question.kind, self.question.options)
        return [(value, Share(self.cell.counts.get(value, 0), self.n)) for value in values]


class Row(NamedTuple):
    """A question in the chosen unit, with the round before and the units below."""

    question: Question
    #: None where too few have answered it.
    told: Told | None
    before: Told | None
    by_unit: Sequence[tuple[Unit, Told]]


@dataclass(frozen=True)
class Results:
    survey: Survey
    #: Those of which anything is told to the reader, each after the one above it.
    units: Sequence[Unit]
    chosen: Unit | None
    #: How many were asked and answered, by unit.
    rates: Mapping[int, Share]
    rows: Sequence[Row]
    #: What was written, by question; only where all of the survey is shown to whoever runs it.
    texts: Mapping[int, Sequence[str]]
    before: Survey | None


def read(survey_id: int, who: Actor, unit_id: int | None = None) -> Results:
    """Raises NotFoundError, also for a unit of which nothing is told to `who`."""
    found = _open(survey_id, who)
    return _in_unit(found, _choose(found.units, unit_id, found.survey))


def of_each_unit(survey_id: int, who: Actor) -> list[Results]:
    """The same of every unit that is told of."""
    found = _open(survey_id, who)
    return [_in_unit(found, unit) for unit in found.units]


class _Whole(NamedTuple):
    """All that is told of a survey to somebody, and of the round before."""

    survey: Survey
    units: Sequence[Unit]
    questions: Sequence[Question]
    rates: Mapping[int, Share]
    told: Mapping[tuple[int | None, int], Cell]
    before: Survey | None
    runs: bool


def _open(survey_id: int, who: Actor) -> _Whole:
    survey = get(survey_id, who, SurveyPermission.SEE_RESULTS)
    if survey.state is not SurveyState.CLOSED:
        raise NotFoundError
    cells = _cells(survey.id, who)
    earlier = _cells(survey.previous_id, who) if survey.previous_id else []
    runs = select(Survey.id).where(Survey.id == survey.id, granted(SurveyPermission.RUN, who))
    return _Whole(
        survey=survey,
        units=_units(cells),
        questions=questions_of(survey.id),
        rates={cell.unit_id: Share(cell.answered, cell.asked or 0) for cell in cells if cell.question_id is None},
        told={(cell.question_id, cell.unit_id): cell for cell in (*cells, *earlier)},
        before=db.session.get(Survey, survey.previous_id) if earlier else None,
        runs=db.session.scalar(runs) is not None,
    )


def _in_unit(found: _Whole, chosen: Unit | None) -> Results:
    # Words are read by whoever asked for them, and of all together: of fewer, more would know whose they are.
    is_whole = found.runs and chosen is not None and chosen.id == found.survey.unit_id
    return Results(
        survey=found.survey,
        units=found.units,
        chosen=chosen,
        rates=found.rates,
        rows=[_row(question, found.told, chosen, found.units) for question in found.questions] if chosen else [],
        texts={one.id: one.texts for one in found.questions if one.texts} if is_whole else {},
        before=found.before,
    )


def _cells(survey_id: int, who: Actor) -> list[Cell]:
    query = select(Cell).where(Cell.survey_id == survey_id, granted(CellPermission.SEE, who))
    return list(db.session.scalars(query))


def _units(cells: Sequence[Cell]) -> list[Unit]:
    ids = {cell.unit_id for cell in cells}
    return in_tree_order(db.session.scalars(select(Unit).where(Unit.id.in_(ids))).all())


def _choose(units: Sequence[Unit], unit_id: int | None, survey: Survey) -> Unit | None:
    """The one that is asked for; else the survey's own or the topmost there is."""
    if unit_id is not None:
        found = next((unit for unit in units if unit.id == unit_id), None)
        if found is None:
            raise NotFoundError
        return found
    return next((unit for unit in units if unit.id == survey.unit_id), units[0] if units else None)


def _row(question: Question, told: Mapping[tuple[int | None, int], Cell], chosen: Unit, units: Sequence[Unit]) -> Row:
    def find(question_id: int | None, unit: Unit) -> Told | None:
        cell = told.get((question_id, unit.id)) if question_id is not None else None
        return Told(question, cell) if cell is not None else None

    below = [unit for unit in units if unit.path.startswith(chosen.path) and unit.id != chosen.id]
    by_unit = [(unit, one) for unit in below if (one := find(question.id, unit)) is not None and one.has_mean]
    return Row(question, find(question.id, chosen), find(question.previous_id, chosen), by_unit)


class Named(NamedTuple):
    """An answer with a name on it."""

    person: str
    unit: str
    question: Question
    said: object


def named(survey_id: int, who: Actor) -> list[Named]:
    """Of a survey that said so before it was answered; raises NotFoundError for an anonymous one."""
    survey = get(survey_id, who, SurveyPermission.RUN)
    if survey.is_anonymous or survey.state is not SurveyState.CLOSED:
        raise NotFoundError
    query = (
        select(Person.name, Unit.name, Question, SurveyAnswer.said)
        .join(Invitation, Invitation.person_id == Person.id)
        .join(SurveyAnswer, SurveyAnswer.invitation_id == Invitation.id)
        .join(Question, Question.id == SurveyAnswer.question_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(SurveyAnswer.survey_id == survey.id)
        .order_by(Person.sort_name, Person.id, Question.position)
    )
    return [Named(*row) for row in db.session.execute(query)]
