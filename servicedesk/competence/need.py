"""What people need to be shown, by unit, system and topic, as far as a person may see it: a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from servicedesk.competence import counting
from servicedesk.competence.models import Topic, UnitKind
from servicedesk.competence.policy import CompetencePermission, UnitCompetencePermission
from servicedesk.competence.rules import Key, Place, Standing, held_against_others
from servicedesk.competence.statistics import Counted, per_hundred, person_years
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.periods import Period
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.superbrugere import corps
from servicedesk.systems.models import System


class Reach(NamedTuple):
    """What the person may see of a customer."""

    #: Units with systems.
    places: Collection[Key]
    #: Units of which he or she sees everything.
    whole: Collection[int]


@dataclass(frozen=True)
class Cell:
    """A unit and a system. A unit that does not use it has no people there, but may have had tickets."""

    unit: Unit
    system: System
    is_used: bool
    people: int
    tickets: int
    #: None where nobody uses it.
    standing: Standing | None

    @property
    def rate(self) -> float | None:
        """For 100 people and a year, as counted."""
        return per_hundred(self.standing.counted.rate) if self.standing else None

    @property
    def shrunken(self) -> float | None:
        return per_hundred(self.standing.shrunken) if self.standing else None

    @property
    def usual(self) -> float | None:
        return per_hundred(self.standing.usual) if self.standing else None


class Line(NamedTuple):
    """A unit, a system or a topic with its figures."""

    id: int | None
    name: str
    people: int
    tickets: int
    #: For 100 people and a year; None where nobody is.
    rate: float | None
    #: Of a topic, its system.
    system: str = ""


@dataclass(frozen=True)
class Need:
    """What the person may see: every cell of a unit in which people work with a system in use."""

    period: Period
    days: int
    units: Sequence[Unit]
    systems: Sequence[System]
    cells: Mapping[Key, Cell]
    kinds: Mapping[int, str]
    people: Mapping[int, int]
    #: Tickets about no system, by unit, of which the person sees everything.
    elsewhere: Mapping[int, int]

    @property
    def is_empty(self) -> bool:
        return not self.cells

    def narrowed(self, *, path: str = "", kind: str = "") -> "Need":
        """Only units of a subtree and a kind; what each is compared with stays."""
        units = [one for one in self.units if one.path.startswith(path) and kind in ("", self.kinds.get(one.id, ""))]
        ids = {one.id for one in units}
        cells = {key: cell for key, cell in self.cells.items() if key[0] in ids}
        seen = {system_id for _unit, system_id in cells}
        return Need(
            period=self.period,
            days=self.days,
            units=units,
            systems=[one for one in self.systems if one.id in seen],
            cells=cells,
            kinds=self.kinds,
            people=self.people,
            elsewhere={id_: number for id_, number in self.elsewhere.items() if id_ in ids},
        )

    def of_units(self) -> list[Line]:
        """In the order of the tree. Whoever sees a part of a unit sees the sum of that part."""
        tickets = {unit.id: self.elsewhere.get(unit.id, 0) for unit in self.units}
        for cell in self.cells.values():
            tickets[cell.unit.id] += cell.tickets
        return [self._told(one.id, one.name, self.people.get(one.id, 0), tickets[one.id]) for one in self.units]

    def of_systems(self) -> list[Line]:
        by_system: dict[int, list[Cell]] = {one.id: [] for one in self.systems}
        for cell in self.cells.values():
            by_system[cell.system.id].append(cell)
        return [
            self._sum(one.id, one.name, sum(cell.people for cell in by_system[one.id]), by_system[one.id])
            for one in self.systems
        ]

    def _sum(self, id_: int, name: str, people: int, cells: Iterable[Cell]) -> Line:
        return self._told(id_, name, people, sum(cell.tickets for cell in cells))

    def _told(self, id_: int, name: str, people: int, tickets: int) -> Line:
        return Line(id_, name, people, tickets, self.rate(tickets, people))

    def rate(self, tickets: int, people: int) -> float | None:
        return per_hundred(Counted(tickets, person_years(people, self.days)).rate)


def reach(customer_id: int, who: Actor, permission: CompetencePermission = CompetencePermission.SEE_NEED) -> Reach:
    pairs = select(Unit.id, System.id).join(System, System.customer_id == Unit.customer_id)
    pairs = pairs.where(Unit.customer_id == customer_id, Unit.is_active, System.is_active, granted(permission, who))
    whole = select(Unit.id).where(Unit.customer_id == customer_id, granted(UnitCompetencePermission.SEE_PEOPLE, who))
    return Reach({(unit, system) for unit, system in db.session.execute(pairs)}, set(db.session.scalars(whole)))


def kinds_of(customer_id: int) -> dict[int, str]:
    query = select(UnitKind.unit_id, UnitKind.kind).where(UnitKind.customer_id == customer_id)
    return {unit_id: kind for unit_id, kind in db.session.execute(query)}  # noqa: C416  a row is not typed as a pair


def read(customer_id: int, period: Period, who: Actor) -> Need:
    """Of a customer that the caller has been let in to see; places are compared with all, seen or not."""
    seen = reach(customer_id, who)
    start, end = period.instants
    days = (period.last - period.first).days + 1
    people, kinds = counting.people_by_unit(customer_id), kinds_of(customer_id)
    counts = counting.by_place(customer_id, start, end)
    systems = corps.systems_of(customer_id)
    units = [one for one in in_tree_order(corps.units_of(customer_id)) if people.get(one.id)]
    standings = _standings(units, systems, people, kinds, counts, days)
    cells = _cells(units, systems, people, counts, standings, seen.places)
    shown, about = {unit_id for unit_id, _system in cells} | set(seen.whole), {system_id for _unit, system_id in cells}
    return Need(
        period=period,
        days=days,
        units=[one for one in units if one.id in shown],
        systems=[one for one in systems if one.id in about],
        cells=cells,
        kinds=kinds,
        people=people,
        elsewhere={unit: number for (unit, system), number in counts.items() if system is None and unit in seen.whole},
    )


def is_used(unit: Unit, system: System) -> bool:
    return not system.units or unit.path.startswith(tuple(one.path for one in system.units))


def _standings(
    units: Sequence[Unit],
    systems: Iterable[System],
    people: Mapping[int, int],
    kinds: Mapping[int, str],
    counts: counting.Counts,
    days: int,
) -> dict[Key, Standing]:
    """Each unit that uses a system, against the others that use it."""
    found: dict[Key, Standing] = {}
    for system in systems:
        places = [
            Place(
                (unit.id, system.id),
                kinds.get(unit.id, ""),
                Counted(counts.get((unit.id, system.id), 0), person_years(people[unit.id], days)),
            )
            for unit in units
            if is_used(unit, system)
        ]
        found.update(held_against_others(places))
    return found


def _cells(
    units: Iterable[Unit],
    systems: Sequence[System],
    people: Mapping[int, int],
    counts: counting.Counts,
    standings: Mapping[Key, Standing],
    seen: Collection[Key],
) -> dict[Key, Cell]:
    found: dict[Key, Cell] = {}
    for unit in units:
        for system in systems:
            key = (unit.id, system.id)
            if key in seen:
                used, tickets = key in standings, counts.get(key, 0)
                found[key] = Cell(unit, system, used, people[unit.id] if used else 0, tickets, standings.get(key))
    return found


def of_topics(need: Need, customer_id: int) -> list[Line]:
    """Topics that came up in what is shown, most often first."""
    names = {system.id: system.name for system in need.systems}
    query = select(Topic.id, Topic.name, Topic.system_id).where(
        Topic.customer_id == customer_id, Topic.merged_into_id.is_(None)
    )
    topics = {id_: (name, system_id) for id_, name, system_id in db.session.execute(query)}
    tickets: dict[int, int] = {}
    for topic_id, unit_id, number in counting.by_topic(customer_id, *need.period.instants):
        if topic_id in topics and (unit_id, topics[topic_id][1]) in need.cells:
            tickets[topic_id] = tickets.get(topic_id, 0) + number
    users = {line.id: line.people for line in need.of_systems()}
    lines = []
    for id_, number in tickets.items():
        name, system_id = topics[id_]
        people = users[system_id]
        lines.append(Line(id_, name, people, number, need.rate(number, people), names[system_id]))
    return sorted(in_order(lines, lambda line: line.name), key=lambda line: -line.tickets)


class Around(NamedTuple):
    """What stands around a ticket: its unit with its system, and for the desk each of them and the topic alone."""

    both: Line
    unit: Line
    system: Line
    topic: Line | None


def around(customer_id: int, unit_id: int, system_id: int, topic: Topic | None, period: Period) -> Around | None:
    """Of a customer whose tickets the caller has been let in to see; None for what is no longer in use."""
    units = {one.id: one for one in corps.units_of(customer_id)}
    system = next((one for one in corps.systems_of(customer_id) if one.id == system_id), None)
    unit = units.get(unit_id)
    if unit is None or system is None:
        return None
    counts, people = counting.by_place(customer_id, *period.instants), counting.people_by_unit(customer_id)
    here = people.get(unit_id, 0)
    using = sum(people.get(one.id, 0) for one in units.values() if is_used(one, system))
    days = (period.last - period.first).days + 1

    def line(id_: int, name: str, number: int, tickets: int) -> Line:
        return Line(id_, name, number, tickets, per_hundred(Counted(tickets, person_years(number, days)).rate))

    of_unit = sum(number for (place, _what), number in counts.items() if place == unit_id)
    of_system = sum(number for (_place, what), number in counts.items() if what == system_id)
    named = counting.by_topic(customer_id, *period.instants) if topic else ()
    of_topic = sum(one.tickets for one in named if topic and one.topic_id == topic.id)
    return Around(
        both=line(unit_id, unit.name, here if is_used(unit, system) else 0, counts.get((unit_id, system_id), 0)),
        unit=line(unit_id, unit.name, here, of_unit),
        system=line(system_id, system.name, using, of_system),
        topic=line(topic.id, topic.name, using, of_topic) if topic else None,
    )


# ------------------------------------------------------------------------------------------------ proposals


class Proposal(NamedTuple):
    """A visit that would save time, as far as one can know."""

    cell: Cell
    #: A year.
    hours: float


def proposals(need: Need, minutes: int, most: int = 20) -> list[Proposal]:
    """Where more is needed than in comparable units, by the hours that a visit would save if it brought it down.

    By shrunken rates: in a small place a few tickets prove little, and weigh little here.
    """
    return sorted(_proposed(need, minutes), key=lambda one: -one.hours)[:most]


def _proposed(need: Need, minutes: int) -> Iterable[Proposal]:
    for cell in need.cells.values():
        if cell.standing is not None and cell.tickets > 1 and cell.standing.places > 1:
            hours = cell.standing.hours_saved(minutes, cell.people)
            if hours >= 1:
                yield Proposal(cell, hours)
