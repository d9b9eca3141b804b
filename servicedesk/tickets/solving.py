"""What else is asked where a ticket is solved: offered from above, shown in its form, kept in the same transaction.

A panel cannot do this: what is answered is saved, and told to the user, together with the solution or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from servicedesk.core.actor import Actor
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Cause

#: Texts by the names of their fields.
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """Answers for its own permission, as panels do."""

    #: The names of its fields.
    fields: tuple[str, ...]
    #: The piece of the form, with what was typed if it is shown again; None when there is nothing to ask.
    shown: Callable[[Held, Answers, Actor], str | None]
    #: Keeps what was answered. Raises RefusedError, and then nothing is solved.
    keep: Callable[[Ticket, Cause, Answers, Actor, datetime], None]
    #: For those whom it concerns, what their mail about the solution says besides: an email's template and its facts.
    in_mail: Callable[[Ticket], Mapping[int, Mapping[str, Any]]]


_questions: list[Question] = []


def offer(question: Question) -> None:
    if question not in _questions:
        _questions.append(question)


def fields() -> tuple[str, ...]:
    return tuple(name for question in _questions for name in question.fields)


def shown(held: Held, typed: Answers, who: Actor) -> list[Markup]:
    pieces = (question.shown(held, typed, who) for question in _questions)
    return [Markup(piece) for piece in pieces if piece]  # noqa: S704  a piece is a rendered template


def keep(ticket: Ticket, cause: Cause, answers: Answers, by: Actor, now: datetime) -> None:
    for question in _questions:
        question.keep(ticket, cause, answers, by, now)


def in_mail(ticket: Ticket) -> dict[int, list[Mapping[str, Any]]]:
    """By person, what his or her mail has besides; nobody else's has it."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for question in _questions:
        for person_id, told in question.in_mail(ticket).items():
            found.setdefault(person_id, []).append(told)
    return found
