"""What a clock shows. A reading is told anew by each fold; nothing in it is kept up to date."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from sla.history import ENDED, PAUSED, RUNNING, STOPPED, Course
from sla.instants import from_us
from sla.target import Target


class Phase(StrEnum):
    """What is the matter with a clock, in one word."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    ENDED = "ended"


class Why(StrEnum):
    """Why a stretch of time counted, or why it did not."""

    OPEN = "open"
    CLOSED = "closed"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Stage:
    """A warning or the breach; each comes once in a cycle. `key` is as "50", "-PT1H" or "breach"."""

    key: str
    cycle: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of the clock, a restart, or a change that counts from itself, to the stop.

    `outcome` is "met", "breached" or the state that ended it. It is None while the period goes on, and for one that
    a change cut short before it was breached.
    """

    started_at: datetime
    ended_at: datetime | None
    elapsed: timedelta
    due_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of wall time in one state, whether it counted, and why."""

    start: datetime
    end: datetime
    counted: bool
    why: Why
    state: str | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a clock shows at an instant. Durations are open time unless it says otherwise.

    Figures are those of the present period, the one that began last; `periods` has the earlier ones too.
    """

    phase: Phase
    #: Also when `phase` is BREACHED.
    is_running: bool
    is_paused: bool
    #: What the ticket went into last.
    state: str | None
    #: The target in force.
    target: Target
    started_at: datetime | None = None
    #: When it stopped or ended.
    ended_at: datetime | None = None
    #: What counted.
    elapsed: timedelta = timedelta(0)
    #: What passed in pauses.
    paused: timedelta = timedelta(0)
    #: Wall time between stops and reopenings, of all periods.
    stopped: timedelta = timedelta(0)
    #: What is left while the clock runs or is paused; negative when it is overdue.
    remaining: timedelta | None = None
    #: While running, when the target will be or was used up; once stopped, what it was judged by; else None.
    due_at: datetime | None = None
    #: The first breach of any period by the target it was judged by.
    breached_at: datetime | None = None
    #: What counted after the due time.
    overrun: timedelta = timedelta(0)
    #: "met", "breached", or the state that ended the clock; None before.
    outcome: str | None = None
    #: Goes up with each restart and each change of the target.
    cycle: int = 0
    periods: tuple[Period, ...] = ()
    #: What was reached in the present cycle.
    stages: tuple[Stage, ...] = ()
    #: What is reached next if nothing changes. A breach is there one microsecond after its `at`: on time is met.
    next_stage: Stage | None = None
    _course: Course | None = field(default=None, repr=False, compare=False)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The whole of the present period, from `started_at` to `ended_at` or the instant of looking, with no gap.

        Time in which the clock ran is cut at openings and closings; a pause or a stop is one stretch whatever the hour.
        """
        return _segments(self._course) if self._course else ()


_WHY = {PAUSED: Why.PAUSED, STOPPED: Why.STOPPED, ENDED: Why.STOPPED}


def _segments(course: Course) -> tuple[Segment, ...]:
    timeline = course.target.calendar.timeline
    pieces: list[tuple[int, int, Why, str | None]] = []
    for start, end, mode, state in course.spans:
        if mode is not RUNNING:
            pieces.append((start, end, _WHY[mode], state))
            continue
        at = start
        for opens, closes in timeline.segments(start, end):
            pieces += [(at, opens, Why.CLOSED, state), (opens, closes, Why.OPEN, state)]
            at = closes
        pieces.append((at, end, Why.CLOSED, state))
    return tuple(
        Segment(from_us(start), from_us(end), why is Why.OPEN, why, state) for start, end, why, state in _joined(pieces)
    )


def _joined(pieces: list[tuple[int, int, Why, str | None]]) -> list[tuple[int, int, Why, str | None]]:
    """Without the empty ones, and those that go on in the same way as one."""
    joined: list[tuple[int, int, Why, str | None]] = []
    for piece in pieces:
        start, end, why, state = piece
        if joined and joined[-1][2:] == (why, state):
            joined[-1] = (joined[-1][0], end, why, state)
        elif start < end:
            joined.append(piece)
    return joined
