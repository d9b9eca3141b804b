"""Whatever people do, in whatever order: the journal stays whole, and the projection is what it says."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import give_example
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import db
from servicedesk.core.errors import RefusedError
from servicedesk.notifications.models import OutboxMail
from servicedesk.tickets import clocks, commands, journal
from servicedesk.tickets.models import CLOCK_COLUMNS, Entry, EntryKind, Follower, Link, Ticket, TicketClock
from servicedesk.tickets.sweep import sweep_some
from servicedesk.tickets.workflow import Cause, Kind, Level, LinkKind, Secrecy, State
from tests.desk import Desk
from tests.tickets.conftest import contents
from tests.tickets.reading import thrown_away

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

Step = tuple[str, int, int, int, int, int]

COLUMNS = [column.name for column in Ticket.__table__.columns if column.name not in CLOCK_COLUMNS | {"id"}]


def check_whole(ticket: Ticket) -> None:
    """The journal is gapless, in order and unaltered, and row, followers and links are what it says."""
    session = db.session
    entries = session.scalars(select(Entry).where(Entry.ticket_id == ticket.id).order_by(Entry.seq)).all()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert sorted(entry.at for entry in entries) == [entry.at for entry in entries]
    assert {entry.customer_id for entry in entries} == {ticket.customer_id}
    before = ""
    for entry in entries:
        assert entry.digest == journal.digest_of(entry, before)
        before = entry.digest
    check_clocks(ticket, entries)
    told = journal.replay(entries)
    assert vars(told.fields) == {name: getattr(ticket, name) for name in COLUMNS}
    assert ticket.state is entries[-1].state
    assert told.followers == set(session.scalars(select(Follower.person_id).where(Follower.ticket_id == ticket.id)))
    links = session.execute(select(Link.other_id, Link.kind).where(Link.ticket_id == ticket.id))
    assert told.links == {tuple(row) for row in links}


def check_clocks(ticket: Ticket, entries: Sequence[Entry]) -> None:
    """What is kept of the clocks is what folding the journal again gives, and each warning was written down once."""
    book = book_of(ticket.customer_id)
    rows = db.session.scalars(select(TicketClock).where(TicketClock.ticket_id == ticket.id)).all()
    kept = {row.name: row for row in rows}
    shown = clocks.look(ticket, entries, book, max([row.as_of for row in rows], default=ticket.updated_at))
    assert shown.readings.keys() == kept.keys()
    for told in clocks.rows_of(ticket.id, ticket.customer_id, entries, shown, book, ticket.updated_at):
        row = kept[told["name"]]
        assert {name: getattr(row, name) for name in told if name != "as_of"} == {
            name: value for name, value in told.items() if name != "as_of"
        }
    assert (ticket.due_at, ticket.next_look_at) == (shown.due_at, shown.next_look_at)
    fired = [entry.once for entry in entries if entry.kind in (EntryKind.WARNED, EntryKind.BREACHED)]
    assert None not in fired
    assert len(fired) == len(set(fired))


# ------------------------------------------------------------------------------------------ anything in any order

COMMANDS = [
    *"file reply reply reply note take take assign move change classify wait_for_user wait_for_supplier resume".split(),
    *"resolve resolve confirm reopen close cancel merge undo_merge link unlink follow unfollow continue_in_new".split(),
    *"promise_date sweep sweep sweep".split(),
]


def random_steps(random: Random, how_many: int = 70) -> list[Step]:
    """Who does what to which ticket and which other one, how much later, and a number for the choices left.

    The first in the cast, supporters, act more often than the rest, and now and then a clock is behind.
    """
    return [
        (
            random.choice(COMMANDS),
            random.choice([0, 0, 0, 1, 2, 3, 4, 5, 6, 7]),
            random.randrange(6),
            random.randrange(6),
            random.choice([random.randrange(-120, 600), random.randrange(86_400)]),
            random.randrange(12),
        )
        for _ in range(how_many)
    ]


WELL_MEANT = settings(
    max_examples=settings().max_examples // 12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def told_by(world: SimpleNamespace, name: str, other: int, number: int) -> dict[str, Any]:
    """The words and choices that go with a command."""
    level = list(Level)[number % 3]
    return {
        "reply": {"body": f"Svar {number}"},
        "note": {"body": f"Note {number}"},
        "assign": {"assignee_id": [None, *world.persons][number % 9]},
        "move": {"team_id": world.teams[number % 3]},
        "change": {"urgency": level, "subject": f"Emne {number % 4}", "kind": list(Kind)[number % 2]},
        "classify": {"secrecy": list(Secrecy)[number % 3]},
        "wait_for_user": {"body": "Hvilken?"},
        "wait_for_supplier": {"supplier": "Canon", "body": "" if number % 2 else "Bestilt"},
        "resolve": {"solution": "Løst", "cause": list(Cause)[number % 6]},
        "reopen": {"reason": "Nej"},
        "cancel": {"reason": "" if number % 2 else "Ligegyldigt"},
        "merge": {"into_id": other},
        "link": {"other_id": other, "kind": list(LinkKind)[number % 5]},
        "unlink": {"other_id": other, "kind": list(LinkKind)[number % 5]},
        "follow": {"person_id": [None, *world.persons][number % 9]},
        "continue_in_new": {"body": "Igen"},
        "promise_date": {"promised_at": None if number % 3 == 0 else world.now + timedelta(days=number)},
    }.get(name, {})


def carry_out(world: SimpleNamespace, step: Step) -> None:
    name, who, ticket, other, seconds, number = step
    by = world.actors[who]
    world.now += timedelta(seconds=seconds)
    said = {"by": by, "now": world.now}
    if name == "sweep":
        sweep_some(world.now)
        return
    if name == "file":
        new = commands.NewTicket(subject="Ny", description="Tekst", secrecy=list(Secrecy)[number % 3])
        commands.file(new, **said)
        return
    ids = list(db.session.scalars(select(Ticket.id).order_by(Ticket.id)))
    chosen, another = ids[ticket % len(ids)], ids[other % len(ids)]
    getattr(commands, name)(chosen, **said, **told_by(world, name, another, number))


def a_world(desk: Desk) -> SimpleNamespace:
    with desk.app.app_context():
        give_example(desk.home.id, by=SYSTEM, now=MORNING)
    supporter, second, hr = (desk.person(Role.SUPPORTER) for _ in range(3))
    desk.team([supporter, second], is_first_line=True)
    others = [desk.team([second]), desk.team([hr], is_closed=True, receives_confidential=True, receives_security=True)]
    user, colleague = desk.person(), desk.person()
    persons = [
        supporter, second, hr, user, colleague, desk.person(Role.SUPERBRUGER), desk.person(Role.MANAGER),
        desk.person(Role.SERVICEDESK_MANAGER),
    ]  # fmt: skip
    tickets = [desk.ticket(by=who) for who in (user, colleague, user, colleague)]
    return SimpleNamespace(
        persons=[person.id for person in persons],
        actors=[desk.actor(person) for person in persons],
        teams=[team.id for team in [*others, others[0]]],
        tickets=tickets,
        now=MORNING,
    )


def mails_of(rows: dict[str, list[Any]]) -> int:
    return len(rows["outbox_mail"])


@WELL_MEANT
@given(random=st.integers(0, 2**32).map(Random))
def test_after_any_sequence_of_commands_projection_and_journal_agree(app, random):
    with app.app_context(), thrown_away():
        world = a_world(Desk(app))
        rows = contents(app)
        for step in random_steps(random):
            refused = False
            try:
                carry_out(world, step)
            except RefusedError:
                refused = True
            after = contents(app)
            if refused:
                assert after == rows, f"a refused {step[0]} left a trace"
            if mails_of(after) > mails_of(rows):
                assert len(after["entry"]) > len(rows["entry"])
            rows = after
        db.session.expire_all()
        for ticket in db.session.scalars(select(Ticket)):
            check_whole(ticket)


@WELL_MEANT
@given(random=st.integers(0, 2**32).map(Random))
def test_what_once_stood_in_a_journal_stands_there_for_ever(app, random):
    with app.app_context(), thrown_away():
        world = a_world(Desk(app))
        stood: set[tuple[int, int, str]] = set()
        rows = select(Entry.ticket_id, Entry.seq, Entry.digest)
        for step in random_steps(random):
            with suppress(RefusedError):
                carry_out(world, step)
            now = {(row[0], row[1], row[2]) for row in db.session.execute(rows)}
            assert stood <= now
            stood = now


def test_every_mail_tells_of_an_entry_that_is_there(app, desk, act):
    user, staff = desk.person(), desk.person(Role.SUPPORTER)
    desk.ticket(State.CLOSED, by=user, assignee=staff)

    entries = {entry.at for entry in desk.all(Entry)}
    assert {mail.made_at for mail in desk.all(OutboxMail)} <= entries


# ------------------------------------------------------------------------------------------ tampering shows


@pytest.mark.parametrize(
    "harm",
    [
        {"data": {"body": "Noget andet", "is_answer": True}},
        {"at": MORNING},
        {"by_id": None},
        {"kind": EntryKind.NOTED},
        {"state": State.RESOLVED},
        {"seq": 7},
    ],
    ids=lambda harm: next(iter(harm)),
)
def test_an_entry_changed_by_hand_is_found_out(desk, act, harm):
    ticket = desk.ticket(State.OPEN)
    act(desk.person(Role.SUPPORTER)).reply(ticket, body="Svar")
    entries = desk.journal(ticket)
    before, entry = entries[-2], entries[-1]
    assert journal.digest_of(entry, before.digest) == entry.digest

    for name, value in harm.items():
        setattr(entry, name, value)

    assert journal.digest_of(entry, before.digest) != entry.digest


def test_an_entry_taken_out_breaks_the_chain(desk):
    first, _, third = desk.journal(desk.ticket(State.WAITING_USER))

    assert journal.digest_of(third, first.digest) != third.digest


def test_every_kind_of_entry_has_an_effect_described():
    assert set(journal.EFFECTS) == set(EntryKind)
