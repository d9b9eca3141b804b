"""Through the doors: who may erase, hold back and set rules, and what the pages say."""

from types import SimpleNamespace

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person
from servicedesk.privacy.models import Erasure, LegalHold, RetentionRule


@pytest.fixture
def place(desk):
    people = SimpleNamespace(
        officer=desk.person(Role.DATA_PROTECTION_OFFICER),
        boss=desk.person(Role.ADMINISTRATOR),
        supporter=desk.person(Role.SUPPORTER),
        left=desk.person(name="Åse Stoppet", initials="aast", is_active=False),
    )
    people.elsewhere = desk.person(Role.DATA_PROTECTION_OFFICER, unit=desk.customer())
    return people


def page(place):
    return f"/admin/privacy/people/{place.left.id}"


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("boss", 200), ("supporter", 404), ("elsewhere", 404)])
def test_who_sees_what_an_erasure_comes_to(place, browse, who, status):
    assert browse(getattr(place, who)).get(page(place)).status_code == status


def test_the_officer_finds_a_person_however_she_is_spelled(place, browse):
    answer = browse(place.officer).get("/admin/privacy?q=aase")

    assert "Åse Stoppet" in answer.text
    assert "Åse Stoppet" not in browse(place.elsewhere).get("/admin/privacy?q=aase").text


def test_erasing_takes_the_initials_and_shows_how_far_it_is(place, desk, browse):
    officer = browse(place.officer)
    refused = officer.post(f"{page(place)}/erasure", data={"initials": "wrong"})
    assert refused.status_code == 422 and "Initialerne passer ikke" in refused.text

    answer = officer.post(f"{page(place)}/erasure", data={"initials": "AAST"})
    assert answer.status_code == 303
    assert desk.count(Erasure, person_id=place.left.id) == 1
    assert "0 % er klaret" in officer.get(answer.location).text
    assert officer.get(page(place)).location == answer.location
    assert officer.post(f"{page(place)}/erasure", data={"initials": "aast"}).location == answer.location
    assert desk.count(Erasure) == 1


def test_an_active_person_is_not_erased(place, browse):
    answer = browse(place.officer).post(
        f"/admin/privacy/people/{place.supporter.id}/erasure", data={"initials": place.supporter.initials}
    )

    assert answer.status_code == 409
    assert "Personen er stadig aktiv" in answer.text


def test_whoever_was_erased_is_nowhere_any_more(place, desk, browse):
    with desk.writing() as session:
        session.get_one(Person, place.left.id).erased_at = clock.now()

    boss = browse(place.boss)
    assert boss.get(page(place)).status_code == 404
    assert boss.get(f"/admin/people/{place.left.id}").status_code == 404
    assert "Åse Stoppet" not in boss.get("/admin/people?show=inactive").text


def test_the_officer_alone_holds_back_and_says_why(place, desk, browse):
    ticket, officer = desk.ticket("closed"), browse(place.officer)
    assert (
        browse(place.boss).post("/admin/privacy/holds", data={"ticket": ticket, "reason": "Klage"}).status_code == 404
    )
    assert officer.post("/admin/privacy/holds", data={"ticket": f"SD-{ticket}", "reason": " "}).status_code == 422
    assert officer.post("/admin/privacy/holds", data={"ticket": "SD-x", "reason": "Klage"}).status_code == 422

    assert officer.post("/admin/privacy/holds", data={"ticket": f"sd-{ticket}", "reason": "Klage"}).status_code == 303
    assert officer.post("/admin/privacy/holds", data={"ticket": str(ticket), "reason": "Igen"}).status_code == 409
    (held,) = desk.all(LegalHold)
    assert "Klage" in officer.get("/admin/privacy").text

    assert browse(place.elsewhere).post(f"/admin/privacy/holds/{held.id}/release").status_code == 404
    assert officer.post(f"/admin/privacy/holds/{held.id}/release").status_code == 303
    assert desk.get(LegalHold, held.id).released_by_id == place.officer.id


def test_a_person_held_back_is_not_erased(place, browse):
    officer = browse(place.officer)
    assert officer.post(f"{page(place)}/hold", data={"reason": "Retssag"}).status_code == 303

    assert "Personen holdes tilbage" in officer.get(page(place)).text
    assert officer.post(f"{page(place)}/erasure", data={"initials": "aast"}).status_code == 409


def test_rules_are_months_and_what_is_typed_is_not_lost(place, desk, browse):
    officer, address = browse(place.officer), f"/admin/privacy/retention/{desk.home.id}"
    refused = officer.post(address, data={"tickets": "snart", "people": "36", "mails": ""})
    assert refused.status_code == 422
    assert 'value="snart"' in refused.text

    assert officer.post(address, data={"tickets": "60", "people": "", "mails": ""}).status_code == 303
    assert {row.what: row.months for row in desk.all(RetentionRule)} == {"tickets": 60, "mails": None}
    assert browse(place.elsewhere).get(address).status_code == 404
