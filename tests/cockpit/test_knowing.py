"""Making a known error of a ticket's solution, without telling of anybody."""

import pytest

from servicedesk.cockpit.anonymous import anonymous
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.systems.models import KnownError
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause, Secrecy

SOLUTION = "Jeg ringede til Gudrun Bjerrum (gubj) på 87 80 33 12 og nulstillede 010157-5004. Skriv til gubj@odby.dk."


@pytest.fixture
def solved(desk):
    """A ticket that a supporter has solved, and the supporter."""

    def solved(**fields):
        team = desk.team(is_first_line=True)
        supporter = desk.person(Role.SUPPORTER, team=team, name="Ditte Dahl")
        gudrun = desk.person(name="Gudrun Bjerrum", initials="gubj")
        ticket = desk.ticket("open", by=gudrun, subject="Gudruns login driller", assignee=supporter, **fields)
        with desk.app.app_context():
            by = desk.actor(supporter)
            commands.resolve(ticket, by=by, now=clock.now(), solution=SOLUTION, cause=Cause.FAULT)
        return ticket, supporter

    return solved


def test_a_solution_becomes_a_known_error_when_somebody_has_read_it(desk, browse, solved):
    system = desk.system("Nexus")
    ticket, supporter = solved(system=system)
    browser, address = browse(supporter), f"/tickets/{ticket}/known-error"

    assert address in browser.get(f"/tickets/{ticket}").text
    page = browser.get(address).text
    form = page.partition('<form class="form"')[2]
    assert "nulstillede" in form and "login driller" in form
    for personal in ("Gudrun", "Bjerrum", "gubj", "87 80", "010157", "5004"):
        assert personal not in form, personal

    told = {"system_id": system.id, "title": "Login driller", "workaround": "Nulstil koden", "audience": "everybody"}
    unread = browser.post(address, data=told)
    assert unread.status_code == 422 and "sæt krydset" in unread.text and "Nulstil koden" in unread.text
    assert desk.count(KnownError) == 0
    assert browser.post(address, data={**told, "is_read": "1"}).status_code == 303
    [line] = desk.all(AuditLine, action="known_error_added")
    assert line.facts["number"] == desk.look(ticket).number


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECURITY])
def test_what_is_secret_is_not_told_on(desk, browse, secrecy):
    closed = desk.team(is_closed=True, receives_confidential=True, receives_security=True)
    supporter = desk.person(Role.SUPPORTER, team=closed)
    ticket = desk.ticket("resolved", secrecy=secrecy, assignee=supporter)
    browser, address = browse(supporter), f"/tickets/{ticket}/known-error"

    assert '/known-error"' not in browser.get(f"/tickets/{ticket}").text
    assert browser.get(address).status_code == 404
    assert browser.post(address, data={"title": "x", "is_read": "1", "audience": "everybody"}).status_code == 404
    assert desk.count(KnownError) == 0


def test_only_who_works_there_may(desk, browse, solved):
    ticket, _ = solved(system=desk.system())
    address, filer = f"/tickets/{ticket}/known-error", desk.look(ticket).filer_id

    for person in (filer, desk.person(Role.MANAGER), desk.person(Role.SUPPORTER, unit=desk.customer())):
        assert browse(person).get(address).status_code == 404
        assert browse(person).post(address, data={"is_read": "1"}).status_code == 404
    assert '/known-error"' not in browse(filer).get(f"/tickets/{ticket}").text


def test_a_ticket_that_is_not_solved_offers_nothing(desk, browse):
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    ticket = desk.ticket("open", assignee=supporter)

    assert '/known-error"' not in browse(supporter).get(f"/tickets/{ticket}").text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hej Anne Bo, ring 12345678", "Hej …, ring …"),
        ("Annes pc og annE Bos printer", "… pc og … printer"),
        ("CPR 010157-5004 eller 0101575004", "CPR … eller …"),
        ("Skriv til a.b@c.dk, +45 12 34 56 78", "Skriv til …, …"),
        ("Annemone i Bodum, hvor de bo kan", "Annemone i Bodum, hvor de bo kan"),
        ("Fejl 0x80070005, vare 123456789012", "Fejl 0x80070005, vare 123456789012"),
    ],
)
def test_what_tells_of_a_person_is_taken_out(text, told):
    assert anonymous(text, ["Anne Bo"]) == told
