"""Working days are counted by date and never turned into hours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sla import Calendar, InvalidTargetError
from tests.sla.desks import CLOSED, EVERY_DAY, ZONE, A, F, R, local, week


@pytest.mark.parametrize(
    ("start", "days", "found", "closing"),
    [
        pytest.param("2026-03-02 10:00", 2, "2026-03-04 10:00", "2026-03-04 16:00", id="within a week"),
        pytest.param("2026-03-06 10:00", 1, "2026-03-09 10:00", "2026-03-09 16:00", id="over the weekend"),
        pytest.param("2026-03-06 16:00", 1, "2026-03-10 08:00", "2026-03-10 16:00", id="from closing time"),
        pytest.param("2026-03-07 12:00", 1, "2026-03-10 08:00", "2026-03-10 16:00", id="from a Saturday"),
        pytest.param("2026-03-02 06:00", 1, "2026-03-03 08:00", "2026-03-03 16:00", id="from before opening"),
        pytest.param("2026-03-05 16:30", 1, "2026-03-09 08:00", "2026-03-06 14:00", id="closed at that time"),
        pytest.param("2026-03-04 16:30", 1, "2026-03-06 08:00", "2026-03-06 14:00", id="from after closing"),
        pytest.param("2026-04-01 10:00", 1, "2026-04-07 10:00", "2026-04-07 16:00", id="over Easter"),
        pytest.param("2026-03-02 10:00", 0, "2026-03-02 10:00", "2026-03-02 16:00", id="none"),
        pytest.param("2026-03-07 10:00", 0, "2026-03-09 08:00", "2026-03-09 16:00", id="none, from a Saturday"),
        pytest.param("2020-01-02 10:00", 1_518, "2026-01-06 10:00", "2026-01-06 16:00", id="six years"),
    ],
)
def test_counting(start, days, found, closing):
    assert R.add_days(local(start), days) == local(found)
    assert R.add_days(local(start), days, end_of_day=True) == local(closing)


def test_a_special_day_counts_a_closed_one_does_not():
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    desk = week(("08:00", "16:00"), closed=[monday], special={saturday: [("10:00", "12:00")]})
    assert desk.add_days(local("2026-03-06 11:00"), 1) == local("2026-03-07 11:00")
    assert desk.add_days(local("2026-03-06 11:00"), 2) == local("2026-03-10 11:00")


def test_the_clock_on_the_wall_decides_over_a_clock_change():
    assert A.add_days(local("2026-03-27 10:00"), 1) == local("2026-03-30 10:00")
    assert A.add_days(local("2026-10-23 10:00"), 1) == local("2026-10-26 10:00")


@pytest.mark.parametrize(
    ("start", "found"),
    [
        pytest.param("2026-03-28 02:30", "2026-03-29T03:00+02:00", id="a time that is jumped over"),
        pytest.param("2026-10-24 02:30", "2026-10-25T02:30+02:00", id="a time that comes twice"),
        pytest.param("2026-10-24 03:00", "2026-10-25T03:00+01:00", id="just after a time that comes twice"),
        pytest.param("2026-03-28 00:00", "2026-03-29T00:00+01:00", id="midnight"),
    ],
)
def test_in_the_night_of_a_clock_change(start, found):
    assert F.add_days(local(start), 1) == datetime.fromisoformat(found)


def test_the_second_of_two_hours_leads_to_the_same_time():
    second = datetime.fromisoformat("2026-10-25T02:30+01:00")
    assert F.add_days(second, 1) == local("2026-10-26 02:30")


def test_a_day_closes_for_the_last_time():
    night = week(("00:00", "02:30"), ("23:00", "24:00"), days=EVERY_DAY)
    assert night.add_days(local("2026-10-25 01:00"), 0, end_of_day=True) == local("2026-10-26 00:00")
    early = week(("00:00", "02:30"), days=EVERY_DAY)
    assert early.add_days(local("2026-10-25 01:00"), 0, end_of_day=True).isoformat() == "2026-10-25T01:30:00+00:00"


def test_a_day_that_the_zone_left_out_is_no_working_day():
    samoa = week(("08:00", "16:00"), days=EVERY_DAY, zone="Pacific/Apia")
    assert samoa.add_days(local("2011-12-29 10:00", "Pacific/Apia"), 1) == local("2011-12-31 10:00", "Pacific/Apia")


def test_midnight_that_is_jumped_over():
    always = week(("00:00", "24:00"), days=EVERY_DAY, zone="America/Sao_Paulo")
    found = always.add_days(local("2018-11-03 00:00", "America/Sao_Paulo"), 1)
    assert found == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_is_working_day():
    found = [day for day in range(1, 8) if R.is_working_day(date(2026, 4, day))]
    assert found == [1, 7]


def test_versions_count_by_their_own_days():
    four_days = Calendar(ZONE, {day: [("08:00", "16:00")] for day in range(4)}, closed=CLOSED)
    changed = Calendar.versioned([(date.min, A), (date(2026, 3, 9), four_days)])
    assert changed.add_days(local("2026-03-05 10:00"), 6) == local("2026-03-16 10:00")


def test_every_working_day_of_some_years_is_counted_once():
    start = local("2020-01-02 10:00")
    counted: list[date] = []
    day = date(2020, 1, 3)
    while len(counted) < 1_200:
        if A.hours_on(day):
            counted.append(day)
        day += timedelta(days=1)
    assert [A.add_days(start, number).date() for number in range(1, 1_201)] == counted


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_no_date_is_lost_far_east_or_west(zone):
    always = week(("00:00", "24:00"), days=EVERY_DAY, zone=zone)
    first = date(2020, 1, 1)
    days = [first + timedelta(days=number) for number in range(1_600)]
    assert all(always.is_working_day(day) for day in days)
    closings = [always.add_days(local(f"{first} 12:00", zone), number, end_of_day=True) for number in range(1_600)]
    assert closings == [local(f"{day + timedelta(days=1)}", zone) for day in days]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
@pytest.mark.parametrize("hour", [("00:00", "01:00"), ("23:00", "24:00")])
def test_no_hour_is_lost_far_east_or_west(zone, hour):
    desk = week(hour, days=EVERY_DAY, zone=zone)
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(1_600)]
    assert all(desk.is_working_day(day) for day in days)
    assert desk.between(local("2020-01-01", zone), local(f"{days[-1]} 23:59", zone)) >= timedelta(hours=1_599)


def test_more_days_than_ten_years_have():
    always = week(("00:00", "24:00"), days=EVERY_DAY, zone="UTC")
    assert always.add_days(datetime(2026, 1, 1, tzinfo=UTC), 5_000) == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(
        days=5_000
    )


@pytest.mark.parametrize("days", [-1, 1.0, "1", None, True])
def test_refused(days):
    with pytest.raises(InvalidTargetError, match="number of working days"):
        A.add_days(local("2026-03-02 10:00"), days)
