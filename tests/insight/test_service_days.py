"""The days that the page tells of: those to come, and of the special ones those that matter to anybody."""

from collections.abc import Mapping
from datetime import date, timedelta

from servicedesk.agreements.book import ClosedDay, make_calendar
from servicedesk.insight.service.days import next_days, unusual
from sla import Calendar

WEEK = {str(day): [["08:00", "16:00"]] for day in range(5)}
#: A Thursday.
TODAY = date(2026, 12, 17)
CHRISTMAS, BOXING, NEW_YEAR = date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 31)


Special = Mapping[date, tuple[str, list[list[str]]]]


def told(special: Special) -> tuple[Calendar, dict[date, ClosedDay]]:
    hours = {on: intervals for on, (_name, intervals) in special.items()}
    calendar = make_calendar("Europe/Copenhagen", [(date.min, WEEK)], hours)
    return calendar, {on: ClosedDay(name, not intervals) for on, (name, intervals) in special.items()}


def test_a_week_from_today_on():
    found = next_days(*told({TODAY + timedelta(days=1): ("Julefrokost", [["08:00", "11:00"]])}), TODAY)

    assert [day.on.isoformat()[-2:] for day in found] == "17 18 19 20 21 22 23".split()
    assert [day.name for day in found] == ["", "Julefrokost", "", "", "", "", ""]
    assert [bool(day.hours) for day in found] == [True, True, False, False, True, True, True]
    assert found[1].hours == (("08:00", "11:00"),)


def test_what_is_closed_on_a_saturday_surprises_nobody():
    special: Special = {CHRISTMAS: ("1. juledag", []), BOXING: ("2. juledag", []), NEW_YEAR: ("Nytårsaften", [])}

    assert [day.name for day in unusual(*told(special), TODAY)] == ["1. juledag", "Nytårsaften"]


def test_being_open_on_a_saturday_does():
    assert [day.on for day in unusual(*told({BOXING: ("Åbent hus", [["10:00", "12:00"]])}), TODAY)] == [BOXING]


def test_eight_weeks_ahead_and_no_further():
    last = TODAY + timedelta(weeks=8)
    special: Special = {on: ("Lukket", []) for on in (TODAY - timedelta(days=1), TODAY, last, last + timedelta(days=1))}

    assert [day.on for day in unusual(*told(special), TODAY)] == [TODAY, last]
