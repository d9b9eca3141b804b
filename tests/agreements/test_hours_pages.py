"""Calendars as the people who run a servicedesk keep them."""

from datetime import date, timedelta

import pytest

from servicedesk.agreements import jobs
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import give_example
from servicedesk.agreements.models import DayStatus, OpeningHours, Recalculation, SpecialDay, WeeklyHours
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.audit import AuditLine
from servicedesk.tickets.jobs import recalculate
from servicedesk.tickets.workflow import Level

WEEK = {f"day_{day}": "8-16" for day in range(5)}


@pytest.fixture
def hours(desk, at):
    """The example's calendar of a town hall, on a Monday morning."""
    now = at("2026-03-02 09:00")
    with desk.app.app_context():
        give_example(desk.home.id, by=SYSTEM, now=now)
    return desk.all(OpeningHours)[0].id


@pytest.fixture
def chief(desk, browse, hours):
    """Signed in at the time of `hours`."""
    return browse(desk.person(Role.SERVICEDESK_MANAGER))


def new(desk, **fields):
    told = {"customer_id": desk.home.id, "name": "Vagten", "zone": "Europe/Copenhagen", **WEEK, **fields}
    return {name: value for name, value in told.items() if value is not None}


def calendar_of(desk, hours_id):
    with desk.app.app_context():
        return book_of(desk.home.id).calendars[hours_id]


# ------------------------------------------------------------------------------------------------ who may


@pytest.mark.parametrize("page", ["", "/new", "/{id}", "/{id}/week", "/{id}/day"])
def test_calendars_are_for_those_who_run_the_customer(desk, browse, hours, page):
    address = "/admin/hours" + page.format(id=hours)

    for role in (Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER):
        assert browse(desk.person(role)).get(address).status_code == 200
    for roles in ([], [Role.SUPPORTER], [Role.MANAGER], [Role.SUPERBRUGER]):
        assert browse(desk.person(*roles)).get(address).status_code == 404
    stranger = browse(desk.person(Role.ADMINISTRATOR, unit=desk.customer()))
    assert stranger.get(address).status_code == (404 if "{id}" in page else 200)


def test_nobody_else_changes_one(desk, browse, hours):
    employee = browse(desk.person())
    foreign = browse(desk.person(Role.ADMINISTRATOR, unit=desk.customer()))
    day = {"on": "2026-03-09", "name": "Ferie"}
    for browser in (employee, foreign):
        assert browser.post(f"/admin/hours/{hours}/day", data=day).status_code == 404
        week = {"starts_on": "2026-04-01", **WEEK}
        assert browser.post(f"/admin/hours/{hours}/week", data=week).status_code == 404
        assert browser.post(f"/admin/hours/{hours}/days/propose", data={"year": 2027}).status_code == 404
    assert foreign.post("/admin/hours/new", data=new(desk)).status_code == 404
    assert desk.count(OpeningHours) == 2


# ------------------------------------------------------------------------------------------------ a new one


