"""A ticket's life, use case by use case."""

from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from servicedesk.tickets.commands import NewFile, OutdatedError
from servicedesk.tickets.commands.writing import MAX_SUBJECT, MAX_TEXT
from servicedesk.tickets.models import Attachment, EntryKind, PriorityRule, Ticket, Visibility
from servicedesk.tickets.workflow import Cause, Kind, Level, LinkKind, MoveRefusedError, Priority, Secrecy, State
from tests.desk import EVERYTHING

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def kinds(desk, ticket):
    return [entry.kind for entry in desk.journal(ticket)]


# ------------------------------------------------------------------------------------------ filing and routing


def test_a_ticket_is_filed_with_what_the_servicedesk_works_out(desk, act):
    school = desk.unit(name="Skolen")
    filer = desk.person(unit=school)
    system = desk.system(name="Aula")

    ticket = desk.look(
        act(filer, MORNING).file(
            "  Kan  ikke\tlogge ind ", "  Siden er hvid.  ", system_id=system.id, kind=Kind.REQUEST
        )
    )

    assert (ticket.customer_id, ticket.unit_id) == (desk.home.id, school.id)
    assert (ticket.filer_id, ticket.affected_id, ticket.assignee_id) == (filer.id, filer.id, None)
    assert (ticket.state, ticket.secrecy, ticket.kind) == (State.NEW, Secrecy.ORDINARY, Kind.REQUEST)
    assert (ticket.subject, ticket.system_id) == ("Kan ikke logge ind", system.id)
    assert (ticket.filed_at, ticket.updated_at, ticket.first_answered_at) == (MORNING, MORNING, None)
    assert (ticket.version, ticket.reopen_count, ticket.is_unanswered, ticket.is_open) == (1, 0, True, True)
    [entry] = desk.journal(ticket.id)
    assert (entry.kind, entry.visibility, entry.by_id) == (EntryKind.FILED, Visibility.PUBLIC, filer.id)
    assert entry.data["description"] == "Siden er hvid."


def test_a_new_ticket_goes_to_the_systems_team_else_to_the_first_line(desk, act):
    first_line, school_team = desk.team(is_first_line=True), desk.team()
    desk.team(is_first_line=True, customer=desk.customer())
    aula, printers = desk.system(team=school_team), desk.system()
    filer = act(desk.person())

    assert desk.look(filer.file(system_id=aula.id)).team_id == school_team.id
    assert desk.look(filer.file(system_id=printers.id)).team_id == first_line.id
    assert desk.look(filer.file()).team_id == first_line.id


def test_without_a_first_line_a_new_ticket_waits_without_a_team(desk, act):
    desk.team()
    assert desk.look(act(desk.person()).file()).team_id is None


@pytest.mark.parametrize(
    "team", [{"is_active": False}, {"is_closed": True}], ids=["is out of use", "is closed to others"]
)
def test_a_systems_team_is_passed_over_when_it(desk, act, team):
    """An ordinary ticket in a closed team would be seen by all who see ordinary tickets."""
    first_line = desk.team(is_first_line=True)
    system = desk.system(team=desk.team(**team))

    assert desk.look(act(desk.person()).file(system_id=system.id)).team_id == first_line.id


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECURITY])
def test_a_secret_ticket_goes_to_its_closed_team_whatever_the_system_says(desk, act, secrecy):
    desk.team(is_first_line=True)
    receiving = desk.team(is_closed=True, **{f"receives_{secrecy.value}": True})
    system = desk.system(team=desk.team())

    ticket = desk.look(act(desk.person()).file(system_id=system.id, secrecy=secrecy))

    assert (ticket.team_id, ticket.secrecy) == (receiving.id, secrecy)


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECURITY])
def test_a_secret_ticket_is_refused_where_nobody_may_see_it(desk, act, unchanged, secrecy):
    desk.team(is_first_line=True)
    desk.team(is_closed=True, is_active=False, receives_confidential=True, receives_security=True)
    desk.team(is_closed=True, customer=desk.customer(), receives_confidential=True, receives_security=True)
    filer = act(desk.person())

    with unchanged(RefusedError):
        filer.file(secrecy=secrecy)


