"""The map: where somebody helps, and where nobody does."""

from datetime import timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.organisation.models import Absence, Person
from servicedesk.superbrugere import coverage
from servicedesk.superbrugere.rules import Leeway
from tests.desk import local_today
from tests.superbrugere_made import appoint, publish


@pytest.fixture
def place(desk):
    """Two schools with one teacher each, a system for everybody and one that only the first uses."""

    class Place:
        first, second = desk.unit(name="Bakkeskolen"), desk.unit(name="Skovskolen")
        teacher, other = desk.person(unit=first), desk.person(unit=second)
        aula, labels = desk.system("Aula"), desk.system("Labels", unit=first)

    return Place


def send_away(desk, person, deputy=None):
    today = local_today()
    fields = {"starts_on": today, "ends_on": today + timedelta(days=5), "deputy_id": deputy.id if deputy else None}
    desk.add(Absence(person_id=person.id, customer_id=person.customer_id, **fields))


def gaps(desk, app):
    with app.app_context():
        found = coverage.of_customer(desk.home.id, local_today())
        return {(line.unit.name, system.name) for line in found.lines for system in line.missing}


def test_a_gap_is_a_system_that_a_unit_uses_with_nobody_there(desk, app, place):
    everything = {("Bakkeskolen", "Aula"), ("Bakkeskolen", "Labels"), ("Skovskolen", "Aula")}
    assert gaps(desk, app) == everything
    appoint(desk, place.teacher, place.first, systems=[place.aula])
    assert gaps(desk, app) == everything - {("Bakkeskolen", "Aula")}
    appoint(desk, place.other, place.second)
    assert gaps(desk, app) == {("Bakkeskolen", "Labels")}


def test_an_absence_makes_a_gap_and_a_deputy_fills_it(desk, app, place):
    appoint(desk, place.teacher, desk.home)
    assert gaps(desk, app) == set()
    send_away(desk, place.teacher)
    assert len(gaps(desk, app)) == 3
    deputy = desk.person()
    helper = desk.person(name="Karen Dam")
    appoint(desk, helper, desk.home, deputy=deputy)
    send_away(desk, helper)
    assert ("Skovskolen", "Aula") not in gaps(desk, app)


def test_who_has_left_helps_nobody(desk, app, place):
    appoint(desk, place.teacher, desk.home)
    with desk.writing() as session:
        session.get_one(Person, place.teacher.id).is_active = False
    assert ("Skovskolen", "Aula") in gaps(desk, app)


def test_nobody_lacks_for_what_superbrugere_must_not_touch(desk, app, place):
    publish(desk, place.aula, incident=Leeway.NEVER, request=Leeway.NEVER)
    assert gaps(desk, app) == {("Bakkeskolen", "Labels")}


@pytest.mark.parametrize("show", ["units", "systems"])
def test_the_page_says_it_in_words_and_leads_to_the_form(desk, browse, place, show):
    appoint(desk, place.other, place.second)
    page = browse(desk.person(Role.SERVICEDESK_MANAGER, unit=place.second)).get(f"/superbrugere/map?show={show}").text
    assert "1 af 2 enheder mangler en superbruger" in page
    assert "Mangler" in page
    assert f"unit={place.first.id}&amp;system={place.aula.id}" in page
    assert "appointments/new" not in browse(place.teacher).get(f"/superbrugere/map?show={show}").text


def test_a_part_of_the_tree_and_only_those_that_lack(desk, browse, place):
    sfo = desk.unit(place.first, name="SFO Bakken")
    desk.person(unit=sfo)
    appoint(desk, place.teacher, place.first, below=False)
    part = browse(place.teacher).get(f"/superbrugere/map?unit={place.first.id}").text
    assert "1 af 2 enheder mangler" in part
    lacking = browse(place.teacher).get(f"/superbrugere/map?unit={place.first.id}&gaps=1&show=units").text
    assert '<th scope="row" data-label="Enhed">SFO Bakken' in lacking
    assert '<th scope="row" data-label="Enhed">Bakkeskolen' not in lacking


def test_it_can_be_had_as_csv_that_runs_nothing(desk, browse, place):
    desk.system("=cmd()")
    answer = browse(place.teacher).get("/superbrugere/map.csv")
    assert "Bakkeskolen" in answer.text and "Mangler" in answer.text
    assert "'=cmd()" in answer.text and "daekning.csv" in answer.headers["Content-Disposition"]


def test_many_units_and_systems_cost_as_many_questions_as_few(desk, app, queries, place):
    counts = []
    for many in (1, 6):
        for _ in range(many):
            unit = desk.unit()
            appoint(desk, desk.person(unit=unit), unit, systems=[desk.system()])
        with app.app_context(), queries() as asked:
            coverage.of_customer(desk.home.id, local_today())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
