"""A supporter's start page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from servicedesk.cockpit.views.start import opening_of
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Secrecy
from sla import Calendar
from tests.agreements_made import agree

WEEK = Calendar("Europe/Copenhagen", {day: [("08:00", "16:00")] for day in range(5)})


TARGETS = [
    {"kind": None, "priority": number, "response": "1 hour", "resolution": "2 hours", "update": None}
    for number in range(1, 5)
]


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True)


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team)


def lists_of(page):
    """The parts of the page under each of the three headings."""
    return page.split('class="box start-list"')[1:]


def test_three_lists(desk, browse, supporter):
    filer = desk.person()
    new = desk.ticket(by=filer, subject="Ny i teamet")
    mine = desk.ticket("open", by=filer, assignee=supporter, subject="Min egen")
    answered = desk.ticket("waiting_user", by=filer, assignee=desk.person(Role.SUPPORTER), subject="Svar er kommet")
    with desk.app.app_context():
        commands.reply(answered, by=desk.actor(filer), body="Her er svaret", now=clock.now())
    desk.ticket("closed", by=filer, subject="Lukket for længst")

    due, waiting, own = lists_of(browse(supporter).get("/").text)

    assert "Ny i teamet" in due
    assert f"/tickets/{new}" in due
    assert "Svar er kommet" in waiting
    assert "Brugeren har skrevet" in waiting
    assert "Ny i teamet" not in waiting
    assert f"/tickets/{mine}" in own
    assert "Lukket" not in due + waiting + own


def test_no_more_than_seven_each_with_a_way_to_the_whole(desk, browse, supporter):
    for _ in range(9):
        desk.ticket(by=desk.person())
    due = lists_of(browse(supporter).get("/").text)[0]
    assert due.count("start-row") == 7
    assert "/queue?" in due


def test_two_badges_for_a_ticket_that_waits_for_an_answer(desk, browse, supporter):
    agree(desk, "F", targets=TARGETS, now=clock.now() - timedelta(days=2))
    desk.ticket(by=desk.person())
    due = lists_of(browse(supporter).get("/").text)[0]
    assert due.count('class="label clock') == 2


def test_what_falls_due_soon_is_counted(desk, browse, supporter):
    agree(desk, "F", targets=TARGETS, now=clock.now() - timedelta(days=2))
    page = browse(supporter).get("/").text
    assert "Intet forfalder inden for 4 åbningstimer" in page
    assert "Åbent hele døgnet" in page
    for _ in range(2):
        desk.ticket(by=desk.person())
    assert "2 forfalder inden for 4 åbningstimer" in browse(supporter).get("/").text


def test_kind_words_where_there_is_nothing(browse, supporter):
    page = browse(supporter).get("/").text
    assert "Ingen venter på svar fra os." in page
    assert "Tag en fra køen" in page


def test_an_employee_has_no_such_lists(desk, browse):
    assert not lists_of(browse(desk.person()).get("/").text)


def test_a_secret_ticket_is_not_among_them(desk, browse, supporter):
    closed = desk.team(is_closed=True, receives_confidential=True)
    desk.ticket(by=desk.person(), subject="Personsag", secrecy=Secrecy.CONFIDENTIAL)
    assert "Personsag" not in browse(supporter).get("/").text
    assert "Personsag" in browse(desk.person(Role.SUPPORTER, team=closed)).get("/").text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERBRUGER, Role.SERVICEDESK_MANAGER])
def test_others_who_oversee_tickets_have_the_lists_that_concern_them(desk, browse, role):
    desk.ticket(by=desk.person(), subject="I min enhed")
    page = browse(desk.person(role)).get("/").text
    assert "I min enhed" in page
    assert len(lists_of(page)) == (2 if role is Role.MANAGER else 3)


@pytest.mark.parametrize("tickets", [1, 12])
def test_how_often_the_database_is_asked(desk, browse, queries, supporter, tickets):
    agree(desk, "F", targets=TARGETS, now=clock.now() - timedelta(days=2))
    for _ in range(tickets):
        desk.ticket("open", by=desk.person(), assignee=supporter)
    browser = browse(supporter)
    browser.get("/")
    with queries() as asked:
        browser.get("/")
    assert len(asked) <= 11


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-02 09:00", "Åbent til 16.00"),
        ("2026-03-02 06:30", "Lukket, åbner kl. 08.00"),
        ("2026-03-02 16:00", "Lukket, åbner tirsdag 3. mar. 08.00"),
        ("2026-03-06 18:00", "Lukket, åbner mandag 9. mar. 08.00"),
    ],
    ids=["open", "before opening", "exactly at closing time", "over the weekend"],
)
def test_opening_status(app, at, words):
    now = datetime.fromisoformat(f"{at}+01:00").astimezone(UTC)
    with app.test_request_context(), time_machine.travel(now, tick=False):
        assert opening_of(WEEK, now).words == words
