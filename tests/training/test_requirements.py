"""What is required of whom: shown before it is saved, changed, withdrawn."""

from datetime import date

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.training.models import Requirement
from tests.training_made import course, record, require


def given(of, **fields):
    return {
        "course_id": of.id,
        "strength": "mandatory",
        "deadline_days": "30",
        "starts_on": "2026-01-01",
        **{name: str(value) for name, value in fields.items()},
    }


def test_a_coordinator_sees_whom_it_concerns_before_saving(desk, browse, anna, coordinator, nexus, care):
    taught = course(desk, "Nexus", nexus)
    record(desk, anna, taught)
    for _ in range(2):
        desk.person(unit=desk.unit(care))
    told = given(taught, system_id=nexus.id, unit_id=care.id)

    shown = browse(coordinator).post("/training/requirements/new", data=told)

    assert "Kravet gælder 3 medarbejdere" in shown.text
    assert "2 af dem har det ikke endnu." in shown.text
    assert desk.count(Requirement) == 0

    saved = browse(coordinator).post("/training/requirements/new", data={**told, "save": "1"})

    assert saved.status_code == 303
    assert desk.count(AuditLine, action="requirement_made") == 1
    page = browse(coordinator).get(saved.location).text
    assert "1 af 3" in page
    assert "33 %" in page


@pytest.mark.parametrize(
    ("narrowed", "people"),
    [
        pytest.param({}, 4, id="everybody"),
        pytest.param({"title": "sygeplejerske"}, 1, id="a title"),
        pytest.param({"role": "superbruger"}, 1, id="a role"),
        pytest.param({"title": "Lærer"}, 0, id="nobody"),
    ],
)
def test_a_requirement_can_be_about_a_role_or_a_title(desk, browse, anna, coordinator, chief, narrowed, people):
    desk.person(Role.SUPERBRUGER)

    shown = browse(coordinator).post("/training/requirements/new", data=given(course(desk), **narrowed))

    assert f"Kravet gælder {people} medarbejder" in shown.text


def test_it_is_changed_and_the_change_is_noted(desk, browse, coordinator):
    one = require(desk, course(desk))
    told = given(desk.all(Requirement)[0].course_id and course(desk, "Et andet"), seen=1, save=1)

    answer = browse(coordinator).post(f"/training/requirements/{one.id}/edit", data=told)

    assert answer.status_code == 303
    [line] = desk.all(AuditLine, action="requirement_changed")
    assert line.facts["changes"]["starts_on"] == ["2020-01-01", "2026-01-01"]
    old = browse(coordinator).post(f"/training/requirements/{one.id}/edit", data=told)
    assert old.status_code == 409


def test_it_is_withdrawn_with_a_reason_and_nobody_is_asked_any_more(desk, browse, anna, coordinator):
    one = require(desk, course(desk, "Nexus"))
    address = f"/training/requirements/{one.id}/withdrawal"

    assert browse(coordinator).post(address, data={"reason": ""}).status_code == 422
    browse(coordinator).post(address, data={"reason": "Systemet er udfaset"})

    row = desk.get(Requirement, one.id)
    assert (row.withdrawn_by_id, row.withdrawn_why) == (coordinator.id, "Systemet er udfaset")
    assert "Nexus" not in browse(anna).get("/me/training").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("course_id", ""),
        ("course_id", "99999"),
        ("system_id", "99999"),
        ("unit_id", "99999"),
        ("role", "konge"),
        ("strength", "måske"),
        ("deadline_days", "-1"),
        ("deadline_days", "99999999999999999999999"),
        ("validity_months", "0"),
        ("starts_on", "i morgen"),
        ("ends_on", "2020-01-01"),
        ("title", "x" * 300),
    ],
)
def test_what_cannot_be_is_refused(desk, browse, coordinator, field, value):
    told = {**given(course(desk)), field: value, "save": "1"}

    answer = browse(coordinator).post("/training/requirements/new", data=told)

    assert (answer.status_code, desk.count(Requirement)) == (422, 0)


def test_a_coordinator_of_a_part_requires_nothing_of_others(desk, browse, care, anna):
    part = desk.person(Role.TRAINING_COORDINATOR, over=care)
    taught, elsewhere = course(desk), desk.unit(name="Skolen")
    browser = browse(part)

    for unit in ("", elsewhere.id, desk.home.id):
        refused = browser.post("/training/requirements/new", data=given(taught, unit_id=unit, save=1))
        assert refused.status_code == 422
    assert browser.post("/training/requirements/new", data=given(taught, unit_id=care.id, save=1)).status_code == 303
    whole = require(desk, taught)
    assert browser.get(f"/training/requirements/{whole.id}/edit").status_code == 404
    assert browser.get("/training/courses/new").status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPORTER, Role.MANAGER, Role.SUPERBRUGER, Role.ADMINISTRATOR, None])
def test_others_do_not_say_what_is_required(desk, browse, role):
    browser = browse(desk.person(*([role] if role else [])))

    assert browser.get("/training/requirements").status_code == 404
    assert browser.post("/training/requirements/new", data=given(course(desk), save=1)).status_code == 404


def test_the_servicedesk_manager_may_too(desk, browse):
    manager = desk.person(Role.SERVICEDESK_MANAGER)

    answer = browse(manager).post("/training/requirements/new", data=given(course(desk), save=1))

    assert answer.status_code == 303


def test_the_list_asks_the_same_however_many_there_are(desk, browse, coordinator, nexus, queries):
    browser = browse(coordinator)
    require(desk, course(desk, "Kursus 0"), nexus)
    browser.get("/training/requirements")
    with queries() as few:
        browser.get("/training/requirements")
    for number in range(1, 8):
        desk.person()
        require(desk, course(desk, f"Kursus {number}"), nexus, starts_on=date(2025, 1, 1))
    with queries() as many:
        browser.get("/training/requirements")

    assert len(many) == len(few)
