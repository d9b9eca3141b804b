"""Reopening, and another target on the way."""

from datetime import timedelta

import pytest

from sla import Calendar, Clock, OpenTime, Phase, Target, WorkingDays
from tests.sla.desks import CLOSED, ZONE, F, hours, local, story, target

NEW = ("2026-03-02 09:00", "new")
RESOLVED = ("2026-03-02 12:00", "resolved")
REOPENED = ("2026-03-03 10:00", "open")


def fold(*told, now, length=8, **meaning):
    return Clock(target(length, **meaning)).fold(story(*told), local(now))


def outcomes(shown):
    return [(each.outcome, each.elapsed) for each in shown.periods]


class TestGoingOn:
    def test_goes_on_with_what_was_used(self):
        shown = fold(NEW, RESOLVED, REOPENED, now="2026-03-03 11:00")
        assert (shown.elapsed, shown.stopped, shown.due_at) == (hours(4), hours(22), local("2026-03-03 15:00"))
        assert (shown.cycle, shown.outcome, shown.ended_at, len(shown.periods)) == (0, None, None, 1)

    def test_more_than_once(self):
        again = (("2026-03-03 11:00", "resolved"), ("2026-03-03 13:00", "open"))
        shown = fold(NEW, RESOLVED, REOPENED, *again, now="2026-03-03 14:00")
        assert (shown.elapsed, shown.stopped) == (hours(5), hours(24))

    def test_until_the_next_stop(self):
        shown = fold(NEW, RESOLVED, REOPENED, ("2026-03-03 11:00", "resolved"), now="2026-03-09 11:00")
        assert (shown.outcome, shown.elapsed, shown.ended_at) == ("met", hours(4), local("2026-03-03 11:00"))

    def test_into_a_pause(self):
        shown = fold(NEW, RESOLVED, ("2026-03-03 10:00", "hold"), now="2026-03-03 11:00")
        assert (shown.phase, shown.elapsed, shown.paused, shown.stopped) == (
            Phase.PAUSED,
            hours(3),
            hours(1),
            hours(22),
        )

    def test_buys_no_time(self):
        told = (NEW, ("2026-03-03 10:00", "resolved"), ("2026-03-04 10:00", "open"))
        assert fold(*told[:2], now="2026-03-04 09:00").outcome == "breached"
        shown = fold(*told, now="2026-03-04 10:00")
        assert (shown.phase, shown.breached_at, shown.due_at) == (Phase.BREACHED, *[local("2026-03-03 09:00")] * 2)

    def test_buys_no_time_for_what_was_used_up_in_time(self):
        shown = fold(NEW, ("2026-03-03 09:00", "resolved"), ("2026-03-04 10:00", "open"), now="2026-03-04 11:00")
        assert (shown.phase, shown.breached_at, shown.overrun) == (Phase.BREACHED, local("2026-03-04 10:00"), hours(1))

    def test_from_one_stop_to_another_nothing_changes(self):
        told = (NEW, RESOLVED, ("2026-03-03 10:00", "closed"))
        shown = fold(*told, now="2026-03-04 10:00", stops={"resolved", "closed"})
        assert (shown.ended_at, shown.state, shown.stopped) == (local("2026-03-02 12:00"), "closed", hours(0))

    @pytest.mark.parametrize(
        ("first", "then", "outcome"), [("resolved", "cancelled", "met"), ("cancelled", "resolved", "cancelled")]
    )
    def test_the_first_of_stop_and_end_holds(self, first, then, outcome):
        told = (NEW, ("2026-03-02 12:00", first), ("2026-03-02 13:00", then))
        assert fold(*told, now="2026-03-04 10:00").outcome == outcome


