"""Warnings and the breach: each at its instant, once in a cycle, never while paused."""

from datetime import timedelta

import pytest

from sla import Before, Clock, Share, WorkingDays
from tests.sla.desks import hours, local, story, target

NEW = ("2026-03-02 09:00", "new")
MICROSECOND = timedelta(microseconds=1)


def fold(*told, now, length=8, **meaning):
    return Clock(target(length, **meaning)).fold(story(*told), local(now) if isinstance(now, str) else now)


def reached(*told, now, **meaning):
    return [(each.key, each.cycle, each.at) for each in fold(*told, now=now, **meaning).stages]


def ahead(*told, now, **meaning):
    stage = fold(*told, now=now, **meaning).next_stage
    return stage and (stage.key, stage.cycle, stage.at)


def test_each_is_reached_at_its_instant():
    assert reached(NEW, now="2026-03-04 09:00") == [
        ("50", 0, local("2026-03-02 13:00")),
        ("80", 0, local("2026-03-02 15:24")),
        ("breach", 0, local("2026-03-03 09:00")),
    ]


@pytest.mark.parametrize(
    ("now", "count", "next_key"),
    [
        ("2026-03-02 12:59:59.999999", 0, "50"),
        ("2026-03-02 13:00", 1, "80"),
        ("2026-03-02 15:24", 2, "breach"),
        ("2026-03-03 09:00", 2, "breach"),
        ("2026-03-03 09:00:00.000001", 3, None),
    ],
)
def test_the_next_one_is_told(now, count, next_key):
    shown = fold(NEW, now=now)
    assert len(shown.stages) == count
    assert (shown.next_stage and shown.next_stage.key) == next_key


def test_the_next_one_has_its_instant():
    assert ahead(NEW, now="2026-03-02 14:00") == ("80", 0, local("2026-03-02 15:24"))
    assert ahead(NEW, now="2026-03-03 08:59") == ("breach", 0, local("2026-03-03 09:00"))


def test_they_come_in_order_of_time_whatever_the_order_given():
    warnings = [Share(100), Before(hours(2)), Share(25)]
    found = reached(NEW, now="2026-03-04 09:00", warnings=warnings)
    assert [key for key, *_ in found] == ["25", "-PT2H", "100", "breach"]
    assert ahead(NEW, now="2026-03-02 09:00", warnings=warnings)[0] == "25"


def test_a_share_is_rounded_up():
    third = {"length": 1 / 3_600_000_000 * 100, "warnings": [Share(1), Share(33), Share(50), Share(99)]}
    assert [
        (at - local("2026-03-02 09:00")) // MICROSECOND for _, _, at in reached(NEW, now="2026-03-02 10:00", **third)
    ] == [1, 33, 50, 99, 100]
    odd = {"length": 1 / 3_600_000_000 * 3, "warnings": [Share(10), Share(50)]}
    assert [
        (at - local("2026-03-02 09:00")) // MICROSECOND for _, _, at in reached(NEW, now="2026-03-02 10:00", **odd)
    ] == [1, 2, 3]


def test_more_than_the_whole_comes_after_the_breach():
    assert reached(NEW, now="2026-03-04 09:00", warnings=[Share(150)]) == [
        ("breach", 0, local("2026-03-03 09:00")),
        ("150", 0, local("2026-03-03 13:00")),
    ]


@pytest.mark.parametrize("warning", [Share(0), Before(hours(8)), Before(hours(100))])
def test_a_warning_from_the_start_is_reached_when_the_clock_first_runs(warning):
    assert reached(NEW, now="2026-03-02 09:00", warnings=[warning]) == [(warning.key, 0, local("2026-03-02 09:00"))]
    held = ("2026-03-02 09:00", "hold")
    assert reached(held, now="2026-03-02 10:00", warnings=[warning]) == []
    resumed = (held, ("2026-03-02 12:00", "open"))
    assert reached(*resumed, now="2026-03-02 12:00", warnings=[warning]) == [
        (warning.key, 0, local("2026-03-02 12:00"))
    ]


