"""The rows of a case become the entries that our own commands would have written."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.tickets import journal
from servicedesk.tickets.workflow import DEFAULT_MATRIX, MOVES, OPEN_STATES, Cause, Level, Priority, State
from servicedesk.transfer import history
from servicedesk.transfer.history import Setting
from servicedesk.transfer.reader import Row

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ENDED = (State.CLOSED, State.CANCELLED)


class Numbered:
    """A number for each name, the same for the same."""

    def __init__(self):
        numbers = count(10)
        self._ids = defaultdict(lambda: next(numbers))

    def unit(self, name):
        return self._ids["unit", name] if name else 1

    def person(self, name):
        return self._ids["person", name]

    def system(self, name):
        return self._ids["system", name]

    def team(self, name):
        return self._ids["team", name]


def tell(*rows: Row, number="INC1"):
    setting = Setting(source="Gammel", customer_id=1, matrix=DEFAULT_MATRIX, names=Numbered())
    return history.tell(number, rows, setting)


def row(minutes=0, state=None, **told):
    return Row(line=2, at=START + timedelta(minutes=minutes), state=state, **told)


def steps(told):
    return [(entry.kind.value, entry.state.value) for entry in told.entries]


FILED = ("filed", "new")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param(["new"], [], id="only filed"),
        pytest.param(["new", "open"], [("resumed", "open")], id="work begins with nobody named"),
        pytest.param(["open"], [("resumed", "open")], id="under way at the first row"),
        pytest.param(["waiting_user", "open"], [("waiting", "waiting_user"), ("resumed", "open")], id="user answered"),
        pytest.param(
            ["waiting_user", "waiting_supplier", "resolved"],
            [("waiting", "waiting_user"), ("waiting", "waiting_supplier"), ("resolved", "resolved")],
            id="from one wait into the other",
        ),
        pytest.param(["waiting_user", "new"], [("waiting", "waiting_user"), ("resumed", "open")], id="wait, then new"),
        pytest.param(["open", "new"], [("resumed", "open")], id="never new again"),
        pytest.param(["new", None, "open"], [("resumed", "open")], id="a row that says nothing"),
        pytest.param(["closed"], [("resolved", "resolved"), ("closed", "closed")], id="closed at once"),
        pytest.param(
            ["resolved", "open", "resolved", "closed"],
            [
                *[("resolved", "resolved"), ("reopened", "open")],
                *[("resolved", "resolved"), ("closed", "closed")],
            ],
            id="reopened",
        ),
        pytest.param(
            ["closed", "waiting_user"],
            [("resolved", "resolved"), ("closed", "closed"), ("reopened", "open"), ("waiting", "waiting_user")],
            id="reopened into a wait",
        ),
        pytest.param(
            ["closed", "resolved"],
            [("resolved", "resolved"), ("closed", "closed"), ("reopened", "open"), ("resolved", "resolved")],
            id="back from closed to solved",
        ),
        pytest.param(["open", "cancelled"], [("resumed", "open"), ("cancelled", "cancelled")], id="cancelled"),
        pytest.param(
            ["resolved", "cancelled"], [("resolved", "resolved"), ("closed", "closed")], id="solved, cancelled"
        ),
        pytest.param(["cancelled", "closed"], [("cancelled", "cancelled")], id="cancelled, then closed"),
        pytest.param(["cancelled", "new"], [("cancelled", "cancelled"), ("reopened", "open")], id="cancelled in error"),
    ],
)
def test_states_become_steps(states, expected):
    told = tell(*(row(at, State(state) if state else None) for at, state in enumerate(states)))

    assert steps(told) == [FILED, *expected]


def test_who_has_it_when_work_begins_has_taken_it():
    told = tell(row(state=State.NEW, team="Net"), row(5, State.OPEN, team="Net", assignee="Bo"))

    taken = told.entries[-1]
    assert steps(told) == [FILED, ("taken", "open")]
    assert taken.data == {"assignee": "Bo", "assignee_id": told.ticket.assignee_id, "team_id": told.ticket.team_id}
    assert taken.by_id == told.ticket.assignee_id


def test_to_another_team_and_colleague_is_moved_and_assigned():
    told = tell(row(state=State.OPEN, team="A", assignee="Bo"), row(5, State.OPEN, team="B", assignee="Ea"))

    assert steps(told)[2:] == [("moved", "open"), ("assigned", "open")]
    assert told.entries[2].data["assignee_id"] is None


def test_to_another_team_with_the_same_colleague_is_one_step():
    told = tell(row(state=State.OPEN, team="A", assignee="Bo"), row(5, State.OPEN, team="B", assignee="Bo"))

    assert steps(told)[2:] == [("moved", "open")]


def test_an_empty_assignee_is_nobody_and_an_empty_team_is_the_same():
    told = tell(row(state=State.OPEN, team="A", assignee="Bo"), row(5, State.OPEN))

    assert told.ticket.assignee_id is None
    assert told.ticket.team_id is not None


def test_corrections_tell_before_and_after():
    told = tell(
        row(impact=Level.LOW, urgency=Level.LOW, priority=Priority.LOW, subject="A"),
        row(5, impact=Level.HIGH, urgency=Level.LOW, priority=Priority.MEDIUM, subject="B"),
    )

    expected = {"impact": ["low", "high"], "priority": [4, 3], "subject": ["A", "B"]}
    assert told.entries[-1].data == expected
    assert steps(told)[1:] == [("changed", "new")]


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        pytest.param({"impact": Level.HIGH, "urgency": Level.HIGH}, ("high", "high", 1), id="from the matrix"),
        pytest.param(
            {"impact": Level.LOW, "urgency": Level.LOW, "priority": Priority.CRITICAL},
            ("low", "low", 1),
            id="the file's word against the matrix",
        ),
        pytest.param({"priority": Priority.HIGH}, ("high", "medium", 2), id="only a priority"),
        pytest.param({}, ("medium", "medium", 3), id="nothing"),
    ],
)
def test_priority_is_what_the_file_says(weight, expected):
    ticket = tell(row(**weight)).ticket

    assert (ticket.impact, ticket.urgency, ticket.priority) == expected


def test_a_priority_of_its_own_stays_while_nothing_is_said():
    told = tell(row(impact=Level.LOW, urgency=Level.LOW, priority=Priority.CRITICAL), row(5, impact=Level.LOW))

    assert told.ticket.priority is Priority.CRITICAL


def test_time_never_runs_backwards():
    told = tell(
        row(30, State.NEW, opened_at=START + timedelta(minutes=60)), row(20, State.OPEN), row(90, State.RESOLVED)
    )

    assert [entry.at - START for entry in told.entries] == [timedelta(minutes=m) for m in (60, 60, 90)]


def test_one_row_for_a_case_still_tells_when_it_was_solved_and_closed():
    at = {name: START + timedelta(hours=h) for h, name in enumerate(("opened_at", "resolved_at", "closed_at"), start=1)}
    ticket = tell(row(6 * 60, State.CLOSED, **at)).ticket

    assert (ticket.filed_at, ticket.resolved_at, ticket.closed_at) == tuple(at.values())


def test_a_time_that_the_rows_contradict_does_not_count():
    ticket = tell(row(0), row(5, State.RESOLVED, resolved_at=START + timedelta(days=9))).ticket

    assert ticket.resolved_at == START + timedelta(minutes=5)


def test_solutions_causes_and_waits_have_words():
    told = tell(
        row(0, State.WAITING_SUPPLIER, supplier="Printerhuset"),
        row(1, State.WAITING_USER),
        row(2, State.RESOLVED, solution="kode 5", cause=Cause.FAULT),
    )

    assert told.entries[1].data == {"supplier": "Printerhuset"}
    assert told.entries[2].data["body"].startswith("Brugeren blev spurgt i Gammel")
    assert told.entries[3].data == {"solution": "Løst i Gammel (kode 5).", "cause": "fault"}


def test_without_texts_there_is_a_subject_and_a_description():
    data = tell(row()).entries[0].data

    assert data["subject"] == "INC1 fra Gammel"
    assert data["description"] == "Importeret fra Gammel, hvor henvendelsen har nummer INC1."


def test_a_long_subject_is_cut_and_stands_in_full_in_the_description():
    data = tell(row(subject="x" * 300, description="mere")).entries[0].data

    assert len(data["subject"]) == 200
    assert data["description"] == "x" * 300 + "\n\nmere"


names = st.sampled_from([None, "A", "B"])
some_rows = st.lists(
    st.builds(
        Row,
        line=st.just(2),
        at=st.integers(0, 50).map(lambda m: START + timedelta(minutes=m)),
        state=st.sampled_from([None, *State]),
        impact=st.sampled_from([None, *Level]),
        priority=st.sampled_from([None, *Priority]),
        assignee=names,
        team=names,
        system=names,
        opened_at=st.sampled_from([None, START, START + timedelta(minutes=20)]),
        resolved_at=st.sampled_from([None, START + timedelta(minutes=10)]),
    ),
    min_size=1,
    max_size=12,
)
#: What the rows of other systems do and our commands do not: from an end back to work.
REOPENED_ANYWHERE = {(state, State.OPEN) for state in ENDED}


@given(some_rows)
def test_any_history_is_a_journal_of_ours(rows):
    told = tell(*rows)

    assert vars(journal.replay(told.entries).fields) == vars(told.ticket)
    assert [entry.seq for entry in told.entries] == list(range(1, len(told.entries) + 1))
    assert all(earlier.at <= later.at for earlier, later in pairwise(told.entries))
    ways = {(before, after) for (before, _), after in MOVES.items()} | REOPENED_ANYWHERE
    moved = [(a.state, b.state) for a, b in pairwise(told.entries) if a.state is not b.state]
    assert set(moved) <= ways
    assert told.ticket.reopen_count == sum(
        1 for before, after in moved if before not in OPEN_STATES and after in OPEN_STATES
    )