def test_a_calendar_is_typed_as_people_write(desk, chief, hours):
    typed = new(desk, day_0="8-12, 12.30–16", day_1="kl. 8.00 til 16.00", day_5="døgnet", day_6="22-24", day_2="lukket")
    answer = chief.post("/admin/hours/new", data=typed)

    assert answer.status_code == 303
    made = desk.all(OpeningHours, name="Vagten")[0]
    [week] = desk.all(WeeklyHours, hours_id=made.id)
    assert week.starts_on == date.min
    assert week.week == {
        "0": [["08:00", "12:00"], ["12:30", "16:00"]],
        "1": [["08:00", "16:00"]],
        "3": [["08:00", "16:00"]],
        "4": [["08:00", "16:00"]],
        "5": [["00:00", "24:00"]],
        "6": [["22:00", "24:00"]],
    }
    page = chief.get(answer.location).text
    assert (
        "08:00-12:00, 12:30-16:00" in page and "Døgnet rundt" in page and "Åbent nu. Lukker 2. mar. 2026 12.00" in page
    )
    assert [line.action for line in desk.all(AuditLine)][-1] == "hours_added"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("om formiddagen", "Skriv tider som 08:00-12:00"),
        ("25-26", "Skriv tider som 08:00-12:00"),
        ("8:75-9", "Skriv tider som 08:00-12:00"),
        ("16-8", "Et tidsrum skal slutte"),
        ("8-12, 11-16", "må ikke overlappe"),
        ("8-9, 10-11, 12-13, 14-15", "højst tre tidsrum"),
        (", ,", "Skriv tider som 08:00-12:00"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_day(desk, chief, hours, text, told):
    answer = chief.post("/admin/hours/new", data=new(desk, day_3=text))

    assert answer.status_code == 422
    assert told in answer.text and 'href="#day_3"' in answer.text and f'value="{text}"' in answer.text
    assert 'value="Vagten"' in answer.text and desk.count(OpeningHours) == 2


def test_a_calendar_that_never_opens_is_refused_by_name(desk, chief, hours):
    answer = chief.post("/admin/hours/new", data=new(desk, **dict.fromkeys(WEEK, "")))

    assert answer.status_code == 422 and "Kalenderen “Vagten” åbner aldrig." in answer.text
    assert 'value="Vagten"' in answer.text and desk.count(OpeningHours) == 2


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", ""])
def test_a_zone_that_is_none_is_refused(desk, chief, hours, zone):
    answer = chief.post("/admin/hours/new", data=new(desk, zone=zone))

    assert answer.status_code == 422 and 'href="#zone"' in answer.text


def test_two_calendars_do_not_share_a_name(desk, chief, hours):
    answer = chief.post("/admin/hours/new", data=new(desk, name="Døgnet rundt"))

    assert answer.status_code == 422 and 'href="#name"' in answer.text and "Der er allerede en kalender" in answer.text


def test_name_and_proposals_can_be_changed(desk, chief, hours):
    assert chief.post(f"/admin/hours/{hours}", data={"name": "Rådhuset"}).status_code == 303
    row = desk.get(OpeningHours, hours)
    assert (row.name, row.follows_holidays) == ("Rådhuset", False)
    assert chief.post(f"/admin/hours/{hours}", data={"name": " "}).status_code == 422
    assert chief.post(f"/admin/hours/{hours}", data={"name": "Døgnet rundt"}).status_code == 422


# ------------------------------------------------------------------------------------------------ another week


def test_a_changed_week_is_looked_at_and_then_saved(desk, chief, hours):
    user = desk.person()
    ticket = desk.ticket(by=user, subject="Skærmen er sort", impact=Level.LOW, urgency=Level.LOW)
    assert desk.look(ticket).due_at == clock.now() + timedelta(days=1)
    told = {"starts_on": "2026-03-03", **dict.fromkeys(WEEK, "10-12")}

    looked = chief.post(f"/admin/hours/{hours}/week", data={**told, "do": "preview"})
    assert looked.status_code == 200 and "Hvad ændringen vil betyde" in looked.text
    assert "Skærmen er sort" in looked.text and 'value="10-12"' in looked.text
    assert "3. mar. 2026 09.00" in looked.text and "3. mar. 2026 10.00" in looked.text
    assert desk.count(WeeklyHours, hours_id=hours) == 1 and desk.count(Recalculation) == 0

    assert chief.post(f"/admin/hours/{hours}/week", data={**told, "do": "save"}).status_code == 303
    assert desk.count(WeeklyHours, hours_id=hours) == 2
    assert desk.all(Recalculation)[0].hours_id == hours
    with desk.app.app_context():
        assert recalculate(clock.now()) == 1 and recalculate(clock.now()) == 0
    assert desk.look(ticket).due_at == clock.now() + timedelta(days=1, hours=1)
    assert "Fra 3. mar. 2026" in chief.get(f"/admin/hours/{hours}").text


def test_a_week_begins_tomorrow_at_the_earliest(desk, chief, hours):
    for do in ("preview", "save"):
        told = {"starts_on": "2026-03-02", **WEEK, "do": do}
        answer = chief.post(f"/admin/hours/{hours}/week", data=told)
        assert answer.status_code == 422 and "tidligst gælde fra i morgen" in answer.text
        assert 'href="#starts_on"' in answer.text and 'value="8-16"' in answer.text
    never = {"starts_on": "2026-04-01", **dict.fromkeys(WEEK, "")}
    assert "åbner aldrig" in chief.post(f"/admin/hours/{hours}/week", data=never).text
    late = {"starts_on": "9999-12-31", **WEEK}
    assert "inden for de næste ti år" in chief.post(f"/admin/hours/{hours}/week", data=late).text
    nonsense = {"starts_on": "i overmorgen", **WEEK}
    answer = chief.post(f"/admin/hours/{hours}/week", data=nonsense)
    assert answer.status_code == 422 and 'value="i overmorgen"' in answer.text
    assert desk.count(WeeklyHours, hours_id=hours) == 1


def test_days_before_the_change_are_reckoned_as_they_were(desk, chief, hours):
    """S33: the report of January is the same byte by byte."""

    def january():
        calendar, start = calendar_of(desk, hours), clock.now()
        start = start.replace(month=1, day=1, hour=0)
        return repr([calendar.segments(start, start + timedelta(days=59)), calendar.hours_on(date(2026, 2, 28))])

    before = january()
    told = {"starts_on": "2026-03-09", **dict.fromkeys(WEEK, "8-15")}
    assert chief.post(f"/admin/hours/{hours}/week", data=told).status_code == 303
    assert january() == before
    calendar = calendar_of(desk, hours)
    assert calendar.hours_on(date(2026, 3, 5)) == (("08:00", "17:00"),)
    assert calendar.hours_on(date(2026, 3, 12)) == (("08:00", "15:00"),)


# ------------------------------------------------------------------------------------------------ single days


def test_a_local_closure_and_a_half_day(desk, chief, hours):
    address = f"/admin/hours/{hours}/day"
    looked = chief.post(address, data={"on": "2026-03-03", "name": "Personaledag", "times": "", "do": "preview"})
    assert looked.status_code == 200 and "Intet er gemt endnu." in looked.text
    assert calendar_of(desk, hours).is_working_day(date(2026, 3, 3))

    assert chief.post(address, data={"on": "2026-03-03", "name": "Personaledag", "times": ""}).status_code == 303
    assert chief.post(address, data={"on": "04.03.2026", "name": "Halv dag", "times": "8-12"}).status_code == 303
    calendar = calendar_of(desk, hours)
    assert not calendar.is_working_day(date(2026, 3, 3))
    assert calendar.hours_on(date(2026, 3, 4)) == (("08:00", "12:00"),)
    page = chief.get(f"/admin/hours/{hours}").text
    assert "Personaledag" in page and "Halv dag" in page

    changed = chief.get(f"{address}?on=2026-03-04").text
    assert 'value="Halv dag"' in changed and 'value="08:00-12:00"' in changed
    assert chief.post(f"/admin/hours/{hours}/days/removal", data={"on": "2026-03-04"}).status_code == 303
    assert calendar_of(desk, hours).hours_on(date(2026, 3, 4)) == (("08:00", "15:00"),)
    assert desk.count(SpecialDay, on=date(2026, 3, 4)) == 0


def test_what_has_passed_stays(desk, chief, hours):
    for do in ("preview", "save"):
        told = {"on": "2026-03-01", "name": "I går", "times": "", "do": do}
        answer = chief.post(f"/admin/hours/{hours}/day", data=told)
        assert answer.status_code == 422 and "Dage, der er gået, kan ikke ændres." in answer.text
        assert 'value="I går"' in answer.text
    assert chief.post(f"/admin/hours/{hours}/days/removal", data={"on": "2026-01-01"}).status_code == 422
    assert chief.post(f"/admin/hours/{hours}/days/removal", data={"on": "hvad"}).status_code == 422


def test_a_danish_closed_day_that_was_removed_is_not_proposed_again(desk, chief, hours):
    assert chief.post(f"/admin/hours/{hours}/days/removal", data={"on": "2026-12-24"}).status_code == 303
    assert calendar_of(desk, hours).is_working_day(date(2026, 12, 24))
    with desk.app.app_context():
        jobs.propose_closed_days(clock.now())
    assert desk.get(SpecialDay, (hours, date(2026, 12, 24))).status is DayStatus.DISMISSED


# ------------------------------------------------------------------------------------------------ proposed days


def test_proposed_days_count_once_they_are_approved(desk, chief, hours):
    """S17: an import of holidays proposes; only what somebody approves counts."""
    address = f"/admin/hours/{hours}/days"
    assert chief.post(f"{address}/propose", data={"year": 2028}).status_code == 303
    proposed = desk.all(SpecialDay, hours_id=hours, status=DayStatus.PROPOSED)
    assert date(2028, 4, 13) in {day.on for day in proposed}
    assert calendar_of(desk, hours).is_working_day(date(2028, 4, 13))
    assert "Foreslåede dage" in chief.get(f"/admin/hours/{hours}?year=2028").text

    chosen = {"days": ["2028-04-13", "2028-06-05"], "do": "preview"}
    assert "Hvad ændringen vil betyde" in chief.post(f"{address}/decide", data=chosen).text
    assert calendar_of(desk, hours).is_working_day(date(2028, 4, 13))
    assert chief.post(f"{address}/decide", data={**chosen, "do": "approve"}).status_code == 303
    assert chief.post(f"{address}/decide", data={"days": ["2028-04-14"], "do": "dismiss"}).status_code == 303
    calendar = calendar_of(desk, hours)
    assert not calendar.is_working_day(date(2028, 4, 13)) and calendar.is_working_day(date(2028, 4, 14))

    again = chief.post(f"{address}/propose", data={"year": 2028}, follow_redirects=True)
    assert "ingen nye danske lukkedage at foreslå for 2028" in again.text


def test_one_has_to_choose_days_and_a_year_to_come(desk, chief, hours):
    address = f"/admin/hours/{hours}/days"
    for days in ([], ["vrøvl"], ["2026-12-24"]):
        assert chief.post(f"{address}/decide", data={"days": days, "do": "approve"}).status_code == 422
    for year in ("", "x", 2025, 2040, 10**30):
        assert chief.post(f"{address}/propose", data={"year": year}).status_code == 422
    for year in ("x", 0, 10**30, 10_000, -1):
        assert chief.get(f"/admin/hours/{hours}?year={year}").status_code == 200


def test_the_worker_proposes_next_years_days_from_september_on(desk, hours, at):
    with desk.app.app_context():
        assert jobs.propose_closed_days(at("2026-08-31 12:00")) == 0
        now = at("2027-09-01 12:00")
        number = jobs.propose_closed_days(now)
        assert jobs.propose_closed_days(now) == 0
    made = desk.all(SpecialDay, hours_id=hours, status=DayStatus.PROPOSED)
    assert number == len(made) and {day.on.year for day in made} == {2028}
    assert all(day.on.weekday() < 5 for day in made)


def test_an_old_proposal_is_not_approved(desk, browse, chief, hours, at):
    chief.post(f"/admin/hours/{hours}/days/propose", data={"year": 2028})
    at("2028-04-14 12:00")
    chief = browse(desk.person(Role.ADMINISTRATOR))
    old = {"days": ["2028-04-13"], "do": "approve"}
    assert chief.post(f"/admin/hours/{hours}/days/decide", data=old).status_code == 422
    assert desk.get(SpecialDay, (hours, date(2028, 4, 13))).status is DayStatus.PROPOSED


# ------------------------------------------------------------------------------------------------ what is going on


def test_clocks_that_are_reckoned_anew_are_told_of(desk, chief, hours):
    assert "Urene på åbne henvendelser regnes om:" not in chief.get(f"/admin/hours/{hours}").text
    work = Recalculation(customer_id=desk.home.id, made_at=clock.now(), runs_at=clock.now(), hours_id=hours)
    work.looked_at = work.changed = work.done_to = 0
    desk.add(work)
    assert "regnes om om et øjeblik" in chief.get("/admin/hours").text
    with desk.writing() as session:
        row = session.get(Recalculation, work.id)
        row.total, row.looked_at = 1200, 400
    assert "regnes om: 400 af 1.200." in chief.get(f"/admin/hours/{hours}").text


def test_open_now_or_when(desk, browse, chief, hours, at):
    assert "Åbent nu. Lukker 2. mar. 2026 15.00" in chief.get("/admin/hours").text
    assert "Åbent døgnet rundt" in chief.get("/admin/hours").text
    at("2026-03-06 14:00")
    chief = browse(desk.person(Role.ADMINISTRATOR))
    assert "Lukket nu. Åbner 9. mar. 2026 08.00" in chief.get(f"/admin/hours/{hours}").text


def test_a_customer_without_calendars_is_helped_on(desk, browse):
    chief = browse(desk.person(Role.ADMINISTRATOR))
    assert "Her er ingen kalendere endnu" in chief.get("/admin/hours").text
    assert "Åbningstider og lukkedage" in chief.get("/admin").text
