"""Working through a list: where a ticket stands in it, and the next one when this one is done."""

import re
from urllib.parse import quote_plus

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.models import WorkHabit
from servicedesk.tickets.workflow import Level, Secrecy, State

SOLVED = {"solution": "Genstartet", "cause": "fault"}


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True)


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team)


@pytest.fixture
def three(desk):
    return [desk.ticket(subject=f"Nummer {number}") for number in (1, 2, 3)]


def place(page):
    found = re.search(r"(\d+\+?) af (\d+\+?) på listen", page)
    return found.groups() if found else None


@pytest.mark.parametrize(
    ("view", "order"),
    [
        ("", (0, 1, 2)),
        ("sort=due", (0, 1, 2)),
        ("sort=filed", (0, 1, 2)),
        ("sort=-filed", (2, 1, 0)),
        ("sort=updated", (0, 1, 2)),
        ("sort=-updated", (2, 1, 0)),
    ],
)
def test_the_strip_shows_the_place_and_the_neighbours(browse, supporter, three, view, order):
    first, middle, last = (three[at] for at in order)
    browser = browse(supporter)

    page = browser.get(f"/tickets/{middle}?from={quote_plus(view)}").text
    assert place(page) == ("2", "3")
    assert f'href="/tickets/{first}?from={quote_plus(view)}" rel="prev"' in page
    assert f'href="/tickets/{last}?from={quote_plus(view)}" rel="next"' in page
    assert 'rel="prev"' not in browser.get(f"/tickets/{first}?from={quote_plus(view)}").text
    assert 'rel="next"' not in browser.get(f"/tickets/{last}?from={quote_plus(view)}").text


def test_the_list_is_the_view(desk, browse, supporter, three):
    urgent = desk.ticket(impact=Level.HIGH, urgency=Level.HIGH)

    assert place(browse(supporter).get(f"/tickets/{urgent}?from=priority%3D1").text) == ("1", "1")
    assert place(browse(supporter).get(f"/tickets/{three[0]}?from=priority%3D1").text) is None


def test_resolved_and_on_to_the_next(desk, browse, supporter, three):
    browser = browse(supporter)

    answer = browser.post(f"/tickets/{three[0]}/solution?from=", data={**SOLVED, "then": "next"})

    assert answer.location == f"/tickets/{three[1]}?from=#main"
    page = browser.get(answer.location).text
    assert f"SD-{three[0]} er løst" in page
    assert "Næste: Nummer 2" in page
    assert f"Tilbage til SD-{three[0]}" in page


def test_the_choice_is_remembered(desk, browse, supporter, three):
    browser = browse(supporter)
    browser.post(f"/tickets/{three[0]}/solution?from=", data={**SOLVED, "go_on_asked": "1", "go_on": "1"})
    assert desk.get(WorkHabit, supporter.id).goes_on

    answer = browser.post(f"/tickets/{three[1]}/solution?from=", data=SOLVED)
    assert answer.location == f"/tickets/{three[2]}?from=#main"

    answer = browser.post(f"/tickets/{three[2]}/solution?from=", data={**SOLVED, "go_on_asked": "1"})
    assert answer.location == f"/tickets/{three[2]}?from="
    assert not desk.get(WorkHabit, supporter.id).goes_on


def test_after_the_last_comes_the_list(browse, supporter, three):
    browser = browse(supporter)

    answer = browser.post(f"/tickets/{three[2]}/solution?from=sort%3Dfiled", data={**SOLVED, "then": "next"})

    assert answer.location == "/queue?sort=filed#main"
    assert "Det var den sidste på listen." in browser.get(answer.location).text


def test_passed_on_and_on_to_the_next(desk, browse, supporter, three):
    other = desk.team()
    desk.add(WorkHabit(person_id=supporter.id, goes_on=True))

    answer = browse(supporter).post(f"/tickets/{three[0]}/team?from=", data={"team": other.id})

    assert answer.location == f"/tickets/{three[1]}?from=#main"


def test_whoever_came_from_no_list_stays(browse, supporter, three):
    answer = browse(supporter).post(f"/tickets/{three[0]}/solution", data={**SOLVED, "then": "next"})

    assert answer.location == f"/tickets/{three[0]}"


def test_a_refusal_goes_nowhere(desk, browse, supporter, three):
    answer = browse(supporter).post(f"/tickets/{three[0]}/solution?from=", data={"solution": "x", "then": "next"})

    assert answer.status_code == 422
    assert f'action="/tickets/{three[0]}/solution?from="' in answer.text
    assert desk.look(three[0]).state is State.NEW


@pytest.mark.parametrize(
    "nonsense",
    [
        "//evil.dk",
        "sort=%00",
        "%0d%0aSet-Cookie:x",
        "state=" + "new%26state=" * 200,
        "x" * 5_000,
        "team=javascript:alert(1)",
    ],
)
def test_nonsense_leads_to_no_other_site(browse, supporter, three, nonsense):
    browser = browse(supporter)

    assert browser.get(f"/tickets/{three[0]}?from={nonsense}").status_code == 200
    answer = browser.post(f"/tickets/{three[0]}/solution?from={nonsense}", data={**SOLVED, "then": "next"})
    assert answer.location.startswith(("/tickets/", "/queue"))


def test_a_subject_is_shown_as_text(desk, browse, supporter):
    first = desk.ticket()
    desk.ticket(subject="<script>alert(1)</script>")
    browser = browse(supporter)
    answer = browser.post(f"/tickets/{first}/solution?from=", data={**SOLVED, "then": "next"})

    assert "<script>alert" not in browser.get(answer.location).text


def test_nobody_is_led_to_what_he_may_not_see(desk, browse, supporter, three):
    desk.team(is_closed=True, receives_confidential=True)
    desk.ticket(secrecy=Secrecy.CONFIDENTIAL, impact=Level.HIGH, urgency=Level.HIGH)

    assert place(browse(supporter).get(f"/tickets/{three[0]}?from=").text) == ("1", "3")


def test_a_user_has_no_list(desk, browse):
    user = desk.person()
    ticket = desk.ticket(by=user)

    assert "list-strip" not in browse(user).get(f"/tickets/{ticket}?from=").text


def test_the_strip_costs_two_queries(browse, queries, supporter, three):
    """Where it stands, and whether the person goes on by himself."""
    browser = browse(supporter)
    browser.get(f"/tickets/{three[0]}?from=")
    with queries() as plain:
        browser.get(f"/tickets/{three[0]}")
    with queries() as walking:
        browser.get(f"/tickets/{three[0]}?from=")

    assert len(walking) - len(plain) == 2


def test_the_queue_leads_into_its_list(browse, supporter, three):
    page = browse(supporter).get("/queue?sort=due").text

    assert f'/tickets/{three[0]}?from=sort%3Ddue"' in page
