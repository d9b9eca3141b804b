"""The clock: running, paused, stopped, ended; due, breached; what it tells about each stretch."""

from datetime import UTC, datetime, timedelta

import pytest

from sla import (
    Calendar,
    Clock,
    Event,
    NaiveDatetimeError,
    NeverOpensError,
    Phase,
    UnorderedEventsError,
    Why,
    WorkingDays,
)
from tests.sla.desks import F, hours, local, story, target

MICROSECOND = timedelta(microseconds=1)

NEW = ("2026-03-02 09:00", "new")
#: Eight hours from Monday 09:00.
DUE = "2026-03-03 09:00"


def fold(*told, now, length=8, **meaning):
    return Clock(target(length, **meaning)).fold(story(*told), local(now) if isinstance(now, str) else now)


def test_nothing_has_happened():
    shown = fold(now=DUE)
    assert (shown.phase, shown.is_running, shown.is_paused) == (Phase.IDLE, False, False)
    assert (shown.state, shown.started_at, shown.ended_at, shown.due_at, shown.remaining) == (None,) * 5
    assert (shown.elapsed, shown.paused, shown.stopped, shown.overrun) == (hours(0),) * 4
    assert (shown.periods, shown.stages, shown.next_stage, shown.segments, shown.cycle) == ((), (), None, (), 0)
    assert shown.target == target()


def test_running():
    shown = fold(NEW, ("2026-03-02 10:00", "open"), now="2026-03-02 12:00")
    assert (shown.phase, shown.is_running, shown.is_paused) == (Phase.RUNNING, True, False)
    assert (shown.state, shown.started_at, shown.ended_at) == ("open", local("2026-03-02 09:00"), None)
    assert (shown.elapsed, shown.remaining, shown.due_at) == (hours(3), hours(5), local(DUE))
    assert (shown.breached_at, shown.outcome, shown.cycle) == (None, None, 0)


def test_paused():
    shown = fold(NEW, ("2026-03-02 10:00", "hold"), now="2026-03-02 12:00")
    assert (shown.phase, shown.is_running, shown.is_paused) == (Phase.PAUSED, False, True)
    assert (shown.elapsed, shown.paused, shown.remaining) == (hours(1), hours(2), hours(7))
    assert (shown.due_at, shown.next_stage, shown.outcome) == (None, None, None)


def test_stopped_in_time():
    shown = fold(NEW, ("2026-03-02 15:00", "resolved"), now="2026-03-09 09:00")
    assert (shown.phase, shown.is_running, shown.is_paused, shown.outcome) == (Phase.MET, False, False, "met")
    assert (shown.elapsed, shown.ended_at, shown.due_at) == (hours(6), local("2026-03-02 15:00"), local(DUE))
    assert (shown.remaining, shown.next_stage, shown.overrun) == (None, None, hours(0))


def test_stopped_from_a_pause_it_is_judged_as_if_it_had_gone_on():
    shown = fold(NEW, ("2026-03-02 10:00", "hold"), ("2026-03-09 10:00", "resolved"), now="2026-03-09 11:00")
    assert (shown.outcome, shown.due_at, shown.elapsed) == ("met", local("2026-03-10 09:00"), hours(1))


def test_ended_without_a_verdict():
    shown = fold(NEW, ("2026-03-02 15:00", "cancelled"), now="2026-03-09 09:00")
    assert (shown.phase, shown.outcome, shown.elapsed) == (Phase.ENDED, "cancelled", hours(6))
    assert (shown.ended_at, shown.due_at, shown.breached_at, shown.remaining) == (
        local("2026-03-02 15:00"),
        None,
        None,
        None,
    )
    assert (shown.is_running, shown.is_paused, shown.next_stage) == (False, False, None)


def test_breached_while_it_runs():
    shown = fold(NEW, now="2026-03-03 11:00")
    assert (shown.phase, shown.is_running, shown.outcome) == (Phase.BREACHED, True, None)
    assert (shown.due_at, shown.breached_at) == (local(DUE), local(DUE))
    assert (shown.overrun, shown.remaining) == (hours(2), -hours(2))


