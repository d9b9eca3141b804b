"""`servicedesk import tickets`, from a file to tickets in the database."""

import csv
import gzip
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import add_agreement, give_example
from servicedesk.agreements.commands.ledger import hold
from servicedesk.agreements.models import Agreement, AgreementKind, AgreementVersion, OpeningHours, WeeklyHours
from servicedesk.agreements.terms import Goal, Terms
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db, transaction
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets import finding, search
from servicedesk.tickets.jobs import store
from servicedesk.tickets.models import Entry, Ticket, TicketClock
from servicedesk.tickets.sweep import sweep
from servicedesk.tickets.workflow import Priority, State
from servicedesk.transfer import cli
from servicedesk.upkeep import check
from sla import OpenTime
from tests.desk import Desk, local_today
from tests.transfer.slow_verdicts import verdicts

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


def test_cases_run_under_an_agreement_and_nobody_is_warned_of_the_past(app, desk):
    assert desk.home
    assert bring_in(app).exit_code == 0

    tickets = desk.all(Ticket)
    assert {ticket.agreement_id for ticket in tickets} == {desk.all(AgreementVersion)[0].id}
    assert desk.all(Agreement)[0].is_example
    assert all(ticket.silent_until is not None and ticket.silent_until <= clock.now() for ticket in tickets)
    assert desk.count(TicketClock) == 2 * CASES
    assert {row.outcome for row in desk.all(TicketClock)} <= {"met", "breached"}
    with app.app_context():
        sweep(clock.now() + timedelta(days=400))
    assert {entry.kind.value for entry in desk.all(Entry)} & {"warned", "breached"} == set()


def test_the_mapping_names_the_agreement(app, desk, tmp_path):
    with app.app_context():
        give_example(desk.home.id, by=SYSTEM, now=clock.now())
        terms = next(iter(book_of(desk.home.id).versions.values())).terms
        today, kind = local_today(), AgreementKind.SERVICE
        add_agreement(
            desk.home.id, kind=kind, name="Den gamle", terms=terms, starts_on=today, by=SYSTEM, now=clock.now()
        )
    told = tmp_path / "mapping.toml"
    told.write_text(f'agreement = "Den gamle"\n{MAPPING.read_text(encoding="utf-8")}', encoding="utf-8")

    assert bring_in(app, mapping=told).exit_code == 0

    (named,) = (one.id for one in desk.all(Agreement) if one.name == "Den gamle")
    (version,) = desk.all(AgreementVersion, agreement_id=named)
    assert {ticket.agreement_id for ticket in desk.all(Ticket)} == {version.id}


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_an_agreement_that_is_not_there_is_refused(app, desk, tmp_path, more):
    with app.app_context():
        give_example(desk.home.id, by=SYSTEM, now=clock.now())
    told = tmp_path / "mapping.toml"
    told.write_text(f'agreement = "Guldaftalen"\n{MAPPING.read_text(encoding="utf-8")}', encoding="utf-8")

    answer = bring_in(app, SAMPLE, *more, mapping=told)

    assert answer.exit_code == 1
    assert "mapping.toml: Der er ingen serviceaftale, som hedder “Guldaftalen”." in answer.output
    assert "Eksempel: almindelig serviceaftale" in answer.output
    assert desk.count(Ticket) == 0


def test_a_dry_run_gives_no_agreement(app, desk):
    assert desk.home
    bring_in(app, SAMPLE, "--dry-run")

    assert desk.count(Agreement) == 0


@pytest.mark.real_history
@pytest.mark.committing
@pytest.mark.timeout(600)
def test_the_whole_log_of_a_real_service_desk(fresh_app):
    """24,918 incidents; reopenings and priorities are those that the log itself counts."""
    desk = Desk(fresh_app)
    assert desk.home
    with gzip.open(WHOLE, "rt", encoding="utf-8") as file:
        last = {row["number"]: row for row in csv.DictReader(file)}

    _promise(fresh_app, desk.home.id)
    assert bring_in(fresh_app, WHOLE).exit_code == 0

    with fresh_app.app_context():
        columns = (Ticket.source_number, Ticket.reopen_count, Ticket.priority, Ticket.state)
        got = {number: rest for number, *rest in db.session.execute(select(*columns))}
    assert len(got) == 24_918
    assert {number: int(row["reopen_count"]) for number, row in last.items()} == {n: r[0] for n, r in got.items()}
    assert sum(1 for reopened, *_ in got.values() if reopened) == 275
    assert {number: int(row["priority"][0]) for number, row in last.items()} == {n: r[1] for n, r in got.items()}
    assert {state for *_, state in got.values()} == {State.CLOSED}
    assert violations(fresh_app) == []
    _compare_with_slow_verdicts(fresh_app)
    assert "24918 cases were here already" in bring_in(fresh_app, WHOLE).output
    assert desk.count(Ticket) == 24_918


HOURS = {Priority.CRITICAL: (1, 4), Priority.HIGH: (2, 8), Priority.MEDIUM: (8, 40), Priority.LOW: (16, 80)}


def _promise(app, customer_id):
    """Monday to Friday from eight to four, without holidays."""
    hour = timedelta(hours=1)
    with app.app_context(), transaction() as session:
        hold(customer_id, SYSTEM)
        hours = OpeningHours(customer_id=customer_id, name="Otte til fire", zone="Europe/Copenhagen")
        agreement = Agreement(customer_id=customer_id, kind=AgreementKind.SERVICE, name="Enkel")
        session.add_all([hours, agreement])
        session.flush()
        week = {str(day): [["08:00", "16:00"]] for day in range(5)}
        goals = tuple(Goal(None, of, OpenTime(a * hour), OpenTime(b * hour)) for of, (a, b) in HOURS.items())
        terms = Terms(calendar=hours.id, goals=goals).write()
        made = {"starts_on": date(2000, 1, 1), "made_at": clock.now()}
        session.add(WeeklyHours(hours_id=hours.id, starts_on=date.min, week=week))
        session.add(AgreementVersion(agreement_id=agreement.id, terms=terms, **made))


def _compare_with_slow_verdicts(app):
    """Each clock against one that is reckoned from the rows of the file; verdicts by the priority in the end."""
    with app.app_context():
        query = select(Ticket.source_number, TicketClock.name, TicketClock.elapsed, TicketClock.outcome)
        rows = db.session.execute(query.join(TicketClock, TicketClock.ticket_id == Ticket.id)).all()
    told = {(number, name): (elapsed, outcome) for number, name, elapsed, outcome in rows}
    expected = verdicts(WHOLE)
    assert len(told) == 2 * len(expected) == 2 * 24_918
    wrong: list[Any] = []
    shares: Counter[Any] = Counter()
    for number, verdict in expected.items():
        for index, name in enumerate(("response", "resolution")):
            elapsed, outcome = told[number, name]
            used, promised = verdict[1 + index], HOURS[Priority(verdict.priority)][index] * 3600
            shares[name, outcome] += 1
            # Used up to the second, it depends on when exactly it was stopped.
            fits = used == promised or (outcome == "breached") == (used > promised)
            if elapsed != used * 1_000_000 or not fits:
                wrong.append((number, name, elapsed, outcome, used, promised))
    assert wrong == []
    assert {outcome for _, outcome in shares} == {"met", "breached"}


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
