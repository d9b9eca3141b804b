"""In which hours a system is promised to run. What is agreed lies above the systems: it says here how to find out."""

from collections.abc import Callable
from datetime import datetime

from servicedesk.core import clock
from sla import Calendar

#: The calendar of what is agreed about a system (None: about no system in particular); None when nothing is.
Hours = Callable[[int | None], Calendar | None]
#: The same for a customer at an instant, read once for all of its systems.
Finder = Callable[[int, datetime], Hours]

ROUND_THE_CLOCK = Calendar("UTC", {day: [("00:00", "24:00")] for day in range(7)})

_finders: list[Finder] = []


def offer(finder: Finder) -> None:
    """Says how hours are found; whoever says it last is asked."""
    _finders[:] = [finder]


def service_hours(customer_id: int, now: datetime) -> Callable[[int], Calendar]:
    """Answers a system's service hours; round the clock where nothing is agreed."""
    hours = _finders[0](customer_id, now) if _finders else None

    def of(system_id: int) -> Calendar:
        return (hours(system_id) if hours else None) or ROUND_THE_CLOCK

    return of


def working_days(customer_id: int, system_id: int, now: datetime) -> Calendar:
    """The customer's working days; Monday to Friday where nothing is agreed."""
    agreed = _finders[0](customer_id, now)(system_id) if _finders else None
    return agreed or Calendar(str(clock.own_zone()), {day: [("08:00", "16:00")] for day in range(5)})
