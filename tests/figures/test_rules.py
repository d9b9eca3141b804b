"""Months and times to two digits."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.figures import rules

MINUTES = st.integers(0, 3_000_000)


def test_an_instant_lies_in_the_month_that_the_wall_shows() -> None:
    at = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert rules.month_of(at, ZoneInfo("Europe/Copenhagen")) == 202604
    assert rules.month_of(at, ZoneInfo("UTC")) == 202603
    assert rules.month_of(date(2026, 12, 24)) == 202612


@given(st.integers(1990, 2100), st.integers(1, 12), st.integers(-200, 200))
def test_going_on_and_back_by_months_is_standing_still(year: int, month: int, by: int) -> None:
    start = year * 100 + month
    there = rules.later(start, by)
    assert 1 <= there % 100 <= 12
    assert rules.later(there, -by) == start
    first, last = sorted((start, there))
    assert rules.length(first, last) == len(list(rules.months(first, last))) == abs(by) + 1


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, 0),
        (7, 7),
        (99, 99),
        (100, 100),
        (104, 100),
        (105, 110),
        (994, 990),
        (995, 1000),
        (1234, 1200),
        (9999, 10000),
    ],
)
def test_two_digits(minutes: int, shown: int) -> None:
    assert rules.to_two_digits(minutes) == shown


@given(MINUTES, MINUTES)
def test_rounding_keeps_the_order(one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert rules.to_two_digits(shorter) <= rules.to_two_digits(longer)


@given(st.lists(MINUTES, min_size=1, max_size=60))
def test_a_percentile_of_rounded_times_is_the_rounded_percentile(minutes: list[int]) -> None:
    counted: dict[int, int] = {}
    for one in map(rules.to_two_digits, minutes):
        counted[one] = counted.get(one, 0) + 1
    told = rules.spread(counted)
    assert told is not None
    assert told.number == len(minutes)
    in_order = sorted(minutes)
    for share, shown in ((0.5, told.median), (0.9, told.ninth)):
        rank = next(rank for rank in range(1, len(minutes) + 1) if rank >= share * len(minutes) - 1e-9)
        assert shown == rules.to_two_digits(in_order[rank - 1])


def test_of_nothing_there_is_no_percentile() -> None:
    assert rules.spread({}) is None
