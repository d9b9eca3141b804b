"""Questions as they are shown, with the words of what can be answered."""

from collections.abc import Iterable
from typing import NamedTuple

from servicedesk.core import labels
from servicedesk.core.language import gettext
from servicedesk.surveys.models import Question
from servicedesk.surveys.rules import Kind, Step, values_of


class Shown(NamedTuple):
    question: Question
    #: The field's name in the form.
    field: str
    #: (value, words).
    options: list[tuple[str, str]]


def shown(questions: Iterable[Question]) -> list[Shown]:
    return [Shown(one, f"q{one.id}", options_of(one)) for one in questions]


def options_of(question: Question) -> list[tuple[str, str]]:
    return [(value, in_words(question, value)) for value in values_of(question.kind, question.options)]


def in_words(question: Question, value: str) -> str:
    """What an answer is called."""
    match question.kind:
        case Kind.STEPS:
            return labels.in_words(Step(int(value)))
        case Kind.YES_NO:
            return gettext("Ja") if value == "yes" else gettext("Nej")
        case Kind.ONE | Kind.SEVERAL:
            return question.options[int(value)]
        case _:
            return value
