"""What systems, known errors and disturbances can be, and how long a change of them can be taken back; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

#: So long a person may say that it was not over after all, or that it was reported by mistake and is not.
UNDO = timedelta(minutes=15)
#: So far back the status page tells of what is over.
LOOKING_BACK = timedelta(days=30)
#: Nothing is planned, or expected to last, longer than this; beyond it somebody has mistyped a year.
LONGEST = timedelta(days=366)

#: The owner of a system goes through what the register says of it so often.
BETWEEN_REVIEWS = timedelta(days=365)


class Criticality(StrEnum):
    """How much hangs on a system, most first."""

    VITAL = "vital"
    CRITICAL = "critical"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class KnownErrorState(StrEnum):
    ACTIVE = "active"
    SOLVED = "solved"


class Audience(StrEnum):
    EVERYBODY = "everybody"
    #: Supporters, servicedesk managers and the system's owner.
    STAFF = "staff"


class DisturbanceKind(StrEnum):
    DISTURBANCE = "disturbance"
    MAINTENANCE = "maintenance"


class UpdateKind(StrEnum):
    """What a line of a disturbance's journal tells."""

    TOLD = "told"
    ENDED = "ended"
    #: It was not over after all.
    RESUMED = "resumed"


class Stage(StrEnum):
    """When planned maintenance is announced: once each."""

    #: Some working days before.
    AHEAD = "ahead"
    #: On the day.
    SAME_DAY = "same_day"


class Phase(StrEnum):
    """Where a disturbance stands at an instant."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"


def phase_of(
    kind: DisturbanceKind,
    starts_at: datetime,
    expected_end_at: datetime | None,
    ended_at: datetime | None,
    now: datetime,
) -> Phase:
    """Planned maintenance is over at its end although nobody says so; a disturbance only when somebody does."""
    if ended_at is not None:
        return Phase.OVER
    if starts_at > now:
        return Phase.PLANNED
    is_past = expected_end_at is not None and expected_end_at <= now
    return Phase.OVER if kind is DisturbanceKind.MAINTENANCE and is_past else Phase.RUNNING


def may_take_back(at: datetime | None, now: datetime) -> bool:
    """Whether what happened `at` is recent enough to be undone."""
    return at is not None and now - at <= UNDO
