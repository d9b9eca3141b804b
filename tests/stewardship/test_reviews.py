"""The owner's page and the yearly review."""

import re
from datetime import date

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.stewardship import jobs
from servicedesk.stewardship.checklist import Point
from servicedesk.stewardship.models import Review
from servicedesk.systems.models import System


def answers(seen, **told):
    return {**{point.value: "right" for point in Point}, "seen": seen, **told}


def seen_on(page):
    [seen] = re.findall(r'name="seen" value="([0-9a-f]+)"', page.text)
    return seen


@pytest.fixture
def due(desk, place):
    with desk.writing() as session:
        session.get(System, place.system.id).review_due_on = date(2026, 2, 1)


def test_the_owner_signs_and_the_register_is_kept_as_it_was(browse, desk, place, due):
    browser = browse(place.owner)
    seen = seen_on(browser.get(f"/systems/{place.system.id}/review"))

    answer = browser.post(f"/systems/{place.system.id}/review", data=answers(seen))

    assert answer.status_code == 303
    [review] = desk.all(Review)
    assert (review.signed_name, review.signed_at) == ("Peter Vang", clock.now())
    assert dict(review.snapshot)["supplier"] == ["Nordsoft", "Kontrakt med Nordsoft"]
    assert desk.get(System, place.system.id).review_due_on == date(2027, 3, 2)
    assert desk.count(AuditLine, action="system_reviewed") == 1
    with desk.writing() as session:
        session.get(Person, place.owner.id).name = "Peter Gift"
        session.get(System, place.system.id).supplier_id = None
    page = browser.get(f"/systems/reviews/{review.id}").text
    assert "Peter Vang" in page and "Nordsoft" in page


def test_every_point_is_answered_and_what_is_wrong_is_told(browse, desk, place):
    browser = browse(place.owner)
    address = f"/systems/{place.system.id}/review"
    seen = seen_on(browser.get(address))

    missing = browser.post(address, data=answers(seen, units="", note="Det jeg skrev"))
    assert missing.status_code == 422 and "Det jeg skrev" in missing.text
    silent = browser.post(address, data=answers(seen, units="wrong"))
    assert silent.status_code == 422 and "Skriv, hvad der skal rettes" in silent.text
    assert browser.post(address, data=answers(seen, units="wrong", note="Jeg retter det.")).status_code == 303
    assert "Noget skal rettes" in browser.get(f"/systems/{place.system.id}/owner").text


def test_nobody_signs_what_was_changed_meanwhile(browse, desk, place):
    browser = browse(place.owner)
    seen = seen_on(browser.get(f"/systems/{place.system.id}/review"))
    with desk.writing() as session:
        session.get(System, place.system.id).supplier_id = None

    answer = browser.post(f"/systems/{place.system.id}/review", data=answers(seen, note="Min note"))

    assert answer.status_code == 409 and "Min note" in answer.text
    assert desk.count(Review) == 0


def test_only_the_owner_signs(browse, desk, place):
    keeper = desk.person(initials="forv")
    with desk.writing() as session:
        session.get(System, place.system.id).manager_id = keeper.id
    for who in (keeper, place.manager):
        browser = browse(who)
        page = browser.get(f"/systems/{place.system.id}/review")
        assert page.status_code == 200 and "Kun systemejeren kan underskrive" in page.text
        assert browser.post(f"/systems/{place.system.id}/review", data=answers(seen_on(page))).status_code == 403
    for who in (place.employee, place.supporter, place.stranger):
        browser = browse(who)
        assert browser.get(f"/systems/{place.system.id}/review").status_code == 404
        assert browser.post(f"/systems/{place.system.id}/review", data=answers("x")).status_code == 404
    assert desk.count(Review) == 0


