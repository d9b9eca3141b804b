"""Courses: added, changed, taken out of use."""

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation import imports
from servicedesk.organisation.imports.plan import Kind
from servicedesk.organisation.models import Person
from servicedesk.training.models import Course, CourseSystem
from tests.training_made import course, require

GIVEN = {"name": "Nexus for begyndere", "kind": "classroom", "minutes": "90", "description": "Om **journalen**."}


def test_a_coordinator_adds_a_course_for_several_systems(desk, browse, anna, coordinator, nexus):
    other = desk.system("SBSYS")

    answer = browse(coordinator).post("/training/courses/new", data={**GIVEN, "systems": [nexus.id, other.id]})

    assert answer.status_code == 303
    page = browse(anna).get(answer.location).text
    for seen in ("Nexus for begyndere", "<strong>journalen</strong>", "Nexus, SBSYS", "90 minutter"):
        assert seen in page
    assert "Ret kurset" not in page
    assert "Nexus for begyndere" in browse(anna).get("/training/courses").text


def test_it_is_changed_and_the_change_is_noted(desk, browse, coordinator, nexus):
    one = course(desk, "Nexus", nexus)
    told = {"name": "Nexus 2", "is_active": "1", "seen": "0"}

    browse(coordinator).post(f"/training/courses/{one.id}/edit", data=told)

    assert desk.get(Course, one.id).name == "Nexus 2"
    assert desk.count(CourseSystem) == 0
    [line] = desk.all(AuditLine, action="course_changed")
    assert line.facts["changes"] == {"name": ["Nexus", "Nexus 2"]}
    late = browse(coordinator).post(f"/training/courses/{one.id}/edit", data={**told, "name": "Nexus 3"})
    assert late.status_code == 409
    assert "Nexus 3" in late.text


def test_what_is_out_of_use_is_asked_of_nobody_and_seen_by_coordinators_only(desk, browse, anna, coordinator):
    one = course(desk, "Nexus")
    require(desk, one)
    browse(coordinator).post(f"/training/courses/{one.id}/edit", data={"name": "Nexus", "seen": "0"})

    assert browse(anna).get(f"/training/courses/{one.id}").status_code == 404
    assert "Nexus" not in browse(anna).get("/me/training").text
    assert "Ikke i brug" in browse(coordinator).get("/training/courses").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 300),
        ("kind", "strikning"),
        ("minutes", "-1"),
        ("minutes", "mange"),
        ("systems", "99999"),
        ("systems", "x"),
        ("link", "javascript:alert(1)"),
        ("link", "https://a b"),
    ],
)
def test_what_cannot_be_is_refused(desk, browse, coordinator, field, value):
    answer = browse(coordinator).post("/training/courses/new", data={**GIVEN, field: value})

    assert (answer.status_code, desk.count(Course)) == (422, 0)


def test_e_learning_needs_its_address(desk, browse, coordinator):
    told = {**GIVEN, "kind": "elearning"}

    assert browse(coordinator).post("/training/courses/new", data=told).status_code == 422
    told["link"] = "https://kurser.example/?a=1&b=2"
    assert browse(coordinator).post("/training/courses/new", data=told).status_code == 303


def test_two_courses_are_not_called_the_same(desk, browse, coordinator):
    course(desk, "Nexus for begyndere")

    assert browse(coordinator).post("/training/courses/new", data=GIVEN).status_code == 422


@pytest.mark.parametrize("role", [Role.SUPPORTER, Role.MANAGER, Role.ADMINISTRATOR, None])
def test_others_do_not_change_courses(desk, browse, role):
    one = course(desk)
    browser = browse(desk.person(*([role] if role else [])))

    for address in ("/training/courses/new", f"/training/courses/{one.id}/edit"):
        assert browser.post(address, data=GIVEN).status_code == 404


def test_since_when_somebody_is_employed_is_the_administrators_to_say(desk, browse, anna, care):
    administrator = desk.person(Role.ADMINISTRATOR)
    told = {"name": "Anna Holm", "initials": "anho", "unit_id": care.id, "employed_since": "2026-02-01"}

    answer = browse(administrator).post(f"/admin/people/{anna.id}", data=told)

    assert answer.status_code == 303
    assert str(desk.get(type(anna), anna.id).employed_since) == "2026-02-01"
    [line] = desk.all(AuditLine, action="person_changed")
    assert line.facts["changes"]["employed_since"] == [None, "2026-02-01"]
    assert 'value="2026-02-01"' in browse(administrator).get(f"/admin/people/{anna.id}").text


def test_a_files_days_of_employment_are_read(desk):
    desk.unit(external_id="u1")
    text = "id;initials;name;unit_id;employed_since\n1;bo;Bo;u1;01-02-2026\n2;ib;Ib;u1;{}\n"
    given = (Kind.PERSONS, desk.home.id)

    with desk.app.app_context():
        wrong = imports.preview(*given, text.format("i går").encode(), by=SYSTEM, now=clock.now())
        imports.run(*given, text.format("").encode(), by=SYSTEM, now=clock.now())

    assert [refusal.line for refusal in wrong.refused] == [3]
    assert {one.name: str(one.employed_since) for one in desk.all(Person)} == {"Bo": "2026-02-01", "Ib": "None"}
