"""`servicedesk import tickets`, from a file to tickets in the database."""

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets import finding, search
from servicedesk.tickets.jobs import store
from servicedesk.tickets.models import Entry, Ticket
from servicedesk.tickets.workflow import State
from servicedesk.transfer import cli
from servicedesk.upkeep import check
from tests.desk import Desk

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "servicenow_sample.csv"
WHOLE = ROOT / "tests" / "data" / "servicenow_incident_event_log.csv.gz"
MAPPING = ROOT / "docs" / "examples" / "servicenow.toml"
CASES, ROWS = 10, 73
COLUMNS = "[columns]\nnumber = 'a'\nat = 'a'\nstate = 'b'\n"


def bring_in(app, file=SAMPLE, *more, mapping=MAPPING):
    return app.test_cli_runner().invoke(args=["import", "tickets", str(file), "--mapping", str(mapping), *more])


def violations(app):
    with app.app_context():
        return [str(violation) for violation in check.check(store(), now=clock.now())]


def by_number(desk):
    return {ticket.source_number: ticket for ticket in desk.all(Ticket)}


def test_cases_become_tickets_with_their_whole_history(app, desk):
    assert desk.home
    answer = bring_in(app)

    assert answer.exit_code == 0, answer.output
    assert f"{ROWS} rows of {CASES} cases read" in answer.output
    tickets = by_number(desk)
    assert len(tickets) == CASES
    assert {ticket.state for ticket in tickets.values()} == {State.CLOSED}
    assert {number for number, ticket in tickets.items() if ticket.reopen_count} == {"INC0000715", "INC0001894"}
    assert {ticket.customer_id for ticket in tickets.values()} == {desk.home.id}
    assert violations(app) == []


def test_people_units_systems_and_teams_are_made_and_marked(app, desk):
    assert desk.home
    bring_in(app)

    caller = desk.all(Person, name="Caller 2403")[0]
    assert (caller.initials, caller.email, caller.is_imported) == ("i.caller2403", None, True)
    unit = desk.get(Unit, caller.unit_id)
    assert unit.name.startswith("Location ")
    assert (unit.is_imported, unit.parent_id, unit.path) == (True, desk.home.id, f"/{desk.home.id}/{unit.id}/")
    assert all(system.is_imported for system in desk.all(System))
    assert not any(team.is_closed or team.is_first_line for team in desk.all(Team))


def test_who_is_known_is_not_made_again(app, desk):
    known = desk.person(name="Caller 2403")
    team = desk.team(name="Group 56", is_first_line=True)

    bring_in(app)

    assert desk.count(Person, name="Caller 2403") == 1
    ticket = by_number(desk)["INC0000045"]
    assert (ticket.filer_id, ticket.team_id) == (known.id, team.id)


def test_nobody_gets_a_mail_and_the_audit_log_has_a_line(app, desk):
    desk.person(name="Caller 2403")
    bring_in(app)

    assert desk.count(OutboxMail) == 0
    (line,) = desk.all(AuditLine, action="tickets_imported")
    assert line.facts["tickets"] == CASES


def test_imported_tickets_are_found_by_words_and_by_their_old_number(app, desk):
    supporter = desk.actor(desk.person(Role.SUPPORTER))
    bring_in(app)

    ticket = by_number(desk)["INC0000045"]
    with app.app_context():
        assert [hit.row.id for hit in finding.find("INC0000045", supporter)] == [ticket.id]
        assert ticket.id in [hit.row.id for hit in finding.find("Symptom 72", supporter)]


def test_a_second_import_brings_nothing(app, desk):
    assert desk.home
    bring_in(app)
    before = {kind: desk.count(kind) for kind in (Ticket, Entry, Person, Unit, System, Team, AuditLine)}

    answer = bring_in(app)

    assert answer.exit_code == 0
    assert f"{CASES} cases were here already" in answer.output
    assert {kind: desk.count(kind) for kind in before} == before


def test_a_dry_run_tells_and_changes_nothing(app, desk):
    assert desk.home
    answer = bring_in(app, SAMPLE, "--dry-run")

    assert answer.exit_code == 0
    assert f"{CASES} tickets with" in answer.output
    assert "would be imported" in answer.output
    assert [desk.count(kind) for kind in (Ticket, Entry, Person, System, Team, AuditLine)] == [0] * 6


def test_a_case_with_a_row_that_cannot_be_read_is_left_out_whole(app, desk, tmp_path):
    assert desk.home
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace(",Resolved,", ",Halvløst,")
    lines[4] = lines[4].replace("5/3/2016 12:00", "i går")
    file = tmp_path / "broken.csv"
    file.write_text("\n".join(lines), encoding="utf-8")

    answer = bring_in(app, file)

    assert answer.exit_code == 1
    assert "line 3: state: 'Halvløst' is not in [values.state] of the mapping" in answer.output
    assert "line 5: " in answer.output
    assert "2 rows refused, and 1 cases left out" in answer.output
    assert "INC0000045" not in by_number(desk)
    assert len(by_number(desk)) == CASES - 1


