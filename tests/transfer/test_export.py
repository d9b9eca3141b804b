"""`servicedesk export tickets`: everything that may be told, and nothing that a spreadsheet would run."""

import csv
import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from servicedesk.core import clock, spreadsheets
from servicedesk.core.actor import Role
from servicedesk.core.lookups import LookUp, Seen
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import LinkKind, Secrecy
from servicedesk.transfer import export


def run(app, *args):
    return app.test_cli_runner().invoke(args=["export", "tickets", *args])


def as_jsonl(app, *args):
    return [json.loads(line) for line in run(app, "--format", "jsonl", *args).stdout.splitlines()]


def as_csv(app, *args):
    text = run(app, *args).stdout.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.fixture
def file(app, desk):
    def file(by=None, **told):
        new = commands.NewTicket(**{"subject": "Printeren", "description": "Den er død.", **told})
        with app.app_context():
            return commands.file(new, by=desk.actor(by or desk.person()), now=clock.now()).id

    return file


def test_a_ticket_is_the_object_of_the_contract(app, desk, file, at):
    at("2026-03-02 09:00")
    filer = desk.person(name="Anne Jensen", initials="anje")
    ticket = file(filer, system_id=desk.system(name="KMD Nexus").id)

    (told,) = as_jsonl(app)

    assert told["number"] == f"SD-{ticket}"
    assert told["filer"] == {"initials": "anje", "name": "Anne Jensen"}
    assert (told["unit"], told["system"], told["assignee"]) == ("Testby Kommune", "KMD Nexus", None)
    assert (told["filed_at"], told["due_at"]) == ("2026-03-02T08:00:00Z", None)
    assert (told["source"], told["links"], told["version"]) == (None, [], 1)


def test_a_sheet_has_the_same_in_columns(app, desk, file):
    one, other = file(), file()
    supporter = desk.actor(desk.person(Role.SUPPORTER))
    with app.app_context():
        commands.link(one, by=supporter, now=clock.now(), other_id=other, kind=LinkKind.PARENT)

    first, second = as_csv(app)

    assert tuple(first) == export.COLUMNS
    assert (first["links"], second["links"]) == (f"SD-{other}", f"SD-{one}")
    assert first["due_at"] == first["source_name"] == ""


def test_what_is_secret_is_told_only_to_who_may_read_it(app, desk, file):
    member = desk.person(Role.SUPPORTER, initials="ea")
    desk.person(Role.SUPPORTER, initials="bo")
    desk.team([member], is_closed=True, receives_confidential=True)
    file(subject="CANARY", description="CANARY-2", secrecy=Secrecy.CONFIDENTIAL)

    assert [(told["subject"], told["description"]) for told in as_jsonl(app)] == [("", "")]
    assert "CANARY" not in run(app).stdout
    assert as_jsonl(app, "--as", "bo") == []
    assert desk.count(LookUp, seen=Seen.TICKET) == 0
    assert [told["subject"] for told in as_jsonl(app, "--as", "EA")] == ["CANARY"]
    assert desk.count(LookUp, seen=Seen.TICKET, by_id=member.id) == 1


def test_links_lead_only_to_what_may_be_read(app, desk, file):
    member = desk.person(Role.SUPPORTER)
    desk.person(Role.SUPPORTER, initials="bo")
    desk.team([member], is_closed=True, receives_confidential=True)
    one, secret = file(), file(secrecy=Secrecy.CONFIDENTIAL)
    with app.app_context():
        commands.link(one, by=desk.actor(member), now=clock.now(), other_id=secret, kind=LinkKind.RELATED)

    assert [told["links"] for told in as_jsonl(app, "--as", "bo")] == [[]]


def test_an_employee_gets_own_tickets_and_a_customer_its_own(app, desk, file):
    anne = desk.person(initials="anje")
    elsewhere = desk.customer(name="Nabo")
    own, _other, theirs = file(anne), file(), file(desk.person(unit=elsewhere))

    assert [told["number"] for told in as_jsonl(app, "--as", "anje")] == [f"SD-{own}"]
    assert [told["number"] for told in as_jsonl(app, "--customer", "Nabo")] == [f"SD-{theirs}"]


@pytest.mark.parametrize("args", [("--as", "ingen"), ("--customer", "Ingen"), ("--format", "doc")])
def test_who_or_what_is_not_there_is_said(app, desk, args):
    assert run(app, *args).exit_code == 2


def test_a_batch_costs_the_same_whatever_is_in_it(app, desk, file, queries, monkeypatch):
    for _ in range(5):
        file()
    monkeypatch.setattr(export, "BATCH", 3)
    with queries() as asked:
        assert len(as_jsonl(app)) == 5

    assert len(asked) == 7  # two batches of tickets, links and minutes, and a look that finds no more


DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    '"=1+1',
    ";=1+1",
    " =1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "+45 12 34 56 78",
]


@pytest.mark.parametrize("written", DANGEROUS)
def test_no_cell_of_a_csv_is_a_formula(written):
    (_header, line) = spreadsheets.write_csv(["x"], [[written]])
    ((cell,),) = csv.reader(io.StringIO(line, newline=""), delimiter=";")

    assert cell == f"'{written}"


@pytest.mark.parametrize("written", ["Printeren", "a=b", "SD-12", "Anne-Marie", "kl. 10+", ""])
def test_a_plain_text_stays_as_it_is(written):
    assert spreadsheets.safe(written) == written


@pytest.mark.parametrize("written", [*DANGEROUS, "http://evil.example", "00123"])
def test_texts_are_texts_in_a_workbook(written):
    out = io.BytesIO()
    with spreadsheets.Workbook(out, zone=ZoneInfo("Europe/Copenhagen")) as book:
        book.add_table("x", ["x"], [[written]])

    cell = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active["A2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value.strip().endswith(written.strip())  # a carriage return is written as _x000D_


def test_a_workbook_has_numbers_and_times_on_the_wall(app, file, tmp_path, at):
    at("2026-03-02 09:00")
    ticket = file()
    out = tmp_path / "tickets.xlsx"

    assert run(app, "--format", "xlsx", "--out", str(out)).exit_code == 0

    header, row = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    told = dict(zip(header, row, strict=True))
    assert (told["number"], told["priority"]) == (f"SD-{ticket}", 4)
    assert told["filed_at"] == datetime(2026, 3, 2, 9)  # noqa: DTZ001 - as a workbook has it
    assert [path.name for path in tmp_path.iterdir()] == ["tickets.xlsx"]


def test_an_instant_is_told_in_utc():
    assert spreadsheets.as_text(datetime(2026, 3, 2, 8, tzinfo=UTC)) == "2026-03-02T08:00:00Z"
