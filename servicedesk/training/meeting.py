"""How requirements are met, and by whom: what a coordinator sees of everybody in his or her part."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import sort_key
from servicedesk.core.permissions import granted
from servicedesk.organisation.choosing import matches
from servicedesk.organisation.models import Person
from servicedesk.training import queries
from servicedesk.training.policy import LearnerPermission
from servicedesk.training.reckoning import Learner, Line
from servicedesk.training.rules import Status

#: People on a page.
PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which people a list shows."""

    q: str = ""
    unit_ids: frozenset[int] | None = None
    requirement_id: int | None = None
    system_id: int | None = None
    status: Status | None = None

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True)
class Found:
    """A person of a list, with the lines that the list is about."""

    learner: Learner
    lines: Sequence[Line]

    @property
    def counts(self) -> Counter[Status]:
        return Counter(line.reading.status for line in self.lines if line.need.is_mandatory)


@dataclass
class Met:
    """How many people a requirement concerns, and how they stand."""

    by_status: Counter[Status]
    overdue: int = 0

    @property
    def people(self) -> int:
        return self.by_status.total()

    @property
    def met(self) -> int:
        return sum(self.by_status[one] for one in (Status.TRAINED, Status.EXPIRING, Status.EXEMPT))

    @property
    def share(self) -> int:
        """Of a hundred, rounded down: a hundred is everybody."""
        return 100 * self.met // self.people if self.people else 100


def of_requirements(customer_id: int, who: Actor, today: date) -> dict[int, Met]:
    """By requirement, of the people whom `who` coordinates."""
    standing = queries.statuses(customer_id, today, people=granted(LearnerPermission.KEEP, who))
    found: dict[int, Met] = {}
    for one in standing.learners:
        for need, reading in standing.lines(one.id):
            met = found.setdefault(need.id, Met(Counter()))
            met.by_status[reading.status] += 1
            met.overdue += need.is_mandatory and reading.is_overdue(today)
    return found


def people(customer_id: int, who: Actor, wanted: Wanted, today: date) -> list[Found]:
    """By name, those whom `who` coordinates; of what is mandatory unless a requirement is named."""
    conditions: list[ColumnElement[bool]] = [granted(LearnerPermission.KEEP, who), *matches(wanted.q)]
    if wanted.unit_ids is not None:
        conditions.append(Person.unit_id.in_(wanted.unit_ids))
    standing = queries.statuses(customer_id, today, people=and_(*conditions))
    found = [Found(one, _lines(standing.lines(one.id), wanted)) for one in standing.learners]
    is_about_lines = wanted.status is not None or wanted.requirement_id is not None or wanted.system_id is not None
    shown = (one for one in found if one.lines or not is_about_lines)
    return sorted(shown, key=lambda one: (sort_key(one.learner.name), one.learner.id))


def _lines(lines: Sequence[Line], wanted: Wanted) -> list[Line]:
    return [
        line
        for line in lines
        if wanted.requirement_id in (None, line.need.id)
        and wanted.system_id in (None, line.need.system_id)
        and wanted.status in (None, line.reading.status)
    ]
