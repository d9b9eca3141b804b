"""Disturbances and planned maintenance: telling, following, ending, taking back, and who hears of it."""

from datetime import timedelta

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.errors import ConflictError
from servicedesk.systems import commands, queries
from servicedesk.systems.models import Disturbance, DisturbanceUpdate
from servicedesk.systems.rules import DisturbanceKind, Phase, UpdateKind, phase_of

TOLD = {"kind": "disturbance", "message": "Man kan ikke logge på", "expected": ""}


@pytest.fixture
def hear(desk):
    def hear(person, system_id=None):
        with desk.app.app_context():
            found = queries.current_disturbances(desk.actor(person), clock.now(), system_id)
            return [(one.message, [system.name for system in one.systems]) for one in found]

    return hear


def test_a_supporter_tells_it_and_everybody_who_uses_the_system_sees_it(desk, browse, place, at):
    at("2026-11-23 09:40")

    answer = browse(place.supporter).post("/status/new", data={**TOLD, "system": place.aula.id, "expected": "240"})

    assert answer.status_code == 303
    for address in ("/", "/status", f"/status/systems/{place.aula.id}", answer.location):
        page = browse(place.teacher).get(address).text
        assert "Man kan ikke logge på" in page, address
        assert "Begyndte kl. 9.40. Forventet løst kl. 13.40." in page, address
    for address in ("/", "/status"):
        assert "Man kan ikke logge på" not in browse(place.nurse).get(address).text
    assert browse(place.nurse).get(answer.location).status_code == 404
    assert browse(place.foreign).get(answer.location).status_code == 404
    [line] = desk.all(AuditLine, action="disturbance_declared")
    assert line.facts["systems"] == "Aula"


def test_each_hears_of_the_own_systems_among_those_that_are_down(place, declare, hear):
    declare(place.aula, place.mail)

    assert hear(place.teacher) == [("Man kan ikke logge på", ["Aula", "E-post"])]
    assert hear(place.nurse) == [("Man kan ikke logge på", ["E-post"])]
    assert hear(place.foreign) == []
    assert hear(place.teacher, place.mail.id) == [("Man kan ikke logge på", ["Aula", "E-post"])]
    assert hear(place.nurse, place.aula.id) == []


def test_an_owner_does_not_speak_for_others_systems(desk, browse, place, declare):
    both, own = declare(place.aula, place.mail), declare(place.aula)
    owner = browse(place.owner)

    assert owner.get(f"/status/{both}").status_code == 200
    assert owner.post(f"/status/{both}/end").status_code == 404
    assert owner.post(f"/status/{own}/end").status_code == 303
    assert owner.post("/status/new", data={**TOLD, "system": place.mail.id}).status_code == 404
    assert owner.post("/status/new", data={**TOLD, "system": place.aula.id}).status_code == 303


@pytest.mark.parametrize("role", [Role.SUPERBRUGER, Role.MANAGER, Role.ADMINISTRATOR, None])
def test_others_tell_nothing(desk, browse, place, declare, role):
    person, one = desk.person(*[role] if role else [], unit=place.school), declare()
    browser = browse(person)

    assert browser.get("/status/new").status_code == 404
    assert browser.post("/status/new", data={**TOLD, "system": place.aula.id}).status_code == 404
    for action in ("updates", "end", "resumption", "withdrawal", "restoration"):
        assert browser.post(f"/status/{one}/{action}", data={"body": "Nyt", "expected": ""}).status_code == 404
    assert "Skriv en opdatering" not in browser.get(f"/status/{one}").text
    assert desk.count(Disturbance) == 1 and desk.count(DisturbanceUpdate) == 0


