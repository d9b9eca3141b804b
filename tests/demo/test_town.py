"""The trial's data: whole, the same each time, and with somebody for each kind of user."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from servicedesk.cockpit.majors.models import Child
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.core.files import Store
from servicedesk.demo import making
from servicedesk.demo.rhythm import closed_days
from servicedesk.insight.models import ReportSubscription
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation import choosing
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.organisation.policy import PersonPermission
from servicedesk.privacy.models import LegalHold, RetentionRule
from servicedesk.signin import queries as signin
from servicedesk.stewardship.models import Review
from servicedesk.superbrugere import coverage
from servicedesk.superbrugere.models import Appointment, GuidelineVersion
from servicedesk.surveys.models import Cell, FollowUp, Invitation, Rating, Survey
from servicedesk.systems import queries as systems
from servicedesk.systems.models import System, SystemNeed
from servicedesk.systems.rules import Criticality, Phase
from servicedesk.tickets.models import Entry, EntryKind, Ticket, TicketClock
from servicedesk.tickets.workflow import Secrecy, State, Tier
from servicedesk.upkeep import check
from tests.apps import make_app
from tests.databases import Database
from tests.desk import Desk, local_today

pytestmark = pytest.mark.thorough

TICKETS = 200
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def trial(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A small trial, made on a Monday at noon; the tests only look at it."""
    app = make_app(database.copy(), tmp_path_factory.mktemp("trial"))
    with time_machine.travel(NOW, tick=False), app.app_context():
        making.fill(TICKETS, now=NOW, progress=lambda _doing, _done: None)
    yield Desk(app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def town(trial: Desk) -> Iterator[Desk]:
    with time_machine.travel(NOW, tick=False):
        yield trial


def test_everything_in_it_agrees(town, tmp_path):
    with town.app.app_context():
        found = list(check.check(Store(tmp_path), now=clock.now()))

    assert found == []
    assert town.count(Ticket) == TICKETS


def test_the_officer_has_something_to_look_after(town):
    assert town.count(LegalHold) == 1
    assert {row.what: row.months for row in town.all(RetentionRule)} == {"tickets": 60}
    assert town.count(Person, is_active=False, erased_at=None) >= 1


def test_each_kind_of_user_has_a_face_with_tickets(town):
    with town.app.app_context():
        faces = signin.demo_people(today=local_today())

    assert [kind for kind, _ in faces] == [None, *Role]
    without = (Role.TRAINING_COORDINATOR, Role.DATA_PROTECTION_OFFICER)  # they come for other things than tickets
    told = [person for kind, person in faces if kind not in without]
    assert [person.id for person in told] == list(range(1, 8))
    for person in told:
        assert town.count(Ticket, filer_id=person.id) >= 2, person.name


def test_the_employee_has_one_to_answer_and_one_to_judge(town):
    states = {ticket.state for ticket in town.all(Ticket, filer_id=1) if ticket.updated_at}

    assert {State.NEW, State.WAITING_USER, State.WAITING_SUPPLIER, State.RESOLVED} <= states
    assert town.count(Ticket, assignee_id=3, is_open=True) >= 3


def test_the_town_has_the_size_of_a_small_municipality(town):
    customers = {unit.name: unit.id for unit in town.all(Unit, parent_id=None)}

    assert set(customers) == {"Odby Kommune", "Nabo Kommune"}
    assert 60 <= town.count(Unit, customer_id=customers["Odby Kommune"]) <= 75
    assert 1_900 <= town.count(Person, customer_id=customers["Odby Kommune"]) <= 2_200
    assert town.count(System, customer_id=customers["Odby Kommune"]) == 80
    assert town.count(Person, email=None) > 500


def test_everybody_is_found_by_name(town):
    with town.app.app_context():
        one = town.get(Person, 1)
        found = choosing.choose(one.name, town.actor(3), PersonPermission.FILE_FOR)
        assert one.id in {person.id for person in found}


def test_nothing_happens_in_the_future_and_numbers_follow_time(town):
    filed = [ticket.filed_at for ticket in town.all(Ticket)]

    assert filed == sorted(filed)
    assert max(entry.at for entry in town.all(Entry)) <= clock.now()


def test_secret_tickets_are_in_closed_teams_only(town):
    from servicedesk.organisation.models import Team

    closed = {team.id for team in town.all(Team, is_closed=True)}
    secret = [ticket for ticket in town.all(Ticket) if ticket.secrecy is not Secrecy.ORDINARY]

    assert len(secret) >= 4
    assert {ticket.team_id for ticket in secret} <= closed


@pytest.mark.parametrize("day", [(4, 2), (4, 3), (4, 6), (5, 14), (5, 25), (6, 5), (12, 24)])
def test_holidays_of_2026_are_known(day):
    assert day in {(one.month, one.day) for one in closed_days(2026)}


def test_the_day_of_the_trial_has_something_to_show(town):
    now, employee = clock.now(), town.actor(1)
    with town.app.app_context():
        down = systems.current_disturbances(employee, now)
        known = systems.known_errors("striber på papiret", employee)
        ahead = systems.current_disturbances(town.actor(6), now, ahead=now + timedelta(days=3))
    filed_today = [ticket for ticket in town.all(Ticket) if ticket.filed_at.date() == now.date()]

    assert [[system.name for system in one.systems] for one in down] == [["Skoleintra"], ["E-mail"]]
    assert down[0].is_major and (down[0].affected or 0) >= 10 and not down[0].is_joined
    assert town.count(Child, disturbance_id=down[0].id) >= 1
    assert down[0].expected_end_at is not None and down[0].expected_end_at > now
    assert {one.phase(now) for one in ahead} == {Phase.RUNNING, Phase.PLANNED}
    assert known[0].title == "Striber på alle sider" and known[0].solved_by_it > 5
    assert len(filed_today) >= 15
    assert town.count(Ticket, filer_id=1, state=State.WAITING_USER) >= 2


@pytest.mark.parametrize("clock_name", ["ola:", "uc:"])
def test_those_who_help_mostly_keep_what_they_agreed(town, clock_name):
    clocks = [one for one in town.all(TicketClock) if one.name.startswith(clock_name)]
    late = [one for one in clocks if one.breached_at is not None]

    assert len(late) <= len(clocks) // 2


def test_superbrugere_are_appointed_with_gaps_and_absences(town):
    assert town.count(Appointment) == 100
    assert town.count(RoleGrant, role=Role.SUPERBRUGER, appointment_id=None) == 0
    assert [one.told["incident"] for one in town.all(GuidelineVersion)] == ["solve", "solve", "never", "answer"]
    with town.app.app_context():
        found = coverage.of_customer(1, local_today())
    assert 0 < found.deserted < found.lacking <= len(found.lines)


def test_some_tickets_were_with_superbrugere(town):
    kinds = {entry.kind for entry in town.all(Entry)}
    assert {EntryKind.ESCALATED, EntryKind.APPRAISED} <= kinds
    assert town.count(Ticket, tier=Tier.LOCAL) > 5


def test_the_register_is_full_and_some_reviews_are_overdue(town):
    home = [one for one in town.all(System) if one.customer_id == 1]
    today = local_today()

    assert len(home) >= 80
    assert sum(one.manager_id is not None for one in home) > 60
    assert {one.criticality for one in home} == set(Criticality)
    overdue = [one for one in home if one.review_due_on and one.review_due_on < today]
    assert 3 <= len(overdue) <= 10
    assert town.count(Review) > 60 and town.count(SystemNeed) > 10
    outcomes = {one.outcome for one in town.all(TicketClock) if one.name.startswith("uc:")}
    assert "met" in outcomes


def test_people_have_rated_the_help_and_answered_surveys(town):
    low = town.count(FollowUp)
    assert town.count(Rating, person_id=1, step=None) >= 1 and town.count(Rating) > low
    states = [survey.state for survey in town.all(Survey)]
    assert sorted(states) == ["closed", "closed", "open"]
    assert town.count(Cell) > 20
    assert town.count(Invitation, person_id=1, is_answered=False, invited_at=None) >= 1


def test_an_overview_is_mailed_each_month(town):
    mails = town.all(OutboxMail, template="monthly_report")

    assert {mail.facts["month"] for mail in mails} == {202610}
    assert len(mails) == town.count(ReportSubscription) == 2
