"""Colleagues who are named in a note: found by what is typed, told of it, and only if they may read it."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.notifications.models import Notice
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import Secrecy, State


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, name="Lene Krogh", initials="lekr")


@pytest.fixture
def colleague(desk):
    return desk.person(Role.SUPPORTER, name="Jonas Lind", initials="joli")


@pytest.fixture
def ticket(desk, supporter):
    return desk.ticket(State.OPEN, assignee=supporter)


def note(browser, ticket, body="Kan du se på den?", **more):
    return browser.post(f"/tickets/{ticket}/entries", data={"body": body, "visibility": "internal", **more})


def notes(desk, ticket):
    return [entry for entry in desk.journal(ticket) if entry.kind is EntryKind.NOTED]


@pytest.mark.parametrize("how", ["mentions", "tell"])
def test_a_colleague_is_told_and_offered_to_follow(desk, browse, supporter, colleague, ticket, how):
    note(browse(supporter), ticket, **{how: str(colleague.id) if how == "mentions" else "JOLI"})

    (entry,) = notes(desk, ticket)
    assert entry.data["mentions"] == [colleague.id]
    (notice,) = desk.all(Notice, person_id=colleague.id)
    assert notice.event == "ticket_mentioned"
    assert "Lene Krogh har nævnt dig i en intern note" in browse(colleague).get("/notices").text
    page = browse(colleague).get(f"/tickets/{ticket}").text
    assert "skrev en intern note til Jonas Lind" in page
    assert "En kollega har nævnt dig" in page
    browse(colleague).post(f"/tickets/{ticket}/followers")
    assert "En kollega har nævnt dig" not in browse(colleague).get(f"/tickets/{ticket}").text


def test_who_may_not_read_the_note_is_refused_before_anything_is_saved(desk, browse, supporter, ticket):
    outsider = desk.person(name="Ole Udenfor")

    page = note(browse(supporter), ticket, mentions=str(outsider.id))

    assert page.status_code == 422
    assert "Ole Udenfor kan ikke læse interne noter" in page.text
    assert "Kan du se på den?" in page.text
    assert notes(desk, ticket) == []
    assert desk.count(Notice, person_id=outsider.id) == 0


def test_whom_one_may_not_know_of_is_nobody(desk, browse, supporter, ticket):
    abroad = desk.person(Role.SUPPORTER, unit=desk.customer(), name="Frida Fremmed")

    page = note(browse(supporter), ticket, mentions=str(abroad.id))

    assert page.status_code == 422
    assert "Frida" not in page.text


@pytest.mark.parametrize(
    "many", [{"mentions": ",".join(map(str, range(1, 40)))}, {"tell": "findes-ikke"}, {"mentions": "1,2;3"}]
)
def test_nonsense_is_refused(desk, browse, supporter, ticket, many):
    assert note(browse(supporter), ticket, **many).status_code == 422
    assert notes(desk, ticket) == []


def test_an_answer_to_the_user_mentions_nobody(desk, browse, supporter, colleague, ticket):
    page = note(browse(supporter), ticket, visibility="public", mentions=str(colleague.id))

    assert page.status_code == 422
    assert "kun få besked om en intern note" in page.text


def suggested(browser, ticket, q):
    return [item["label"] for item in browser.get(f"/tickets/{ticket}/colleagues", query_string={"q": q}).json["items"]]


def test_suggested_are_those_who_may_read_it(desk, browse, supporter, colleague, ticket):
    desk.person(name="Jonas Medarbejder")
    desk.person(Role.SUPPORTER, unit=desk.customer(), name="Jonas Fremmed")
    desk.person(Role.SUPERBRUGER, over=desk.unit(), name="Jonas Superbruger")
    desk.person(Role.SUPPORTER, name="Jonas Væk", is_active=False)

    assert suggested(browse(supporter), ticket, "jon") == ["Jonas Lind"]
    assert suggested(browse(supporter), ticket, "joli") == ["Jonas Lind"]
    assert suggested(browse(supporter), ticket, "lene") == []


def test_on_a_secret_ticket_only_its_team_is_suggested(desk, browse, supporter, colleague):
    team = desk.team(is_closed=True, receives_confidential=True)
    desk.team(is_first_line=True)
    member = desk.person(Role.SUPPORTER, team=team, name="Jonas Tavs")
    another = desk.person(Role.SUPPORTER, team=team, name="Ane Tavs")
    secret = desk.ticket(secrecy=Secrecy.CONFIDENTIAL)

    assert suggested(browse(another), secret, "jonas") == ["Jonas Tavs"]
    assert note(browse(another), secret, mentions=str(colleague.id)).status_code == 422
    assert note(browse(another), secret, mentions=str(member.id)).status_code == 303
    (notice,) = desk.all(Notice, person_id=member.id, event="ticket_mentioned")
    assert notice.facts == {}


@pytest.mark.parametrize("q", ["", "%", "_", "*", " "])
def test_wildcards_are_signs(browse, supporter, colleague, ticket, q):
    """A012"""
    assert suggested(browse(supporter), ticket, q) == []


def test_no_more_than_twenty_are_suggested_in_few_questions(desk, browse, queries, supporter, ticket):
    """A012"""
    for number in range(30):
        desk.person(Role.SUPPORTER, name=f"Jens Nummer {number}")
    browser = browse(supporter)
    with queries() as asked:
        assert len(suggested(browser, ticket, "jens")) == 20
    assert len(asked) <= 9


def test_suggestions_are_for_those_who_read_notes(desk, browse, ticket):
    assert browse(desk.look(ticket).filer_id).get(f"/tickets/{ticket}/colleagues?q=jo").status_code == 403
    assert browse(desk.person()).get(f"/tickets/{ticket}/colleagues?q=jo").status_code == 404
