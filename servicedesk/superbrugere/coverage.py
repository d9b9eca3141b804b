"""Where somebody helps and where nobody does: every unit against every system that it uses, in a fixed number of
queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from servicedesk.core.db import db
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.superbrugere import corps, guidelines
from servicedesk.superbrugere.corps import Held
from servicedesk.superbrugere.queries import Helper
from servicedesk.superbrugere.rules import AppointmentKind, Leeway
from servicedesk.systems.models import System


class Cover(NamedTuple):
    """Who helps a unit with a system today."""

    helper: Helper
    #: The superbruger is away, and this one stands in.
    is_deputy: bool


@dataclass(frozen=True)
class Cell:
    """A unit and a system: used or not, and who helps. Nobody where somebody ought to is a gap."""

    is_used: bool
    #: Superbrugere must not touch it: it is the servicedesk's alone, and nobody lacks.
    is_desks: bool
    covers: Sequence[Cover]

    @property
    def is_gap(self) -> bool:
        return self.is_used and not self.is_desks and not self.covers


@dataclass(frozen=True)
class Line:
    """A unit with its cells, in the order of the map's systems."""

    unit: Unit
    cells: Sequence[Cell]
    #: Who helps with whatever the unit uses.
    all_round: Sequence[Cover]
    missing: Sequence[System]

    @property
    def used(self) -> int:
        """Systems that somebody ought to help with."""
        return sum(cell.is_used and not cell.is_desks for cell in self.cells)

    @property
    def has_nobody(self) -> bool:
        """Nobody helps with anything."""
        return not any(cell.covers for cell in self.cells) and not self.all_round


@dataclass(frozen=True)
class Map:
    """The units where people work, in the order of the tree."""

    systems: Sequence[System]
    lines: Sequence[Line]

    @property
    def lacking(self) -> int:
        """Units with a gap."""
        return sum(bool(line.missing) for line in self.lines)

    @property
    def deserted(self) -> int:
        """Units with nobody at all."""
        return sum(line.has_nobody for line in self.lines)


def of_customer(customer_id: int, today: date, *, below: int | None = None, about: int | None = None) -> Map:
    """The map of a customer that the caller has been let in to see, or of one part of it, or of one system."""
    units = corps.units_of(customer_id)
    systems = [one for one in corps.systems_of(customer_id) if about in (None, one.id)]
    paths = {unit.id: unit.path for unit in units}
    top = paths.get(below, "-") if below is not None else ""
    peopled = set(db.session.scalars(select(Person.unit_id).where(Person.customer_id == customer_id, Person.is_active)))
    shown = [unit for unit in in_tree_order(units) if unit.id in peopled and unit.path.startswith(top)]
    held = [one for one in corps.in_force(customer_id, today) if one.acting is not None]
    desks = _desks_alone(customer_id, systems)
    return Map(systems, [_line(unit, systems, here, desks) for unit, here in _over(shown, held)])


def _over(units: Iterable[Unit], held: Sequence[Held]) -> Iterator[tuple[Unit, list[Held]]]:
    """Each unit with what is held over it, looked up by the units on the way down to it."""
    own: dict[int, set[int]] = defaultdict(set)
    below: dict[int, set[int]] = defaultdict(set)
    for number, one in enumerate(held):
        for place in one.appointment.units:
            (below if place.with_subunits else own)[place.unit_id].add(number)
    for unit in units:
        way = map(int, unit.path.strip("/").split("/"))
        numbers = own[unit.id].union(*(below[id_] for id_ in way))
        yield unit, [held[number] for number in sorted(numbers)]


def _line(unit: Unit, systems: Sequence[System], here: Sequence[Held], desks: Collection[int]) -> Line:
    all_round = [one for one in here if not one.appointment.systems]
    by_system: dict[int, list[Held]] = {}
    for one in here:
        for about in one.appointment.systems:
            by_system.setdefault(about.id, []).append(one)
    cells = []
    for system in systems:
        is_used = not system.units or unit.path.startswith(tuple(one.path for one in system.units))
        known = [*by_system.get(system.id, ()), *all_round] if is_used else []
        cells.append(Cell(is_used, system.id in desks, _covers(known)))
    missing = [system for system, cell in zip(systems, cells, strict=True) if cell.is_gap]
    return Line(unit, cells, _covers(all_round), missing)


def _covers(held: Iterable[Held]) -> list[Cover]:
    """Each person once, those themselves before deputies."""
    found: dict[int, Cover] = {}
    for one in sorted(held, key=lambda each: (each.is_deputised, each.appointment.kind is not AppointmentKind.SYSTEM)):
        if one.acting is not None:
            found.setdefault(one.acting.id, Cover(one.acting, one.is_deputised))
    return list(found.values())


def _desks_alone(customer_id: int, systems: Iterable[System]) -> set[int]:
    """The systems that the guidelines keep superbrugere away from altogether."""
    terms = {one.guideline.system_id: one.version.terms for one in guidelines.of_customer(customer_id)}
    general = terms.get(None)
    holding = {system.id: terms.get(system.id, general) for system in systems}
    return {
        id_
        for id_, told in holding.items()
        if told is not None and told.incident is Leeway.NEVER and told.request is Leeway.NEVER
    }
