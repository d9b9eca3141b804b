"""Networks of superbrugere: who belongs to them, what is written to all, and their meetings in people's calendars."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications import mails
from servicedesk.notifications.models import OutboxMail
from servicedesk.superbrugere import commands as corps
from servicedesk.superbrugere.models import Appointment
from servicedesk.superbrugere.networks import commands
from servicedesk.superbrugere.networks.models import Coming, Meeting, MeetingAnswer, Network, NetworkMail
from servicedesk.superbrugere.rules import AppointmentKind
from tests.superbrugere_made import appoint

#: On the wall in Copenhagen.
WHEN = {"starts": "2099-03-02T09:00", "ends": "2099-03-02T10:30"}


@pytest.fixture
def aula(desk):
    return desk.system("Aula")


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Birthe Holm")


@pytest.fixture
def jonas(desk, aula):
    unit = desk.unit(name="Skovskolen")
    person = desk.person(unit=unit, name="Jonas Engholt", email="jonas@odder.dk")
    appoint(desk, person, unit, systems=[aula])
    return person


@pytest.fixture
def mona(desk, aula):
    unit = desk.unit(name="Vestskolen")
    person = desk.person(unit=unit, name="Mona Friis", email="mona@odder.dk")
    appoint(desk, person, unit, systems=[aula])
    return person


@pytest.fixture
def stranger(desk):
    """A superbruger for something else."""
    unit = desk.unit(name="Havnen")
    person = desk.person(unit=unit, name="Per Fremmed", email="per@odder.dk")
    appoint(desk, person, unit)
    return person


@pytest.fixture
def network(desk, aula, jonas, mona, stranger):
    """Of those who know Aula, coordinated by Jonas."""
    terms = commands.NetworkTerms(name="Aulas superbrugere", system_id=aula.id, coordinator_id=jonas.id)
    with desk.app.app_context():
        return commands.make_network(desk.home.id, terms, by=SYSTEM, now=clock.now()).id


@pytest.fixture
def meeting(desk, browse, network, jonas):
    browse(jonas).post(f"/superbrugere/networks/{network}/meetings/new", data={"title": "Nyt år", **WHEN})
    [made] = desk.all(Meeting)
    return made.id


def test_the_servicedesk_manager_makes_one(desk, browse, chief, aula, jonas):
    data = {"name": "Aulas superbrugere", "system_id": aula.id, "kind": "", "coordinator_id": jonas.id}
    answer = browse(chief).post("/superbrugere/networks/new", data=data)
    [made] = desk.all(Network)
    assert answer.status_code == 303 and (made.system_id, made.coordinator_id) == (aula.id, jonas.id)
    assert browse(chief).post("/superbrugere/networks/new", data=data).status_code == 422
    assert browse(jonas).post("/superbrugere/networks/new", data={**data, "name": "Andet"}).status_code == 404
    assert desk.count(AuditLine, action="network_made") == desk.count(Network) == 1


def test_members_follow_the_appointments(desk, browse, network, chief, jonas, mona, stranger):
    path = f"/superbrugere/networks/{network}"
    page = browse(mona).get(path).text
    assert "Jonas Engholt" in page and "Mona Friis" in page and "Per Fremmed" not in page
    assert browse(stranger).get(path).status_code == 404
    assert "Aulas superbrugere" not in browse(stranger).get("/superbrugere/networks").text
    assert "Aulas superbrugere" in browse(mona).get("/superbrugere/me").text
    with desk.app.app_context():
        now = clock.now()
        held = desk.all(Appointment, person_id=mona.id)[0]
        today = now.astimezone(clock.own_zone()).date()
        corps.end_appointment(held.id, by=SYSTEM, now=now, today=today)
    assert browse(mona).get(path).status_code == 404
    assert "Mona Friis" not in browse(chief).get(path).text


def test_somebody_is_added_and_taken_out_by_hand(desk, browse, network, chief, stranger, jonas):
    path = f"/superbrugere/networks/{network}"
    assert browse(jonas).post(f"{path}/members", data={"person_id": stranger.id}).status_code == 404
    assert browse(chief).post(f"{path}/members", data={"person_id": stranger.id}).status_code == 303
    assert browse(stranger).get(path).status_code == 200
    browse(chief).post(f"{path}/members/{stranger.id}/removal")
    assert browse(stranger).get(path).status_code == 404
    foreign = desk.person(unit=desk.customer())
    assert browse(chief).post(f"{path}/members", data={"person_id": foreign.id}).status_code == 422


def test_by_kind(desk, browse, jonas, stranger, chief):
    terms = commands.NetworkTerms(name="It", kind=AppointmentKind.IT)
    with desk.app.app_context():
        made = commands.make_network(desk.home.id, terms, by=SYSTEM, now=clock.now()).id
    assert browse(stranger).get(f"/superbrugere/networks/{made}").status_code == 200
    assert browse(jonas).get(f"/superbrugere/networks/{made}").status_code == 404


def test_a_letter_is_one_mail_to_each_and_stays_to_be_read(desk, browse, network, jonas, mona, stranger):
    path = f"/superbrugere/networks/{network}"
    letter = {"subject": "Ny udgave", "body": "Se **vejledningen**.", "form_id": "a" * 32}
    for _twice in range(2):
        assert browse(jonas).post(f"{path}/mails", data=letter).status_code == 303
    [mail] = desk.all(OutboxMail, template="network_mail")
    assert (mail.person_id, mail.facts["body"]) == (mona.id, letter["body"])
    assert desk.count(NetworkMail) == 1
    page = browse(mona).get(path).text
    assert "<strong>vejledningen</strong>" in page and "Skriv til alle i netværket" not in page
    for person in (mona, stranger):
        assert browse(person).post(f"{path}/mails", data={**letter, "form_id": "b"}).status_code == 404
    assert "mona@odder.dk, " in browse(jonas).get(path).text.replace("jonas@odder.dk, mona", "mona@odder.dk, x")


def test_nothing_typed_is_lost(browse, network, jonas):
    answer = browse(jonas).post(f"/superbrugere/networks/{network}/mails", data={"subject": "", "body": "Kære alle"})
    assert answer.status_code == 422 and "Kære alle" in answer.text and "Skriv et emne." in answer.text


def invitations(desk, person):
    """What the calendars of the person were sent, oldest first."""
    found = [mail.facts["calendar"] for mail in desk.all(OutboxMail, template="network_meeting", person_id=person.id)]
    return [(one["method"], Calendar.from_ical(one["text"]).walk("VEVENT")[0]) for one in found]


def test_a_meeting_is_one_event_however_often_it_changes(desk, browse, meeting, jonas, mona):
    browser = browse(jonas)
    browser.post(f"/superbrugere/meetings/{meeting}/edit", data={"title": "Nyt år", **WHEN, "place": "Byrådssalen"})
    browser.post(f"/superbrugere/meetings/{meeting}/edit", data={"title": "Nyt år", **WHEN, "place": "Byrådssalen"})
    browser.post(f"/superbrugere/meetings/{meeting}/calling-off")

    sent = invitations(desk, mona)

    assert [method for method, _event in sent] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["uid"]) for _method, event in sent}) == 1
    assert [int(event["sequence"]) for _method, event in sent] == [0, 1, 2]
    assert [str(event["status"]) for _method, event in sent] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    first = sent[0][1]
    assert first["dtstart"].dt == datetime(2099, 3, 2, 8, tzinfo=UTC)
    assert str(first["organizer"]) == "mailto:jonas@odder.dk" and str(first["attendee"]) == "mailto:mona@odder.dk"
    assert browser.post(f"/superbrugere/meetings/{meeting}/edit", data={"title": "Igen", **WHEN}).status_code == 409


def test_the_invitation_is_a_part_of_the_mail(desk, meeting, mona):
    [mail] = desk.all(OutboxMail, template="network_meeting", person_id=mona.id)
    with desk.app.app_context():
        message = mails.build(mail, desk.app.extensions["settings"])
    part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST" and "BEGIN:VEVENT" in part.get_content()
    plain = next(one for one in message.walk() if one.get_content_type() == "text/plain")
    assert "Du er inviteret til Nyt år" in plain.get_content()


def test_members_say_whether_they_come_and_are_asked_anew_when_the_time_is_another(
    desk, browse, meeting, jonas, mona, stranger
):
    path = f"/superbrugere/meetings/{meeting}"
    assert browse(mona).post(f"{path}/answer", data={"coming": "maybe"}).status_code == 303
    browse(mona).post(f"{path}/answer", data={"coming": "yes"})
    assert [one.answer for one in desk.all(MeetingAnswer)] == [Coming.YES]
    assert re.search(r"Kommer \(1\).*Mona Friis", browse(jonas).get(path).text, re.S)
    assert browse(stranger).post(f"{path}/answer", data={"coming": "yes"}).status_code == 404
    browse(jonas).post(f"{path}/edit", data={"title": "Nyt år", **WHEN, "ends": "2099-03-02T11:00"})
    assert desk.count(MeetingAnswer) == 0
    browse(jonas).post(f"{path}/calling-off")
    assert browse(mona).post(f"{path}/answer", data={"coming": "yes"}).status_code == 409


@pytest.mark.parametrize(
    "given",
    [
        {"title": ""},
        {"starts": "i morgen"},
        {"ends": "2099-03-02T08:00"},
        {"starts": "2001-01-01T09:00", "ends": "2001-01-01T10:00"},
    ],
    ids=["no title", "no time", "ends before it begins", "in the past"],
)
def test_what_makes_no_sense_is_said_with_what_was_typed(desk, browse, network, jonas, given):
    data = {"title": "Nyt år", "agenda": "1. Velkomst", **WHEN, **given}
    answer = browse(jonas).post(f"/superbrugere/networks/{network}/meetings/new", data=data)
    assert answer.status_code == 422 and "1. Velkomst" in answer.text
    assert desk.count(Meeting) == 0


def test_others_neither_see_nor_change_a_meeting(desk, browse, meeting, mona, stranger, chief):
    path = f"/superbrugere/meetings/{meeting}"
    for address in (path, f"{path}.ics", f"{path}/edit"):
        assert browse(stranger).get(address).status_code == 404
    for person in (mona, stranger, desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer())):
        assert browse(person).post(f"{path}/edit", data={"title": "Mit", **WHEN}).status_code == 404
        assert browse(person).post(f"{path}/calling-off").status_code == 404
    assert desk.get(Meeting, meeting).sequence == 0
    assert browse(chief).post(f"{path}/calling-off").status_code == 303


def test_two_at_the_form_do_not_overwrite_each_other(desk, browse, meeting, jonas):
    path, data = f"/superbrugere/meetings/{meeting}/edit", {"title": "Nyt år", **WHEN}
    browse(jonas).post(path, data={**data, "place": "Salen", "seen": 0})
    answer = browse(jonas).post(path, data={**data, "place": "Kælderen", "seen": 0})
    assert answer.status_code == 409 and "Kælderen" in answer.text
    assert desk.get(Meeting, meeting).place == "Salen"


def test_a_calendar_fetches_the_own_networks_meetings(desk, browse, meeting, jonas, mona, stranger):
    def fetched(person):
        page = browse(person).post("/superbrugere/networks/calendar").text
        [address] = re.findall(r"/superbrugere/networks/calendar/[\w-]+\.ics", page)
        return browse(person).get(address)

    answer = fetched(mona)
    [event] = Calendar.from_ical(answer.text).walk("VEVENT")
    assert answer.content_type.startswith("text/calendar") and str(event["summary"]) == "Nyt år"
    assert Calendar.from_ical(fetched(stranger).text).walk("VEVENT") == []
    assert browse(None).get("/superbrugere/networks/calendar/nonsense.ics").status_code == 404


def test_hostile_words_stay_words(desk, browse, network, jonas, mona):
    """A line break makes no further property, a script no script, a header no header."""
    title = "Møde\r\nATTENDEE:mailto:ond@x.dk <script>alert(1)</script>"
    data = {"title": title, **WHEN, "agenda": "<img src=x onerror=alert(1)>", "place": "A;B,C\nX-EVIL:1"}
    browse(jonas).post(f"/superbrugere/networks/{network}/meetings/new", data=data)
    [(_method, event)] = invitations(desk, mona)
    assert "X-EVIL" not in event and str(event["attendee"]) == "mailto:mona@odder.dk"
    [made] = desk.all(Meeting)
    page = browse(mona).get(f"/superbrugere/meetings/{made.id}").text
    assert "<script>alert" not in page and "<img src=x" not in page


def test_a_closed_network_is_left_to_those_who_run_it(desk, browse, network, chief, mona, jonas):
    path = f"/superbrugere/networks/{network}"
    browse(chief).post(f"{path}/closing")
    assert browse(mona).get(path).status_code == 404
    assert browse(jonas).post(f"{path}/mails", data={"subject": "x", "body": "y"}).status_code == 404
    browse(chief).post(f"{path}/closing", data={"open": "1"})
    assert browse(mona).get(path).status_code == 200


def test_the_list_costs_the_same_however_many_there_are(desk, browse, network, mona, chief, queries):
    def cost():
        with queries() as counted:
            assert browse(chief).get("/superbrugere/networks").status_code == 200
        return len(counted)

    browse(chief).get("/superbrugere/networks")
    before = cost()
    with desk.app.app_context():
        for number in range(5):
            made = commands.make_network(
                desk.home.id,
                commands.NetworkTerms(name=f"N{number}", kind=AppointmentKind.IT),
                by=SYSTEM,
                now=clock.now(),
            )
            terms = commands.MeetingTerms(
                title="M", starts_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=2)
            )
            commands.call_meeting(made.id, terms, by=SYSTEM, now=clock.now())
    assert cost() == before
