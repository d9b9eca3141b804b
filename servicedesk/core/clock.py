"""The one place that asks the machine for the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_date(at: datetime, zone: str) -> date:
    """The date on the wall where `zone` is kept."""
    return at.astimezone(ZoneInfo(zone)).date()
