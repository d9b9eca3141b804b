"""Keeping the lists of topics tidy, and saying what kind of place each unit is."""

import pytest

from servicedesk.competence.models import Offer, TicketTopic, Topic, UnitKind
from servicedesk.core.actor import Role
from tests.competence_made import course


@pytest.fixture
def named(desk, town):
    town.solved(topic="Genåbne en sag")
    town.solved(topic="Åbne sag igen")
    town.reopen, town.again = desk.all(Topic)
    return town


def change(browse, person, topic, **told):
    return browse(person).post(f"/competence/topics/{topic.id}", data={"name": topic.name, **told})


@pytest.mark.parametrize("who", ["chief", "coordinator", "owner", "manager of the system"])
def test_who_keeps_the_system_keeps_its_topics(desk, browse, town, who):
    if who == "owner":
        person = desk.person(Role.SYSTEM_OWNER, over=town.aula)
    elif who == "manager of the system":
        person = desk.person()
        town.aula = desk.system("Opus", manager=person)
    else:
        person = getattr(town, who)
    town.solved(topic="Genåbne en sag", system=town.aula)
    [topic] = desk.all(Topic)
    assert "Genåbne en sag" in browse(person).get("/competence/topics").text
    assert change(browse, person, topic, name="Åbne en sag igen").status_code == 303
    assert desk.get(Topic, topic.id).name == "Åbne en sag igen"


def test_for_others_it_does_not_exist(desk, browse, named):
    foreign = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer())
    for person in (named.teacher, named.supporter, foreign):
        assert browse(person).get(f"/competence/topics/{named.reopen.id}").status_code == 404
        assert change(browse, person, named.reopen, name="Nej").status_code == 404


def test_a_name_that_another_has_is_refused_and_the_page_says_what_to_do(desk, browse, named):
    answer = change(browse, named.chief, named.again, name="genåbne en sag")
    assert answer.status_code == 422 and "Læg dem sammen i stedet" in answer.text
    assert desk.get(Topic, named.again.id).name == "Åbne sag igen"


def test_two_who_change_it_at_once_do_not_overwrite_each_other(browse, named):
    assert change(browse, named.chief, named.reopen, name="Først", seen="1").status_code == 303
    assert change(browse, named.coordinator, named.reopen, name="Så", seen="1").status_code == 409


def test_merging_moves_the_tickets_and_the_name_is_free_again(desk, browse, named):
    browse(named.chief).post(f"/competence/topics/{named.again.id}/merging", data={"into": named.reopen.id})
    assert {row.topic_id for row in desk.all(TicketTopic)} == {named.reopen.id}
    assert browse(named.chief).get(f"/competence/topics/{named.again.id}").status_code == 404
    named.solved(topic="Åbne sag igen")
    assert desk.count(Topic) == 3


def test_topics_of_different_systems_are_not_merged(desk, browse, named):
    named.solved(topic="Andet", system=desk.system("Opus"))
    *_rest, other = desk.all(Topic)
    answer = browse(named.chief).post(f"/competence/topics/{other.id}/merging", data={"into": named.reopen.id})
    assert answer.status_code == 422
    assert desk.get(Topic, other.id).merged_into_id is None


def test_a_topic_says_what_is_offered(desk, browse, named):
    kom = course(desk, named.aula, "Om sager")
    assert change(browse, named.chief, named.reopen, remedy=f"course-{kom.id}").status_code == 303
    named.solved(topic="Genåbne en sag", suggestion="fitting")
    [offer] = desk.all(Offer)
    assert offer.course_id == kom.id
    foreign = course(desk, desk.system("Opus"), "Andet")
    assert change(browse, named.chief, named.reopen, remedy=f"course-{foreign.id}").status_code == 422


def test_the_coordinator_says_what_kind_each_unit_is(desk, browse, town):
    told = {f"kind-{town.first.id}": " Skole ", f"kind-{town.second.id}": "Skole"}
    assert browse(town.coordinator).post("/competence/kinds", data=told).status_code == 303
    assert {row.unit_id: row.kind for row in desk.all(UnitKind)} == {town.first.id: "Skole", town.second.id: "Skole"}
    browse(town.coordinator).post("/competence/kinds", data={f"kind-{town.first.id}": ""})
    assert [row.unit_id for row in desk.all(UnitKind)] == [town.second.id]
    assert browse(town.manager).post("/competence/kinds", data=told).status_code == 404


def test_another_customers_units_are_left_alone(desk, browse, town):
    foreign = desk.unit(desk.customer())
    browse(town.coordinator).post("/competence/kinds", data={f"kind-{foreign.id}": "Skole"})
    assert desk.count(UnitKind) == 0
