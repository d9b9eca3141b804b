"""The bell on every page, and the page that it opens."""

import re
from datetime import timedelta

import pytest

from servicedesk.notifications.models import Notice
from servicedesk.tickets import events

ANSWERED, RESOLVED = events.ANSWERED, events.RESOLVED


@pytest.fixture
def person(desk):
    return desk.person()


def bell_of(page):
    """What the bell says to those who see it."""
    found = re.search(r'class="bell-count"><span aria-hidden="true">([^<]*)<', page)
    return found[1] if found else ""


def lines_of(page):
    """The text of each line of the list."""
    found = re.findall(r'<li class="news-line.*?</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", line).split()) for line in found]


@pytest.fixture
def now(at):
    return at("2026-03-02 12:00")


def test_it_counts_the_things_that_there_is_news_about(desk, browse, happen, person, now):
    first, second = desk.ticket(by=person), desk.ticket(by=person)
    browser = browse(person)
    assert bell_of(browser.get("/").text) == ""

    for ticket in (first, first, second):
        happen(ANSWERED, person, ticket=ticket, now=now)

    assert bell_of(browser.get("/tickets").text) == "2"
    assert bell_of(browser.get("/there-is-no-such-page").text) == "2"
    assert bell_of(browse(desk.person()).get("/").text) == ""


def test_it_stops_counting_at_99(desk, browse, happen, person, now):
    for ticket in range(1, 105):
        happen(ANSWERED, person, ticket=ticket, now=now)

    page = browse(person).get("/").text
    assert bell_of(page) == "99+"
    assert "mere end 99" in page


def test_what_has_to_wait_is_not_counted_before_its_time(desk, browse, happen, person, at):
    now = at("2026-03-02 22:00")
    happen(ANSWERED, person, ticket=desk.ticket(by=person), now=now, not_before=now + timedelta(hours=10))
    browser = browse(person)
    assert (bell_of(browser.get("/").text), lines_of(browser.get("/notices").text)) == ("", [])

    at("2026-03-03 08:00")

    assert bell_of(browser.get("/").text) == "1"
    assert len(lines_of(browser.get("/notices").text)) == 1


def test_the_list_is_folded_by_ticket_with_the_latest_first(desk, browse, happen, person, now):
    printer = desk.ticket(by=person, subject="Printeren striber")
    screen = desk.ticket(by=person, subject="Skærmen er sort")
    happen(ANSWERED, person, ticket=printer, now=now - timedelta(hours=3), facts={"by": "Lene"})
    happen(ANSWERED, person, ticket=screen, now=now - timedelta(hours=2), facts={})
    happen(RESOLVED, person, ticket=printer, now=now - timedelta(hours=1), facts={"by": "Lene"})

    first, second = lines_of(browse(person).get("/notices").text)

    assert first.startswith(
        f"SD-{printer} Printeren striber Lene har løst henvendelsen for 1 time siden · 2 nyheder om SD-{printer} Ulæst"
    )
    assert second.startswith(f"SD-{screen} Skærmen er sort Servicedesken har svaret for 2 timer siden Ulæst")


def test_an_empty_list_says_so(browse, person):
    page = browse(person).get("/notices").text

    assert "Der er ikke noget nyt" in page
    assert "Markér alt som læst" not in page


def test_a_long_list_has_pages(desk, browse, happen, person, now, queries):
    for number in range(30):
        happen(ANSWERED, person, ticket=desk.ticket(by=person), now=now - timedelta(minutes=number))
    browser = browse(person)

    with queries() as asked:
        first = browser.get("/notices").text
    address = re.search(r'rel="next" href="([^"]*)"', first)
    second = browser.get(address[1].replace("&amp;", "&")).text if address else ""

    assert (len(lines_of(first)), len(lines_of(second))) == (25, 5)
    assert set(lines_of(first)) & set(lines_of(second)) == set()
    assert 'rel="next"' not in second
    assert len(asked) == 4  # who asks, the lines, the tickets' names, the bell


@pytest.mark.parametrize(
    "nonsense", ["x", "~", "2026-99-01~ticket-1", "0001-01-01T00:00:00+23:00~ticket-1", "2026-03-02T12:00:00Z~\0"]
)
def test_nonsense_in_the_address_is_passed_over(browse, person, nonsense):
    assert browse(person).get("/notices", query_string={"after": nonsense}).status_code == 200


def test_opening_the_ticket_reads_its_news_and_no_others(desk, browse, happen, person, now):
    opened, other = desk.ticket(by=person), desk.ticket(by=person)
    for ticket in (opened, opened, other):
        happen(ANSWERED, person, ticket=ticket, now=now)
    browser = browse(person)

    assert bell_of(browser.get(f"/tickets/{opened}").text) == "1"
    assert {notice.thread for notice in desk.all(Notice, read_at=None)} == {f"ticket-{other}"}
    assert len(lines_of(browser.get("/notices").text)) == 2


@pytest.mark.parametrize("headers", [{"X-Poll": "1", "HX-Request": "true"}, {"Sec-Purpose": "prefetch"}])
def test_a_page_that_nobody_looks_at_reads_nothing(desk, browse, happen, person, now, headers):
    ticket = desk.ticket(by=person)
    happen(ANSWERED, person, ticket=ticket, now=now)

    browse(person).get(f"/tickets/{ticket}", headers=headers)
    browse(person).head(f"/tickets/{ticket}")

    assert desk.count(Notice, read_at=None) == 1


def test_opening_a_ticket_without_news_writes_nothing(desk, browse, person, queries):
    browser = browse(person)
    ticket = desk.ticket(by=person)
    with queries() as asked:
        browser.get(f"/tickets/{ticket}")

    assert not [statement for statement in asked if statement.startswith("UPDATE")]


def test_one_thing_is_marked_as_read(desk, browse, happen, person, now):
    one, other = desk.ticket(by=person), desk.ticket(by=person)
    for ticket in (one, one, other):
        happen(ANSWERED, person, ticket=ticket, now=now)
    browser = browse(person)

    answer = browser.post("/notices/read", data={"thread": f"ticket-{one}", "after": "2026-03-02T12:00:00Z~ticket-9"})

    assert (answer.status_code, answer.location) == (303, "/notices?after=2026-03-02T12:00:00Z~ticket-9")
    assert bell_of(browser.get("/notices").text) == "1"


def test_all_is_marked_as_read_but_what_came_since(desk, browse, happen, person, now, at):
    for _ in range(2):
        happen(ANSWERED, person, ticket=desk.ticket(by=person), now=now)
    browser = browse(person)
    until = re.search(r'name="until" value="([^"]*)"', browser.get("/notices").text)
    later = at("2026-03-02 12:01")
    happen(ANSWERED, person, ticket=desk.ticket(by=person), now=later)

    assert browser.post("/notices/read-all", data={"until": until[1] if until else ""}).status_code == 303

    assert bell_of(browser.get("/notices").text) == "1"


@pytest.mark.parametrize("until", ["", "nonsense", "9999-12-31T23:59:59-23:00"])
def test_without_a_time_all_is_marked_as_read(desk, browse, happen, person, now, until):
    happen(ANSWERED, person, ticket=desk.ticket(by=person), now=now)

    assert browse(person).post("/notices/read-all", data={"until": until}).status_code == 303
    assert desk.count(Notice, read_at=None) == 0


def test_nobody_reads_for_somebody_else(desk, browse, happen, person, now):
    ticket = desk.ticket(by=person)
    happen(ANSWERED, person, ticket=ticket, now=now)
    other = browse(desk.person())

    other.post("/notices/read", data={"thread": f"ticket-{ticket}"})
    other.post("/notices/read-all")

    assert desk.count(Notice, read_at=None) == 1
    assert lines_of(other.get("/notices").text) == []


def test_a_stranger_is_asked_to_sign_in(browse):
    assert "/sign-in" in browse().get("/notices").location
    assert browse().post("/notices/read-all").status_code == 401


@pytest.mark.parametrize("thread", ["", "ticket", "\0", "ticket-1\0", "ticket-" + "9" * 40, "ticket-1'; --"])
def test_nonsense_in_the_form_is_passed_over(desk, browse, happen, person, now, thread):
    happen(ANSWERED, person, ticket=desk.ticket(by=person), now=now)

    assert browse(person).post("/notices/read", data={"thread": thread, "after": "\0"}).status_code == 303
    assert desk.count(Notice, read_at=None) == 1
