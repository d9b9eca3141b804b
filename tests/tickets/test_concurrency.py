"""Many at once: every accepted change is in the journal, and none is lost, doubled or half done."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.core.errors import BusyError, RefusedError
from servicedesk.notifications.models import OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.commands import NewTicket, OutdatedError
from servicedesk.tickets.models import Entry, EntryKind, Link, Ticket
from servicedesk.tickets.workflow import LinkKind, MoveRefusedError, State
from tests.desk import Desk
from tests.tickets.test_journal import check_whole

pytestmark = pytest.mark.committing


@pytest.fixture
def desk(fresh_app):
    return Desk(fresh_app)


@pytest.fixture
def at_once(fresh_app):
    """`at_once(work, …)`: each piece of work in a thread with a connection of its own, all begun together."""

    def run(*works):
        barrier = Barrier(len(works))

        def one(work):
            with fresh_app.app_context():
                barrier.wait()
                return work()

        with ThreadPoolExecutor(len(works)) as pool:
            return [future.result() for future in [pool.submit(one, work) for work in works]]

    return run


def check_all(app) -> None:
    with app.app_context():
        for ticket in db.session.scalars(select(Ticket)):
            check_whole(ticket)


def test_two_who_answer_the_same_ticket_fifty_times_each_lose_no_word(fresh_app, desk, at_once):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    ticket = desk.ticket(State.OPEN, by=user, assignee=staff)
    before = desk.look(ticket).version

    def answering(actor):
        def work():
            for number in range(50):
                commands.reply(ticket, by=actor, now=clock.now(), body=f"{actor.initials} {number}")

        return work

    at_once(answering(desk.actor(user)), answering(desk.actor(staff)))

    said = Counter(entry.data["body"] for entry in desk.journal(ticket) if entry.kind is EntryKind.REPLIED)
    assert set(said.values()) == {1}
    assert len(said) == 100
    assert desk.look(ticket).version == before + 100
    assert desk.count(OutboxMail, template="ticket_replied") == desk.count(OutboxMail, template="ticket_user_replied")
    check_all(fresh_app)


def test_of_two_who_answer_what_they_both_saw_one_is_told_of_the_other(fresh_app, desk, at_once):
    """F056 in small: what is refused left nothing, what was accepted is there."""
    staff = [desk.actor(desk.person(Role.SUPPORTER)) for _ in range(2)]
    ticket = desk.ticket(State.OPEN)
    accepted: list[str] = []

    def saving(actor):
        def work():
            for number in range(25):
                seen = db.session.scalar(select(Ticket.version).where(Ticket.id == ticket))
                try:
                    commands.note(ticket, by=actor, now=clock.now(), body=f"{actor.initials} {number}", seen=seen)
                except OutdatedError:
                    db.session.rollback()
                    continue
                accepted.append(f"{actor.initials} {number}")

        return work

    at_once(*map(saving, staff))

    noted = [entry.data["body"] for entry in desk.journal(ticket) if entry.kind is EntryKind.NOTED]
    assert sorted(noted) == sorted(accepted)
    assert accepted
    check_all(fresh_app)


def test_eight_writers_wait_for_each_other(fresh_app, desk, at_once):
    """F024 in small: what a writer was told is kept is there, and nobody fails but with a clean refusal."""
    desk.team(is_first_line=True)
    filers = [desk.actor(desk.person()) for _ in range(8)]

    def filing(actor):
        def work():
            kept, refused = [], 0
            for number in range(10):
                new = NewTicket(subject=f"{actor.initials} {number}", description="Tekst", form_id=str(number))
                try:
                    kept.append(commands.file(new, by=actor, now=clock.now()).subject)
                except BusyError:
                    refused += 1
            return kept, refused

        return work

    results = at_once(*map(filing, filers))

    told = sorted(subject for kept, _ in results for subject in kept)
    assert sorted(ticket.subject for ticket in desk.all(Ticket)) == told
    assert len(told) + sum(refused for _, refused in results) == 80
    assert desk.count(OutboxMail) == desk.count(Entry) == len(told)
    check_all(fresh_app)


def test_the_same_form_sent_from_two_browsers_at_once_files_one_ticket(fresh_app, desk, at_once):
    filer = desk.actor(desk.person())

    def sending(number):
        new = NewTicket(subject="Printeren", description="Tekst", form_id=f"formular {number}")
        return lambda: commands.file(new, by=filer, now=clock.now()).id

    for number in range(10):
        assert len(set(at_once(*[sending(number)] * 4))) == 1
    assert desk.count(Ticket) == desk.count(OutboxMail) == 10


def test_a_form_that_lost_the_race_gives_the_ticket_that_won(fresh_app, desk, monkeypatch):
    """The look before the insert saw nothing, and the unique form decides."""
    from servicedesk.tickets.commands import filing

    filer = desk.actor(desk.person())
    new = NewTicket(subject="Printeren", description="Tekst", form_id="formular")
    with fresh_app.app_context():
        first = commands.file(new, by=filer, now=clock.now()).id
    looked = filing._filed_with
    answers = iter([lambda _form: None, looked])
    monkeypatch.setattr(filing, "_filed_with", lambda form: next(answers)(form))

    with fresh_app.app_context():
        assert commands.file(new, by=filer, now=clock.now()).id == first

    assert desk.count(Ticket) == desk.count(Entry) == desk.count(OutboxMail) == 1


def test_one_ticket_is_taken_solved_and_cancelled_at_once_by_people_who_do_not_see_each_other(fresh_app, desk, at_once):
    for _ in range(5):
        user, staff = desk.actor(desk.person()), desk.actor(desk.person(Role.SUPPORTER))
        ticket = desk.ticket(by=user.id)

        def trying(command, ticket=ticket, **told):
            def work():
                try:
                    command(ticket, now=clock.now(), **told)
                except MoveRefusedError:
                    return False
                return True

            return work

        cancelled, waited = at_once(
            trying(commands.cancel, by=user), trying(commands.wait_for_user, by=staff, body="Hvad?")
        )
        assert cancelled != waited
        assert desk.look(ticket).state is (State.CANCELLED if cancelled else State.WAITING_USER)
    check_all(fresh_app)


def test_merging_two_tickets_into_each_other_at_once_merges_one(fresh_app, desk, at_once):
    staff = desk.actor(desk.person(Role.SUPPORTER))
    for _ in range(5):
        one, two = desk.ticket(), desk.ticket()

        def merging(ticket, into):
            def work():
                try:
                    commands.merge(ticket, into_id=into, by=staff, now=clock.now())
                except RefusedError:
                    return False
                return True

            return work

        assert sorted(at_once(merging(one, two), merging(two, one))) == [False, True]
    check_all(fresh_app)


def test_linking_from_both_sides_at_once_makes_no_circle(fresh_app, desk, at_once):
    staff = desk.actor(desk.person(Role.SUPPORTER))
    for _ in range(5):
        one, two = desk.ticket(), desk.ticket()

        def linking(ticket, other):
            def work():
                try:
                    commands.link(ticket, other_id=other, kind=LinkKind.PARENT, by=staff, now=clock.now())
                except RefusedError:
                    return False
                return True

            return work

        assert sorted(at_once(linking(one, two), linking(two, one))) == [False, True]
        assert desk.count(Link, ticket_id=one) == desk.count(Link, ticket_id=two) == 1
    check_all(fresh_app)


def test_an_old_ticket_is_continued_by_two_at_once(fresh_app, desk, at_once):
    user = desk.person()
    old = desk.ticket(State.CLOSED, by=user)
    actor = desk.actor(user)

    def going_on():
        return commands.continue_in_new(old, by=actor, now=clock.now(), body="Igen").id

    assert len(set(at_once(*[going_on] * 4))) == 4
    assert desk.count(Link, ticket_id=old) == 4
    check_all(fresh_app)
