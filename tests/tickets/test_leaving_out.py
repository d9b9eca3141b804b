"""Whoever answers sees who is told, and can leave out anybody but whom the ticket is about."""

from datetime import timedelta

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.drafts.models import Draft, Sending
from servicedesk.notifications.models import Notice
from servicedesk.tickets import commands
from servicedesk.tickets.jobs import send_due
from servicedesk.tickets.workflow import State


@pytest.fixture
def now(at):
    return at("2026-03-02 10:00")


@pytest.fixture
def supporter(now, desk):
    return desk.person(Role.SUPPORTER, name="Lene Krogh")


@pytest.fixture
def mette(desk):
    return desk.person(name="Mette Holm")


@pytest.fixture
def karin(desk):
    return desk.person(name="Karin Bæk")


@pytest.fixture
def ticket(desk, supporter, mette, karin):
    ticket = desk.ticket(State.OPEN, by=mette, assignee=supporter)
    with desk.app.app_context():
        commands.follow(ticket, person_id=karin.id, by=desk.actor(mette), now=clock.now())
    return ticket


@pytest.fixture
def answer(browse, supporter, ticket):
    def answer(**more):
        fields = {"body": "Prøv igen.", "visibility": "public", **more}
        return browse(supporter).post(f"/tickets/{ticket}/entries", data=fields)

    return answer


def told(desk, event="ticket_answered"):
    return {notice.person_id for notice in desk.all(Notice, event=event)}


def test_each_receiver_but_the_one_it_is_about_has_a_box(browse, supporter, mette, karin, ticket):
    page = browse(supporter).get(f"/tickets/{ticket}").text
    assert f'name="leave_out_{karin.id}"' in page
    assert 'aria-label="Send ikke til Karin Bæk"' in page
    assert f'name="leave_out_{mette.id}"' not in page


@pytest.mark.parametrize(("then", "event"), [("", "ticket_answered"), ("wait", "ticket_asked")])
def test_who_is_left_out_hears_nothing_and_the_journal_says_so(
    desk, browse, supporter, mette, karin, ticket, answer, then, event
):
    answer(**{f"leave_out_{karin.id}": "1", "then": then})

    assert told(desk, event) == {mette.id}
    assert desk.journal(ticket)[-1].data["left_out"] == [karin.id]
    assert "Uden besked til Karin Bæk" in browse(supporter).get(f"/tickets/{ticket}").text
    assert "Uden besked" not in browse(mette).get(f"/tickets/{ticket}").text


def test_without_a_tick_all_are_told(desk, mette, karin, ticket, answer):
    answer()
    assert told(desk) == {mette.id, karin.id}
    assert "left_out" not in desk.journal(ticket)[-1].data


def test_the_next_answer_begins_with_all_again(desk, browse, supporter, karin, ticket, answer):
    answer(**{f"leave_out_{karin.id}": "1"})
    assert f'name="leave_out_{karin.id}" value="1" checked' not in browse(supporter).get(f"/tickets/{ticket}").text


@pytest.mark.parametrize("undo", ["", "1"], ids=["at once", "to be taken back"])
def test_whom_it_is_about_is_always_told(desk, mette, ticket, answer, undo):
    refused = answer(**{f"leave_out_{mette.id}": "1", "undo": undo})
    assert refused.status_code == 409 or refused.status_code == 422
    assert "får altid besked" in refused.text
    assert "Prøv igen." in refused.text
    assert not told(desk)


@pytest.mark.parametrize("name", ["leave_out_", "leave_out_0", "leave_out_x", "leave_out_-1", f"leave_out_{'9' * 40}"])
def test_nonsense_leaves_out_nobody(desk, mette, karin, answer, name):
    assert answer(**{name: "1"}).status_code == 303
    assert told(desk) == {mette.id, karin.id}


def test_somebody_who_would_not_hear_of_it_is_not_noted(desk, ticket, answer):
    stranger = desk.person(name="Fremmed", unit=desk.customer())
    answer(**{f"leave_out_{stranger.id}": "1"})
    assert "left_out" not in desk.journal(ticket)[-1].data


def test_it_outlives_the_ten_seconds(desk, now, mette, karin, answer):
    answer(undo="1", **{f"leave_out_{karin.id}": "1"})
    with desk.app.app_context():
        send_due(now + timedelta(seconds=11))
    assert told(desk) == {mette.id}


def test_taken_back_it_is_still_ticked(desk, browse, supporter, karin, ticket, answer):
    answer(undo="1", **{f"leave_out_{karin.id}": "1"})
    (sending,) = desk.all(Sending)
    browser = browse(supporter)
    browser.post(f"/tickets/{ticket}/sending/{sending.id}/undo")

    page = browser.get(f"/tickets/{ticket}").text

    assert 'value="1" aria-label="Send ikke til Karin Bæk" checked' in page
    assert "Send til Mette Holm<" in page


def test_a_draft_keeps_it(desk, browse, supporter, karin, ticket):
    browser = browse(supporter)
    browser.post(f"/drafts/ticket-{ticket}", data={"body": "Kladde", f"leave_out_{karin.id}": "1", "draft_version": 0})
    assert desk.all(Draft)[0].fields[f"leave_out_{karin.id}"] == "1"
    assert 'aria-label="Send ikke til Karin Bæk" checked' in browser.get(f"/tickets/{ticket}").text


def test_what_a_user_writes_reaches_whom_it_always_reached(desk, browse, supporter, mette, ticket):
    fields = {"body": "Virker stadig ikke", f"leave_out_{supporter.id}": "1"}
    browse(mette).post(f"/tickets/{ticket}/entries", data=fields)
    assert told(desk, "ticket_user_replied") == {supporter.id}


def test_a_note_has_no_such_thing(desk, karin, ticket, answer):
    answer(visibility="internal", **{f"leave_out_{karin.id}": "1"})
    assert "left_out" not in desk.journal(ticket)[-1].data
