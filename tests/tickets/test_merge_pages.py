"""Merging, shown before it is done and while it can be undone; splitting through the page."""

from io import BytesIO

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.models import Attachment, Ticket
from servicedesk.tickets.workflow import Kind, State


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True), name="Lene Krogh")


def test_the_preview_says_what_happens_and_does_nothing(desk, browse, supporter):
    mette, ole = desk.person(name="Mette Holm"), desk.person(name="Ole Kjær")
    kept, gone = desk.ticket(by=ole, subject="Netværk nede"), desk.ticket(by=mette, subject="Intet net")

    page = browse(supporter).get(f"/tickets/{gone}/merge?number=SD-{kept}").text

    assert "Netværk nede" in page
    assert f"De kommer til at følge SD-{kept}: Mette Holm." in page
    assert "De får besked om det: Mette Holm." in page
    assert f"/tickets/{kept}/merge?number=SD-{gone}" in page  # the other way around
    assert desk.look(gone).merged_into_id is None


def test_the_form_on_the_ticket_leads_to_the_preview(desk, browse, supporter):
    kept, gone = desk.ticket(), desk.ticket()

    answer = browse(supporter).post(f"/tickets/{gone}/merge/choice", data={"number": f"SD-{kept}"})

    assert answer.status_code == 303
    assert answer.location.endswith(f"/tickets/{gone}/merge?number=SD-{kept}")


def test_what_cannot_be_merged_says_why_and_has_no_button(desk, browse, supporter):
    done, ticket = desk.ticket(State.CLOSED), desk.ticket()

    page = browse(supporter).get(f"/tickets/{ticket}/merge?number={done}").text

    assert "De kan ikke lægges sammen på den måde" in page
    assert f'action="/tickets/{ticket}/merge"' not in page


@pytest.mark.parametrize("number", ["SD-999999", "nonsens", "0", "9" * 30])
def test_a_number_that_leads_nowhere_is_asked_for_again(desk, browse, supporter, number):
    ticket = desk.ticket()

    answer = browse(supporter).get(f"/tickets/{ticket}/merge?number={number}")

    assert answer.status_code == 422
    assert "Vi kan ikke finde en henvendelse med det nummer." in answer.text


def test_another_customers_ticket_is_as_good_as_none(desk, browse, supporter):
    ticket, theirs = desk.ticket(), desk.ticket(by=desk.person(unit=desk.customer()), subject="Hemmeligt emne")

    answer = browse(supporter).get(f"/tickets/{ticket}/merge?number={theirs}")

    assert answer.status_code == 422
    assert "Hemmeligt emne" not in answer.text


def test_both_tickets_tell_who_merged_them_and_let_it_be_undone(desk, browse, supporter):
    kept, gone = desk.ticket(), desk.ticket()
    browser = browse(supporter)
    browser.post(f"/tickets/{gone}/merge", data={"number": f"SD-{kept}"})

    for address in (f"/tickets/{kept}", f"/tickets/{gone}?merged=1"):
        page = browser.get(address).text
        assert "Lene Krogh" in page
        assert f"/tickets/{gone}/actions/undo-merge" in page
    browser.post(f"/tickets/{gone}/actions/undo-merge")
    assert desk.look(gone).merged_into_id is None


def test_a_user_has_no_preview(desk, browse):
    user = desk.person()
    one, other = desk.ticket(by=user), desk.ticket(by=user)

    assert browse(user).get(f"/tickets/{one}/merge?number={other}").status_code == 403
    assert browse(desk.person()).get(f"/tickets/{one}/merge?number={other}").status_code == 404


# ------------------------------------------------------------------------------------------ splitting


def picture():
    return (BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(64)), "skærm.png")


def test_a_message_and_its_files_become_a_ticket(desk, browse, supporter):
    user = desk.person(name="Mette Holm")
    old = desk.ticket(by=user)
    browse(user).post(f"/tickets/{old}/entries", data={"body": "Og skærmen flimrer", "files": picture()})
    browser = browse(supporter)

    page = browser.get(f"/tickets/{old}/split?entry=2").text
    assert "&gt; Og skærmen flimrer" in page
    answer = browser.post(
        f"/tickets/{old}/split",
        data={"subject": "Skærm", "description": "> Og skærmen flimrer", "entry": "2", "kind": "incident"},
    )

    new = desk.all(Ticket)[-1].id
    assert answer.location.endswith(f"/tickets/{new}")
    assert desk.look(new).kind is Kind.INCIDENT
    first, copied = desk.all(Attachment)
    assert (copied.ticket_id, copied.seq, copied.name, copied.sha256) == (new, 1, "skærm.png", first.sha256)
    assert copied.stored_name != first.stored_name
    with browse(user).get(f"/tickets/{new}/attachments/{copied.id}") as fetched:
        assert fetched.status_code == 200
    assert f"lavede henvendelsen ud fra SD-{old}" in browser.get(f"/tickets/{new}").text


def test_a_note_is_not_offered(desk, browse, act, supporter):
    old = desk.ticket()
    act(supporter).note(old, body="Han ringer hver dag")

    page = browse(supporter).get(f"/tickets/{old}/split?entry=2").text
    assert "Han ringer hver dag" not in page
    refused = browse(supporter).post(
        f"/tickets/{old}/split", data={"subject": "S", "description": "D", "entry": "2", "kind": "incident"}
    )
    assert refused.status_code == 422
    assert desk.count(Ticket) == 1


def test_the_text_of_other_messages_is_fetched_without_losing_the_rest(desk, browse, supporter):
    old = desk.ticket(description="Først det ene")
    browse(supporter).post(f"/tickets/{old}/entries", data={"body": "Så det andet"})

    page = (
        browse(supporter)
        .post(f"/tickets/{old}/split/quote", data={"subject": "Mit emne", "entry": ["1", "2"], "kind": "request"})
        .text
    )

    assert "Mit emne" in page
    assert "&gt; Først det ene" in page
    assert "&gt; Så det andet" in page


def test_users_do_not_split(desk, browse):
    user = desk.person()
    ticket = desk.ticket(by=user)

    assert browse(user).get(f"/tickets/{ticket}/split").status_code == 403
    assert browse(desk.person()).get(f"/tickets/{ticket}/split").status_code == 404
