"""What other service desks got wrong, as cases for the engine. Danish local time unless stated.

S1 and so on are the numbers that the cases have in this project's list of scenarios.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from sla import Before, Calendar, Clock, NeverOpensError, Phase, Share, WorkingDays
from tests.sla.desks import (
    CLOSED,
    EVERY_DAY,
    TOWN_HALL,
    ZONE,
    A,
    B,
    F,
    L,
    R,
    hours,
    local,
    story,
    target,
    week,
)

pytestmark = pytest.mark.usefixtures("machine_zone")


def test_s1_a_warning_before_due_is_in_open_time():
    clock = Clock(target(4, B, warnings=[Before(hours(1))]))
    shown = clock.fold(story(("2026-03-02 17:00", "new")), local("2026-03-02 17:00"))
    assert shown.due_at == local("2026-03-03 11:00")
    assert shown.next_stage
    assert (shown.next_stage.key, shown.next_stage.at) == ("-PT1H", local("2026-03-03 10:00"))


def test_s2_a_pause_over_the_weekend_is_worth_its_open_time():
    events = story(("2026-03-06 10:00", "new"), ("2026-03-06 15:00", "hold"), ("2026-03-09 09:00", "open"))
    shown = Clock(target()).fold(events, local("2026-03-09 09:00"))
    assert (shown.paused, shown.due_at) == (hours(2), local("2026-03-09 12:00"))


REAIMED_WHILE_ON_HOLD = (
    ("2026-03-02 09:00", "new"),
    ("2026-03-02 10:00", "hold"),
    ("2026-03-02 11:00", None, target(4)),
)


def test_s4_a_pause_survives_a_change_of_priority():
    events = story(*REAIMED_WHILE_ON_HOLD, ("2026-03-02 13:00", "open"))
    shown = Clock(target(16)).fold(events, local("2026-03-02 16:00"))
    assert (shown.phase, shown.due_at, shown.breached_at) == (Phase.RUNNING, local("2026-03-02 16:00"), None)


def test_s5_nothing_happens_on_hold():
    clock, events = Clock(target(16)), story(*REAIMED_WHILE_ON_HOLD)
    start = local("2026-03-02 11:00").astimezone(UTC)
    for minutes in range(0, 10 * 24 * 60, 7):
        shown = clock.fold(events, start + timedelta(minutes=minutes))
        assert (shown.phase, shown.stages, shown.next_stage, shown.due_at) == (Phase.PAUSED, (), None, None)


def test_s6_reopening_goes_on_with_what_was_used():
    events = story(("2026-03-02 09:00", "new"), ("2026-03-02 12:00", "resolved"), ("2026-03-04 10:00", "open"))
    shown = Clock(target()).fold(events, local("2026-03-04 10:00"))
    assert shown.due_at == local("2026-03-04 15:00")
    assert (shown.elapsed, shown.paused, shown.stopped) == (hours(3), hours(0), timedelta(days=1, hours=22))


def test_s8_nothing_escalates_on_resumption():
    events = story(("2026-03-02 09:00", "new"), ("2026-03-02 10:00", "hold"), ("2026-03-09 10:00", "open"))
    shown = Clock(target()).fold(events, local("2026-03-09 10:00"))
    assert (shown.phase, shown.stages, shown.due_at) == (Phase.RUNNING, (), local("2026-03-10 09:00"))


#: Runs while the user waits for an answer.
UPDATES = target(2, waits={"new", "supporter wrote"}, stops={"supporter wrote"}, on_reopen="restart")


def test_s9_only_the_first_answer_is_due_before_it_is_given():
    events, now = story(("2026-03-02 08:00", "new")), local("2026-03-02 10:00")
    answer, update = Clock(target(8)).fold(events, now), Clock(UPDATES).fold(events, now)
    assert answer.due_at == local("2026-03-02 16:00")
    assert (update.phase, update.due_at, update.next_stage) == (Phase.IDLE, None, None)


def test_s12_the_update_clock_is_idle_until_the_user_writes():
    events = story(
        ("2026-03-02 08:00", "new"), ("2026-03-02 09:00", "supporter wrote"), ("2026-03-02 11:00", "user wrote")
    )
    assert Clock(UPDATES).fold(events, local("2026-03-02 10:00")).phase is Phase.IDLE
    assert Clock(UPDATES).fold(events, local("2026-03-02 12:00")).due_at == local("2026-03-02 13:00")


def test_s17_every_day_of_the_week_until_closing_on_the_last():
    shop = week(("09:00", "21:00"), days=EVERY_DAY, zone="Europe/Berlin")
    filed = local("2016-11-09 23:00", "Europe/Berlin")
    assert shop.add(filed, hours(48)) == local("2016-11-13 21:00", "Europe/Berlin")


def test_s19_rounds_are_measured_from_the_first_unanswered_message():
    events = story(
        ("2026-03-02 08:00", "user wrote"),
        ("2026-03-02 08:20", "supporter wrote"),
        ("2026-03-02 10:00", "user wrote"),
        ("2026-03-02 10:45", "user wrote"),
        ("2026-03-02 11:30", "supporter wrote"),
        ("2026-03-02 15:40", "user wrote"),
        ("2026-03-03 08:15", "supporter wrote"),
        ("2026-03-03 09:00", "user wrote"),
    )
    shown = Clock(UPDATES).fold(events, local("2026-03-03 09:30"))
    assert [each.elapsed // timedelta(minutes=1) for each in shown.periods] == [20, 90, 35, 30]
    assert [each.outcome for each in shown.periods] == ["met", "met", "met", None]
    assert shown.cycle == 3


@pytest.mark.parametrize(
    ("start", "end", "open_hours"),
    [
        pytest.param("2026-10-24 00:30", "2026-10-26 00:30", 49, id="the weekend with 49 hours"),
        pytest.param("2026-03-28 23:30", "2026-03-30 00:30", 24, id="the night without 2 o'clock"),
    ],
)
def test_s25_round_the_clock_over_a_clock_change(start, end, open_hours):
    assert F.between(local(start), local(end)) == hours(open_hours)


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("hour", ["23:30", "00:30"])
def test_s25_a_day_with_a_clock_change_is_open_once(sunday, hour):
    daily = week(("08:00", "16:00"), days=EVERY_DAY)
    start = local(f"{sunday - timedelta(days=hour > '12')} {hour}")
    assert daily.between(start, local(f"{sunday} 23:59")) == hours(8)


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-10-25 00:30+02:00", "2026-10-25 03:30+01:00"), ("2026-03-29 00:30+01:00", "2026-03-29 05:30+02:00")],
)
def test_s25_four_hours_round_the_clock_are_real_hours(start, due):
    assert F.add(datetime.fromisoformat(start), hours(4)) == datetime.fromisoformat(due)


def test_s27_half_a_day_closed():
    desk = week(("08:00", "16:00"), closed=CLOSED, special={date(2026, 6, 5): [("08:00", "12:00")]})
    assert desk.add(local("2026-06-05 10:00"), hours(4)) == local("2026-06-08 10:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("2026-04-01 15:00", "2026-04-07 11:00", id="Easter"),
        pytest.param("2023-05-04 15:00", "2023-05-08 11:00", id="the last Great Prayer Day"),
        pytest.param("2024-04-25 15:00", "2024-04-26 11:00", id="no Great Prayer Day any more"),
    ],
)
def test_s28_danish_holidays(start, due):
    assert A.add(local(start), hours(4)) == local(due)


def test_s29_two_windows_a_day():
    assert L.add(local("2026-03-02 11:30"), hours(1)) == local("2026-03-02 13:00")


def test_s30_lunch():
    desk = week(("09:00", "13:00"), ("14:00", "18:00"))
    assert desk.add(local("2026-03-02 12:30"), hours(1)) == local("2026-03-02 14:30")


def test_s32_a_calendar_that_never_opens_is_refused():
    with pytest.raises(NeverOpensError, match="no opening hours"):
        Calendar(ZONE, {0: []}, closed=CLOSED)


def test_s32_a_calendar_that_is_past_is_no_endless_loop():
    past = Calendar(ZONE, special={date(2020, 3, 2): [("08:00", "16:00")]})
    with pytest.raises(NeverOpensError, match="ten years"):
        past.add(local("2026-03-02 08:00"), hours(1))


def test_s33_hours_that_change_change_nothing_before():
    shorter = week(("08:00", "15:00"), closed=CLOSED)
    changed = Calendar.versioned([(date.min, A), (date(2026, 3, 1), shorter)])
    january = [local(f"2026-01-{day:02} 10:00") for day in range(1, 32)]
    assert [changed.add(at, hours(8)) for at in january] == [A.add(at, hours(8)) for at in january]
    # Friday 27 February is open until 16, Monday 2 March until 15.
    assert changed.add(local("2026-02-27 14:00"), hours(10)) == local("2026-03-03 09:00")


def test_s35_a_closed_day_makes_an_escalation_later():
    desk = week(("08:00", "16:00"), closed=[*CLOSED, date(2026, 5, 1)])
    filed, due = local("2026-04-30 09:00"), local("2026-05-06 09:00")
    assert desk.add_days(filed, 3) == desk.add(filed, hours(24)) == due


@pytest.mark.parametrize(("filed", "due"), [("07:30", "2026-07-01 07:00"), ("15:30", "2026-07-02 06:30")])
def test_s38_the_zone_is_the_calendars(filed, due):
    shown = Clock(target(1)).fold(story((f"2026-07-01 {filed}", "new")), local("2026-07-01 16:00"))
    assert shown.due_at == datetime.fromisoformat(f"{due}+00:00")


@pytest.mark.parametrize(
    ("length", "due"),
    [
        pytest.param(WorkingDays(1), "2026-03-09 10:00", id="one working day"),
        pytest.param(WorkingDays(1, end_of_day=True), "2026-03-09 16:00", id="end of the next working day"),
        pytest.param(8, "2026-03-09 12:00", id="eight working hours"),
    ],
)
def test_s40_days_are_not_hours(length, due):
    shown = Clock(target(length, R)).fold(story(("2026-03-06 10:00", "new")), local("2026-03-06 10:00"))
    assert shown.due_at == local(due)


def test_s42_threads_share_calendars_of_two_zones():
    starts = [local("2026-01-01 00:00") + hours(7) * number for number in range(300)]

    def answers(desks):
        return [desk.add(start, hours(5)) for start in starts for desk in desks]

    def fresh():
        return [Calendar(zone, TOWN_HALL) for zone in (ZONE, "America/Sao_Paulo")]

    shared = fresh()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: answers(shared), range(8)))
    assert told == [answers(fresh())] * 8


def test_s46_a_share_of_the_target():
    clock = Clock(target(8, warnings=[Share(80)]))
    shown = clock.fold(story(("2026-03-02 12:00", "new")), local("2026-03-02 12:00"))
    assert shown.next_stage
    assert (shown.due_at, shown.next_stage.at) == (local("2026-03-03 12:00"), local("2026-03-03 10:24"))
