"""An open queue that asks whether there is news: one statement when there is none, everything anew when there is."""

from datetime import timedelta

import pytest
import time_machine

from servicedesk.cockpit.live import Mark
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, RoleGrant, TeamMember
from servicedesk.presence import commands as presence
from servicedesk.signin.models import SignIn
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Secrecy
from tests.desk import local_today


def mark_of(page):
    return page.text.split('data-mark="')[1].split('"')[0]


def test_nothing_new_costs_one_statement_and_says_nothing(desk, browse, lene, employee, poll, queries):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    poll(browser, page)
    with queries() as asked:
        answer = poll(browser, page)
    assert (answer.status_code, answer.data) == (304, b"")
    assert len(asked) == 1


@pytest.mark.parametrize("address", ["/queue?view=mine", "/queue?state=new&system=4&sort=-updated", "/queue?show=all"])
def test_every_view_can_be_followed(desk, browse, lene, employee, poll, address):
    desk.ticket(by=employee)
    browser = browse(lene)
    assert poll(browser, browser.get(address)).status_code == 304


def test_a_new_ticket_comes_with_a_new_mark(desk, browse, lene, employee, poll, listed):
    first = desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    second = desk.ticket(by=employee)

    answer = poll(browser, page)

    assert listed(answer) == [first, second]
    assert "<html" not in answer.text
    assert poll(browser, page, answer.headers["HX-PTag"]).status_code == 304


def test_another_customers_ticket_is_no_news(desk, browse, lene, employee, poll):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    stranger = desk.person(unit=desk.customer())
    desk.ticket(by=stranger)
    assert poll(browser, page).status_code == 304


def test_a_colleague_at_a_ticket_on_the_page_is_news(desk, browse, lene, jonas, employee, poll, app):
    ticket, elsewhere = desk.ticket(by=employee), 10_000
    browser = browse(lene)
    page = browser.get("/queue")
    be_at(desk, app, jonas, elsewhere)
    assert poll(browser, page).status_code == 304
    be_at(desk, app, jonas, ticket)
    looked = poll(browser, page)
    assert "Jonas Lind kigger på den" in looked.text
    be_at(desk, app, jonas, ticket, is_writing=True)
    written = poll(browser, page, looked.headers["HX-PTag"])
    assert "Jonas Lind skriver" in written.text
    with time_machine.travel(clock.now() + timedelta(seconds=50), tick=False):
        assert "Jonas Lind" not in poll(browser, page, written.headers["HX-PTag"]).text


def be_at(desk, app, person, ticket, is_writing=False):
    actor = desk.actor(person)
    with app.app_context():
        presence.be_at(ticket, by=actor, is_writing=is_writing, now=clock.now())


def test_times_run_down(desk, browse, lene, employee, poll):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert poll(browser, page).status_code == 200


def _sign_out(desk, lene):
    with desk.writing() as session:
        session.query(SignIn).delete()


def _disable(desk, lene):
    with desk.writing() as session:
        session.get(Person, lene.id).is_active = False


def _fall_asleep(desk, lene):
    with desk.writing() as session:
        session.query(SignIn).update({"seen_at": clock.now() - timedelta(hours=13)})


def _grow_old(desk, lene):
    with desk.writing() as session:
        session.query(SignIn).update({"started_at": clock.now() - timedelta(days=8)})


@pytest.mark.parametrize("end", [_sign_out, _disable, _fall_asleep, _grow_old])
def test_who_is_signed_out_hears_so(desk, browse, lene, employee, poll, end):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    end(desk, lene)
    answer = poll(browser, page)
    assert (answer.status_code, answer.data) == (401, b"")


def test_a_stranger_hears_nothing(desk, browse, lene, employee, poll):
    desk.ticket(by=employee)
    page = browse(lene).get("/queue")
    assert poll(browse(), page).status_code == 401
    assert poll(browse(employee), page).status_code == 404


def _lose_role(desk, lene):
    with desk.writing() as session:
        session.query(RoleGrant).filter_by(person_id=lene.id).delete()


