"""`servicedesk sla simulate` holds past tickets against an agreement that is only thought about."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from servicedesk.agreements.commands import give_example
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.tickets import commands
from servicedesk.tickets.models import Entry, Ticket, TicketClock
from servicedesk.tickets.workflow import Cause

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "agreement.toml"
WORDS = EXAMPLE.read_text(encoding="utf-8")


def run(app, file, *more):
    return app.test_cli_runner().invoke(args=["sla", "simulate", "--agreement", str(file), *more])


def simulated(app, file, *more):
    answer = run(app, file, "--json", *more)
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    return told["tickets"], {(line["clock"], line["priority"]): (line["then"], line["now"]) for line in told["lines"]}


@pytest.fixture
def past(app, desk, at):
    """Three of low priority, filed on three Mondays at nine: solved after one, four and nine working days."""
    filer, supporter = desk.actor(desk.person()), desk.actor(desk.person(Role.SUPPORTER))
    with app.app_context():
        give_example(desk.home.id, by=SYSTEM, now=at("2025-03-03 08:00"))
        for monday, days in (("2025-03-03", 1), ("2025-03-10", 4), ("2025-05-05", 9)):
            filed = at(f"{monday} 09:00")
            made = commands.file(commands.NewTicket(subject="P", description="D"), by=filer, now=filed).id
            solved = filed + timedelta(days=days + 2 * (days > 4), minutes=30)
            commands.resolve(made, by=supporter, now=solved, solution="Tændt.", cause=Cause.FAULT)
    at("2026-03-30 12:00")


def test_the_example_says_what_new_customers_start_from(app, past):
    tickets, lines = simulated(app, EXAMPLE)

    assert tickets == 3
    assert {key[0] for key in lines} == {"response", "resolution"}
    assert all(then == now for then, now in lines.values())


def test_a_stricter_agreement_would_have_been_broken(app, desk, past, tmp_path):
    before = desk.all(TicketClock), desk.count(Entry)
    stricter = tmp_path / "stricter.toml"
    stricter.write_text(WORDS.replace("10 working days", "3 working days").replace("2 working days", "3 working days"))

    _, lines = simulated(app, stricter)

    (((_, priority), (then, now)),) = [(key, both) for key, both in lines.items() if key[0] == "resolution"]
    assert priority in (3, 4)
    assert (now["met"], now["breached"], round(now["share"], 2)) == (1, 2, 0.33)
    assert then["met"] + then["breached"] == 3
    assert [vars(row)["outcome"] for row in desk.all(TicketClock)] == [vars(row)["outcome"] for row in before[0]]
    assert desk.count(Entry) == before[1]


def test_only_tickets_of_these_days_are_looked_at(app, past):
    assert simulated(app, EXAMPLE, "--from", "2025-03-10")[0] == 2
    assert simulated(app, EXAMPLE, "--to", "2025-03-10")[0] == 2
    assert simulated(app, EXAMPLE, "--from", "2025-03-04", "--to", "2025-03-09")[0] == 0


def test_a_table_is_printed(app, past):
    answer = run(app, EXAMPLE)

    assert answer.exit_code == 0
    assert "then kept" in answer.output
    assert "3 tickets" in answer.output


def test_tickets_without_an_agreement_have_a_now_and_no_then(app, desk, at):
    filer = desk.actor(desk.person())
    with app.app_context():
        commands.file(commands.NewTicket(subject="P", description="D"), by=filer, now=at("2026-03-02 09:00"))

    _, lines = simulated(app, EXAMPLE)

    assert desk.count(Ticket) == 1
    assert {then for then, _ in lines.values()} == {None}
    assert all(sum(value for value in now.values() if value) == 1 for _, now in lines.values())


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('on_change = "filing"', "on_chance = 1", "on_chance: is not known; there is name, calendar"),
        ('on_change = "filing"', 'on_change = "never"', "on_change: on_change = 'never'"),
        ('warnings = ["50 %", "80 %"]', 'warnings = ["soon"]', "warnings: 'soon' is no warning such as '80 %'"),
        ('warnings = ["50 %", "80 %"]', 'warnings = ["80 %", "80 %"]', "a warning is given twice"),
        ('"10 working days"\n# How', '"10 hours"\n# How', "auto_close: 10 hours"),
        ('hours = "Rådhusets', 'hours = "Slottets', "is no calendar of the file; there is Rådhusets åbningstid"),
        ('hours = "Døgnet rundt"', 'hours = "Natten"', "targets 1, hours: 'Natten' is no calendar of the file"),
        ('response = "15 minutes"', 'response = "soon"', "targets 1: 'soon' is no length such as '4 hours'"),
        ('response = "15 minutes"', 'answer = "1 hour"', "targets 1, answer: is not known; there is kind, priority"),
        ("priority = 1", 'kind = "incident"', "targets 1: priority is missing"),
        ("priority = 1", "priority = 9", "targets 1: 9 is not a valid Priority"),
        ("priority = 1", "priority = 2", "targets: two lines are about the same kind and priority"),
        ('zone = "Europe/Copenhagen"', 'zone = "Europe/Odby"', "calendar 1: "),
        ('weekly.mon = ["08:00-15:00"]', 'weekly.mon = ["08-15"]', "calendar 1: "),
        ('weekly.mon = ["08:00-15:00"]', "weekly.mon = 8", "calendar 1, weekly.mon: must be a list such as"),
        ('weekly.mon = ["08:00-15:00"]', 'weekly.man = ["08:00-15:00"]', "calendar 1, weekly.man: is not known"),
        ('closed_days = "DK"', 'closed_days = "SE"', 'calendar 1, closed_days: must be "DK" or a list of dates'),
        ("half_days = []", 'half_days = ["in May"]', "calendar 1, half_days: must be a list of dates"),
        ('name = "Døgnet rundt"', 'name = "Rådhusets åbningstid"', "calendar: there are two that are called"),
        ("[[targets]]", "[[promises]]", "promises: is not known"),
        ("[[calendar]]", "[[calendar", "is not TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_a_line(app, tmp_path, written, instead, said):
    assert written in WORDS
    file = tmp_path / "agreement.toml"
    file.write_text(WORDS.replace(written, instead, -1 if written.startswith("[[") else 1), encoding="utf-8")

    answer = run(app, file)

    assert answer.exit_code == 2
    assert said in answer.output
    assert answer.output.startswith("Error: agreement.toml: ")


@pytest.mark.parametrize("words", ["", "hours = 'x'\n"])
def test_a_file_without_calendars_is_refused(app, tmp_path, words):
    file = tmp_path / "agreement.toml"
    file.write_text(words, encoding="utf-8")

    answer = run(app, file)

    assert answer.exit_code == 2
    assert "calendar: is missing: write at least one [[calendar]]" in answer.output
