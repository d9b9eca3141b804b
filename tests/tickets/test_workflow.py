"""Every state against every move: what the table does not offer is refused, in the rules and on a real ticket."""

from collections.abc import Callable
from itertools import product

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import NotAllowedError, NotFoundError
from servicedesk.tickets import workflow
from servicedesk.tickets.workflow import (
    DEFAULT_MATRIX,
    MIRRORED,
    MOVES,
    OPEN_STATES,
    Cause,
    Level,
    LinkKind,
    Move,
    MoveRefusedError,
    Priority,
    State,
)
from tests.tickets.conftest import Acting

#: DESIGN's lifecycle, told once more and independently of the table.
STATES = ["new", "open", "waiting_user", "waiting_supplier", "resolved", "closed", "cancelled"]
EXPECTED = {
    "take": "open open waiting_user waiting_supplier - - -",
    "answer": "open open waiting_user waiting_supplier resolved - -",
    "user_reply": "new open open waiting_supplier - - -",
    "wait_for_user": "waiting_user waiting_user waiting_user waiting_user - - -",
    "wait_for_supplier": "waiting_supplier waiting_supplier waiting_supplier waiting_supplier - - -",
    "resume": "- - open open - - -",
    "resolve": "resolved resolved resolved resolved - - -",
    "confirm": "- - - - closed - -",
    "reopen": "- - - - open - -",
    "close": "- - - - closed - -",
    "cancel": "cancelled cancelled - - - - -",
    "merge": "closed closed closed closed - - -",
}
PAIRS = [pytest.param(state, move, id=f"{state.value} {move.value}") for state, move in product(State, Move)]


def expected(state: State, move: Move) -> State | None:
    after = EXPECTED[move.value].split()[STATES.index(state.value)]
    return None if after == "-" else State(after)


@pytest.mark.parametrize(("state", "move"), PAIRS)
def test_a_move_leads_where_the_lifecycle_says_or_nowhere(state, move):
    after = expected(state, move)

    if after is None:
        with pytest.raises(MoveRefusedError) as refused:
            workflow.after(state, move)
        assert (refused.value.state, refused.value.move, refused.value.status) == (state, move, 409)
    else:
        assert workflow.after(state, move) is after
    assert (move in workflow.moves_from(state)) == (after is not None) == ((state, move) in MOVES)


def test_nothing_leads_out_of_a_ticket_that_has_ended():
    assert not workflow.moves_from(State.CLOSED)
    assert not workflow.moves_from(State.CANCELLED)


def test_every_state_can_be_reached_and_every_open_one_can_be_solved():
    assert set(MOVES.values()) == set(State)
    assert all((state, Move.RESOLVE) in MOVES for state in OPEN_STATES)


def test_the_matrix_is_whole_and_never_says_less_for_more():
    assert set(DEFAULT_MATRIX) == set(product(Level, Level))
    steps = list(Level)  # most first
    for impact, urgency in product(range(3), range(2)):
        more, less = DEFAULT_MATRIX[steps[impact], steps[urgency]], DEFAULT_MATRIX[steps[impact], steps[urgency + 1]]
        assert more <= less
        more, less = DEFAULT_MATRIX[steps[urgency], steps[impact]], DEFAULT_MATRIX[steps[urgency + 1], steps[impact]]
        assert more <= less
    assert set(DEFAULT_MATRIX.values()) == set(Priority)


def test_a_link_seen_from_the_other_side_and_back_is_itself():
    assert all(MIRRORED[MIRRORED[kind]] is kind for kind in LinkKind)


# ------------------------------------------------------------------------------------------ through the commands

