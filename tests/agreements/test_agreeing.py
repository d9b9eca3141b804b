"""Agreements change by versions, never for what has been; withdrawing ends their clocks in the same transaction."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from servicedesk.agreements import commands
from servicedesk.agreements.book import book_of
from servicedesk.agreements.models import Agreement, AgreementKind, AgreementVersion, Recalculation, SpecialDay
from servicedesk.agreements.terms import Goal, Priority, Terms, TermsError
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.errors import ConflictError, NotFoundError, RefusedError
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets import sweep as sweeping
from servicedesk.tickets.following import recalculate_all
from servicedesk.tickets.models import EntryKind, TicketClock
from sla import OpenTime, WorkingDays
from tests.agreements_made import agree, make_hours

MONDAY = "2026-03-02 09:00"
FOUR_HOURS = OpenTime(timedelta(hours=4))


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER)


@pytest.fixture
def by(desk, chief):
    return desk.actor(chief)


@pytest.fixture
def act(app, by):
    """`act(command, …)` as the one who keeps the agreements, now."""

    def run(command, *keys, **given):
        with app.app_context():
            return command(*keys, **{"by": by, "now": clock.now(), **given})

    return run


def terms_of(desk, agreement_id):
    return Terms.read(desk.all(AgreementVersion, agreement_id=agreement_id)[-1].terms)


def everywhere(length):
    return tuple(Goal(None, priority, resolution=length) for priority in Priority)


def changed(desk, act, agreement_id, starts_on, **how):
    terms = replace(terms_of(desk, agreement_id), **how)
    return act(commands.change_agreement, agreement_id, name="Aftale A", terms=terms, starts_on=starts_on)


# ------------------------------------------------------------------------------------------------ versions


def test_which_version_holds_is_by_the_date(at, app, desk, act):
    now = at(MONDAY)
    first = agree(desk, "A", resolution="4 hours")
    changed(desk, act, first, date(2026, 3, 5), goals=everywhere(WorkingDays(2)))

    with app.app_context():
        book = book_of(desk.home.id)
        newest = [book.newest(first, now + timedelta(days=days)) for days in (0, 3)]
        assert [one.terms.goals[0].resolution for one in newest if one] == [FOUR_HOURS, WorkingDays(2)]
        chosen = [book.choose(None, now + timedelta(days=days)) for days in (0, 2, 3)]
        held = [book.versions[id_].starts_on for id_ in chosen if id_ is not None]
    assert held == [date(2026, 1, 2), date(2026, 1, 2), date(2026, 3, 5)]


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 1, 2), date(2000, 1, 1)])
def test_never_in_the_past(at, desk, act, day):
    at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")

    with pytest.raises(RefusedError):
        changed(desk, act, made, day, goals=everywhere(WorkingDays(2)))
    assert desk.count(AgreementVersion, agreement_id=made) == 1


def test_a_version_in_force_is_not_replaced_but_one_to_come_is(at, desk, act):
    at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")
    changed(desk, act, made, date(2026, 3, 2), goals=everywhere(WorkingDays(2)))

    with pytest.raises(RefusedError):
        changed(desk, act, made, date(2026, 3, 2), goals=everywhere(WorkingDays(3)))
    for days in (4, 5):
        changed(desk, act, made, date(2026, 3, 9), goals=everywhere(WorkingDays(days)))

    versions = desk.all(AgreementVersion, agreement_id=made)
    assert [one.starts_on.day for one in versions] == [2, 2, 9]
    assert versions[-1].terms["targets"][0]["resolution"] == "5 working days"


def test_only_what_is_to_come_can_be_discarded(at, desk, act):
    at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")
    changed(desk, act, made, date(2026, 3, 9), goals=everywhere(WorkingDays(2)))
    old, new = desk.all(AgreementVersion, agreement_id=made)

    with pytest.raises(ConflictError):
        act(commands.discard_version, old.id)
    act(commands.discard_version, new.id)
    assert [one.id for one in desk.all(AgreementVersion, agreement_id=made)] == [old.id]


def test_a_new_version_aims_open_tickets_anew_and_leaves_closed_ones(at, app, desk, act):
    now = at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")
    ticket, closed = desk.ticket(), desk.ticket("closed")
    before = desk.look(closed)
    assert desk.look(ticket).due_at == now + timedelta(hours=4)
    changed(desk, act, made, date(2026, 3, 3), goals=everywhere(OpenTime(timedelta(hours=5))))

    with app.app_context():
        recalculate_all(clock.now())
    assert desk.look(ticket).due_at == now + timedelta(hours=4)

    tomorrow = at("2026-03-03 00:00")
    with app.app_context():
        recalculate_all(tomorrow)

    new = desk.all(AgreementVersion, agreement_id=made)[-1].id
    assert desk.look(ticket).due_at == now + timedelta(hours=5)
    assert desk.look(ticket).agreement_id == new
    assert (desk.look(closed).agreement_id, desk.look(closed).due_at) == (before.agreement_id, before.due_at)
    assert all(work.finished_at for work in desk.all(Recalculation))


# ------------------------------------------------------------------------------------------------ withdrawing


def test_withdrawing_ends_breached_clocks_and_tells_nobody(at, app, desk, act):
    at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")
    tickets = [desk.ticket() for _ in range(3)]
    now = at("2026-03-03 09:00")
    with app.app_context():
        while sweeping.sweep(now):
            pass
    breached = {one: [entry for entry in desk.journal(one) if entry.kind is EntryKind.BREACHED] for one in tickets}
    assert all(breached.values())
    told = (desk.count(OutboxMail), desk.count(Notice))

    at("2026-03-03 10:00")
    assert act(commands.withdraw, made) == 3

    for ticket in tickets:
        (row,) = desk.all(TicketClock, ticket_id=ticket, name="resolution")
        assert row.outcome == "withdrawn"
        assert desk.look(ticket).due_at is None
        after = [entry.id for entry in desk.journal(ticket) if entry.kind is EntryKind.BREACHED]
        assert after == [entry.id for entry in breached[ticket]]
    with app.app_context():
        for days in (0, 1, 400):
            assert sweeping.sweep(clock.now() + timedelta(days=days)) == 0
    assert (desk.count(OutboxMail), desk.count(Notice)) == told


def test_what_is_withdrawn_stays_so(at, desk, act):
    at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")
    act(commands.withdraw, made)

    with pytest.raises(ConflictError):
        act(commands.withdraw, made)
    with pytest.raises(ConflictError):
        changed(desk, act, made, date(2026, 3, 9))
    assert desk.look(desk.ticket()).due_at is None


# ------------------------------------------------------------------------------------------------ what is refused


def add(desk, act, calendar, **more):
    terms = Terms(calendar=calendar, **{"goals": everywhere(FOUR_HOURS), **more})
    given = {"kind": AgreementKind.SERVICE, "name": "Ny", "terms": terms, "starts_on": date(2026, 3, 2)}
    return act(commands.add_agreement, desk.home.id, **given)


def test_a_calendar_that_never_opens_is_refused(at, desk, act):
    """Its days can all be closed one by one after it was made."""
    now = at(MONDAY)
    hours = make_hours(desk, "F")
    closed = {"name": "Lukket", "open": [], "status": "approved"}
    with desk.writing() as session:
        session.add_all(
            SpecialDay(hours_id=hours, on=now.date() + timedelta(days=days), **closed) for days in range(-1, 370)
        )
    act(commands.rename_hours, hours, name="Lukket", follows_holidays=False)  # so that it is read anew

    with pytest.raises(TermsError, match="åbner ikke"):
        add(desk, act, hours)
    assert desk.count(Agreement) == 0


def test_terms_that_cannot_be_kept_are_refused(at, desk, act):
    at(MONDAY)
    hours = make_hours(desk, "A")
    elsewhere = make_hours(desk, "B", customer_id=desk.customer().id)

    for calendar, wrong in [
        (999_999, {}),
        (elsewhere, {}),
        (hours, {"goals": ()}),
        (hours, {"goals": everywhere(WorkingDays(9_999))}),
        (hours, {"goals": (Goal(None, Priority.LOW, resolution=FOUR_HOURS, calendar=elsewhere),)}),
    ]:
        with pytest.raises(TermsError):
            add(desk, act, calendar, **wrong)


@pytest.mark.parametrize("role", [None, Role.SUPPORTER, Role.MANAGER, Role.SUPERBRUGER])
def test_who_does_not_run_the_customer_changes_nothing(at, desk, act, role):
    at(MONDAY)
    made = agree(desk, "A", resolution="4 hours")
    other = desk.actor(desk.person(*([role] if role else [])))

    with pytest.raises(NotFoundError):
        act(commands.withdraw, made, by=other)
    with pytest.raises(NotFoundError):
        act(commands.give_example, desk.home.id, by=other)
    with pytest.raises(NotFoundError):
        act(commands.add_supplier, desk.home.id, name="Firma", by=other)