def test_it_is_followed_and_ended_and_stands_among_what_is_over(desk, browse, place, declare, hear, at):
    at("2026-11-23 09:00")
    one = declare()
    at("2026-11-23 09:30")
    supporter = browse(place.supporter)
    told = {"body": "Leverandøren er i gang", "expected": "at", "expected_at": "2026-11-23T14:00"}
    assert supporter.post(f"/status/{one}/updates", data=told).status_code == 303
    page = browse(place.teacher).get(f"/status/{one}").text
    assert "Leverandøren er i gang" in page and "Forventet løst kl. 14." in page
    at("2026-11-23 11:05")

    assert supporter.post(f"/status/{one}/end", data={"outcome": "En knude i netværket"}).status_code == 303

    assert hear(place.teacher) == []
    page = browse(place.teacher).get("/status").text
    assert "Løst kl. 11.05 efter 2 timer og 5 minutter" in page and "En knude i netværket" in page
    assert [line.kind for line in desk.all(DisturbanceUpdate)] == [UpdateKind.TOLD, UpdateKind.ENDED]
    at("2026-12-24 12:00")
    assert "Man kan ikke logge på" not in browse(place.teacher).get("/status").text


def test_an_end_is_undone_for_a_quarter_of_an_hour(desk, browse, place, declare, hear, at):
    at("2026-11-23 09:00")
    one, supporter = declare(), browse(place.supporter)
    assert "Fortryd" in supporter.post(f"/status/{one}/end", follow_redirects=True).text
    at("2026-11-23 09:15")
    assert supporter.post(f"/status/{one}/resumption").status_code == 303
    assert len(hear(place.teacher)) == 1

    supporter.post(f"/status/{one}/end")
    at("2026-11-23 09:31")
    assert supporter.post(f"/status/{one}/resumption").status_code == 409
    assert hear(place.teacher) == []
    assert "Fortryd: " not in supporter.get(f"/status/{one}").text


def test_what_was_told_by_mistake_is_gone_and_can_come_back(desk, browse, place, declare, hear):
    one, supporter = declare(), browse(place.supporter)

    assert "Fortryd" in supporter.post(f"/status/{one}/withdrawal", follow_redirects=True).text

    assert hear(place.teacher) == hear(place.supporter) == []
    assert browse(place.teacher).get(f"/status/{one}").status_code == 404
    assert "Man kan ikke logge på" not in browse(place.teacher).get("/status").text
    supporter.post(f"/status/{one}/restoration")
    assert len(hear(place.teacher)) == 1
    actions = [line.action for line in desk.all(AuditLine, subject_kind="disturbance", subject_id=one)]
    assert actions == ["disturbance_declared", "disturbance_withdrawn", "disturbance_restored"]


def test_maintenance_is_told_of_two_working_days_ahead_and_ends_by_itself(browse, place, hear, at):
    at("2026-11-20 09:00")
    told = {"kind": "maintenance", "message": "Serveren flyttes", "system": place.mail.id, "expected": "at"}
    told |= {"starts": "2026-11-25T17:00", "expected_at": "2026-11-25T19:00"}
    assert browse(place.supporter).post("/status/new", data=told).status_code == 303

    assert hear(place.teacher) == []
    assert "onsdag 25. nov. 17.00" in browse(place.teacher).get("/status").text.lower()
    at("2026-11-23 07:59")
    assert hear(place.teacher) == []
    at("2026-11-23 08:00")
    assert len(hear(place.teacher)) == 1
    at("2026-11-24 18:00")
    assert "I morgen kl. 17 til i morgen kl. 19" in browse(place.teacher).get("/").text
    at("2026-11-25 18:00")
    assert "Slutter kl. 19." in browse(place.teacher).get("/").text
    at("2026-11-25 19:00")
    assert hear(place.teacher) == []
    assert "Serveren flyttes" in browse(place.teacher).get("/status").text