def test_a_system_that_is_not_the_customers_or_no_longer_in_use_does_not_exist(desk, act, unchanged):
    filer = act(desk.person())
    others, old = desk.system(customer=desk.customer()), desk.system(is_active=False)

    for system_id in (others.id, old.id, 10**12):
        with unchanged(RefusedError):
            filer.file(system_id=system_id)


def test_the_customers_own_matrix_sets_the_priority(desk, act):
    desk.add(PriorityRule(customer_id=desk.home.id, impact=Level.LOW, urgency=Level.LOW, priority=Priority.CRITICAL))
    filer, elsewhere = act(desk.person()), act(desk.person(unit=desk.customer()))
    least = {"impact": Level.LOW, "urgency": Level.LOW}

    assert desk.look(filer.file(**least)).priority is Priority.CRITICAL
    assert desk.look(filer.file(impact=Level.HIGH, urgency=Level.HIGH)).priority is Priority.CRITICAL
    assert desk.look(elsewhere.file(**least)).priority is Priority.LOW


@pytest.mark.parametrize(
    ("subject", "description"),
    [
        ("", "Tekst"),
        ("Emne", ""),
        (" \t\n", "Tekst"),
        ("Emne", " \r\n\u00a0 "),
        ("\x00", "Tekst"),
        ("\u200b\u200d", "Tekst"),
        ("Emne", "\u2060\ufeff"),
        ("x" * (MAX_SUBJECT + 1), "Tekst"),
        ("Emne", "x" * (MAX_TEXT + 1)),
    ],
    ids=[
        "no subject", "no text", "blank subject", "blank text", "only NUL", "invisible subject", "invisible text",
        "too long a subject", "too long a text",
    ],
)  # fmt: skip
def test_a_ticket_needs_a_subject_and_a_text_that_fit(desk, act, unchanged, subject, description):
    filer = act(desk.person())

    with unchanged(RefusedError):
        filer.file(subject, description)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("x" * MAX_TEXT, "x" * MAX_TEXT),
        ("en\x00to\x00", "ento"),
        ("halv\ud800t tegn", "halvt tegn"),
        ("linje 1\r\nlinje 2", "linje 1\nlinje 2"),
        ("👩‍👩‍👧 blåbær ﷽ <script>&amp;", "👩‍👩‍👧 blåbær ﷽ <script>&amp;"),
        ("'; DROP TABLE ticket; --", "'; DROP TABLE ticket; --"),
    ],
    ids=["as long as may be", "NUL within", "half a surrogate", "a form's line ends", "signs of all kinds", "quotes"],
)
def test_what_was_written_is_kept(desk, act, written, kept):
    ticket = act(desk.person()).file(description=written)

    assert desk.journal(ticket)[0].data["description"] == kept


def test_files_come_with_the_entry_that_they_were_sent_with(desk, act):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    photo = NewFile("skærm.png", "a" * 32, "image/png", 12, "0" * 64)
    log = NewFile("log.txt", "b" * 32, "text/plain", 7, "1" * 64)

    ticket = act(user).file(files=[photo])
    act(staff).note(ticket, body="Loggen", files=[log])

    kept = desk.all(Attachment, ticket_id=ticket)
    assert [(one.seq, one.name, one.visibility) for one in kept] == [
        (1, "skærm.png", Visibility.PUBLIC),
        (2, "log.txt", Visibility.INTERNAL),
    ]


# ------------------------------------------------------------------------------------------ the same form twice


def test_the_same_form_sent_twice_files_one_ticket(desk, act):
    filer = act(desk.person())

    assert filer.file(form_id="formular") == filer.file("Noget andet", form_id="formular")
    assert desk.count(Ticket) == 1


def test_two_peoples_forms_are_two_even_with_one_id(desk, act):
    assert act(desk.person()).file(form_id="formular") != act(desk.person()).file(form_id="formular")