Acts = dict[Move, Callable[[Acting, Acting, int, int], int]]
#: Each move as (the user, a supporter who has not taken it, the ticket, another open one) carry it out.
BY_COMMAND: Acts = {
    Move.TAKE: lambda _user, staff, ticket, _other: staff.take(ticket),
    Move.ANSWER: lambda _user, staff, ticket, _other: staff.reply(ticket, body="Vi ser på det."),
    Move.USER_REPLY: lambda user, _staff, ticket, _other: user.reply(ticket, body="Nu larmer den også."),
    Move.WAIT_FOR_USER: lambda _user, staff, ticket, _other: staff.wait_for_user(ticket, body="Hvilken?"),
    Move.WAIT_FOR_SUPPLIER: lambda _user, staff, ticket, _other: staff.wait_for_supplier(ticket, supplier="Canon"),
    Move.RESUME: lambda _user, staff, ticket, _other: staff.resume(ticket),
    Move.RESOLVE: lambda _user, staff, ticket, _other: staff.resolve(ticket, solution="Toner", cause=Cause.FAULT),
    Move.CONFIRM: lambda user, _staff, ticket, _other: user.confirm(ticket),
    Move.REOPEN: lambda user, _staff, ticket, _other: user.reopen(ticket, reason="Den gør det igen."),
    Move.CLOSE: lambda _user, staff, ticket, _other: staff.close(ticket),
    Move.CANCEL: lambda user, _staff, ticket, _other: user.cancel(ticket, reason="Ligegyldigt"),
    Move.MERGE: lambda _user, staff, ticket, other: staff.merge(ticket, into_id=other),
}


@pytest.mark.parametrize(("state", "move"), PAIRS)
def test_a_command_does_what_the_table_offers_and_nothing_else(desk, act, unchanged, state, move):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    ticket, other = desk.ticket(state, by=user), desk.ticket()
    after = expected(state, move)

    if after is None:
        with unchanged(MoveRefusedError):
            BY_COMMAND[move](act(user), act(staff), ticket, other)
    else:
        BY_COMMAND[move](act(user), act(staff), ticket, other)
        assert desk.look(ticket).state is after


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.CANCELLED])
def test_what_is_done_is_not_taken_placed_or_changed(desk, act, unchanged, state):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    team = desk.team([staff])
    ticket = desk.ticket(state, by=user, assignee=staff)

    for attempt in (
        lambda: act(staff).take(ticket),
        lambda: act(staff).assign(ticket, assignee_id=None),
        lambda: act(staff).move(ticket, team_id=team.id),
        lambda: act(staff).change(ticket, urgency=Level.HIGH),
    ):
        with unchanged(MoveRefusedError):
            attempt()


READS_ONLY = {
    "a follower": lambda desk, ticket, act: _follower(desk, ticket, act),
    "the unit's manager": lambda desk, _ticket, _act: desk.person(Role.MANAGER),
}
WORK = (
    Move.TAKE, Move.WAIT_FOR_USER, Move.WAIT_FOR_SUPPLIER, Move.RESUME, Move.RESOLVE, Move.CLOSE, Move.MERGE,
)  # fmt: skip


def _follower(desk, ticket, act):
    follower, staff = desk.person(), desk.person(Role.SUPPORTER)
    act(staff).follow(ticket, person_id=follower.id)
    return follower


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("who", READS_ONLY)
def test_who_may_only_read_does_nothing(desk, act, unchanged, who, move):
    ticket, other = desk.ticket(State.RESOLVED), desk.ticket()
    reader = act(READS_ONLY[who](desk, ticket, act))

    with unchanged(NotAllowedError):
        BY_COMMAND[move](reader, reader, ticket, other)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_for_a_stranger_the_ticket_does_not_exist_whatever_its_state(desk, act, unchanged, state, move):
    stranger, ticket = act(desk.person()), desk.ticket(state)
    own = stranger.file()

    with unchanged(NotFoundError):
        BY_COMMAND[move](stranger, stranger, ticket, own)


@pytest.mark.parametrize("move", WORK)
def test_a_user_does_no_staffs_work_on_the_own_ticket(desk, act, unchanged, move):
    user = desk.person()
    ticket, other = desk.ticket(by=user), desk.ticket(by=user)

    with unchanged(NotAllowedError):
        BY_COMMAND[move](act(user), act(user), ticket, other)


def test_staff_who_is_not_the_user_neither_confirms_nor_speaks_for_the_user(desk, act, unchanged):
    staff, ticket = desk.person(Role.SUPPORTER), desk.ticket(State.RESOLVED)

    with unchanged(NotAllowedError):
        act(staff).confirm(ticket)


def test_holding_a_ticket_is_one_question(app, desk, queries):
    from servicedesk.tickets.queries import hold

    ticket, who = desk.ticket(), desk.actor(desk.person(Role.SUPPORTER, Role.MANAGER, Role.SUPERBRUGER))
    with app.app_context(), queries() as asked:
        hold(ticket, who)
    assert len(asked) == 1
