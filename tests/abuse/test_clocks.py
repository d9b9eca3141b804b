"""Clocks that somebody tries to turn: A200, A203 and A205 of the catalogue that these tests follow."""

from datetime import timedelta

import pytest

from servicedesk.agreements import commands as agreements
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import transaction
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.models import EntryKind, TicketClock
from servicedesk.tickets.sweep import sweep
from tests.agreements_made import agree

MICROSECOND = timedelta(microseconds=1)


@pytest.mark.thorough
def test_a_thousand_pauses_come_to_their_exact_sum(desk, at):
    """A200: 500 times on hold for 7 s and going for 3 s, on top of an hour; every flip is in the journal."""
    agree(desk, "A", resolution="8 hours")
    now = at("2026-03-02 09:00")
    ticket = desk.ticket()
    staff = desk.actor(desk.person(Role.SUPPORTER))
    now += timedelta(hours=1)
    with desk.app.app_context(), transaction():
        for _ in range(500):
            commands.wait_for_user(ticket, by=staff, now=now, body="?")
            now += timedelta(seconds=7)
            commands.resume(ticket, by=staff, now=now)
            now += timedelta(seconds=3)

    clock = desk.get(TicketClock, (ticket, "resolution"))
    assert clock.due_at == at("2026-03-03 09:00") + timedelta(seconds=3_500)
    assert clock.paused * MICROSECOND == timedelta(seconds=3_500)
    assert len(desk.journal(ticket)) == 1_001


def test_a_time_in_the_past_counts_as_the_last_entrys(desk, at):
    """A200: another host's clock, or somebody's, cannot turn a pause back."""
    agree(desk, "A", resolution="8 hours")
    now = at("2026-03-02 09:00")
    ticket = desk.ticket()
    staff = desk.actor(desk.person(Role.SUPPORTER))
    with desk.app.app_context():
        commands.wait_for_user(ticket, by=staff, now=now + timedelta(hours=1), body="?")
        commands.resume(ticket, by=staff, now=now - timedelta(days=3))

    assert desk.get(TicketClock, (ticket, "resolution")).due_at == at("2026-03-03 09:00")


def test_no_form_says_when_or_until_when(desk, browse, at):
    """A200: fields that a browser adds are left alone; the due time is the agreement's."""
    agree(desk, "A", resolution="8 hours")
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    due, look = desk.look(ticket).due_at, desk.look(ticket).next_look_at
    staff = desk.person(Role.SUPPORTER)
    forged = {"due_at": "2030-01-01", "sla_due": "2030-01-01", "next_look_at": "", "at": "2020-01-01", "now": "0"}

    browse(staff).post(f"/tickets/{ticket}/reply", data={**forged, "body": "Hej", "visibility": "internal"})

    assert (desk.look(ticket).due_at, desk.look(ticket).next_look_at) == (due, look)


@pytest.mark.thorough
def test_a_withdrawn_agreement_tells_nobody_of_a_hundred_late_tickets(desk, at):
    """A203, S15."""
    agreement = agree(desk, "A", resolution="1 hour")
    staff = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    at("2026-03-02 09:00")
    user = desk.person()
    tickets = [desk.ticket(by=user) for _ in range(100)]
    with desk.app.app_context():
        sweep(at("2026-03-02 11:00"))
        now = at("2026-03-02 12:00")
        before = desk.count(Notice), desk.count(OutboxMail)
        assert agreements.withdraw(agreement, by=SYSTEM, now=now) == 100
        assert sweep(at("2026-03-20 12:00")) == 0

    assert (desk.count(Notice), desk.count(OutboxMail)) == before
    clocks = desk.all(TicketClock)
    assert {clock.outcome for clock in clocks} == {"withdrawn"}
    assert all(clock.breached_at is not None for clock in clocks)
    kinds = [entry.kind for entry in desk.journal(tickets[0])]
    assert kinds[-1] is EntryKind.AGREED
    assert kinds.count(EntryKind.BREACHED) == 1
    assert staff