@pytest.mark.parametrize("form_id", ["a\x00b", "x" * 100_000, "\ud800", "", "æøå'\""])
def test_a_strange_form_id_files_a_ticket_all_the_same(desk, act, form_id):
    assert desk.look(act(desk.person()).file(form_id=form_id)).version == 1


# ------------------------------------------------------------------------------------------ on behalf of somebody


def test_both_names_are_kept_of_a_ticket_filed_on_behalf_of_somebody(desk, act):
    school = desk.unit()
    affected, supporter = desk.person(unit=school), desk.person(Role.SUPPORTER)

    ticket = desk.look(act(supporter).file(affected_id=affected.id))

    assert (ticket.filer_id, ticket.affected_id, ticket.unit_id) == (supporter.id, affected.id, school.id)
    assert [entry.data["affected_id"] for entry in desk.journal(ticket.id)] == [affected.id]


def test_who_may_file_on_behalf_of_whom(desk, act, unchanged):
    school, home_care = desk.unit(), desk.unit()
    pupil_teacher, nurse = desk.person(unit=school), desk.person(unit=home_care)
    superbruger = act(desk.person(Role.SUPERBRUGER, over=school))
    far_away = desk.person(unit=desk.customer())

    superbruger.file(affected_id=pupil_teacher.id)
    act(desk.person(Role.SERVICEDESK_MANAGER)).file(affected_id=nurse.id)
    act(desk.person(Role.SUPPORTER, over=EVERYTHING)).file(affected_id=far_away.id)
    supporter, colleague, leader = (
        act(desk.person(Role.SUPPORTER)),
        act(desk.person(unit=school)),
        act(desk.person(Role.MANAGER, Role.ADMINISTRATOR, Role.SYSTEM_OWNER)),
    )
    gone = desk.person(unit=school, is_active=False)
    for who, whom in (
        (superbruger, nurse),
        (supporter, far_away),
        (colleague, pupil_teacher),
        (leader, pupil_teacher),
        (supporter, gone),
    ):
        with unchanged(NotAllowedError):
            who.file(affected_id=whom.id)
    with unchanged(NotAllowedError):
        supporter.file(affected_id=10**12)


def test_a_ticket_for_another_customers_person_belongs_to_that_customer(desk, act):
    other = desk.customer()
    affected = desk.person(unit=other)

    ticket = desk.look(act(desk.person(Role.SUPPORTER, over=EVERYTHING)).file(affected_id=affected.id))

    assert (ticket.customer_id, ticket.unit_id) == (other.id, other.id)


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
    assert (waiting.visibility, waiting.data) == (Visibility.PUBLIC, {"supplier": "Canon"})
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


# ------------------------------------------------------------------------------------------ whose and what it is


def test_taking_opens_a_new_ticket_and_taking_it_again_says_nothing(desk, act):
    staff, ticket = desk.person(Role.SUPPORTER), desk.ticket()

    act(staff).take(ticket)
    act(staff).take(ticket)

    assert (desk.look(ticket).state, desk.look(ticket).assignee_id) == (State.OPEN, staff.id)
    assert kinds(desk, ticket) == [EntryKind.FILED, EntryKind.TAKEN]


def test_a_colleague_takes_over(desk, act):
    one, two = desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    ticket = desk.ticket(State.WAITING_SUPPLIER, assignee=one)

    act(two).take(ticket)

    assert (desk.look(ticket).assignee_id, desk.look(ticket).state) == (two.id, State.WAITING_SUPPLIER)


