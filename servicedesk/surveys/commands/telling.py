"""What is told of a survey: decided once, when it closes, and never reckoned again.

See surveys/suppression.py for why nothing of a small group can be found out from it. Of an anonymous survey the answers
themselves are thrown away with that: what is not told is not kept either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from random import SystemRandom
from typing import Any

from sqlalchemy import delete, select

from servicedesk.core.db import db
from servicedesk.organisation.models import Unit
from servicedesk.surveys.models import Cell, Invitation, Question, Survey, SurveyAnswer
from servicedesk.surveys.queries.surveys import questions_of
from servicedesk.surveys.rules import Kind
from servicedesk.surveys.suppression import Group, Key, spread, told

#: (what can be told apart, unit, what was said).
Said = tuple[int, int, Any]


def tell_results(survey: Survey) -> None:
    """Part of the transaction that closes it."""
    assert survey.least is not None
    parents = _tree(survey)
    asked = [(one, unit_id, is_answered) for one, unit_id, is_answered in db.session.execute(_invited(survey))]
    _tell_rate(survey, parents, asked)
    for question in questions_of(survey.id):
        _tell_question(survey, question, parents, [(one, unit_id) for one, unit_id, _answered in asked])
    if survey.is_anonymous:
        db.session.flush()
        db.session.execute(delete(SurveyAnswer).where(SurveyAnswer.survey_id == survey.id))


def _tree(survey: Survey) -> dict[int, int | None]:
    """The customer's units: one may have been moved since it opened."""
    query = select(Unit.id, Unit.parent_id).where(Unit.customer_id == survey.customer_id).order_by(Unit.path)
    return dict(db.session.execute(query).all())


def _invited(survey: Survey) -> Any:
    return select(Invitation.id, Invitation.unit_id, Invitation.is_answered).where(Invitation.survey_id == survey.id)


def _tell_rate(survey: Survey, parents: Mapping[int, int | None], asked: Sequence[tuple[int, int, bool]]) -> None:
    groups = _groups(parents, [(one, unit_id) for one, unit_id, _answered in asked])
    for one, unit_id, is_answered in asked:
        if is_answered:
            groups[unit_id].answered.add(one)
    below = spread(((unit_id, is_answered) for _one, unit_id, is_answered in asked), parents, _told(survey, groups))
    for key, answered in below.items():
        _add(survey, key, None, asked=len(answered), answered=sum(answered))


def _tell_question(
    survey: Survey, question: Question, parents: Mapping[int, int | None], asked: Iterable[tuple[int, int]]
) -> None:
    """Each question for itself: whoever skips one is not in its figures."""
    rows: list[Said] = list(db.session.execute(_said(question)).all())
    groups = _groups(parents, [(-one, unit_id) for one, unit_id in asked])
    for one, unit_id, _answer in rows:
        groups[unit_id].answered.add(one)
    below = spread(((unit_id, said) for _one, unit_id, said in rows), parents, _told(survey, groups))
    for key, answers in below.items():
        _add(survey, key, question.id, answered=len(answers), counts=_counted(question.kind, answers))
        if key == survey.unit_id and question.kind is Kind.TEXT:
            question.texts = _shuffled(answers)


def _said(question: Question) -> Any:
    return select(SurveyAnswer.id, SurveyAnswer.unit_id, SurveyAnswer.said).where(
        SurveyAnswer.question_id == question.id
    )


def _groups(parents: Mapping[int, int | None], asked: Iterable[tuple[int, int]]) -> dict[Key, Group]:
    groups: dict[Key, Group] = {key: Group(key, parent) for key, parent in parents.items()}
    for one, unit_id in asked:
        groups[unit_id].asked.add(one)
    return groups


def _told(survey: Survey, groups: Mapping[Key, Group]) -> list[int]:
    """Only what lies within the survey's unit: above it everything is the same people again."""
    assert survey.least is not None
    inside = [group for group in groups.values() if group.asked | group.answered]
    wanted = {key for group in inside for key in _way_up(group.key, groups, survey.unit_id)}
    return [key for key in told([groups[key] for key in wanted], survey.least) if isinstance(key, int)]


def _way_up(key: Key, groups: Mapping[Key, Group], top: int) -> list[Key]:
    """The group and those above it, up to the survey's unit."""
    way: list[Key] = []
    at: Key | None = key
    while at is not None:
        way.append(at)
        if at == top:
            break
        at = groups[at].parent
    return way


def _add(
    survey: Survey, unit_id: int, question_id: int | None, *, answered: int, asked: int | None = None, **more: Any
) -> None:
    cell = Cell(survey_id=survey.id, customer_id=survey.customer_id, unit_id=unit_id, question_id=question_id)
    cell.asked, cell.answered, cell.counts = asked, answered, more.get("counts", {})
    db.session.add(cell)


def _counted(kind: Kind, answers: Iterable[Any]) -> dict[str, int]:
    if kind is Kind.TEXT:
        return {}
    return dict(Counter(value for said in answers for value in said))


def _shuffled(texts: Iterable[str]) -> list[str]:
    mixed = list(texts)
    SystemRandom().shuffle(mixed)
    return mixed
