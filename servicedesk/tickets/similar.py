"""Tickets that resemble a subject: what may be the same matter, told by somebody else.

No index is asked for resemblance. The newest tickets of the same system, or of all while none is known, are read along
an index, and ranked here by the parts that their subjects share; the same on both databases, and at the same cost among
a million. Only what the person may read is ever looked at, and never a confidential or security ticket.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select, union_all

from servicedesk.core import words
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted, is_open
from servicedesk.tickets import lists
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy, State

#: So many of the newest tickets are read through, open ones and ended ones each, and so many of them are compared.
WINDOW, COMPARED = 500, 250
#: What has ended, and was filed longer ago, is no longer the same matter.
REMEMBERED = timedelta(days=365)
#: Below this two subjects have nothing to do with each other.
LEAST_LIKE = 0.12
#: As far as a subject is read.
SUBJECT_LENGTH = 200

Statement = Select[*tuple[Any, ...]]


class Scope(StrEnum):
    """Among which tickets to look."""

    #: All that the person may read.
    READABLE = "readable"
    #: Those that the person filed, that concern him or her, or that he or she follows, and that have not ended.
    OWN = "own"


class Row(NamedTuple):
    """A ticket that was compared."""

    id: int
    subject: str
    state: State
    is_open: bool
    system_id: int | None
    filed_at: datetime

    @property
    def number(self) -> str:
        return number_of(self.id)


class Similar(NamedTuple):
    row: Row
    #: From LEAST_LIKE to 1, which is the same subject.
    score: float


_COLUMNS = (Ticket.id, Ticket.subject, Ticket.state, Ticket.is_open, Ticket.system_id, Ticket.filed_at)


def similar(
    subject: str,
    *,
    system_id: int | None,
    who: Actor,
    now: datetime,
    limit: int = 5,
    scope: Scope = Scope.READABLE,
    but: int | None = None,
) -> list[Similar]:
    """The tickets most like `subject`, best first, open before ended where they are alike; `but` is left out."""
    rows = candidates(system_id=system_id, who=who, scope=scope)
    return likest(subject, rows, now=now, limit=limit, but={but} if but is not None else ())


def likest(
    subject: str, rows: Sequence[Row], *, now: datetime, limit: int = 5, but: Collection[int] = ()
) -> list[Similar]:
    """The same among candidates at hand."""
    return rank(subject, [row for row in rows if row.id not in but and _is_in_mind(row, now)])[:limit]


def _is_in_mind(row: Row, now: datetime) -> bool:
    return row.is_open or now - row.filed_at <= REMEMBERED


def candidates(*, system_id: int | None, who: Actor, scope: Scope = Scope.READABLE) -> list[Row]:
    """What a subject is compared with, newest first: tickets of the same system, or the newest of all."""
    if scope is Scope.OWN or not is_open(TicketPermission.OVERSEE, who):
        return _read(_own(who, only_alive=scope is Scope.OWN))
    return _read(_newest(who) if system_id is None else _of_system(system_id, who))


def _read(query: Statement) -> list[Row]:
    return [Row._make(row) for row in db.session.execute(query)]


def _of_system(system_id: int, who: Actor) -> Statement:
    return _both(who, Ticket.system_id == system_id, order=Ticket.id.desc())


def _newest(who: Actor) -> Statement:
    return _both(who, lists.of_own_customers(who), order=Ticket.filed_at.desc())


def _both(who: Actor, which: ColumnElement[bool], *, order: ColumnElement[Any]) -> Statement:
    """The newest that are open and the newest that are not: each read along an index, for a window's length only.

    The window is cut before the policy is asked, so that who may read few of many does not wait for all of them.
    """
    windows = [
        select(Ticket.id).where(which, Ticket.is_open.is_(is_open_)).order_by(order).limit(WINDOW).subquery()
        for is_open_ in (True, False)
    ]
    return _readable(union_all(*(select(window.c.id) for window in windows)), who)


def _own(who: Actor, *, only_alive: bool) -> Statement:
    query = _readable(lists.own_ids(who), who)
    return query.where(Ticket.closed_at.is_(None)) if only_alive else query


def _readable(ids: Any, who: Actor) -> Statement:
    return (
        select(*_COLUMNS)
        .where(
            Ticket.id.in_(ids),
            Ticket.secrecy == Secrecy.ORDINARY,
            Ticket.merged_into_id.is_(None),
            granted(TicketPermission.READ, who),
        )
        .order_by(Ticket.id.desc())
        .limit(2 * COMPARED)
    )


# ------------------------------------------------------------------------------------------------ likeness


def rank(subject: str, rows: Sequence[Row]) -> list[Similar]:
    """Those like the subject, best first. What stands in every subject says little, so rare parts weigh most."""
    told = [parts(row.subject) for row in rows]
    scales = _Scales(told)
    asked = parts(subject)
    asked_weighs = scales.weigh(asked)
    scored = [
        Similar(row, score)
        for row, have in zip(rows, told, strict=True)
        if (common := asked & have)
        and (score := scales.weigh(common) / sqrt(asked_weighs * scales.weigh(have))) >= LEAST_LIKE
    ]
    return sorted(scored, key=lambda one: (-round(one.score, 1), not one.row.is_open, -one.score, -one.row.id))


class _Scales:
    """How much a part tells, by how few of the subjects it stands in."""

    def __init__(self, told: Sequence[frozenset[str]]) -> None:
        seen = Counter(chain.from_iterable(told))
        number = len(told) + 2
        self._weights = {part: log(number / (count + 1)) ** 2 for part, count in seen.items()}
        self._unseen = log(number) ** 2

    def weigh(self, some: frozenset[str]) -> float:
        weights, unseen = self._weights, self._unseen
        return sum([weights.get(part, unseen) for part in some])


@lru_cache(maxsize=4_000)
def parts(subject: str) -> frozenset[str]:
    """A subject as what it is compared by: every three letters in a row of its words, and the words without endings."""
    told = words.PART.findall(words.fold(subject[:SUBJECT_LENGTH]))
    telling = [word for word in told if word not in words.STOP_WORDS] or told
    return frozenset().union(*map(_parts_of_word, telling))


# The same words come again and again, whatever the subjects.
@lru_cache(maxsize=1 << 13)
def _parts_of_word(word: str) -> frozenset[str]:
    return frozenset([words.stem(word), *(f" {word} "[at : at + 3] for at in range(len(word)))])
