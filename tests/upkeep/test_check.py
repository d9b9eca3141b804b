"""`servicedesk check` finds whatever was changed behind the commands' back."""

import json

import pytest
from sqlalchemy import delete, text, update

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Unit
from servicedesk.tickets import commands
from servicedesk.tickets.jobs import store
from servicedesk.tickets.models import Attachment, Entry, Follower, Link, Ticket, Visibility
from servicedesk.tickets.workflow import Cause, LinkKind
from servicedesk.upkeep import check


@pytest.fixture
def ticket(app, desk):
    """A ticket with eight entries, a follower, a link and a file."""
    filer, friend, supporter = (desk.actor(desk.person(*roles)) for roles in ((), (), (Role.SUPPORTER,)))
    other, files = desk.ticket(), _stored(app)
    now = clock.now()
    with app.app_context():
        new = commands.NewTicket(subject="Printeren", description="Den er død.", files=files)
        made: int = commands.file(new, by=filer, now=now).id
        commands.take(made, by=supporter, now=now)
        commands.wait_for_user(made, by=supporter, now=now, body="Hvilken?")
        commands.reply(made, by=filer, now=now, body="Den store.")
        commands.follow(made, by=supporter, now=now, person_id=friend.id)
        commands.link(made, by=supporter, now=now, other_id=other, kind=LinkKind.RELATED)
        commands.resolve(made, by=supporter, now=now, solution="Tændt.", cause=Cause.FAULT)
        commands.confirm(made, by=filer, now=now)
    return made


def _stored(app):
    import io

    with app.app_context():
        kept = store().keep(io.BytesIO(b"hej"), "hej.txt", 1000)
    return [commands.NewFile(kept.shown_name, kept.stored_name, kept.media_type, kept.size, kept.sha256)]


def found(app):
    with app.app_context():
        return [(violation.subject, violation.field) for violation in check.check(store(), now=clock.now())]


def run(app, *more):
    return app.test_cli_runner().invoke(args=["check", *more])


def test_what_the_commands_wrote_is_in_order(app, ticket):
    assert found(app) == []
    assert run(app).exit_code == 0


def _change_words(ticket):
    words = '{"body":"Du er fyret.","is_answer":true}'
    return text("UPDATE entry SET data = :words WHERE ticket_id = :id AND seq = 4").bindparams(words=words, id=ticket)


def _break_words(ticket):
    return text("UPDATE entry SET data = '{' WHERE ticket_id = :id AND seq = 2").bindparams(id=ticket)


def _set(**values):
    return lambda ticket: update(Ticket).where(Ticket.id == ticket).values(**values)


def _set_entry(seq, **values):
    return lambda ticket: update(Entry).where(Entry.ticket_id == ticket, Entry.seq == seq).values(**values)


def _delete_entry(seq):
    return lambda ticket: delete(Entry).where(Entry.ticket_id == ticket, Entry.seq == seq)


TAMPERED = {
    "words changed": (_change_words, "entry 4"),
    "words that are no JSON": (_break_words, "entry 2"),
    "an author changed": (_set_entry(2, by_id=None), "entry 2"),
    "a note made public": (_set_entry(6, visibility=Visibility.PUBLIC), "entry 6"),
    "an entry moved in time": (_set_entry(1, at=clock.now().replace(year=2099)), "entry 2"),
    "an entry gone from the middle": (_delete_entry(3), "entry 4"),
    "the last entry gone": (_delete_entry(8), "version"),
    "all entries gone": (lambda ticket: delete(Entry).where(Entry.ticket_id == ticket), "version"),
    "state changed": (_set(state="open", is_open=True, closed_at=None), "state"),
    "subject changed": (_set(subject="Noget andet"), "subject"),
    "priority changed": (_set(priority=1), "priority"),
    "reopenings changed": (_set(reopen_count=3), "reopen_count"),
    "a time changed": (_set(resolved_at=None), "resolved_at"),
    "head changed": (_set(head="0" * 64), "head"),
    "a follower removed": (lambda ticket: delete(Follower).where(Follower.ticket_id == ticket), "followers"),
    "a link removed": (lambda ticket: delete(Link).where(Link.ticket_id == ticket), "links"),
    "an attachment of no entry": (lambda t: update(Attachment).where(Attachment.ticket_id == t).values(seq=99), None),
    "another size": (lambda t: update(Attachment).where(Attachment.ticket_id == t).values(size=99), None),
    "another content": (lambda t: update(Attachment).where(Attachment.ticket_id == t).values(sha256="x"), None),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_is_changed_by_hand_is_found(app, desk, ticket, case):
    change, field = TAMPERED[case]
    if field is None:
        field = f"attachment {desk.all(Attachment)[0].id}"
    with desk.writing() as session:
        session.execute(change(ticket))

    assert (f"SD-{ticket}", field) in found(app)


def test_a_follower_added_by_hand_is_found(app, desk, ticket):
    desk.add(Follower(ticket_id=ticket, person_id=desk.person().id))

    assert found(app) == [(f"SD-{ticket}", "followers")]


def test_a_file_that_is_gone_is_found(app, desk, ticket):
    (row,) = desk.all(Attachment)
    with app.app_context():
        store().remove(row.stored_name)

    assert found(app) == [(f"SD-{ticket}", f"attachment {row.id}")]


def test_a_mail_that_was_sent_at_no_time_is_found(app, desk, ticket):
    mail = desk.all(OutboxMail)[0]
    with desk.writing() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == mail.id).values(delivery="sent"))

    assert found(app) == [(f"mail {mail.id}", "sent_at")]


def test_a_unit_that_hangs_elsewhere_than_its_path_says_is_found(app, desk, ticket):
    unit = desk.unit()
    with desk.writing() as session:
        session.execute(update(Unit).where(Unit.id == unit.id).values(path="/9/"))

    assert found(app) == [(f"unit {unit.id}", "path")]


def test_each_violation_is_a_line_and_the_command_says_no(app, desk, ticket):
    with desk.writing() as session:
        session.execute(_set(subject="Noget andet")(ticket))

    answer = run(app)

    assert answer.exit_code == 1
    assert f"SD-{ticket} subject: is 'Noget andet', the journal says 'Printeren'\n" in answer.output
    told = json.loads(next(line for line in run(app, "--json").output.splitlines() if line.startswith("{")))
    assert (told["subject"], told["field"]) == (f"SD-{ticket}", "subject")


def test_tickets_are_read_in_batches(app, desk, ticket, monkeypatch, queries):
    """The number of queries follows the batches, not the tickets."""
    for _ in range(6):
        desk.ticket()
    monkeypatch.setattr(check, "BATCH", 4)
    with queries() as asked:
        assert found(app) == []

    assert len([statement for statement in asked if "FROM entry" in statement]) == 4  # for journal and figures


def test_a_ticket_that_is_changed_meanwhile_is_looked_at_again(app, desk, ticket, monkeypatch):
    """Read between two writes of somebody else, a ticket looks wrong; read again, it does not."""
    load, calls = check._load, []

    def load_in_between(ids):
        calls.append(ids)
        for kept in load(ids):
            if len(calls) == 1 and kept.ticket_id == ticket:
                kept.entries.pop()
            yield kept

    monkeypatch.setattr(check, "_load", load_in_between)

    assert found(app) == []
    assert calls[1] == [ticket]


def test_an_empty_database_is_in_order(app):
    with app.app_context():
        db.session.rollback()
    assert found(app) == []
