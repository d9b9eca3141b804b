"""What the worker sees to: each thing once, with its right time, and nothing that nobody has to know."""

from datetime import date, timedelta

import pytest

from servicedesk.agreements import commands as agreements
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Terms
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets.models import EntryKind, TicketClock
from servicedesk.tickets.sweep import sweep
from servicedesk.tickets.workflow import Cause, State
from tests.agreements_made import LONG_AGO, agree, make_hours

HOUR = timedelta(hours=1)


@pytest.fixture
def look(app, at):
    """`look("2026-03-02 10:00")` lets a worker look at that time."""

    def look_at(local):
        now = at(local)
        with app.app_context():
            return sweep(now)

    return look_at


@pytest.fixture
def staff(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))


def fired(desk, ticket):
    kinds = (EntryKind.WARNED, EntryKind.BREACHED)
    return [(entry.data["stage"], entry.data["at"]) for entry in desk.journal(ticket) if entry.kind in kinds]


def test_after_three_days_without_a_worker_everything_missed_comes_once_with_its_right_time(desk, at, act, look, staff):
    agree(desk, "A", resolution="8 hours")
    at("2026-03-05 12:00")
    ticket = desk.ticket()
    act(staff).take(ticket)

    assert [look("2026-03-09 07:00"), look("2026-03-09 07:00"), look("2026-03-09 12:00")] == [1, 0, 0]

    assert fired(desk, ticket) == [
        ("50", "2026-03-05T15:00:00+00:00"),
        ("80", "2026-03-06T09:24:00+00:00"),
        ("breach", "2026-03-06T11:00:00+00:00"),
    ]
    told = [notice for notice in desk.all(Notice, person_id=staff.id) if "clock" in notice.facts]
    assert [notice.facts["stage"] for notice in told] == ["breach"]


def test_nobody_is_mailed_at_night_unless_somebody_is_there_at_night(desk, at, act, look, staff):
    """S18."""
    agree(desk, "A", resolution="8 hours", warnings=["50 %"])
    at("2026-03-06 12:00")
    ticket = desk.ticket()
    act(staff).take(ticket)

    look("2026-03-06 20:00")
    look("2026-03-07 20:00")

    [mail] = [mail for mail in desk.all(OutboxMail) if mail.template == "ticket_warned"]
    assert mail.next_try_at == at("2026-03-09 08:00")


def test_round_the_clock_means_tonight(desk, at, act, look, staff):
    agree(desk, "F", resolution="2 hours", warnings=["50 %"])
    filed = at("2026-03-07 01:00")
    ticket = desk.ticket()
    act(staff).take(ticket)

    look("2026-03-07 02:00")

    [mail] = [mail for mail in desk.all(OutboxMail) if mail.template == "ticket_warned"]
    assert mail.next_try_at == filed + HOUR


def test_a_warning_does_not_make_a_page_outdated(desk, at, act, look, staff):
    agree(desk, "A", response="4 hours")
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    seen = desk.look(ticket).version
    look("2026-03-02 12:00")
    assert desk.look(ticket).version > seen

    act(staff).reply(ticket, body="Vi kommer nu.", seen=seen)

    assert desk.look(ticket).first_answered_at is not None


def test_what_was_reached_before_it_was_solved_is_written_down_and_told_nobody(desk, at, act, look, staff):
    agree(desk, "A", resolution="1 hour")
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    at("2026-03-02 11:00")
    act(staff).resolve(ticket, solution="Ny toner", cause=Cause.FAULT)

    look("2026-03-02 11:01")

    assert [stage for stage, _ in fired(desk, ticket)] == ["50", "80", "breach"]
    assert not [notice for notice in desk.all(Notice) if "clock" in notice.facts]
    assert desk.get(TicketClock, (ticket, "resolution")).outcome == "breached"


# ------------------------------------------------------------------------------------------ closing by itself


