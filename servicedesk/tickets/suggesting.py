"""What may spare somebody a new ticket: one that is open already, a known error, a disturbance that we know of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from servicedesk.core.actor import Actor
from servicedesk.core.words import query_terms, tokens
from servicedesk.systems import queries as systems
from servicedesk.systems.models import Disturbance, KnownError
from servicedesk.tickets import guessing, habits, lists
from servicedesk.tickets.guessing import Guess, Named
from servicedesk.tickets.lists import Row

MOST = 5
OWN, ERRORS = 2, 3
#: So many of a person's newest tickets are looked through.
LOOKED_THROUGH = 60
#: Fewer letters than this say nothing.
SHORTEST = 3


class Suggestions(NamedTuple):
    """What is shown below the subject while it is written."""

    tickets: Sequence[Row] = ()
    errors: Sequence[KnownError] = ()
    disturbances: Sequence[Disturbance] = ()
    guess: Guess | None = None

    @property
    def number(self) -> int:
        return len(self.tickets) + len(self.errors) + len(self.disturbances)


def suggest(subject: str, system_id: int | None, who: Actor, now: datetime, choosable: Sequence[Named]) -> Suggestions:
    """For somebody who is writing a ticket; with a system chosen, only what is about that one."""
    if len(subject.strip()) < SHORTEST and system_id is None:
        return Suggestions()
    own = [row for row in lists.mine(who, is_open=True, limit=LOOKED_THROUGH) if row.is_of(who.id)]
    guess = None if system_id else guess_for(subject, who, choosable)
    return _suggested(subject, system_id, guess, own, who, now)


def suggest_for_caller(
    subject: str, system_id: int | None, caller_id: int, who: Actor, now: datetime, choosable: Sequence[Named]
) -> Suggestions:
    """The same for a supporter who writes down what somebody says, whom the caller has let in to see."""
    if len(subject.strip()) < SHORTEST and system_id is None:
        return Suggestions()
    own = lists.alive_of(caller_id, who, limit=LOOKED_THROUGH)
    guess = None if system_id else guessing.guess(subject, choosable, habits.used_by_caller(caller_id, who))
    return _suggested(subject, system_id, guess, own, who, now)


def _suggested(
    subject: str, system_id: int | None, guess: Guess | None, own: Sequence[Row], who: Actor, now: datetime
) -> Suggestions:
    about = system_id or (guess.system_id if guess else None)
    disturbances = systems.current_disturbances(who, now, about, ahead=now)[:1] if about else []
    tickets = matching(subject, own)[:OWN]
    errors = systems.known_errors(subject, who, system_id=about, limit=ERRORS)
    return Suggestions(tickets, errors[: MOST - len(tickets) - len(disturbances)], disturbances, guess)


def guess_for(text: str, who: Actor, choosable: Sequence[Named]) -> Guess | None:
    return guessing.guess(text, choosable, habits.used_by(who.id), habits.used_around(who.unit_id))


def matching(asked: str, rows: Iterable[Row]) -> list[Row]:
    """Those whose subject, system or number have what was asked for, those with most of it first."""
    terms = query_terms(asked)
    needed = -(-len(terms) // 2)
    scored = [(_hits(terms, row), row) for row in rows]
    found = [(hits, row) for hits, row in scored if terms and hits >= needed]
    return [row for _hits_, row in sorted(found, key=lambda one: (-one[0], -one[1].id))]


def _hits(terms: Sequence[str], row: Row) -> int:
    held = tokens(f"{row.subject} {row.system or ''} {row.number}")
    return sum(any(word.startswith(term) for word in held) for term in terms)


class Found(NamedTuple):
    """What a search on the start page found."""

    tickets: Sequence[Row]
    errors: Sequence[KnownError]


def search(asked: str, who: Actor, *, most: int) -> Found:
    """Over the person's own tickets, those that have ended too, and known errors."""
    if len(asked.strip()) < SHORTEST - 1:
        return Found([], [])
    own = [row for is_open in (True, False) for row in lists.mine(who, is_open=is_open, limit=LOOKED_THROUGH)]
    return Found(matching(asked, own)[:most], systems.known_errors(asked, who, limit=most))
