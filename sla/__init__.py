"""Service level clocks: opening hours in a time zone, targets, and the state of a clock told from events alone.

`Calendar` reckons with open time and working days. A `Target` is a promise by a calendar. `Clock(target).fold(events,
now)` is what the clock shows: a `Reading`, with every stretch of time and why it counted.

Nothing here reads the time, keeps anything between calls, or needs more than the standard library and its zones.
Every error is a `SlaError`.
"""

from sla.calendar import Calendar
from sla.clock import Clock
from sla.errors import (
    InvalidCalendarError,
    InvalidTargetError,
    NaiveDatetimeError,
    NeverOpensError,
    OutOfRangeError,
    SlaError,
    UnorderedEventsError,
)
from sla.history import Event
from sla.reading import Period, Phase, Reading, Segment, Stage, Why
from sla.target import Before, EarlyWarning, Length, OpenTime, Share, Target, WorkingDays

__all__ = [
    "Before",
    "Calendar",
    "Clock",
    "EarlyWarning",
    "Event",
    "InvalidCalendarError",
    "InvalidTargetError",
    "Length",
    "NaiveDatetimeError",
    "NeverOpensError",
    "OpenTime",
    "OutOfRangeError",
    "Period",
    "Phase",
    "Reading",
    "Segment",
    "Share",
    "SlaError",
    "Stage",
    "Target",
    "UnorderedEventsError",
    "Why",
    "WorkingDays",
]
