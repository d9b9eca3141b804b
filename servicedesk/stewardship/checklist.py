"""What the owner of a system goes through once a year, and what stood there when it was signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from flask_babel import lazy_gettext as _

from servicedesk.agreements.of_system import agreement_of, contract_of
from servicedesk.core import labels
from servicedesk.superbrugere import coverage
from servicedesk.systems import queries
from servicedesk.systems.models import System


class Point(StrEnum):
    """A point of the checklist; what is kept goes by these, so that they never change."""

    OWNER = "owner"
    MANAGER = "manager"
    SUPPLIER = "supplier"
    CRITICALITY = "criticality"
    UNITS = "units"
    AGREEMENT = "agreement"
    NEEDS = "needs"
    SUPERBRUGERE = "superbrugere"


class Answer(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"


labels.declare(
    {
        Point.OWNER: _("Systemejer"),
        Point.MANAGER: _("Systemforvalter og stedfortræder"),
        Point.SUPPLIER: _("Leverandør og kontrakt"),
        Point.CRITICALITY: _("Kritikalitet"),
        Point.UNITS: _("Enheder, der bruger det"),
        Point.AGREEMENT: _("Serviceaftale"),
        Point.NEEDS: _("Systemer, det afhænger af"),
        Point.SUPERBRUGERE: _("Superbrugere"),
    }
)
labels.declare({Answer.RIGHT: _("Passer"), Answer.WRONG: _("Skal rettes")})


class Said(NamedTuple):
    """What the register says to a point, in names."""

    point: Point
    values: Sequence[str]


@dataclass(frozen=True)
class Coverage:
    """Who lacks a superbruger."""

    using: int
    lacking: Sequence[str]
    #: Superbrugere must not touch it.
    is_desks: bool


def coverage_of(system: System, today: date) -> Coverage:
    """The units in which people work and use it, and those of them without a valid superbruger who is there."""
    found = coverage.of_customer(system.customer_id, today, about=system.id)
    cells = [(line.unit.name, line.cells[0]) for line in found.lines if line.cells and line.cells[0].is_used]
    lacking = [name for name, cell in cells if cell.is_gap]
    return Coverage(len(cells), lacking, bool(cells) and all(cell.is_desks for _name, cell in cells))


def said_of(system: System, today: date, now: datetime) -> list[Said]:
    """The whole register as far as the checklist goes."""
    details = queries.details_of(system)
    agreement, contract = agreement_of(system, now), contract_of(system, now)
    covered = coverage_of(system, today)
    people = (details.manager, details.deputy)
    return [
        Said(Point.OWNER, [details.owner.name] if details.owner else []),
        Said(Point.MANAGER, [one.name for one in people if one is not None]),
        Said(Point.SUPPLIER, [*filter(None, [details.supplier, contract.name if contract else None])]),
        Said(Point.CRITICALITY, [system.criticality.value]),
        Said(Point.UNITS, [unit.name for unit in details.units]),
        Said(Point.AGREEMENT, [agreement.name] if agreement else []),
        Said(Point.NEEDS, [one.name for one in details.needs]),
        Said(Point.SUPERBRUGERE, [f"{covered.using - len(covered.lacking)}/{covered.using}", *covered.lacking]),
    ]
