"""A ticket's way through the local tier: to whom it goes first, how long it stays, and how it gets on."""

from datetime import date, timedelta

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.errors import NotAllowedError
from servicedesk.notifications.models import Notice
from servicedesk.organisation.models import Absence
from servicedesk.superbrugere import commands as corps
from servicedesk.superbrugere.rules import AppointmentKind, Fact, Leeway
from servicedesk.tickets import commands
from servicedesk.tickets.models import EntryKind, Ticket
from servicedesk.tickets.sweep import sweep
from servicedesk.tickets.workflow import Cause, Level, Secrecy, State, Tier
from tests.desk import local_today
from tests.superbrugere_made import appoint, publish
from tests.systems_made import make_disturbance


@pytest.fixture
def school(desk):
    return desk.unit(name="Skovskolen")


@pytest.fixture
def pupil_system(desk):
    return desk.system("Aula")


@pytest.fixture
def jonas(desk, school):
    """The school's superbruger."""
    person = desk.person(unit=school, name="Jonas Engholt")
    appoint(desk, person, school)
    return person


@pytest.fixture
def bente(desk, school):
    return desk.person(unit=school, name="Bente Lund")


@pytest.fixture
def supporter(desk):
    team = desk.team(is_first_line=True, name="Servicedesk")
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


def test_it_goes_to_the_superbruger_first_and_the_filer_is_told_who(desk, browse, jonas, bente, supporter):
    publish(desk)
    ticket = desk.ticket(by=bente)
    assert (desk.look(ticket).tier, desk.look(ticket).team_id) == (Tier.LOCAL, None)
    page = browse(bente).get(f"/tickets/{ticket}").text
    assert "Din superbruger Jonas Engholt ser på den først." in page
    told = [notice.event for notice in desk.all(Notice, person_id=jonas.id)]
    assert told == ["guideline_published", "ticket_local"]
    assert desk.all(Notice, person_id=supporter.id) == []
    assert desk.journal(ticket)[0].data["helper_ids"] == [jonas.id]


def test_the_filer_can_choose_the_servicedesk(desk, browse, jonas, bente, supporter):
    publish(desk)
    form = browse(bente).get("/tickets/new").text
    assert "Jonas Engholt" in form and 'name="to_desk"' in form
    browse(bente).post("/tickets/new", data={"subject": "Skærm", "description": "Sort", "to_desk": "1"})
    [own] = desk.all(Ticket, filer_id=bente.id)
    assert own.tier is Tier.SERVICEDESK and own.team_id is not None


@pytest.mark.parametrize(
    "filed",
    [
        {"urgency": Level.HIGH},
        {"impact": Level.HIGH, "urgency": Level.HIGH},
        {"subject": "Min lønseddel er væk"},
    ],
    ids=["urgent", "critical", "set apart"],
)
def test_some_go_past_the_superbruger(desk, jonas, bente, supporter, filed):
    publish(desk, words=("løn",))
    assert desk.look(desk.ticket(by=bente, **filed)).tier is Tier.SERVICEDESK


def test_a_secret_one_goes_past_and_is_not_seen(desk, browse, jonas, bente):
    publish(desk)
    desk.team(is_closed=True, receives_confidential=True)
    ticket = desk.ticket(by=bente, secrecy=Secrecy.CONFIDENTIAL)
    assert desk.look(ticket).tier is Tier.SERVICEDESK
    assert browse(jonas).get(f"/tickets/{ticket}").status_code == 404


def test_while_something_is_wrong_with_the_system_it_goes_to_the_servicedesk(desk, jonas, bente, pupil_system):
    publish(desk)
    assert desk.look(desk.ticket(by=bente, system=pupil_system)).tier is Tier.LOCAL
    make_disturbance(desk, pupil_system)
    assert desk.look(desk.ticket(by=bente, system=pupil_system)).tier is Tier.SERVICEDESK


def test_without_a_guideline_all_goes_to_the_servicedesk(desk, jonas, bente):
    assert desk.look(desk.ticket(by=bente)).tier is Tier.SERVICEDESK