def _role_ends(desk, lene):
    with desk.writing() as session:
        ended = local_today() - timedelta(days=1)
        session.query(RoleGrant).filter_by(person_id=lene.id).update({"ends_on": ended})


@pytest.mark.parametrize("lose", [_lose_role, _role_ends])
def test_who_has_lost_the_role_sees_no_queue(desk, browse, lene, employee, poll, lose):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    lose(desk, lene)
    assert poll(browser, page).status_code == 404


def test_after_changed_rights_all_is_asked_anew(desk, browse, lene, employee, poll):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    desk.grant(lene, Role.SUPERBRUGER)
    given = poll(browser, page)
    assert given.headers["HX-PTag"] != mark_of(page)
    with desk.writing() as session:
        session.query(TeamMember).filter_by(person_id=lene.id).delete()
    assert poll(browser, page, given.headers["HX-PTag"]).headers["HX-PTag"] != given.headers["HX-PTag"]


def test_who_leaves_a_closed_team_loses_its_tickets_from_the_page(desk, browse, employee, poll, listed):
    closed = desk.team(is_closed=True, receives_confidential=True)
    insider = desk.person(Role.SUPPORTER, team=closed)
    secret = desk.ticket(by=employee, secrecy=Secrecy.CONFIDENTIAL)
    browser = browse(insider)
    page = browser.get("/queue")
    assert listed(page) == [secret]
    with desk.writing() as session:
        session.query(TeamMember).filter_by(person_id=insider.id).delete()
    assert listed(poll(browser, page)) == []


def test_what_happens_elsewhere_gives_only_a_new_mark(desk, browse, lene, jonas, employee, poll, app):
    desk.ticket(by=employee, assignee=lene, state="open")
    browser = browse(lene)
    page = browser.get("/queue?view=mine")
    desk.ticket(by=employee)
    answer = poll(browser, page)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["HX-PTag"].split("~")[0] == mark_of(page).split("~")[0], "it lives no longer for that"


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "x",
        "~~~~",
        "9999999999~*~~",
        "9999999999~1~1.2~0000",
        "é~1~1~1~1",
        "1" * 5_000,
        "9999999999~1~" + "9" * 30 + "~",
    ],
)
def test_a_mark_that_nobody_gave_is_none(desk, browse, lene, employee, poll, mark):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    answer = poll(browser, page, mark.encode().decode("latin-1"))
    assert answer.status_code == 200


def test_a_mark_is_for_one_page_of_one_person(desk, browse, lene, jonas, employee, poll):
    desk.ticket(by=employee)
    browser = browse(lene)
    page, other = browser.get("/queue"), browser.get("/queue?view=mine")
    assert poll(browser, other, mark_of(page)).status_code == 200
    assert poll(browse(jonas), page, mark_of(page)).status_code == 200


def test_a_longer_life_cannot_be_written_into_a_mark(desk, browse, lene, employee, poll):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    stale_at, rest = mark_of(page).split("~", 1)
    assert poll(browser, page, f"{int(stale_at) + 3600}~{rest}").status_code == 200


def test_polling_keeps_nobody_signed_in(desk, browse, lene, employee, poll):
    desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue")
    seen = desk.all(SignIn)[0].seen_at
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert poll(browser, page).status_code == 200
    assert desk.all(SignIn)[0].seen_at == seen


def test_a_change_is_seen_though_it_takes_the_ticket_out(desk, browse, lene, jonas, employee, poll, listed, app):
    ticket = desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue?view=nobody")
    actor = desk.actor(jonas)
    with app.app_context():
        commands.take(ticket, by=actor, now=clock.now())
    assert listed(poll(browser, page)) == []


def test_marks_are_read_as_they_are_written():
    for mark in (Mark(1, None, (), "a", "b"), Mark(2, (1, 2), (3,), "c", "d"), Mark(3, (), (4, 5))):
        assert Mark.read(str(mark)) == mark