def test_a_ticket_is_given_to_members_of_its_team_only(desk, act, unchanged):
    staff, outsider, gone = (desk.person(Role.SUPPORTER, **more) for more in ({}, {}, {"is_active": False}))
    colleague = desk.person(Role.SUPPORTER)
    desk.team([staff, colleague, gone], is_first_line=True)
    desk.team([outsider])
    ticket = desk.ticket()

    act(staff).assign(ticket, assignee_id=colleague.id)
    assert desk.look(ticket).assignee_id == colleague.id
    assert desk.look(ticket).state is State.NEW
    act(staff).assign(ticket, assignee_id=colleague.id)
    act(staff).assign(ticket, assignee_id=None)
    assert desk.look(ticket).assignee_id is None
    assert kinds(desk, ticket) == [EntryKind.FILED, EntryKind.ASSIGNED, EntryKind.ASSIGNED]
    for who in (outsider, gone, desk.person(Role.SUPPORTER)):
        with unchanged(RefusedError):
            act(staff).assign(ticket, assignee_id=who.id)


def test_giving_it_to_oneself_is_taking_it(desk, act):
    staff, ticket = desk.person(Role.SUPPORTER), desk.ticket()

    act(staff).assign(ticket, assignee_id=staff.id)

    assert (desk.look(ticket).state, kinds(desk, ticket)[-1]) == (State.OPEN, EntryKind.TAKEN)


def test_moving_leaves_it_to_the_new_team_to_take_it(desk, act, unchanged):
    staff = desk.person(Role.SUPPORTER)
    desk.team([staff], is_first_line=True)
    network, closed, gone = desk.team(), desk.team(is_closed=True), desk.team(is_active=False)
    elsewhere = desk.team(customer=desk.customer())
    ticket = desk.ticket(State.OPEN, assignee=staff)

    act(staff).move(ticket, team_id=network.id)
    act(staff).move(ticket, team_id=network.id)

    assert (desk.look(ticket).team_id, desk.look(ticket).assignee_id) == (network.id, None)
    assert kinds(desk, ticket).count(EntryKind.MOVED) == 1
    for team in (closed, gone, elsewhere):
        with unchanged(RefusedError):
            act(staff).move(ticket, team_id=team.id)


def test_a_secret_ticket_moves_between_closed_teams_only(desk, act, unchanged):
    staff = desk.person(Role.SUPPORTER)
    first = desk.team([staff], is_closed=True, receives_confidential=True)
    second, open_ = desk.team(is_closed=True), desk.team()
    ticket = desk.ticket(secrecy=Secrecy.CONFIDENTIAL)

    with unchanged(RefusedError):
        act(staff).move(ticket, team_id=open_.id)
    act(staff).move(ticket, team_id=second.id)

    assert desk.look(ticket).team_id == second.id != first.id
    with unchanged(NotFoundError):  # it is that team's now
        act(staff).note(ticket, body="Hov")


def test_a_change_is_told_as_before_and_after_and_only_when_it_is_one(desk, act):
    staff, system = desk.person(Role.SUPPORTER), desk.system()
    ticket = desk.ticket()

    act(staff).change(ticket, kind=Kind.INCIDENT, impact=Level.LOW, urgency=Level.MEDIUM)
    assert desk.look(ticket).version == 1
    act(staff).change(ticket, kind=Kind.REQUEST, impact=Level.HIGH, urgency=Level.HIGH, system_id=system.id)
    act(staff).change(ticket, without_system=True, subject="Ny  printer")

    first, second = desk.journal(ticket)[-2:]
    assert first.data == {
        "kind": ["incident", "request"],
        "impact": ["low", "high"],
        "urgency": ["medium", "high"],
        "priority": [4, 1],
        "system_id": [None, system.id],
    }
    assert second.data == {"subject": ["Printeren skriver kun striber", "Ny printer"], "system_id": [system.id, None]}
    assert desk.look(ticket).priority is Priority.CRITICAL


def test_a_change_to_what_does_not_exist_or_says_nothing_is_refused(desk, act, unchanged):
    staff, ticket = act(desk.person(Role.SUPPORTER)), desk.ticket()
    others = desk.system(customer=desk.customer())

    with unchanged(RefusedError):
        staff.change(ticket, system_id=others.id, urgency=Level.HIGH)
    with unchanged(RefusedError):
        staff.change(ticket, subject=" ")
    with unchanged(RefusedError):
        staff.change(ticket, subject="x" * (MAX_SUBJECT + 1))


