"""Recurring windows on the wall clock, and links between systems."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from servicedesk.systems.needs import reached, turned, way
from servicedesk.systems.windows import LAST, Window, is_inside, read_clock

ZONE = ZoneInfo("Europe/Copenhagen")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("window", "starts", "ends", "inside"),
    [
        pytest.param(Window(2, 0, "22:00", "02:00"), "2026-03-04T22:00", "2026-03-05T02:00", True, id="all of it"),
        pytest.param(Window(2, 0, "22:00", "02:00"), "2026-03-05T00:30", "2026-03-05T01:00", True, id="after midnight"),
        pytest.param(Window(2, 0, "22:00", "02:00"), "2026-03-05T01:00", "2026-03-05T02:01", False, id="too long"),
        pytest.param(Window(2, 0, "22:00", "02:00"), "2026-03-05T22:00", "2026-03-05T23:00", False, id="another day"),
        pytest.param(Window(6, LAST, "06:00", "10:00"), "2026-03-29T07:00", "2026-03-29T08:00", True, id="last Sunday"),
        pytest.param(Window(6, LAST, "06:00", "10:00"), "2026-03-22T07:00", "2026-03-22T08:00", False, id="not last"),
        pytest.param(Window(0, 1, "06:00", "10:00"), "2026-06-01T07:00", "2026-06-01T08:00", True, id="first Monday"),
        pytest.param(Window(0, 1, "06:00", "10:00"), "2026-06-08T07:00", "2026-06-08T08:00", False, id="second Monday"),
        pytest.param(Window(6, 0, "01:00", "04:00"), "2026-03-29T01:00", "2026-03-29T04:00", True, id="clocks change"),
    ],
)
def test_planned_maintenance_lies_in_a_window_or_not(window, starts, ends, inside):
    assert is_inside([window], local(starts), local(ends), ZONE) is inside


@pytest.mark.parametrize(("typed", "read"), [("9.05", "09:05"), ("23:59", "23:59"), ("24:00", None), ("", None)])
def test_a_time_of_day_is_read(typed, read):
    assert read_clock(typed) == read


def test_links_are_followed_and_never_in_circles():
    links = {1: {2}, 2: {3}, 3: {1, 4}}
    assert reached(links, [1]) == {1, 2, 3, 4}
    assert way(links, 1, 4) == [1, 2, 3, 4]
    assert way(links, 4, 1) == []
    assert turned([(1, 2), (3, 2)]) == {2: {1, 3}}
