"""The search page."""

import re

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.workflow import Kind, Level, Secrecy


def found(page):
    """The tickets that a page lists, in order."""
    return [int(id_) for id_ in re.findall(r'ticket-card-link" href="/tickets/(\d+)"', page)]


@pytest.fixture
def search(browse, supporter):
    return lambda q, **others: browse(supporter).get("/search", query_string={"q": q, **others})


def test_words_and_fields_together(desk, search, caller):
    opus = desk.system("KMD Opus")
    hit = desk.ticket(by=caller, subject="Løn er forkert", system=opus)
    desk.ticket(by=caller, subject="Løn mangler")
    desk.ticket(by=caller, subject="Noget andet", system=opus)
    assert found(search('system:"KMD Opus" loen').text) == [hit]
    assert found(search('system:"KMD Opus" indmelder:aamo loen tilstand:åben').text) == [hit]
    assert found(search('system:"KMD Opus" tilstand:lukket').text) == []


def test_fields_alone_list_the_newest_first(desk, search, caller):
    made = [desk.ticket(by=caller, kind=Kind.REQUEST) for _ in range(3)]
    desk.ticket(by=caller, kind=Kind.INCIDENT)
    assert found(search("kind:request").text) == made[::-1]


def test_a_number_comes_first_and_may_be_typed_in_several_ways(desk, search, caller):
    hit = desk.ticket(by=caller, subject="Musen hakker")
    for typed in (f"SD-{hit}", f"sd{hit}", str(hit), f"#{hit}", f"number:{hit}"):
        assert found(search(typed).text) == [hit]


def test_people_and_systems_stand_above_the_tickets(desk, search, caller):
    desk.system("Møllers regnskab")
    page = search("møller").text
    assert "Åse Møller" in page
    assert "87 80 12 34" in page
    assert "Møllers regnskab" in page


def test_newest_first(desk, search, caller):
    made = [desk.ticket(by=caller, subject="Printer " * times) for times in (3, 1, 2)]
    assert found(search("printer", sort="newest").text) == made[::-1]
    assert sorted(found(search("printer").text)) == made


def test_pages(desk, search, caller):
    made = [desk.ticket(by=caller, subject="Printer") for _ in range(23)]
    first, second = (found(search("printer", sort="newest", page=page).text) for page in (1, 2))
    assert first + second == made[::-1]
    for page in ("0", "-1", "x", "99999999999999999999", "400"):
        assert search("printer", page=page).status_code == 200


def test_an_unknown_field_is_told_with_a_link_to_what_was_meant(search):
    page = search("statsu:open").text
    assert "Mente du “status:”?" in page
    assert "/search?q=status:open" in page


def test_the_hits_open_in_the_queue(desk, search, browse, supporter, caller):
    hit = desk.ticket(by=caller, subject="Løn er forkert")
    desk.ticket(by=caller, subject="Noget andet")
    [address] = re.findall(r'href="(/queue\?[^"]+)"', search("indmelder:aamo løn").text)
    page = browse(supporter).get(address.replace("&amp;", "&")).text
    assert f"/tickets/{hit}" in page
    assert "Noget andet" not in page


def test_words_of_notes_are_for_those_who_read_notes_in_the_queue_too(desk, browse, supporter, caller):
    from servicedesk.core import clock
    from servicedesk.tickets import commands

    ticket = desk.ticket(by=caller, subject="Løn er forkert")
    with desk.app.app_context():
        commands.note(ticket, by=desk.actor(supporter), body="kanariefugl", now=clock.now())
    manager = desk.person(Role.MANAGER)
    for person, sees in ((supporter, True), (manager, False)):
        for address in (
            "/queue?q=kanariefugl&show=all",
            "/search?q=kanariefugl",
            "/search?q=tilstand:alle+kanariefugl",
        ):
            page = browse(person).get(address).text
            assert bool(re.search(rf'href="/tickets/{ticket}["?]', page)) is sees, address


def test_a_secret_ticket_is_found_by_nobody_else(desk, browse, search, supporter, caller):
    desk.team(is_closed=True, receives_confidential=True)
    secret = desk.ticket(by=caller, subject="Personsag", secrecy=Secrecy.CONFIDENTIAL)
    for typed in ("personsag", f"SD-{secret}", "indmelder:aamo", f"number:{secret}", "tilstand:alle"):
        page = search(typed).text
        assert found(page) == []
        assert "Personsag" not in page
    assert found(browse(caller).get("/search?q=personsag").text) == [secret]


def test_an_employee_searches_own_tickets_by_words_and_has_no_fields(desk, browse, caller):
    mine = desk.ticket(by=caller, subject="Løn er forkert")
    desk.ticket(by=desk.person(), subject="Løn er forkert")
    assert found(browse(caller).get("/search?q=løn").text) == [mine]
    page = browse(caller).get("/search?q=indmelder:p1").text
    assert found(page) == []
    assert "Vis i køen" not in page
    assert "Personer" not in page


def test_as_somebody_types_only_what_was_found_is_answered(desk, browse, supporter, caller):
    hit = desk.ticket(by=caller, subject="Printer")
    answer = browse(supporter).get("/search?q=printer", headers={"HX-Request": "true"})
    assert found(answer.text) == [hit]
    assert "<html" not in answer.text
    assert answer.headers["HX-Replace-Url"] == "/search?q=printer"
    short = browse(supporter).get("/search?q=pr", headers={"HX-Request": "true"}).text
    assert "Skriv et par bogstaver mere" in short


def test_searches_are_remembered_newest_first_and_forgotten(desk, browse, supporter, caller):
    desk.ticket(by=caller, subject="Printer og skærm")
    browser = browse(supporter)
    for typed in ("printer", "skærm", "printer", "enhjørning"):
        browser.get("/search", query_string={"q": typed})
    browser.get("/search?q=printer", headers={"HX-Request": "true"})

    def remembered():
        return re.findall(r'class="recent-forget" name="q" value="([^"]+)"', browser.get("/search").text)

    assert remembered() == ["printer", "skærm"]
    browser.post("/recent/forget", data={"q": "printer"})
    assert remembered() == ["skærm"]
    browser.post("/recent/forget")
    assert remembered() == []
    assert "skærm" not in browse(desk.person(Role.SUPPORTER)).get("/search").text


@pytest.mark.parametrize(
    "typed",
    [
        "(a+)+$" * 10_000,
        "(" * 1_000,
        "%" * 300,
        "* OR 1=1",
        "status:" * 5_000,
        "\x00",
        "a" * 100_000,
        "😀" * 500,
        '"""',
    ],
    ids=["a pattern", "brackets", "wildcards", "an injection", "fields", "nothing", "long", "pictures", "quotes"],
)
def test_hostile_searches_are_answered(search, typed):
    assert search(typed[:60_000]).status_code == 200


@pytest.mark.parametrize("sort", ["password_hash", "(select 1)", "1", ";", "newest'"])
def test_another_order_is_the_usual_one(desk, search, caller, sort):
    made = [desk.ticket(by=caller, subject="Printer") for _ in range(3)]
    assert found(search("printer", sort=sort).text) == found(search("printer").text)
    assert len(made) == 3


def test_what_is_typed_comes_back_as_text(search):
    page = search('<script>alert(1)</script> sy"stem:<b>').text
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_levels(desk, search, caller):
    hit = desk.ticket(by=caller, impact=Level.HIGH, urgency=Level.HIGH)
    desk.ticket(by=caller, impact=Level.LOW, urgency=Level.LOW)
    assert found(search("prioritet:kritisk").text) == [hit]