class TestRestart:
    def test_begins_a_period_with_the_whole_target(self):
        shown = fold(NEW, RESOLVED, REOPENED, now="2026-03-03 11:00", on_reopen="restart")
        assert (shown.elapsed, shown.started_at, shown.due_at) == (
            hours(1),
            local("2026-03-03 10:00"),
            local("2026-03-04 10:00"),
        )
        assert (shown.cycle, shown.stopped) == (1, hours(22))
        assert outcomes(shown) == [("met", hours(3)), (None, hours(1))]
        assert [each.state for each in shown.segments] == ["open"]

    def test_periods_keep_what_they_were_judged_by(self):
        shown = fold(NEW, RESOLVED, REOPENED, now="2026-03-03 11:00", on_reopen="restart")
        first, second = shown.periods
        assert (first.started_at, first.ended_at, first.due_at) == (
            local("2026-03-02 09:00"),
            local("2026-03-02 12:00"),
            local("2026-03-03 09:00"),
        )
        assert (second.started_at, second.ended_at, second.due_at) == (shown.started_at, None, shown.due_at)

    def test_an_earlier_breach_stays(self):
        told = (NEW, ("2026-03-03 10:00", "resolved"), ("2026-03-04 10:00", "open"))
        shown = fold(*told, now="2026-03-04 11:00", on_reopen="restart")
        assert (shown.phase, shown.breached_at, shown.overrun) == (Phase.RUNNING, local("2026-03-03 09:00"), hours(0))
        assert outcomes(shown) == [("breached", hours(9)), (None, hours(1))]

    def test_the_first_breach_is_told(self):
        told = (NEW, ("2026-03-03 10:00", "resolved"), ("2026-03-04 10:00", "open"))
        assert fold(*told, now="2026-03-09 11:00", on_reopen="restart").breached_at == local("2026-03-03 09:00")


@pytest.mark.parametrize("on_reopen", ["continue", "restart"])
def test_an_undone_merge_goes_on(on_reopen):
    told = (NEW, ("2026-03-02 12:00", "cancelled"), ("2026-03-03 10:00", "open"))
    shown = fold(*told, now="2026-03-03 11:00", on_reopen=on_reopen)
    assert (shown.phase, shown.elapsed, shown.stopped, shown.cycle) == (Phase.RUNNING, hours(4), hours(22), 0)


