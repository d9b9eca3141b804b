"""Appointing superbrugere, and who sees what of the corps."""

from datetime import timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation.models import Absence, RoleGrant
from servicedesk.superbrugere.models import Appointment
from tests.desk import local_today
from tests.superbrugere_made import appoint


@pytest.fixture
def school(desk):
    return desk.unit(name="Skovskolen")


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Henrik Midtgaard")


@pytest.fixture
def secretary(desk, school):
    return desk.person(unit=school, name="Jonas Engholt", initials="joen")


def told(unit, person=None, **more):
    """What the form sends."""
    given = {"person": person.name, "person_id": person.id} if person else {}
    return {**given, "kind": "it", "units": unit.id, "below": unit.id, "starts_on": "2020-01-01", **more}


def send_away(desk, person, deputy=None):
    today = local_today()
    fields = {"starts_on": today, "ends_on": today + timedelta(days=5), "deputy_id": deputy.id if deputy else None}
    desk.add(Absence(person_id=person.id, customer_id=person.customer_id, **fields))


# ------------------------------------------------------------------------------------------------ appointing


def test_a_secretary_is_appointed_in_one_form(desk, browse, chief, school, secretary):
    deputy, head = desk.person(unit=school), desk.person(unit=school)
    more = {"hours": "2,5", "deputy": deputy.name, "deputy_id": deputy.id, "agreed_by": head.initials}
    answer = browse(chief).post("/superbrugere/appointments/new", data=told(school, secretary, **more))
    [made] = desk.all(Appointment)
    assert answer.status_code == 303
    assert (made.person_id, made.weekly_minutes, made.deputy_id, made.agreed_by_id) == (
        secretary.id,
        150,
        deputy.id,
        head.id,
    )
    assert desk.actor(secretary).has_role(Role.SUPERBRUGER)
    page = browse(chief).get(f"/superbrugere/appointments/{made.id}").text
    assert "2,5 timer om ugen" in page and head.name in page and "Udpeget" in page


