"""What a journal and its clocks come to, for any journal."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from servicedesk.figures.facts import Course, fact
from servicedesk.figures.models import Verdict
from servicedesk.figures.rules import month_of, to_two_digits
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import OPEN_STATES, Cause, Kind, Priority, Secrecy, State, Tier
from sla import Phase

ZONE = ZoneInfo("Europe/Copenhagen")
FILED = datetime(2026, 1, 1, tzinfo=UTC)
HANDED_OVER = (EntryKind.MOVED, EntryKind.ESCALATED, EntryKind.HANDED_BACK)


@dataclass
class Line:
    """An entry of a journal."""

    at: datetime
    kind: EntryKind
    state: State
    data: dict[str, Any] | None = field(default_factory=dict)


NOTED = st.one_of(st.none(), st.just({}), st.builds(lambda minutes: {"minutes": minutes}, st.integers(0, 600)))
#: How much later than the one before, and what it says.
STEPS = st.tuples(
    st.timedeltas(timedelta(0), timedelta(days=90)), st.sampled_from(EntryKind), st.sampled_from(State), NOTED
)


@st.composite
def journals(draw: st.DrawFn) -> list[Line]:
    lines = [Line(FILED, EntryKind.FILED, State.NEW)]
    for later, kind, state, data in draw(st.lists(STEPS, max_size=12)):
        lines.append(Line(lines[-1].at + later, kind, state, data))
    return lines


def told(lines: list[Line]) -> Course:
    course = Course()
    for line in lines:
        course.take(line)
    return course


@given(journals())
def test_a_course_is_all_that_its_entries_say(lines: list[Line]) -> None:
    course = told(lines)
    assert course.handovers == sum(line.kind in HANDED_OVER for line in lines)
    assert course.minutes == sum((line.data or {}).get("minutes", 0) for line in lines)
    reopened = [line.at for line in lines if line.kind is EntryKind.REOPENED]
    assert course.reopened_at == (reopened[-1] if reopened else None)


@given(journals())
def test_all_time_is_spent_in_one_state_and_time_that_is_over_counts_nowhere(lines: list[Line]) -> None:
    passed = [(before.state, after.at - before.at) for before, after in pairwise(lines)]
    over = sum((amount for state, amount in passed if state not in OPEN_STATES), timedelta())
    assert sum(told(lines).stayed.values(), over) == lines[-1].at - lines[0].at


@given(journals(), st.integers(0, 20), st.floats(0, 1))
def test_what_changes_no_state_takes_no_time_from_it(lines: list[Line], place: int, share: float) -> None:
    """A note in between, at any time."""
    place %= len(lines)
    before = lines[place]
    until = lines[place + 1].at if place + 1 < len(lines) else before.at
    note = Line(before.at + (until - before.at) * share, EntryKind.NOTED, before.state)
    assert told([*lines[: place + 1], note, *lines[place + 1 :]]).stayed == told(lines).stayed


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - UTC comes with it
MAYBE = st.one_of(st.none(), INSTANTS)
CLOCKS = st.builds(
    SimpleNamespace,
    phase=st.sampled_from(Phase),
    breached_at=MAYBE,
    ended_at=MAYBE,
    elapsed=st.integers(0, 10**13),
)
TICKETS = st.builds(
    SimpleNamespace,
    id=st.integers(1),
    customer_id=st.integers(1, 3),
    unit_id=st.integers(1, 9),
    system_id=st.one_of(st.none(), st.integers(1, 9)),
    team_id=st.one_of(st.none(), st.integers(1, 9)),
    priority=st.sampled_from(Priority),
    kind=st.sampled_from(Kind),
    secrecy=st.sampled_from(Secrecy),
    tier=st.sampled_from(Tier),
    cause=st.sampled_from(Cause),
    filed_at=st.just(FILED),
    first_answered_at=MAYBE,
    resolved_at=MAYBE,
    closed_at=MAYBE,
    reopen_count=st.integers(0, 3),
    is_open=st.booleans(),
)


@given(TICKETS, journals(), st.dictionaries(st.sampled_from(["response", "resolution"]), CLOCKS))
def test_a_fact_says_when_of_all_that_it_says(ticket: Any, lines: list[Line], clocks: dict[str, Any]) -> None:
    row = fact(ticket, told(lines), clocks, ZONE)
    assert row["filed_month"] == month_of(FILED, ZONE)
    is_solved = ticket.resolved_at is not None
    assert (row["resolved_month"] is not None) == is_solved == (row["solved_after_wall"] is not None)
    assert not (is_solved and row["ended_month"])  # what was solved has not ended otherwise
    assert is_solved or not (row["is_at_once"] or row["is_local"] or row["solved_after"])
    for promise in ("response", "resolution"):
        _judge(row[promise], row[f"{promise}_month"], clocks.get(promise))
    for name in ("solved_after", "solved_after_wall", "answered_after"):
        assert row[name] is None or row[name] == to_two_digits(row[name])  # rounded as it is shown
    assert all(row[f"in_{state.value}"] >= 0 for state in OPEN_STATES)


def _judge(verdict: Verdict | None, month: int | None, clock: Any) -> None:
    """A promise that was broken stays so; one that was withdrawn has no verdict; one that runs has none yet."""
    if clock is None or clock.phase is Phase.ENDED:
        assert (verdict, month) == (None, None)
    elif clock.breached_at is not None:
        assert (verdict, month) == (Verdict.BREACHED, month_of(clock.breached_at, ZONE))
    elif clock.phase is Phase.MET:
        assert verdict is Verdict.MET
        assert month == (None if clock.ended_at is None else month_of(clock.ended_at, ZONE))
    else:
        assert (verdict, month) == (None, None)