def test_a_signed_one_is_for_those_who_keep_the_system(browse, desk, place):
    browser = browse(place.owner)
    seen = seen_on(browser.get(f"/systems/{place.system.id}/review"))
    browser.post(f"/systems/{place.system.id}/review", data=answers(seen))
    [review] = desk.all(Review)

    assert browse(place.manager).get(f"/systems/reviews/{review.id}").status_code == 200
    for who in (place.employee, place.supporter, place.stranger):
        assert browse(who).get(f"/systems/reviews/{review.id}").status_code == 404


def test_the_owner_is_reminded_once_a_month(desk, place, due, at):
    def remind(when):
        at(when)
        with desk.app.app_context():
            return jobs.remind_of_reviews(clock.now())

    assert [remind(when) for when in ("2026-03-02 10:00", "2026-03-02 11:00", "2026-03-20 10:00")] == [1, 0, 0]
    assert remind("2026-04-02 10:00") == 1
    assert {one.person_id for one in desk.all(Notice, event="system_review_due")} == {place.owner.id}
    assert desk.count(OutboxMail) == 2


def test_nobody_is_reminded_of_what_is_not_due_not_in_use_or_nobodys(desk, place, due):
    desk.system("Ny", owner=place.owner, review_due_on=date(2026, 3, 3))
    desk.system("Gammelt", owner=place.owner, review_due_on=date(2025, 1, 1), is_active=False)
    desk.system("Ingens", review_due_on=date(2025, 1, 1))
    desk.system("Fratrådt", owner=desk.person(is_active=False), review_due_on=date(2025, 1, 1))
    with desk.app.app_context():
        assert jobs.remind_of_reviews(clock.now()) == 1


def test_overdue_reviews_are_seen_by_who_runs_the_register(browse, place, due):
    browser = browse(place.manager)
    assert "1 system har overskredet sin årlige gennemgang" in browser.get("/").text
    page = browser.get("/admin/systems?lack=review").text
    assert ">Aula</a>" in page and ">Nexus</a>" not in page
    assert "overskredet sin årlige" not in browse(place.supporter).get("/").text


def test_the_owners_page_tells_of_own_systems_alone(browse, desk, place, due, act):
    desk.ticket(system=place.system, subject="Aula er nede", by=place.employee)
    desk.ticket("resolved", system=place.system, by=place.employee)
    desk.ticket(system=place.other)
    act("wait_for_supplier", desk.ticket(system=place.system), supplier="Nordsoft")
    browser = browse(place.owner)

    start = browser.get("/").text
    assert "Mine systemer" in start and "2 åbne" in start and "Gennemgang overskredet" in start
    page = browser.get(f"/systems/{place.system.id}/owner").text
    assert '<p class="figure">2</p>' in page
    assert f"system={place.system.id}" in page
    assert "mangler en superbruger" in page
    assert browser.get(f"/systems/{place.other.id}/owner").status_code == 404
    assert browse(place.supporter).get(f"/systems/{place.system.id}/owner").status_code == 404


def test_the_queue_behind_a_figure_has_as_many(browse, desk, place, at):
    at("2026-01-20 09:00")
    desk.ticket(system=place.system, by=place.employee)
    at("2026-03-02 09:00")
    for _ in range(2):
        desk.ticket(system=place.system, by=place.employee)
    browser = browse(place.owner)

    page = browser.get(f"/systems/{place.system.id}/owner").text

    found = re.findall(r'<a href="(/queue[^"]*)">[^<]*</a> <strong>(\d+)</strong>', page)
    assert [int(number) for _address, number in found] == [3, 2, 0, 1]
    for address, number in found:
        listed = browser.get(address.replace("&amp;", "&")).text
        assert len(set(re.findall(r'href="/tickets/(\d+)[^"]*"', listed))) == int(number), address


def test_a_keepers_role_over_the_system_alone_does_not_sign(browse, desk, place):
    """A037: who has the role, but is not named in the register, is not the owner."""
    second = desk.person()
    desk.grant(second, Role.SYSTEM_OWNER, over=place.system)
    browser = browse(second)
    page = browser.get(f"/systems/{place.system.id}/review")
    assert browser.post(f"/systems/{place.system.id}/review", data=answers(seen_on(page))).status_code == 403
