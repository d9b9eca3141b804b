"""Steps as values: checked when made, against the workflow, and led back where it leads back."""

import pytest

from servicedesk.cockpit.steps import (
    Deed,
    Facts,
    Step,
    StepError,
    after,
    can_be_undone,
    checked,
    fitting,
    lasting,
    refused,
    undoing,
)
from servicedesk.tickets.workflow import OPEN_STATES, Cause, Kind, Level, State

TAKE, CLOSE = Step(deed=Deed.TAKE), Step(deed=Deed.CLOSE)
SOLVE = Step(deed=Deed.RESOLVE, text="Gjort", cause=Cause.FAULT)
MOVE, TO_SOMEBODY = Step(deed=Deed.MOVE, team_id=7), Step(deed=Deed.ASSIGN, person_id=3)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"deed": Deed.RESOLVE, "text": "Gjort"}, "cause"),
        ({"deed": Deed.RESOLVE, "cause": Cause.FAULT, "text": "  "}, "text"),
        ({"deed": Deed.MOVE}, "team_id"),
        ({"deed": Deed.REPLY}, "text"),
        ({"deed": Deed.AWAIT_SUPPLIER, "text": "x"}, "supplier"),
        ({"deed": Deed.CHANGE}, "form"),
        ({"deed": Deed.CLOSE, "text": "x"}, "text"),
        ({"deed": Deed.TAKE, "person_id": 3}, "person_id"),
        ({"deed": Deed.NOTE, "text": "x" * 20_001}, "text"),
    ],
)
def test_a_step_lacks_nothing_and_has_nothing_strange(told, field):
    with pytest.raises(StepError) as refusal:
        Step(**told)
    assert refusal.value.field == field


@pytest.mark.parametrize("step", [TAKE, SOLVE, MOVE, Step(deed=Deed.CHANGE, impact=Level.HIGH, without_system=True)])
def test_a_step_is_read_as_it_was_written(step):
    assert Step.read(step.written()) == step


@pytest.mark.parametrize(
    "written",
    [{}, {"deed": "explode"}, {"deed": "take", "command": "x"}, {"deed": "resolve", "text": "x", "cause": "boredom"}],
)
def test_what_is_no_step_is_refused(written):
    with pytest.raises(StepError):
        Step.read(written)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [TAKE, TAKE],
        [TAKE, TO_SOMEBODY],
        [TO_SOMEBODY, MOVE],
        [TAKE, CLOSE],
        [SOLVE, TAKE],
        [SOLVE, Step(deed=Deed.CANCEL)],
        [Step(deed=Deed.NOTE, text=str(number)) for number in range(13)],
    ],
)
def test_steps_that_make_no_sense_together_are_refused(steps):
    with pytest.raises(StepError):
        checked(steps)


def test_where_steps_fit():
    assert fitting([CLOSE]) == {State.RESOLVED}
    assert fitting([SOLVE, CLOSE]) == OPEN_STATES
    assert fitting(checked([MOVE, TO_SOMEBODY, SOLVE])) == OPEN_STATES
    assert refused(State.OPEN, [TAKE, CLOSE]) is CLOSE
    assert after(State.CLOSED, Deed.NOTE) is State.CLOSED


def facts(state=State.OPEN, **more):
    given = {"team_id": 1, "assignee_id": 2, "kind": Kind.INCIDENT, "impact": Level.LOW, "urgency": Level.LOW}
    return Facts(state=state, **{**given, "system_id": None, **more})


@pytest.mark.parametrize(
    ("before", "now", "deeds"),
    [
        (facts(State.NEW, assignee_id=None), facts(), ["assign"]),
        (facts(), facts(State.RESOLVED), ["reopen"]),
        (facts(), facts(State.WAITING_SUPPLIER), ["resume"]),
        (facts(), facts(team_id=5, assignee_id=None), ["move", "assign"]),
        (facts(system_id=4), facts(impact=Level.HIGH), ["change"]),
        (facts(), facts(is_followed=True), ["unfollow"]),
        (facts(State.RESOLVED), facts(State.CLOSED), []),
        (facts(State.NEW), facts(State.CANCELLED), []),
        (facts(), facts(State.RESOLVED, assignee_id=9), ["reopen", "assign"]),
    ],
)
def test_the_way_back(before, now, deeds):
    steps = undoing(before, now, "Fortrudt.")
    assert [step.deed.value for step in steps] == deeds
    if steps:
        assert refused(now.state, steps) is None
    assert Facts.read(before.written()) == before


def test_what_can_be_taken_back_and_what_stays():
    assert can_be_undone([TAKE])
    assert can_be_undone([Step(deed=Deed.REPLY, text="x"), SOLVE])
    assert not can_be_undone([SOLVE, CLOSE])
    assert not can_be_undone([Step(deed=Deed.NOTE, text="x")])
    assert lasting([TAKE, Step(deed=Deed.REPLY, text="x")]) == [Deed.REPLY]
