"""The search behind fields that complete a name."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.organisation import choosing
from servicedesk.organisation.policy import PersonPermission


@pytest.fixture
def find(desk):
    def finding(q, who, permission=PersonPermission.FIND):
        with desk.app.app_context():
            return [person.name for person in choosing.choose(q, desk.actor(who), permission)]

    return finding


@pytest.mark.parametrize(
    "q",
    ["anne", "ANNE", "jens", "anne jens", "jensen a", "lise", "anje", "anje@", "1234 5678", "12345", "+45 12345678"],
)
def test_people_are_found_by_the_beginnings_of_what_they_are_called(desk, find, q):
    desk.person(name="Anne-Lise Jensen", initials="anje", email="anje@testby.dk", phone="12 34 56 78")
    desk.person(name="Bo Hansen", phone="99 88 77 66")

    assert find(q, desk.person(Role.SUPPORTER, name="Zenia")) == ["Anne-Lise Jensen"]


@pytest.mark.parametrize("q", ["åse", "Åse", "ÅSE", "ærø", "ÆRØ"])
def test_danish_letters_have_two_cases(desk, find, q):
    desk.person(name="Åse Ærø")

    assert find(q, desk.person(Role.SUPPORTER)) == ["Åse Ærø"]


@pytest.mark.parametrize("q", ["%", "_", "*", "", " ", "\\", "%%%", "a_ne", "e", "'", '"'])
def test_signs_stand_for_themselves(desk, find, q):
    """A012."""
    desk.person(name="Anne Jensen")

    assert find(q, desk.person(Role.SUPPORTER, name="Bo")) == []


def test_at_most_twenty_are_answered(desk, find):
    """A012."""
    for number in range(25):
        desk.person(name=f"Anders {number:02}")

    assert len(find("a", desk.person(Role.SUPPORTER))) == 20


def test_an_employee_finds_nobody_but_himself(desk, find):
    """A012."""
    desk.person(name="Anne Hansen")
    employee = desk.person(name="Anne Jensen")

    assert find("anne", employee) == ["Anne Jensen"]


def test_nobody_finds_people_of_another_customer_or_part(desk, find):
    """A012."""
    area = desk.unit()
    desk.person(name="Anne Inde", unit=area)
    desk.person(name="Anne Ude")
    desk.person(name="Anne Fremmed", unit=desk.customer())
    desk.person(name="Anne Fratrådt", unit=area, is_active=False)

    assert find("anne", desk.person(Role.SUPERBRUGER, over=area, name="Bo")) == ["Anne Inde"]
    assert find("anne", desk.person(Role.SUPPORTER, name="Bo")) == ["Anne Inde", "Anne Ude"]