def test_breached_and_paused():
    shown = fold(NEW, ("2026-03-03 11:00", "hold"), now="2026-03-09 11:00")
    assert (shown.phase, shown.is_running, shown.is_paused) == (Phase.BREACHED, False, True)
    assert (shown.breached_at, shown.overrun, shown.due_at) == (local(DUE), hours(2), None)


def test_breached_then_stopped():
    shown = fold(NEW, ("2026-03-03 11:00", "resolved"), now="2026-03-09 11:00")
    assert (shown.phase, shown.outcome, shown.overrun) == (Phase.BREACHED, "breached", hours(2))
    assert (shown.due_at, shown.breached_at) == (local(DUE), local(DUE))


def test_breached_then_ended():
    shown = fold(NEW, ("2026-03-03 11:00", "cancelled"), now="2026-03-09 11:00")
    assert (shown.phase, shown.outcome, shown.breached_at) == (Phase.ENDED, "cancelled", local(DUE))


@pytest.mark.parametrize(("late", "outcome"), [(timedelta(0), "met"), (MICROSECOND, "breached")])
def test_exactly_at_due_is_met(late, outcome):
    events = [*story(NEW), Event(local(DUE) + late, "resolved")]
    shown = Clock(target()).fold(events, local("2026-03-09 09:00"))
    assert (shown.outcome, shown.overrun) == (outcome, late)


@pytest.mark.parametrize(("later", "phase"), [(timedelta(0), Phase.RUNNING), (MICROSECOND, Phase.BREACHED)])
def test_a_running_clock_breaches_just_after_due(later, phase):
    shown = fold(NEW, now=local(DUE) + later)
    assert (shown.phase, shown.remaining) == (phase, -later)


def test_used_up_at_closing_and_stopped_in_the_evening():
    shown = fold(("2026-03-06 08:00", "new"), ("2026-03-06 18:00", "resolved"), now="2026-03-06 18:00")
    assert (shown.due_at, shown.outcome, shown.overrun) == (local("2026-03-06 16:00"), "breached", hours(0))


class TestUsedUpToTheLastMoment:
    """Nobody can break a promise while the clock is paused."""

    HELD = (("2026-03-02 09:00", "new"), (DUE, "hold"))

    def test_not_breached_while_paused(self):
        shown = fold(*self.HELD, now="2026-03-09 09:00")
        assert (shown.phase, shown.breached_at, shown.remaining) == (Phase.PAUSED, None, hours(0))

    def test_met_if_stopped_from_the_pause(self):
        shown = fold(*self.HELD, ("2026-03-04 09:00", "resolved"), now="2026-03-09 09:00")
        assert (shown.outcome, shown.due_at) == ("met", local(DUE))

    def test_breached_as_soon_as_it_runs_again(self):
        resumed = (*self.HELD, ("2026-03-04 09:00", "open"))
        at_once = fold(*resumed, now="2026-03-04 09:00")
        assert (at_once.phase, at_once.next_stage.key, at_once.next_stage.at) == (
            Phase.RUNNING,
            "breach",
            local("2026-03-04 09:00"),
        )
        shown = fold(*resumed, now=local("2026-03-04 09:00") + MICROSECOND)
        assert (shown.phase, shown.due_at, shown.breached_at) == (Phase.BREACHED, local(DUE), local("2026-03-04 09:00"))

    def test_met_if_it_runs_for_no_time(self):
        shown = fold(*self.HELD, ("2026-03-04 09:00", "open"), ("2026-03-04 09:00", "resolved"), now="2026-03-09 09:00")
        assert shown.outcome == "met"


def test_used_up_at_closing_and_paused_in_the_evening():
    told = (("2026-03-06 08:00", "new"), ("2026-03-06 18:00", "hold"))
    shown = fold(*told, now="2026-03-09 09:00")
    assert (shown.phase, shown.breached_at, shown.remaining) == (Phase.BREACHED, local("2026-03-06 16:00"), hours(0))


