"""Me too: one click, counted, taken back; and each update reaches those who hear of it once."""

import pytest
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.notifications.models import ByMail, Notice, NoticeChoice, OutboxMail
from servicedesk.systems import commands, receivers
from servicedesk.systems.models import Disturbance, MeToo, System, SystemFollower
from servicedesk.systems.policy import SystemPermission

JOINED = "Du er meldt på og får besked, når der er nyt."
BUTTON = "Det oplever jeg også"


@pytest.fixture
def told(desk):
    """Who was mailed, by template and person."""
    return lambda: sorted((mail.template, mail.person_id) for mail in desk.all(OutboxMail))


def test_one_click_joins_is_counted_and_can_be_taken_back(desk, browse, place, declare):
    one, teacher = declare(), browse(place.teacher)
    for address in ("/", "/status", f"/status/systems/{place.aula.id}", f"/status/{one}"):
        assert BUTTON in teacher.get(address).text, address

    answer = teacher.post(f"/status/{one}/me-too", data={"next": "/"})
    teacher.post(f"/status/{one}/me-too")

    assert answer.status_code == 303 and answer.location == "/"
    assert [(row.disturbance_id, row.person_id) for row in desk.all(MeToo)] == [(one, place.teacher.id)]
    for address in ("/", "/status", f"/status/systems/{place.aula.id}", f"/status/{one}"):
        page = teacher.get(address).text
        assert JOINED in page and BUTTON not in page, address
    assert "1 oplever det." in browse(place.supporter).get("/status").text
    browse(place.supporter).post(f"/status/{one}/me-too")
    assert "Du og 1 anden oplever det." in teacher.get("/").text

    teacher.post(f"/status/{one}/me-too/undo")
    teacher.post(f"/status/{one}/me-too/undo")

    assert BUTTON in teacher.get("/").text
    actions = [line.action for line in desk.all(AuditLine, by_id=place.teacher.id) if "disturbance" in line.action]
    assert actions == ["disturbance_joined", "disturbance_left"]


def test_htmx_gets_the_piece_of_the_page_with_the_other_button(browse, place, declare):
    one, teacher = declare(), browse(place.teacher)

    said = teacher.post(f"/status/{one}/me-too", headers={"HX-Request": "true"})
    assert said.status_code == 200 and JOINED in said.text and "<html" not in said.text
    assert f"/status/{one}/me-too/undo" in said.text and "<form" in said.text

    in_form = teacher.post(f"/status/{one}/me-too/undo?in_form=solved", headers={"HX-Request": "true"})
    assert BUTTON in in_form.text and "<form" not in in_form.text and 'form="solved"' in in_form.text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", ""])
def test_one_comes_back_to_this_site_alone(browse, place, declare, back):
    one = declare()
    assert browse(place.teacher).post(f"/status/{one}/me-too", data={"next": back}).location == f"/status/{one}"


def test_who_hears_nothing_of_it_cannot_join(desk, browse, place, declare):
    one = declare()
    for stranger in (place.nurse, place.foreign):
        assert browse(stranger).post(f"/status/{one}/me-too").status_code == 404
        assert browse(stranger).post(f"/status/{one}/me-too/undo").status_code == 404
    assert browse().post(f"/status/{one}/me-too").status_code == 401
    assert desk.count(MeToo) == 0


def test_what_is_over_withdrawn_or_planned_is_not_joined(desk, browse, place, declare):
    over, withdrawn = declare(), declare()
    now, by = clock.now(), desk.actor(place.supporter)
    with desk.app.app_context():
        commands.end_disturbance(over, outcome="", by=by, now=now)
        commands.withdraw_disturbance(withdrawn, by=by, now=now)
    assert browse(place.teacher).post(f"/status/{over}/me-too").status_code == 409
    assert browse(place.teacher).post(f"/status/{withdrawn}/me-too").status_code == 404
    assert BUTTON not in browse(place.teacher).get(f"/status/{over}").text
    assert desk.count(MeToo) == 0


def test_the_filing_form_offers_it_where_the_system_is_down(browse, place, declare):
    one = declare()
    page = browse(place.teacher).get(f"/tickets/new/suggestions?subject=Aula+er+nede&system={place.aula.id}").text

    assert "Du kan nøjes med at melde dig på, så får du besked." in page
    assert BUTTON in page and f'formaction="/status/{one}/me-too"' in page and 'form="solved"' in page


def test_each_update_and_the_end_is_told_once_to_those_who_joined_or_follow(desk, browse, place, declare, told, at):
    at("2026-11-23 09:00")
    both, follower = place.teacher, desk.person(unit=place.school)
    for person in (both, follower):
        assert browse(person).post(f"/status/systems/{place.aula.id}/following").status_code == 303
    one = declare()
    assert told() == sorted(("disturbance_begun", person.id) for person in (both, follower))
    browse(both).post(f"/status/{one}/me-too")

    supporter = browse(place.supporter)
    supporter.post(f"/status/{one}/updates", data={"body": "Vi er i gang", "expected": ""})
    supporter.post(f"/status/{one}/end", data={"outcome": "En knude"})

    kinds = ("disturbance_begun", "disturbance_told", "disturbance_ended")
    assert told() == sorted((kind, person.id) for kind in kinds for person in (both, follower))
    mails = desk.all(OutboxMail, template="disturbance_ended")
    assert {mail.facts["body"] for mail in mails} == {"En knude"}
    page = browse(both).get("/notices").text
    assert "Det virker igen" in page and "Man kan ikke logge på" in page
    assert desk.count(Notice, person_id=both.id) == 3
    browse(both).get(f"/status/{one}")
    assert all(notice.read_at for notice in desk.all(Notice, person_id=both.id) if notice.shown_from)


