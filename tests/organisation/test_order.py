"""Lists of names, in the order of the Danish alphabet on either database."""

import re

import pytest

from servicedesk.core.actor import Role
from servicedesk.organisation import queries
from servicedesk.organisation.queries import PeopleFilter

NAMES = ["Anders Zimmer", "Zenia Aaby", "Ægir Bo", "Øster Bo", "Aage Bo", "Åge Co"]


@pytest.fixture
def administrator(desk):
    return desk.person(Role.ADMINISTRATOR, name="Administrator")


def shown(text: str, names: list[str]) -> list[str]:
    return re.findall("|".join(map(re.escape, names)), text)


def test_people_stand_in_order(desk, browse, administrator):
    for name in reversed(NAMES):
        desk.person(name=name)
    page = browse(administrator).get("/admin/people").text
    assert list(dict.fromkeys(shown(page, NAMES))) == NAMES


def test_one_page_of_people_goes_on_where_the_other_ended(app, desk, administrator):
    for name in NAMES:
        desk.person(name=name)
    who, seen, after = desk.actor(administrator), [], None
    with app.app_context():
        while True:
            page = queries.people(who, PeopleFilter(), after=after, size=2)
            seen += [person.name for person in page.rows]
            if (after := page.after) is None:
                break
    assert seen == ["Administrator", *NAMES]


def test_somebody_who_takes_another_name_moves(desk, browse, administrator):
    person = desk.person(name="Åse Aa", initials="asaa")
    told = {"name": "Anna Beck", "initials": "asaa", "unit_id": desk.home.id}
    browse(administrator).post(f"/admin/people/{person.id}", data=told)
    assert desk.get(type(person), person.id).sort_name == "anna beck"


def test_units_teams_and_systems_stand_in_order(desk, browse, administrator):
    names = ["Borgerservice 2", "Borgerservice 10", "Zoo", "Ældre", "Økonomi", "Aadal"]
    for name in reversed(names):
        desk.unit(name=name)
        desk.team(name=name)
        desk.system(name=name)
    browser = browse(administrator)
    for address in ("/admin/units", "/admin/teams", "/admin/systems", "/tickets/new"):
        # A longer name first, so that it is not taken for a shorter one.
        found = shown(browser.get(address).text, sorted(names, key=len, reverse=True))
        assert list(dict.fromkeys(found)) == names, address
