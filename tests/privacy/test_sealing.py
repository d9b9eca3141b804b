"""A journal that the program rewrote is in order; one that somebody rewrote by hand is not."""

from sqlalchemy import select, update

from servicedesk.core import clock
from servicedesk.core.db import db, transaction
from servicedesk.privacy import rewriting
from servicedesk.tickets import journal
from servicedesk.tickets.hiding import HiddenNumber
from servicedesk.tickets.jobs import store
from servicedesk.tickets.models import Entry, Ticket
from servicedesk.tickets.redacting import Redaction
from servicedesk.upkeep import check


def anonymised(desk):
    ticket = desk.ticket("closed", description="Mit CPR er 010157-5004, ring 12345678.")
    with desk.app.app_context(), transaction():
        rewriting.anonymise(rewriting.hold(ticket), now=clock.now())
    return ticket


def found(desk):
    with desk.app.app_context():
        return [violation.field for violation in check.check(store(), now=clock.now())]


def test_what_the_program_rewrote_is_in_order_and_says_nothing_more(desk):
    ticket = anonymised(desk)

    assert found(desk) == []
    assert desk.journal(ticket)[0].data["description"] == "Mit CPR er [cpr-nummer], ring [telefonnummer]."
    assert desk.count(HiddenNumber) == 0


def test_a_second_time_changes_no_entry(desk):
    ticket = anonymised(desk)
    before = [(entry.data, entry.digest) for entry in desk.journal(ticket)]
    with desk.app.app_context(), transaction():
        done = rewriting.anonymise(rewriting.hold(ticket), now=clock.now())

    assert not done.has_changed
    assert [(entry.data, entry.digest) for entry in desk.journal(ticket)] == before


def test_whoever_seals_it_anew_by_hand_is_found_out(desk):
    """The chain itself is right again; what was written down beside it is not."""
    ticket = anonymised(desk)
    with desk.writing() as session:
        before = ""
        for entry in session.scalars(select(Entry).where(Entry.ticket_id == ticket).order_by(Entry.seq)):
            if "solution" in entry.data:
                entry.data = {**entry.data, "solution": "Ingen fejl fundet."}
            before = entry.digest = journal.digest_of(entry, before)
        session.execute(update(Ticket).where(Ticket.id == ticket).values(head=before, solution="Ingen fejl fundet."))

    assert found(desk) == ["redaction"]


def test_people_who_stand_in_for_others_are_two_for_a_customer(desk):
    first, second = anonymised(desk), anonymised(desk)

    assert desk.look(first).filer_id == desk.look(second).filer_id
    assert {one.cause.value for one in desk.all(Redaction)} == {"retention"}
    with desk.app.app_context():
        assert db.session.scalar(select(Redaction.head).where(Redaction.ticket_id == first)) == desk.look(first).head
