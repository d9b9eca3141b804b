"""The one place that asks the machine for the time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_date(at: datetime, zone: str) -> date:
    """The date on the wall where `zone` is kept."""
    return at.astimezone(ZoneInfo(zone)).date()


def own_zone() -> ZoneInfo:
    """The zone of the wall clock where the installation is; needs an application context."""
    return ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def today() -> date:
    """The date on the wall where the installation is; needs an application context."""
    return now().astimezone(own_zone()).date()


def day_begins(on: date) -> datetime:
    """The first instant of a day where the installation is, in UTC."""
    return datetime.combine(on, time(), own_zone()).astimezone(UTC)


def local_midnight(at: datetime) -> datetime:
    """When the day of `at` began where the installation is."""
    return at.astimezone(own_zone()).replace(hour=0, minute=0, second=0, microsecond=0)
