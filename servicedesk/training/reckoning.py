"""How people stand with what is required of them: one rule over requirements, records and a day. Pure."""

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from servicedesk.core.actor import Role
from servicedesk.training.rules import GAPS, CourseKind, Status

#: A record is said to expire so long before it does.
SOON = timedelta(days=60)
_NEVER = date.max


class Need(NamedTuple):
    """A requirement in force, with what the rule must know of its course."""

    id: int
    course_id: int
    course: str
    kind: CourseKind
    system_id: int | None
    #: Of the unit that it is about, with those below; "" for every unit.
    path: str
    role: Role | None
    title: str
    is_mandatory: bool
    deadline_days: int
    validity_months: int | None
    starts_on: date
    #: The newest version of a guideline, and the day it was published.
    version: int
    published_on: date | None
    note: str = ""


class Learner(NamedTuple):
    """A person as the rule sees him or her."""

    id: int
    name: str
    unit_id: int
    title: str
    took_up_job_on: date | None


class Proof(NamedTuple):
    """A record that holds."""

    course_id: int
    obtained_on: date
    expires_on: date | None
    is_exemption: bool
    ends_on: date | None
    version: int


class Reading(NamedTuple):
    """How somebody stands with one requirement."""

    status: Status
    #: The last day on which what there is meets it; None when there is nothing, or it lasts for ever.
    until: date | None
    #: When there must be something new.
    due_on: date | None

    def is_overdue(self, today: date) -> bool:
        return self.status in GAPS and self.due_on is not None and self.due_on < today


class Cell(NamedTuple):
    """How somebody stands with a system: the worst of what is mandatory, else of what is recommended."""

    status: Status
    is_mandatory: bool

    @property
    def is_gap(self) -> bool:
        return self.is_mandatory and self.status in GAPS


class Line(NamedTuple):
    """A requirement of somebody, and how he or she stands with it."""

    need: Need
    reading: Reading


#: By whether it is mandatory, then by rank.
_CELLS = tuple(tuple(Cell(status, is_mandatory) for status in Status) for is_mandatory in (False, True))


_LASTING = Reading(Status.TRAINED, None, None)


def read(need: Need, took_up_job_on: date | None, proofs: Iterable[Proof], today: date) -> Reading:
    """The best that the records of the requirement's course say, on `today`."""
    best, exempt_until = None, None
    for proof in proofs:
        if proof.obtained_on > today:
            continue
        if proof.is_exemption and proof.ends_on is not None and proof.ends_on < today:
            exempt_until = max(exempt_until or proof.ends_on, proof.ends_on)
            continue
        found = _exempt(proof) if proof.is_exemption else _taken(need, proof, today)
        if best is None or _is_better(found, best):
            best = found
    return best or _missing(need, took_up_job_on, exempt_until)


def _missing(need: Need, took_up_job_on: date | None, exempt_until: date | None) -> Reading:
    """An exemption that is over leaves time for the course."""
    known = [day for day in (need.starts_on, took_up_job_on, exempt_until) if day is not None]
    return Reading(Status.MISSING, None, max(known) + timedelta(days=need.deadline_days))


def _exempt(proof: Proof) -> Reading:
    return Reading(Status.EXEMPT, proof.ends_on, proof.ends_on)


def _taken(need: Need, proof: Proof, today: date) -> Reading:
    if need.published_on is not None and proof.version < need.version:
        asked_again = need.published_on + timedelta(days=need.deadline_days)
        return Reading(Status.EXPIRED, need.published_on, asked_again)
    until = _until(need, proof)
    if until == _NEVER:
        return _LASTING
    if until < today:
        return Reading(Status.EXPIRED, until, until)
    return Reading(Status.EXPIRING if until - today <= SOON else Status.TRAINED, until, until)


def _until(need: Need, proof: Proof) -> date:
    told = proof.expires_on or _NEVER
    return told if need.validity_months is None else min(told, months_later(proof.obtained_on, need.validity_months))


def _is_better(found: Reading, best: Reading) -> bool:
    """Of two alike the one that lasts longer."""
    rank, known = found.status.rank, best.status.rank
    if rank != known:
        return rank > known
    return (found.due_on or _NEVER) > (best.due_on or _NEVER)


