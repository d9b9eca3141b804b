"""Trying another agreement through the door: the worker goes through past tickets, and nothing is changed."""

import io
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update

from servicedesk.agreements.book import book_of
from servicedesk.agreements.terms import Priority
from servicedesk.agreements.terms_form import fields_of
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import db, transaction
from servicedesk.insight import agreement_file, simulate
from servicedesk.insight.simulate import Fate
from servicedesk.insight.trying import commands, jobs, queries
from servicedesk.insight.trying.models import AgreementTrial, Ending
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import Entry, TicketClock
from tests.figures.conftest import Town, town  # noqa: F401  a fixture
from tests.insight.test_overview import number_behind, numbers_with_lists

EXAMPLE = Path("docs/examples/agreement.toml")
PERIOD = {"first": "2026-01-01", "last": "2030-12-31"}


@pytest.fixture
def lived(town: Town) -> Town:  # noqa: F811
    town.live(60, Random(4))
    town.tell()
    return town


def fields(town: Town, **changed: Any) -> dict[str, Any]:  # noqa: F811
    """What the form of the only agreement sends, with other targets."""
    with town.desk.app.test_request_context():
        version = next(iter(book_of(town.desk.home.id).versions.values()))
        told = {name: value for name, value in fields_of(version.terms).items() if value not in (False, None)}
    return {**told, **PERIOD, "name": "Et kvarter til svar", "form_id": "one", **changed}


def work(town: Town) -> None:  # noqa: F811
    with town.desk.app.app_context():
        while jobs.carry_on_trials(clock.now()):
            pass


def the_trial(town: Town) -> AgreementTrial:  # noqa: F811
    with town.desk.app.app_context():
        return db.session.scalars(select(AgreementTrial).order_by(AgreementTrial.id.desc())).first()  # type: ignore[return-value]


def counted(town: Town) -> list[int]:  # noqa: F811
    with town.desk.app.app_context():
        return [db.session.scalar(select(func.count()).select_from(of)) or 0 for of in (Entry, TicketClock)]


def test_other_targets_are_tried_and_nothing_is_changed(lived: Town, browse) -> None:
    before = counted(lived)
    browser = browse(lived.chief)
    assert "Prøv en anden aftale" in browser.get("/overview/simulate").text
    answer = browser.post("/overview/simulate", data=fields(lived, all_1_response="1", all_1_response_unit="minutes"))
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "0 af" in page
    assert f"{answer.location}/progress" in page
    work(lived)
    page = browser.get(f"{answer.location}/progress").text
    assert "/progress" not in page
    assert "Holdt med aftalen" in page
    trial = the_trial(lived)
    assert trial.ending is Ending.DONE
    assert simulate.read(trial.found).tickets == trial.total > 10
    who = lived.desk.actor(lived.chief)
    for number, address in numbers_with_lists(page):
        with lived.desk.app.app_context():
            assert number == number_behind(address, who)
    assert counted(lived) == before


def test_it_finds_what_the_command_line_finds(lived: Town, browse) -> None:
    """For somebody who oversees every ticket; a batch at a time, or all at once."""
    lived.desk.grant(lived.chief, Role.SUPPORTER, over="everything")
    octets = EXAMPLE.read_bytes()
    data = {**PERIOD, "form_id": "f", "file": (io.BytesIO(octets), "agreement.toml")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "BATCH", 7)
        browse(lived.chief).post("/overview/simulate/file", data=data)
        work(lived)
    trial = the_trial(lived)
    with lived.desk.app.app_context():
        book = agreement_file.read(EXAMPLE, this_year=clock.now().year)
        should = simulate.Outcome()
        ids = simulate.batch(
            0,
            None,
            None,
            *queries.conditions(trial.customer_id, [], lived.desk.actor(lived.chief)),
            most=9_999,
        )
        simulate.look_at(ids, book, should, now=trial.made_at)
    found = simulate.read(trial.found)
    assert found.tickets == should.tickets
    assert {key: line.fates for key, line in found.now.items()} == {key: line.fates for key, line in should.now.items()}
    assert {key: line.fates for key, line in found.then.items()} == {
        key: line.fates for key, line in should.then.items()
    }


def test_the_same_form_twice_starts_one_and_not_too_many_run(lived: Town, browse) -> None:
    browser = browse(lived.chief)
    first, second = (browser.post("/overview/simulate", data=fields(lived)) for _ in range(2))
    assert first.location == second.location
    for number in range(commands.MOST - 1):
        browser.post("/overview/simulate", data=fields(lived, form_id=f"more-{number}"))
    answer = browser.post("/overview/simulate", data=fields(lived, form_id="too-many"))
    assert answer.status_code == 422
    assert "Du har 3 i gang" in answer.text
    assert "Et kvarter til svar" in answer.text  # what was typed is there


