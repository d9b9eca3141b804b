"""Instants and durations as whole microseconds: exact, quick, and without a zone that could be added in."""

from datetime import UTC, datetime, timedelta

from sla.errors import NaiveDatetimeError, OutOfRangeError

DAY = 86_400_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What `date.toordinal()` says of the day that has number 0 here.
EPOCH_ORDINAL = EPOCH.toordinal()


def to_us(at: datetime) -> int:
    """Microseconds from 1970 to `at`."""
    try:
        us = to_length(at - EPOCH)
    except TypeError:
        raise NaiveDatetimeError(f"{at!r} has no time zone, so it names no instant") from None
    if not FIRST <= us <= LAST:
        raise OutOfRangeError(f"{at!r} is too near the end of the calendar")
    return us


def from_us(us: int) -> datetime:
    """The instant, in UTC."""
    return EPOCH + timedelta(microseconds=us)


def to_length(duration: timedelta) -> int:
    return (duration.days * 86_400 + duration.seconds) * 1_000_000 + duration.microseconds


#: A day is left at either end, so that the instant has a local date in every zone.
FIRST = to_length(datetime(1, 1, 2, tzinfo=UTC) - EPOCH)
LAST = to_length(datetime(9999, 12, 31, tzinfo=UTC) - EPOCH)