def test_a_time_that_has_passed_is_said_as_it_is(browse, place, declare, at):
    now = at("2026-11-23 09:00")
    declare(expected_end_at=now + timedelta(hours=1))
    at("2026-11-23 10:30")

    assert "Skulle være løst kl. 10, men er det ikke endnu." in browse(place.teacher).get("/").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"system": ""}, "Vælg mindst ét system."),
        ({"message": ""}, "Skriv, hvad folk mærker."),
        ({"message": "x" * 201}, "Teksten er for lang"),
        ({"expected": "at", "expected_at": ""}, "Skriv, hvornår det ventes at være løst."),
        ({"expected": "at", "expected_at": "snart"}, "Skriv dato og klokkeslæt"),
        ({"expected": "at", "expected_at": "2026-11-23T08:00"}, "efter begyndelsen"),
        ({"expected": "at", "expected_at": "2096-11-23T08:00"}, "mere end et år"),
        ({"expected": "en dag"}, "Vælg noget fra listen."),
        ({"kind": "fest"}, "Vælg noget fra listen."),
        ({"kind": "maintenance"}, "Skriv, hvornår servicevinduet begynder."),
        ({"kind": "maintenance", "starts": "2026-11-24T17:00"}, "Skriv, hvornår servicevinduet slutter."),
        ({"starts": "2026-11-24T17:00"}, "Planlæg et servicevindue"),
        ({"starts": "0001-01-01T00:00"}, "Skriv dato og klokkeslæt"),
        ({"starts": "1900-01-01T00:00"}, "mere end et år"),
        ({"starts": "9999-12-31T23:59"}, "Planlæg et servicevindue"),
    ],
)
def test_what_cannot_be_told_is_said_and_kept(desk, browse, place, at, given, said):
    at("2026-11-23 09:00")
    told = {**TOLD, "system": place.aula.id, "advice": "Ring i stedet", **given}

    answer = browse(place.supporter).post("/status/new", data=told)

    assert answer.status_code == 422
    assert said in answer.text and "Ring i stedet" in answer.text
    assert desk.count(Disturbance) == 0


def test_systems_of_two_customers_are_told_of_apart(desk, browse, place):
    other = desk.system("Deres", customer=desk.customer())
    told = {**TOLD, "system": place.aula.id, "systems": [other.id]}

    assert browse(place.supporter).post("/status/new", data=told).status_code == 404
    joint = browse(desk.person(Role.SUPPORTER, over="everything")).post("/status/new", data=told)
    assert joint.status_code == 422 and "samme organisation" in joint.text
    assert desk.count(Disturbance) == 0


def test_what_is_over_is_not_updated_and_not_ended_twice(desk, place, declare):
    one, by, now = declare(), desk.actor(place.supporter), clock.now()
    with desk.app.app_context():
        commands.end_disturbance(one, outcome="", by=by, now=now)
        with pytest.raises(ConflictError):
            commands.end_disturbance(one, outcome="", by=by, now=now)
        with pytest.raises(ConflictError):
            commands.update_disturbance(one, body="Nyt", expected_end_at=None, by=by, now=now)


@pytest.mark.parametrize("others", [0, 30])
def test_the_start_page_asks_once_however_many_there_have_been(desk, browse, place, declare, queries, others):
    by = desk.actor(place.supporter)
    for _ in range(others):
        one = declare(place.mail)
        with desk.app.app_context():
            commands.end_disturbance(one, outcome="", by=by, now=clock.now())
    declare(place.aula, place.mail)
    browser = browse(place.teacher)
    browser.get("/")
    with queries() as asked:
        assert browser.get("/").status_code == 200
    assert len([statement for statement in asked if "disturbance" in statement]) == 1


NOON = clock.now().replace(hour=12, minute=0)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "starts", "ends", "ended", "phase"),
    [
        pytest.param("disturbance", -1, None, None, Phase.RUNNING, id="nobody knows when"),
        pytest.param("disturbance", -2, -1, None, Phase.RUNNING, id="later than expected"),
        pytest.param("disturbance", -2, 1, -1, Phase.OVER, id="earlier than expected"),
        pytest.param("disturbance", 0, None, None, Phase.RUNNING, id="just now"),
        pytest.param("maintenance", 1, 2, None, Phase.PLANNED, id="ahead"),
        pytest.param("maintenance", 1, 2, -1, Phase.OVER, id="called off"),
        pytest.param("maintenance", 0, 1, None, Phase.RUNNING, id="begins now"),
        pytest.param("maintenance", -1, 0, None, Phase.OVER, id="ends now"),
    ],
)
def test_where_it_stands(kind, starts, ends, ended, phase):
    at = [None if hours is None else NOON + hours * HOUR for hours in (starts, ends, ended)]
    assert at[0] is not None
    assert phase_of(DisturbanceKind(kind), at[0], at[1], at[2], NOON) is phase
