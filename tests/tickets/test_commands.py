"""What holds for every command: treading on toes, time, texts, and what they cost."""

from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import ConflictError, NotFoundError, RefusedError
from servicedesk.tickets.commands import OutdatedError
from servicedesk.tickets.commands.writing import MAX_TEXT
from servicedesk.tickets.workflow import Cause, Level, MoveRefusedError, Secrecy, State

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def kinds(desk, ticket):
    return [entry.kind for entry in desk.journal(ticket)]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("take", {}),
        ("reply", {"body": "Svar"}),
        ("note", {"body": "Note"}),
        ("assign", {"assignee_id": None}),
        ("change", {"urgency": Level.HIGH}),
        ("classify", {"secrecy": Secrecy.SECURITY}),
        ("wait_for_user", {"body": "Hvad?"}),
        ("wait_for_supplier", {"supplier": "Canon"}),
        ("resume", {}),
        ("resolve", {"solution": "Ok", "cause": Cause.OTHER}),
        ("close", {}),
    ],
)
def test_nobody_treads_on_a_colleagues_toes_with(desk, act, unchanged, command, told):
    staff, colleague = act(desk.person(Role.SUPPORTER)), act(desk.person(Role.SUPPORTER))
    ticket = desk.ticket()
    seen = desk.look(ticket).version
    colleague.note(ticket, body="Jeg har den")

    with unchanged(OutdatedError):
        getattr(staff, command)(ticket, seen=seen, **told)


def test_moving_and_merging_mind_what_was_seen(desk, act, unchanged):
    staff, team = act(desk.person(Role.SUPPORTER)), desk.team()
    other, ticket = desk.ticket(), desk.ticket()
    staff.note(ticket, body="Nyt")

    with unchanged(OutdatedError):
        staff.move(ticket, team_id=team.id, seen=1)
    with unchanged(OutdatedError):
        staff.merge(ticket, into_id=other, seen=1)
    staff.merge(ticket, into_id=other, seen=2)


def test_a_journal_never_runs_backwards(desk, act):
    staff, ticket = desk.person(Role.SUPPORTER), act(desk.person(), MORNING).file()

    act(staff, MORNING + DAY).reply(ticket, body="I morgen")
    act(staff, MORNING - DAY).reply(ticket, body="I går")
    act(staff, MORNING).resolve(ticket, solution="Nu", cause=Cause.OTHER)

    times = [entry.at for entry in desk.journal(ticket)]
    assert times == [MORNING, MORNING + DAY, MORNING + DAY, MORNING + DAY]
    assert desk.look(ticket).resolved_at == MORNING + DAY


def test_texts_are_minded_by_every_command_that_takes_one(desk, act, unchanged):
    user, staff, ticket = desk.person(), act(desk.person(Role.SUPPORTER)), desk.ticket(State.OPEN)
    far_too_long = "x" * (MAX_TEXT + 1)

    for text in ("", "\x00", "\u200b", far_too_long):
        for command, name in (("reply", "body"), ("note", "body"), ("wait_for_user", "body")):
            with unchanged(RefusedError):
                getattr(staff, command)(ticket, **{name: text})
        with unchanged(RefusedError):
            staff.resolve(ticket, solution=text, cause=Cause.OTHER)
    assert user


# ------------------------------------------------------------------------------------------ what it costs


def test_the_number_of_questions_to_the_database_is_known(app, desk, act, queries):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    desk.team([staff], is_first_line=True)
    system = desk.system()
    filer, worker = act(user), act(staff)
    with queries() as asked:
        ticket = filer.file(system_id=system.id, form_id="formular")
    assert len(asked) <= 15  # one of them asks what is agreed, one whether a superbruger sees it first
    # Three for the clocks: what they are told from, what is agreed, and what they show. A note moves none.
    allowed = {
        "take": (lambda: worker.take(ticket), 8),
        "reply": (lambda: worker.reply(ticket, body="Hej"), 11),
        "user's reply": (lambda: filer.reply(ticket, body="Hej"), 11),
        "note": (lambda: worker.note(ticket, body="Hm"), 5),
        "change": (lambda: worker.change(ticket, urgency=Level.HIGH), 9),
        "wait": (lambda: worker.wait_for_user(ticket, body="Hvad?"), 12),
        "resolve": (lambda: worker.resolve(ticket, solution="Ok", cause=Cause.FAULT), 12),
        "confirm": (lambda: filer.confirm(ticket), 8),
    }
    for name, (use_case, most) in allowed.items():
        with queries() as asked:
            use_case()
        assert len(asked) <= most, f"{name}: {len(asked)} questions:\n" + "\n".join(asked)


def test_an_unknown_ticket_is_like_a_hidden_one(desk, act):
    hidden, stranger = desk.ticket(), act(desk.person())

    with pytest.raises(NotFoundError) as one:
        stranger.reply(hidden, body="Hej")
    with pytest.raises(NotFoundError) as other:
        stranger.reply(hidden + 1, body="Hej")
    assert str(one.value) == str(other.value)


def test_conflicts_are_told_from_refusals():
    assert issubclass(OutdatedError, ConflictError)
    assert issubclass(MoveRefusedError, ConflictError)
