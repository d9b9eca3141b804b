"""The page that shows whether workers live, how their jobs go and what waits for them; for whom it is there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from servicedesk.core.actor import SYSTEM, Role
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.tickets.models import Ticket
from servicedesk.upkeep import health
from tests.desk import EVERYTHING


@pytest.fixture
def runner(desk):
    return desk.person(Role.SERVICEDESK_MANAGER)


def test_the_page_tells_that_all_is_well(app, browse, runner, work, now):
    logbook = work()
    logbook.begin("deliver_mails", now=now)
    logbook.end("deliver_mails", seconds=0.1, done=0)
    with app.app_context():
        logbook.write(now=now)

    page = browse(runner).get("/admin/worker").text

    for words in ("Alt kører", "Sender mails", "Hvert 5. sekund", "Gik godt", "I gang"):
        assert words in page
    assert "Ingen worker er i gang" not in page


def test_the_page_warns_when_no_worker_was_seen_for_a_minute(browse, runner, work):
    work(seconds=-61)

    page = browse(runner).get("/admin/worker").text

    for words in ("Ingen worker er i gang", "servicedesk worker", "Tavs", "Intet går tabt"):
        assert words in page
    assert "Alt kører" not in page


def test_the_page_warns_when_there_never_was_a_worker(browse, runner):
    page = browse(runner).get("/admin/worker").text

    assert "Ingen worker er i gang" in page and "Der har ikke været nogen i gang endnu." in page


def test_the_page_tells_of_a_clock_that_is_wrong(app, browse, runner, work, now):
    work(minutes=90)
    assert "Et ur går forkert" in browse(runner).get("/admin/worker").text

    logbook = work()
    logbook.jumped(now=now)
    with app.app_context():
        logbook.write(now=now)
    assert "Uret blev stillet" in browse(runner).get("/admin/worker").text


def _mail(desk, customer, now, delivery=Delivery.WAITING):
    fields = {"address": "a@b.example", "template": "x", "facts": {}, "message_id": f"{desk.count(OutboxMail)}"}
    desk.add(OutboxMail(made_at=now, customer_id=customer.id, delivery=delivery, next_try_at=now, **fields))


def test_what_waits_is_counted_for_the_own_customer_only(desk, app, now):
    neighbour = desk.customer()
    for customer in (desk.home, desk.home, neighbour):
        _mail(desk, customer, now)
    _mail(desk, desk.home, now, Delivery.DEAD)

    def count(person, ask=health.waiting_mails):
        with app.app_context():
            return ask(desk.actor(person)).count

    assert count(desk.person(Role.SERVICEDESK_MANAGER)) == 2
    assert count(desk.person(Role.ADMINISTRATOR), health.dead_mails) == 1
    assert count(desk.person(Role.ADMINISTRATOR, unit=neighbour)) == 1
    assert count(desk.person(Role.ADMINISTRATOR, over=EVERYTHING)) == 3
    assert count(desk.person(Role.SUPPORTER)) == 0


def _make_due(desk, ticket_id, at):
    with desk.writing() as session:
        session.get(Ticket, ticket_id).next_look_at = at


def test_deadlines_that_nobody_looked_at_are_counted_for_the_own_customer(desk, app, now):
    neighbour = desk.person(unit=desk.customer())
    for minutes, by in ((-9, None), (-1, None), (1, None), (-5, neighbour)):
        _make_due(desk, desk.ticket(by=by) if by else desk.ticket(), now + timedelta(minutes=minutes))

    with app.app_context():
        found = health.due_tickets(desk.actor(desk.person(Role.SERVICEDESK_MANAGER)), now=now)
        assert (found.count, found.oldest) == (2, now - timedelta(minutes=9))
        assert health.due_tickets(SYSTEM, now=now).count == 3
        assert health.due_tickets(desk.actor(desk.person(Role.SUPPORTER)), now=now).count == 0


def test_the_page_tells_of_deadlines_that_nobody_looked_at(desk, browse, runner, work, now):
    work()
    _make_due(desk, desk.ticket(), now - timedelta(minutes=6))

    page = browse(runner).get("/admin/worker").text
    assert "Noget venter for længe" in page and "skulle være klaret for 6 minutter siden" in page


@pytest.fixture
def with_mail_server(app, monkeypatch):
    settings = replace(app.extensions["settings"], smtp_url="smtp://mail.example")
    monkeypatch.setitem(app.extensions, "settings", settings)


def test_the_page_tells_that_mails_wait_too_long(desk, browse, runner, work, now, with_mail_server):
    work()
    _mail(desk, desk.home, now - timedelta(minutes=4))
    page = browse(runner).get("/admin/worker").text
    assert "Alt kører" in page and "skulle være klaret" not in page

    _mail(desk, desk.home, now - timedelta(minutes=6))
    page = browse(runner).get("/admin/worker").text
    assert "Noget venter for længe" in page and "skulle være klaret for 6 minutter siden" in page


def test_the_page_tells_that_mails_wait_for_a_server(desk, browse, runner, work, now):
    work()
    _mail(desk, desk.home, now - timedelta(days=6))

    page = browse(runner).get("/admin/worker").text
    assert "Alt kører" in page and "SERVICEDESK_SMTP_URL" in page


def test_counting_ends_somewhere(desk, app, now, monkeypatch):
    monkeypatch.setattr(health, "MOST_COUNTED", 2)
    for minutes in range(4):
        _mail(desk, desk.home, now - timedelta(minutes=minutes))

    with app.app_context():
        found = health.waiting_mails(SYSTEM)

    assert (found.count, found.is_more, found.oldest) == (3, True, now - timedelta(minutes=3))


def test_figures_of_all_customers_are_for_who_runs_them_all(desk, app, browse, work, now):
    logbook = work()
    logbook.begin("deliver_mails", now=now)
    logbook.end("deliver_mails", seconds=0.1, done=7)
    with app.app_context():
        logbook.write(now=now)

    own = desk.person(Role.ADMINISTRATOR)
    assert "Antal sidst: 7" in browse(own).get("/admin/worker").text
    desk.customer()
    assert "Antal sidst" not in browse(own).get("/admin/worker").text
    assert "Antal sidst: 7" in browse(desk.person(Role.ADMINISTRATOR, over=EVERYTHING)).get("/admin/worker").text


@pytest.mark.parametrize("role", [Role.SUPPORTER, Role.MANAGER, Role.SYSTEM_OWNER, Role.SUPERBRUGER])
def test_for_others_there_is_no_such_page(desk, browse, role):
    assert browse(desk.person(role)).get("/admin/worker").status_code == 404


def test_it_is_not_for_who_runs_only_a_part(desk, browse):
    assert browse(desk.person(Role.ADMINISTRATOR, over=desk.unit())).get("/admin/worker").status_code == 404


def test_administration_leads_there(desk, browse, runner):
    assert 'href="/admin/worker"' in browse(runner).get("/admin").text


def test_the_page_asks_the_database_a_fixed_number_of_times(desk, browse, runner, work, queries):
    work()
    browser = browse(runner)
    browser.get("/admin/worker")
    with queries() as few:
        browser.get("/admin/worker")
    for _ in range(5):
        work()
    with queries() as many:
        browser.get("/admin/worker")

    assert len(many) == len(few)
