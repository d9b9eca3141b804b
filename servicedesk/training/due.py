"""Whom to remind of what: pure, over how people stand and what they were last told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from servicedesk.training.reckoning import Line, Standing
from servicedesk.training.rules import GAPS, Status

#: Nobody hears of it more often.
BETWEEN = timedelta(days=7)
#: The same is said again so seldom.
AGAIN = timedelta(days=28)
#: What is not there yet is spoken of so long before it must be, and once more when it is close.
AHEAD = timedelta(days=30)
CLOSE = timedelta(days=7)


class Told(NamedTuple):
    """When somebody was last reminded, and of what."""

    on: date
    what: frozenset[str]


class Chief(NamedTuple):
    """A manager of a part of the organisation."""

    person_id: int
    path: str


@dataclass
class Reminder:
    """What one person is to hear: of the own requirements, and of staff who are behind."""

    person_id: int
    own: list[Line] = field(default_factory=list)
    #: The persons whose requirements are overdue.
    staff: set[int] = field(default_factory=set)
    #: Marks of all that, with how close each is: what is new is seen by them.
    what: set[str] = field(default_factory=set)


def reminders(standing: Standing, chiefs: Iterable[Chief], told: Mapping[int, Told]) -> list[Reminder]:
    """Those to be sent today, by person."""
    found: dict[int, Reminder] = {}
    by_path = sorted(chiefs, key=lambda one: -len(one.path))
    for learner in standing.learners:
        lines = [line for line in standing.lines(learner.id) if line.need.is_mandatory]
        stages = {line: stage for line in lines if (stage := _stage(line, standing.today))}
        for line, stage in stages.items():
            mine = found.setdefault(learner.id, Reminder(learner.id))
            mine.own.append(line)
            mine.what.add(f"{line.need.id}:{stage}")
        overdue = [line.need.id for line, stage in stages.items() if stage == "overdue"]
        if overdue:
            for chief_id in _closest(by_path, standing.path_of(learner.id), learner.id):
                theirs = found.setdefault(chief_id, Reminder(chief_id))
                theirs.staff.add(learner.id)
                theirs.what |= {f"{learner.id}/{need_id}" for need_id in overdue}
    ready = (one for one in found.values() if _is_time(one.what, told.get(one.person_id), standing.today))
    return sorted(ready, key=lambda one: one.person_id)


def _stage(line: Line, today: date) -> str:
    """How close it is; "" while there is nothing to say."""
    status, _until, due_on = line.reading
    if due_on is None or status not in {*GAPS, Status.EXPIRING} or due_on - today > AHEAD:
        return ""
    if due_on < today:
        return "overdue"
    return "close" if due_on - today <= CLOSE else "ahead"


def _closest(by_path: Collection[Chief], path: str, person_id: int) -> set[int]:
    """The managers of the smallest part that the person works in, but for the person."""
    above = [one for one in by_path if path.startswith(one.path) and one.person_id != person_id]
    return {one.person_id for one in above if one.path == above[0].path}


def _is_time(what: Collection[str], last: Told | None, today: date) -> bool:
    if last is None:
        return True
    is_new = not last.what.issuperset(what)
    return today - last.on >= (BETWEEN if is_new else AGAIN)


def week_of(today: date) -> date:
    """The Monday of the day's week."""
    return today - timedelta(days=today.weekday())


def by_person(rows: Iterable[tuple[int, date, Iterable[str]]]) -> dict[int, Told]:
    """The last of each person's reminders, from rows in the order of their days."""
    found: dict[int, Told] = defaultdict(lambda: Told(date.min, frozenset()))
    for person_id, on, what in rows:
        found[person_id] = Told(on, frozenset(what))
    return dict(found)
