"""A message that is another matter becomes a ticket of its own."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import NotAllowedError, NotFoundError, RefusedError
from servicedesk.notifications.models import OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.models import EntryKind, Link, Ticket, Visibility
from servicedesk.tickets.workflow import Kind, LinkKind, Secrecy, State


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))


def part(*seqs, **more):
    told = {"subject": "Ny skærm", "description": "> Og så flimrer skærmen", "kind": Kind.REQUEST, **more}
    return commands.Part(seqs=seqs, **told)


def test_a_message_becomes_a_ticket_of_its_own(desk, act, supporter):
    superbruger, affected = desk.person(Role.SUPERBRUGER), desk.person()
    system = desk.system()
    old = act(superbruger).file(affected_id=affected.id, system_id=system.id)
    act(superbruger).reply(old, body="Og så flimrer skærmen")

    new = act(supporter).split(old, part=part(2, system_id=system.id))

    made, looked = desk.look(new), desk.look(old)
    assert (made.subject, made.kind, made.state) == ("Ny skærm", Kind.REQUEST, State.NEW)
    assert (made.filer_id, made.affected_id) == (superbruger.id, affected.id)
    assert (made.customer_id, made.unit_id, made.system_id) == (looked.customer_id, looked.unit_id, system.id)
    assert desk.journal(new)[0].data["split_from"] == {"id": old, "number": f"SD-{old}", "seqs": [2]}
    split_off = desk.journal(old)[-2]
    assert (split_off.kind, split_off.visibility) == (EntryKind.SPLIT_OFF, Visibility.INTERNAL)
    assert (split_off.data["other_id"], split_off.data["seqs"]) == (new, [2])
    assert {(row.ticket_id, row.other_id, row.kind) for row in desk.all(Link)} == {
        (new, old, LinkKind.RELATED),
        (old, new, LinkKind.RELATED),
    }


def test_its_users_get_a_receipt_and_nobody_else(desk, act, supporter):
    user = desk.person()
    old = desk.ticket(by=user)
    before = desk.count(OutboxMail)

    act(supporter).split(old, part=part(1))

    assert [mail.person_id for mail in desk.all(OutboxMail)][before:] == [user.id]


def test_the_form_sent_twice_makes_one_ticket(desk, act, supporter):
    old = desk.ticket()
    made = {act(supporter).split(old, part=part(1, form_id="ab" * 16)) for _ in range(2)}

    assert len(made) == 1
    assert desk.count(Ticket) == 2


def test_a_note_never_becomes_what_a_user_reads(desk, act, unchanged, supporter):
    old = desk.ticket()
    act(supporter).note(old, body="Brugeren har glemt koden igen")

    with unchanged(RefusedError):
        act(supporter).split(old, part=part(1, 2))
    with unchanged(RefusedError):
        act(supporter).split(old, part=part())


def test_what_is_secret_stays_secret_and_in_its_team(desk, act):
    closed = desk.team(is_closed=True, receives_confidential=True)
    confidant = desk.person(Role.SUPPORTER, team=closed)
    old = desk.ticket(secrecy=Secrecy.CONFIDENTIAL)

    new = desk.look(act(confidant).split(old, part=part(1)))

    assert (new.secrecy, new.team_id) == (Secrecy.CONFIDENTIAL, closed.id)


def test_another_system_leads_to_its_team(desk, act, supporter):
    apps = desk.team()
    system = desk.system(team=apps)
    old = desk.ticket()

    assert desk.look(act(supporter).split(old, part=part(1, system_id=system.id))).team_id == apps.id


def test_only_who_works_on_it_may(desk, act, unchanged):
    user, stranger = desk.person(), desk.person()
    old = desk.ticket(by=user)

    with unchanged(NotAllowedError):
        act(user).split(old, part=part(1))
    with unchanged(NotFoundError):
        act(stranger).split(old, part=part(1))


def test_merging_back_undoes_it(desk, act, supporter):
    old = desk.ticket(by=desk.person())
    new = act(supporter).split(old, part=part(1))

    act(supporter).merge(new, into_id=old)

    assert (desk.look(new).state, desk.look(new).merged_into_id) == (State.CLOSED, old)