def test_pauses_add_up():
    told = (NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 11:00", "open"), ("2026-03-02 12:00", "hold"))
    shown = fold(*told, ("2026-03-02 14:00", "open"), now="2026-03-02 15:00")
    assert (shown.paused, shown.elapsed, shown.due_at) == (hours(3), hours(3), local("2026-03-03 12:00"))


def test_a_pause_outside_hours_moves_nothing():
    shown = fold(NEW, ("2026-03-02 17:00", "hold"), ("2026-03-03 07:00", "open"), now="2026-03-03 08:00")
    assert (shown.due_at, shown.paused) == (local(DUE), hours(0))


def test_filed_in_a_pause():
    shown = fold(("2026-03-02 09:00", "hold"), ("2026-03-02 12:00", "open"), now="2026-03-02 12:00")
    assert (shown.started_at, shown.due_at) == (local("2026-03-02 09:00"), local("2026-03-03 12:00"))


def test_filed_already_resolved():
    shown = fold(("2026-03-02 09:00", "resolved"), now="2026-03-09 09:00")
    assert (shown.outcome, shown.elapsed, shown.started_at) == ("met", hours(0), local("2026-03-02 09:00"))
    assert shown.segments == ()


def test_a_first_event_without_a_state_begins_the_clock():
    assert fold(("2026-03-02 09:00",), now=DUE).started_at == local("2026-03-02 09:00")


class TestWaiting:
    """A clock that begins when a supplier is asked."""

    MEANING = {"waits": {"new", "open"}, "stops": {"open", "resolved"}, "pauses": {"hold"}}

    def test_idle_until_it_begins(self):
        shown = fold(NEW, ("2026-03-02 10:00", "open"), now="2026-03-04 09:00", **self.MEANING)
        assert (shown.phase, shown.state, shown.stages) == (Phase.IDLE, "open", ())

    def test_begins_at_the_first_other_state(self):
        shown = fold(NEW, ("2026-03-02 10:00", "supplier"), now="2026-03-02 12:00", **self.MEANING)
        assert (shown.started_at, shown.elapsed) == (local("2026-03-02 10:00"), hours(2))

    def test_then_a_state_that_waits_has_its_other_meaning(self):
        told = (NEW, ("2026-03-02 10:00", "supplier"), ("2026-03-02 12:00", "open"))
        assert fold(*told, now="2026-03-04 12:00", **self.MEANING).outcome == "met"

    def test_or_none(self):
        told = (NEW, ("2026-03-02 10:00", "supplier"), ("2026-03-02 12:00", "new"))
        assert fold(*told, now="2026-03-02 13:00", **self.MEANING).elapsed == hours(3)

    @pytest.mark.parametrize(("on_reopen", "phase"), [("restart", Phase.MET), ("continue", Phase.RUNNING)])
    def test_does_not_restart_a_stopped_clock(self, on_reopen, phase):
        told = (("2026-03-02 09:00", "supplier"), ("2026-03-02 10:00", "resolved"), ("2026-03-02 11:00", "new"))
        assert fold(*told, now="2026-03-02 12:00", on_reopen=on_reopen, **self.MEANING).phase is phase

    def test_ended_before_it_began(self):
        shown = fold(NEW, ("2026-03-02 10:00", "cancelled"), now="2026-03-02 12:00", waits={"new"})
        assert (shown.phase, shown.outcome, shown.elapsed) == (Phase.ENDED, "cancelled", hours(0))


class TestWorkingDays:
    LENGTH = WorkingDays(2)

    def test_due_is_the_same_time_two_days_later(self):
        shown = fold(NEW, now="2026-03-02 12:00", length=self.LENGTH)
        assert (shown.due_at, shown.remaining, shown.elapsed) == (local("2026-03-04 09:00"), hours(13), hours(3))

    def test_a_pause_moves_it_by_its_open_time(self):
        told = (NEW, ("2026-03-02 15:00", "hold"), ("2026-03-03 10:00", "open"))
        shown = fold(*told, now="2026-03-03 10:00", length=self.LENGTH)
        assert (shown.due_at, shown.remaining) == (local("2026-03-04 12:00"), hours(10))

    def test_a_pause_outside_hours_moves_nothing(self):
        told = (NEW, ("2026-03-02 17:00", "hold"), ("2026-03-03 07:00", "open"))
        assert fold(*told, now="2026-03-03 10:00", length=self.LENGTH).due_at == local("2026-03-04 09:00")

    def test_not_even_a_due_time_at_closing(self):
        told = (NEW, ("2026-03-02 17:00", "hold"), ("2026-03-03 07:00", "open"))
        shown = fold(*told, now="2026-03-03 10:00", length=WorkingDays(1, end_of_day=True))
        assert shown.due_at == local("2026-03-03 16:00")

    def test_pauses_add_up(self):
        told = (NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 11:00", "open"), ("2026-03-02 12:00", "hold"))
        shown = fold(*told, ("2026-03-02 14:00", "open"), now="2026-03-02 15:00", length=self.LENGTH)
        assert shown.due_at == local("2026-03-04 12:00")

    def test_a_pause_after_due_moves_nothing(self):
        told = (NEW, ("2026-03-04 10:00", "hold"), ("2026-03-04 12:00", "open"))
        shown = fold(*told, now="2026-03-04 13:00", length=self.LENGTH)
        assert (shown.due_at, shown.breached_at, shown.overrun) == (local("2026-03-04 09:00"),) * 2 + (hours(2),)

    def test_a_pause_that_begins_at_due_moves_nothing(self):
        told = (NEW, ("2026-03-04 09:00", "hold"), ("2026-03-04 12:00", "open"))
        assert fold(*told, now="2026-03-04 12:00", length=self.LENGTH).due_at == local("2026-03-04 09:00")

    def test_a_stop_moves_it_too(self):
        told = (NEW, ("2026-03-02 15:00", "resolved"), ("2026-03-03 10:00", "open"))
        assert fold(*told, now="2026-03-03 10:00", length=self.LENGTH).due_at == local("2026-03-04 12:00")

    def test_the_end_of_a_day(self):
        shown = fold(NEW, now="2026-03-02 12:00", length=WorkingDays(1, end_of_day=True))
        assert shown.due_at == local("2026-03-03 16:00")

    def test_due_at_an_opening_is_not_breached_in_a_pause_from_the_evening_before(self):
        told = (("2026-03-01 12:00", "new"), ("2026-03-03 17:00", "hold"), ("2026-03-04 18:00", "resolved"))
        assert fold(*told[:2], now="2026-03-04 12:00", length=self.LENGTH).phase is Phase.PAUSED
        assert fold(*told, now="2026-03-04 18:00", length=self.LENGTH).outcome == "met"

    def test_a_paused_clock_that_is_overdue_is_breached(self):
        told = (NEW, ("2026-03-04 10:00", "hold"))
        shown = fold(*told, now="2026-03-05 10:00", length=self.LENGTH)
        assert (shown.breached_at, shown.overrun) == (local("2026-03-04 09:00"), hours(1))


class TestSegments:
    def _told(self, *told, now, **meaning):
        return [
            (f"{each.start:%d %H:%M}", f"{each.end:%d %H:%M}", each.counted, each.why, each.state)
            for each in fold(*told, now=now, **meaning).segments
        ]

    def test_every_stretch_is_told(self):
        told = self._told(
            NEW,
            ("2026-03-02 11:00", "open"),
            ("2026-03-02 15:00", "hold"),
            ("2026-03-03 09:00", "open"),
            ("2026-03-03 10:00", "resolved"),
            ("2026-03-03 12:00", "closed"),
            ("2026-03-03 14:00", "open"),
            now="2026-03-03 18:00",
            stops={"resolved", "closed"},
        )
        assert told == [
            ("02 08:00", "02 10:00", True, Why.OPEN, "new"),
            ("02 10:00", "02 14:00", True, Why.OPEN, "open"),
            ("02 14:00", "03 08:00", False, Why.PAUSED, "hold"),
            ("03 08:00", "03 09:00", True, Why.OPEN, "open"),
            ("03 09:00", "03 13:00", False, Why.STOPPED, "resolved"),
            ("03 13:00", "03 15:00", True, Why.OPEN, "open"),
            ("03 15:00", "03 17:00", False, Why.CLOSED, "open"),
        ]

    def test_those_that_go_on_in_the_same_way_are_one(self):
        told = (NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 10:00", "new"), ("2026-03-02 11:00", "hold"))
        again = (("2026-03-02 12:00", "open"), ("2026-03-02 12:00", "hold"))
        assert self._told(*told, *again, now="2026-03-02 13:00") == [
            ("02 08:00", "02 10:00", True, Why.OPEN, "new"),
            ("02 10:00", "02 12:00", False, Why.PAUSED, "hold"),
        ]

    def test_they_begin_with_the_filing(self):
        told = self._told(("2026-03-07 12:00", "new"), ("2026-03-08 12:00", "new"), now="2026-03-09 09:00")
        assert told == [
            ("07 11:00", "09 07:00", False, Why.CLOSED, "new"),
            ("09 07:00", "09 08:00", True, Why.OPEN, "new"),
        ]

    def test_they_end_with_the_stop(self):
        assert self._told(NEW, ("2026-03-02 10:00", "resolved"), now="2026-03-03 18:00")[-1][1] == "02 09:00"

    def test_after_an_undone_merge(self):
        told = self._told(NEW, ("2026-03-02 10:00", "cancelled"), ("2026-03-02 11:00", "open"), now="2026-03-02 12:00")
        assert told[1] == ("02 09:00", "02 10:00", False, Why.STOPPED, "cancelled")


class TestEvents:
    def test_those_after_now_are_left_out(self):
        events = story(NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 11:00", "resolved"))
        assert Clock(target()).fold(events, local("2026-03-02 10:30")) == Clock(target()).fold(
            events[:2], local("2026-03-02 10:30")
        )

    def test_one_at_now_is_not(self):
        assert fold(NEW, ("2026-03-02 10:00", "hold"), now="2026-03-02 10:00").phase is Phase.PAUSED

    def test_at_the_same_instant_they_come_as_given(self):
        shown = fold(NEW, ("2026-03-02 10:00", "hold"), ("2026-03-02 10:00", "open"), now="2026-03-02 12:00")
        assert (shown.state, shown.elapsed, len(shown.segments)) == ("open", hours(3), 2)

    def test_they_may_be_a_generator(self):
        assert Clock(target()).fold(iter(story(NEW)), local(DUE)).elapsed == hours(8)

    @pytest.mark.parametrize("now", ["2026-03-01 09:00", "2026-03-09 09:00"])
    def test_out_of_order(self, now):
        with pytest.raises(UnorderedEventsError, match="2026-03-02T09:00:00"):
            fold(("2026-03-02 10:00", "hold"), NEW, now=now)

    def test_naive(self):
        with pytest.raises(NaiveDatetimeError, match="no time zone"):
            Event(datetime(2026, 3, 2, 9), "new")  # noqa: DTZ001
        with pytest.raises(NaiveDatetimeError):
            Clock(target()).fold([], datetime(2026, 3, 2, 9))  # noqa: DTZ001

    def test_a_calendar_that_is_past(self):
        past = Calendar("UTC", special={local("2020-03-02").date(): [("08:00", "16:00")]})
        with pytest.raises(NeverOpensError):
            fold(NEW, now=DUE, calendar=past)
        assert fold(NEW, ("2026-03-02 10:00", "hold"), now=DUE, calendar=past).phase is Phase.PAUSED


def test_answers_are_in_utc():
    shown = fold(NEW, now="2026-03-09 09:00", calendar=F)
    told = (shown.started_at, shown.due_at, shown.breached_at, shown.segments[0].start, shown.stages[0].at)
    assert {each.tzinfo for each in told} == {UTC}
