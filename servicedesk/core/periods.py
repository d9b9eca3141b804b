"""A stretch of days that figures are told of."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from servicedesk.core import clock


class Period(NamedTuple):
    """The first and the last day, on the wall where the installation is."""

    first: date
    last: date

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """From the first until just before the second, in UTC."""
        return clock.day_begins(self.first), clock.day_begins(self.last + timedelta(days=1))
