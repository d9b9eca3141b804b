"""The clock: a pure fold from events to what is shown at an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.history import ENDED, PAUSED, RUNNING, STOPPED, Course, Event, History, Mode, tell
from sla.instants import from_us, to_us
from sla.reading import Period, Phase, Reading, Stage
from sla.reckoning import Reached, Tally
from sla.target import Target


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a ticket, aimed at a target. Keeps nothing: the events are its whole memory.

    >>> from sla import Calendar, OpenTime
    >>> desk = Calendar("Europe/Copenhagen", {day: [("08:00", "16:00")] for day in range(5)})
    >>> target = Target("resolution", OpenTime(timedelta(hours=8)), desk, pauses={"waiting_user"}, stops={"resolved"})
    >>> filed, asked, now = (datetime.fromisoformat(f"2026-03-02T{hour}:00+01:00") for hour in (10, 12, 14))
    >>> Clock(target).fold([Event(filed, "new")], now).due_at.isoformat()
    '2026-03-03T09:00:00+00:00'
    >>> shown = Clock(target).fold([Event(filed, "new"), Event(asked, "waiting_user")], now)
    >>> shown.phase.value, shown.elapsed, shown.paused, shown.due_at
    ('paused', datetime.timedelta(seconds=7200), datetime.timedelta(seconds=7200), None)
    """

    target: Target

    def fold(self, events: Iterable[Event], now: datetime) -> Reading:
        """What the clock shows at `now`, told from the events up to and including `now` alone.

        Events come in the order in which they happened; those at the same instant in the order given. Raises
        `UnorderedEventsError`, `NaiveDatetimeError`, and `NeverOpensError` if the calendar never opens again while
        the clock needs it.
        """
        history = tell(self.target, events, to_us(now))
        return _read(history) if history.courses else _read_idle(history)


def _read_idle(history: History) -> Reading:
    return Reading(
        phase=Phase.IDLE,
        is_running=False,
        is_paused=False,
        state=history.state,
        target=history.target,
        cycle=history.cycle,
    )


def _read(history: History) -> Reading:
    tallies = [Tally(course) for course in history.courses]
    course, tally, mode = history.courses[-1], tallies[-1], history.mode
    is_over = mode is STOPPED or mode is ENDED
    reached, ahead = tally.stages() if course.cycle == history.cycle else ([], [])
    periods = tuple(map(_period, history.courses, tallies))
    return Reading(
        phase=_phase(mode, tally),
        is_running=mode is RUNNING,
        is_paused=mode is PAUSED,
        state=history.state,
        target=history.target,
        started_at=periods[-1].started_at,
        ended_at=periods[-1].ended_at,
        elapsed=periods[-1].elapsed,
        paused=timedelta(microseconds=tally.paused),
        stopped=timedelta(microseconds=history.stopped),
        remaining=None if is_over else timedelta(microseconds=tally.goal - tally.elapsed),
        due_at=periods[-1].due_at,
        breached_at=next((from_us(each.breached) for each in tallies if each.breached is not None), None),
        overrun=timedelta(microseconds=tally.elapsed - tally.goal if tally.breached is not None else 0),
        outcome=periods[-1].outcome,
        cycle=history.cycle,
        periods=periods,
        stages=tuple(_stage(each, course) for each in reached),
        next_stage=_stage(ahead[0], course) if ahead else None,
        _course=course,
    )


def _phase(mode: Mode, tally: Tally) -> Phase:
    if mode is ENDED:
        return Phase.ENDED
    if tally.breached is not None:
        return Phase.BREACHED
    if mode is STOPPED:
        return Phase.MET
    return Phase.RUNNING if mode is RUNNING else Phase.PAUSED


def _period(course: Course, tally: Tally) -> Period:
    due = tally.due if course.mode is RUNNING or course.mode is STOPPED else None
    return Period(
        started_at=from_us(course.started),
        ended_at=from_us(course.end) if course.is_over else None,
        elapsed=timedelta(microseconds=tally.elapsed),
        due_at=None if due is None else from_us(due),
        outcome=_outcome(course, tally),
    )


def _outcome(course: Course, tally: Tally) -> str | None:
    """A period that a change cut short is over without having been stopped."""
    if not course.is_over:
        return None
    if course.mode is ENDED:
        return course.ending
    if tally.breached is not None:
        return Phase.BREACHED.value
    return Phase.MET.value if course.mode is STOPPED else None


def _stage(reached: Reached, course: Course) -> Stage:
    return Stage(reached.key, course.cycle, from_us(reached.at))
