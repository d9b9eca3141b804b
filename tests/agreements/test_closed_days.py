"""The Danish closed days that are proposed, and what a deadline makes of them."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from servicedesk.agreements import closed_days
from servicedesk.agreements.book import make_calendar

TABLE = Path(__file__).parent.parent / "data" / "dk_holidays_2020_2030.csv"
ZONE = "Europe/Copenhagen"
WEEK = {str(day): [["08:00", "16:00"]] for day in range(5)}
PLAIN = make_calendar(ZONE, [(date.min, WEEK)], {})


def proposed(*years):
    return {day.on: day for day in closed_days.proposed(years)}


def approved(*years):
    special = {on: day.hours(PLAIN) for on, day in proposed(*years).items()}
    return make_calendar(ZONE, [(date.min, WEEK)], special)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def told(*categories):
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]) for row in csv.DictReader(file) if row["category"] in categories}


@pytest.mark.parametrize("year", range(2020, 2031))
def test_the_days_are_those_of_the_law(year):
    days = {on for on in told("public", "optional") if on.year == year}

    assert len(days) > 10 and set(proposed(year)) == days


def test_half_days_are_half_unless_they_are_holidays():
    half = {on for on, day in proposed(*range(2020, 2031)).items() if day.is_half}

    assert half == {on for on in told("optional") - told("public") if on.month in (5, 6)}
    assert date(2028, 6, 5) not in half  # Whit Monday


def test_the_great_prayer_day_is_gone_from_2024():
    """S28: the same ticket a year apart."""
    assert proposed(2023)[date(2023, 5, 5)].name.casefold() == "store bededag"
    assert not any("bededag" in day.name.casefold() for day in proposed(*range(2024, 2031)).values())
    four = timedelta(hours=4)
    assert approved(2023).add(local("2023-05-04 15:00"), four) == local("2023-05-08 11:00")
    assert approved(2024).add(local("2024-04-25 15:00"), four) == local("2024-04-26 11:00")
    assert approved(2026).add(local("2026-04-01 15:00"), four) == local("2026-04-07 11:00")


def test_proposed_days_do_not_count():
    """S17: the same deadline with and without the day approved."""
    assert PLAIN.add(local("2026-12-23 15:00"), timedelta(hours=4)) == local("2026-12-24 11:00")
    assert approved(2026).add(local("2026-12-23 15:00"), timedelta(hours=4)) == local("2026-12-28 11:00")


def test_constitution_day_ends_at_noon():
    """S27: four hours from ten o'clock on 5 June, a Friday."""
    assert approved(2026).add(local("2026-06-05 10:00"), timedelta(hours=4)) == local("2026-06-08 10:00")


def test_a_half_day_keeps_what_is_before_noon():
    split = make_calendar(ZONE, [(date.min, {"4": [["07:00", "09:00"], ["10:00", "13:00"], ["14:00", "16:00"]]})], {})
    day = closed_days.ProposedDay(date(2026, 6, 5), "Grundlovsdag", is_half=True)

    assert day.hours(split) == [["07:00", "09:00"], ["10:00", "12:00"]]