def test_without_scripts_initials_say_who(desk, browse, chief, school, secretary):
    data = {**told(school), "person": "joen"}
    assert browse(chief).post("/superbrugere/appointments/new", data=data).status_code == 303
    assert desk.all(Appointment)[0].person_id == secretary.id


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"person": "ingen som helst", "person_id": ""}, "person"),
        ({"units": ""}, "units"),
        ({"kind": "system"}, "systems"),
        ({"kind": "nonsense"}, "kind"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2019-01-01"}, "ends_on"),
        ({"hours": "mange"}, "hours"),
        ({"hours": "38"}, "hours"),
        ({"hours": "nan"}, "hours"),
        ({"hours": "1e400"}, "hours"),
        ({"deputy": "joen"}, "deputy"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(desk, browse, chief, school, secretary, sent, field):
    data = {**told(school, secretary, hours="3"), **sent}
    answer = browse(chief).post("/superbrugere/appointments/new", data=data)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'value="{data["hours"]}"' in answer.text
    assert desk.all(Appointment) == []


def test_two_changes_at_once_do_not_overwrite_each_other(desk, browse, chief, school, secretary):
    made = appoint(desk, secretary, school)
    browser, address = browse(chief), f"/superbrugere/appointments/{made.id}/edit"
    assert browser.post(address, data=told(school, seen=1, hours="2")).status_code == 303
    late = browser.post(address, data=told(school, seen=1, hours="7"))
    assert late.status_code == 409
    assert 'value="7"' in late.text and 'name="seen" value="2"' in late.text
    assert desk.get(Appointment, made.id).weekly_minutes == 120


def test_it_ends_at_once(desk, browse, chief, school, secretary):
    made = appoint(desk, secretary, school)
    page = browse(chief).get(f"/superbrugere/appointments/{made.id}").text
    assert "mister med det samme adgangen" in page
    browse(chief).post(f"/superbrugere/appointments/{made.id}/end")
    assert not desk.actor(secretary).has_role(Role.SUPERBRUGER)
    assert "Afsluttet" in browse(chief).get(f"/superbrugere/appointments/{made.id}").text


def test_who_runs_the_desk_appoints_and_nobody_else(desk, browse, school, secretary):
    made = appoint(desk, secretary, school)
    foreign = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer())
    for person in (desk.person(), desk.person(Role.SUPPORTER), desk.person(Role.MANAGER), foreign):
        browser = browse(person)
        assert browser.post("/superbrugere/appointments/new", data=told(school, secretary)).status_code in (404, 422)
        assert browser.post(f"/superbrugere/appointments/{made.id}/end").status_code == 404
        assert browser.post(f"/superbrugere/appointments/{made.id}/edit", data=told(school)).status_code == 404
    assert len(desk.all(Appointment)) == 1


def test_nobody_appoints_or_changes_himself(desk, browse, school):
    """A026."""
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    assert browse(chief).post("/superbrugere/appointments/new", data=told(school, chief)).status_code == 403
    own = appoint(desk, chief, school)
    assert browse(chief).post(f"/superbrugere/appointments/{own.id}/edit", data=told(desk.home)).status_code == 404
    assert browse(chief).post(f"/superbrugere/appointments/{own.id}/end").status_code == 403


def test_suggestions_hold_whom_one_may_appoint(desk, browse, chief, secretary):
    foreign = desk.person(unit=desk.customer(), name="Jonas Fremmed")
    found = browse(chief).get("/superbrugere/people?q=jonas").text
    assert "Jonas Engholt" in found and "Fremmed" not in found
    assert browse(foreign).get("/superbrugere/people?q=jonas").status_code == 404


# ------------------------------------------------------------------------------------------------ the role


def test_the_role_alone_is_refused_with_where_to_go(desk, browse, school, secretary):
    administrator = desk.person(Role.ADMINISTRATOR)
    browser = browse(administrator)
    data = {"role": "superbruger", "scope": f"unit:{school.id}", "starts_on": "2026-01-01"}
    answer = browser.post(f"/admin/people/{secretary.id}/roles", data=data)
    assert answer.status_code == 422 and "i menuen under Superbrugere" in answer.text
    assert desk.all(RoleGrant, person_id=secretary.id) == []
    assert f"/superbrugere/appointments/new?person={secretary.id}" in answer.text


def test_the_role_of_an_appointment_ends_with_it(desk, browse, school, secretary):
    made = appoint(desk, secretary, school)
    administrator = desk.person(Role.ADMINISTRATOR)
    [grant] = desk.all(RoleGrant, appointment_id=made.id)
    assert browse(administrator).post(f"/admin/roles/{grant.id}/end").status_code == 409
    assert desk.actor(secretary).has_role(Role.SUPERBRUGER)
    assert f"/superbrugere/appointments/{made.id}" in browse(administrator).get(f"/admin/people/{secretary.id}").text


def test_a_role_from_before_stays(desk, secretary, school):
    desk.grant(secretary, Role.SUPERBRUGER, over=school)
    assert desk.actor(secretary).has_role(Role.SUPERBRUGER)


# ------------------------------------------------------------------------------------------------ the list


def test_everybody_sees_who_helps_but_not_what_was_agreed(desk, browse, chief, school, secretary):
    made = appoint(desk, secretary, school, weekly_minutes=180, agreed_by_id=chief.id)
    reader = browse(desk.person())
    page = reader.get("/superbrugere").text
    assert "Jonas Engholt" in page and "Skovskolen" in page
    assert "3 timer" not in page
    assert reader.get(f"/superbrugere/appointments/{made.id}").status_code == 404
    for person in (secretary, chief):
        assert "3 timer" in browse(person).get("/superbrugere").text
    manager = desk.person(Role.MANAGER, over=school)
    assert browse(manager).get(f"/superbrugere/appointments/{made.id}").status_code == 200


def test_another_customers_corps_does_not_exist(desk, browse, school, secretary):
    made = appoint(desk, secretary, school)
    foreign = browse(desk.person(Role.ADMINISTRATOR, unit=desk.customer()))
    assert "Jonas Engholt" not in foreign.get("/superbrugere").text
    assert foreign.get(f"/superbrugere?customer={desk.home.id}").status_code == 404
    assert foreign.get(f"/superbrugere/appointments/{made.id}").status_code == 404
    assert foreign.get(f"/superbrugere/map?customer={desk.home.id}").status_code == 404


def test_the_list_says_who_stands_in_today(desk, browse, school, secretary):
    karen = desk.person(unit=school, name="Karen Dam")
    appoint(desk, secretary, school, deputy=karen)
    send_away(desk, secretary)
    assert "Karen Dam er stedfortræder" in browse(desk.person()).get("/superbrugere").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=jonas", {"Jonas"}),
        ("q=smedegård", {"Signe"}),
        ("q=SMEDEGAARD", {"Signe"}),
        ("q=aula", {"Signe"}),
        ("kind=it", {"Jonas"}),
        ("kind=nonsense", {"Jonas", "Signe"}),
        ("show=uncovered", {"Signe"}),
        ("q=%00%22", {"Jonas", "Signe"}),
    ],
)
def test_it_is_narrowed(desk, browse, school, secretary, asked, found):
    signe, forge = desk.person(name="Signe Lyngvig"), desk.unit(name="Smedegården")
    appoint(desk, secretary, school)
    appoint(desk, signe, forge, systems=[desk.system("Aula")])
    send_away(desk, signe)
    page = browse(desk.person()).get(f"/superbrugere?{asked}").text
    assert {name for name in ("Jonas", "Signe") if f"{name} " in page} == found


