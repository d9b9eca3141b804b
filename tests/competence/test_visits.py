"""Visits: planned, held, what was seen, and how it has gone since."""

from datetime import timedelta

import pytest
import time_machine

from servicedesk.competence.jobs import follow_up_visits
from servicedesk.competence.models import Finding, FollowUp, Visit
from servicedesk.competence.rules import VisitState
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.notifications import mails
from servicedesk.notifications.commands import send_digest
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import Ticket
from tests.competence_made import course, visit
from tests.desk import local_today


@pytest.fixture
def planned(desk, town):
    town.visit = visit(desk, town.first, [town.supporter], town.aula)
    return town


def plan(browse, town, **told):
    given = {"unit": town.first.id, "system": town.aula.id, "visit_on": "2099-01-01", "goals": "Se, hvor det går galt."}
    return browse(town.coordinator).post("/competence/visits/new", data={**given, "people": town.supporter.id, **told})


def soon():
    return (clock.now() + timedelta(days=14)).date().isoformat()


def test_the_coordinator_plans_a_visit(desk, browse, town):
    answer = plan(browse, town, visit_on=soon())
    assert answer.status_code == 303
    [made] = desk.all(Visit)
    page = browse(town.supporter).get(f"/competence/visits/{made.id}").text
    assert "Bakkeskolen" in page and "Se, hvor det går galt." in page and "Lene Kr" in page


def test_the_same_form_sent_twice_plans_one(desk, browse, town):
    for _ in range(2):
        plan(browse, town, visit_on=soon(), form_id="a" * 32)
    assert desk.count(Visit) == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"goals": ""}, "Skriv, hvad besøget skal nå."),
        ({"people": ""}, "Vælg, hvem der tager derud."),
        ({"visit_on": "i morgen"}, "Vælg en dato."),
        ({"visit_on": "2999-01-01"}, "Vælg en dato."),
        ({"unit": ""}, "Vælg den enhed, der skal besøges."),
    ],
    ids=["no goals", "nobody", "no date", "in a thousand years", "no unit"],
)
def test_what_lacks_is_said_and_nothing_typed_is_lost(desk, browse, town, told, said):
    answer = plan(browse, town, **{"visit_on": soon(), **told})
    assert answer.status_code == 422 and said in answer.text
    assert desk.count(Visit) == 0


def test_only_those_who_serve_there_can_be_sent(desk, browse, town):
    stranger = desk.person(Role.SUPPORTER, unit=desk.customer())
    for person in (town.teacher, stranger):
        assert plan(browse, town, visit_on=soon(), people=person.id).status_code == 422
    foreign = desk.unit(desk.customer())
    assert plan(browse, town, visit_on=soon(), unit=foreign.id).status_code == 422


def test_who_sees_a_visit(desk, browse, planned):
    owner = desk.person(Role.SYSTEM_OWNER, over=planned.aula)
    path = f"/competence/visits/{planned.visit.id}"
    for person in (planned.chief, planned.coordinator, planned.manager, planned.supporter, owner):
        assert browse(person).get(path).status_code == 200
    elsewhere = desk.person(Role.MANAGER, over=planned.second)
    foreign = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer())
    for person in (planned.teacher, elsewhere, foreign, desk.person(Role.SUPPORTER)):
        assert browse(person).get(path).status_code == 404
    assert browse(planned.manager).post(f"{path}/findings", data={"body": "Hej"}).status_code == 404


def test_two_who_change_it_at_once_do_not_overwrite_each_other(desk, browse, planned):
    told = {"unit": planned.first.id, "visit_on": soon(), "people": planned.supporter.id, "goals": "Nyt mål"}
    path = f"/competence/visits/{planned.visit.id}/edit"
    assert browse(planned.chief).post(path, data={**told, "seen": "1"}).status_code == 303
    answer = browse(planned.coordinator).post(path, data={**told, "seen": "1", "goals": "Mit mål"})
    assert answer.status_code == 409 and "Mit mål" in answer.text
    assert desk.get(Visit, planned.visit.id).goals == "Nyt mål"


# ------------------------------------------------------------------------------------------------ findings


def find(browse, planned, **told):
    path = f"/competence/visits/{planned.visit.id}/findings"
    return browse(planned.supporter).post(
        path, data={"body": "Skærmen i vagtstuen er for lille.", "kind": "note", **told}
    )


def test_a_finding_becomes_a_ticket_by_the_tickets_own_command(desk, browse, planned):
    for _ in range(2):
        find(browse, planned, kind="ticket", form_id="b" * 32)
    [found] = desk.all(Finding)
    ticket = desk.get(Ticket, found.ticket_id)
    assert (ticket.subject, ticket.filer_id) == ("Skærmen i vagtstuen er for lille.", planned.supporter.id)
    assert desk.count(Ticket) == 1
    assert ticket.number in browse(planned.supporter).get(f"/competence/visits/{planned.visit.id}").text


