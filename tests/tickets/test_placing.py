"""Whose a ticket is and what it is: taken, given, moved, changed, classified."""

from datetime import UTC, datetime, timedelta

from servicedesk.core.actor import Role
from servicedesk.core.errors import NotFoundError, RefusedError
from servicedesk.tickets.commands.writing import MAX_SUBJECT
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import Kind, Level, MoveRefusedError, Priority, Secrecy, State

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def kinds(desk, ticket):
    return [entry.kind for entry in desk.journal(ticket)]


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
