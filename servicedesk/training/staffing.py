"""How a manager's staff stands: a line for each person, with words and nothing else."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.queries import in_tree_order
from servicedesk.organisation.scope import within
from servicedesk.training import queries
from servicedesk.training.policy import LearnerPermission
from servicedesk.training.reckoning import Standing
from servicedesk.training.rules import Status


@dataclass
class StaffLine:
    """A person with the names of the courses that he or she lacks, must renew, has and need not."""

    name: str
    unit: str
    by_status: dict[Status, list[str]] = field(default_factory=dict)
    #: What is recommended and not taken.
    recommended: list[str] = field(default_factory=list)

    @property
    def has_gap(self) -> bool:
        return bool(self.by_status.get(Status.MISSING) or self.by_status.get(Status.EXPIRED))

    @property
    def met(self) -> int:
        return sum(len(self.by_status.get(one, ())) for one in (Status.TRAINED, Status.EXPIRING, Status.EXEMPT))

    @property
    def asked(self) -> int:
        return sum(map(len, self.by_status.values()))


def units_of(who: Actor) -> list[Unit]:
    """The units that the person is a manager of, in the order of the tree."""
    led = within(who.granted(Role.MANAGER), customer=Unit.customer_id, unit=Unit.id)
    return in_tree_order(db.session.scalars(select(Unit).where(led, Unit.is_active)).all())


def of_manager(who: Actor, today: date, *, unit_id: int | None = None) -> list[StaffLine]:
    """By name; of one unit with those below it when it is given."""
    units = units_of(who)
    names = {unit.id: unit.name for unit in units}
    top = next((unit.path for unit in units if unit.id == unit_id), "-" if unit_id else "")
    shown = granted(LearnerPermission.SEE_STATUS, who)
    if top:
        shown = and_(shown, Person.unit_id.in_([unit.id for unit in units if unit.path.startswith(top)]))
    lines = []
    for customer_id in sorted({unit.customer_id for unit in units if unit.customer_id is not None}):
        standing = queries.statuses(customer_id, today, people=shown)
        lines += [_line(standing, one.id, one.name, names.get(one.unit_id, "")) for one in standing.learners]
    return in_order(lines, lambda line: line.name)


def _line(standing: Standing, person_id: int, name: str, unit: str) -> StaffLine:
    line = StaffLine(name, unit)
    seen = set[int]()
    for need, reading in standing.lines(person_id):
        if need.course_id in seen:
            continue
        seen.add(need.course_id)
        if need.is_mandatory:
            line.by_status.setdefault(reading.status, []).append(need.course)
        elif reading.status in (Status.MISSING, Status.EXPIRED):
            line.recommended.append(need.course)
    return line
