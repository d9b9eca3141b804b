"""Help on the floor: written down once, under the appointment and the guideline of then, corrected and taken back."""

from datetime import date, timedelta

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.causes import Cause
from servicedesk.organisation.models import Absence
from servicedesk.superbrugere import commands
from servicedesk.superbrugere.floor import By, Count, floor_counts
from servicedesk.superbrugere.models import Appointment, FloorHelp
from servicedesk.superbrugere.rules import Leeway
from servicedesk.systems.models import KnownError
from tests.desk import local_today
from tests.superbrugere_made import appoint, publish
from tests.systems_made import make_known_error

FORM = "0123456789abcdef" * 2
OTHER_FORM = "fedcba9876543210" * 2
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def school(desk):
    return desk.unit(name="Skovskolen")


@pytest.fixture
def aula(desk):
    return desk.system("Aula")


@pytest.fixture
def jonas(desk, school, aula):
    publish(desk)
    person = desk.person(unit=school, name="Jonas Engholt")
    appoint(desk, person, school)
    return person


def said(aula, **more):
    return {"system": aula.id, "cause": "fault", "form_id": FORM, **more}


def test_it_is_written_down_in_one_short_form(desk, browse, jonas, school, aula):
    page = browse(jonas).get("/superbrugere/floor").text
    assert "Aula" in page and "Manglende kompetence" in page and 'value="security"' not in page
    answer = browse(jonas).post("/superbrugere/floor", data=said(aula, people="3", minutes="5", note="Ny <b>fane</b>"))
    assert answer.status_code == 303
    [row] = desk.all(FloorHelp)
    assert (row.person_id, row.unit_id, row.system_id, row.cause) == (jonas.id, school.id, aula.id, Cause.FAULT)
    assert (row.people, row.minutes, row.note) == (3, 5, "Ny <b>fane</b>")
    assert row.appointment_id == desk.all(Appointment)[0].id and row.guideline_version_id
    page = browse(jonas).get("/superbrugere/floor").text
    assert "3 hjulpet" in page and "Ny &lt;b&gt;fane&lt;/b&gt;" in page


def test_the_page_is_for_those_with_an_appointment_alone(desk, browse, jonas, aula):
    granted = desk.person(Role.SUPERBRUGER)
    for person in (desk.person(), granted, desk.person(Role.SUPPORTER), desk.person(Role.ADMINISTRATOR)):
        assert browse(person).get("/superbrugere/floor").status_code == 404
        assert browse(person).post("/superbrugere/floor", data=said(aula)).status_code == 404
        assert "Løst på stedet" not in browse(person).get("/").text
    assert desk.count(FloorHelp) == 0
    assert browse(jonas).get("/").text.count('href="/superbrugere/floor"') == 2


def test_the_same_form_gives_one_record(desk, browse, jonas, aula):
    for headers in (SCRIPT, {}, SCRIPT):
        browse(jonas).post("/superbrugere/floor", data=said(aula), headers=headers)
    browse(jonas).post("/superbrugere/floor", data=said(aula, form_id=OTHER_FORM))
    assert desk.count(FloorHelp) == 2
    colleague = desk.person()
    appoint(desk, colleague, desk.home)
    assert browse(colleague).post("/superbrugere/floor", data=said(aula), headers=SCRIPT).json["saved"]
    assert desk.count(FloorHelp, person_id=colleague.id) == 1


def test_one_that_was_taken_back_does_not_come_again(desk, browse, jonas, aula):
    browse(jonas).post("/superbrugere/floor", data=said(aula))
    [row] = desk.all(FloorHelp)
    browse(jonas).post(f"/superbrugere/floor/{row.id}/withdrawal")
    browse(jonas).post("/superbrugere/floor", data=said(aula), headers=SCRIPT)
    assert [one.withdrawn_at is None for one in desk.all(FloorHelp)] == [False]
    browse(jonas).post(f"/superbrugere/floor/{row.id}/restoration")
    assert desk.get(FloorHelp, row.id).withdrawn_at is None
    actions = [line.action for line in desk.all(AuditLine, subject_kind="floor_help")]
    assert actions == ["floor_help_given", "floor_help_withdrawn", "floor_help_restored"]


