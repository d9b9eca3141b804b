"""Why a clock shows what it shows: on a page, on the command line and for scripts."""

import json
from itertools import pairwise

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.workflow import Cause
from tests.agreements_made import agree


@pytest.fixture
def user(desk):
    return desk.person(name="Mette Holm")


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))


@pytest.fixture
def ticket(desk, act, at, user, supporter):
    """Filed on Maundy Thursday's eve, on hold over a night, reopened after Easter."""
    agree(desk, "A", response="4 hours", resolution="8 hours")
    at("2026-04-01 10:00")
    number = act(user).file()
    at("2026-04-01 11:00")
    act(supporter).wait_for_user(number, body="Hvilken?")
    at("2026-04-01 13:00")
    act(user).reply(number, body="Den blå.")
    at("2026-04-07 09:00")
    return number


def explained(app, number):
    answer = app.test_cli_runner().invoke(args=["sla", "explain", str(number), "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_page(browse, user, ticket):
    page = browse(user).get(f"/tickets/{ticket}/clocks").text

    assert "Oprettet onsdag 1. apr. 10.00." in page
    assert "Målet er 8 timer i åbningstiden “Åbningstid A”." in page
    assert "Den har været på hold i 2 timer af åbningstiden." in page
    assert "På hold: Afventer bruger" in page
    assert "Skærtorsdag" in page
    assert "Langfredag" in page
    assert "weekend" in page
    assert "Derfor er fristen tirsdag 7. apr. 12.00." in page


def test_a_pause_at_night_moves_nothing(desk, act, at, user, supporter, browse):
    agree(desk, "A", resolution="8 hours")
    at("2026-03-02 10:00")
    number = act(user).file()
    at("2026-03-02 17:00")
    act(supporter).wait_for_user(number, body="Hvilken?")
    at("2026-03-02 20:00")
    act(user).reply(number, body="Den blå.")

    page = browse(user).get(f"/tickets/{number}/clocks").text
    assert "Den har kun været på hold uden for åbningstiden. Det flytter ingenting." in page
    assert "Derfor er fristen tirsdag 3. mar. 10.00." in page


def test_working_days_are_told_as_days(desk, act, at, user, browse):
    agree(desk, "R", resolution="1 working day")
    at("2026-03-06 10:00")
    number = act(user).file()

    page = browse(user).get(f"/tickets/{number}/clocks").text
    assert "Målet er 1 arbejdsdag" in page
    assert "Arbejdsdage tælles som dage, ikke som timer" in page
    assert "Derfor er fristen mandag 9. mar. 10.00." in page


def test_the_night_before_it_begins_is_told(desk, act, at, user, supporter, browse):
    agree(desk, "A", resolution="2 hours", update="2 hours")
    at("2026-03-02 20:00")
    number = act(user).file()
    act(supporter).reply(number, body="Vi ser på det.")

    page = browse(user).get(f"/tickets/{number}/clocks").text
    assert "Det var uden for åbningstiden, så der tælles fra tirsdag 3. mar. 08.00." in page
    assert "Tid til næste svar" not in page


def test_only_for_those_who_may_read_the_ticket(desk, browse, ticket):
    assert browse(desk.person()).get(f"/tickets/{ticket}/clocks").status_code == 404


def test_without_an_agreement(desk, browse, user):
    number = desk.ticket(by=user)
    assert "Ingen ure går for henvendelsen" in browse(user).get(f"/tickets/{number}/clocks").text


def test_for_scripts(app, desk, ticket):
    told = explained(app, f"SD-{ticket}")
    clock = next(one for one in told["clocks"] if one["name"] == "resolution")

    assert told["number"] == f"SD-{ticket}"
    assert clock["target"] == "8 hours"
    assert clock["due_at"] == "2026-04-07T10:00:00Z"
    assert clock["state"] == "running"
    assert clock["elapsed"] == "PT5H"
    assert clock["paused"] == "PT2H"
    first, *_, last = clock["segments"]
    assert first == {
        "start": "2026-04-01T08:00:00Z",
        "end": "2026-04-01T09:00:00Z",
        "counted": True,
        "why": "open",
        "state": "new",
        "open": "PT1H",
    }
    assert last["end"] == "2026-04-07T07:00:00Z"
    assert {one["why"] for one in clock["segments"]} == {"open", "closed", "paused"}


def test_segments_adjoin_and_add_up(app, desk, act, at, ticket, supporter, user):
    at("2026-04-08 10:00")
    act(supporter).resolve(ticket, solution="Ny.", cause=Cause.FAULT)
    at("2026-04-09 10:00")
    act(user).reopen(ticket, reason="Nej.")
    at("2026-04-09 12:00")
    clock = next(one for one in explained(app, ticket)["clocks"] if one["name"] == "resolution")

    assert clock["state"] == "breached"
    pieces = clock["segments"]
    assert all(one["end"] == following["start"] for one, following in pairwise(pieces))
    assert clock["due_at"] in {one["end"] for one in pieces}


def test_for_people_on_a_terminal(app, ticket):
    answer = app.test_cli_runner().invoke(args=["sla", "explain", str(ticket)])

    assert answer.exit_code == 0
    assert "resolution: running, target 8 hours" in answer.output
    assert "on hold: waiting_user" in answer.output
    assert "due Tue 2026-04-07 12:00" in answer.output


@pytest.mark.parametrize("number", ["SD-999999", "hest", "99999999999999999"])
def test_no_such_ticket(app, number):
    answer = app.test_cli_runner().invoke(args=["sla", "explain", number])

    assert answer.exit_code == 1
    assert answer.stderr == f"There is no ticket {number}.\n"
    assert answer.stdout == ""