def test_a_warning_from_the_start_does_not_wait_for_the_opening():
    assert reached(("2026-03-07 12:00", "new"), now="2026-03-08 12:00", warnings=[Share(0)]) == [
        ("0", 0, local("2026-03-07 12:00"))
    ]


def test_one_that_falls_at_closing_is_reached_at_closing():
    assert reached(("2026-03-06 12:00", "new"), now="2026-03-06 16:00", warnings=[Share(50)]) == [
        ("50", 0, local("2026-03-06 16:00"))
    ]


def test_what_was_reached_keeps_its_instant():
    told = (NEW, ("2026-03-02 13:30", "hold"), ("2026-03-04 09:00", "open"))
    assert reached(*told, now="2026-03-04 09:00") == [("50", 0, local("2026-03-02 13:00"))]
    assert ahead(*told, now="2026-03-04 09:00") == ("80", 0, local("2026-03-04 10:54"))


def test_nothing_is_ahead_of_a_clock_that_does_not_run():
    for state in ("hold", "resolved", "cancelled"):
        assert ahead(NEW, ("2026-03-02 10:00", state), now="2026-03-02 12:00") is None


def test_shares_of_working_days_are_shares_of_their_open_time():
    told, length = (NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 12:00", "open")), WorkingDays(2)
    shown = fold(*told, now="2026-03-05 09:00", length=length, warnings=[Share(50), Before(hours(1))])
    assert [(each.key, each.at) for each in shown.stages] == [
        ("50", local("2026-03-03 11:00")),
        ("-PT1H", local("2026-03-04 10:00")),
        ("breach", local("2026-03-04 11:00")),
    ]


class TestAnotherTarget:
    """A target that is set later warns from then on."""

    def test_not_before_it_was_set(self):
        told = (NEW, ("2026-03-02 15:00", None, target(10)))
        assert reached(*told, now="2026-03-02 15:30") == [("50", 1, local("2026-03-02 15:00"))]

    def test_not_while_paused(self):
        told = (NEW, ("2026-03-02 15:00", "hold"), ("2026-03-02 15:30", None, target(4)))
        assert reached(*told, now="2026-03-03 09:00") == []
        resumed = (*told, ("2026-03-04 09:00", "open"))
        now = local("2026-03-04 09:00") + MICROSECOND
        assert reached(*resumed, now=now) == [(key, 1, local("2026-03-04 09:00")) for key in ("50", "80", "breach")]

    def test_not_in_no_time(self):
        told = (NEW, ("2026-03-02 15:00", "hold"), ("2026-03-02 15:30", None, target(10)))
        in_no_time = (("2026-03-03 09:00", "open"), ("2026-03-03 09:00", "hold"))
        assert reached(*told, *in_no_time, now="2026-03-03 10:00") == []

    def test_not_once_stopped(self):
        told = (NEW, ("2026-03-02 15:00", "resolved"), ("2026-03-02 15:30", None, target(10)))
        assert reached(*told, now="2026-03-03 09:00") == []

    def test_each_again_in_the_new_cycle(self):
        told = (NEW, ("2026-03-02 14:00", None, target(7)))
        assert reached(*told, now="2026-03-02 14:30") == [("50", 1, local("2026-03-02 14:00"))]
        assert ahead(*told, now="2026-03-02 13:30") == ("80", 0, local("2026-03-02 15:24"))
        assert ahead(*told, now="2026-03-02 13:00") == ("80", 0, local("2026-03-02 15:24"))


def test_a_restart_warns_again():
    told = (NEW, ("2026-03-02 14:00", "resolved"), ("2026-03-03 08:00", "open"))
    assert reached(*told, now="2026-03-02 20:00", on_reopen="restart") == [("50", 0, local("2026-03-02 13:00"))]
    assert reached(*told, now="2026-03-03 09:00", on_reopen="restart") == []
    assert reached(*told, now="2026-03-03 12:00", on_reopen="restart") == [("50", 1, local("2026-03-03 12:00"))]


def test_going_on_does_not():
    told = (NEW, ("2026-03-02 14:00", "resolved"), ("2026-03-03 08:00", "open"))
    assert reached(*told, now="2026-03-03 09:00") == [("50", 0, local("2026-03-02 13:00"))]