def test_it_can_be_stopped_and_what_was_found_stays(lived: Town, browse) -> None:
    browser = browse(lived.chief)
    address = browser.post("/overview/simulate", data=fields(lived)).location
    with pytest.MonkeyPatch.context() as patch, lived.desk.app.app_context():
        patch.setattr(commands, "BATCH", 5)
        jobs.carry_on_trials(clock.now())
    browser.post(f"{address}/cancel")
    work(lived)
    trial = the_trial(lived)
    assert trial.ending is Ending.CANCELLED
    assert simulate.read(trial.found).tickets == 5
    assert "Stoppet efter 5 af" in browser.get(address).text


def test_of_two_workers_one_is_heard(lived: Town, browse) -> None:
    browse(lived.chief).post("/overview/simulate", data=fields(lived))
    with pytest.MonkeyPatch.context() as patch, lived.desk.app.app_context():
        patch.setattr(commands, "BATCH", 5)
        slow = queries.oldest_unfinished()
        assert slow is not None
        db.session.expunge(slow)
        jobs.carry_on_trials(clock.now())
        commands.carry_on(slow, now=clock.now())
        assert simulate.read(the_trial(lived).found).tickets == 5


def test_rights_are_those_of_now(lived: Town, browse) -> None:
    browse(lived.chief).post("/overview/simulate", data=fields(lived))
    with lived.desk.app.app_context(), transaction() as session:
        session.execute(update(Person).where(Person.id == lived.chief.id).values(is_active=False))
    work(lived)
    assert the_trial(lived).ending is Ending.REFUSED


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first": "i går"}, "Skriv en dato."),
        ({"first": "2026-05-01", "last": "2026-04-01"}, "Den sidste dag skal ligge efter den første."),
        ({"first": "1995-05-01", "last": "2026-04-01"}, "Vælg højst ti år ad gangen."),
        ({"all_1_response": "mange"}, "Skriv et helt tal, for eksempel 4."),
        ({"calendar": "999"}, "Vælg en kalender."),
        ({"name": ""}, "Skriv aftalens navn."),
    ],
)
def test_what_cannot_be_used_is_told_by_its_field(town: Town, browse, changed, said) -> None:  # noqa: F811
    answer = browse(town.chief).post("/overview/simulate", data=fields(town, **changed))
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"", "Vælg en fil."),
        (b"x" * 100_001, "Filen er for stor"),
        (b"\xff\xfe\x00", "Filen kan ikke bruges"),
        (b"name = 1", "Filen kan ikke bruges"),
        (b"a = " + b"[" * 5_000, "Filen kan ikke bruges"),
    ],
)
def test_a_file_that_is_no_agreement_is_refused(town: Town, browse, octets, said) -> None:  # noqa: F811
    data = {**PERIOD, "file": (io.BytesIO(octets), "<b>x</b>.toml")}
    answer = browse(town.chief).post("/overview/simulate/file", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<b>x</b>" not in answer.text


def test_a_trial_is_its_starters_alone(town: Town, browse) -> None:  # noqa: F811
    address = browse(town.chief).post("/overview/simulate", data=fields(town)).location
    colleague = town.desk.person(Role.SERVICEDESK_MANAGER, over=town.desk.home)
    for page in (address, f"{address}/progress", f"{address}/outcome.csv"):
        assert browse(colleague).get(page).status_code == 404
        assert browse(town.supporters[0]).get(page).status_code == 404
    assert browse(colleague).post(f"{address}/cancel").status_code == 404
    other = town.desk.customer("Naboby Kommune")
    assert browse(town.chief).post(f"/overview/simulate?customer={other.id}", data=fields(town)).status_code == 404


def test_the_outcome_can_be_taken_home_and_is_forgotten_in_time(lived: Town, browse) -> None:
    browser = browse(lived.chief)
    address = browser.post("/overview/simulate", data=fields(lived)).location
    work(lived)
    assert '"Reaktionstid"' in browser.get(f"{address}/outcome.csv").text
    assert browser.get(f"{address}/outcome.xlsx").status_code == 200
    with lived.desk.app.app_context():
        assert jobs.forget_trials(clock.now()) == 0
        assert jobs.forget_trials(clock.now() + commands.KEPT + timedelta(days=1)) == 1
    assert browser.get(address).status_code == 404


def test_fates_survive_being_written_down() -> None:
    outcome = simulate.Outcome(3)
    simulate._count(outcome.then, "response", Priority(2), Fate.MET)
    assert simulate.read(simulate.written(outcome)) == outcome
