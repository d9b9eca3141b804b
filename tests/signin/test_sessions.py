import threading
from datetime import date

import pytest
from sqlalchemy import text

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db, for_writers, transaction
from servicedesk.organisation.models import Person, Unit
from servicedesk.signin import commands, queries
from servicedesk.signin.models import RateCount, ResetToken, SignIn

GOOD = "fire glade køer spiser"
HOST = "https://servicedesk.test"


def stolen(browser, browse):
    """A clean client with a copy of the browser's cookie."""
    cookie = browser.get_cookie("__Host-session", domain="servicedesk.test")
    thief = browse()
    thief.set_cookie("__Host-session", cookie.value, domain="servicedesk.test", secure=True)
    return thief


def is_in(browser):
    return browser.get("/me").status_code == 200


def test_a_copied_cookie_ends_with_signing_out(desk, browse):
    """A038"""
    browser = browse(desk.person())
    thief = stolen(browser, browse)
    assert is_in(thief)

    answer = browser.post("/sign-out")

    assert answer.status_code == 303
    assert "Expires=Thu, 01 Jan 1970" in answer.headers["Set-Cookie"]
    assert not is_in(browser)
    assert not is_in(thief)
    assert desk.count(AuditLine, action="signed_out") == 1


def test_a_changed_password_ends_every_other_sign_in_and_renews_this(member, browse, enter):
    """A038"""
    person = member(initials="anje")
    browser, other = browse(), browse(person)
    enter("anje", browser=browser)
    copied = stolen(browser, browse)

    new = {"present": GOOD, "password": "syv små grå gæs", "again": "syv små grå gæs"}
    assert browser.post("/me/password", data=new).status_code == 303

    assert is_in(browser)
    assert not is_in(copied)
    assert not is_in(other)
    assert enter("anje").status_code == 422
    assert enter("anje", "syv små grå gæs").status_code == 303


def test_signing_out_everywhere_means_everywhere(desk, browse):
    person = desk.person()
    here, there = browse(person), browse(person)
    here.post("/me/sign-out-everywhere")
    assert not is_in(here)
    assert not is_in(there)
    assert desk.all(AuditLine, action="sessions_ended")[0].facts == {"count": 2}


def test_a_person_who_left_is_out_at_once(desk, browse):
    person = desk.person()
    browser = browse(person)
    with desk.writing() as session:
        session.get(Person, person.id).is_active = False
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("used_at", "is_still_in"),
    [
        pytest.param(["2026-03-02 20:59"], True, id="before twelve idle hours"),
        pytest.param(["2026-03-02 21:01"], False, id="after twelve idle hours"),
        pytest.param(["2026-03-02 20:00", "2026-03-03 07:00"], True, id="used in between"),
        pytest.param(
            [f"2026-03-0{day} {hour}" for day in range(2, 9) for hour in ("01:00", "10:00", "20:00")], True, id="a week"
        ),
        pytest.param(
            [f"2026-03-0{day} {hour}" for day in range(2, 9) for hour in ("01:00", "10:00", "20:00")]
            + ["2026-03-09 07:00", "2026-03-09 09:01"],
            False,
            id="more than a week",
        ),
    ],
)
def test_a_sign_in_ends_by_itself(desk, browse, at, used_at, is_still_in):
    """A059"""
    at("2026-03-02 09:00")
    browser = browse(desk.person())
    for moment in used_at:
        at(moment)
        answered = is_in(browser)
    assert answered is is_still_in


def test_polling_does_not_keep_a_sign_in_alive(desk, browse, at):
    """A059"""
    at("2026-03-02 09:00")
    browser = browse(desk.person())
    polls = {"HX-Request": "true", "X-Poll": "1"}
    for hour in range(10, 21):
        at(f"2026-03-02 {hour}:00")
        assert browser.get("/me", headers=polls).status_code == 200
    at("2026-03-02 21:01")
    answer = browser.get("/me", headers=polls)
    assert (answer.status_code, answer.text, answer.headers["HX-Reswap"]) == (401, "", "none")
    assert not is_in(browser)


def test_the_time_of_use_is_written_now_and_then(desk, browse, at, queries):
    at("2026-03-02 09:00")
    browser = browse(desk.person())
    at("2026-03-02 09:04")
    with queries() as asked:
        browser.get("/me")
    assert not [statement for statement in asked if statement.startswith("UPDATE")]
    at("2026-03-02 09:05")
    browser.get("/me")
    assert desk.all(SignIn)[0].seen_at == clock.now()


@pytest.mark.parametrize("roles", [[], [Role.SUPPORTER, Role.MANAGER]], ids=["employee", "two roles"])
def test_who_asks_is_known_after_one_query(desk, browse, queries, roles):
    browser = browse(desk.person(*roles, team=desk.team()))
    with queries() as asked:
        assert browser.get("/there-is-no-such-page").status_code == 404
    assert len([statement for statement in asked if "FROM notice" not in statement]) == 1  # the page's bell asks too


