"""How long things took: noted where the customer wants it, never shown to users."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.errors import RefusedError
from servicedesk.organisation.models import CustomerSettings
from servicedesk.tickets.workflow import Cause


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))


@pytest.fixture
def counting(desk):
    desk.add(CustomerSettings(customer_id=desk.home.id, counts_minutes=True))


def test_minutes_are_kept_and_added_up_for_staff_alone(desk, browse, act, supporter, counting):
    user = desk.person()
    ticket = desk.ticket(by=user)
    act(supporter).reply(ticket, body="Vi ser på det", minutes=5)
    act(supporter).note(ticket, body="Ringede", minutes=7)
    act(supporter).resolve(ticket, solution="Ny toner", cause=Cause.FAULT, minutes=30)

    assert "42 minutter" in browse(supporter).get(f"/tickets/{ticket}").text
    assert "minutter" not in browse(user).get(f"/tickets/{ticket}").text


def test_the_field_is_there_when_it_is_asked_for(desk, browse, supporter):
    ticket = desk.ticket()
    assert 'name="minutes"' not in browse(supporter).get(f"/tickets/{ticket}").text

    desk.add(CustomerSettings(customer_id=desk.home.id, counts_minutes=True))
    assert 'name="minutes"' in browse(supporter).get(f"/tickets/{ticket}").text


def test_where_nobody_counts_nothing_is_kept(desk, act, supporter):
    ticket = desk.ticket()
    act(supporter).reply(ticket, body="Vi ser på det", minutes=5)

    assert "minutes" not in desk.journal(ticket)[-1].data


@pytest.mark.parametrize("minutes", [-1, 1_441, 10**9])
def test_no_day_has_more(desk, act, unchanged, supporter, counting, minutes):
    ticket = desk.ticket()
    with unchanged(RefusedError):
        act(supporter).reply(ticket, body="Vi ser på det", minutes=minutes)


@pytest.mark.parametrize("typed", ["-1", "1441", "ti", "1.5", "9" * 40])
def test_what_is_no_number_of_minutes_is_asked_for_again(desk, browse, supporter, counting, typed):
    ticket = desk.ticket()

    answer = browse(supporter).post(f"/tickets/{ticket}/entries", data={"body": "Vi ser på det", "minutes": typed})

    assert answer.status_code == 422
    assert "Skriv minutterne som et helt tal fra 0 til 1440." in answer.text
    assert "Vi ser på det" in answer.text


def test_a_user_cannot_say_how_long_it_took(desk, browse, counting):
    user = desk.person()
    ticket = desk.ticket(by=user)
    browse(user).post(f"/tickets/{ticket}/entries", data={"body": "Haster", "minutes": "600"})

    assert "minutes" not in desk.journal(ticket)[-1].data


def test_a_manager_turns_it_on(desk, browse):
    manager = desk.person(Role.SERVICEDESK_MANAGER)
    browser = browse(manager)
    assert browser.get("/admin/settings").status_code == 200

    browser.post(f"/admin/settings/{desk.home.id}", data={"counts_minutes": "1"})
    assert desk.get(CustomerSettings, desk.home.id).counts_minutes

    there = desk.customer()
    assert browser.post(f"/admin/settings/{there.id}", data={"counts_minutes": "1"}).status_code == 404
    assert browse(desk.person(Role.SUPPORTER)).get("/admin/settings").status_code == 404
