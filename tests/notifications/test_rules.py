from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.notifications.rules import Habit
from tests.desk import LOCAL_ZONE

ZONE = ZoneInfo(LOCAL_ZONE)

#: A habit, an instant on the wall, and when the next digest goes.
DIGESTS = {
    "later the same day": (Habit(), "2026-03-02 07:59", "2026-03-02 08:00"),
    "exactly then the next": (Habit(), "2026-03-02 08:00", "2026-03-03 08:00"),
    "over the weekend": (Habit(), "2026-03-06 12:00", "2026-03-09 08:00"),
    "once a week": (Habit(digest_days=(2,)), "2026-03-04 08:00", "2026-03-11 08:00"),
    "the second of two": (Habit(("08:00", "14:30")), "2026-03-02 09:00", "2026-03-02 14:30"),
    "the first after the second": (Habit(("08:00", "14:30")), "2026-03-02 15:00", "2026-03-03 08:00"),
    "over the change to summer time": (Habit(digest_days=(6, 0)), "2026-03-28 12:00", "2026-03-29 08:00"),
    "over the change to winter time": (Habit(digest_days=(6, 0)), "2026-10-24 12:00", "2026-10-25 08:00"),
    "at a time that is jumped over": (Habit(("02:30",), (6,)), "2026-03-28 12:00", "2026-03-29 03:30"),
    "over New Year": (Habit(), "2026-12-31 12:00", "2027-01-01 08:00"),
}

NIGHT = Habit(is_quiet=True, quiet_from="17:00", quiet_to="07:00")
NOON = Habit(is_quiet=True, quiet_from="11:00", quiet_to="13:00")
QUIET = {
    "off": (Habit(quiet_from="00:00", quiet_to="23:59"), "2026-03-02 18:00", "2026-03-02 18:00"),
    "before": (NIGHT, "2026-03-02 16:59", "2026-03-02 16:59"),
    "as they begin": (NIGHT, "2026-03-02 17:00", "2026-03-03 07:00"),
    "after midnight": (NIGHT, "2026-03-03 00:10", "2026-03-03 07:00"),
    "as they end": (NIGHT, "2026-03-03 07:00", "2026-03-03 07:00"),
    "while the clocks go forward": (NIGHT, "2026-03-29 01:30", "2026-03-29 07:00"),
    "while the clocks go back": (NIGHT, "2026-10-24 23:00", "2026-10-25 07:00"),
    "at noon": (NOON, "2026-03-02 12:00", "2026-03-02 13:00"),
    "not at noon": (NOON, "2026-03-02 13:00", "2026-03-02 13:00"),
}


def wall(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(("habit", "after", "goes"), DIGESTS.values(), ids=DIGESTS)
def test_the_next_digest(habit, after, goes):
    assert habit.next_digest(wall(after), ZONE) == wall(goes)


@pytest.mark.parametrize(("habit", "at", "ends"), QUIET.values(), ids=QUIET)
def test_the_end_of_quiet_hours(habit, at, ends):
    assert habit.end_of_quiet(wall(at), ZONE) == wall(ends)


def test_in_the_hour_that_comes_twice_nothing_goes_backwards():
    habit = Habit(is_quiet=True, quiet_from="22:00", quiet_to="02:30")
    second_pass = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 again

    assert habit.end_of_quiet(second_pass, ZONE) == second_pass


times = st.times().map(lambda at: f"{at:%H:%M}")
instants = st.integers(1_500_000_000, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(
    st.sets(times, min_size=1, max_size=3),
    st.sets(st.integers(0, 6), min_size=1),
    instants,
    st.sampled_from(["Europe/Copenhagen", "America/Sao_Paulo", "Pacific/Kiritimati", "Australia/Lord_Howe"]),
)
def test_a_digest_always_comes_on_a_chosen_day_within_eight(chosen, days, after, zone):
    goes = Habit(tuple(chosen), tuple(days)).next_digest(after, ZoneInfo(zone))

    assert goes > after
    assert (goes - after).days <= 8
    assert goes.astimezone(ZoneInfo(zone)).weekday() in days


@given(times, times, instants)
def test_quiet_hours_end_within_a_day_and_never_in_the_past(begin, end, at):
    ends = Habit(is_quiet=True, quiet_from=begin, quiet_to=end).end_of_quiet(at, ZONE)

    assert at <= ends
    assert (ends - at).total_seconds() <= 25 * 3600