def test_files_and_health_ask_nothing(desk, browse, queries):
    browser = browse(desk.person())
    with queries() as asked:
        browser.get("/static/css/app.css").close()
        browser.get("/healthz")
    assert asked == []


def test_roles_hold_where_and_when_they_hold(desk):
    unit, system = desk.unit(), desk.system()
    person = desk.person()
    desk.grant(person, Role.SUPPORTER, over=unit)
    desk.grant(person, Role.SYSTEM_OWNER, over=system)
    desk.grant(person, Role.ADMINISTRATOR, over="everything")
    desk.grant(person, Role.MANAGER, ends_on=date(2020, 1, 1))
    desk.grant(person, Role.SERVICEDESK_MANAGER, starts_on=date(2999, 1, 1))
    team = desk.team([person])

    who = desk.actor(person)

    assert {(grant.role, grant.customer_id, grant.path, grant.system_id) for grant in who.grants} == {
        (Role.SUPPORTER, desk.home.id, unit.path, None),
        (Role.SYSTEM_OWNER, desk.home.id, None, system.id),
        (Role.ADMINISTRATOR, None, None, None),
    }
    assert who.team_ids == {team.id}


def test_a_role_begins_and_ends_at_midnight_where_people_are(desk, browse, at):
    at("2026-03-02 00:30")  # still the first of March in UTC
    person = desk.person()
    desk.grant(person, Role.MANAGER, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2))
    browser = browse(person)
    assert "Leder" in browser.get("/me").text
    at("2026-03-03 00:00")
    assert "Leder" not in browse(person).get("/me").text


def test_a_stranger_is_asked_to_sign_in_and_led_back(browse):
    answer = browse().get("/me?tab=2")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/me?tab%3D2")


def test_what_was_typed_is_shown_to_one_who_was_signed_out(desk, browse):
    browser = browse(desk.person())
    browser.post("/me/sign-out-everywhere")
    answer = browser.post("/me", data={"description": "Tastet i <en> time"})
    assert answer.status_code == 401
    assert "Tastet i &lt;en&gt; time" in answer.text


def test_a_refused_form_keeps_the_persons_own_page_around_it(desk, browse):
    browser = browse(desk.person(name="Anders And"))
    answer = browser.raw.post("/me", data={"body": "Tastet"}, base_url=HOST)
    assert answer.status_code == 400
    assert "Anders And" in answer.text
    assert "Tastet" in answer.text


@pytest.mark.committing
def test_a_busy_database_does_not_hold_up_a_page(fresh_app, at):
    """The time of use can be written another time: a page waits for no writer."""
    if fresh_app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        pytest.skip("writers do not wait for each other")
    at("2026-03-02 09:00")
    with fresh_app.app_context():
        unit = Unit(name="Testby")
        with transaction() as session:
            session.add(unit)
            session.flush()
            unit.path, unit.customer_id = f"/{unit.id}/", unit.id
            person = Person(name="Anders", initials="a", customer_id=unit.id, unit_id=unit.id)
            session.add(person)
        token = commands.start(person.id, device="", now=clock.now())
    at("2026-03-02 10:00")
    browser = fresh_app.test_client()
    browser.sign_in(token)
    held, answered = threading.Event(), threading.Event()
    was_answered_while_held = []

    def hold() -> None:
        with fresh_app.app_context(), db.engine.connect() as connection:
            connection = connection.execution_options(**for_writers(db.engine.dialect))
            connection.execute(text("UPDATE person SET title = 'x'"))
            held.set()
            was_answered_while_held.append(answered.wait(10))  # shorter than a page waits for a writer

    writer = threading.Thread(target=hold)
    writer.start()
    held.wait(5)
    status = browser.get("/me").status_code
    answered.set()
    writer.join()

    assert (status, was_answered_while_held) == (200, [True])


def test_what_is_over_is_swept_away(desk, browse, at, member):
    at("2026-03-02 09:00")
    left = member(email="x@testby.example")
    browse(left)
    browse(desk.person(is_active=False))
    with desk.app.app_context():
        commands.ask_reset("x@testby.example", now=clock.now())
    desk.add(RateCount(key="old", count=1, expires_at=clock.now().timestamp() + 60))
    with desk.app.app_context():
        assert commands.sweep(now=clock.now()) == 1  # who is not active any more
    at("2026-03-10 09:00")
    with desk.app.app_context():
        assert commands.sweep(now=clock.now()) == 3
    assert desk.count(SignIn) == desk.count(ResetToken) == desk.count(RateCount) == 0


def test_only_a_digest_of_the_token_is_kept(desk):
    person = desk.person()
    with desk.app.app_context():
        token = commands.start(person.id, device="x" * 1000, now=clock.now())
    kept = desk.all(SignIn)[0]
    assert (kept.digest, len(kept.device)) == (queries.token_digest(token), 300)
    assert len(token) >= 43
    with desk.app.app_context():
        commands.end("another", by=SYSTEM, now=clock.now())
    assert desk.count(SignIn) == 1
