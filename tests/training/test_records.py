"""What people have taken: registered, imported, exempt, corrected; nothing is ever gone."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.training.models import Record
from servicedesk.training.rules import Source
from tests.desk import local_today
from tests.training_made import course, guideline, record, require


@pytest.fixture
def taught(desk, nexus):
    made = course(desk, "Nexus", nexus)
    require(desk, made, nexus)
    return made


def test_a_coordinator_registers_what_was_shown(desk, browse, anna, coordinator, taught):
    told = {"course_id": taught.id, "obtained_on": "2026-01-05", "evidence": "Bevis 12 fra KMD"}

    answer = browse(coordinator).post(f"/training/people/{anna.id}/records", data=told)

    assert answer.status_code == 303
    [row] = desk.all(Record)
    assert (row.source, row.evidence, row.by_id) == (Source.MANUAL, "Bevis 12 fra KMD", coordinator.id)
    [line] = desk.all(AuditLine, action="training_recorded")
    assert line.facts == {
        "person_id": anna.id,
        "course_id": taught.id,
        "source": "manual",
        "on": "2026-01-05",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("course_id", ""),
        ("obtained_on", "2999-01-01"),
        ("obtained_on", "1066-01-01"),
        ("obtained_on", "32-13-2026"),
        ("expires_on", "2020-01-01"),
        ("evidence", ""),
        ("evidence", "x" * 300),
    ],
)
def test_what_cannot_be_is_refused(desk, browse, anna, coordinator, taught, field, value):
    told = {"course_id": taught.id, "obtained_on": "2026-01-05", "evidence": "Bevis", field: value}

    answer = browse(coordinator).post(f"/training/people/{anna.id}/records", data=told)

    assert (answer.status_code, desk.count(Record)) == (422, 0)


def test_an_exemption_has_a_reason_and_an_end(desk, browse, anna, coordinator, taught):
    address, today = f"/training/people/{anna.id}/exemptions", local_today()
    told = {"course_id": taught.id, "starts_on": "2026-01-01", "ends_on": (today + timedelta(days=9)).isoformat()}

    assert browse(coordinator).post(address, data={**told, "reason": ""}).status_code == 422
    browse(coordinator).post(address, data={**told, "reason": "Bruger kun læseadgang"})

    [row] = desk.all(Record)
    assert (row.source, row.reason) == (Source.EXEMPTION, "Bruger kun læseadgang")
    assert "Fritaget" in browse(coordinator).get(f"/training/people/{anna.id}").text


def test_a_correction_is_a_withdrawal_with_a_reason(desk, browse, anna, coordinator, taught):
    row = record(desk, anna, taught)
    address = f"/training/records/{row.id}/withdrawal"

    assert browse(coordinator).post(address, data={"reason": " "}).status_code == 422
    browse(coordinator).post(address, data={"reason": "Forkert person"})

    again = desk.get(Record, row.id)
    assert (again.withdrawn_by_id, again.withdrawn_why) == (coordinator.id, "Forkert person")
    page = browse(coordinator).get(f"/training/people/{anna.id}").text
    assert "Trukket tilbage" in page
    assert "Forkert person" in page
    assert browse(coordinator).post(address, data={"reason": "En gang til"}).status_code == 422


def test_nobody_vouches_for_himself(desk, browse, coordinator, taught):
    told = {"course_id": taught.id, "obtained_on": "2026-01-05", "evidence": "Tro mig", "reason": "Orker ikke"}
    browser = browse(coordinator)
    own = record(desk, coordinator, taught)

    for what in ("records", "exemptions"):
        refused = browser.post(f"/training/people/{coordinator.id}/{what}", data={**told, "starts_on": "2026-01-05"})
        assert refused.status_code == 422
    assert browser.post(f"/training/records/{own.id}/withdrawal", data=told).status_code == 404
    assert desk.count(Record) == 1


# ------------------------------------------------------------------------------------------------ from a file

GOOD = """person;course;obtained_on;expires_on;evidence
anho;Nexus;2026-01-05;;LMS 4711
BO@testby.example;nexus;05-01-2026;2027-01-05;=cmd()
"""


def send(browser, desk, text):
    file = {"file": (BytesIO(text.encode()), "beviser.csv")}
    return browser.post("/training/import", data={"customer_id": desk.home.id, **file})


def confirm(browser, location):
    page = browser.get(location).text
    fingerprint = page.partition('name="fingerprint" value="')[2].partition('"')[0]
    return browser.post(location, data={"fingerprint": fingerprint})


def test_a_file_is_shown_and_then_written(desk, browse, anna, coordinator, taught):
    bo = desk.person(name="Bo", email="bo@testby.example")
    browser = browse(coordinator)

    kept = send(browser, desk, GOOD)
    page = browser.get(kept.location).text

    assert "LMS 4711" in page
    assert desk.count(Record) == 0
    assert confirm(browser, kept.location).status_code == 303
    assert {(row.person_id, row.source) for row in desk.all(Record)} == {
        (anna.id, Source.IMPORT),
        (bo.id, Source.IMPORT),
    }
    assert desk.count(AuditLine, action="training_imported") == 1


def test_the_same_file_twice_changes_nothing(desk, browse, anna, coordinator, taught):
    desk.person(email="bo@testby.example")
    browser = browse(coordinator)
    confirm(browser, send(browser, desk, GOOD).location)

    again = browser.get(send(browser, desk, GOOD).location).text

    assert "Der er intet at gøre" in again


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("ukendt;Nexus;2026-01-05;;", "Vi kender ingen medarbejder", id="nobody"),
        pytest.param("anho;Strikning;2026-01-05;;", "Intet kursus hedder Strikning", id="no course"),
        pytest.param("anho;Nexus;5. januar;;", "er ikke en dato", id="no date"),
        pytest.param("anho;Nexus;2999-01-01;;", "ligger i fremtiden", id="not yet"),
        pytest.param("anho;Nexus;2026-01-05;2020-01-01;", "udløber, før det er taget", id="over before it began"),
        pytest.param("anho;Nexus;;;", "Feltet obtained_on er tomt", id="empty"),
        pytest.param("anho;Nexus;2026-01-05;;a;b;c", "flere felter", id="too long"),
        pytest.param("anho;Sikker brug af it;2026-01-05;;", "selv skriver under", id="somebody else's signature"),
        pytest.param("gone;Nexus;2026-01-05;;", "Vi kender ingen medarbejder", id="somebody who left"),
        pytest.param("frem;Nexus;2026-01-05;;", "Vi kender ingen medarbejder", id="somebody else's employee"),
    ],
)
def test_a_line_that_cannot_be_used_keeps_all_from_being_written(desk, browse, anna, coordinator, taught, line, why):
    guideline(desk)
    desk.person(initials="gone", is_active=False)
    desk.person(initials="frem", unit=desk.customer())
    browser = browse(coordinator)

    kept = send(browser, desk, f"person;course;obtained_on;expires_on;evidence\n{line}\n")

    assert why in browser.get(kept.location).text
    assert browser.post(kept.location, data={"fingerprint": ""}).status_code == 422
    assert desk.count(Record) == 0


@pytest.mark.parametrize("text", ["", "navn;kursus\nAnna;Nexus\n", "\x00\x01"], ids=["empty", "columns", "binary"])
def test_what_is_no_such_file_is_refused_at_once(desk, browse, coordinator, text):
    assert send(browse(coordinator), desk, text).status_code == 422


def test_a_file_is_its_senders(desk, browse, coordinator, anna, taught):
    desk.person(email="bo@testby.example")
    kept = send(browse(coordinator), desk, GOOD)

    assert browse(desk.person(Role.TRAINING_COORDINATOR)).get(kept.location).status_code == 404
    assert browse(anna).get("/training/import").status_code == 404


def test_what_changed_meanwhile_is_shown_again(desk, browse, coordinator, anna, taught):
    desk.person(email="bo@testby.example")
    browser = browse(coordinator)
    kept = send(browser, desk, GOOD)
    page = browser.get(kept.location).text
    record(desk, anna, taught, date(2026, 1, 5), source=Source.IMPORT)
    fingerprint = page.partition('name="fingerprint" value="')[2].partition('"')[0]

    answer = browser.post(kept.location, data={"fingerprint": fingerprint})

    assert answer.status_code == 422
    assert "Noget er ændret" in answer.text