def test_one_hears_in_the_way_one_has_chosen(desk, browse, place, declare, told):
    desk.add(NoticeChoice(person_id=place.teacher.id, event="disturbance_ended", in_bell=True, by_mail=ByMail.NEVER))
    one = declare()
    browse(place.teacher).post(f"/status/{one}/me-too")
    browse(place.supporter).post(f"/status/{one}/end")

    assert told() == []
    assert desk.count(Notice, person_id=place.teacher.id) == 1


def test_who_left_or_moved_away_hears_no_more(desk, browse, place, declare, told):
    one = declare()
    moved = desk.person(unit=place.school)
    for person in (place.teacher, moved):
        browse(person).post(f"/status/{one}/me-too")
    browse(place.teacher).post(f"/status/{one}/me-too/undo")
    with desk.writing() as session:
        session.get(type(moved), moved.id).unit_id = place.care.id

    browse(place.supporter).post(f"/status/{one}/end")

    assert told() == []


def test_nobody_learns_from_a_mail_that_another_system_is_down(desk, browse, place, declare):
    both = declare(place.aula, place.mail)
    for person in (place.nurse, place.teacher):
        browse(person).post(f"/status/{both}/me-too")

    browse(place.supporter).post(f"/status/{both}/end")

    assert {mail.person_id: mail.facts["number"] for mail in desk.all(OutboxMail)} == {
        place.nurse.id: "E-post",
        place.teacher.id: "Aula, E-post",
    }
    assert "Aula" not in browse(place.nurse).get("/notices").text


def test_that_it_was_not_over_is_told_too(desk, browse, place, declare):
    one = declare()
    browse(place.teacher).post(f"/status/{one}/me-too")
    supporter = browse(place.supporter)
    supporter.post(f"/status/{one}/end")
    supporter.post(f"/status/{one}/resumption")

    assert "Det er ikke løst alligevel" in browse(place.teacher).get("/notices").text


def test_following_is_chosen_on_one_page_and_only_among_systems_heard_of(desk, browse, place):
    teacher = browse(place.teacher)
    page = teacher.get("/status/following").text
    assert "Aula" in page and "E-post" in page
    assert teacher.post("/status/following", data={"systems": [place.aula.id, place.mail.id]}).status_code == 303
    assert "Du følger 2 systemer" in teacher.get("/me").text
    teacher.post("/status/following", data={"systems": [place.mail.id]})
    assert [row.system_id for row in desk.all(SystemFollower)] == [place.mail.id]

    assert browse(place.nurse).post("/status/following", data={"systems": [place.aula.id]}).status_code == 404
    assert browse(place.nurse).post(f"/status/systems/{place.aula.id}/following").status_code == 404
    assert browse(place.foreign).post(f"/status/systems/{place.mail.id}/following").status_code == 404
    assert desk.count(SystemFollower) == 1
    actions = [line.action for line in desk.all(AuditLine) if line.action.startswith("system_")]
    assert actions == ["system_followed", "system_followed", "system_unfollowed"]


def test_those_who_are_told_are_those_whom_the_policy_lets_hear(desk, place, declare):
    """The policy itself is the oracle for the shorter way that `receivers` goes."""
    one = declare(place.aula, place.mail)
    inactive = desk.person(unit=place.school, is_active=False)
    people = [place.owner, place.teacher, place.nurse, place.supporter, place.foreign, inactive]
    people += [desk.person(role, unit=unit) for role in Role for unit in (place.care, place.school)]
    people += [desk.person(Role.SUPPORTER, unit=desk.customer(), over=over) for over in ("everything", place.care)]
    people += [desk.person(unit=desk.unit(parent=place.school))]
    for person in people:
        desk.add(MeToo(disturbance_id=one, person_id=person.id, at=clock.now()))

    with desk.app.app_context():
        row = db.session.get_one(Disturbance, one)
        systems = receivers.concerned_by(row)
        groups = receivers.those_who_may_hear([receivers.joined(row)], systems, clock.now())
        found = {id_: {system.id for system in heard} for heard, ids in groups.items() for id_ in ids}
        asked = [place.aula.id, place.mail.id]
        expected: dict[int, set[int]] = {}
        for person in people:
            if person is not inactive:
                may = granted(SystemPermission.HEAR, desk.actor(person))
                heard = set(db.session.scalars(select(System.id).where(System.id.in_(asked), may)))
                expected |= {person.id: heard} if heard else {}
    assert found == expected


@pytest.mark.parametrize("number", [2, 12])
def test_telling_asks_no_more_however_many_hear(desk, browse, place, declare, queries, number):
    one = declare()
    for _ in range(number):
        desk.add(MeToo(disturbance_id=one, person_id=desk.person(unit=place.school).id, at=clock.now()))
    by = desk.actor(place.supporter)
    with desk.app.app_context(), queries() as asked:
        commands.end_disturbance(one, outcome="", by=by, now=clock.now())
    assert len(asked) <= 16
    assert desk.count(OutboxMail) == number
