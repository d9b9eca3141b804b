"""Laws that hold for whatever calendar, target and history."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla import Before, Calendar, Clock, Event, NeverOpensError, OpenTime, Phase, Share, Target, Why, WorkingDays

ZONES = ["Europe/Copenhagen", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
#: Half a year around each clock change of the zones above.
EARLIEST, LATEST = datetime(2026, 1, 15), datetime(2026, 12, 15)  # noqa: DTZ001
STATES = ("open", "hold", "resolved", "cancelled")
NOTHING = timedelta(0)

dates = st.dates(date(2026, 1, 1), date(2027, 1, 31))
instants = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
#: Each later than the one before; drawn so rather than thrown away when they are not.
three_instants = st.lists(instants, min_size=3, max_size=3, unique=True).map(sorted)
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(hours=100))
times = st.one_of(st.integers(0, 1_440), st.integers(0, 24).map(lambda hour: hour * 60))


@st.composite
def hours(draw):
    edges = sorted(draw(st.sets(times, min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in pair) for pair in pairs]


@st.composite
def calendars(draw, zones=tuple(ZONES)):
    weekly = draw(st.dictionaries(st.integers(0, 6), hours(), min_size=2))
    closed = draw(st.sets(dates, max_size=20))
    special = draw(st.dictionaries(dates, st.one_of(hours(), st.just([])), max_size=5))
    return Calendar(draw(st.sampled_from(zones)), weekly, closed=closed, special=special)


lengths = st.one_of(amounts.map(OpenTime), st.builds(WorkingDays, st.integers(1, 10), st.booleans()))
warnings = st.sets(st.one_of(st.builds(Share, st.integers(0, 150)), st.builds(Before, amounts)), max_size=4)


@st.composite
def targets(draw, lengths=lengths):
    return Target(
        "resolution",
        draw(lengths),
        draw(calendars()),
        pauses={"hold"},
        stops={"resolved"},
        ends={"cancelled"},
        waits=draw(st.sampled_from([(), ("open",)])),
        on_reopen=draw(st.sampled_from(["continue", "restart"])),
        on_change=draw(st.sampled_from(["filing", "change"])),
        warnings=draw(warnings),
    )


@st.composite
def histories(draw, states=STATES, aims=True):
    told = [(at, draw(st.sampled_from(states))) for at in sorted(draw(st.lists(instants, min_size=1, max_size=8)))]
    aimed = draw(st.integers(0, len(told) - 1)) if aims and draw(st.booleans()) else None
    return [Event(at, state, draw(targets()) if number == aimed else None) for number, (at, state) in enumerate(told)]


@given(calendars(), instants, amounts)
def test_what_passes_until_due_is_the_target(calendar, start, amount):
    assert calendar.between(start, calendar.add(start, amount)) == amount


@given(calendars(), instants, amounts)
def test_due_is_the_first_such_instant(calendar, start, amount):
    just_before = calendar.add(start, amount) - timedelta(microseconds=1)
    assert calendar.between(start, just_before) < amount
    assert calendar.is_open(just_before)


@given(calendars(), instants, amounts)
def test_going_back_leads_to_where_one_came_from(calendar, start, amount):
    opens = calendar.next_opening(start)
    assert calendar.add(calendar.add(opens, amount), -amount) == opens


@given(calendars(), instants, amounts)
def test_going_back_is_the_last_such_instant(calendar, end, amount):
    start = calendar.add(end, -amount)
    assert calendar.between(start, end) == amount
    assert calendar.is_open(start)


@given(calendars(), instants, amounts, amounts)
def test_adding_twice_is_adding_the_sum(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars(), st.tuples(instants, instants, instants))
def test_open_time_is_additive(calendar, instants):
    a, b, c = instants
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)


@given(calendars(), instants, instants)
def test_segments_are_the_open_time(calendar, start, end):
    segments = calendar.segments(start, end)
    assert sum((closes - opens for opens, closes in segments), NOTHING) == max(calendar.between(start, end), NOTHING)
    edges = [edge for segment in segments for edge in segment]
    assert edges == sorted(set(edges))
    assert all(calendar.is_open(opens) for opens, _ in segments)
    assert not any(calendar.is_open(closes) for _, closes in segments if closes != end)


@given(calendars(), instants)
def test_openings_and_closings(calendar, at):
    opens, closes = calendar.next_opening(at), calendar.next_closing(at)
    assert opens >= at and calendar.is_open(opens) and calendar.between(at, opens) == NOTHING
    assert closes is None or (not calendar.is_open(closes) and calendar.between(opens, closes) == closes - opens)


@given(calendars(), instants, amounts, dates)
def test_a_closed_day_makes_nothing_due_earlier(calendar, start, amount, day):
    # Closing a day as the second of three versions leaves everything else as it was.
    weekly_closed = Calendar.versioned(
        [(date.min, calendar), (day, _closed_but_once(calendar)), (day + timedelta(days=1), calendar)]
    )
    assert weekly_closed.add(start, amount) >= calendar.add(start, amount)


def _closed_but_once(calendar):
    return Calendar(calendar.zone, special={date(2099, 1, 1): [("08:00", "16:00")]})


@given(calendars(), instants, st.integers(0, 15))
def test_working_days(calendar, start, days):
    due, closing = calendar.add_days(start, days), calendar.add_days(start, days, end_of_day=True)
    assert calendar.is_open(due)
    assert calendar.is_open(closing - timedelta(microseconds=1))
    # Two days may lead to one opening, if both are closed at that time of day.
    assert calendar.add_days(start, days + 1) >= due
    assert calendar.add_days(start, days + 1, end_of_day=True) > closing


@given(targets(), histories(), instants)
def test_a_reading_is_consistent(target, events, now):
    shown = Clock(target).fold(events, now)
    assert sum((each.end - each.start for each in shown.segments), NOTHING) == _length(shown, now)
    assert sum((each.end - each.start for each in shown.segments if each.counted), NOTHING) == shown.elapsed
    assert all(first.end == second.start for first, second in zip(shown.segments, shown.segments[1:], strict=False))
    assert all(each.counted is (each.why is Why.OPEN) and each.start < each.end for each in shown.segments)
    assert (shown.phase is Phase.IDLE) is (shown.periods == ())
    assert shown.overrun >= NOTHING and shown.elapsed >= NOTHING and shown.paused >= NOTHING
    assert (shown.outcome is None) is (shown.ended_at is None)
    assert shown.breached_at is None or shown.breached_at <= now
    assert [each.at for each in shown.stages] == sorted(each.at for each in shown.stages)
    assert all(each.at <= now and each.cycle == shown.cycle for each in shown.stages)
    assert shown.next_stage is None or shown.next_stage.at >= now
    assert (shown.next_stage is None) or shown.is_running


def _length(shown, now):
    return (shown.ended_at or now) - shown.started_at if shown.started_at else NOTHING


@given(targets(), histories(), instants)
def test_due_is_when_an_office_is_open_or_closes(target, events, now):
    shown = Clock(target).fold(events, now)
    if shown.due_at and shown.outcome is None:
        calendar = shown.target.calendar
        assert calendar.is_open(shown.due_at) or calendar.is_open(shown.due_at - timedelta(microseconds=1))


@given(targets(), histories(), instants, st.timedeltas(NOTHING, timedelta(days=20)))
def test_what_comes_later_changes_nothing(target, events, now, later):
    clock, known = Clock(target), [event for event in events if event.at <= now]
    shown = clock.fold(known, now)
    assert clock.fold(events, now) == shown
    # A stage keeps its instant for as long as its cycle lasts.
    then = clock.fold(known, now + later)
    if then.cycle == shown.cycle:
        assert set(shown.stages) <= set(then.stages)
    assert shown.breached_at is None or then.breached_at == shown.breached_at


@given(targets(), histories(), instants)
def test_the_next_stage_comes_if_nothing_changes(target, events, now):
    clock, known = Clock(target), [event for event in events if event.at <= now]
    ahead = clock.fold(known, now).next_stage
    if ahead is None:
        return
    assert ahead in clock.fold(known, ahead.at + timedelta(microseconds=1)).stages
    if ahead.at > now:
        assert ahead not in clock.fold(known, ahead.at - timedelta(microseconds=1)).stages


@given(targets(), three_instants)
def test_a_pause_makes_nothing_due_earlier(target, in_order):
    clock, (start, first, second) = Clock(target), in_order
    events = [Event(start, "filed")]
    paused = [*events, Event(first, "hold"), Event(second, "filed")]
    due, without = clock.fold(paused, second).due_at, clock.fold(events, second).due_at
    assert due and without and due >= without


@given(targets(amounts.map(OpenTime)), three_instants)
def test_reopening_buys_no_time(target, in_order):
    target = Target(target.name, target.length, target.calendar, stops={"resolved"})
    clock, (start, first, second) = Clock(target), in_order
    events = [Event(start, "filed"), Event(first, "resolved"), Event(second, "filed")]
    before, after = clock.fold(events[:2], first), clock.fold(events, second)
    assert after.elapsed == before.elapsed
    assert after.remaining == target.length.amount - before.elapsed
    assert before.breached_at is None or after.breached_at == before.breached_at


@given(targets(), instants, instants)
def test_elapsed_and_left_are_the_target(target, start, now):
    assume(start <= now)
    shown = Clock(target).fold([Event(start, "filed")], now)
    assert shown.remaining is not None and shown.due_at
    assert shown.elapsed == target.calendar.between(start, now)
    assert shown.elapsed + shown.remaining == target.calendar.between(start, shown.due_at)


@given(st.lists(hours(), min_size=1, max_size=3), dates)
def test_a_calendar_of_special_days_comes_to_an_end(days, first):
    calendar = Calendar("UTC", special={first + timedelta(days=number): each for number, each in enumerate(days)})
    start = datetime(2025, 12, 31, tzinfo=UTC)
    whole = calendar.between(start, start + timedelta(days=500))
    assert calendar.add(start, whole) <= datetime(2027, 2, 4, tzinfo=UTC)
    with pytest.raises(NeverOpensError):
        calendar.add(start, whole + timedelta(microseconds=1))
