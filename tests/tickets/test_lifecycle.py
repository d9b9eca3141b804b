"""A ticket's life, use case by use case."""

from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import NotAllowedError, NotFoundError, RefusedError
from servicedesk.tickets.models import EntryKind, Visibility
from servicedesk.tickets.workflow import Cause, Level, LinkKind, MoveRefusedError, State

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def kinds(desk, ticket):
    return [entry.kind for entry in desk.journal(ticket)]


# ------------------------------------------------------------------------------------------ the first answer


def test_the_first_answer_opens_the_ticket_and_is_stamped_once(desk, act):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    ticket = act(user, MORNING).file()

    act(staff, MORNING + MINUTE).reply(ticket, body="Vi ser på det.")
    first = desk.look(ticket)
    act(user, MORNING + 2 * MINUTE).reply(ticket, body="Tak")
    act(staff, MORNING + 3 * MINUTE).reply(ticket, body="Ny toner er på vej.")
    later = desk.look(ticket)

    assert (first.state, first.first_answered_at, first.is_unanswered) == (State.OPEN, MORNING + MINUTE, False)
    assert (later.first_answered_at, later.is_unanswered) == (MORNING + MINUTE, False)


def test_what_the_user_does_not_hear_is_no_answer(desk, act):
    user, staff, colleague = desk.person(), desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    here, there = desk.team([staff, colleague], is_first_line=True), desk.team([staff])
    ticket, other, worker = act(user).file(), act(user).file(), act(staff)

    worker.note(ticket, body="Toner igen")
    worker.take(ticket)
    worker.assign(ticket, assignee_id=colleague.id)
    worker.change(ticket, urgency=Level.HIGH, subject="Toner")
    worker.move(ticket, team_id=there.id)
    worker.wait_for_supplier(ticket, supplier="Canon", body="Bestilt")
    worker.resume(ticket)
    worker.follow(ticket)
    worker.link(ticket, other_id=other, kind=LinkKind.RELATED)
    worker.merge(other, into_id=ticket)

    looked = desk.look(ticket)
    assert here.id != looked.team_id
    assert (looked.first_answered_at, looked.is_unanswered) == (None, True)


@pytest.mark.parametrize("told", ["a question", "the solution"])
def test_an_answer_is_also(desk, act, told):
    staff, ticket = desk.person(Role.SUPPORTER), act(desk.person(), MORNING).file()

    if told == "a question":
        act(staff, MORNING + MINUTE).wait_for_user(ticket, body="Hvilken?")
    else:
        act(staff, MORNING + MINUTE).resolve(ticket, solution="Sluk og tænd", cause=Cause.COMPETENCE)

    looked = desk.look(ticket)
    assert (looked.first_answered_at, looked.is_unanswered) == (MORNING + MINUTE, False)


def test_a_supporter_who_writes_in_the_own_ticket_answers_nobody(desk, act):
    supporter = desk.person(Role.SUPPORTER)
    ticket = act(supporter).file()

    act(supporter).reply(ticket, body="Det er blevet værre.")

    looked = desk.look(ticket)
    assert (looked.state, looked.first_answered_at, looked.is_unanswered) == (State.NEW, None, True)


def test_a_superbruger_who_filed_for_a_colleague_and_adds_something_answers_nobody(desk, act):
    """The response clock runs until the servicedesk answers, not until the filer writes again."""
    colleague, superbruger = desk.person(), desk.person(Role.SUPERBRUGER)
    ticket = act(superbruger).file(affected_id=colleague.id)

    act(superbruger).reply(ticket, body="Jeg glemte at skrive, at det haster.")

    looked = desk.look(ticket)
    assert (looked.state, looked.first_answered_at, looked.is_unanswered) == (State.NEW, None, True)


def test_a_superbruger_answers_a_colleague_in_the_own_area(desk, act):
    superbruger = desk.person(Role.SUPERBRUGER)
    ticket = act(desk.person()).file()

    act(superbruger).reply(ticket, body="Prøv printeren på 2. sal.")

    assert desk.look(ticket).state is State.OPEN


# ------------------------------------------------------------------------------------------ waiting


def test_the_users_reply_sets_a_ticket_that_waited_going_at_that_instant(desk, act):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    ticket = act(user, MORNING).file()
    act(staff, MORNING + MINUTE).wait_for_user(ticket, body="Hvilken printer?")
    assert desk.look(ticket).state is State.WAITING_USER

    act(user, MORNING + 10 * MINUTE).reply(ticket, body="Den i kælderen")

    looked, entry = desk.look(ticket), desk.journal(ticket)[-1]
    assert (looked.state, looked.is_unanswered) == (State.OPEN, True)
    assert (entry.kind, entry.state, entry.at) == (EntryKind.REPLIED, State.OPEN, MORNING + 10 * MINUTE)


@pytest.mark.parametrize("who", ["the filer", "the affected"])
def test_a_ticket_that_waits_for_the_user_goes_on_when_either_of_two_users_replies(desk, act, who):
    affected, filer = desk.person(), desk.person(Role.SUPERBRUGER)
    ticket = act(filer).file(affected_id=affected.id)
    act(desk.person(Role.SUPPORTER)).wait_for_user(ticket, body="Hvilken?")

    act(filer if who == "the filer" else affected).reply(ticket, body="Den grønne")

    assert desk.look(ticket).state is State.OPEN


def test_a_ticket_that_waits_for_the_user_stays_so_when_staff_writes_more(desk, act):
    staff, ticket = desk.person(Role.SUPPORTER), desk.ticket(State.WAITING_USER)

    act(staff).reply(ticket, body="Rykker")
    act(staff).note(ticket, body="Rykket")

    assert desk.look(ticket).state is State.WAITING_USER


