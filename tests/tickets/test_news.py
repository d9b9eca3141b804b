"""What is told about tickets, in the application: the bell's counterpart of test_notices.py."""

import re
from datetime import timedelta
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest

from servicedesk.core.actor import Role
from servicedesk.notifications import mails
from servicedesk.notifications.events import said
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets import notices
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Cause, Secrecy


@pytest.fixture
def now(at):
    return at("2026-03-02 12:00")


@pytest.fixture
def person(desk):
    return desk.person(name="Mette Holm")


@pytest.fixture
def staff(desk):
    return desk.person(Role.SUPPORTER, name="Lene Krogh", team=desk.team(is_first_line=True))


def first_line(page):
    found = re.search(r'<li class="news-line.*?</li>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split()) if found else ""


def test_the_bell_says_what_has_happened(desk, act, app, person, staff, now):
    ticket, other = desk.ticket(by=person), desk.ticket()
    colleague = desk.person(Role.SUPPORTER, name="Jonas Lind", team=desk.team())

    act(staff, now).take(ticket)
    act(staff, now).wait_for_user(ticket, body="Hvilken printer?")
    act(person, now).reply(ticket, body="Den på 2. sal.")
    act(staff, now).reply(ticket, body="Tak.")
    act(staff, now).resolve(ticket, solution="Skiftet.", cause=Cause.FAULT)
    act(person, now).reopen(ticket, reason="Nej.")
    act(staff, now).merge(ticket, into_id=other)

    with app.test_request_context():
        told = {
            one: [said(notice.event, notice.facts) for notice in desk.all(Notice, person_id=one)]
            for one in (person.id, staff.id, colleague.id)
        }
    assert told == {
        person.id: [
            "Lene Krogh har et spørgsmål til dig",
            "Lene Krogh har svaret",
            "Lene Krogh har løst henvendelsen",
            f"Lagt sammen med SD-{other}",
        ],
        staff.id: ["Mette Holm har skrevet", "Mette Holm har genåbnet henvendelsen"],
        colleague.id: [],
    }
    assert {notice.thread for notice in desk.all(Notice, person_id=person.id)} == {f"ticket-{ticket}"}


def test_who_it_is_filed_for_hears_of_it_in_the_bell_too(desk, act, app, person):
    filer = desk.person(Role.SUPERBRUGER, name="Søren")

    act(filer).file(affected_id=person.id)

    [notice] = desk.all(Notice)
    with app.test_request_context():
        assert (notice.person_id, said(notice.event, notice.facts)) == (
            person.id,
            "Søren har oprettet henvendelsen for dig",
        )


def test_nothing_of_a_secret_ticket_lies_in_a_notice(desk, act, person, now):
    hr = desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_confidential=True)
    ticket = desk.ticket(by=person, secrecy=Secrecy.CONFIDENTIAL)
    act(hr, now).take(ticket)
    act(hr, now).reply(ticket, body="Svar")

    assert [notice.facts for notice in desk.all(Notice)] == [{}]


def test_a_secret_ticket_is_named_by_its_number_only(desk, browse, person, act, now):
    hr = desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_confidential=True)
    ticket = desk.ticket(by=person, subject="Personsag", secrecy=Secrecy.CONFIDENTIAL)
    act(hr, now).take(ticket)
    act(hr, now).reply(ticket, body="Hemmeligt svar")

    page = browse(person).get("/notices").text

    assert first_line(page).startswith(f"SD-{ticket} Fortrolig Servicedesken har svaret")
    assert not [word for word in ("Personsag", "Hemmeligt", hr.name) if word in page]


def test_what_the_reader_may_not_see_any_more_is_not_named(desk, browse, person, act, now):
    """A follower of a ticket that becomes confidential: it is as if it had never been."""
    follower, staff = desk.person(), desk.person(Role.SUPPORTER)
    desk.team([staff], is_first_line=True)
    desk.team(is_closed=True, receives_confidential=True)
    ticket = desk.ticket(by=person, subject="Personsag")
    act(staff, now).follow(ticket, person_id=follower.id)
    act(staff, now).resolve(ticket, solution="Sådan", cause=Cause.OTHER)
    browser = browse(follower)
    assert "Personsag" in browser.get("/notices").text

    act(staff, now).classify(ticket, secrecy=Secrecy.CONFIDENTIAL)

    page = browser.get("/notices").text
    assert first_line(page).startswith("Noget, du ikke længere har adgang til")
    assert not [word for word in ("Personsag", staff.name, f"SD-{ticket}", f"/tickets/{ticket}") if word in page]


