"""A217: a person is erased, and no string that belonged to her is found anywhere; figures are as they were."""

import pytest

from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.core.errors import ConflictError, RefusedError
from servicedesk.organisation.models import Person
from servicedesk.privacy import commands, places, queries, sweeping
from servicedesk.privacy.models import Erasure
from servicedesk.privacy.queries import Obstacle
from servicedesk.tickets.models import Attachment
from servicedesk.training.models import Record
from tests.privacy.conftest import CANARIES, INITIALS

pytestmark = pytest.mark.committing


def carry_on(office):
    with office.app.app_context():
        while commands.carry_on(clock.now()):
            pass


@pytest.fixture
def erased(office):
    """r1 was met everywhere; then she is erased."""
    office.fill()
    office.leave()
    office.tell_figures()
    office.before = office.figures()
    assert {one.partition(": ")[2] for one in office.met()} == set(CANARIES)
    office.do(commands.erase, office.r1.id, initials=INITIALS, by=office.officer)
    carry_on(office)
    return office


def test_nothing_of_her_is_found_and_figures_are_as_they_were(erased):
    assert erased.met() == []

    erased.tell_figures()
    assert erased.figures() == erased.before
    assert erased.violations() == []

    before = erased.tables()
    carry_on(erased)
    assert erased.tables() == before
    assert erased.desk.count(Erasure) == 1


def test_her_ticket_is_still_a_case_and_others_only_lose_her(erased):
    ticket, entries = erased.desk.look(erased.own), erased.desk.journal(erased.own)
    assert (ticket.subject, ticket.solution) == ("[Emnet er slettet]", "Rettet for [medarbejder].")
    assert [entry.kind.value for entry in entries] == [
        *("filed", "taken", "waiting", "replied", "noted", "resolved", "confirmed")
    ]
    assert entries[2].data["body"] == "Hej [medarbejder], hvilken løn?"
    assert erased.desk.all(Attachment, ticket_id=erased.own) == []

    assert erased.desk.journal(erased.followed)[0].data["description"] == "Jeg og [medarbejder] kan ikke gemme."
    described = erased.desk.journal(erased.named)[0].data["description"]
    assert described == "Spørg [medarbejder] på [medarbejder] eller [medarbejder]."
    assert erased.desk.look(erased.innocent).subject == "Skærmen er sort"

    person = erased.desk.get(Person, erased.r1.id)
    assert (person.name, person.email, person.phone) == (f"Slettet person {person.id}", None, None)
    assert person.unit_id == erased.r1.unit_id
    assert [one.evidence for one in erased.desk.all(Record, person_id=person.id)] == ["[Teksten er slettet]"]


def test_somebody_else_of_the_same_name_keeps_it(office):
    office.fill()
    office.desk.person(name=office.r1.name, initials="xekv2")
    office.leave()
    office.do(commands.erase, office.r1.id, initials=INITIALS, by=office.officer)
    carry_on(office)

    described = office.desk.journal(office.named)[0].data["description"]
    assert described == f"Spørg {office.r1.name} på [medarbejder] eller [medarbejder]."


def obstacles(office):
    with office.app.app_context():
        found = queries.obstacles(db.session.get_one(Person, office.r1.id))
        db.session.rollback()
    return set(found)


def test_what_stands_in_the_way(office):
    office.own = office.desk.ticket(by=office.r1)
    assert obstacles(office) == {Obstacle.ACTIVE, Obstacle.OPEN_TICKETS}

    office.do(commands.hold_ticket, office.own, reason="Klage", by=office.officer)
    office.do(commands.hold_person, office.r1.id, reason="Klage", by=office.officer)
    assert obstacles(office) == {*Obstacle} - {Obstacle.ASSIGNED}
    with pytest.raises(ConflictError):
        office.do(commands.erase, office.r1.id, initials=INITIALS, by=office.officer)
    with pytest.raises(RefusedError):
        office.do(commands.erase, office.r1.id, initials="lekr", by=office.officer)


def test_every_reference_to_a_person_has_been_thought_of():
    named = {(name, column) for name, column in places.DELETED.items()}
    named |= {(name, one.column) for name, one in places.OWNED.items()}
    named |= {
        (name, column) for where in (places.EMPTIED, places.KEPT) for name, some in where.items() for column in some
    }
    there = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "person.id"
    }

    assert there - named == set(), "say in privacy/places.py what becomes of it when the person is erased"
    assert named - there == set()


def test_texts_are_looked_through_unless_left_out_on_purpose():
    assert db.metadata.tables.keys() >= places.UNSWEPT
    assert {"audit_line", "outbox_mail", "attachment", "known_error", "phrase", "draft"} <= set(sweeping.tables())