def test_the_guideline_of_the_system_goes_before_the_general_one(desk, browse, jonas, bente, pupil_system):
    publish(desk)
    publish(desk, pupil_system, incident=Leeway.NEVER)
    ticket = desk.ticket(by=bente, system=pupil_system)
    assert desk.look(ticket).tier is Tier.SERVICEDESK
    assert browse(jonas).get(f"/tickets/{ticket}").status_code == 404


def test_ones_own_trouble_goes_to_the_servicedesk(desk, jonas):
    publish(desk)
    assert desk.look(desk.ticket(by=jonas)).tier is Tier.SERVICEDESK


# ------------------------------------------------------------------------------------------------ who is there


def away(desk, person, deputy=None, days=5):
    today = local_today()
    fields = {"starts_on": today, "ends_on": today + timedelta(days=days), "deputy_id": deputy.id if deputy else None}
    desk.add(Absence(person_id=person.id, customer_id=person.customer_id, **fields))


def test_while_away_the_deputy_has_it(desk, browse, school, bente):
    publish(desk)
    karen = desk.person(unit=school, name="Karen Dam")
    jonas = desk.person(unit=school)
    appoint(desk, jonas, school, deputy=karen)
    ticket = desk.ticket(by=bente)
    assert browse(karen).get(f"/tickets/{ticket}").status_code == 404
    away(desk, jonas)
    assert browse(karen).get(f"/tickets/{ticket}").status_code == 200
    new = desk.ticket(by=bente)
    assert desk.journal(new)[0].data["helper_ids"] == [karen.id]


def test_a_deputy_who_is_away_passes_it_on_and_a_circle_ends_with_nobody(desk, school, bente):
    publish(desk)
    jonas, karen, mette = (desk.person(unit=school) for _ in range(3))
    appoint(desk, jonas, school, deputy=karen)
    away(desk, jonas)
    away(desk, karen, mette)
    assert desk.journal(desk.ticket(by=bente))[0].data["helper_ids"] == [mette.id]
    assert desk.actor(mette).has_role(Role.SUPERBRUGER)
    assert not desk.actor(karen).has_role(Role.SUPERBRUGER)
    away(desk, mette, jonas)
    assert desk.look(desk.ticket(by=bente)).tier is Tier.SERVICEDESK
    assert not desk.actor(mette).has_role(Role.SUPERBRUGER)


def test_with_nobody_there_it_goes_to_the_servicedesk(desk, jonas, bente):
    publish(desk)
    away(desk, jonas)
    assert desk.look(desk.ticket(by=bente)).tier is Tier.SERVICEDESK


def test_whoever_knows_the_system_comes_before_whoever_is_there_for_all(desk, school, jonas, bente, pupil_system):
    publish(desk)
    ida = desk.person(unit=school)
    appoint(desk, ida, desk.home, systems=[pupil_system])
    filed = [
        desk.journal(desk.ticket(by=bente, **about))[0].data["helper_ids"] for about in ({"system": pupil_system}, {})
    ]
    assert filed == [[ida.id, jonas.id], [jonas.id]]


def test_units_below_count_only_when_they_are_meant(desk, browse, school):
    publish(desk)
    sfo = desk.unit(school, name="SFO")
    narrow, wide = desk.person(unit=school), desk.person(unit=school)
    appoint(desk, narrow, school, below=False)
    ticket = desk.ticket(by=desk.person(unit=sfo))
    assert desk.look(ticket).tier is Tier.SERVICEDESK
    assert browse(narrow).get(f"/tickets/{ticket}").status_code == 404
    appoint(desk, wide, school)
    assert browse(wide).get(f"/tickets/{ticket}").status_code == 200


def test_it_ends_at_once_also_in_an_open_session(desk, browse, app, school, bente):
    publish(desk)
    jonas = desk.person(unit=school)
    appointment = appoint(desk, jonas, school)
    ticket = desk.ticket(by=bente)
    browser = browse(jonas)
    assert browser.get(f"/tickets/{ticket}").status_code == 200
    with app.app_context():
        corps.end_appointment(
            appointment.id, by=desk.actor(desk.person(Role.SERVICEDESK_MANAGER)), now=clock.now(), today=local_today()
        )
    assert browser.get(f"/tickets/{ticket}").status_code == 404


# ------------------------------------------------------------------------------------------------ what one may do