class TestReckonedFromFiling:
    def test_a_shorter_target(self):
        shown = fold(NEW, ("2026-03-02 11:00", None, target(4)), now="2026-03-02 11:00")
        assert (shown.due_at, shown.elapsed, shown.cycle, len(shown.periods)) == (
            local("2026-03-02 13:00"),
            hours(2),
            1,
            1,
        )
        assert (shown.target, shown.state) == (target(4), "new")

    def test_one_that_is_used_up_already_is_breached_by_the_change(self):
        told = (NEW, ("2026-03-02 14:00", None, target(4)))
        shown = fold(*told, now="2026-03-02 14:00")
        assert (shown.phase, shown.due_at, shown.breached_at) == (
            Phase.BREACHED,
            local("2026-03-02 13:00"),
            local("2026-03-02 14:00"),
        )
        assert (shown.overrun, shown.remaining) == (hours(1), -hours(1))

    def test_one_used_up_at_this_very_instant_is_not(self):
        told = (NEW, ("2026-03-02 14:00", None, target(5)))
        assert fold(*told, now="2026-03-02 14:00").phase is Phase.RUNNING
        assert fold(*told, now="2026-03-02 14:00:00.000001").breached_at == local("2026-03-02 14:00")

    def test_one_used_up_in_a_pause_is_breached_when_the_clock_runs_again(self):
        told = (NEW, ("2026-03-02 14:00", "hold"), ("2026-03-02 15:00", None, target(4)))
        held = fold(*told, now="2026-03-03 09:00")
        assert (held.phase, held.breached_at, held.overrun, held.remaining) == (Phase.PAUSED, None, hours(0), -hours(1))
        shown = fold(*told, ("2026-03-03 10:00", "open"), now="2026-03-03 11:00")
        assert (shown.due_at, shown.breached_at) == (local("2026-03-02 13:00"), local("2026-03-03 10:00"))

    def test_one_used_up_in_a_pause_is_breached_by_a_stop(self):
        told = (
            NEW,
            ("2026-03-02 14:00", "hold"),
            ("2026-03-02 15:00", None, target(4)),
            ("2026-03-03 10:00", "resolved"),
        )
        shown = fold(*told, now="2026-03-03 11:00")
        assert (shown.outcome, shown.breached_at, shown.overrun) == ("breached", local("2026-03-03 10:00"), hours(1))

    def test_one_used_up_in_a_pause_is_not_breached_by_an_end(self):
        told = (
            NEW,
            ("2026-03-02 14:00", "hold"),
            ("2026-03-02 15:00", None, target(4)),
            ("2026-03-03 10:00", "cancelled"),
        )
        assert fold(*told, now="2026-03-03 11:00").breached_at is None

    def test_a_longer_target_takes_a_breach_back(self):
        told = (NEW, ("2026-03-03 10:00", None, target(16)))
        assert fold(NEW, now="2026-03-03 10:00").phase is Phase.BREACHED
        shown = fold(*told, now="2026-03-03 11:00")
        assert (shown.phase, shown.breached_at, shown.due_at) == (Phase.RUNNING, None, local("2026-03-04 09:00"))

    def test_another_calendar_reckons_everything_anew(self):
        told = (
            NEW,
            ("2026-03-02 17:00", "hold"),
            ("2026-03-02 19:00", "open"),
            ("2026-03-03 08:00", None, target(48, F)),
        )
        shown = fold(*told, now="2026-03-03 09:00")
        assert (shown.elapsed, shown.paused, shown.due_at) == (hours(22), hours(2), local("2026-03-04 11:00"))

    def test_pauses_taken_are_kept_and_states_mean_what_the_new_target_says(self):
        told = (NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 12:00", None, target(8, pauses={"supplier"})))
        shown = fold(*told, now="2026-03-02 14:00")
        assert (shown.is_running, shown.paused, shown.elapsed) == (True, hours(2), hours(3))

    def test_from_hours_to_days(self):
        told = (NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 12:00", "open", target(WorkingDays(1))))
        assert fold(*told, now="2026-03-02 14:00").due_at == local("2026-03-03 11:00")

    def test_a_stopped_clock_is_judged_anew(self):
        told = (NEW, RESOLVED, ("2026-03-02 14:00", None, target(2)))
        shown = fold(*told, now="2026-03-02 15:00")
        assert (shown.outcome, shown.due_at, shown.breached_at) == (
            "breached",
            local("2026-03-02 11:00"),
            local("2026-03-02 14:00"),
        )
        assert (shown.overrun, shown.cycle) == (hours(1), 1)
        assert [each.key for each in shown.stages] == ["breach"]

    def test_a_stop_that_the_new_target_does_not_know_is_none(self):
        told = (NEW, RESOLVED, ("2026-03-02 14:00", None, target(8, stops={"closed"})))
        shown = fold(*told, now="2026-03-02 15:00")
        assert (shown.is_running, shown.elapsed, shown.stopped) == (True, hours(4), hours(2))


class TestReckonedFromTheChange:
    SHORT = target(4, on_change="change")

    def test_begins_a_period(self):
        shown = fold(NEW, ("2026-03-02 14:00", None, self.SHORT), now="2026-03-02 15:00")
        assert (shown.started_at, shown.elapsed, shown.due_at) == (
            local("2026-03-02 14:00"),
            hours(1),
            local("2026-03-03 10:00"),
        )
        assert outcomes(shown) == [(None, hours(5)), (None, hours(1))]
        assert (shown.periods[0].ended_at, shown.cycle) == (local("2026-03-02 14:00"), 1)
        assert shown.segments[0].start == local("2026-03-02 14:00")

    def test_keeps_a_breach(self):
        shown = fold(NEW, ("2026-03-03 10:00", None, self.SHORT), now="2026-03-03 11:00")
        assert (shown.phase, shown.breached_at) == (Phase.RUNNING, local("2026-03-03 09:00"))
        assert outcomes(shown) == [("breached", hours(9)), (None, hours(1))]

    def test_a_pause_goes_on(self):
        told = (NEW, ("2026-03-02 12:00", "hold"), ("2026-03-02 14:00", None, self.SHORT), ("2026-03-02 15:00", "open"))
        shown = fold(*told, now="2026-03-02 16:00")
        assert (shown.paused, shown.elapsed, shown.periods[0].elapsed) == (hours(1), hours(1), hours(3))
        assert shown.periods[0].due_at is None

    def test_what_is_over_stays_as_it_was_judged(self):
        told = (NEW, ("2026-03-02 14:00", "resolved"), ("2026-03-02 15:00", None, self.SHORT))
        shown = fold(*told, now="2026-03-02 16:00")
        assert (shown.outcome, shown.due_at, shown.target, shown.cycle) == (
            "met",
            local("2026-03-03 09:00"),
            self.SHORT,
            1,
        )
        assert (shown.stages, shown.next_stage) == ((), None)

    def test_and_a_reopening_begins_a_period(self):
        told = (NEW, ("2026-03-02 14:00", "resolved"), ("2026-03-02 15:00", None, self.SHORT), REOPENED)
        shown = fold(*told, now="2026-03-03 11:00")
        assert (shown.elapsed, shown.due_at, shown.cycle) == (hours(1), local("2026-03-03 14:00"), 1)
        assert outcomes(shown) == [("met", hours(5)), (None, hours(1))]
        assert [each.key for each in fold(*told, now="2026-03-03 12:00").stages] == ["50"]

    def test_unless_another_change_reckons_from_the_filing(self):
        told = (NEW, RESOLVED, ("2026-03-02 15:00", None, self.SHORT), ("2026-03-02 15:30", None, target(6)), REOPENED)
        shown = fold(*told, now="2026-03-03 11:00")
        assert (shown.elapsed, shown.cycle, len(shown.periods)) == (hours(4), 2, 1)

    def test_only_once(self):
        told = (NEW, RESOLVED, ("2026-03-02 15:00", None, self.SHORT), REOPENED)
        again = (("2026-03-03 11:00", "resolved"), ("2026-03-03 12:00", "open"))
        assert len(fold(*told, *again, now="2026-03-03 13:00").periods) == 2

    def test_a_restart_and_a_change_are_two_cycles(self):
        anew = target(4, on_change="change", on_reopen="restart")
        shown = fold(
            NEW, RESOLVED, ("2026-03-02 15:00", None, anew), REOPENED, now="2026-03-03 11:00", on_reopen="restart"
        )
        assert (shown.cycle, len(shown.periods)) == (2, 2)


class TestTheSameTargetAgain:
    def test_is_no_change(self):
        same = target(8, on_change="change")
        told = (NEW, ("2026-03-02 12:00", None, target(8, on_change="change")))
        shown = Clock(same).fold(story(*told), local("2026-03-02 13:00"))
        assert (shown.cycle, len(shown.periods), shown.elapsed) == (0, 1, hours(4))

    def test_even_with_a_calendar_made_anew(self):
        again = Calendar(ZONE, {day: [("08:00", "16:00")] for day in range(5)}, closed=list(CLOSED))
        assert fold(NEW, ("2026-03-02 12:00", None, target(8, again)), now="2026-03-02 13:00").cycle == 0


def test_a_target_before_the_beginning_replaces_the_first():
    told = (NEW, ("2026-03-02 10:00", None, target(4, waits={"new"})), ("2026-03-02 11:00", "open"))
    shown = fold(*told, now="2026-03-02 12:00", waits={"new"})
    assert (shown.started_at, shown.due_at, shown.cycle) == (local("2026-03-02 11:00"), local("2026-03-02 15:00"), 1)


def test_a_target_counts_while_the_clock_waits():
    told = (NEW, ("2026-03-02 10:00", None, target(4, waits={"new"})))
    shown = fold(*told, now="2026-03-02 12:00", waits={"new"})
    assert (shown.phase, shown.cycle, shown.target.length) == (Phase.IDLE, 1, OpenTime(hours(4)))


def test_what_comes_with_the_first_event():
    shown = fold(("2026-03-02 09:00", "new", target(4)), now="2026-03-02 10:00")
    assert (shown.due_at, shown.cycle, len(shown.periods)) == (local("2026-03-02 13:00"), 1, 1)


def test_the_name_tells_targets_apart():
    other = Target(
        "answer",
        OpenTime(timedelta(hours=8)),
        target().calendar,
        pauses={"hold"},
        stops={"resolved"},
        ends={"cancelled"},
    )
    assert fold(NEW, ("2026-03-02 12:00", None, other), now="2026-03-02 13:00").cycle == 1
