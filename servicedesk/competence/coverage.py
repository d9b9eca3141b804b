"""How large a share of those who ought to be trained is, by unit and system; shares of a few people are not told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from servicedesk.competence.need import reach
from servicedesk.competence.policy import CompetencePermission, UnitCompetencePermission
from servicedesk.competence.rules import FEW, Key
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.training import queries as training
from servicedesk.training.reckoning import Standing
from servicedesk.training.rules import Status

_HAVE_IT = frozenset({Status.TRAINED, Status.EXPIRING, Status.EXEMPT})


@dataclass(frozen=True)
class Coverage:
    """Of so many people of whom something is required, so many have it."""

    required: int
    trained: int
    #: The reader may see who they are, so that their number is no secret either.
    is_open: bool

    @property
    def is_told(self) -> bool:
        return self.is_open or self.required >= FEW

    @property
    def percent(self) -> int | None:
        return round(100 * self.trained / self.required) if self.is_told and self.required else None


def read(customer_id: int, who: Actor, today: date) -> Mapping[Key, Coverage]:
    """Where anything is required, of the places whose coverage the person may see."""
    seen = reach(customer_id, who, CompetencePermission.SEE_COVERAGE)
    if not seen.places:
        return {}
    counted: dict[Key, list[int]] = {}
    for key, status in _each(training.statuses(customer_id, today)):
        if key in seen.places:
            numbers = counted.setdefault(key, [0, 0])
            numbers[0] += 1
            numbers[1] += status in _HAVE_IT
    return {key: Coverage(all_, have, key[0] in seen.whole) for key, (all_, have) in counted.items()}


def by_unit(customer_id: int, today: date) -> Mapping[int, tuple[int, int]]:
    """Of what is required of people in each unit, how many things there are and how many of them are had."""
    standing = training.statuses(customer_id, today)
    counted: dict[int, list[int]] = {}
    for learner in standing.learners:
        numbers = counted.setdefault(learner.unit_id, [0, 0])
        for cell in standing.cells(learner.id).values():
            numbers[0] += 1
            numbers[1] += cell.status in _HAVE_IT
    return {unit_id: (required, trained) for unit_id, (required, trained) in counted.items() if required}


def _each(standing: Standing) -> Iterator[tuple[Key, Status]]:
    for learner in standing.learners:
        for system_id, cell in standing.cells(learner.id).items():
            if system_id is not None:
                yield (learner.unit_id, system_id), cell.status


class Member(NamedTuple):
    """Somebody of whom something is required."""

    name: str
    status: Status
    is_mandatory: bool


def members(unit: Unit, system_id: int, who: Actor, today: date) -> list[Member] | None:
    """Who they are and how they stand, by name; None for those who may not see it."""
    may_see = select(Unit.id).where(Unit.id == unit.id, granted(UnitCompetencePermission.SEE_PEOPLE, who))
    if db.session.scalar(may_see) is None or unit.customer_id is None:
        return None
    here: ColumnElement[bool] = Person.unit_id == unit.id
    standing = training.statuses(unit.customer_id, today, people=here)
    found = []
    for learner in standing.learners:
        cell = standing.cells(learner.id).get(system_id)
        if cell is not None:
            found.append(Member(learner.name, *cell))
    return sorted(found, key=lambda one: one.name)
