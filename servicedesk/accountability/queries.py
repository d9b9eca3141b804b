"""Reading look-ups: for those who watch over a customer, and for the person whose they were."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from servicedesk.accountability.policy import LookUpPermission
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.lookups import LookUp
from servicedesk.core.periods import Period
from servicedesk.core.permissions import granted
from servicedesk.organisation import choosing
from servicedesk.organisation.models import Person

LINES = 50
#: A name that so many have is too short to ask by.
MOST_PEOPLE = 50
#: Lines that are in memory at once while a file is written.
BATCH = 500
#: Two requests may be written down in another order than they came in; so many lines at most.
_SLACK = 1_000

By, About, Filer = aliased(Person), aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Wanted:
    """Which look-ups; empty means all."""

    #: Names or initials: whose was looked up, and who looked.
    about: str = ""
    by: str = ""
    period: Period | None = None


@dataclass(frozen=True)
class Told:
    """A look-up with the names of everybody in it."""

    line: LookUp
    by: str
    about: str | None
    filer: str | None


@dataclass(frozen=True)
class Page:
    """Newest first; `older` and `newer` lead on."""

    lines: Sequence[Told]
    older: int | None
    newer: int | None


def look_ups(who: Actor, wanted: Wanted, *, before: int | None = None, after: int | None = None) -> Page:
    """Those below the line `before`, or right above the line `after`."""
    query = _told().where(granted(LookUpPermission.READ, who), *_conditions(wanted))
    return _paged(query, before, after)


def all_look_ups(who: Actor, wanted: Wanted, most: int) -> Iterator[Told]:
    """The newest so many, a few at a time."""
    query = _told().where(granted(LookUpPermission.READ, who), *_conditions(wanted))
    before: int | None = None
    while most > 0:
        lines = [Told(*row) for row in db.session.execute(_below(query, before).limit(min(most, BATCH)))]
        yield from lines
        if len(lines) < BATCH:
            return
        most, before = most - BATCH, lines[-1].line.id


def of_me(who: Actor, *, before: int | None = None, after: int | None = None) -> Page:
    """What others have read of the person's."""
    return _paged(_told().where(is_about(who.id)), before, after)


def is_about(person_id: int | None) -> ColumnElement[bool]:
    return or_(LookUp.person_id == person_id, LookUp.filer_id == person_id)


def _told() -> Select[*tuple[Any, ...]]:
    return (
        select(LookUp, By.name, About.name, Filer.name)
        .join(By, By.id == LookUp.by_id)
        .outerjoin(About, About.id == LookUp.person_id)
        .outerjoin(Filer, Filer.id == LookUp.filer_id)
    )


def _below(query: Select[*tuple[Any, ...]], before: int | None) -> Select[*tuple[Any, ...]]:
    if before is not None:
        query = query.where(LookUp.id < before)
    return query.order_by(LookUp.id.desc())


def _paged(query: Select[*tuple[Any, ...]], before: int | None, after: int | None) -> Page:
    asked = _below(query, before) if after is None else query.where(LookUp.id > after).order_by(LookUp.id)
    found = [Told(*row) for row in db.session.execute(asked.limit(LINES + 1))]
    more, lines = len(found) > LINES, found[:LINES]
    if after is not None:
        lines.reverse()
    has_older, has_newer = (True, more) if after is not None else (more, before is not None)
    return Page(
        lines, lines[-1].line.id if lines and has_older else None, lines[0].line.id if lines and has_newer else None
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.by:
        conditions.append(LookUp.by_id.in_(_people(wanted.by)))
    if wanted.about:
        ids = _people(wanted.about)
        conditions.append(or_(LookUp.person_id.in_(ids), LookUp.filer_id.in_(ids)))
    if wanted.period is not None:
        since, until = wanted.period.instants
        conditions += [LookUp.at >= since, LookUp.at < until]
        # Lines are read by their number: where the period begins and ends among those is two steps along another index.
        if (first := _first(LookUp.at >= since)) is not None:
            conditions.append(LookUp.id > first - _SLACK)
        if (last := _first(LookUp.at >= until)) is not None:
            conditions.append(LookUp.id < last + _SLACK)
    return conditions


def _first(condition: ColumnElement[bool]) -> int | None:
    return db.session.scalar(select(LookUp.id).where(condition).order_by(LookUp.at).limit(1))


def _people(q: str) -> Sequence[int]:
    """Also those who have left: what they looked at, and what was looked up of theirs, is still asked about."""
    conditions = choosing.matches(q)
    key: InstrumentedAttribute[int] = Person.id
    return db.session.scalars(select(key).where(*conditions).limit(MOST_PEOPLE)).all() if conditions else []
