"""One mail with everything, at the chosen time, exactly once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from servicedesk.core.actor import Role
from servicedesk.core.db import db, for_writers, transaction
from servicedesk.notifications import commands, jobs, mails
from servicedesk.notifications.commands import digests
from servicedesk.notifications.models import ByMail, Notice, OutboxMail
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Person
from servicedesk.tickets import events
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy
from tests.desk import Desk
from tests.notifications.test_mails import text_of

ALL_BY_DIGEST = dict.fromkeys((events.ANSWERED, events.RESOLVED), (True, ByMail.DIGEST))


@pytest.fixture
def send(app):
    """The worker looks for digests; answers how many it has put in the outbox."""

    def look(now):
        with app.app_context():
            return jobs.send_digests(now)

    return look


@pytest.fixture
def read(desk, app):
    """The digests in the outbox, as their receivers get them."""

    def build():
        with app.app_context():
            built = [mails.build(mail, app.extensions["settings"]) for mail in desk.all(OutboxMail, template="digest")]
        return [(mail["Subject"], text_of(mail)) for mail in built]

    return build


@pytest.fixture
def collector(desk, choose):
    """An employee who wants one mail a day."""
    person = desk.person(name="Mette Holm")
    choose(person, ALL_BY_DIGEST)
    return person


def test_a_day_comes_as_one_mail_in_the_morning(desk, happen, send, read, collector, at):
    monday, evening, tuesday = at("2026-03-02 09:00"), at("2026-03-02 23:00"), at("2026-03-03 08:00")
    printer = desk.ticket(by=collector, subject="Printeren striber")
    screen = desk.ticket(by=collector, subject="Skærmen er sort")
    happen(events.ANSWERED, collector, ticket=printer, now=monday, facts={"by": "Lene Krogh"})
    happen(events.ANSWERED, collector, ticket=screen, now=monday, facts={})
    happen(events.RESOLVED, collector, ticket=printer, now=evening, facts={"by": "Jonas Lind"})

    assert [send(tuesday - timedelta(seconds=1)), send(tuesday), send(tuesday)] == [0, 1, 0]

    [(subject, text)] = read()
    assert subject == "3 nyheder til dig"
    assert (
        f"SD-{screen} Skærmen er sort\n– Servicedesken har svaret (2. mar. 2026 09.00)\n"
        f"https://servicedesk.test/tickets/{screen}\n\n"
        f"SD-{printer} Printeren striber\n– Lene Krogh har svaret (2. mar. 2026 09.00)\n"
        f"– Jonas Lind har løst henvendelsen (2. mar. 2026 23.00)\nhttps://servicedesk.test/tickets/{printer}\n"
    ) in text
    assert "https://servicedesk.test/me/notices" in text
    assert not [mail for mail in desk.all(OutboxMail) if mail.template == "ticket_replied"]


def test_it_speaks_the_receivers_language_and_counts_what_is_long(desk, happen, send, read, collector, at):
    now = at("2026-03-02 09:00")
    with desk.writing() as session:
        session.get(Person, collector.id).locale = "en"
    ticket = desk.ticket(by=collector)
    for _ in range(8):
        happen(events.ANSWERED, collector, ticket=ticket, now=now)

    send(now + timedelta(days=1))

    [(_subject, text)] = read()
    assert "2 Mar 2026 09:00" in text
    assert text.count("Bo ") == digests.TOLD_OF_ONE
    assert "3 " in text


def test_what_comes_after_the_mail_waits_for_the_next(desk, happen, send, read, collector, at):
    ticket = desk.ticket(by=collector)
    friday = at("2026-03-06 08:00")
    happen(events.ANSWERED, collector, ticket=ticket, now=friday - timedelta(hours=1))
    assert send(friday) == 1

    happen(events.RESOLVED, collector, ticket=ticket, now=friday)

    assert [send(friday + timedelta(days=days)) for days in (0, 1, 2, 3)] == [0, 0, 0, 1]
    assert len(read()) == 2


def test_a_worker_that_was_down_for_a_week_sends_one(desk, happen, send, read, collector, at):
    ticket = desk.ticket(by=collector)
    for day in range(2, 6):
        happen(events.ANSWERED, collector, ticket=ticket, now=at(f"2026-03-0{day} 12:00"))

    assert send(at("2026-03-12 09:00")) == 1
    assert read()[0][0] == "4 nyheder til dig"


def test_what_was_read_in_the_bell_is_left_out(browse, desk, happen, send, collector, at):
    now = at("2026-03-02 12:00")
    ticket = desk.ticket(by=collector)
    happen(events.ANSWERED, collector, ticket=ticket, now=now)

    browse(collector).get(f"/tickets/{ticket}")

    assert send(at("2026-03-03 08:00")) == 0


def test_a_changed_time_holds_for_what_already_waits(desk, happen, choose, send, collector, at):
    now = at("2026-03-02 12:00")
    happen(events.ANSWERED, collector, ticket=desk.ticket(by=collector), now=now)

    choose(collector, ALL_BY_DIGEST, now=now, digest_times=("14:00",), digest_days=(2,))

    assert [send(at("2026-03-03 08:00")), send(at("2026-03-04 14:00"))] == [0, 1]


@pytest.mark.parametrize("left", [{"is_active": False}, {"email": None}], ids=["no longer here", "no mailbox"])
def test_who_cannot_be_written_to_leaves_nothing_waiting(desk, happen, send, collector, at, left):
    happen(events.ANSWERED, collector, ticket=desk.ticket(by=collector), now=at("2026-03-02 12:00"))
    with desk.writing() as session:
        for name, value in left.items():
            setattr(session.get(Person, collector.id), name, value)

    assert send(at("2026-03-03 08:00")) == 0
    assert [notice.digest_at for notice in desk.all(Notice)] == [None]


def test_what_has_become_secret_or_out_of_sight_is_not_named(desk, happen, send, read, collector, at):
    now = at("2026-03-02 12:00")
    secret, unseen = desk.ticket(by=collector, subject="Hemmelig"), desk.ticket(subject="Andres")
    for ticket in (secret, unseen):
        happen(events.ANSWERED, collector, ticket=ticket, now=now, facts={"by": "Lene Krogh"})
    with desk.writing() as session:
        session.get(Ticket, secret).secrecy = Secrecy.CONFIDENTIAL

    send(at("2026-03-03 08:00"))

    [(subject, text)] = read()
    assert subject == "1 nyhed til dig"
    assert f"SD-{secret} (fortrolig)\n– Servicedesken har svaret" in text
    assert not [word for word in ("Hemmelig", "Lene", "Andres", f"SD-{unseen}") if word in text]


def test_one_that_fails_is_left_waiting_and_the_others_go(desk, happen, choose, send, read, at, monkeypatch):
    now = at("2026-03-02 12:00")
    unlucky, lucky = desk.person(), desk.person()
    for person in (unlucky, lucky):
        choose(person, ALL_BY_DIGEST)
        happen(events.ANSWERED, person, ticket=desk.ticket(by=person), now=now)

    def stumble(person_id, **given):
        if person_id == unlucky.id:
            raise OSError("the disk is full")
        return load_actor(person_id, **given)

    monkeypatch.setattr(digests, "load_actor", stumble)
    assert send(at("2026-03-03 08:00")) == 1
    monkeypatch.undo()
    assert send(at("2026-03-03 08:01")) == 1
    assert {mail.person_id for mail in desk.all(OutboxMail, template="digest")} == {unlucky.id, lucky.id}


@pytest.mark.committing
def test_any_number_of_workers_send_each_digest_once(fresh_app, at):
    now = at("2026-03-02 12:00")
    desk = Desk(fresh_app)
    people = [desk.person() for _ in range(12)]
    for person in people:
        ticket = desk.ticket(by=person)
        with fresh_app.app_context(), transaction() as session:
            for number in range(3):
                session.add(_waiting(person, ticket, number, now))
    barrier = Barrier(4)

    def work():
        barrier.wait()
        with fresh_app.app_context():
            return jobs.send_digests(now)

    with ThreadPoolExecutor(4) as pool:
        sent = [future.result() for future in [pool.submit(work) for _ in range(4)]]

    assert sum(sent) == len(people)
    told = [mail for mail in desk.all(OutboxMail) if mail.template == "digest"]
    assert Counter(mail.person_id for mail in told) == Counter(person.id for person in people)
    assert {mail.facts["count"] for mail in told} == {3}
    assert not [notice for notice in desk.all(Notice) if notice.digest_at is not None]


@pytest.mark.committing
@pytest.mark.postgres_only
def test_whoever_finds_another_at_it_takes_none_of_it(fresh_app, at):
    """Some of the notices would be a second mail."""
    now = at("2026-03-02 12:00")
    desk = Desk(fresh_app)
    person = desk.person()
    desk.add(_waiting(person, desk.ticket(by=person), 0, now))

    with fresh_app.app_context(), db.engine.connect() as other:
        other = other.execution_options(**for_writers(db.engine.dialect))
        other.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
        assert jobs.send_digests(now) == 0
    with fresh_app.app_context():
        assert jobs.send_digests(now) == 1


@pytest.mark.committing
def test_a_crash_on_the_way_neither_loses_nor_repeats(fresh_app, at, monkeypatch):
    now = at("2026-03-02 12:00")
    desk = Desk(fresh_app)
    person = desk.person()
    desk.add(_waiting(person, desk.ticket(by=person), 1, now))

    def die(**_):
        raise SystemExit

    monkeypatch.setattr(digests, "add", die)
    with fresh_app.app_context(), pytest.raises(SystemExit):
        commands.send_digest(person.id, now=now)
    monkeypatch.undo()

    with fresh_app.app_context():
        assert [commands.send_digest(person.id, now=now) for _ in range(2)] == [True, False]
    assert len([mail for mail in desk.all(OutboxMail) if mail.template == "digest"]) == 1


def test_old_notices_are_forgotten(app, desk, happen, collector, at):
    then = at("2026-03-02 12:00")
    happen(events.ANSWERED, desk.person(Role.SUPPORTER), now=then)
    happen(events.ANSWERED, collector, now=then)

    with app.app_context():
        assert jobs.forget_old_notices(then + timedelta(days=180)) == 0
        assert jobs.forget_old_notices(then + timedelta(days=181)) == 1
    assert [notice.person_id for notice in desk.all(Notice)] == [collector.id]  # it still waits for its mail


def _waiting(person, ticket, number, now):
    return Notice(
        person_id=person.id,
        customer_id=person.customer_id,
        event=events.ANSWERED,
        thread=f"ticket-{ticket}",
        source=f"ticket-{ticket}:{number + 100}",
        facts={},
        path=f"/tickets/{ticket}",
        made_at=now,
        shown_from=now,
        digest_at=now,
    )
