"""What follows for tickets when whoever has them is away."""

from datetime import date

import pytest

from servicedesk.core.actor import Role
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Absence
from servicedesk.tickets.workflow import Secrecy


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True)


@pytest.fixture
def lene(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


@pytest.fixture
def jonas(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Jonas Lind")


@pytest.fixture
def away(desk, at):
    """`away(person, deputy)`: this week, which is the first of March 2026."""
    at("2026-03-03 10:00")

    def plan(person, deputy=None):
        desk.add(
            Absence(
                person_id=person.id,
                customer_id=person.customer_id,
                starts_on=date(2026, 3, 2),
                ends_on=date(2026, 3, 6),
                deputy_id=deputy.id if deputy else None,
                note="Ferie",
            )
        )

    return plan


def told(desk):
    return {mail.person_id for mail in desk.all(OutboxMail)} | {notice.person_id for notice in desk.all(Notice)}


def test_the_page_says_who_is_away_and_who_stands_in(desk, browse, away, lene, jonas):
    user = desk.person()
    ticket = desk.ticket("open", by=user, assignee=lene)
    away(lene, jonas)

    page = browse(jonas).get(f"/tickets/{ticket}").text
    assert "Lene Krogh er fraværende til og med 6. mar. 2026, og Jonas Lind er stedfortræder." in page
    assert "fraværende" not in browse(user).get(f"/tickets/{ticket}").text


def test_news_for_the_assignee_also_goes_to_the_deputy(desk, act, away, lene, jonas):
    user = desk.person()
    ticket = desk.ticket("open", by=user, assignee=lene)
    away(lene, jonas)
    before = told(desk)
    assert jonas.id not in before

    act(user).reply(ticket, body="Det haster")

    assert {lene.id, jonas.id} <= told(desk)


def test_a_deputy_who_may_not_read_the_ticket_hears_nothing(desk, act, away, jonas):
    closed = desk.team(is_closed=True, receives_confidential=True)
    confidant, user = desk.person(Role.SUPPORTER, team=closed), desk.person()
    ticket = desk.ticket(by=user, secrecy=Secrecy.CONFIDENTIAL)
    act(confidant).take(ticket)
    away(confidant, jonas)

    act(user).reply(ticket, body="CPR 010157-5004")

    assert confidant.id in told(desk)
    assert jonas.id not in told(desk)


def test_who_gives_a_ticket_to_somebody_away_is_asked(desk, browse, away, lene, jonas):
    ticket = desk.ticket()
    away(lene, jonas)
    browser = browse(jonas)
    assert "Lene Krogh (væk til 6. mar. 2026)" in browser.get(f"/tickets/{ticket}/edit").text

    asked = browser.post(f"/tickets/{ticket}/assignee", data={"assignee": lene.id})
    assert asked.status_code == 422
    assert "Giv til Jonas Lind" in asked.text
    assert desk.look(ticket).assignee_id is None

    browser.post(f"/tickets/{ticket}/assignee", data={"assignee": lene.id, "sure": "1"})
    assert desk.look(ticket).assignee_id == lene.id


def test_the_deputys_queue_offers_both(desk, browse, away, lene, jonas):
    ticket = desk.ticket("open", assignee=lene, subject="Lenes henvendelse")
    away(lene, jonas)
    browser = browse(jonas)

    page = browser.get("/queue").text
    assert "Mine og dem, jeg er stedfortræder for" in page
    assert f"assignee=me&amp;assignee={lene.id}" in page
    assert f"SD-{ticket}" in browser.get(f"/queue?assignee=me&assignee={lene.id}").text
    assert "Mine og dem" not in browse(lene).get("/queue").text


def test_the_queue_says_who_is_away(desk, browse, away, lene, jonas):
    desk.ticket("open", assignee=lene)
    away(lene, jonas)

    assert "væk til 6. mar. 2026" in browse(jonas).get("/queue").text
