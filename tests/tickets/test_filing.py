"""Filing a ticket: what the service desk works out, the same form twice, and on behalf of somebody."""

from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import NotAllowedError, RefusedError
from servicedesk.tickets.commands import NewFile
from servicedesk.tickets.commands.writing import MAX_SUBJECT, MAX_TEXT
from servicedesk.tickets.models import Attachment, EntryKind, PriorityRule, Ticket, Visibility
from servicedesk.tickets.workflow import Kind, Level, Priority, Secrecy, State
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
