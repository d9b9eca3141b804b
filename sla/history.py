"""What happened to a clock, told from events: when it ran, was paused, stopped, began anew. Knows no calendar."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sla.errors import NaiveDatetimeError, UnorderedEventsError
from sla.instants import to_us
from sla.target import Target


@dataclass(frozen=True, slots=True)
class Event:
    """At an instant the ticket went into a state, or the clock got another target, or both.

    A `state` of None leaves the state as it is, a `target` of None the target. Raises `NaiveDatetimeError`.

    >>> Event(datetime.fromisoformat("2026-03-02T09:00+01:00"), "new").state
    'new'
    """

    at: datetime
    state: str | None = None
    target: Target | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise NaiveDatetimeError(f"an event at {self.at!r}, which has no time zone")


class Mode(Enum):
    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    STOPPED = auto()
    ENDED = auto()


# A member is looked up for every event, and on its class that is slow.
IDLE, RUNNING, PAUSED, STOPPED, ENDED = Mode
_DONE = (STOPPED, ENDED)

#: A stretch of time in one mode and one state: start and end in microseconds, mode, state.
Span = tuple[int, int, Mode, str | None]


@dataclass(slots=True)
class Course:
    """One period as it went. `ended` is empty while it goes on; then `end` is the instant of looking."""

    target: Target
    #: Since when this target holds.
    aimed: int
    cycle: int
    started: int
    mode: Mode
    end: int
    is_over: bool = False
    #: The state that stopped or ended it.
    ending: str | None = None
    spans: list[Span] = field(default_factory=list)


class History:
    """Takes events one after another; `courses` are the periods, the last one being the present."""

    __slots__ = ("_since", "_starts_anew", "courses", "cycle", "mode", "state", "stopped", "target")

    def __init__(self, target: Target) -> None:
        self.target = target
        self.cycle = 0
        self.mode = IDLE
        self.state: str | None = None
        #: Wall time between stops and reopenings.
        self.stopped = 0
        self.courses: list[Course] = []
        self._since = 0
        self._starts_anew = False

    def take(self, event: Event, at: int) -> None:
        target = event.target
        if target is not None and target != self.target:
            self._aim(target, at)
        state = self.state if event.state is None else event.state
        mode = self._mode_in(state)
        if mode is not self.mode:
            self._turn(mode, state, at)
        elif state != self.state and mode not in _DONE and self.courses:
            self._close_span(at)
        self.state = state

    def look(self, now: int) -> None:
        """Brings the present period up to `now`."""
        if self.courses and self.mode not in _DONE:
            course = self.courses[-1]
            course.spans.append((self._since, now, self.mode, self.state))
            course.end = now

    def _mode_in(self, state: str | None) -> Mode:
        """What that state means to the clock as it stands."""
        target, mode = self.target, self.mode
        if state in target.waits and (mode is IDLE or (mode in _DONE and target.on_reopen == "restart")):
            return mode
        if state in target.stops:
            return mode if mode in _DONE else STOPPED
        if state in target.ends:
            return mode if mode in _DONE else ENDED
        return PAUSED if state in target.pauses else RUNNING

    def _turn(self, mode: Mode, state: str | None, at: int) -> None:
        if not self.courses:
            self._begin(at)
        elif self.mode in _DONE:
            self._reopen(at)
        else:
            self._close_span(at)
        course = self.courses[-1]
        self.mode = course.mode = mode
        self._since = at
        if mode in _DONE:
            course.end, course.is_over, course.ending = at, True, state

    def _begin(self, at: int) -> None:
        self.courses.append(Course(self.target, at, self.cycle, at, self.mode, at))
        self._since = at

    def _reopen(self, at: int) -> None:
        course = self.courses[-1]
        self.stopped += at - course.end
        is_restart = self.mode is STOPPED and self.target.on_reopen == "restart"
        if is_restart or self._starts_anew:
            self.cycle += is_restart
            self._starts_anew = False
            self._begin(at)
        else:
            course.spans.append((course.end, at, self.mode, course.ending))
            course.is_over, course.ending = False, None

    def _close_span(self, at: int) -> None:
        if at > self._since:
            self.courses[-1].spans.append((self._since, at, self.mode, self.state))
        self._since = at

    def _aim(self, target: Target, at: int) -> None:
        self.target = target
        self.cycle += 1
        if not self.courses:
            return
        if target.on_change == "filing":
            course = self.courses[-1]
            course.target, course.aimed, course.cycle = target, at, self.cycle
            self._starts_anew = False
        elif self.mode in _DONE:
            # What is over stays as it was judged; the new target waits for a reopening.
            self._starts_anew = True
        else:
            self._close_span(at)
            self.courses[-1].end, self.courses[-1].is_over = at, True
            self._begin(at)


def tell(target: Target, events: Iterable[Event], now: int) -> History:
    """The history up to and including `now`."""
    history = History(target)
    last = None
    for event in events:
        at = to_us(event.at)
        if last is not None and at < last:
            raise UnorderedEventsError(f"the event at {event.at.isoformat()} comes after a later one")
        last = at
        if at <= now:
            history.take(event, at)
    history.look(now)
    return history
