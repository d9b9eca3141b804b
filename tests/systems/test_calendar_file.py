"""The calendar of planned maintenance: whose it is, what is in it, and that nothing written in it breaks it."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from servicedesk.core import clock
from servicedesk.core.audit import AuditLine
from servicedesk.systems import commands
from servicedesk.systems.models import CalendarLink, SystemFollower
from servicedesk.systems.rules import DisturbanceKind

DAY = timedelta(days=1)


@pytest.fixture
def plan(declare):
    def plan(*systems, message="Serveren flyttes", **fields):
        times = {"starts_at": clock.now() + 3 * DAY, "expected_end_at": clock.now() + 4 * DAY}
        return declare(*systems, kind=DisturbanceKind.MAINTENANCE, message=message, **times, **fields)

    return plan


@pytest.fixture
def link(browse):
    """Makes the person's address and answers its path."""

    def link(person):
        page = browse(person).post("/status/calendar")
        assert page.status_code == 200
        found = re.search(r"/status/calendar/[\w-]{43}\.ics", page.text)
        assert found is not None
        return found.group()

    return link


@pytest.fixture
def fetch(browse):
    """What a calendar that is not signed in finds there."""

    def fetch(path):
        answer = browse().get(path)
        assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
        return Calendar.from_ical(answer.data).walk("VEVENT")

    return fetch


def test_it_holds_what_the_person_may_hear_of(desk, place, plan, link, fetch):
    plan(place.aula, message="Aula opdateres")
    plan(place.aula, place.mail)
    teachers, nurses, strangers = (fetch(link(one)) for one in (place.teacher, place.nurse, place.foreign))

    assert [str(event["summary"]) for event in teachers] == ["Servicevindue: Aula", "Servicevindue: Aula, E-post"]
    assert [str(event["summary"]) for event in nurses] == ["Servicevindue: E-post"]
    assert strangers == []
    assert str(teachers[0]["dtstart"].dt.utcoffset()) == "0:00:00"
    number = str(teachers[0]["uid"]).split("@")[0].removeprefix("maintenance-")
    assert str(teachers[0]["url"]).endswith(f"/status/{number}")


def test_whoever_follows_systems_has_those_alone(desk, place, plan, link, fetch):
    desk.add(SystemFollower(system_id=place.mail.id, person_id=place.teacher.id, at=clock.now()))
    plan(place.aula)
    plan(place.mail)
    assert [str(event["summary"]) for event in fetch(link(place.teacher))] == ["Servicevindue: E-post"]


def test_a_change_keeps_the_uid_and_counts_in_sequence(desk, place, plan, link, fetch, at):
    at("2026-11-23 09:00")
    window, path = plan(place.mail), link(place.teacher)
    [before] = fetch(path)
    later, by = at("2026-11-23 10:00"), desk.actor(place.supporter)
    with desk.app.app_context():
        commands.update_disturbance(window, body="En time mere", expected_end_at=later + 5 * DAY, by=by, now=later)
    [after] = fetch(path)
    with desk.app.app_context():
        commands.end_disturbance(window, outcome="Aflyst", by=by, now=later)
    [called_off] = fetch(path)

    assert str(before["uid"]) == str(after["uid"]) == str(called_off["uid"])
    assert [event["sequence"] for event in (before, after, called_off)] == [0, 1, 2]
    assert after["dtend"].dt == later + 5 * DAY and after["dtstamp"].dt == later
    assert [str(event["status"]) for event in (before, after, called_off)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize(
    "title",
    [
        "Slut\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Falsk",
        "a;b,c\\n:d\\",
        'X" ;VALUE=URI:javascript:alert(1)',
        "æøå 你好 🙂" * 20,
        "\u202egnol\u202c\u0007\u0000",
        "END:VCALENDAR",
        "\u2028BEGIN:VALARM\u2029",
    ],
    ids=["line breaks", "signs of the format", "a parameter", "long and wide", "unseen", "an end", "other line ends"],
)
def test_nothing_written_in_a_title_breaks_it(desk, browse, place, link, fetch, title):
    system = desk.system(title.replace("\x00", "")[:100])
    told = {"kind": "maintenance", "message": title.replace("\x00", "")[:150], "system": system.id, "expected": "at"}
    day = (clock.now() + 3 * DAY).strftime("%Y-%m-%d")
    told |= {"starts": f"{day}T17:00", "expected_at": f"{day}T19:00", "advice": title.replace("\x00", "")}
    assert browse(place.supporter).post("/status/new", data=told).status_code == 303

    path = link(place.teacher)
    events = fetch(path)

    assert len(events) == 1
    raw = browse().get(path).data
    begun = [line for line in raw.splitlines() if line.startswith((b"BEGIN:", b"END:"))]
    assert begun == [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"END:VCALENDAR"]
    assert len(raw.decode().splitlines()) == len(raw.splitlines())
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    words = re.sub(r"\W", "", str(events[0]["description"]))
    assert re.sub(r"\W", "", told["message"])[:20] in words


def test_only_a_digest_is_kept_and_a_new_address_ends_the_old(desk, browse, place, link, fetch):
    old = link(place.teacher)
    [row] = desk.all(CalendarLink)
    assert old.split("/")[-1].removesuffix(".ics") not in row.digest
    new = link(place.teacher)
    assert old != new
    assert browse().get(old).status_code == 404
    assert fetch(new) == []
    assert old not in browse(place.teacher).get("/status/following").text

    assert browse(place.teacher).post("/status/calendar/end").status_code == 303
    assert browse().get(new).status_code == 404
    actions = [line.action for line in desk.all(AuditLine, by_id=place.teacher.id)]
    assert actions == ["calendar_link_made", "calendar_link_made", "calendar_link_revoked"]


def test_who_has_left_has_no_calendar(desk, browse, place, plan, link):
    path = link(place.teacher)
    with desk.writing() as session:
        session.get(type(place.teacher), place.teacher.id).is_active = False
    assert browse().get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5_000, "%00", "æ"])
def test_a_secret_that_nobody_has_opens_nothing(browse, token):
    assert browse().get(f"/status/calendar/{token}.ics").status_code == 404
