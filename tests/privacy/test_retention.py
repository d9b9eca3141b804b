"""A219 and A222: the dry run is what the run does, what is held back stays, a second run changes nothing."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Person
from servicedesk.privacy import commands, queries, retention
from servicedesk.privacy.models import Erasure, RetentionRun
from servicedesk.tickets import commands as tickets
from servicedesk.tickets.models import Attachment, Follower
from servicedesk.tickets.workflow import LinkKind

pytestmark = pytest.mark.committing

MONTHS = {"tickets": 24, "people": 24, "mails": 12}


def keep(office, now):
    with office.app.app_context():
        commands.begin(office.desk.home.id, now=now, once_a_day=False)
        while commands.keep(now):
            pass


def plan(office, now):
    with office.app.app_context():
        found = queries.plan(office.desk.home.id, now)
        db.session.rollback()
    return found


@pytest.fixture
def old(office, at):
    """What happened three years ago, with rules for it; answers the office, at a time long after."""
    at("2023-03-06 09:00")
    office.fill()
    office.leave()
    with office.desk.writing() as session:
        session.execute(update(OutboxMail).values(delivery="sent", sent_at=clock.now(), facts={}))
    at("2026-03-06 09:00")
    office.recent = office.desk.ticket("closed", by=office.other, description=f"Hilsen {office.other.name}")
    office.do(commands.set_rules, office.desk.home.id, MONTHS, by=office.officer)
    office.tell_figures()
    return office


def test_the_dry_run_is_what_the_run_does_and_a_second_one_does_nothing(old):
    planned, before, mails = plan(old, clock.now()), old.figures(), old.desk.count(OutboxMail, delivery="sent")
    assert mails
    assert planned == {"tickets": 4, "people": 1, "mails": mails}
    result = old.app.test_cli_runner().invoke(args=["retention", "--dry-run", "--json"])
    assert json.loads(result.output) == {"customer": old.desk.home.name, "dry_run": True, **planned}

    keep(old, clock.now())
    assert old.desk.all(RetentionRun)[0].counts == planned
    assert old.violations() == []
    old.tell_figures()
    assert old.figures() == before

    assert {what: number for what, number in plan(old, clock.now()).items() if number} == {}
    tables = old.tables()
    keep(old, clock.now() + timedelta(hours=1))
    tables["retention_run"] = old.tables()["retention_run"]
    assert old.tables() == tables


def test_an_anonymised_ticket_is_a_case_without_people(old):
    keep(old, clock.now())

    ticket, entries = old.desk.look(old.own), old.desk.journal(old.own)
    people = {one.id: one.name for one in old.desk.all(Person)}
    assert people[ticket.filer_id] == "Medarbejder"
    assert [people[entry.by_id] for entry in entries] == [
        *("Medarbejder", "Supporter", "Supporter", "Medarbejder", "Supporter", "Supporter", "Medarbejder")
    ]
    assert entries[0].data["description"] == "kanaribeskrivelse om min løn, mvh [medarbejder]\nMit CPR er [cpr-nummer]."
    assert entries[3].data["body"].startswith("kanarisvar: den fra i går, ring [")
    assert entries[4].data["body"].startswith("[citat fjernet]\n[medarbejder] har ret. Se [fil]")
    assert ticket.solution == "Rettet for [medarbejder]."
    assert old.desk.all(Attachment, ticket_id=old.own) == []
    assert [people[one.person_id] for one in old.desk.all(Follower, ticket_id=old.followed)] == ["Medarbejder"]
    assert old.desk.journal(old.recent)[0].data["description"] == f"Hilsen {old.other.name}"


def test_what_is_held_back_stays(old):
    with old.app.app_context():
        supporter = old.desk.actor(old.supporter)
        tickets.link(old.named, by=supporter, now=clock.now(), other_id=old.innocent, kind=LinkKind.RELATED)
    held = old.do(commands.hold_ticket, old.named, reason="Klage over os", by=old.officer)
    old.do(commands.hold_person, old.friend.id, reason="Retssag", by=old.officer)
    before = {one: old.desk.journal(one)[0].data for one in (old.named, old.innocent, old.followed)}

    keep(old, clock.now())

    assert {one: old.desk.journal(one)[0].data for one in before} == before
    assert old.desk.look(old.own).filer_id != old.r1.id
    old.do(commands.release, held.id, by=old.officer)
    assert plan(old, clock.now() + timedelta(days=1))["tickets"] == 2


def test_who_left_is_erased_by_the_worker(old):
    keep(old, clock.now())
    assert [one.person_id for one in old.desk.all(Erasure)] == [old.r1.id]

    result = old.app.test_cli_runner().invoke(args=["retention"])

    assert result.exit_code == 0, result.output
    assert old.desk.all(Erasure)[0].finished_at is not None
    assert [one for one in old.met() if "kanari" not in one] == []


def test_nothing_is_touched_until_somebody_says_so(office, at):
    at("2020-03-06 09:00")
    office.desk.ticket("closed")
    now = at("2026-03-06 09:00")

    assert plan(office, now) == {"mails": 0}
    assert retention.usual()["tickets"] is None
    with pytest.raises(FieldRefusedError):
        office.do(commands.set_rules, office.desk.home.id, {"tickets": 0}, by=office.officer)


@pytest.mark.parametrize(
    ("at_", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 1, "2025-12-15"), ("2024-02-29", 12, "2023-02-28")],
)
def test_months_are_those_of_the_calendar(at_, months, before):
    assert retention.months_before(datetime.fromisoformat(at_), months) == datetime.fromisoformat(before)
