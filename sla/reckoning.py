"""What a period amounts to by its target: the time used, the due time, the breach, the warnings."""

from typing import NamedTuple

from sla.history import PAUSED, RUNNING, STOPPED, Course
from sla.instants import to_length
from sla.target import EarlyWarning, OpenTime, Share, WorkingDays

BREACH = "breach"


class Reached(NamedTuple):
    """A stage and the instant at which it is, or will be, reached."""

    key: str
    at: int


class Tally:
    """A course, reckoned by its target. Instants and amounts are microseconds.

    `goal` is the open time that the target comes to. `due` is the first instant at which so much has counted, by
    what has happened or else as if the clock ran on from the end; it may be empty for a clock that does not run.
    `breached` is the instant at which the clock first ran after that, and after the target was set. A clock that was
    paused all along since the due time has not breached.
    """

    __slots__ = ("_course", "_opened", "_ran", "_timeline", "breached", "due", "elapsed", "goal", "paused")

    def __init__(self, course: Course) -> None:
        self._course = course
        self._timeline = course.target.calendar.timeline
        self._opened = self._timeline.open_along([course.started, *(end for _, end, _, _ in course.spans)])
        self.elapsed = self.paused = 0
        #: The spans that count: start, end, and how much of them is open time.
        self._ran: list[tuple[int, int, int]] = []
        for (start, end, mode, _), opened in zip(course.spans, self._opened, strict=True):
            if mode is RUNNING:
                self._ran.append((start, end, opened))
                self.elapsed += opened
            elif mode is PAUSED:
                self.paused += opened
        self.goal, self.due = self._aim(course.target.length)
        self.breached = None if self.due is None else self._breach(self.due)

    def _aim(self, length: OpenTime | WorkingDays) -> tuple[int, int | None]:
        if isinstance(length, OpenTime):
            goal = to_length(length.amount)
            has_due = self._course.mode in (RUNNING, STOPPED) or self.elapsed >= goal
            return goal, self._when(goal) if has_due else None
        start = self._course.started
        due = self._timeline.add_days(start, length.days, end_of_day=length.end_of_day)
        return self._timeline.open_between(start, due), self._put_off(due)

    def _when(self, amount: int) -> int:
        """The first instant at which `amount` > 0 has counted, as if the clock ran on from the end."""
        for start, _, opened in self._ran:
            if opened >= amount:
                return self._timeline.add(start, amount)
            amount -= opened
        return self._timeline.add(self._course.end, amount)

    def _put_off(self, first: int) -> int:
        """A due time in working days moves by the open time, before it, that did not count."""
        lost, due = 0, first
        for (start, _, mode, _), opened in zip(self._course.spans, self._opened, strict=True):
            if start >= due:
                break
            if mode is not RUNNING:
                lost += opened
                due = self._timeline.add(first, lost) if lost else first
        return due

    def _breach(self, due: int) -> int | None:
        course = self._course
        at, was_late = max(due, course.aimed), False
        for start, end, _ in self._ran:
            if due < end and start < end:
                was_late = True
                if at <= end:
                    return max(at, start)
        return max(course.end, course.aimed) if was_late and course.mode is STOPPED else None

    def stages(self) -> tuple[list[Reached], list[Reached]]:
        """The warnings and the breach: those that were reached, and those to come if nothing changes; in order."""
        course = self._course
        is_running = course.mode is RUNNING and not course.is_over
        reached, ahead = [], []
        for warning in course.target.warnings:
            amount = self._amount(warning)
            if amount <= self.elapsed:
                felt = self._felt(self._when(amount) if amount > 0 else course.started)
                if felt is not None:
                    reached.append(Reached(warning.key, felt))
            elif is_running:
                ahead.append(Reached(warning.key, self._when(amount)))
        if self.breached is not None:
            reached.append(Reached(BREACH, self.breached))
        elif is_running and self.due is not None:
            ahead.append(Reached(BREACH, max(self.due, course.end)))
        return sorted(reached, key=_by_instant), sorted(ahead, key=_by_instant)

    def _amount(self, warning: EarlyWarning) -> int:
        """What has counted when that warning is due; rounded up, so that it never comes early."""
        if isinstance(warning, Share):
            return -(-self.goal * warning.percent // 100)
        return self.goal - to_length(warning.amount)

    def _felt(self, at: int) -> int | None:
        """The first instant from `at` on, and since the target was set, at which the clock ran."""
        at = max(at, self._course.aimed)
        return next((max(at, start) for start, end, _ in self._ran if at <= end), None)


def _by_instant(stage: Reached) -> int:
    return stage.at
