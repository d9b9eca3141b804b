"""The register of systems: who may change it, and what a person may choose from it."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation.models import RoleGrant
from servicedesk.systems import queries
from servicedesk.systems.models import System, SystemUnit


@pytest.fixture
def choosable(desk):
    def choosing(person):
        with desk.app.app_context():
            return [system.name for system in queries.choosable(desk.actor(person))]

    return choosing


def test_people_choose_what_is_used_where_they_work(desk, choosable):
    school, care = desk.unit(), desk.unit()
    desk.system("Aula", unit=school)
    desk.system("Nexus", unit=care)
    desk.system("Outlook")
    desk.system("Gammelt", is_active=False)
    desk.system("Fremmed", customer=desk.customer())

    assert choosable(desk.person(unit=desk.unit(desk.unit(school)))) == ["Aula", "Outlook"]
    assert choosable(desk.person(unit=care)) == ["Nexus", "Outlook"]
    assert choosable(desk.person()) == ["Outlook"]
    assert choosable(desk.person(Role.SUPPORTER)) == ["Aula", "Nexus", "Outlook"]
    assert choosable(desk.person(Role.SUPPORTER, over="everything")) == ["Aula", "Fremmed", "Nexus", "Outlook"]


def test_a_system_is_added_and_its_owner_gets_the_role(desk, browse):
    owner, team = desk.person(initials="ejer"), desk.team()
    browser = browse(desk.person(Role.SERVICEDESK_MANAGER))
    told = {"customer_id": desk.home.id, "name": "Opus", "owner": "EJER", "team_id": team.id}

    answer = browser.post("/admin/systems/new", data=told)

    assert answer.status_code == 303
    [system] = desk.all(System)
    assert (system.owner_id, system.team_id) == (owner.id, team.id)
    [grant] = desk.actor(owner).grants
    assert (grant.role, grant.system_id) == (Role.SYSTEM_OWNER, system.id)

    successor = desk.person(initials="ny", name="Ny Ejer")
    assert browser.post(f"/admin/systems/{system.id}", data={**told, "owner": "ny"}).status_code == 303
    assert desk.actor(owner).grants == ()
    assert desk.actor(successor).grants[0].system_id == system.id
    [line] = desk.all(AuditLine, action="system_changed")
    assert line.facts["changes"] == {"owner": [owner.name, "Ny Ejer"]}


def test_nobody_makes_himself_the_owner(desk, browse):
    """A026."""
    self = desk.person(Role.ADMINISTRATOR, initials="mig")
    system = desk.system("Løn")

    answer = browse(self).post(f"/admin/systems/{system.id}", data={"name": "Løn", "owner": "mig"})

    assert answer.status_code == 403
    assert desk.count(RoleGrant, person_id=self.id) == 1


def test_what_belongs_to_another_customer_cannot_be_used(desk, browse):
    other = desk.customer()
    unit, team, person = desk.unit(other), desk.team(customer=other), desk.person(unit=other, initials="fremmed")
    system, foreign = desk.system("Opus"), desk.system("Deres", customer=other)
    browser = browse(desk.person(Role.ADMINISTRATOR))

    assert browser.post(f"/admin/systems/{system.id}", data={"name": "Opus", "units": [unit.id]}).status_code == 404
    assert browser.post(f"/admin/systems/{system.id}", data={"name": "Opus", "team_id": team.id}).status_code == 404
    unknown = browser.post(f"/admin/systems/{system.id}", data={"name": "Nyt navn", "owner": person.initials})
    assert unknown.status_code == 422 and "Nyt navn" in unknown.text
    for address in (f"/admin/systems/{foreign.id}", f"/admin/systems/{foreign.id}/deactivation"):
        assert browser.post(address, data={"name": "Mit"}).status_code == 404
    assert browser.post("/admin/systems/new", data={"customer_id": other.id, "name": "Mit"}).status_code == 404
    assert desk.get(System, system.id).name == "Opus"
    assert desk.count(System) == 2


def test_whoever_runs_a_part_keeps_to_its_systems(desk, browse):
    part = desk.unit()
    own, everybodys = desk.system("Eget", unit=part), desk.system("Alles")
    browser = browse(desk.person(Role.SERVICEDESK_MANAGER, over=part))

    page = browser.get("/admin/systems").text
    assert "Eget" in page and "Alles" not in page
    assert browser.get(f"/admin/systems/{everybodys.id}").status_code == 404
    widened = browser.post(f"/admin/systems/{own.id}", data={"name": "Eget"})
    assert widened.status_code == 422
    assert [one.unit_id for one in desk.all(SystemUnit, system_id=own.id)] == [part.id]


def test_two_systems_of_a_customer_have_two_names(desk, browse):
    desk.system("Opus")
    told = {"customer_id": desk.home.id, "name": "Opus", "description": "Løn og økonomi"}

    answer = browse(desk.person(Role.ADMINISTRATOR)).post("/admin/systems/new", data=told)

    assert answer.status_code == 422
    assert "Der er allerede et system med det navn." in answer.text and "Løn og økonomi" in answer.text


def test_a_system_out_of_use_cannot_be_chosen(desk, browse, choosable):
    system = desk.system("Opus")
    person = desk.person()

    assert browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/systems/{system.id}/deactivation").status_code == 303
    assert choosable(person) == []


@pytest.mark.parametrize("role", [None, Role.SUPERBRUGER, Role.SUPPORTER, Role.MANAGER, Role.SYSTEM_OWNER])
def test_others_do_not_know_the_register(desk, browse, role):
    system = desk.system()
    browser = browse(desk.person(*[role] if role else []))

    for address in ("/admin/systems", "/admin/systems/new", f"/admin/systems/{system.id}"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={"name": "x"}).status_code in (404, 405)
