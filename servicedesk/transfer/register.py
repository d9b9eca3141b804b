"""Persons, units, systems and teams that a file names: known by their names, and made where they are missing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from servicedesk.core.db import Base, db, table_of
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System

#: So many names are looked up in one query.
_AT_ONCE = 500
#: What the initials of an imported person begin with, so that they never take those that a colleague will get.
_MARK = "i."
_INITIALS_LENGTH = 30
_PLAIN_TEAM = {
    "is_closed": False,
    "is_first_line": False,
    "receives_confidential": False,
    "receives_security": False,
}


@dataclass
class Named:
    """What some cases name; a person with the unit that he or she belongs to, if it is told."""

    units: set[str] = field(default_factory=set)
    systems: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    persons: dict[str, str | None] = field(default_factory=dict)


#: Inserts rows and answers the id of each name.
Insert = Callable[[type[Base], list[dict[str, Any]]], Mapping[str, int]]


def insert_rows(kind: type[Base], rows: list[dict[str, Any]]) -> Mapping[str, int]:
    table = table_of(kind)
    answer = db.session.execute(insert(table).returning(table.c.name, table.c.id), rows)
    made: dict[str, int] = dict(answer.all())
    if kind is Unit:
        _root({made[row["name"]]: row["customer_id"] for row in rows})
    return made


def _root(units: Mapping[int, int]) -> None:
    """Right below the customer. A unit's path ends in its own id, which is only known once it is there."""
    paths = [{"unit": id_, "rooted": f"/{customer_id}/{id_}/"} for id_, customer_id in units.items()]
    table = table_of(Unit)
    rooted = update(table).where(table.c.id == bindparam("unit")).values(path=bindparam("rooted"))
    db.session.connection().execute(rooted, paths)


class Rehearsal:
    """Changes nothing: what is missing gets a number that means nothing."""

    def __init__(self) -> None:
        self._numbers = count(-1, -1)

    def __call__(self, kind: type[Base], rows: list[dict[str, Any]]) -> Mapping[str, int]:
        return {row["name"]: next(self._numbers) for row in rows}


class Register:
    """The ids behind the names of one customer; answers for names that `learn` was told of."""

    def __init__(self, customer_id: int, insert: Insert = insert_rows) -> None:
        self._customer_id = customer_id
        self._insert = insert
        self._ids: dict[type[Base], dict[str, int]] = {Unit: {}, Person: {}, System: {}, Team: {}}
        self._taken: set[str] | None = None
        #: How many of each table were missing.
        self.missing: Counter[str] = Counter()

    def unit(self, name: str | None) -> int:
        return self._ids[Unit][name] if name else self._customer_id

    def person(self, name: str) -> int:
        return self._ids[Person][name]

    def system(self, name: str) -> int:
        return self._ids[System][name]

    def team(self, name: str) -> int:
        return self._ids[Team][name]

    def learn(self, named: Named) -> None:
        """Finds what these names stand for and makes what is missing, in the caller's transaction."""
        self._learn(Unit, named.units, parent_id=self._customer_id, path="", is_imported=True)
        self._learn(System, named.systems, is_imported=True)
        self._learn(Team, named.teams, **_PLAIN_TEAM)
        self._learn_persons(named.persons)

    def _learn(self, kind: Any, names: Iterable[str], **marks: Any) -> None:
        ids = self._ids[kind]
        new = sorted(set(names) - ids.keys())
        for some in _parts(new):
            query = select(kind.name, func.min(kind.id)).where(kind.customer_id == self._customer_id)
            ids.update(dict(db.session.execute(query.where(kind.name.in_(some)).group_by(kind.name)).all()))
        self._make(kind, [{"name": name, **marks} for name in new if name not in ids])

    def _make(self, kind: type[Base], rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        self.missing[table_of(kind).name] += len(rows)
        rows = [{**row, "customer_id": self._customer_id, "is_active": True} for row in rows]
        self._ids[kind].update(self._insert(kind, rows))

    # ------------------------------------------------------------------------------------------ persons

    def _learn_persons(self, named: Mapping[str, str | None]) -> None:
        ids = self._ids[Person]
        new = sorted(named.keys() - ids.keys())
        for some in _parts(new):
            ids.update(self._find_persons(some))
        missing = [name for name in new if name not in ids]
        initials = self._free_initials(missing)
        self._make(
            Person,
            [
                {"name": name, "initials": initials[name], "unit_id": self.unit(named[name]), **_MARKED}
                for name in missing
            ],
        )

    def _find_persons(self, names: list[str]) -> dict[str, int]:
        """By initials or mail, else by name where only one person is called that."""
        written = {name.lower(): name for name in names}
        email = func.lower(Person.email)
        is_meant = or_(Person.name.in_(names), Person.initials.in_(written), email.in_(written))
        query = select(Person.id, Person.name, Person.initials, email)
        rows = db.session.execute(query.where(Person.customer_id == self._customer_id, is_meant)).all()
        called = Counter(row.name for row in rows)
        found = {row.name: row.id for row in rows if called[row.name] == 1 and row.name in names}
        return found | {written[code]: id_ for id_, _name, *codes in rows for code in codes if code in written}

    def _free_initials(self, names: list[str]) -> dict[str, str]:
        if self._taken is None:
            ours = Person.initials.startswith(_MARK, autoescape=True)
            query = select(Person.initials).where(Person.customer_id == self._customer_id, ours)
            self._taken = set(db.session.scalars(query))
        return {name: _untaken(initials_of(name), self._taken) for name in names}


_MARKED = {"locale": "da", "is_imported": True}


def initials_of(name: str) -> str:
    """ "Anne Jensen" becomes "i.anje", and "Caller 2403", which is no name, "i.caller2403"."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in name.lower().split()]
    words = [word for word in words if word] or ["person"]
    is_code = len(words) == 1 or any(sign.isdecimal() for sign in name)
    stem = "".join(words) if is_code else words[0][:2] + words[-1][:2]
    return (_MARK + "".join(sign for sign in stem if sign.isascii() or sign in "æøåäöü"))[: _INITIALS_LENGTH - 6]


def _untaken(stem: str, taken: set[str]) -> str:
    """The stem, or the stem with the first number that makes it new; it is taken from then on."""
    candidates = (f"{stem}{number}" if number > 1 else stem for number in count(1))
    free = next(candidate for candidate in candidates if candidate not in taken)
    taken.add(free)
    return free


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]