def test_a_superbruger_takes_answers_and_solves(desk, browse, jonas, bente):
    publish(desk)
    ticket = desk.ticket(by=bente)
    browser = browse(jonas)
    browser.post(f"/tickets/{ticket}/actions/take", data={"seen": "1"})
    browser.post(f"/tickets/{ticket}/solution", data={"solution": "Kablet sad løst.", "cause": "fault"})
    row = desk.look(ticket)
    assert (row.state, row.assignee_id, row.tier) == (State.RESOLVED, jonas.id, Tier.LOCAL)


@pytest.mark.parametrize(("leeway", "answers", "solves"), [(Leeway.FORWARD, 403, 403), (Leeway.ANSWER, 303, 403)])
def test_the_guideline_makes_it_impossible(desk, browse, jonas, bente, leeway, answers, solves):
    publish(desk)
    ticket = desk.ticket(by=bente)
    publish(desk, seen=1, incident=leeway)
    browser = browse(jonas)
    said = browser.post(
        f"/tickets/{ticket}/entries", data={"body": "Har du prøvet?", "visibility": "public", "seen": "1"}
    )
    assert said.status_code == answers
    solved = browser.post(f"/tickets/{ticket}/solution", data={"solution": "Løst", "cause": "fault"})
    assert solved.status_code == solves
    assert desk.look(ticket).state is not State.RESOLVED


def test_the_desk_is_not_a_superbrugers_to_give_away(desk, browse, jonas, bente, supporter):
    publish(desk)
    ticket = desk.ticket(by=bente)
    team = desk.team(name="Netværk")
    browser = browse(jonas)
    assert browser.post(f"/tickets/{ticket}/team", data={"team": str(team.id), "seen": "1"}).status_code == 403
    assert (
        browser.post(f"/tickets/{ticket}/assignee", data={"assignee": str(supporter.id), "seen": "1"}).status_code
        == 403
    )


def test_whatever_a_superbruger_does_names_the_guideline_it_was_done_under(desk, app, jonas, bente, supporter):
    first = publish(desk)
    ticket = desk.ticket(by=bente)
    with app.app_context():
        now, superbruger, user = clock.now(), desk.actor(jonas), desk.actor(bente)
        commands.take(ticket, by=superbruger, now=now)
        commands.reply(ticket, by=user, now=now, body="Det sker også hos Mette.")
    second = publish(desk, seen=1, body="Spørg først.")
    with app.app_context():
        commands.reply(ticket, by=superbruger, now=now, body="Jeg kommer forbi.")
        commands.resolve(ticket, by=superbruger, now=now, solution="Kablet sad løst.", cause=Cause.FAULT)
    told = [(entry.kind, entry.data.get("guideline_id")) for entry in desk.journal(ticket)[1:]]
    assert told == [
        (EntryKind.TAKEN, first),
        (EntryKind.REPLIED, None),
        (EntryKind.REPLIED, second),
        (EntryKind.RESOLVED, second),
    ]


def test_what_the_desk_does_is_done_under_no_guideline(desk, app, jonas, bente, supporter):
    publish(desk)
    ticket = desk.ticket(by=bente)
    with app.app_context():
        commands.note(ticket, by=desk.actor(supporter), now=clock.now(), body="Set på.")
    assert "guideline_id" not in desk.journal(ticket)[-1].data


# ------------------------------------------------------------------------------------------------ passing it on


def test_an_escalation_tells_what_the_guideline_asks_for(desk, browse, jonas, bente, supporter):
    version = publish(desk, facts=(Fact.TRIED, Fact.AFFECTED))
    ticket = desk.ticket(by=bente)
    browser = browse(jonas)
    refused = browser.post(f"/tickets/{ticket}/escalation", data={"tried": "Genstartet den", "seen": "1"})
    assert refused.status_code == 422
    assert "Genstartet den" in refused.text and "Hvor mange det rammer" in refused.text
    browser.post(f"/tickets/{ticket}/escalation", data={"tried": "Genstartet den", "affected": "12", "seen": "1"})
    row, last = desk.look(ticket), desk.journal(ticket)[-1]
    assert (row.tier, row.team_id is None) == (Tier.SERVICEDESK, False)
    assert (last.kind, last.data["why"], last.data["affected"]) == (EntryKind.ESCALATED, "superbruger", 12)
    assert last.data["guideline_id"] == version
    assert "ticket_escalated" in [notice.event for notice in desk.all(Notice, person_id=bente.id)]
    assert "Den rammer 12 personer" in browse(supporter).get(f"/tickets/{ticket}").text
    assert browser.post(f"/tickets/{ticket}/escalation", data={"tried": "igen", "affected": "1"}).status_code == 409


