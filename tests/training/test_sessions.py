"""Sessions: seats and the line for them, calendars, and who came."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.errors import ConflictError
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.training import commands, jobs
from servicedesk.training.models import Record, Session, SignUp
from servicedesk.training.rules import SignUpState, Source
from tests.training_made import course, session

#: On the wall in Copenhagen.
WHEN = {"starts": "2099-03-02T09:00", "ends": "2099-03-02T11:00", "seats": "2", "place": "Byrådssalen"}


def states(desk, held):
    return {one.person_id: one.state for one in desk.all(SignUp, session_id=held.id)}


def calendars(desk, person):
    """(METHOD, SEQUENCE, UID, STATUS) of each mail with an invitation, in their order."""
    found = []
    for mail in desk.all(OutboxMail, person_id=person.id):
        if calendar := mail.facts.get("calendar"):
            [event] = Calendar.from_ical(calendar["text"]).walk("VEVENT")
            found.append((calendar["method"], event["SEQUENCE"], str(event["UID"]), str(event["STATUS"])))
    return found


@pytest.fixture
def held(desk, nexus):
    return session(desk, course(desk, "Nexus", nexus), seats=1)


def test_a_coordinator_plans_and_an_employee_signs_up(desk, browse, anna, coordinator, nexus):
    taught = course(desk, "Nexus", nexus)
    browse(coordinator).post(f"/training/courses/{taught.id}/sessions/new", data=WHEN)
    [planned] = desk.all(Session)

    answer = browse(anna).post(f"/training/sessions/{planned.id}/sign-up")

    assert answer.status_code == 303
    assert states(desk, planned) == {anna.id: SignUpState.SIGNED_UP}
    assert "Du er tilmeldt" in browse(anna).get(answer.location).text
    [(method, _sequence, _uid, status)] = calendars(desk, anna)
    assert (method, status) == ("PUBLISH" if coordinator.email is None else "REQUEST", "CONFIRMED")


def test_who_comes_too_late_waits_and_moves_up_by_itself(desk, browse, anna, held):
    bo = desk.person(name="Bo")
    browse(anna).post(f"/training/sessions/{held.id}/sign-up")
    waiting = browse(bo).post(f"/training/sessions/{held.id}/sign-up")
    assert "nummer 1 på ventelisten" in browse(bo).get(waiting.location).text

    browse(anna).post(f"/training/sessions/{held.id}/sign-off")

    assert states(desk, held) == {anna.id: SignUpState.CANCELLED, bo.id: SignUpState.SIGNED_UP}
    [notice] = desk.all(Notice, person_id=bo.id)
    assert (notice.event, notice.facts) == ("course_session", {"what": "seated"})
    assert [(method, status) for method, _, _, status in calendars(desk, bo)][-1][1] == "CONFIRMED"


def test_calendars_hear_of_each_change_under_the_same_uid(desk, browse, anna, coordinator, held):
    mine, hers = browse(anna), browse(coordinator)
    mine.post(f"/training/sessions/{held.id}/sign-up")
    hers.post(f"/training/sessions/{held.id}/edit", data={**WHEN, "seen": "0"})
    mine.post(f"/training/sessions/{held.id}/sign-off")
    mine.post(f"/training/sessions/{held.id}/sign-up")
    hers.post(f"/training/sessions/{held.id}/cancellation")

    told = calendars(desk, anna)

    assert len({uid for _, _, uid, _ in told}) == 1
    numbers = [int(number) for _, number, _, _ in told]
    assert numbers == sorted(set(numbers))
    assert [status for *_, status in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]


def test_more_seats_go_to_those_who_wait(desk, browse, coordinator, held):
    people = [desk.person() for _ in range(3)]
    for person in people:
        browse(person).post(f"/training/sessions/{held.id}/sign-up")

    browse(coordinator).post(f"/training/sessions/{held.id}/edit", data={**WHEN, "seen": "0"})

    assert list(states(desk, held).values()) == [SignUpState.SIGNED_UP, SignUpState.SIGNED_UP, SignUpState.WAITING]


def test_who_has_left_the_municipality_stands_in_nobodys_way(desk, browse, held):
    first, second, third = (desk.person() for _ in range(3))
    for person in (first, second):
        browse(person).post(f"/training/sessions/{held.id}/sign-up")
    with desk.writing() as connection:
        connection.get(type(second), second.id).is_active = False
    browse(first).post(f"/training/sessions/{held.id}/sign-off")
    browse(third).post(f"/training/sessions/{held.id}/sign-up")

    assert states(desk, held)[second.id] is SignUpState.WAITING
    assert states(desk, held)[third.id] is SignUpState.SIGNED_UP


def test_the_seat_of_somebody_who_left_goes_to_whoever_has_waited_longest(desk, browse, anna, held):
    bo, gone_too = desk.person(name="Bo"), desk.person()
    for person in (anna, gone_too, bo):
        browse(person).post(f"/training/sessions/{held.id}/sign-up")
    with desk.writing() as connection:
        for left in (anna, gone_too):
            connection.get(type(left), left.id).is_active = False

    with desk.app.app_context():
        assert [jobs.give_back_seats(clock.now()) for _ in range(2)] == [1, 0]

    gone = SignUpState.CANCELLED
    assert states(desk, held) == {anna.id: gone, gone_too.id: gone, bo.id: SignUpState.SIGNED_UP}
    assert [status for _, _, _, status in calendars(desk, bo)] == ["CONFIRMED"]
    assert len(calendars(desk, anna)) == 1  # from when she signed up


def test_signing_up_twice_is_signing_up_once(desk, browse, anna, held):
    for _ in range(2):
        browse(anna).post(f"/training/sessions/{held.id}/sign-up")

    assert states(desk, held) == {anna.id: SignUpState.SIGNED_UP}
    assert len(calendars(desk, anna)) == 1


def test_whoever_holds_it_ticks_who_came_and_they_have_a_record(desk, browse, anna, at, nexus):
    at("2026-03-02 08:00")
    teacher, bo = desk.person(name="Tove"), desk.person(name="Bo")
    held = session(desk, course(desk, "Nexus", nexus), at("2026-03-02 12:00"), instructor=teacher)
    at("2026-03-02 08:00")
    for person in (anna, bo):
        browse(person).post(f"/training/sessions/{held.id}/sign-up")
    at("2026-03-02 12:05")

    browse(teacher).post(f"/training/sessions/{held.id}/attendance", data={"present": [anna.id]})

    assert states(desk, held) == {anna.id: SignUpState.ATTENDED, bo.id: SignUpState.ABSENT}
    [record] = desk.all(Record)
    assert (record.person_id, record.source, record.obtained_on.isoformat()) == (
        anna.id,
        Source.ATTENDANCE,
        "2026-03-02",
    )
    assert desk.count(AuditLine, action="attendance_taken") == 1


def test_a_list_that_is_mended_withdraws_the_record(desk, anna, at, held):
    """Sent twice it writes once; who is taken off it keeps the record, withdrawn with a reason."""
    teacher = desk.person(Role.TRAINING_COORDINATOR)
    with desk.app.app_context():
        commands.sign_up(held.id, by=desk.actor(anna), now=clock.now())
        later, who = held.starts_at, desk.actor(teacher)
        for present in ({anna.id}, {anna.id}, set(), {anna.id}):
            commands.take_attendance(held.id, present, by=who, now=later)

    first, second = desk.all(Record)
    assert (first.withdrawn_by_id, bool(first.withdrawn_why)) == (teacher.id, True)
    assert second.withdrawn_at is None


def test_attendance_is_not_noted_beforehand(desk, browse, coordinator, held):
    answer = browse(coordinator).post(f"/training/sessions/{held.id}/attendance", data={"present": []})

    assert answer.status_code == 409
    assert "når kurset begynder" in answer.text


@pytest.mark.parametrize("minutes", [pytest.param(0, id="begun"), pytest.param(90, id="over")])
def test_nobody_signs_up_for_what_has_begun(desk, anna, held, minutes):
    with desk.app.app_context(), pytest.raises(ConflictError):
        commands.sign_up(held.id, by=desk.actor(anna), now=held.starts_at + timedelta(minutes=minutes))


def test_who_turns_up_on_the_day_has_a_seat(desk, held):
    teacher, guest = desk.person(Role.TRAINING_COORDINATOR), desk.person(initials="gest")
    with desk.app.app_context():
        commands.sign_up(held.id, by=desk.actor(teacher), now=clock.now())
        commands.add_participant(held.id, guest.id, by=desk.actor(teacher), now=held.starts_at)

    assert states(desk, held)[guest.id] is SignUpState.SIGNED_UP


def test_who_comes_is_nobody_elses_business(desk, browse, anna, held):
    browse(anna).post(f"/training/sessions/{held.id}/sign-up")
    colleague, stranger = desk.person(), desk.person(unit=desk.customer())

    assert "Anna Holm" not in browse(colleague).get(f"/training/sessions/{held.id}").text
    assert browse(stranger).get(f"/training/sessions/{held.id}").status_code == 404
    assert browse(stranger).post(f"/training/sessions/{held.id}/sign-up").status_code == 404
    assert browse(colleague).post(f"/training/sessions/{held.id}/attendance").status_code == 404
    assert browse(colleague).post(f"/training/sessions/{held.id}/participants").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts", "2020-01-01T09:00"),
        ("ends", "2099-03-02T08:00"),
        ("ends", "2199-03-02T08:00"),
        ("seats", "0"),
        ("seats", "99999999999999999999"),
        ("instructor", "ingen"),
        ("place", "x" * 300),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(desk, browse, coordinator, nexus, field, value):
    taught = course(desk, "Nexus", nexus)
    given = {**WHEN, field: value}
    if field == "starts":
        given["ends"] = "2020-01-01T10:00"

    answer = browse(coordinator).post(f"/training/courses/{taught.id}/sessions/new", data=given)

    assert answer.status_code == 422
    assert value in answer.text
    assert desk.count(Session) == 0


def test_the_calendar_file_is_the_same_event(desk, browse, anna, held):
    browse(anna).post(f"/training/sessions/{held.id}/sign-up")

    [event] = Calendar.from_ical(browse(anna).get(f"/training/sessions/{held.id}.ics").text).walk("VEVENT")

    [(_, sequence, uid, _)] = calendars(desk, anna)
    assert (str(event["UID"]), event["SEQUENCE"]) == (uid, sequence)
