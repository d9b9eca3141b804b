"""The page of look-ups, and each person's own (A213)."""

import csv
import io

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.lookups import LookUp, Seen
from servicedesk.tickets.workflow import Secrecy


@pytest.fixture
def officer(desk):
    return desk.person(Role.DATA_PROTECTION_OFFICER, name="Dorte Data")


@pytest.fixture
def looked(desk, browse):
    """A supporter reads a ticket of a person's; answers its number."""

    def look(by, whose, **filed):
        ticket = desk.ticket(by=whose, **filed)
        assert browse(by).get(f"/tickets/{ticket}").status_code == 200
        return ticket

    return look


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, name="Stine Supporter")


def test_the_officer_sees_who_read_what_of_whom(desk, browse, officer, supporter, looked):
    ticket = looked(supporter, desk.person(name="Rikke Et"))
    page = browse(officer).get("/admin/lookups").text
    for words in ("Stine Supporter", "Supporter", "Rikke Et", f"SD-{ticket}", "Henvendelse læst"):
        assert words in page


def test_it_can_be_asked_for_whose_they_were_who_looked_and_when(desk, browse, officer, supporter, looked, at):
    at("2026-03-02 09:00")
    first = looked(supporter, desk.person(name="Rikke Et"))
    at("2026-03-09 09:00")
    second = looked(desk.person(Role.SUPPORTER, name="Bo Bogen"), desk.person(name="Rosa Tre"))
    browser = browse(officer)

    def found(query):
        text = browser.get(f"/admin/lookups?{query}").text
        return [number for number in (first, second) if f"SD-{number}<" in text]

    assert found("") == [first, second]
    assert found("about=Rikke") == found("by=Stine") == found("to=2026-03-08") == [first]
    assert found("about=rosa+tre") == found("by=bo") == found("from=2026-03-09&to=2026-03-09") == [second]
    assert found("about=Nobody") == found("from=2026-03-10") == found("by=%25") == []
    assert found("from=nonsense") == [first, second]


def test_nobody_else_sees_it_and_another_customers_is_not_there(desk, browse, supporter, looked):
    looked(supporter, desk.person(name="Kanariefugl"))
    for person in (supporter, desk.person(), desk.person(Role.MANAGER), desk.person(Role.SERVICEDESK_MANAGER)):
        assert browse(person).get("/admin/lookups").status_code == 404
        assert browse(person).get("/admin/lookups.csv").status_code == 404
    elsewhere = desk.person(Role.ADMINISTRATOR, unit=desk.customer())
    for address in ("/admin/lookups", "/admin/lookups?about=Kanariefugl", "/admin/lookups.csv"):
        assert "Stine" not in browse(elsewhere).get(address).text
    part = desk.person(Role.ADMINISTRATOR, over=desk.unit())
    assert browse(part).get("/admin/lookups").status_code == 404


def test_the_file_says_the_same_and_is_a_look_up(desk, browse, officer, supporter, looked):
    ticket = looked(supporter, desk.person(name="=Rikke Et"))
    text = browse(officer).get("/admin/lookups.csv?by=Stine").data.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["Hvem"], row["Henvendelse"]) == ("Stine Supporter", f"SD-{ticket}")
    assert not row["Om"].startswith("=")
    assert desk.count(LookUp, seen=Seen.EXPORT, by_id=officer.id) == 1


def test_who_has_seen_mine_says_when_and_why_and_not_who(desk, browse, supporter, looked):
    me, other = desk.person(name="Rikke Et"), desk.person(name="Rosa Tre")
    ticket = looked(supporter, me)
    foreign = looked(supporter, other)
    secret_reader = desk.person(Role.SUPPORTER, name="Hanne Hemmelig")
    desk.team([secret_reader], is_closed=True, receives_confidential=True)
    secret = looked(secret_reader, me, secrecy=Secrecy.CONFIDENTIAL)

    page = browse(me).get("/me/lookups").text

    assert f"SD-{ticket}<" in page and f"SD-{secret}<" in page and "Henvendelse læst" in page
    for canary in (f"SD-{foreign}<", "Stine", "Hanne", "Rosa"):
        assert canary not in page


def test_what_was_filed_for_me_and_what_i_filed_for_others_is_mine(desk, browse, looked, supporter):
    clerk, me = desk.person(Role.SUPPORTER), desk.person()
    looked(supporter, clerk, affected=me)
    for reader in (clerk, me):
        assert "Henvendelse læst" in browse(reader).get("/me/lookups").text


def test_nobody_has_looked(browse, desk):
    page = browse(desk.person()).get("/me/lookups").text
    assert "Ingen har set dine oplysninger" in page and "/me/lookups" in browse(desk.person()).get("/me").text


def test_long_lists_lead_on_without_a_question_for_each(desk, browse, officer, supporter, queries):
    ticket = desk.ticket(by=desk.person(name="Rikke Et"))
    browser, reader = browse(officer), browse(supporter)
    for _ in range(3):
        reader.get(f"/tickets/{ticket}")
    browser.get("/admin/lookups")
    with queries() as few:
        browser.get("/admin/lookups")
    for _ in range(60):
        reader.get(f"/tickets/{ticket}")
    with queries() as many:
        page = browser.get("/admin/lookups").text
    assert len(few) == len(many)
    assert "/admin/lookups?before=" in page
