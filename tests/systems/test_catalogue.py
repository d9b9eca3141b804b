"""The full register: looked up by everybody, kept right by those who look after a system."""

import pytest

from servicedesk.agreements.models import Supplier
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.systems import queries
from servicedesk.systems.models import DisturbanceSystem, MaintenanceWindow, System, SystemNeed, SystemRole, SystemUnit
from servicedesk.systems.rules import Criticality
from tests.agreements_made import make_hours


def kept(**told):
    return {"criticality": "ordinary", **told}


@pytest.fixture
def choosable(desk):
    def choosing(person):
        with desk.app.app_context():
            return [system.name for system in queries.choosable(desk.actor(person))]

    return choosing


def test_several_units_use_a_system(desk, choosable):
    school, care, roads = desk.unit(), desk.unit(), desk.unit()
    desk.system("Vagtplan", units=[school, care])

    assert choosable(desk.person(unit=school)) == ["Vagtplan"]
    assert choosable(desk.person(unit=desk.unit(care))) == ["Vagtplan"]
    assert choosable(desk.person(unit=roads)) == choosable(desk.person()) == []


def test_whoever_runs_one_part_does_not_run_what_another_part_uses_too(desk, browse):
    own, other = desk.unit(), desk.unit()
    desk.system("Kun vores", unit=own)
    desk.system("Begges", units=[own, other])
    browser = browse(desk.person(Role.SERVICEDESK_MANAGER, over=own))
    both = desk.person(Role.SERVICEDESK_MANAGER, over=own)
    desk.grant(both, Role.SERVICEDESK_MANAGER, over=other)

    assert "Begges" not in browser.get("/admin/systems").text
    assert "Begges" in browse(both).get("/admin/systems").text


def test_the_manager_keeps_everything_but_name_owner_and_team(desk, browse):
    unit, manager, owner = desk.unit(name="Skolen"), desk.person(initials="forv"), desk.person(initials="ejer")
    hours = make_hours(desk)
    supplier = desk.add(Supplier(customer_id=desk.home.id, name="Nordsoft"))
    login, system = desk.system("Login"), desk.system("Aula", owner=owner, manager=manager)
    browser = browse(manager)

    answer = browser.post(
        f"/systems/{system.id}/edit",
        data=kept(
            name="Mit navn",
            owner="forv",
            description="Skolernes intranet",
            criticality="critical",
            manager="FORV",
            deputy="ejer",
            units=[unit.id],
            supplier_id=supplier.id,
            hours_id=hours,
            needed_ids=[login.id],
            roles="Lærer\nForælder\nLærer",
            window_weekday=["2", "0"],
            window_week=["0", "0"],
            window_starts=["22.00", ""],
            window_ends=["2:00", ""],
        ),
    )

    assert answer.status_code == 303
    found = desk.get(System, system.id)
    assert (found.name, found.owner_id, found.deputy_id) == ("Aula", owner.id, owner.id)
    assert (found.supplier_id, found.hours_id, found.criticality) == (supplier.id, hours, Criticality.CRITICAL)
    assert [one.unit_id for one in desk.all(SystemUnit)] == [unit.id]
    assert [(one.system_id, one.needed_id) for one in desk.all(SystemNeed)] == [(system.id, login.id)]
    assert {one.name for one in desk.all(SystemRole)} == {"Lærer", "Forælder"}
    [window] = desk.all(MaintenanceWindow)
    assert (window.weekday, window.starts, window.ends) == (2, "22:00", "02:00")
    page = browser.get(f"/systems/{system.id}").text
    assert "Nordsoft" in page and "Hver onsdag 22.00–02.00" in page and "Login" in page
    assert "Rammes, når det er nede" in browser.get(f"/systems/{login.id}").text
    [line] = desk.all(AuditLine, action="system_changed")
    assert line.facts["changes"]["supplier"] == [None, "Nordsoft"]


def test_saving_the_form_as_it_stands_changes_nothing(desk, browse):
    manager = desk.person(initials="forv")
    system = desk.system("Aula", manager=manager, criticality=Criticality.VITAL)
    desk.add(MaintenanceWindow(system_id=system.id, weekday=6, week=5, starts="06:00", ends="10:00"))
    desk.add(SystemRole(system_id=system.id, name="Lærer"))

    told = kept(criticality="vital", manager="forv", roles="Lærer", window_weekday="6", window_week="5")
    browse(manager).post(f"/systems/{system.id}/edit", data={**told, "window_starts": "06:00", "window_ends": "10:00"})

    assert desk.count(AuditLine, action="system_changed") == 0


