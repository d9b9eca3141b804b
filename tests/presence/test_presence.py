"""Who is at a ticket: told by its page, shown to those who work on it, forgotten within a minute."""

from datetime import timedelta

import pytest
import time_machine

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.presence import commands
from servicedesk.presence.models import Presence
from servicedesk.presence.queries import present


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True)


@pytest.fixture
def lene(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


@pytest.fixture
def jonas(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Jonas <b>Lind", initials="joli")


@pytest.fixture
def ticket(desk):
    return desk.ticket()


def beat(browser, ticket, **said):
    headers = {"HX-Request": "true", "X-Poll": "1"}
    return browser.open(
        f"/tickets/{ticket}/presence",
        method="POST",
        data={"csrf_token": browser.csrf_token(), **said},
        headers=headers,
    )


def test_two_at_one_ticket_know_of_each_other(browse, lene, jonas, ticket):
    hers, his = browse(lene), browse(jonas)
    assert beat(hers, ticket).text.strip() == ""
    assert "Lene Krogh kigger på den også" in beat(his, ticket, writing="1").text
    answer = beat(hers, ticket).text
    assert "Jonas &lt;b&gt;Lind skriver et svar" in answer
    assert "Lene" not in answer
    assert "Jonas &lt;b&gt;Lind skriver et svar" in hers.get(f"/tickets/{ticket}").text


def test_who_leaves_or_falls_silent_is_gone(desk, browse, lene, jonas, ticket):
    his = browse(jonas)
    seen = beat(his, ticket).headers["X-Seen"]
    assert "Jonas" in beat(browse(lene), ticket).text
    assert beat(his, ticket, leaving=seen).status_code == 204
    assert "Jonas" not in beat(browse(lene), ticket).text
    beat(his, ticket)
    with time_machine.travel(clock.now() + timedelta(seconds=46), tick=False):
        assert "Jonas" not in beat(browse(lene), ticket).text


def test_a_page_that_closes_does_not_take_along_the_one_that_came_after_it(browse, lene, jonas, ticket):
    his = browse(jonas)
    seen = beat(his, ticket).headers["X-Seen"]
    beat(his, ticket)
    for told in (seen, "nonsense", "9999-99-99"):
        assert beat(his, ticket, leaving=told).status_code == 204
    assert "Jonas" in beat(browse(lene), ticket).text


def test_nothing_piles_up(desk, browse, lene):
    browser = browse(lene)
    tickets = [desk.ticket() for _ in range(3)]
    for number, ticket in enumerate(tickets):
        with time_machine.travel(clock.now() + timedelta(minutes=number), tick=False):
            beat(browser, ticket)
    assert [row.ticket_id for row in desk.all(Presence)] == [tickets[-1]]


def test_the_user_and_strangers_see_and_say_nothing(desk, browse, lene, team):
    employee = desk.person()
    ticket = desk.ticket(by=employee)
    beat(browse(lene), ticket)
    assert "Lene Krogh kigger" not in browse(employee).get(f"/tickets/{ticket}").text
    assert beat(browse(employee), ticket).status_code == 404
    far = desk.customer()
    stranger = desk.person(Role.SUPPORTER, unit=far)
    assert beat(browse(stranger), ticket).status_code == 404
    assert beat(browse(), ticket).status_code == 401


def test_a_manager_sees_no_colleagues_in_the_queue(desk, browse, lene):
    manager = desk.person(Role.MANAGER)
    ticket = desk.ticket()
    beat(browse(lene), ticket)
    assert "Lene Krogh" not in browse(manager).get("/queue").text


def test_presence_is_asked_for_many_at_once(desk, app, lene, jonas, queries):
    by, other, now = desk.actor(lene), desk.actor(jonas), clock.now()
    with app.app_context():
        commands.be_at(1, by=by, is_writing=False, now=now)
        commands.be_at(1, by=other, is_writing=True, now=now)
        with queries() as asked:
            found = present([1, 2], now)
        assert present([], now) == {}
    assert [one.initials for one in found[1]] == ["joli", "lekr"]
    assert (list(found), len(asked)) == ([1], 1)


def test_it_does_not_keep_the_session_alive(desk, browse, lene, ticket):
    from servicedesk.signin.models import SignIn

    browser = browse(lene)
    seen = desk.all(SignIn)[0].seen_at
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert beat(browser, ticket).status_code == 200
    assert desk.all(SignIn)[0].seen_at == seen
