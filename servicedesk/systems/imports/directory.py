"""What the names in a file stand for, among what one customer has; read once for a whole file."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from servicedesk.core import labels as words
from servicedesk.core.db import db
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems import outside
from servicedesk.systems.commands import SystemWords
from servicedesk.systems.imports.cells import unit_labels
from servicedesk.systems.models import System
from servicedesk.systems.rules import Criticality

PEOPLE = ("owner", "manager", "deputy")


class Directory:
    """Answers each name as the register writes it, and the ids behind those."""

    def __init__(self, customer_id: int, in_file: Iterable[tuple[str, str]]) -> None:
        self._people, self._initials = _people(customer_id)
        self._units = _units(customer_id)
        teams = select(Team.id, Team.name).where(Team.customer_id == customer_id, Team.is_active)
        self._named = {
            "team": {name: id_ for id_, name in db.session.execute(teams)},
            "supplier": {name: id_ for id_, name in outside.suppliers_in_use(customer_id)},
            "hours": {name: id_ for id_, name in outside.calendars(customer_id)},
        }
        self._customer_id = customer_id
        self._systems = _systems(customer_id, list(in_file))

    def read(self, field: str, value: str) -> str:
        """Raises RefusedError for what nobody here is called."""
        if field in PEOPLE:
            return self._initials_of(value) if value else ""
        if field in self._named:
            return self._name_of(field, value)
        if field == "units":
            return self._unit(value)[1]
        if field == "needs":
            return self._system(value)
        if field == "criticality":
            return _criticality(value)
        return _aliases(value) if field == "aliases" else " ".join(value.split()) if field != "description" else value

    def words(self, cells: dict[str, Any], key: str) -> SystemWords:
        """What the register's commands are told; the systems that it needs are there by now."""
        query = select(System.name, System.id).where(System.customer_id == self._customer_id)
        ids = {row.name: row.id for row in db.session.execute(query.where(System.name.in_(cells["needs"])))}
        return SystemWords(
            name=cells["name"],
            description=cells["description"] or None,
            aliases=cells["aliases"],
            unit_ids=[self._units[one.casefold()][0] for one in cells["units"] if one.casefold() in self._units],
            owner_id=self._people.get(cells["owner"]),
            manager_id=self._people.get(cells["manager"]),
            deputy_id=self._people.get(cells["deputy"]),
            team_id=self._named["team"].get(cells["team"]),
            supplier_id=self._named["supplier"].get(cells["supplier"]),
            criticality=Criticality(cells["criticality"]),
            hours_id=self._named["hours"].get(cells["hours"]),
            needed_ids=[ids[one] for one in cells["needs"] if one in ids],
            roles=cells["roles"],
            external_key=key or None,
        )

    def _initials_of(self, value: str) -> str:
        found = self._initials.get(value.casefold())
        if found is None:
            raise RefusedError(N_("Ingen aktiv person her, eller mere end én, er %(name)s."), name=value)
        return found

    def _name_of(self, field: str, value: str) -> str:
        if not value:
            return ""
        found = next((name for name in self._named[field] if name.casefold() == value.casefold()), None)
        if found is None:
            raise RefusedError(_UNKNOWN[field], name=value)
        return found

    def _unit(self, value: str) -> tuple[int, str]:
        found = self._units.get(value.casefold())
        if found is None:
            raise RefusedError(N_("Ingen enhed her, eller mere end én, hedder %(name)s."), name=value)
        return found

    def _system(self, value: str) -> str:
        found = self._systems.get(value.casefold())
        if found is None:
            raise RefusedError(N_("Hverken her eller i filen er der et system, som hedder %(name)s."), name=value)
        return found


_UNKNOWN = {
    "team": N_("Her er intet team i brug, som hedder %(name)s."),
    "supplier": N_("Her er ingen leverandør i brug, som hedder %(name)s. Opret leverandøren først."),
    "hours": N_("Her er ingen åbningstid, som hedder %(name)s."),
}


def _people(customer_id: int) -> tuple[dict[str, int], dict[str, str]]:
    """Ids by initials, and initials by all that a person can be meant by; a name only where one person has it."""
    query = select(Person.id, Person.initials, Person.email, Person.name)
    rows = db.session.execute(query.where(Person.customer_id == customer_id, Person.is_active)).all()
    called = Counter(row.name.casefold() for row in rows)
    meant = {row.name.casefold(): row.initials for row in rows if called[row.name.casefold()] == 1}
    meant |= {row.email.casefold(): row.initials for row in rows if row.email}
    meant |= {row.initials.casefold(): row.initials for row in rows}
    return {row.initials: row.id for row in rows}, meant


def _systems(customer_id: int, in_file: list[tuple[str, str]]) -> dict[str, str]:
    """The name that each has when the file is imported, by key, by that name and by the one that it has now."""
    renamed = {key: name for key, name in in_file if key}
    query = select(System.external_key, System.name).where(System.customer_id == customer_id)
    known = [(key or "", name, renamed.get(key or "", name)) for key, name in db.session.execute(query)]
    found = {spelling.casefold(): name for key, before, name in known for spelling in (key, before) if spelling}
    return found | {spelling.casefold(): name for key, name in in_file for spelling in (key, name) if spelling}


def _units(customer_id: int) -> dict[str, tuple[int, str]]:
    """Those in use by what a file calls them, and by what they are known by elsewhere."""
    labels = unit_labels(customer_id)
    query = select(Unit.id, Unit.external_id).where(Unit.customer_id == customer_id, Unit.is_active)
    rows = db.session.execute(query).all()
    found = {labels[row.id].casefold(): (row.id, labels[row.id]) for row in rows}
    return found | {row.external_id.casefold(): (row.id, labels[row.id]) for row in rows if row.external_id}


def _criticality(value: str) -> str:
    """By the word on the page or the value behind it; nothing is ordinary."""
    if not value:
        return Criticality.ORDINARY.value
    for level in Criticality:
        if value.casefold() in (level.value, words.in_words(level).casefold()):
            return level.value
    told = ", ".join(words.in_words(level) for level in Criticality)
    raise RefusedError(N_("Kritikaliteten %(name)s kendes ikke. Skriv en af: %(known)s."), name=value, known=told)


def _aliases(value: str) -> str:
    return ", ".join(dict.fromkeys(name for one in value.split(",") if (name := " ".join(one.split()))))
