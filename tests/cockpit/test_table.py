"""A view of the queue as a file: the same tickets for the same eyes."""

import csv
import io

import openpyxl
import pytest

from servicedesk.cockpit.views import table
from servicedesk.core.actor import Role
from servicedesk.core.lookups import LookUp, Seen
from servicedesk.tickets.workflow import Level, Secrecy


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True, name="Servicedesk"))


def rows(browse, person, query=""):
    answer = browse(person).get(f"/queue/table.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"), newline=""), delimiter=";"))


def test_it_has_the_tickets_of_the_view_in_its_order(desk, browse, supporter):
    low, high = desk.ticket(), desk.ticket(impact=Level.HIGH, urgency=Level.HIGH)
    done = desk.ticket("resolved")

    assert [row["Henvendelse"] for row in rows(browse, supporter)] == [f"SD-{high}", f"SD-{low}"]
    assert [row["Henvendelse"] for row in rows(browse, supporter, "?state=resolved")] == [f"SD-{done}"]


def test_more_than_a_page_and_more_than_a_batch(desk, browse, supporter, monkeypatch):
    monkeypatch.setattr(table, "BATCH", 20)
    made = {f"SD-{desk.ticket()}" for _ in range(55)}
    assert {row["Henvendelse"] for row in rows(browse, supporter)} == made


def test_a_cap_is_said(desk, browse, supporter, monkeypatch):
    monkeypatch.setattr(table, "MOST_IN_A_FILE", 2)
    for _ in range(3):
        desk.ticket()
    book = openpyxl.load_workbook(io.BytesIO(browse(supporter).get("/queue/table.xlsx").data))
    told = dict(book["Om"].iter_rows(values_only=True))
    assert (told["Rækker"], told["Bemærk"]) == ("2", "Kun de første 2 henvendelser er med.")
    assert told["Filter"] == "Alle åbne"


def test_others_see_nothing_of_a_secret_ticket(desk, browse, supporter):
    desk.team(is_closed=True, receives_confidential=True)
    secret = desk.ticket(secrecy=Secrecy.CONFIDENTIAL, subject="Kanariefugl")
    for person in (supporter, desk.person(Role.MANAGER), desk.person(Role.SERVICEDESK_MANAGER)):
        text = browse(person).get("/queue/table.csv?show=all").text
        assert "Kanariefugl" not in text and f"SD-{secret}" not in text
    assert browse(desk.person()).get("/queue/table.csv").status_code == 404


def test_its_team_gets_it_and_each_is_a_look_up(desk, browse):
    member = desk.person(Role.SUPPORTER, team=desk.team(is_closed=True, receives_confidential=True))
    secret = desk.ticket(secrecy=Secrecy.CONFIDENTIAL, subject="Kanariefugl")

    [row] = rows(browse, member)

    assert (row["Henvendelse"], row["Emne"], row["Fortrolig"]) == (f"SD-{secret}", "Kanariefugl", "Fortrolig")
    line, export = desk.all(LookUp)
    assert (line.by_id, line.ticket_id, line.is_secret) == (member.id, secret, True)
    assert (export.seen, export.facts["rows"]) == (Seen.EXPORT, 1)


def test_another_customers_staff_gets_its_own(desk, browse):
    elsewhere = desk.customer()
    desk.ticket(subject="Vores")
    stranger = desk.person(Role.SUPPORTER, unit=elsewhere)
    assert rows(browse, stranger) == []


def test_a_subject_is_no_formula(desk, browse, supporter):
    desk.ticket(subject='=HYPERLINK("http://evil.example")')
    assert rows(browse, supporter)[0]["Emne"].startswith("'=")
    sheet = openpyxl.load_workbook(io.BytesIO(browse(supporter).get("/queue/table.xlsx").data)).worksheets[0]
    assert (sheet["B2"].data_type, sheet["B2"].hyperlink) == ("s", None)


def test_it_asks_the_same_however_much_there_is(desk, browse, supporter, queries):
    browser = browse(supporter)
    desk.ticket()
    browser.get("/queue/table.csv")
    with queries() as few:
        browser.get("/queue/table.csv")
    for _ in range(10):
        desk.ticket()
    with queries() as many:
        browser.get("/queue/table.csv")
    assert len(many) == len(few)


def test_the_page_offers_the_view_that_it_shows(browse, supporter):
    page = browse(supporter).get("/queue?state=resolved&view=all&sort=-filed").text
    assert "/queue/table.xlsx?" in page and "Hent som CSV" in page