def test_it_is_corrected_and_what_was_is_kept(desk, browse, jonas, aula):
    browse(jonas).post("/superbrugere/floor", data=said(aula, people=2))
    [row] = desk.all(FloorHelp)
    assert 'value="2"' in browse(jonas).get(f"/superbrugere/floor/{row.id}/edit").text
    browse(jonas).post(f"/superbrugere/floor/{row.id}/edit", data=said(aula, people=4, cause="other"))
    row = desk.get(FloorHelp, row.id)
    assert (row.people, row.cause, row.form_id) == (4, Cause.OTHER, FORM)
    [line] = desk.all(AuditLine, action="floor_help_changed")
    assert line.facts["changes"] == {"people": [2, 4], "cause": ["fault", "other"]}


def test_what_is_somebody_elses_or_old_is_not_corrected(desk, browse, at, jonas, school, aula):
    at("2036-03-02 10:00")
    browse(jonas).post("/superbrugere/floor", data=said(aula))
    [row] = desk.all(FloorHelp)
    colleague = desk.person(unit=school)
    appoint(desk, colleague, school)
    for what in ("edit", "withdrawal", "restoration"):
        assert browse(colleague).post(f"/superbrugere/floor/{row.id}/{what}", data=said(aula)).status_code == 404
    assert browse(colleague).get(f"/superbrugere/floor/{row.id}/edit").status_code == 404
    at("2036-03-10 10:00")
    assert browse(jonas).post(f"/superbrugere/floor/{row.id}/withdrawal").status_code == 409
    assert browse(jonas).post(f"/superbrugere/floor/{row.id}/edit", data=said(aula)).status_code == 409
    assert desk.get(FloorHelp, row.id).withdrawn_at is None


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"people": "-1"}, "people"),
        ({"people": "0"}, "people"),
        ({"people": "201"}, "people"),
        ({"people": "9" * 5000}, "people"),
        ({"people": "to"}, "people"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "100000"}, "minutes"),
        ({"note": "x" * 501}, "note"),
        ({"cause": ""}, "cause"),
        ({"cause": "murder"}, "cause"),
        ({"cause": "security"}, "cause"),
        ({"cause": "wish"}, "cause"),
        ({"system": ""}, "system"),
        ({"system": "999999"}, "system"),
        ({"system": "-1"}, "system"),
        ({"unit": "999999"}, "unit"),
        ({"known_error": "999999"}, "known_error"),
        ({"form_id": "<script>"}, "form_id"),
        ({"ago": "NaN"}, "ago"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_with_its_reason(desk, browse, jonas, aula, told, field):
    answer = browse(jonas).post("/superbrugere/floor", data=said(aula, **told), headers=SCRIPT)
    assert answer.status_code == 422 and list(answer.json["errors"]) == [field] and answer.json["refused"]
    assert browse(jonas).post("/superbrugere/floor", data=said(aula, **told)).status_code == 422
    assert desk.count(FloorHelp) == 0


def test_foreign_units_and_systems_answer_as_those_that_do_not_exist(desk, browse, jonas, aula):
    other = desk.customer()
    beyond = {"unit": desk.unit(other).id, "system": desk.system("Fremmed", customer=other).id}
    near = {"unit": desk.unit(name="Naboskolen").id, "system": desk.system("Andet", is_active=False).id}
    for name in ("unit", "system"):
        answers = [
            browse(jonas).post("/superbrugere/floor", data=said(aula, **{name: id_}), headers=SCRIPT).data
            for id_ in (beyond[name], near[name], 999_999)
        ]
        assert len(set(answers)) == 1
    assert desk.count(FloorHelp) == 0


def test_unit_and_system_must_lie_in_the_same_appointment(desk, browse, school, aula):
    publish(desk)
    other, sensum = desk.unit(name="Plejecentret"), desk.system("Sensum")
    karen = desk.person(unit=school)
    appoint(desk, karen, school, systems=[aula])
    under = appoint(desk, karen, other, systems=[sensum])
    crossed = browse(karen).post("/superbrugere/floor", data=said(aula, unit=other.id), headers=SCRIPT)
    assert list(crossed.json["errors"]) == ["system"]
    answer = browse(karen).post("/superbrugere/floor", data=said(sensum, unit=other.id), headers=SCRIPT)
    assert answer.status_code == 200 and desk.all(FloorHelp)[0].appointment_id == under.id
    any_system = {**said(aula, unit=school.id), "system": "none", "form_id": OTHER_FORM}
    none = browse(karen).post("/superbrugere/floor", data=any_system)
    assert (
        none.status_code == 422 and "Noget andet" not in browse(karen).get("/superbrugere/floor").text.split("<h2")[0]
    )


def test_what_the_guideline_keeps_is_refused_by_name(desk, browse, jonas, aula):
    pay = desk.system("Lønsystemet")
    publish(desk, pay, incident=Leeway.NEVER, request=Leeway.NEVER)
    page = browse(jonas).get("/superbrugere/floor").text
    assert "servicedeskens alene" in page and "Lønsystemet" in page and f'name="system" value="{pay.id}"' not in page
    answer = browse(jonas).post("/superbrugere/floor", data=said(pay), headers=SCRIPT)
    assert answer.status_code == 422 and "Lønsystemet" in answer.json["refused"]


def test_without_a_guideline_nothing_is_written_down(desk, browse, school, aula):
    person = desk.person(unit=school)
    appoint(desk, person, school)
    assert "ingen retningslinje endnu" in browse(person).get("/superbrugere/floor").text
    assert browse(person).post("/superbrugere/floor", data=said(aula), headers=SCRIPT).status_code == 422


def test_a_late_form_carries_its_own_time(desk, browse, at, jonas, aula):
    at("2036-03-02 10:00")
    answer = browse(jonas).post("/superbrugere/floor", data=said(aula, ago=3 * 3600), headers=SCRIPT)
    assert answer.status_code == 200
    [row] = desk.all(FloorHelp)
    assert row.made_at - row.helped_at == timedelta(hours=3)
    old = browse(jonas).post("/superbrugere/floor", data=said(aula, ago=86_401, form_id=OTHER_FORM), headers=SCRIPT)
    assert old.status_code == 422 and "mere end et døgn" in old.json["refused"]
    ahead = browse(jonas).post("/superbrugere/floor", data=said(aula, ago=-5, form_id=OTHER_FORM), headers=SCRIPT)
    assert ahead.status_code == 422 and "fremtiden" in ahead.json["refused"]
    assert desk.count(FloorHelp) == 1


def test_the_appointment_counts_that_was_in_force_then(desk, browse, at, school, aula):
    publish(desk)
    karen = desk.person(unit=school)
    appoint(desk, karen, school, starts_on=date(2020, 1, 1), ends_on=date(2036, 3, 2))
    at("2036-03-03 08:00")
    late = said(aula, unit=school.id, ago=20 * 3600)
    assert browse(karen).post("/superbrugere/floor", data=late, headers=SCRIPT).status_code == 200
    later = {**late, "ago": 60, "form_id": OTHER_FORM}
    answer = browse(karen).post("/superbrugere/floor", data=later, headers=SCRIPT)
    assert answer.status_code == 403 and "ikke udpeget" in answer.json["refused"]
    assert desk.count(FloorHelp) == 1


def test_the_guideline_counts_that_was_in_force_then(desk, browse, at, school, aula):
    at("2036-03-02 08:00")
    first = publish(desk)
    karen = desk.person(unit=school)
    appoint(desk, karen, school)
    at("2036-03-02 12:00")
    publish(desk, seen=1, incident=Leeway.ANSWER)
    assert browse(karen).post("/superbrugere/floor", data=said(aula), headers=SCRIPT).status_code == 422
    assert browse(karen).post("/superbrugere/floor", data=said(aula, ago=7200), headers=SCRIPT).status_code == 200
    assert desk.all(FloorHelp)[0].guideline_version_id == first


def test_who_stands_in_writes_down_under_the_others_appointment(desk, browse, school, aula):
    publish(desk)
    karen, deputy = desk.person(unit=school), desk.person(unit=school)
    made = appoint(desk, karen, school, deputy=deputy)
    assert browse(deputy).get("/superbrugere/floor").status_code == 404
    today = local_today()
    desk.add(Absence(person_id=karen.id, customer_id=karen.customer_id, starts_on=today, ends_on=today))
    assert browse(deputy).post("/superbrugere/floor", data=said(aula)).status_code == 303
    [row] = desk.all(FloorHelp)
    assert (row.person_id, row.appointment_id) == (deputy.id, made.id)


def test_a_known_error_that_helped_is_counted_there(desk, browse, jonas, aula):
    known = make_known_error(desk, aula)
    foreign = make_known_error(desk, desk.system("Sensum"))
    assert browse(jonas).post("/superbrugere/floor", data=said(aula, known_error=foreign)).status_code == 422
    for form in (FORM, FORM, OTHER_FORM):
        browse(jonas).post("/superbrugere/floor", data=said(aula, known_error=known, form_id=form))
    assert [row.known_error_id for row in desk.all(FloorHelp)] == [known, known]
    assert desk.get(KnownError, known).solved_by_it == 1


def test_the_usual_system_is_chosen_beforehand(desk, browse, jonas, aula):
    for at in range(8):
        desk.system(f"Aa {at}")
    browser = browse(jonas)
    assert browser.get("/superbrugere/floor").text.count(" checked") == 0
    browser.post("/superbrugere/floor", data=said(aula))
    assert f'value="{aula.id}" checked' in browser.get("/superbrugere/floor").text


def test_it_costs_the_same_whatever_there_is(desk, browse, queries, jonas, school, aula):
    browser, counts = browse(jonas), []
    for many in (1, 6):
        for at in range(many):
            system = desk.system()
            make_known_error(desk, system)
            browser.post("/superbrugere/floor", data=said(system, form_id=f"{many}{at}".ljust(32, "a")))
        browser.get("/superbrugere/floor")
        with queries() as asked:
            browser.get("/superbrugere/floor")
        counts.append(len(asked))
    assert counts[0] == counts[1] and counts[0] < 20


def test_it_is_counted_by_superbruger_unit_system_and_cause(desk, browse, jonas, school, aula):
    other = desk.system("Sensum")
    browser = browse(jonas)
    browser.post("/superbrugere/floor", data=said(aula, people=2, minutes=5))
    browser.post("/superbrugere/floor", data=said(other, form_id=OTHER_FORM, cause="other"))
    browser.post("/superbrugere/floor", data=said(other, form_id="1" * 32))
    withdrawn = desk.all(FloorHelp)[-1]
    browser.post(f"/superbrugere/floor/{withdrawn.id}/withdrawal")
    now = clock.now()
    period = (desk.home.id, now - timedelta(days=1), now + timedelta(days=1))
    with desk.app.app_context():
        assert floor_counts(*period) == {None: Count(2, 3, 5)}
        assert floor_counts(*period, By.SYSTEM) == {aula.id: Count(1, 2, 5), other.id: Count(1, 1, 0)}
        assert floor_counts(*period, By.CAUSE) == {Cause.FAULT: Count(1, 2, 5), Cause.OTHER: Count(1, 1, 0)}
        assert floor_counts(*period, By.UNIT, unit_ids=[school.id]) == {school.id: Count(2, 3, 5)}
        assert floor_counts(*period, By.SUPERBRUGER, system_id=aula.id) == {jonas.id: Count(1, 2, 5)}
        assert floor_counts(desk.home.id, now, now) == {None: Count(0, 0, 0)}


def test_it_becomes_a_ticket_with_what_is_known(desk, browse, jonas, aula):
    browse(jonas).post("/superbrugere/floor", data=said(aula, note="Fanen er væk hos alle"))
    [row] = desk.all(FloorHelp)
    page = browse(jonas).get(f"/tickets/new?floor={row.id}").text
    assert "Fanen er væk hos alle" in page and f'value="{aula.id}" selected' in page
    assert "Fanen er væk" not in browse(desk.person()).get(f"/tickets/new?floor={row.id}").text


def test_the_command_itself_asks_the_policy(desk, jonas, aula, school):
    """Not only the page: whoever calls it."""
    told = commands.Help(unit_id=school.id, system_id=aula.id, cause=Cause.FAULT)
    with desk.app.app_context():
        row = commands.give_help(told, form_id=FORM, by=desk.actor(jonas), now=clock.now())
        assert commands.give_help(told, form_id=FORM, by=desk.actor(jonas), now=clock.now()).id == row.id
