"""Every figure of 24,918 real incidents is what somebody finds who reads the file and does not know the program."""

import ast
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from servicedesk.agreements.commands.ledger import hold
from servicedesk.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementVersion,
    DayStatus,
    OpeningHours,
    SpecialDay,
    WeeklyHours,
)
from servicedesk.agreements.terms import Terms
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.figures import checking, commands, queries
from servicedesk.figures.measures import TIMES
from servicedesk.figures.models import TicketFact
from servicedesk.figures.rules import Spread, months
from servicedesk.figures.slices import Slice
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Priority
from tests.desk import Desk
from tests.real_history import flag, incidents, opening, promises
from tests.real_history.incidents import UNDER_WAY, Incident, Judge, Verdict
from tests.real_history.months import Month, by_month, nearest_rank, together, two_digits

ROOT = Path(__file__).parents[2]
WHOLE = ROOT / "tests" / "data" / "servicenow_incident_event_log.csv.gz"
SAMPLE = ROOT / "tests" / "data" / "servicenow_sample.csv"
MAPPING = ROOT / "docs" / "examples" / "servicenow.toml"
PAGE = ROOT / "docs" / "real-incidents.md"
FIRST, LAST = 201602, 201702


@pytest.mark.parametrize("agreement", promises.AGREEMENTS.values(), ids=promises.AGREEMENTS)
def test_some_incidents_come_to_what_the_file_says(app: Flask, desk: Desk, agreement: promises.Agreement) -> None:
    assert compare(app, desk, SAMPLE, agreement) == 10


@pytest.mark.real_history
@pytest.mark.committing
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "agreement",
    [
        pytest.param(promises.AGREEMENTS["town-hall"], id="town-hall"),
        # The same for other limits, which the page on real incidents tells of.
        pytest.param(promises.AGREEMENTS["as-the-flag"], id="as-the-flag", marks=pytest.mark.by_hand),
    ],
)
def test_all_incidents_come_to_what_the_file_says(fresh_app: Flask, agreement: promises.Agreement) -> None:
    assert compare(fresh_app, Desk(fresh_app), WHOLE, agreement) == 24_918


def compare(app: Flask, desk: Desk, file: Path, agreement: promises.Agreement) -> int:
    """Imports the file and holds every figure against the file itself; answers how many incidents there are."""
    promise(app, desk.home.id, agreement)
    asked = ["import", "tickets", str(file), "--mapping", str(MAPPING)]
    assert app.test_cli_runner().invoke(args=asked).exit_code == 0
    manager = desk.actor(desk.person(Role.SERVICEDESK_MANAGER, over=desk.home))
    told = incidents.read(file)
    judge = Judge(agreement, told)
    with app.app_context():
        assert commands.rebuild() == len(told)
        assert not list(checking.wrong_sums())
        compare_each(told, judge)
        compare_months(by_month(told, judge), manager, desk.home.id)
    return len(told)


def promise(app: Flask, customer_id: int, agreement: promises.Agreement) -> None:
    """The same agreement in the program's own tables."""
    with app.app_context(), transaction() as session:
        hold(customer_id, SYSTEM)
        openings = {one.opening.name: one.opening for one in agreement.promises.values()}
        hours = {name: OpeningHours(customer_id=customer_id, name=name, zone=promises.ZONE) for name in openings}
        made = Agreement(customer_id=customer_id, kind=AgreementKind.SERVICE, name=agreement.name)
        session.add_all([made, *hours.values()])
        session.flush()
        for name, one in openings.items():
            week = {str(day): [list(stretch) for stretch in stretches] for day, stretches in one.week.items()}
            session.add(WeeklyHours(hours_id=hours[name].id, starts_on=date.min, week=week))
            session.add_all(_special_days(hours[name].id, one))
        terms = _terms(agreement, {name: row.id for name, row in hours.items()})
        session.add(
            AgreementVersion(agreement_id=made.id, terms=terms, starts_on=date(2000, 1, 1), made_at=clock.now())
        )


def _special_days(hours_id: int, one: promises.Opening) -> Iterator[SpecialDay]:
    for day, stretches in one.special.items():
        told: dict[str, Any] = {"name": day, "open": [list(stretch) for stretch in stretches]}
        yield SpecialDay(hours_id=hours_id, on=date.fromisoformat(day), status=DayStatus.APPROVED, **told)


def _terms(agreement: promises.Agreement, hours: Mapping[str, int]) -> dict[str, Any]:
    targets = [
        {
            "priority": priority,
            "calendar": hours[one.opening.name],
            "response": f"{one.response} minutes" if one.response else None,
            "resolution": f"{one.resolution} minutes",
        }
        for priority, one in agreement.promises.items()
    ]
    return Terms.read({"calendar": min(hours.values()), "targets": targets}).write()


# ------------------------------------------------------------------------------------------------ incident by incident


