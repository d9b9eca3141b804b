"""The map and the figures: who sees what, and that each figure opens its tickets."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text

from servicedesk.competence import counting, need
from servicedesk.competence.models import TicketTopic, UnitKind
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.core.periods import Period
from servicedesk.tickets.workflow import Cause
from servicedesk.training.models import Record, Requirement
from servicedesk.training.rules import Source
from tests.competence_made import course
from tests.desk import local_today
from tests.superbrugere_made import appoint


def cells(browse, person, path="/competence/map.csv"):
    """By unit and system: the figures of the map as a file."""
    answer = browse(person).get(path)
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.text.strip("\ufeff")), delimiter=";"))
    return {(row[0], row[2]): dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


@pytest.fixture
def counted(desk, town):
    """Two tickets at the first school, one at the second, and some that do not count."""
    town.solved(topic="Genåbne en sag")
    town.solved(topic="Genåbne en sag")
    town.solved(town.other)
    town.solved(town.other, cause=Cause.FAULT)
    town.solved(town.other, ago=500)
    return town


def test_tickets_are_counted_where_they_came_from(browse, counted):
    found = cells(browse, counted.chief)
    assert found["Bakkeskolen", "Aula"]["Henvendelser"] == "2"
    assert found["Skovskolen", "Aula"]["Henvendelser"] == "1"
    assert found["Skovskolen", "Aula"]["Brugere"] == "1"


def test_secret_tickets_are_no_part_of_it(desk, browse, counted):
    with desk.writing() as session:
        session.execute(
            text("UPDATE ticket SET secrecy = 'confidential' WHERE unit_id = :id"), {"id": counted.first.id}
        )
    assert cells(browse, counted.chief)["Bakkeskolen", "Aula"]["Henvendelser"] == "0"


def test_each_sees_the_own_part(desk, browse, counted):
    opus = desk.system("Opus")
    owner = desk.person(Role.SYSTEM_OWNER, over=counted.aula, unit=counted.second)
    helper = desk.person(unit=counted.first)
    appoint(desk, helper, counted.first, systems=[counted.aula])
    assert {unit for unit, _system in cells(browse, counted.manager)} == {"Bakkeskolen"}
    assert {system for _unit, system in cells(browse, owner)} == {"Aula"}
    assert set(cells(browse, helper)) == {("Bakkeskolen", "Aula")}
    everything = {system for _unit, system in cells(browse, counted.coordinator)}
    assert everything == {"Aula", opus.name}


def test_for_those_without_a_part_in_it_there_is_no_such_page(desk, browse, counted):
    foreign = desk.customer()
    stranger = desk.person(Role.SERVICEDESK_MANAGER, unit=foreign)
    for person in (counted.teacher, counted.supporter):
        assert browse(person).get("/competence").status_code == 404
    assert browse(stranger).get(f"/competence?customer={desk.home.id}").status_code == 404
    place = f"/competence/places/{counted.second.id}/{counted.aula.id}"
    assert browse(stranger).get(place).status_code == 404
    assert browse(counted.manager).get(place).status_code == 404
    assert browse(counted.coordinator).get(place).status_code == 200


def test_the_file_runs_nothing(desk, browse, town):
    unit = desk.unit(name="=cmd()")
    desk.person(unit=unit)
    town.solved(desk.person(unit=unit))
    assert "'=cmd()" in browse(town.chief).get("/competence/map.csv").text


def test_the_map_is_a_real_table_that_says_everything_in_words(browse, counted):
    page = browse(counted.chief).get("/competence").text
    assert '<th scope="row">Bakkeskolen' in page and '<th scope="col">Aula</th>' in page
    assert re.search(r"[■□]{4}</span> <strong class=\"need-figure\">[\d,]+</strong><span class=\"sr-only\">, ", page)


def test_a_figure_opens_its_tickets(browse, counted):
    """As many as it says, and no others: of the unit alone, of the topic, and of the system."""
    browser = browse(counted.chief)
    page = browser.get("/competence/counts").text
    found = re.findall(r'href="(/queue\?[^"]+)">(\d+)<span', page)
    assert len(found) == 4  # a topic, a system, two units
    for address, number in found:
        listed = browser.get(unescape(address)).text
        assert len(set(re.findall(r'href="/tickets/(\d+)', listed))) == int(number), address


def test_the_queue_says_what_it_is_narrowed_to(browse, counted):
    page = browse(counted.supporter).get(f"/queue?show=all&cause=missing_competence&mark=unit-{counted.first.id}").text
    assert "Årsag: Manglende kompetence" in page and "Kun Bakkeskolen selv" in page
    assert browse(counted.supporter).get("/queue?cause=nonsense&mark=topic-x&mark=zzz-1").status_code == 200


def test_it_can_be_narrowed_to_a_part_and_to_a_kind(desk, browse, counted):
    desk.add(UnitKind(unit_id=counted.second.id, customer_id=desk.home.id, kind="Skole"))
    part = cells(browse, counted.chief, f"/competence/map.csv?unit={counted.first.id}")
    assert {unit for unit, _system in part} == {"Bakkeskolen"}
    kind = cells(browse, counted.chief, "/competence/map.csv?kind=Skole")
    assert {unit for unit, _system in kind} == {"Skovskolen"}
    assert cells(browse, counted.chief, "/competence/map.csv?unit=999999") == {}


# ------------------------------------------------------------------------------------------------ coverage


@pytest.fixture
def required(desk, town):
    """Everybody who uses Aula is to take a course; the teacher has."""
    kom = course(desk, town.aula)
    today = local_today()
    rule = {"course_id": kom.id, "system_id": town.aula.id, "starts_on": today - timedelta(days=90)}
    desk.add(Requirement(customer_id=desk.home.id, made_at=clock.now(), **rule))
    held = {"person_id": town.teacher.id, "course_id": kom.id, "obtained_on": today, "source": Source.MANUAL}
    desk.add(Record(customer_id=desk.home.id, made_at=clock.now(), **held))
    return town


def test_the_coordinator_and_the_manager_see_who_is_trained(desk, browse, required):
    place = f"/competence/places/{required.first.id}/{required.aula.id}"
    for person in (required.coordinator, required.manager):
        page = browse(person).get(place).text
        assert "1 af 2, der skal have et kursus til systemet, har det (50" in page
        assert "Anna Lærer" in page and "Skolelederen" in page


def test_an_owner_sees_no_share_of_a_few_and_never_a_name(desk, browse, required):
    owner = desk.person(Role.SYSTEM_OWNER, over=required.aula, unit=required.second)
    place = f"/competence/places/{required.first.id}/{required.aula.id}"
    page = browse(owner).get(place).text
    assert "Færre end 5" in page and "50 %" not in page and "Anna Lærer" not in page
    assert cells(browse, owner)["Bakkeskolen", "Aula"]["Har det"] == ""
    for _ in range(3):
        desk.person(unit=required.first)
    page = browse(owner).get(place).text
    assert "1 af 5" in page and "Anna Lærer" not in page


def test_a_superbruger_sees_counts_and_nothing_of_training(desk, browse, required):
    helper = desk.person(unit=required.first)
    appoint(desk, helper, required.first)
    required.solved()
    page = browse(helper).get(f"/competence/places/{required.first.id}/{required.aula.id}").text
    assert "der skal have et kursus til systemet, har det" not in page and "Træning</h2>" not in page
    assert "trænet</span>" not in browse(helper).get("/competence").text


def test_who_has_left_counts_nowhere(desk, browse, required):
    with desk.writing() as session:
        session.execute(text("UPDATE person SET is_active = false WHERE id = :id"), {"id": required.teacher.id})
    page = browse(required.coordinator).get(f"/competence/places/{required.first.id}/{required.aula.id}").text
    assert "Anna Lærer" not in page and "0 af 1" in page


# ------------------------------------------------------------------------------------------------ costs


def test_more_units_and_systems_cost_as_many_questions(desk, browse, town, queries):
    counts = []
    for _ in range(2):
        for _ in range(4):
            town.solved(desk.person(unit=desk.unit()), system=desk.system(), topic="Emne")
        browser = browse(town.chief)
        with queries() as asked:
            assert browser.get("/competence").status_code == 200
        with queries() as of_counts:
            assert browser.get("/competence/counts").status_code == 200
        counts.append((len(asked), len(of_counts)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 22


def test_the_count_runs_along_its_index(desk, app, town):
    town.solved()
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("a table of a few rows is read through on PostgreSQL")
        asked = counting.place_query(desk.home.id, clock.now() - timedelta(days=365), clock.now())
        query = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True}))
        plan = str(db.session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
    assert "COVERING INDEX ix_ticket_of_competence" in plan


def test_merged_topics_lead_to_the_same_tickets(desk, browse, counted):
    counted.solved(topic="Åbne sag igen")
    first, second = (row.topic_id for row in desk.all(TicketTopic)[1:])
    answer = browse(counted.chief).post(f"/competence/topics/{second}/merging", data={"into": first})
    assert answer.status_code == 303
    listed = browse(counted.chief).get(f"/queue?show=all&mark=topic-{second}").text
    assert len(set(re.findall(r'href="/tickets/(\d+)', listed))) == 3


def test_a_tiny_unit_does_not_top_the_proposals(desk, app, town):
    """Forty people with thirty tickets come before one person with two, whose raw rate is higher."""
    busy = desk.unit(name="Storskolen")
    people = [desk.person(unit=busy) for _ in range(12)]
    for number in range(14):
        town.solved(people[number % 12])
    for _ in range(2):
        town.solved(town.other)
    for number in range(6):
        calm = desk.unit(name=f"Rolig {number}")
        for _ in range(8):
            desk.person(unit=calm)
    today = local_today()
    with app.app_context():
        found = need.read(desk.home.id, Period(today - timedelta(days=364), today), desk.actor(town.chief))
        [first, *_rest] = need.proposals(found, 45)
    assert first.cell.unit.name == "Storskolen"
