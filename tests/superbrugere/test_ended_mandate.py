"""When an appointment ends, or the person leaves, nothing more comes of it: not in mails, the bell or open pages."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.notifications import commands as notifications
from servicedesk.notifications import delivery
from servicedesk.notifications.models import ByMail, Delivery, NoticeChoice, OutboxMail
from servicedesk.organisation.models import Absence, Person
from servicedesk.superbrugere import commands as corps
from tests.superbrugere_made import appoint, publish


@pytest.fixture
def school(desk):
    desk.team(is_first_line=True, name="Servicedesk")
    return desk.unit(name="Skovskolen")


@pytest.fixture
def jonas(desk, school):
    return desk.person(unit=school, name="Jonas Engholt", email="jonas@odder.dk")


@pytest.fixture
def appointed(desk, jonas, school):
    return appoint(desk, jonas, school)


@pytest.fixture
def bente(desk, school):
    return desk.person(unit=school, name="Bente Lund")


@pytest.fixture
def end(desk, appointed):
    def end_it():
        now = clock.now()
        with desk.app.app_context():
            today = now.astimezone(clock.own_zone()).date()
            corps.end_appointment(appointed.id, by=SYSTEM, now=now, today=today)

    return end_it


@pytest.fixture
def deliver(desk):
    """Sends all that is due; answers the receivers of what left."""

    def send_all():
        sent: list[Any] = []
        with desk.app.app_context():
            later = clock.now() + timedelta(minutes=1)
            while delivery.deliver_one(later, as_it_is, sent.append) is not delivery.Outcome.NOTHING_DUE:
                pass
        return {mail.person_id for mail in sent}

    return send_all


def as_it_is(mail: Any) -> Any:
    return mail


def dropped(desk, person):
    return [(one.template, one.last_error) for one in desk.all(OutboxMail, person_id=person.id, delivery="dropped")]


def test_a_mail_that_still_waits_is_dropped_and_the_outbox_says_why(desk, jonas, bente, end, deliver):
    publish(desk)
    desk.ticket(by=bente)
    end()
    assert jonas.id not in deliver()
    assert dropped(desk, jonas) == [
        ("guideline_published", "the receiver has no part in it any more"),
        ("ticket_local", "the receiver has no part in it any more"),
    ]


def test_who_still_is_one_gets_it(desk, jonas, bente, appointed, deliver):
    publish(desk)
    desk.ticket(by=bente)
    assert jonas.id in deliver()
    assert dropped(desk, jonas) == []


def test_who_has_left_gets_nothing(desk, jonas, bente, appointed, deliver):
    publish(desk)
    desk.ticket(by=bente)
    with desk.writing() as session:
        session.get(Person, jonas.id).is_active = False
    assert jonas.id not in deliver()
    assert {why for _template, why in dropped(desk, jonas)} == {"the receiver is not here any more"}


def test_a_warning_about_what_one_may_not_see_any_more_is_dropped(desk, jonas, bente, end, deliver):
    publish(desk)
    ticket = desk.ticket(by=bente)
    with desk.writing() as session:
        for mail in session.query(OutboxMail).filter_by(person_id=jonas.id):
            mail.template, mail.facts = "ticket_warned", {}
            mail.thread_id = f"ticket-{ticket}-{jonas.id}"
    end()
    assert jonas.id not in deliver()
    assert ("ticket_warned", "the receiver may not know of it any more") in dropped(desk, jonas)


def test_the_bell_and_the_digest_say_nothing_of_it(desk, browse, jonas, bente, end):
    desk.add(NoticeChoice(person_id=jonas.id, event="ticket_local", in_bell=True, by_mail=ByMail.DIGEST))
    publish(desk)
    desk.ticket(by=bente, subject="Tavlen er sort")
    assert "Tavlen er sort" in browse(jonas).get("/notices").text
    end()
    page = browse(jonas).get("/notices").text
    assert "Tavlen er sort" not in page and "har brug for hjælp" not in page
    with desk.app.app_context():
        assert not notifications.send_digest(jonas.id, now=clock.now() + timedelta(days=7))
    assert desk.all(OutboxMail, template="digest") == []


def test_a_manager_who_may_still_read_it_is_not_asked_as_a_superbruger(desk, browse, school, jonas, bente, end):
    desk.grant(jonas, Role.MANAGER, unit=school)
    publish(desk)
    desk.ticket(by=bente)
    end()
    assert "har brug for hjælp" not in browse(jonas).get("/notices").text


def test_the_deputy_hears_while_standing_in_and_no_longer(desk, jonas, bente, school, deliver):
    deputy = desk.person(unit=school, name="Mona Friis", email="mona@odder.dk")
    appoint(desk, jonas, school, deputy=deputy)
    with desk.app.app_context():
        today = clock.now().astimezone(clock.own_zone()).date()
    publish(desk)
    desk.add(Absence(person_id=jonas.id, customer_id=desk.home.id, starts_on=today, ends_on=today))
    ticket = desk.ticket(by=bente)
    assert desk.journal(ticket)[0].data["helper_ids"] == [deputy.id]
    with desk.writing() as session:
        session.query(Absence).delete()
    assert deputy.id not in deliver()
    assert [template for template, _why in dropped(desk, deputy)] == ["ticket_local"]


def test_an_open_page_and_its_marks_end_with_it(desk, browse, jonas, bente, end):
    publish(desk)
    ticket = desk.ticket(by=bente, subject="Tavlen er sort")
    browser = browse(jonas)
    page = browser.get("/queue?tier=local")
    assert "Tavlen er sort" in page.text
    [address], [mark] = (_in(page.text, name) for name in ("live", "mark"))
    end()
    answer = browser.get(address, headers={"HX-Request": "true", "X-Poll": "1", "HX-PTag": mark})
    assert answer.status_code != 304 and "Tavlen er sort" not in answer.text
    for path in (f"/tickets/{ticket}", f"/tickets/{ticket}/clocks", "/superbrugere/me"):
        assert browser.get(path).status_code in (403, 404)
    assert browser.post(f"/tickets/{ticket}/escalation", data={"tried": "Strøm"}).status_code in (403, 404)


def _in(text, name):
    return [unescape(one) for one in re.findall(rf'data-{name}="([^"]*)"', text)]


def test_dropped_mails_are_not_sent_again(desk, browse, jonas, bente, end, deliver):
    publish(desk)
    end()
    deliver()
    [mail] = desk.all(OutboxMail, person_id=jonas.id)
    assert mail.delivery is Delivery.DROPPED
    chief = desk.person(Role.ADMINISTRATOR)
    assert browse(chief).post(f"/admin/outbox/{mail.id}/retry").status_code in (404, 409)
