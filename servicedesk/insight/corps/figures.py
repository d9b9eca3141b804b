"""What became of the tickets that came to superbrugere, told from their journals; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from servicedesk.tickets.local_course import HANDLING
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import State

#: Fewer than this could be told apart by those who know the place.
FEW = 5


class Step(NamedTuple):
    """A line of a journal, as far as it tells of the local tier; `local_time.open_time` reads it too."""

    seq: int
    at: datetime
    kind: EntryKind
    by_id: int | None
    state: State
    #: Its tier, when it says one.
    data: dict[str, Any]
    #: A superbruger's answer, rather than the user's word.
    is_users_word: bool
    #: Of an appraisal: which escalation it is about, and whether nothing lacked.
    of: int | None = None
    is_complete: bool = False


@dataclass(frozen=True)
class Fared:
    """A ticket that has been with superbrugere."""

    unit_id: int
    system_id: int | None
    is_solved: bool
    is_passed_on: bool
    is_reopened: bool
    #: Open time there.
    stay: timedelta
    #: Who took it, answered, solved it or passed it on; who solved it; who passed it on.
    handlers: frozenset[int]
    solvers: frozenset[int]
    passers: frozenset[int]
    #: Who passed it on, and whether everything was told, for each escalation that was appraised.
    appraised: Sequence[tuple[int, bool]]


@dataclass
class Figures:
    """A line of the report."""

    handled: int = 0
    solved: int = 0
    passed_on: int = 0
    appraised: int = 0
    complete: int = 0
    reopened: int = 0
    #: Times that help was given on the floor.
    floor: int = 0
    stays: list[timedelta] = field(default_factory=list)

    @property
    def median_stay(self) -> timedelta | None:
        if not self.stays:
            return None
        return timedelta(seconds=median(stay.total_seconds() for stay in self.stays))

    @property
    def share_complete(self) -> int | None:
        """In per cent, of those that the servicedesk has said something of."""
        return round(100 * self.complete / self.appraised) if self.appraised else None


def fared(steps: Sequence[Step], *, unit_id: int, system_id: int | None, is_solved: bool, stay: timedelta) -> Fared:
    """`steps` are oldest first."""
    passed = [step for step in steps if step.kind is EntryKind.ESCALATED]
    first_passed = passed[0].seq if passed else None
    appraisals = {step.of: step.is_complete for step in steps if step.kind is EntryKind.APPRAISED}
    return Fared(
        unit_id=unit_id,
        system_id=system_id,
        is_solved=is_solved,
        is_passed_on=bool(passed),
        is_reopened=any(
            step.kind is EntryKind.REOPENED and (first_passed is None or step.seq < first_passed) for step in steps
        ),
        stay=stay,
        handlers=_who(step for step in steps if step.kind in HANDLING and not step.is_users_word),
        solvers=_who(step for step in steps if step.kind is EntryKind.RESOLVED),
        passers=_who(passed),
        appraised=[
            (step.by_id, appraisals[step.seq]) for step in passed if step.by_id is not None and step.seq in appraisals
        ],
    )


def _who(steps: Iterable[Step]) -> frozenset[int]:
    return frozenset(step.by_id for step in steps if step.by_id is not None)


def of_place(tickets: Iterable[Fared]) -> Figures:
    """Of a unit or a system: all that came to superbrugere there."""
    figures = Figures()
    for one in tickets:
        figures.handled += 1
        figures.solved += one.is_solved
        figures.passed_on += one.is_passed_on
        figures.reopened += one.is_reopened
        figures.appraised += len(one.appraised)
        figures.complete += sum(is_complete for _by, is_complete in one.appraised)
        figures.stays.append(one.stay)
    return figures


def of_person(tickets: Iterable[Fared], person_id: int) -> Figures:
    """What one superbruger has had to do with."""
    figures = Figures()
    for one in tickets:
        if person_id not in one.handlers:
            continue
        own = [is_complete for by, is_complete in one.appraised if by == person_id]
        figures.handled += 1
        figures.solved += one.is_solved and person_id in one.solvers
        figures.passed_on += person_id in one.passers
        figures.reopened += one.is_reopened and person_id in one.solvers
        figures.appraised += len(own)
        figures.complete += sum(own)
        figures.stays.append(one.stay)
    return figures