def compare_each(told: list[Incident], judge: Judge) -> None:
    query = select(Ticket.source_number, Ticket.reopen_count, TicketFact)
    rows = db.session.execute(query.join(TicketFact, TicketFact.ticket_id == Ticket.id)).all()
    reckoned = {number: _fact(reopened, fact) for number, reopened, fact in rows}
    expected = {one.number: _expected(one, judge) for one in told}
    assert len(rows) == len(expected)
    wrong = {number: (reckoned[number], one) for number, one in expected.items() if reckoned[number] != one}
    assert not wrong, (len(wrong), next(iter(wrong.items())))


def _fact(reopened: int, fact: TicketFact) -> dict[str, Any]:
    return {
        "priority": int(fact.priority),
        "reopened": reopened,
        "handovers": fact.handovers,
        "is_at_once": fact.is_at_once,
        **{state: getattr(fact, f"in_{state}") for state in UNDER_WAY},
        "months": (fact.filed_month, fact.resolved_month, fact.reopened_month, fact.ended_month),
        "response": (fact.response, fact.response_month, fact.answered_after),
        "resolution": (fact.resolution, fact.resolution_month, fact.solved_after),
        "solved_wall": fact.solved_after_wall,
    }


def _expected(one: Incident, judge: Judge) -> dict[str, Any]:
    assert one.solved is not None
    last_reopened = opening.month_of(one.reopened[-1]) if one.reopened else None
    return {
        "priority": one.priority,
        "reopened": len(one.reopened),
        "handovers": one.handovers,
        "is_at_once": one.answered == one.solved and not one.reopened,
        **{state: one.minutes_in(state) for state in UNDER_WAY},
        "months": (opening.month_of(one.opened), opening.month_of(one.solved), last_reopened, None),
        "response": _judged(judge.response(one)),
        "resolution": _judged(judge.resolution(one)),
        "solved_wall": two_digits(one.solved - one.opened),
    }


def _judged(verdict: Verdict | None) -> tuple[str | None, int | None, int | None]:
    if verdict is None:
        return None, None, None
    return "met" if verdict.is_kept else "breached", opening.month_of(verdict.at), two_digits(verdict.used)


# ------------------------------------------------------------------------------------------------ month by month


def compare_months(told: Mapping[tuple[int, int], Month], who: Actor, customer_id: int) -> None:
    """As a servicedesk manager reads them: of all priorities, of each, and what each month's priorities come to."""
    whole = Slice(customer_id=customer_id, first=FIRST, last=LAST)
    assert {month for month, _ in told} <= set(months(FIRST, LAST))
    _compare_slice(whole, _by_month(told), who)
    for priority in Priority:
        of_one = {key: one for key, one in told.items() if key[1] == priority}
        _compare_slice(Slice(**{**vars(whole), "priorities": (priority,)}), _by_month(of_one), who)
    for month in months(FIRST, LAST):
        split = queries.by_priority(whole.of_months(month, month), who)
        assert _counts(split) == {priority: _plain(one) for (at, priority), one in told.items() if at == month}


def _compare_slice(slice_: Slice, told: Mapping[int, Month], who: Actor) -> None:
    assert _counts(queries.by_month(slice_, who)) == {month: _plain(one) for month, one in told.items()}
    spreads = {month: _spreads(one) for month, one in told.items()}
    for what in TIMES:
        expected = {month: some[what] for month, some in spreads.items() if what in some}
        assert queries.times_by_month(slice_, who, what) == expected
    assert queries.times(slice_, who, *TIMES) == _spreads(together(told.values()))


def _by_month(told: Mapping[tuple[int, int], Month]) -> Mapping[int, Month]:
    return {month: together(one for key, one in told.items() if key[0] == month) for month, _ in told}


def _counts(read: Mapping[int, queries.Counts]) -> dict[int, dict[str, int]]:
    return {key: {name: number for name, number in counts.items() if number} for key, counts in read.items()}


def _plain(one: Month) -> dict[str, int]:
    return {name: number for name, number in one.counts.items() if number}


def _spreads(one: Month) -> dict[str, Spread]:
    ranks = {what: (nearest_rank(some, 50), nearest_rank(some, 90)) for what, some in one.times.items() if some}
    return {what: Spread(len(one.times[what]), *found) for what, found in ranks.items()}


# ------------------------------------------------------------------------------------------------ the page about it


@pytest.mark.real_history
def test_the_page_has_the_table_that_the_script_prints() -> None:
    told = incidents.read(WHOLE)
    page = PAGE.read_text(encoding="utf-8")
    assert "\n".join(flag.table(told)) in page
    hours = Judge(promises.AS_THE_FLAG, told).hours(promises.WEEKDAYS)
    targets = {priority: one.resolution // 60 for priority, one in promises.AS_THE_FLAG.promises.items()}
    assert flag.limits(told, hours) == targets
    number, on_closing = flag.turned_on_closing(incidents.rows_of(WHOLE))
    assert f"{on_closing:,} of the {number:,}" in page


def test_the_script_knows_nothing_of_the_program() -> None:
    for file in (file for file in Path(__file__).parent.glob("*.py") if not file.name.startswith("test_")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in ("servicedesk", "sla", "flask", "sqlalchemy")]