def test_the_manager_of_the_unit_reads_that_but_not_the_ticket(desk, browse, planned):
    find(browse, planned, kind="ticket")
    page = browse(planned.manager).get(f"/competence/visits/{planned.visit.id}").text
    assert "Er blevet til en henvendelse." in page


def test_proposals_wait_until_somebody_deals_with_them(desk, browse, planned):
    kom = course(desk, planned.aula, "Aula for lærere")
    find(browse, planned, kind="course", course=kom.id)
    find(browse, planned, kind="guideline", body="Superbrugere bør selv kunne nulstille.")
    page = browse(planned.coordinator).get("/competence/visits").text
    assert "Forslag, der venter" in page and "Aula for lærere" in page
    for found in desk.all(Finding):
        assert browse(planned.supporter).post(f"/competence/findings/{found.id}/done").status_code == 404
        browse(planned.coordinator).post(f"/competence/findings/{found.id}/done")
    assert "Forslag, der venter" not in browse(planned.coordinator).get("/competence/visits").text


def test_a_finding_runs_nothing(browse, planned):
    find(browse, planned, body="<script>alert(1)</script>")
    page = browse(planned.chief).get(f"/competence/visits/{planned.visit.id}").text
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_nothing_is_found_on_a_visit_that_was_called_off(desk, browse, planned):
    browse(planned.chief).post(f"/competence/visits/{planned.visit.id}/cancellation")
    assert find(browse, planned).status_code == 409
    assert desk.count(Finding) == 0


# ------------------------------------------------------------------------------------------------ follow-up


@pytest.fixture
def held(desk, browse, planned):
    browse(planned.supporter).post(f"/competence/visits/{planned.visit.id}/held")
    return planned


def later(app, **ahead):
    at = clock.now() + timedelta(**ahead)
    with time_machine.travel(at, tick=False), app.app_context():
        return follow_up_visits(clock.now())


def test_a_visit_is_not_held_before_its_day(desk, browse, town):
    ahead = visit(desk, town.first, [town.supporter], visit_on=local_today() + timedelta(days=3))
    assert browse(town.chief).post(f"/competence/visits/{ahead.id}/held").status_code == 409
    assert desk.get(Visit, ahead.id).state is VisitState.PLANNED


def test_it_is_followed_up_after_4_and_12_weeks_once_each(desk, app, held):
    assert [row.weeks for row in desk.all(FollowUp)] == [4, 12]
    assert later(app, weeks=3) == 0
    assert later(app, weeks=4, days=1) == 1
    assert later(app, weeks=5) == 0
    assert later(app, weeks=13) == 1
    assert later(app, weeks=20) == 0
    told = [row for row in desk.all(Notice, event="visit_followed_up") if row.person_id == held.supporter.id]
    assert sorted(row.source for row in told) == [f"visit-{held.visit.id}:12", f"visit-{held.visit.id}:4"]


def test_the_figures_are_those_of_the_day_however_late_the_worker_comes(desk, app, held):
    for ago in (10, 20, 30):
        held.solved(ago=ago)
    held.solved(held.other, ago=10)  # at another school
    held.solved(ago=10, system=desk.system())  # about something else
    with time_machine.travel(clock.now() + timedelta(weeks=2), tick=False):
        held.solved()
    with time_machine.travel(clock.now() + timedelta(weeks=6), tick=False):
        held.solved()
    assert later(app, weeks=30) == 2
    first, second = desk.all(FollowUp)
    assert (first.told["before"], first.told["after"]) == (3, 1)
    assert (second.told["before"], second.told["after"]) == (3, 2)


def test_the_page_says_when_there_is_too_little_to_say(browse, held):
    held.solved(ago=10)
    page = browse(held.manager).get(f"/competence/visits/{held.visit.id}").text
    assert "Der er for lidt data til at sige noget." in page
    assert "Der er for lidt data til at sige noget." in browse(held.manager).get("/competence/effects").text


def test_the_digest_tells_of_it_in_the_readers_language(desk, app, held):
    with desk.writing() as session:
        session.get_one(Person, held.supporter.id).locale = "en"
    later(app, weeks=4, days=1)
    at = clock.now() + timedelta(weeks=5)
    with time_machine.travel(at, tick=False), app.app_context():
        assert send_digest(held.supporter.id, now=at)
    [mail] = desk.all(OutboxMail, template="digest")
    [told] = mail.facts["things"]
    assert (told["number"], told["title"]) == ("Service visit", "Bakkeskolen")
    with app.app_context():
        assert "4 weeks" in str(mails.build(mail, app.extensions["settings"]).get_body(("plain",)))