def test_when_the_time_is_gone_it_gets_on_by_itself_once(desk, app, at, jonas, bente, supporter):
    at("2026-03-02 10:00")
    publish(desk, local="4 hours")
    ticket = desk.ticket(by=bente)
    for local in ("2026-03-02 13:59", "2026-03-02 14:01", "2026-03-02 15:00"):
        with app.app_context():
            sweep(at(local))
        tiers = desk.look(ticket).tier
        assert tiers is (Tier.LOCAL if local.endswith("13:59") else Tier.SERVICEDESK)
    passed = [entry for entry in desk.journal(ticket) if entry.kind is EntryKind.ESCALATED]
    assert [(entry.data["why"], entry.by_id) for entry in passed] == [("time", None)]


def test_handed_back_it_has_its_time_anew_and_returns_to_the_same_team(desk, app, at, browse, jonas, bente, supporter):
    at("2026-03-02 10:00")
    publish(desk, local="4 hours")
    network = desk.team(name="Netværk")
    ticket = desk.ticket(by=bente)
    with app.app_context():
        sweep(at("2026-03-02 14:01"))
    browse(supporter).post(f"/tickets/{ticket}/team", data={"team": str(network.id)})
    at("2026-03-03 09:00")
    browse(supporter).post(f"/tickets/{ticket}/hand-back", data={"instruction": "Se efter kablet"})
    assert desk.look(ticket).tier is Tier.LOCAL
    assert "ticket_handed_back" in [notice.event for notice in desk.all(Notice, person_id=jonas.id)]
    assert "Se efter kablet" in browse(jonas).get(f"/tickets/{ticket}").text
    assert "Se efter kablet" not in browse(bente).get(f"/tickets/{ticket}").text
    with app.app_context():
        sweep(at("2026-03-03 12:59"))
        assert desk.look(ticket).tier is Tier.LOCAL
        sweep(at("2026-03-03 13:01"))
    assert (desk.look(ticket).tier, desk.look(ticket).team_id) == (Tier.SERVICEDESK, network.id)


def test_the_superbruger_hears_what_was_lacking(desk, browse, jonas, bente, supporter):
    publish(desk)
    ticket = desk.ticket(by=bente)
    browse(jonas).post(f"/tickets/{ticket}/escalation", data={"tried": "Genstartet", "seen": "1"})
    told = {"lacking": ["screenshot"], "appraisal_note": "Et billede havde hjulpet"}
    assert browse(supporter).post(f"/tickets/{ticket}/appraisal", data=told).status_code == 303
    assert desk.journal(ticket)[-1].data["lacking"] == ["screenshot"]
    assert "ticket_appraised" in [notice.event for notice in desk.all(Notice, person_id=jonas.id)]
    assert browse(jonas).post(f"/tickets/{ticket}/appraisal", data=told).status_code == 403


def test_the_user_can_have_it_at_the_servicedesk_after_all(desk, browse, jonas, bente):
    publish(desk)
    ticket = desk.ticket(by=bente)
    assert browse(bente).post(f"/tickets/{ticket}/escalation", data={"seen": "1"}).status_code == 303
    assert desk.look(ticket).tier is Tier.SERVICEDESK


def test_a_supporter_who_takes_it_has_it_at_the_desk(desk, browse, jonas, bente, supporter):
    publish(desk)
    ticket = desk.ticket(by=bente)
    browse(supporter).post(f"/tickets/{ticket}/actions/take")
    row = desk.look(ticket)
    assert (row.tier, row.assignee_id, row.team_id is None) == (Tier.SERVICEDESK, supporter.id, False)


def test_nobody_appoints_himself_or_herself(desk, app):
    """A026."""
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    terms = corps.Terms(kind=AppointmentKind.IT, units={desk.home.id: True}, starts_on=date(2026, 1, 1))
    with app.app_context(), pytest.raises(NotAllowedError):
        corps.appoint(chief.id, terms, by=desk.actor(chief), now=clock.now())