@lru_cache(maxsize=50_000)
def months_later(on: date, months: int) -> date:
    """The same day of a later month, or its last when it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    if year > date.max.year:
        return _NEVER
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def is_meant(need: Need, path: str, roles: Collection[Role], title: str, used: Collection[int]) -> bool:
    """Whether a requirement concerns somebody in that unit, with those roles and that title (in small letters)."""
    return (
        (need.system_id is None or need.system_id in used)
        and path.startswith(need.path)
        and (need.role is None or need.role in roles)
        and (not need.title or need.title.casefold() == title)
    )


@dataclass
class _Kind:
    """People of whom the same is required: of one unit, with the same roles and title."""

    used: frozenset[int]
    needs: list[Need]
    #: By course: the systems whose cells it can change.
    touched: dict[int, set[int | None]] = field(default_factory=lambda: defaultdict(set))
    #: By system: the requirements that its cell tells of.
    counted: dict[int | None, list[Need]] = field(default_factory=dict)
    #: What those have who have learnt nothing.
    nothing: dict[int | None, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_system: dict[int | None, list[Need]] = defaultdict(list)
        for need in self.needs:
            by_system[need.system_id].append(need)
        for system_id, needs in by_system.items():
            mandatory = [need for need in needs if need.is_mandatory]
            self.counted[system_id] = mandatory or needs
            self.nothing[system_id] = _CELLS[bool(mandatory)][Status.MISSING.rank]
            for need in self.counted[system_id]:
                self.touched[need.course_id].add(system_id)


class Standing:
    """How some people stand with everything that is required of them, on a day."""

    def __init__(
        self,
        *,
        learners: Sequence[Learner],
        needs: Sequence[Need],
        proofs: Mapping[int, Sequence[tuple[Any, ...]]],
        roles: Mapping[int, Collection[Role]],
        paths: Mapping[int, str],
        systems: Mapping[int, Sequence[str]],
        names: Mapping[int, str],
        today: date,
    ) -> None:
        """`proofs` (the fields of each) and `roles` are by person, `systems` the paths of the units that use each.

        A system without any is used by all.
        """
        self.today = today
        self.learners = learners
        self.names = names
        self._by_id = {one.id: one for one in learners}
        self._needs, self._proofs, self._roles = needs, proofs, roles
        self._paths, self._systems = paths, systems
        # Roles and titles of which nothing is said make no difference.
        self._told_roles = frozenset(need.role for need in needs if need.role is not None)
        self._told_titles = frozenset(need.title.casefold() for need in needs if need.title)
        self._used: dict[int, frozenset[int]] = {}
        self._kinds: dict[tuple[int, frozenset[Role], str], _Kind] = {}

    def path_of(self, person_id: int) -> str:
        """Of the unit where the person works."""
        return self._paths.get(self._by_id[person_id].unit_id, "-")

    def used(self, person_id: int) -> frozenset[int]:
        """The systems that are used where the person works."""
        return self._kind(self._by_id[person_id]).used

    def cells(self, person_id: int) -> dict[int | None, Cell]:
        """By system, None for what is about no system; without those of which nothing is required."""
        learner = self._by_id[person_id]
        kind = self._kind(learner)
        proofs = self._by_course(person_id, kind.touched)
        cells = kind.nothing.copy()
        for course_id in proofs:
            for system_id in kind.touched[course_id]:
                counted = kind.counted[system_id]
                worst = min([self._rank(need, learner, proofs) for need in counted])
                cells[system_id] = _CELLS[counted[0].is_mandatory][worst]
        return cells

    def lines(self, person_id: int) -> list[Line]:
        """Each requirement with how the person stands: what is mandatory and due first comes first."""
        learner = self._by_id[person_id]
        needs = self._kind(learner).needs
        proofs = self._by_course(person_id, {need.course_id for need in needs})
        lines = [
            Line(need, read(need, learner.took_up_job_on, proofs.get(need.course_id, ()), self.today)) for need in needs
        ]
        return sorted(lines, key=_urgency)

    def _rank(self, need: Need, learner: Learner, proofs: Mapping[int, Sequence[Proof]]) -> int:
        return read(need, learner.took_up_job_on, proofs.get(need.course_id, ()), self.today).status.rank

    def _by_course(self, person_id: int, wanted: Collection[int]) -> dict[int, list[Proof]]:
        """The person's records of those courses."""
        found: dict[int, list[Proof]] = {}
        for told in self._proofs.get(person_id, ()):
            if (course_id := told[0]) in wanted:
                found.setdefault(course_id, []).append(Proof._make(told))
        return found

    def _kind(self, learner: Learner) -> _Kind:
        roles, title = self._told_roles.intersection(self._roles.get(learner.id, ())), learner.title.strip().casefold()
        key = (learner.unit_id, roles, title if title in self._told_titles else "")
        if key not in self._kinds:
            path, used = self._paths.get(learner.unit_id, "-"), self._used_in(learner.unit_id)
            meant = [need for need in self._needs if is_meant(need, path, roles, title, used)]
            self._kinds[key] = _Kind(used, meant)
        return self._kinds[key]

    def _used_in(self, unit_id: int) -> frozenset[int]:
        if unit_id not in self._used:
            path = self._paths.get(unit_id, "-")
            users = self._systems.items()
            self._used[unit_id] = frozenset(id_ for id_, tops in users if not tops or path.startswith(tuple(tops)))
        return self._used[unit_id]


def _urgency(line: Line) -> tuple[bool, bool, date, str]:
    is_done = line.reading.status in (Status.TRAINED, Status.EXEMPT)
    return is_done, not line.need.is_mandatory, line.reading.due_on or _NEVER, line.need.course