def test_people_look_up_what_their_organisation_has_but_hear_only_of_what_they_use(desk, browse):
    school = desk.unit()
    system, foreign = desk.system("Aula", unit=school), desk.system("Deres", customer=desk.customer())
    browser = browse(desk.person())

    assert "Aula" in browser.get("/systems").text and "Deres" not in browser.get("/systems").text
    page = browser.get(f"/systems/{system.id}")
    assert page.status_code == 200 and "Din enhed bruger ikke systemet" in page.text
    assert browser.get(f"/systems/{foreign.id}").status_code == 404
    for address in (f"/systems/{system.id}/edit", f"/systems/{system.id}/owner", f"/systems/{system.id}/review"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/systems/{system.id}/edit", data=kept(description="Mit")).status_code == 404


def test_systems_do_not_need_each_other_in_a_circle(desk, browse):
    first, second, third = (desk.system(name) for name in ("Aula", "Login", "Netværk"))
    desk.add(SystemNeed(system_id=first.id, needed_id=second.id))
    desk.add(SystemNeed(system_id=second.id, needed_id=third.id))
    browser = browse(desk.person(Role.ADMINISTRATOR))

    answer = browser.post(f"/admin/systems/{third.id}", data=kept(name="Netværk", needed_ids=[first.id]))

    assert answer.status_code == 422
    assert "Netværk → Aula → Login → Netværk" in answer.text
    assert desk.count(SystemNeed) == 2
    itself = browser.post(f"/admin/systems/{third.id}", data=kept(name="Netværk", needed_ids=[third.id]))
    assert itself.status_code == 422


def test_what_another_customer_has_cannot_be_linked_to(desk, browse):
    other = desk.customer()
    foreign = desk.system("Deres", customer=other)
    supplier = desk.add(Supplier(customer_id=other.id, name="Fremmed"))
    system = desk.system("Vores")
    browser = browse(desk.person(Role.ADMINISTRATOR))

    for told in ({"needed_ids": foreign.id}, {"supplier_id": supplier.id}, {"hours_id": 999}, {"units": other.id}):
        assert browser.post(f"/admin/systems/{system.id}", data=kept(name="Vores", **told)).status_code == 404
    assert desk.count(SystemNeed) == desk.count(SystemUnit) == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"window_starts": "25:00", "window_ends": "26:00"}, "Skriv servicevinduets begyndelse"),
        ({"window_starts": "22:00", "window_ends": "22:00"}, "skal slutte på et andet tidspunkt"),
        ({"window_weekday": "9", "window_starts": "22:00", "window_ends": "23:00"}, "Vælg servicevinduets dag"),
        ({"manager": "ukendt"}, "Ingen aktiv person har initialerne ukendt"),
        ({"manager": "forv", "deputy": "forv"}, "en anden end systemforvalteren"),
        ({"criticality": "meget"}, "Vælg noget fra listen"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(desk, browse, told, said):
    system = desk.system("Aula", manager=desk.person(initials="forv"))
    given = {"window_weekday": "0", "window_week": "0", "description": "Det jeg skrev", **told}

    answer = browse(desk.person(Role.ADMINISTRATOR)).post(f"/admin/systems/{system.id}", data=kept(name="Aula") | given)

    assert answer.status_code == 422
    assert said in answer.text and "Det jeg skrev" in answer.text


def test_the_list_is_searched_filtered_and_sorted(desk, browse):
    owner = desk.person(name="Åse Lund")
    desk.system("Aula", owner=owner, criticality=Criticality.IMPORTANT)
    desk.system("Nexus", criticality=Criticality.VITAL, description="Omsorgsjournal")
    browser = browse(desk.person(Role.ADMINISTRATOR))

    def shown(address):
        text = browser.get(address).text
        return sorted((name for name in ("Aula", "Nexus") if f">{name}</a>" in text), key=text.index)

    assert shown("/admin/systems?q=lund") == ["Aula"]
    assert shown("/admin/systems?q=omsorg") == ["Nexus"]
    assert shown("/admin/systems?lack=owner") == ["Nexus"]
    assert shown("/admin/systems?criticality=vital") == ["Nexus"]
    assert shown("/admin/systems?sort=criticality") == ["Nexus", "Aula"]
    assert shown("/admin/systems?sort=name&order=desc") == ["Nexus", "Aula"]
    assert shown("/admin/systems?sort=nonsense&criticality=x&unit=%00") == ["Aula", "Nexus"]


def test_the_list_asks_the_same_however_many_there_are(desk, browse, queries):
    browser = browse(desk.person(Role.ADMINISTRATOR))

    def asked():
        with queries() as statements:
            browser.get("/admin/systems")
        return len(statements)

    for _ in range(2):
        desk.system(owner=desk.person(), unit=desk.unit())
    few = asked()
    for _ in range(10):
        desk.system(owner=desk.person(), manager=desk.person(), units=[desk.unit(), desk.unit()])
    assert asked() == few


def test_what_depends_on_it_is_proposed_and_added_to_a_disturbance(desk, browse, place, declare):
    login = desk.system("Login")
    unrelated = desk.system("Andet")
    desk.add(SystemNeed(system_id=place.aula.id, needed_id=login.id))
    down = declare(login)
    browser = browse(place.supporter)

    page = browser.get(f"/status/{down}").text
    assert "virker ikke uden Login" in page
    assert browser.post(f"/status/{down}/systems", data={"systems": unrelated.id}).status_code == 422
    assert browser.post(f"/status/{down}/systems", data={"systems": place.aula.id}).status_code == 303

    assert {one.system_id for one in desk.all(DisturbanceSystem)} == {login.id, place.aula.id}
    assert "Det rammer også Aula." in browse(place.teacher).get(f"/status/{down}").text
    assert browse(place.teacher).post(f"/status/{down}/systems", data={"systems": place.mail.id}).status_code == 404


def test_maintenance_outside_of_the_window_is_warned_about_and_planned(desk, browse, place, at):
    at("2026-03-02 09:00")
    desk.add(MaintenanceWindow(system_id=place.mail.id, weekday=2, week=0, starts="22:00", ends="02:00"))
    browser = browse(place.supporter)

    def plan(starts, ends):
        told = {"kind": "maintenance", "system": place.mail.id, "message": "Vi skifter server", "expected": "at"}
        answer = browser.post("/status/new", data={**told, "starts": starts, "expected_at": ends})
        assert answer.status_code == 303
        return browser.get(answer.location).text

    assert "uden for de faste servicevinduer" in plan("2026-03-04T21:00", "2026-03-04T23:00")
    assert "uden for de faste servicevinduer" not in plan("2026-03-04T23:00", "2026-03-05T01:30")
