"""Planned maintenance is announced two working days before and on the day: once each, to those who follow."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core import clock
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import OutboxMail
from servicedesk.systems import commands
from servicedesk.systems.announcing import due, stage_to_tell
from servicedesk.systems.jobs import announce_maintenance
from servicedesk.systems.models import Announcement, SystemFollower
from servicedesk.systems.rules import DisturbanceKind, Stage
from sla import Calendar
from tests.agreements_made import agree

HERE = ZoneInfo("Europe/Copenhagen")
OFFICE = Calendar(
    "Europe/Copenhagen",
    {day: [("08:00", "16:00")] for day in range(5)},
    closed=[date(2026, 12, 24), date(2026, 12, 25)],
)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts", "ahead", "same_day"),
    [
        pytest.param("2026-11-25T17:00", "2026-11-23T08:00", "2026-11-25T06:00", id="midweek"),
        pytest.param("2026-11-24T17:00", "2026-11-20T08:00", "2026-11-24T06:00", id="over a weekend"),
        pytest.param("2026-11-22T02:00", "2026-11-19T08:00", "2026-11-22T00:00", id="a Sunday night"),
        pytest.param("2026-12-28T17:00", "2026-12-22T08:00", "2026-12-28T06:00", id="over closed days"),
        pytest.param("2026-03-30T12:00", "2026-03-26T08:00", "2026-03-30T06:00", id="while the clocks change"),
    ],
)
def test_when_it_is_due(starts, ahead, same_day):
    assert due(local(starts), OFFICE, HERE) == {Stage.AHEAD: local(ahead), Stage.SAME_DAY: local(same_day)}


@given(st.integers(0, 2 * 366 * 24 * 60))
def test_it_is_never_due_after_it_begins(minutes):
    starts_at = local("2026-01-01T00:00") + timedelta(minutes=minutes)
    found = due(starts_at, OFFICE, HERE)
    assert found[Stage.AHEAD] <= found[Stage.SAME_DAY] <= starts_at
    assert stage_to_tell(found, starts_at) in Stage


@pytest.fixture
def plan(desk, place, declare):
    """Maintenance of the mail, which the teacher follows."""

    def plan(starts: str, **fields):
        desk.add(SystemFollower(system_id=place.mail.id, person_id=place.teacher.id, at=clock.now()))
        times = {"starts_at": local(starts), "expected_end_at": local(starts) + timedelta(hours=2)}
        return declare(place.mail, kind=DisturbanceKind.MAINTENANCE, message="Serveren flyttes", **times, **fields)

    return plan


@pytest.fixture
def work(desk):
    """The worker looks; answers the stages that have been told by mail so far."""

    def work():
        with desk.app.app_context():
            announce_maintenance(now=clock.now())
        return [mail.facts["stage"] for mail in desk.all(OutboxMail, template="maintenance_announced")]

    return work


def test_it_is_told_once_each_time(desk, browse, place, plan, work, at):
    at("2026-11-16 12:00")
    plan("2026-11-25T17:00")
    assert work() == []
    at("2026-11-23 08:01")
    assert work() == ["ahead"] and work() == ["ahead"]
    assert "Servicevindue om to arbejdsdage" in browse(place.teacher).get("/notices").text
    assert "Serveren flyttes" in browse(place.teacher).get("/").text
    at("2026-11-25 06:01")
    assert work() == ["ahead", "same_day"] and work() == ["ahead", "same_day"]
    assert {mail.person_id for mail in desk.all(OutboxMail)} == {place.teacher.id}
    assert all(one.done_at for one in desk.all(Announcement))


def test_the_customers_calendar_says_what_a_working_day_is(desk, place, plan, at):
    agree(desk, "A", resolution="8h")
    at("2026-05-01 12:00")
    plan("2026-05-26T17:00")  # the day after Whit Monday
    assert [one.due_at for one in desk.all(Announcement, stage=Stage.AHEAD)] == [local("2026-05-21T08:00")]


def test_what_is_planned_late_is_told_once_at_once(plan, work, at):
    at("2026-11-25 10:00")
    plan("2026-11-25T17:00")
    assert work() == ["same_day"] and work() == ["same_day"]


def test_what_has_begun_is_announced_no_more(plan, work, at):
    at("2026-11-16 12:00")
    plan("2026-11-25T17:00")
    at("2026-11-25 18:00")
    assert work() == []


def test_what_was_called_off_before_anybody_heard_is_never_told(desk, browse, place, plan, work, at):
    at("2026-11-16 12:00")
    window = plan("2026-11-25T17:00")
    browse(place.supporter).post(f"/status/{window}/end")
    at("2026-11-25 06:01")
    assert work() == [] and desk.count(OutboxMail) == 0


def test_what_was_announced_and_called_off_is_told(desk, browse, place, plan, work, at):
    at("2026-11-16 12:00")
    window = plan("2026-11-25T17:00")
    at("2026-11-23 09:00")
    work()
    browse(place.supporter).post(f"/status/{window}/end", data={"outcome": "Leverandøren er syg"})
    [mail] = desk.all(OutboxMail, template="disturbance_ended")
    assert mail.facts["is_called_off"] and mail.facts["body"] == "Leverandøren er syg"


def test_what_was_withdrawn_is_told_when_it_is_back(browse, place, plan, work, at):
    at("2026-11-16 12:00")
    window = plan("2026-11-25T17:00")
    browse(place.supporter).post(f"/status/{window}/withdrawal")
    at("2026-11-23 09:00")
    assert work() == []
    browse(place.supporter).post(f"/status/{window}/restoration")
    assert work() == ["ahead"]


def test_nothing_is_half_done_when_telling_fails(desk, place, plan, work, at, monkeypatch):
    at("2026-11-16 12:00")
    plan("2026-11-25T17:00")
    at("2026-11-23 09:00")
    with monkeypatch.context() as broken:
        broken.setattr("servicedesk.systems.news.tell_all", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work()
    assert desk.count(OutboxMail) == 0 and not any(one.done_at for one in desk.all(Announcement))
    assert work() == ["ahead"]


def test_who_hears_nothing_of_the_system_any_more_is_not_told(desk, place, plan, work, at):
    at("2026-11-16 12:00")
    plan("2026-11-25T17:00")
    with desk.writing() as session:
        session.get(type(place.teacher), place.teacher.id).is_active = False
    at("2026-11-23 09:00")
    assert work() == []


def test_an_announcement_has_no_mail_for_who_told_it_but_leaves_a_line(desk, place, plan, work, at):
    at("2026-11-16 12:00")
    plan("2026-11-25T17:00")
    at("2026-11-23 09:00")
    work()
    [line] = desk.all(AuditLine, action="maintenance_announced")
    assert line.facts["stage"] == "ahead" and line.by_id is None


def test_commands_say_whether_anything_was_due(desk, plan, at):
    at("2026-11-16 12:00")
    plan("2026-11-25T17:00")
    with desk.app.app_context():
        assert commands.announce_next(now=clock.now()) is False
        assert commands.announce_next(now=local("2026-11-23T08:00")) is True
        assert commands.announce_next(now=local("2026-11-23T08:00")) is False
