"""The employee's own page, and signing guidelines."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.training.models import Record
from servicedesk.training.rules import Source
from tests.training_made import course, guideline, record, require, session


def test_an_employee_sees_what_to_learn_and_signs_up_right_there(desk, browse, anna, nexus):
    taught = course(desk, "Nexus for begyndere", nexus)
    require(desk, taught, nexus, note="Alle, der dokumenterer, skal kunne det.")
    held = session(desk, taught, place="Byrådssalen")

    page = browse(anna).get("/me/training").text

    assert "Et kursus mangler" in page
    assert "Alle, der dokumenterer, skal kunne det." in page
    assert f'action="/training/sessions/{held.id}/sign-up"' in page


def test_a_course_asked_for_twice_stands_there_once(desk, browse, anna, nexus):
    taught, other = course(desk, "Sikkert login"), desk.system("SBSYS")
    require(desk, taught, nexus)
    require(desk, taught, other)

    page = browse(anna).get("/me/training").text

    assert page.count("training-task-name") == 1
    assert "Til Nexus, SBSYS" in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("classroom", "Kurset er ikke sat på kalenderen endnu."),
        ("local", "Bed din superbruger om at vise dig det."),
        ("elearning", "https://kurser.example/nexus"),
        ("guideline", "Læs og skriv under"),
    ],
)
def test_there_is_a_way_to_each_kind(desk, browse, anna, kind, said):
    require(desk, course(desk, kind=kind))

    assert said in browse(anna).get("/me/training").text


def test_who_lacks_nothing_is_told_so(desk, browse, anna):
    taught = course(desk)
    require(desk, taught)
    record(desk, anna, taught, evidence="Bevis nr. 12")

    page = browse(anna).get("/me/training").text

    assert "Du har det, du skal have" in page
    assert "Bevis nr. 12" in page


def test_of_whom_nothing_is_required_is_told_so(browse, anna):
    assert "Der er ikke noget, du skal lære lige nu" in browse(anna).get("/me/training").text


def test_the_start_page_tells_who_is_behind(desk, browse, anna):
    assert "Du skal lære" not in browse(anna).get("/").text

    require(desk, course(desk, "Nexus for begyndere"))

    assert "Nexus for begyndere" in browse(anna).get("/").text


def test_a_page_asks_the_same_whatever_there_is(desk, browse, anna, nexus, queries):
    browser = browse(anna)
    require(desk, course(desk, "Kursus 0", nexus), nexus)
    browser.get("/me/training")
    with queries() as few:
        browser.get("/me/training")
    for number in range(1, 9):
        taught = course(desk, f"Kursus {number}", nexus)
        require(desk, taught, nexus)
        session(desk, taught)
        record(desk, anna, course(desk, f"Andet {number}"))
    with queries() as many:
        browser.get("/me/training")

    assert len(many) <= len(few) + 2


# ------------------------------------------------------------------------------------------------ guidelines


def test_a_guideline_is_read_ticked_and_signed(desk, browse, anna):
    safe = guideline(desk, body="Lås skærmen, **hver gang**.")
    require(desk, safe)
    browser = browse(anna)
    assert "<strong>hver gang</strong>" in browser.get(f"/training/guidelines/{safe.id}").text

    refused = browser.post(f"/training/guidelines/{safe.id}/signature", data={"version": "1"})
    signed = browser.post(f"/training/guidelines/{safe.id}/signature", data={"version": "1", "has_read": "1"})

    assert (refused.status_code, signed.status_code) == (422, 303)
    [row] = desk.all(Record)
    assert (row.person_id, row.source, row.version) == (anna.id, Source.SIGNATURE, 1)
    assert "I orden" in browser.get("/me/training").text


def test_a_new_version_asks_again(desk, browse, anna, coordinator):
    safe = guideline(desk)
    require(desk, safe)
    browser = browse(anna)
    browser.post(f"/training/guidelines/{safe.id}/signature", data={"version": "1", "has_read": "1"})

    new = {"body": "Lås skærmen, og del aldrig koden.", "news": "Koden er din egen.", "seen": "1"}
    browse(coordinator).post(f"/training/guidelines/{safe.id}/versions/new", data=new)

    assert "Udløbet" in browser.get("/me/training").text
    assert "Koden er din egen." in browser.get(f"/training/guidelines/{safe.id}").text
    late = browser.post(f"/training/guidelines/{safe.id}/signature", data={"version": "1", "has_read": "1"})
    assert (late.status_code, desk.count(Record)) == (409, 1)
    browser.post(f"/training/guidelines/{safe.id}/signature", data={"version": "2", "has_read": "1"})
    assert "I orden" in browser.get("/me/training").text


def test_two_coordinators_do_not_publish_over_each_other(desk, browse, coordinator):
    safe = guideline(desk)
    address = f"/training/guidelines/{safe.id}/versions/new"
    browse(coordinator).post(address, data={"body": "Den ene", "seen": "1"})

    answer = browse(coordinator).post(address, data={"body": "Den anden", "seen": "1"})

    assert answer.status_code == 409
    assert "Den anden" in answer.text


def test_signing_twice_is_signing_once(desk, browse, anna):
    safe = guideline(desk)
    for _ in range(2):
        browse(anna).post(f"/training/guidelines/{safe.id}/signature", data={"version": "1", "has_read": "1"})

    assert desk.count(Record) == 1


# ------------------------------------------------------------------------------------------------ local instruction


def test_a_superbruger_notes_whom_he_showed_it(desk, browse, anna, care):
    local = course(desk, "Nexus på mobilen", kind="local")
    helper = desk.person(Role.SUPERBRUGER, unit=care, over=care, name="Jonas Engholt")

    answer = browse(helper).post(f"/training/instructions/{local.id}", data={"on": "2026-03-02", "people": [anna.id]})

    assert answer.status_code == 303
    [row] = desk.all(Record)
    assert (row.person_id, row.source, row.evidence) == (anna.id, Source.INSTRUCTION, "Jonas Engholt")


@pytest.mark.parametrize("whom", ["elsewhere", "himself", "gone", "nobody"])
def test_a_superbruger_notes_it_only_for_present_colleagues_of_the_own_units(desk, browse, care, whom):
    local = course(desk, kind="local")
    helper = desk.person(Role.SUPERBRUGER, unit=care, over=care)
    people = {
        "elsewhere": desk.person(unit=desk.unit()),
        "himself": helper,
        "gone": desk.person(unit=care, is_active=False),
    }
    chosen = [people[whom].id] if whom in people else []

    answer = browse(helper).post(f"/training/instructions/{local.id}", data={"on": "2026-03-02", "people": chosen})

    assert (answer.status_code, desk.count(Record)) == (422, 0)
