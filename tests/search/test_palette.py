"""What the palette offers: never more than the person's pages would show."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets import finding
from servicedesk.tickets.workflow import Secrecy


@pytest.fixture
def offered(browse):
    def offered(person, typed=""):
        answer = browse(person).get("/palette", query_string={"q": typed})
        assert answer.status_code == 200
        groups = answer.get_json()["groups"]
        assert sum(len(group["lines"]) for group in groups) <= 20
        return {group["key"]: group["lines"] for group in groups}

    return offered


def hrefs(lines):
    return [line["href"] for line in lines]


def test_a_number_goes_straight(desk, offered, supporter, caller):
    ticket = desk.ticket(by=caller, subject="Musen hakker")
    for typed in (f"SD-{ticket}", f"{ticket}", f"#{ticket}", f" sd{ticket} "):
        assert hrefs(offered(supporter, typed)["number"]) == [f"/tickets/{ticket}"]


def test_words_people_systems_pages(desk, offered, supporter, caller):
    ticket = desk.ticket(by=caller, subject="Møllehjulet går i stå")
    desk.system("Mølleregnskab")
    shown = offered(supporter, "møll")
    assert hrefs(shown["tickets"]) == [f"/tickets/{ticket}"]
    assert shown["people"][0]["text"] == "Åse Møller"
    assert shown["systems"][0]["text"] == "Mølleregnskab"
    assert hrefs(offered(supporter, "kø")["pages"]) == ["/queue"]


@pytest.mark.parametrize("typed", ["aamo", "87801234", "åse"])
def test_a_caller_is_found_by_initials_telephone_and_name(offered, supporter, caller, typed):
    assert hrefs(offered(supporter, typed)["people"]) == [f"/tickets/call?person={caller.id}"]


def test_who_may_not_file_for_a_caller_gets_to_his_tickets(desk, offered, caller):
    manager = desk.person(Role.MANAGER)
    assert hrefs(offered(manager, "aamo").get("people", [])) == ["/search?q=indmelder:aamo"]


@pytest.mark.parametrize(
    ("typed", "there"),
    [("ny", ["/tickets/new"]), ("telef", ["/tickets/call"]), ("ringer", ["/tickets/call"]), ("", None)],
)
def test_what_one_can_begin(offered, supporter, caller, typed, there):
    assert hrefs(offered(supporter, typed)["new"]) == (there or ["/tickets/new", "/tickets/call"])
    assert "/tickets/call" not in hrefs(offered(caller, typed).get("new", []))


def test_few_letters_do_not_look_through_the_tickets(desk, offered, supporter, caller):
    desk.ticket(by=caller, subject="Møllehjulet")
    assert "tickets" not in offered(supporter, "mø")


def test_staff_get_the_newest_that_match_and_everybody_the_own(desk, offered, supporter, caller, monkeypatch):
    monkeypatch.setattr(finding, "NEWEST", 1)
    old, new = (desk.ticket(by=caller, subject="Møllehjulet går i stå") for _ in range(2))
    assert hrefs(offered(supporter, "møllehjul")["tickets"]) == [f"/tickets/{new}"]
    assert set(hrefs(offered(caller, "møllehjul")["tickets"])) == {f"/tickets/{old}", f"/tickets/{new}"}
    assert hrefs(offered(supporter, "møllehjul")["search"]) == ["/search?q=m%C3%B8llehjul"]


def test_a_secret_ticket_is_offered_to_its_own_only(desk, offered, browse, supporter, caller):
    closed = desk.team(is_closed=True, receives_confidential=True)
    confidant = desk.person(Role.SUPPORTER, team=closed)
    secret = desk.ticket(by=caller, subject="Personsag", secrecy=Secrecy.CONFIDENTIAL)
    for typed in (f"SD-{secret}", "personsag", "perso"):
        shown = offered(supporter, typed)
        assert shown.get("number", []) == []
        assert "tickets" not in shown
    assert hrefs(offered(caller, "personsag")["tickets"]) == [f"/tickets/{secret}"]
    assert hrefs(offered(confidant, f"{secret}")["number"]) == [f"/tickets/{secret}"]
    browse(confidant).post(f"/recent/{secret}")
    assert "recent" not in offered(confidant)  # others may look at the screen


def test_an_unknown_number_and_a_hidden_one_are_answered_alike(desk, browse, caller):
    hidden = desk.ticket(by=desk.person())
    browser = browse(caller)
    answers = [browser.get(f"/palette?q={number}").get_json() for number in (hidden, hidden + 500)]
    assert answers[0] == answers[1]
    assert [browser.post(f"/recent/{number}").status_code for number in (hidden, hidden + 500)] == [204, 204]
    assert browser.get("/palette").get_json()["groups"][0]["key"] == "new"


def test_an_employee_gets_own_tickets_and_pages_and_no_people(desk, offered, caller):
    mine = desk.ticket(by=caller, subject="Printeren larmer")
    desk.ticket(by=desk.person(name="Printz Hansen"), subject="Printeren larmer")
    desk.system("Printsystem")
    shown = offered(caller, "print")
    assert hrefs(shown["tickets"]) == [f"/tickets/{mine}"]
    assert {"people", "systems"}.isdisjoint(shown)
    assert not any(href.startswith(("/queue", "/admin")) for href in hrefs(offered(caller)["pages"]))


def test_administration_is_offered_to_administrators(desk, offered, supporter):
    administrator = desk.person(Role.ADMINISTRATOR)
    assert any(href.startswith("/admin/") for href in hrefs(offered(administrator)["pages"]))
    assert not any(href.startswith("/admin") for href in hrefs(offered(supporter)["pages"]))


@pytest.mark.parametrize("typed", ["%", "_", "*", "%%%", "___", "a%b", "\\", "'", "\x00", '"', "x" * 5_000, "(q+)+$"])
def test_wildcards_are_only_signs(desk, offered, supporter, caller, typed):
    desk.ticket(by=caller, subject="Musen hakker")
    desk.system("Musesystem")
    shown = offered(supporter, typed)
    assert {"tickets", "people", "systems", "number"}.isdisjoint(shown)


def test_the_last_opened_stand_first_each_once_and_few(desk, offered, browse, supporter, caller):
    made = [desk.ticket(by=caller) for _ in range(10)]
    browser = browse(supporter)
    for ticket in [*made, made[4]]:
        assert browser.post(f"/recent/{ticket}").status_code == 204
    newest_first = [made[4], *(one for one in made[::-1] if one != made[4])]
    assert hrefs(offered(supporter)["recent"]) == [f"/tickets/{id_}" for id_ in newest_first[:8]]


def test_what_became_secret_is_no_longer_among_them(desk, offered, browse, supporter, caller):
    from servicedesk.tickets.models import Ticket

    ticket = desk.ticket(by=caller, subject="Bliver hemmelig")
    browse(supporter).post(f"/recent/{ticket}")
    assert hrefs(offered(supporter)["recent"]) == [f"/tickets/{ticket}"]
    with desk.writing() as session:
        session.get_one(Ticket, ticket).secrecy = Secrecy.CONFIDENTIAL
    assert "recent" not in offered(supporter)


def test_few_questions_of_the_database(desk, browse, queries, supporter, caller):
    for number in range(12):
        desk.ticket(by=caller, subject=f"Printer {number}")
    browser = browse(supporter)
    browser.get("/palette?q=printer")
    with queries() as asked:
        browser.get("/palette?q=printer")
    assert len(asked) <= 8  # PostgreSQL looks at the newest tickets first


def test_the_signed_out_are_asked_to_sign_in(app):
    assert app.test_client().get("/palette?q=a").status_code == 302
