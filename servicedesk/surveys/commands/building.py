"""Building a survey: what is asked, whom, when, and whether names are on the answers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.organisation.changes import FieldRefusedError, change
from servicedesk.organisation.models import Unit
from servicedesk.surveys.models import Question, Survey
from servicedesk.surveys.policy import SurveyPermission
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.rules import MOST_OPTIONS, MOST_QUESTIONS, WITH_OPTIONS, Kind, Sampling, SurveyState

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Terms:
    """What a survey is, besides its questions."""

    title: str
    unit_id: int
    opens_on: date
    closes_on: date
    intro: str = ""
    is_anonymous: bool = True
    sampling: Sampling = Sampling.ALL
    amount: int | None = None


def make(terms: Terms, *, by: Actor, now: datetime) -> Survey:
    with transaction() as session:
        unit = _checked(terms, by)
        survey = Survey(customer_id=unit.customer_id, made_at=now, **_columns(terms))
        session.add(survey)
        session.flush()
        record("survey_made", survey, by, now)
    return survey


def change_terms(survey_id: int, terms: Terms, *, by: Actor, now: datetime) -> None:
    with transaction():
        survey = draft(survey_id, by)
        unit = _checked(terms, by)
        if unit.customer_id != survey.customer_id:
            raise FieldRefusedError("unit_id", N_("Vælg en enhed i den samme organisation."))
        if changes := change(survey, **_columns(terms)):
            record("survey_changed", survey, by, now, parts=sorted(changes))


def repeat(survey_id: int, *, opens_on: date, closes_on: date, by: Actor, now: datetime) -> Survey:
    """A new round with the same questions, so that the trend can be told."""
    with transaction() as session:
        before = surveys.get(survey_id, by, SurveyPermission.RUN)
        told = {
            name: getattr(before, name) for name in ("title", "unit_id", "intro", "is_anonymous", "sampling", "amount")
        }
        terms = Terms(**told, opens_on=opens_on, closes_on=closes_on)
        survey = make(terms, by=by, now=now)
        survey.previous_id = before.id
        for one in surveys.questions_of(before.id):
            same = {"position": one.position, "kind": one.kind, "words": one.words, "options": one.options}
            session.add(Question(survey_id=survey.id, previous_id=one.id, texts=[], **same))
    return survey


def remove(survey_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody has been asked yet."""
    with transaction() as session:
        survey = draft(survey_id, by)
        session.execute(delete(Question).where(Question.survey_id == survey.id))
        session.delete(survey)
        record("survey_removed", survey, by, now)


# ------------------------------------------------------------------------------------------------ questions


def add_question(
    survey_id: int, kind: Kind, words: str, options: Sequence[str] = (), *, by: Actor, now: datetime
) -> Question:
    with transaction() as session:
        survey = draft(survey_id, by)
        kept = _checked_question(kind, words, options)
        last, number = session.execute(
            select(func.max(Question.position), func.count()).where(Question.survey_id == survey.id)
        ).one()
        if number >= MOST_QUESTIONS:
            raise FieldRefusedError("words", N_("En måling kan højst have %(most)s spørgsmål."), most=MOST_QUESTIONS)
        question = Question(
            survey_id=survey.id, position=(last or 0) + 1, kind=kind, words=words, options=kept, texts=[]
        )
        session.add(question)
        record("survey_changed", survey, by, now, parts=["questions"])
    return question


def change_question(
    survey_id: int, question_id: int, kind: Kind, words: str, options: Sequence[str] = (), *, by: Actor, now: datetime
) -> None:
    """A question that is asked differently has no trend."""
    with transaction():
        survey = draft(survey_id, by)
        question = surveys.get_question(survey, question_id)
        kept = _checked_question(kind, words, options)
        if (question.kind, question.options) != (kind, kept):
            question.previous_id = None
        if change(question, kind=kind, words=words, options=kept):
            record("survey_changed", survey, by, now, parts=["questions"])


def remove_question(survey_id: int, question_id: int, *, by: Actor, now: datetime) -> None:
    with transaction() as session:
        survey = draft(survey_id, by)
        session.delete(surveys.get_question(survey, question_id))
        record("survey_changed", survey, by, now, parts=["questions"])


def raise_question(survey_id: int, question_id: int, *, by: Actor, now: datetime) -> None:
    """One place up; the first stays where it is."""
    with transaction():
        survey = draft(survey_id, by)
        question = surveys.get_question(survey, question_id)
        above = [one for one in surveys.questions_of(survey.id) if one.position < question.position]
        if above:
            question.position, above[-1].position = above[-1].position, question.position
            record("survey_changed", survey, by, now, parts=["questions"])


# ------------------------------------------------------------------------------------------------ within


def draft(survey_id: int, by: Actor) -> Survey:
    """One that nobody has been asked yet, held."""
    survey = surveys.get(survey_id, by, SurveyPermission.RUN, lock=True)
    if survey.state is not SurveyState.DRAFT:
        raise ConflictError(N_("Målingen kan ikke ændres, når den er planlagt eller åben."))
    return survey


def _columns(terms: Terms) -> dict[str, Any]:
    columns = asdict(terms)
    return {**columns, "amount": None} if terms.sampling is Sampling.ALL else columns


def _checked(terms: Terms, by: Actor) -> Unit:
    unit = surveys.find_unit(terms.unit_id, by)
    if unit is None:
        raise NotFoundError
    if len(terms.title) > TITLE_LENGTH or not terms.title:
        raise FieldRefusedError("title", N_("Skriv en titel på højst %(limit)s tegn."), limit=TITLE_LENGTH)
    if terms.closes_on < terms.opens_on:
        raise FieldRefusedError("closes_on", N_("Den sidste dag kan ikke ligge før den første."))
    if terms.sampling is not Sampling.ALL:
        most = 100 if terms.sampling is Sampling.SHARE else 100_000
        if terms.amount is None or not 1 <= terms.amount <= most:
            raise FieldRefusedError("amount", N_("Skriv et tal fra 1 til %(most)s."), most=most)
    return unit


def _checked_question(kind: Kind, words: str, options: Sequence[str]) -> list[str]:
    if not words or len(words) > 500:
        raise FieldRefusedError("words", N_("Skriv et spørgsmål på højst 500 tegn."))
    if kind not in WITH_OPTIONS:
        return []
    kept = list(dict.fromkeys(option.strip() for option in options if option.strip()))
    if not 2 <= len(kept) <= MOST_OPTIONS or any(len(option) > 200 for option in kept):
        raise FieldRefusedError(
            "options",
            N_("Skriv fra 2 til %(most)s svar, ét på hver linje, hvert på højst 200 tegn."),
            most=MOST_OPTIONS,
        )
    return kept


def record(action: str, survey: Survey, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("survey", survey.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=survey.customer_id, title=survey.title, **facts)


def has_questions(survey: Survey) -> bool:
    return db.session.scalar(select(Question.id).where(Question.survey_id == survey.id).limit(1)) is not None
