"""Answering a survey, by a mail's link or signed in: once, and of an anonymous one without a trace of who or when."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update

from servicedesk.core import cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, table_of, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.surveys.errors import AnsweredError
from servicedesk.surveys.models import Invitation, Question, SurveyAnswer
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.queries.surveys import ToAnswer, questions_of
from servicedesk.surveys.rules import WORDS_LENGTH, Kind, values_of

#: What was typed, by question: several values where several can be chosen.
Typed = Mapping[int, Sequence[str]]
_LARGEST_ID = 2**62


def answer(token: str, typed: Typed) -> None:
    """Raises LinkUsedError, AnsweredError, or FieldRefusedError for a field "q" with the question's id."""
    with transaction():
        _answer(surveys.of_token(token), typed)


def answer_signed_in(survey_id: int, typed: Typed, *, by: Actor) -> None:
    with transaction():
        _answer(surveys.of_person(survey_id, by), typed)


def keep(token: str, typed: Typed) -> None:
    """What was answered so far, to go on with; of an anonymous survey nothing is kept."""
    with transaction():
        _keep(surveys.of_token(token), typed)


def keep_signed_in(survey_id: int, typed: Typed, *, by: Actor) -> None:
    with transaction():
        _keep(surveys.of_person(survey_id, by), typed)


def _answer(found: ToAnswer, typed: Typed) -> None:
    survey, invitation = found
    said = _read(questions_of(survey.id), typed)
    unanswered = (Invitation.id == invitation.id, Invitation.is_answered.is_(False))
    spent = update(Invitation).where(*unanswered).values(is_answered=True, kept=None).returning(Invitation.id)
    if db.session.execute(spent).first() is None:
        raise AnsweredError
    rows = [
        {
            "id": secrets.randbelow(_LARGEST_ID) + 1,
            "survey_id": survey.id,
            "question_id": question_id,
            "unit_id": invitation.unit_id,
            "invitation_id": None if survey.is_anonymous else invitation.id,
            "said": answer,
        }
        for question_id, answer in said.items()
    ]
    db.session.execute(insert(table_of(SurveyAnswer)), rows)


def _keep(found: ToAnswer, typed: Typed) -> None:
    survey, invitation = found
    if survey.is_anonymous:
        raise ConflictError(N_("Målingen er anonym, så vi gemmer ikke noget, før du sender."))
    if invitation.is_answered:
        raise AnsweredError
    said = _read(questions_of(survey.id), typed, is_whole=False)
    invitation.kept = {str(question_id): answer for question_id, answer in said.items()}


def _read(questions: Sequence[Question], typed: Typed, *, is_whole: bool = True) -> dict[int, Any]:
    """What was said, by question; a question that was passed over is not in it."""
    said: dict[int, Any] = {}
    for question in questions:
        given = [value for value in typed.get(question.id, ()) if value]
        if given:
            said[question.id] = _read_one(question, given)
    if is_whole and not said:
        raise FieldRefusedError(f"q{questions[0].id}", N_("Svar på mindst ét spørgsmål."))
    return said


def _read_one(question: Question, given: Sequence[str]) -> Any:
    field = f"q{question.id}"
    if question.kind is Kind.TEXT:
        if len(given[0]) > WORDS_LENGTH:
            raise FieldRefusedError(
                field, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=WORDS_LENGTH
            )
        return cpr.hide(given[0]).text
    known = values_of(question.kind, question.options)
    chosen = sorted(set(given), key=known.index) if set(given) <= set(known) else []
    if not chosen or (len(chosen) > 1 and question.kind is not Kind.SEVERAL):
        raise FieldRefusedError(field, N_("Vælg et af svarene."))
    return chosen