def test_units_below_and_every_system_are_found_by_theirs(desk, browse, school, secretary):
    sfo, system = desk.unit(school, name="SFO"), desk.system("Aula")
    appoint(desk, secretary, school)
    narrow = desk.person(name="Niels Smal")
    appoint(desk, narrow, school, below=False)
    page = browse(desk.person()).get(f"/superbrugere?unit={sfo.id}&system={system.id}").text
    assert "Jonas Engholt" in page and "Niels Smal" not in page


def test_coming_and_ended_stand_apart_for_those_who_may_know(desk, browse, chief, school, secretary):
    today = local_today()
    appoint(desk, secretary, school, starts_on=today + timedelta(days=9))
    appoint(desk, desk.person(name="Gamle Ole"), school, ends_on=today - timedelta(days=1))
    page = browse(chief).get("/superbrugere").text
    assert "Begynder senere" in page and "1 udpegning er slut" in page and "Gamle Ole" in page
    assert "Gamle Ole" not in browse(desk.person()).get("/superbrugere").text


def test_a_corps_of_a_hundred_costs_as_many_questions_as_one_of_two(desk, browse, queries, school):
    reader = browse(desk.person(Role.SUPPORTER))
    counts = []
    for many in (2, 12):
        for _ in range(many):
            appoint(desk, desk.person(unit=school), school, systems=[desk.system()])
        reader.get("/superbrugere")
        with queries() as asked:
            reader.get("/superbrugere")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= 16


def test_the_empty_corps_says_what_to_do(desk, browse, chief):
    assert "Udpeg den første" in browse(chief).get("/superbrugere").text
    assert "går direkte til servicedesken" in browse(desk.person()).get("/superbrugere").text


def test_the_start_page_says_who_helps(desk, browse, school, secretary):
    from tests.superbrugere_made import publish

    appoint(desk, secretary, school)
    teacher = desk.person(unit=school)
    assert "Din superbruger er" not in browse(teacher).get("/").text
    publish(desk)
    assert "Din superbruger er Jonas Engholt" in browse(teacher).get("/").text
    assert "Din superbruger er" not in browse(desk.person(unit=desk.unit())).get("/").text


def test_every_change_leaves_a_line(desk, browse, chief, school, secretary):
    made = appoint(desk, secretary, school)
    browse(chief).post(f"/superbrugere/appointments/{made.id}/edit", data=told(school, seen=1))
    browse(chief).post(f"/superbrugere/appointments/{made.id}/end")
    actions = [line.action for line in desk.all(AuditLine) if line.facts.get("appointment_id") == made.id]
    assert actions == ["superbruger_appointed", "appointment_changed", "appointment_ended"]
