"""Open time: the edges of hours, of days, of versions, of the zone and of time."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from sla import Calendar, InvalidCalendarError
from tests.sla.desks import EVERY_DAY, ZONE, A, F, L, hours, local, week

MICROSECOND = timedelta(microseconds=1)
FRIDAY = "2026-03-06"


@pytest.mark.parametrize(
    ("start", "amount", "found"),
    [
        pytest.param("2026-03-02 09:00", 4, "2026-03-02 13:00", id="within a day"),
        pytest.param(f"{FRIDAY} 15:00", 4, "2026-03-09 11:00", id="over the weekend"),
        pytest.param(f"{FRIDAY} 12:00", 4, f"{FRIDAY} 16:00", id="exactly at closing time"),
        pytest.param(f"{FRIDAY} 16:00", 1, "2026-03-09 09:00", id="from closing time"),
        pytest.param("2026-03-08 12:00", 1, "2026-03-09 09:00", id="from outside hours"),
        pytest.param("2026-03-09 09:00", -1, "2026-03-09 08:00", id="back to an opening"),
        pytest.param("2026-03-09 09:00", -2, f"{FRIDAY} 15:00", id="back over the weekend"),
        pytest.param("2026-03-09 08:00", -8, f"{FRIDAY} 08:00", id="back a whole day"),
        pytest.param("2026-03-08 12:00", -1, f"{FRIDAY} 15:00", id="back from outside hours"),
        pytest.param("2026-03-08 12:00", 0, "2026-03-09 08:00", id="nothing, to the next opening"),
        pytest.param(f"{FRIDAY} 16:00", 0, "2026-03-09 08:00", id="nothing, from closing time"),
        pytest.param("2026-03-09 08:00", 0, "2026-03-09 08:00", id="nothing, while open"),
        pytest.param("2020-01-02 08:00", 8 * 1_519, "2026-01-06 16:00", id="six years of working days"),
        pytest.param("2026-01-06 16:00", -8 * 1_519, "2020-01-02 08:00", id="six years back"),
    ],
)
def test_adding(start, amount, found):
    assert A.add(local(start), hours(amount)) == local(found)


def test_answers_are_in_utc():
    assert A.add(local("2026-03-02 09:00"), hours(4)).tzinfo is UTC


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-9, minutes=-30))])
def test_it_does_not_matter_in_which_zone_an_instant_is_written(zone):
    assert A.add(local("2026-03-02 09:00").astimezone(zone), hours(4)) == local("2026-03-02 13:00")


def test_microseconds_are_kept():
    start = local(f"{FRIDAY} 15:59:59.999999")
    assert A.add(start, 2 * MICROSECOND) == local("2026-03-09 08:00") + MICROSECOND
    assert A.between(start, local("2026-03-09 08:00") + MICROSECOND) == 2 * MICROSECOND


def test_one_microsecond():
    monday = local("2026-03-02 09:00")
    assert A.add(monday, MICROSECOND) == monday + MICROSECOND
    assert A.add(monday, -MICROSECOND) == monday - MICROSECOND


def test_nothing_leads_to_the_next_opening_from_any_hour_of_some_years():
    start = local("2024-01-01 00:00").astimezone(UTC)
    every_hour = [start + hours(number) for number in range(24 * 1_000)]
    assert [A.add(at, hours(0)) for at in every_hour] == [A.next_opening(at) for at in every_hour]


def test_what_is_added_day_by_day_is_what_is_added_at_once():
    at = start = local("2020-01-02 08:00").astimezone(UTC)
    back = end = A.add(start, hours(8 * 1_500))
    for number in range(1, 1_501):
        at, back = A.add(at, hours(8)), A.add(back, -hours(8))
        assert at == A.add(start, hours(8 * number))
        assert back == A.add(end, -hours(8 * number))


def test_between_is_negative_backwards():
    assert A.between(local("2026-03-09 10:00"), local(f"{FRIDAY} 15:00")) == -hours(3)


def test_between_over_years_backwards():
    assert A.between(local("2030-01-01"), local("1990-01-01")) == -A.between(local("1990-01-01"), local("2030-01-01"))


@pytest.mark.parametrize("zone", [ZONE, "America/New_York", "Pacific/Niue", "Pacific/Kiritimati"])
def test_between_over_years(zone):
    always = week(("00:00", "24:00"), days=EVERY_DAY, zone=zone)
    start, end = local("1990-01-01").astimezone(UTC), local("2030-01-01").astimezone(UTC)
    assert always.between(start, end) == end - start


@pytest.mark.parametrize(
    ("at", "is_open"),
    [("07:59:59", False), ("08:00", True), ("11:59:59.999999", True), ("12:00", False), ("12:30", True)],
)
def test_is_open(at, is_open):
    assert L.is_open(local(f"2026-03-02 {at}")) is is_open


@pytest.mark.parametrize(
    ("at", "opens", "closes"),
    [
        pytest.param("2026-03-02 07:00", "2026-03-02 08:00", "2026-03-02 12:00", id="before opening"),
        pytest.param("2026-03-02 09:00", "2026-03-02 09:00", "2026-03-02 12:00", id="while open"),
        pytest.param("2026-03-02 12:00", "2026-03-02 12:30", "2026-03-02 16:00", id="at closing"),
        pytest.param("2026-03-06 17:00", "2026-03-09 08:00", "2026-03-09 12:00", id="before a weekend"),
    ],
)
def test_next_opening_and_closing(at, opens, closes):
    assert L.next_opening(local(at)) == local(opens)
    assert L.next_closing(local(at)) == local(closes)


def test_round_the_clock_never_closes():
    assert F.next_closing(local("2026-03-02 12:00")) is None


def test_closing_after_years_without_a_pause():
    desk = week(("00:00", "24:00"), days=EVERY_DAY, special={date(2032, 3, 1): []})
    assert desk.next_closing(local("2026-03-02 12:00")) == local("2032-03-01 00:00")


def test_days_that_touch_at_midnight_are_one_segment():
    assert F.segments(local("2020-01-01 12:00"), local("2026-01-01")) == [
        (local("2020-01-01 12:00"), local("2026-01-01"))
    ]


def test_segments_are_cut_at_both_ends():
    found = L.segments(local("2026-03-06 11:00"), local("2026-03-09 08:30"))
    assert found == [
        (local("2026-03-06 11:00"), local("2026-03-06 12:00")),
        (local("2026-03-06 12:30"), local("2026-03-06 16:00")),
        (local("2026-03-09 08:00"), local("2026-03-09 08:30")),
    ]


@pytest.mark.parametrize("end", ["2026-03-06 11:00", "2026-03-06 09:00", "2020-03-06 09:00"])
def test_no_segments_backwards(end):
    assert L.segments(local("2026-03-06 11:00"), local(end)) == []


def test_intervals_may_touch_and_come_in_any_order():
    split = week(("12:00", "16:00"), ("08:00", "12:00"))
    assert split.segments(local("2026-03-02"), local("2026-03-03")) == [
        (local("2026-03-02 08:00"), local("2026-03-02 16:00"))
    ]
    assert split.hours_on(date(2026, 3, 2)) == (("08:00", "12:00"), ("12:00", "16:00"))


def test_a_special_day_wins_over_weekday_and_closed_day():
    day = date(2026, 3, 2)
    desk = week(("08:00", "16:00"), closed=[day], special={day: [("10:00", "11:00")], date(2026, 3, 3): []})
    assert [desk.hours_on(day + timedelta(days=later)) for later in range(3)] == [
        (("10:00", "11:00"),),
        (),
        (("08:00", "16:00"),),
    ]
    assert [desk.is_working_day(day + timedelta(days=later)) for later in range(3)] == [True, False, True]
    assert desk.between(local("2026-03-02"), local("2026-03-04")) == hours(1)


class TestClockChanges:
    """In Denmark 02:00-03:00 is missing on 29 March 2026 and comes twice on 25 October."""

    def test_an_interval_that_begins_in_the_gap_begins_at_the_jump(self):
        night = week(("02:30", "04:00"), days=EVERY_DAY)
        assert night.segments(local("2026-03-29"), local("2026-03-30")) == [
            (local("2026-03-29 03:00"), local("2026-03-29 04:00"))
        ]

    def test_an_interval_within_the_gap_is_not_there(self):
        night = week(("02:00", "03:00"), days=EVERY_DAY)
        assert not night.is_working_day(date(2026, 3, 29))
        assert night.next_opening(local("2026-03-28 12:00")) == local("2026-03-30 02:00")

    def test_the_hour_that_comes_twice_counts_twice(self):
        night = week(("02:00", "03:00"), days=EVERY_DAY)
        assert night.between(local("2026-10-25"), local("2026-10-26")) == hours(2)

    def test_half_an_interval_that_comes_twice(self):
        night = week(("01:00", "02:30"), days=EVERY_DAY)
        found = night.segments(local("2026-10-25"), local("2026-10-26"))
        assert [(opens.strftime("%H:%M"), closes.strftime("%H:%M")) for opens, closes in found] == [
            ("23:00", "00:30"),
            ("01:00", "01:30"),
        ]

    @pytest.mark.parametrize(
        ("zone", "day", "length"),
        [
            pytest.param("America/Sao_Paulo", date(2018, 11, 4), 23, id="midnight is jumped over"),
            pytest.param("Australia/Lord_Howe", date(2026, 4, 5), 24.5, id="half an hour"),
            pytest.param("Pacific/Apia", date(2011, 12, 30), 0, id="no such day"),
            pytest.param("Africa/Casablanca", date(2026, 2, 15), 25, id="Ramadan"),
            pytest.param("Africa/Monrovia", date(1972, 1, 7), 24 - 2_670 / 3_600, id="odd seconds"),
        ],
    )
    def test_other_zones(self, zone, day, length):
        always = week(("00:00", "24:00"), days=EVERY_DAY, zone=zone)
        midnight, next_midnight = local(f"{day}", zone), local(f"{day + timedelta(days=1)}", zone)
        assert always.between(midnight, next_midnight) == hours(length)
        assert always.is_working_day(day) is (length > 0)


class TestVersions:
    OLD, NEW = week(("08:00", "16:00")), week(("10:00", "12:00"))
    CHANGED = Calendar.versioned([(date.min, OLD), (date(2026, 3, 3), NEW)])

    def test_each_day_has_its_version(self):
        opened = [self.CHANGED.between(local(f"2026-03-0{day}"), local(f"2026-03-0{day + 1}")) for day in (2, 3)]
        assert opened == [hours(8), hours(2)]

    def test_versions_of_versions(self):
        again = Calendar.versioned([(date.min, self.CHANGED), (date(2026, 3, 4), self.OLD)])
        opens = [again.hours_on(date(2026, 3, day))[0][0] for day in (2, 3, 4)]
        assert opens == ["08:00", "10:00", "08:00"]

    def test_zone_is_that_of_all(self):
        assert self.CHANGED.zone == ZONE

    @pytest.mark.parametrize(
        ("versions", "why"),
        [
            pytest.param([], "the first version must hold from date.min", id="none"),
            pytest.param([(date(2026, 1, 1), OLD)], "the first version", id="not from the beginning"),
            pytest.param([(date.min, OLD), (date.min, NEW)], "each version must begin later", id="two at once"),
            pytest.param(
                [(date.min, OLD), (date(2026, 3, 1), NEW), (date(2026, 2, 1), OLD)],
                "each version must begin later",
                id="out of order",
            ),
            pytest.param([(date.min, OLD), (datetime(2026, 3, 1, tzinfo=UTC), NEW)], "not a date", id="an instant"),
            pytest.param(
                [(date.min, OLD), (date(2026, 3, 1), week(("08:00", "16:00"), zone="UTC"))],
                "several zones: Europe/Copenhagen, UTC$",
                id="two zones",
            ),
        ],
    )
    def test_refused(self, versions, why):
        with pytest.raises(InvalidCalendarError, match=f"^{why}" if why.startswith(("the", "each")) else why):
            Calendar.versioned(versions)


class TestValues:
    def test_equal_if_they_say_the_same(self):
        one, other = (
            week(("08:00", "16:00"), closed=[date(2026, 1, 1)]),
            week(("08:00", "16:00"), special={date(2026, 1, 1): []}),
        )
        assert one == other
        assert hash(one) == hash(other)

    @pytest.mark.parametrize(
        "other",
        [
            week(("08:00", "16:01")),
            week(("08:00", "16:00"), zone="Europe/Berlin"),
            week(("08:00", "16:00"), closed=[date(2026, 1, 1)]),
            None,
        ],
    )
    def test_not_equal(self, other):
        assert week(("08:00", "16:00")) != other

    def test_versions_are_equal_too(self):
        assert Calendar.versioned([(date.min, A)]) == Calendar.versioned([(date.min, A)])
        assert hash(Calendar.versioned([(date.min, A)])) == hash(Calendar.versioned([(date.min, A)]))

    @pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
    def test_copies_are_equal(self, clone):
        assert clone(A) == A
        assert clone(A).add(local("2026-03-02 09:00"), hours(4)) == local("2026-03-02 13:00")

    def test_what_it_was_made_from_may_change(self):
        closed, pairs = {date(2026, 3, 2)}, [("08:00", "16:00")]
        desk = Calendar(ZONE, {0: pairs, 1: pairs}, closed=closed)
        closed.clear()
        pairs.clear()
        assert [desk.hours_on(date(2026, 3, day)) for day in (2, 3)] == [(), (("08:00", "16:00"),)]

    def test_hashes_tell_them_apart(self):
        others = [
            week(("08:00", f"{hour}:00"), closed=[date(2026, 1, day)]) for hour in range(10, 20) for day in (1, 2)
        ]
        assert len({hash(each) for each in others}) == 20

    def test_repr_tells_zone_and_hours(self):
        assert repr(Calendar("UTC", {0: [("08:00", "24:00")], 6: [("08:00", "09:00")]})) == (
            "<Calendar UTC 0: (('08:00', '24:00'),), 6: (('08:00', '09:00'),)>"
        )