def test_a_ticket_made_secret_leaves_its_people_for_the_closed_team(desk, act, unchanged):
    user, staff, hr = desk.person(), desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    closed = desk.team([hr], is_closed=True, receives_confidential=True)
    ticket = desk.ticket(State.OPEN, by=user, assignee=staff)

    act(staff).classify(ticket, secrecy=Secrecy.CONFIDENTIAL)

    looked = desk.look(ticket)
    assert (looked.secrecy, looked.team_id, looked.assignee_id) == (Secrecy.CONFIDENTIAL, closed.id, None)
    with unchanged(NotFoundError):
        act(staff).note(ticket, body="Hov")
    act(user).reply(ticket, body="Jeg kan stadig skrive.")
    act(hr).classify(ticket, secrecy=Secrecy.ORDINARY)
    assert desk.look(ticket).team_id is None
    act(staff).take(ticket)


def test_a_secret_ticket_is_made_ordinary_and_goes_to_the_first_line(desk, act):
    hr = desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_security=True)
    desk.team()
    first_line = desk.team(is_first_line=True)
    ticket = desk.ticket(secrecy=Secrecy.SECURITY)

    act(hr).classify(ticket, secrecy=Secrecy.ORDINARY)

    assert desk.look(ticket).team_id == first_line.id


def test_a_ticket_is_not_made_secret_where_nobody_may_see_it(desk, act, unchanged):
    staff, open_ = desk.person(Role.SUPPORTER), desk.team()
    ticket = desk.ticket()

    with unchanged(RefusedError):
        act(staff).classify(ticket, secrecy=Secrecy.SECURITY)
    desk.team(is_closed=True)
    with unchanged(RefusedError):
        act(staff).classify(ticket, secrecy=Secrecy.SECURITY, team_id=open_.id)


def test_what_has_ended_can_still_be_made_secret_but_not_laid_open(desk, act, unchanged):
    staff = desk.person(Role.SUPPORTER)
    desk.team([staff], is_closed=True, receives_confidential=True)
    ticket = desk.ticket(State.CLOSED)

    act(staff).classify(ticket, secrecy=Secrecy.CONFIDENTIAL)

    with unchanged(MoveRefusedError):
        act(staff).classify(ticket, secrecy=Secrecy.ORDINARY)


# ------------------------------------------------------------------------------------------ treading on toes, and time


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


def test_a_secret_ticket_that_is_looked_up_leaves_a_line_and_an_ordinary_one_does_not(desk, act):
    from servicedesk.core.audit import AuditLine

    hr = desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_confidential=True)
    secret, ordinary = desk.ticket(secrecy=Secrecy.CONFIDENTIAL), desk.ticket()

    act(hr).note_lookup(secret)
    act(hr).note_lookup(ordinary)

    [line] = desk.all(AuditLine, action="ticket_looked_up")
    assert (line.subject_kind, line.subject_id, line.by_id, line.customer_id) == ("ticket", secret, hr.id, desk.home.id)


# ------------------------------------------------------------------------------------------ what it costs


def test_the_number_of_questions_to_the_database_is_known(app, desk, act, queries):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    desk.team([staff], is_first_line=True)
    system = desk.system()
    filer, worker = act(user), act(staff)
    with queries() as asked:
        ticket = filer.file(system_id=system.id, form_id="formular")
    assert len(asked) <= 12
    allowed = {
        "take": (lambda: worker.take(ticket), 5),
        "reply": (lambda: worker.reply(ticket, body="Hej"), 9),
        "user's reply": (lambda: filer.reply(ticket, body="Hej"), 9),
        "note": (lambda: worker.note(ticket, body="Hm"), 5),
        "change": (lambda: worker.change(ticket, urgency=Level.HIGH), 6),
        "wait": (lambda: worker.wait_for_user(ticket, body="Hvad?"), 9),
        "resolve": (lambda: worker.resolve(ticket, solution="Ok", cause=Cause.FAULT), 9),
        "confirm": (lambda: filer.confirm(ticket), 5),
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