def test_a_solved_ticket_closes_by_itself_after_ten_working_days(desk, at, act, look, staff):
    agree(desk, "A", resolution="8 hours")
    at("2026-03-26 10:00")
    ticket = desk.ticket()
    act(staff).resolve(ticket, solution="Ny toner", cause=Cause.FAULT)

    look("2026-04-14 09:59")
    assert desk.look(ticket).state is State.RESOLVED
    look("2026-04-14 10:00")

    assert desk.look(ticket).state is State.CLOSED
    assert desk.journal(ticket)[-1].by_id is None
    assert desk.look(ticket).next_look_at is None


def test_a_reopened_ticket_does_not_close_by_itself(desk, at, act, look, staff):
    agree(desk, "A", resolution="8 hours")
    at("2026-03-02 10:00")
    user = desk.person()
    ticket = desk.ticket(by=user)
    act(staff).resolve(ticket, solution="Ny toner", cause=Cause.FAULT)
    act(user).reopen(ticket, reason="Stadig striber")

    look("2026-04-30 10:00")

    assert desk.look(ticket).state is State.OPEN


def test_without_any_agreement_a_solved_ticket_closes_all_the_same(desk, at, act, look, staff):
    at("2026-03-02 10:00")
    ticket = desk.ticket()
    act(staff).resolve(ticket, solution="Ny toner", cause=Cause.FAULT)

    look("2026-03-16 10:00")

    assert desk.look(ticket).state is State.CLOSED


# ------------------------------------------------------------------------------------------ teams and suppliers


def internal(desk, kind, **party):
    """An agreement with a team or a supplier: four hours of opening time."""
    hours = make_hours(desk, "B")
    targets = [{"priority": priority, "resolution": "4 hours"} for priority in (1, 2, 3, 4)]
    with desk.app.app_context():
        made = agreements.add_agreement(
            desk.home.id,
            kind=kind,
            name="Med andre",
            terms=Terms.read({"calendar": hours, "targets": targets}),
            starts_on=date(2026, 1, 2),
            by=SYSTEM,
            now=LONG_AGO,
            **party,
        )
        return made.id


def test_a_team_goes_on_with_what_it_had_used_when_a_ticket_bounces_back(desk, at, act):
    first, second = desk.team(is_first_line=True), desk.team()
    staff = desk.person(Role.SUPPORTER, team=first)
    internal(desk, AgreementKind.INTERNAL, team_id=first.id)
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    at("2026-03-02 10:00")
    act(staff).move(ticket, team_id=second.id)
    at("2026-03-02 14:00")
    act(staff).move(ticket, team_id=first.id)

    clock = desk.get(TicketClock, (ticket, f"ola:{first.id}"))
    assert clock.due_at == at("2026-03-02 17:00")
    assert clock.elapsed == HOUR // timedelta(microseconds=1)
    assert clock.paused == 4 * clock.elapsed


def test_a_suppliers_clock_runs_while_the_ticket_waits_for_the_supplier(desk, at, act, look, staff):
    with desk.app.app_context():
        supplier = agreements.add_supplier(desk.home.id, name="Canon", by=SYSTEM, now=LONG_AGO)
    internal(desk, AgreementKind.SUPPLIER, supplier_id=supplier.id)
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    at("2026-03-02 10:00")
    act(staff).wait_for_supplier(ticket, supplier="canon")

    look("2026-03-02 12:00")
    assert fired(desk, ticket) == [("50", "2026-03-02T11:00:00+00:00")]
    at("2026-03-02 13:00")
    act(staff).resume(ticket)
    look("2026-03-04 13:00")

    assert desk.get(TicketClock, (ticket, f"uc:{supplier.id}")).phase.value == "paused"
    assert len(fired(desk, ticket)) == 1


def test_an_agreement_with_a_team_that_is_withdrawn_ends_its_clock(desk, at, look):
    team = desk.team(is_first_line=True)
    agreement = internal(desk, AgreementKind.INTERNAL, team_id=team.id)
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    now = at("2026-03-02 10:00")
    with desk.app.app_context():
        assert agreements.withdraw(agreement, by=SYSTEM, now=now) == 1

    assert look("2026-03-05 10:00") == 0
    assert desk.get(TicketClock, (ticket, f"ola:{team.id}")).outcome == "withdrawn"