def test_a_ticket_that_waits_for_a_supplier_stays_so_when_the_user_writes(desk, act):
    user = desk.person()
    ticket = desk.ticket(State.WAITING_SUPPLIER, by=user)

    act(user).reply(ticket, body="Hvor langt er I?")

    looked = desk.look(ticket)
    assert (looked.state, looked.is_unanswered) == (State.WAITING_SUPPLIER, True)


def test_waiting_needs_a_question_or_a_supplier(desk, act, unchanged):
    staff, ticket = act(desk.person(Role.SUPPORTER)), desk.ticket(State.OPEN)

    with unchanged(RefusedError):
        staff.wait_for_user(ticket, body=" ")
    with unchanged(RefusedError):
        staff.wait_for_supplier(ticket, supplier=" ", body="Vi venter")
    with unchanged(RefusedError):
        staff.wait_for_supplier(ticket, supplier="x" * 201)


def test_what_is_written_about_a_supplier_is_for_those_who_work_on_it(desk, act):
    ticket = desk.ticket(State.OPEN)

    act(desk.person(Role.SUPPORTER)).wait_for_supplier(ticket, supplier="Canon", body="De er dyre.")

    waiting, noted = desk.journal(ticket)[-2:]
    assert (waiting.visibility, waiting.data) == (Visibility.PUBLIC, {"supplier": "Canon", "supplier_id": None})
    assert (noted.visibility, noted.data) == (Visibility.INTERNAL, {"body": "De er dyre."})


# ------------------------------------------------------------------------------------------ ending and beginning again


def test_solving_needs_a_solution_and_keeps_the_cause(desk, act, unchanged):
    staff, ticket = act(desk.person(Role.SUPPORTER), MORNING), desk.ticket()
    with unchanged(RefusedError):
        staff.resolve(ticket, solution="  ", cause=Cause.FAULT)

    staff.at(max(MORNING, desk.look(ticket).updated_at)).resolve(ticket, solution=" Ny toner ", cause=Cause.WISH)

    looked = desk.look(ticket)
    assert (looked.state, looked.solution, looked.cause) == (State.RESOLVED, "Ny toner", Cause.WISH)
    assert (looked.is_open, looked.resolved_at, looked.closed_at) == (False, looked.updated_at, None)


def test_reopening_clears_what_was_solved_and_counts(desk, act):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    ticket = desk.ticket(State.RESOLVED, by=user, assignee=staff)

    act(user).reopen(ticket, reason="Striber igen")
    once = desk.look(ticket)
    act(staff).resolve(ticket, solution="Ny tromle", cause=Cause.FAULT)
    act(staff).reopen(ticket, reason="Brugeren ringede")
    twice = desk.look(ticket)

    assert (once.state, once.reopen_count, once.is_unanswered, once.is_open) == (State.OPEN, 1, True, True)
    assert (once.solution, once.cause, once.resolved_at, once.closed_at) == (None, None, None, None)
    assert (once.assignee_id, twice.reopen_count) == (staff.id, 2)


def test_reopening_needs_a_reason_and_a_user_or_staff(desk, act, unchanged):
    user, leader = desk.person(), desk.person(Role.MANAGER)
    ticket = desk.ticket(State.RESOLVED, by=user)

    with unchanged(RefusedError):
        act(user).reopen(ticket, reason="\n")
    with unchanged(NotAllowedError):
        act(leader).reopen(ticket, reason="Nej")


@pytest.mark.parametrize("end", ["confirm", "close"])
def test_a_solved_ticket_ends_by_the_users_word_or_without_it(desk, act, end):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    ticket = desk.ticket(State.RESOLVED, by=user)

    getattr(act(user if end == "confirm" else staff), end)(ticket)

    looked = desk.look(ticket)
    assert (looked.state, looked.closed_at, looked.solution) == (
        State.CLOSED,
        looked.updated_at,
        "Tromlen er skiftet.",
    )


def test_the_affected_person_confirms_what_another_filed(desk, act):
    affected, filer = desk.person(), desk.person(Role.SUPERBRUGER)
    ticket = act(filer).file(affected_id=affected.id)
    act(desk.person(Role.SUPPORTER)).resolve(ticket, solution="Gjort", cause=Cause.OTHER)

    assert desk.look(act(affected).confirm(ticket)).state is State.CLOSED


def test_the_filer_cancels_while_nobody_waits_for_anybody(desk, act, unchanged):
    user = desk.person()
    for state in (State.NEW, State.OPEN):
        assert desk.look(act(user).cancel(desk.ticket(state, by=user))).state is State.CANCELLED
    for state in (State.WAITING_USER, State.WAITING_SUPPLIER, State.RESOLVED):
        ticket = desk.ticket(state, by=user)
        with unchanged(MoveRefusedError):
            act(user).cancel(ticket)


def test_a_ticket_is_cancelled_by_its_user_or_by_staff_only(desk, act, unchanged):
    superbruger, leader = act(desk.person(Role.SUPERBRUGER)), act(desk.person(Role.MANAGER))
    ticket, stranger = desk.ticket(), act(desk.person())

    for who, refusal in ((superbruger, NotAllowedError), (leader, NotAllowedError), (stranger, NotFoundError)):
        with unchanged(refusal):
            who.cancel(ticket)
    assert desk.look(act(desk.person(Role.SUPPORTER)).cancel(ticket)).state is State.CANCELLED
