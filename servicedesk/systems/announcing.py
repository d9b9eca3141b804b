"""When planned maintenance is announced: two working days before, and on the day. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from servicedesk.systems.rules import Stage
from sla import Calendar

WORKING_DAYS_BEFORE = 2
#: On the day it is told before people come to work; of what begins earlier, as the day begins.
IN_THE_MORNING = time(6)
#: Nobody closes for longer; further back no working day is looked for.
_MOST_DAYS = 60


def due(starts_at: datetime, days: Calendar, zone: tzinfo) -> Mapping[Stage, datetime]:
    """When each announcement of what begins then is due; never later than the beginning."""
    on = starts_at.astimezone(zone).date()
    morning = datetime.combine(on, IN_THE_MORNING, zone)
    same_day = morning if morning <= starts_at else datetime.combine(on, time(), zone)
    opening = days.next_opening(datetime.combine(_working_day_before(on, days), time(), zone))
    return {Stage.AHEAD: min(opening, same_day), Stage.SAME_DAY: same_day}


def _working_day_before(on: date, days: Calendar) -> date:
    left = WORKING_DAYS_BEFORE
    for back in range(1, _MOST_DAYS):
        day = on - timedelta(days=back)
        left -= days.is_working_day(day)
        if left == 0:
            return day
    return on - timedelta(days=WORKING_DAYS_BEFORE)


def stage_to_tell(due_ones: Mapping[Stage, datetime], now: datetime) -> Stage:
    """The later of those that are due: whoever hears that it is today need not hear that it is in two days."""
    return max((stage for stage, at in due_ones.items() if at <= now), key=lambda stage: due_ones[stage])