# ------------------------------------------------------------------------------------------------ clocks


class Clocks(StrEnum):
    """Kinds of entry that the clocks write."""

    WARNED = "warned"
    BREACHED = "breached"


@pytest.fixture
def strike(desk, now):
    """`strike(ticket, kind, …)`: the system has written that a clock is running out, or has."""

    def tell(ticket, kind, clock="resolution", stage="80", **data):
        told = {"clock": clock, "stage": stage, "cycle": 0, "due_at": "2026-03-02T14:00:00+00:00", **data}
        with desk.writing() as session:
            row = session.get(Ticket, ticket)
            entry: Any = SimpleNamespace(kind=kind, seq=99, at=now, data={**told, "told": True}, state=row.state)
            notices.tell_of_clocks([(row, entry)], now=now)

    return tell


@pytest.fixture
def read(app, desk):
    def build():
        with app.app_context():
            return mails.build(desk.all(OutboxMail)[-1], app.extensions["settings"])

    return build


def mailed(desk):
    return [mail.person_id for mail in desk.all(OutboxMail) if mail.template in ("ticket_warned", "ticket_breached")]


@pytest.mark.parametrize(
    ("kind", "clock", "stage", "says"),
    [
        (Clocks.WARNED, "resolution", "80", "Løsningstid: 80 % er brugt"),
        (Clocks.WARNED, "response", "50", "Reaktionstid: 50 % er brugt"),
        (Clocks.WARNED, "update", "-PT1H", "Tid til næste svar: tiden er snart brugt"),
        (Clocks.BREACHED, "uc:7", "breach", "Leverandørens tid: fristen er overskredet"),
        (Clocks.BREACHED, "ola:3", "breach", "Teamets tid (intern aftale): fristen er overskredet"),
        (Clocks.BREACHED, "something", "breach", "Serviceaftale: fristen er overskredet"),
    ],
)
def test_who_has_the_ticket_hears_which_clock_it_is(desk, staff, strike, read, app, kind, clock, stage, says):
    ticket = desk.ticket(assignee=staff, subject="Printeren striber")

    strike(ticket, kind, clock, stage)

    notice = desk.all(Notice, person_id=staff.id)[-1]
    with app.test_request_context():
        assert said(notice.event, notice.facts) == says
    mail = read()
    assert mailed(desk) == [staff.id]
    assert mail["Subject"] == f"[SD-{ticket}] {says}"
    text = mail.get_body(["plain"]).get_content()
    assert "2. mar. 2026 15.00" in text
    assert "som du har" in text
    assert "Printeren striber" in text


@pytest.mark.parametrize("kind", Clocks)
def test_while_nobody_has_it_the_team_sees_it_in_the_bell(desk, staff, strike, kind):
    team = desk.team([staff, colleague := desk.person(Role.SUPPORTER), helper := desk.person()])
    ticket = desk.ticket()
    with desk.writing() as session:
        session.get(Ticket, ticket).team_id = team.id

    strike(ticket, kind)

    assert {notice.person_id for notice in desk.all(Notice)} == {staff.id, colleague.id}
    assert helper.id not in {notice.person_id for notice in desk.all(Notice)}
    assert mailed(desk) == []


def test_without_a_team_nobody_is_told(desk, strike):
    strike(desk.ticket(), Clocks.BREACHED)

    assert desk.all(Notice) == []


def test_what_is_not_urgent_waits_for_opening_hours(desk, staff, strike, now):
    opening = now + timedelta(hours=20)
    ticket = desk.ticket(assignee=staff)

    strike(ticket, Clocks.BREACHED, not_before=opening.isoformat())

    assert desk.all(Notice)[-1].shown_from == desk.all(OutboxMail)[-1].next_try_at == opening


def test_a_secret_tickets_mail_says_only_that_there_is_news(desk, strike, read, person):
    hr = desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_confidential=True)
    ticket = desk.ticket(by=person, assignee=hr, subject="Personsag", secrecy=Secrecy.CONFIDENTIAL)

    strike(ticket, Clocks.BREACHED)

    mail = read()
    assert mail["Subject"] == f"[SD-{ticket}] Der er nyt i henvendelsen"
    assert "Personsag" not in mail.as_string()