def test_the_left_out_case_comes_with_the_mended_file(app, desk, tmp_path):
    test_a_case_with_a_row_that_cannot_be_read_is_left_out_whole(app, desk, tmp_path)

    answer = bring_in(app)

    assert "1 tickets with" in answer.output
    assert len(by_number(desk)) == CASES


@pytest.mark.committing
def test_an_import_that_was_stopped_is_finished_by_repeating_it(fresh_app, monkeypatch):
    desk = Desk(fresh_app)
    assert desk.home
    monkeypatch.setattr(cli, "BATCH", 3)
    calls = []

    def break_at_the_third(*documents):
        calls.append(documents)
        if len(calls) == 3:
            raise KeyboardInterrupt
        add_new(*documents)

    add_new = search.add_new
    with monkeypatch.context() as broken:
        broken.setattr(search, "add_new", break_at_the_third)
        assert bring_in(fresh_app).exit_code != 0
    assert len(by_number(desk)) == 6
    assert violations(fresh_app) == []

    answer = bring_in(fresh_app)

    assert answer.exit_code == 0
    assert "6 cases were here already" in answer.output
    assert len(desk.all(Ticket)) == CASES
    assert [count for count in Counter(person.name for person in desk.all(Person)).values() if count > 1] == []
    assert violations(fresh_app) == []


def test_an_organisation_that_is_named_is_made(app, desk):
    assert desk.home
    answer = bring_in(app, SAMPLE, "--customer", "Nabokommunen")

    assert answer.exit_code == 0
    (customer,) = desk.all(Unit, name="Nabokommunen")
    assert {ticket.customer_id for ticket in desk.all(Ticket)} == {customer.id}


def test_with_several_organisations_one_has_to_be_named(app, desk):
    assert desk.home
    desk.customer()

    answer = bring_in(app)

    assert answer.exit_code == 2
    assert "--customer" in answer.output


@pytest.mark.parametrize(
    ("mapping", "file", "said"),
    [
        pytest.param("source = 1\n" + COLUMNS, "a,b\n", "source: must be a text", id="mapping"),
        pytest.param(None, "a,b\n", "columns.number: the file has no column 'number'", id="columns"),
        pytest.param(None, "", "the file is empty", id="empty file"),
    ],
)
def test_what_cannot_work_is_said_in_a_line(app, desk, tmp_path, mapping, file, said):
    assert desk.home
    cases, told = tmp_path / "cases.csv", tmp_path / "mapping.toml"
    cases.write_text(file)
    told.write_text(MAPPING.read_text(encoding="utf-8") if mapping is None else mapping, encoding="utf-8")

    answer = bring_in(app, cases, mapping=told)

    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.real_history
@pytest.mark.committing
@pytest.mark.timeout(600)
def test_the_whole_log_of_a_real_service_desk(fresh_app):
    """24,918 incidents; reopenings and priorities are those that the log itself counts."""
    desk = Desk(fresh_app)
    assert desk.home
    with gzip.open(WHOLE, "rt", encoding="utf-8") as file:
        last = {row["number"]: row for row in csv.DictReader(file)}

    assert bring_in(fresh_app, WHOLE).exit_code == 0

    with fresh_app.app_context():
        columns = (Ticket.source_number, Ticket.reopen_count, Ticket.priority, Ticket.state)
        from servicedesk.core.db import db

        got = {number: rest for number, *rest in db.session.execute(select(*columns))}
    assert len(got) == 24_918
    assert {number: int(row["reopen_count"]) for number, row in last.items()} == {n: r[0] for n, r in got.items()}
    assert sum(1 for reopened, *_ in got.values() if reopened) == 275
    assert {number: int(row["priority"][0]) for number, row in last.items()} == {n: r[1] for n, r in got.items()}
    assert {state for *_, state in got.values()} == {State.CLOSED}
    assert violations(fresh_app) == []
    assert "24918 cases were here already" in bring_in(fresh_app, WHOLE).output
    assert desk.count(Ticket) == 24_918


def test_a_ticket_can_be_worked_on_after_the_import(app, desk, browse):
    """The journal goes on where the old one ended."""
    from servicedesk.tickets import commands

    supporter = desk.actor(desk.person(Role.SUPPORTER))
    bring_in(app)
    ticket = by_number(desk)["INC0000045"]

    with app.app_context():
        commands.note(ticket.id, by=supporter, now=datetime(2026, 11, 23, tzinfo=UTC), body="Husker vi den?")

    assert desk.look(ticket.id).version == ticket.version + 1
    assert violations(app) == []
