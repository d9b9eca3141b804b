"""Sums that follow any changes of facts are those that are added up anew."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from servicedesk.core.db import db, table_of, transaction
from servicedesk.figures import cells, checking
from servicedesk.figures.measures import MEASURES
from servicedesk.figures.models import FigureCell, FigureTime, TicketFact, Verdict
from servicedesk.figures.rules import to_two_digits
from servicedesk.tickets.workflow import Cause, Kind, Priority, Secrecy
from tests.desk import Desk

Fact = dict[str, Any]
MONTHS = (202601, 202602, 202611)


@pytest.mark.parametrize("seed", range(4))
def test_changed_bit_by_bit_or_added_up_anew_is_the_same(app: Flask, desk: Desk, seed: int) -> None:
    random = Random(seed)
    customers = [desk.home.id, desk.customer().id]
    ids = [desk.ticket() for _ in range(8)]
    facts: dict[int, Fact] = {}
    with app.app_context():
        db.session.execute(delete(TicketFact))
        for _ in range(12):
            some = random.sample(ids, random.randint(1, 5))
            after = [_fact(random, id_, customers) for id_ in some if random.random() < 0.8]  # others are taken away
            _replace(some, [facts[id_] for id_ in some if id_ in facts], after)
            facts = {id_: one for id_, one in facts.items() if id_ not in some} | {
                one["ticket_id"]: one for one in after
            }
        changed = list(_sums())
        assert not list(checking.wrong_sums())
        _add_up_anew()
        assert changed == list(_sums())
        _check_totals(facts)


def _fact(random: Random, ticket_id: int, customers: list[int]) -> Fact:
    solved, ended, reopened = (random.choice((None, *MONTHS)) for _ in range(3))
    response, resolution = (random.choice((None, *Verdict)) for _ in range(2))
    return {
        "ticket_id": ticket_id,
        "customer_id": random.choice(customers),
        "unit_id": random.randint(1, 3),
        "system_id": random.choice((None, 1, 2)),
        "team_id": random.choice((None, 1, 2)),
        "priority": random.choice(list(Priority)),
        "kind": random.choice(list(Kind)),
        "secrecy": random.choice(list(Secrecy)),
        "filed_month": random.choice(MONTHS),
        "is_open": solved is None,
        "resolved_month": solved,
        "reopened_month": reopened,
        "ended_month": ended if solved is None else None,
        "response": response,
        "response_month": response and random.choice(MONTHS),
        "resolution": resolution,
        "resolution_month": resolution and random.choice(MONTHS),
        "cause": solved and random.choice((None, *Cause)),
        "is_at_once": random.random() < 0.5,
        "is_local": random.random() < 0.5,
        **{name: random.choice((0, 0, 1, 3, 700)) for name in ("handovers", "minutes")},
        **{f"in_{state}": random.randrange(5000) for state in ("new", "open", "waiting_user", "waiting_supplier")},
        **{name: _minutes(random) for name in ("answered_after", "solved_after", "solved_after_wall")},
    }


def _minutes(random: Random) -> int | None:
    """Few of them, so that several tickets took as long."""
    return random.choice((None, 0, to_two_digits(random.randrange(100_000)), 45, 120))


def _replace(ids: list[int], before: list[Fact], after: list[Fact]) -> None:
    with transaction() as session:
        session.execute(delete(TicketFact).where(TicketFact.ticket_id.in_(ids)))
        if after:
            session.execute(insert(table_of(TicketFact)), after)
        cells.change(before, after)


def _add_up_anew() -> None:
    with transaction() as session:
        for kind in (FigureCell, FigureTime):
            session.execute(delete(kind))
            cells.sum_up(kind)


def _sums() -> Iterator[tuple[Any, ...]]:
    """Every sum that is more than nothing: one that has come down to nothing may stay."""
    for kind in (FigureCell, FigureTime):
        table = table_of(kind)
        sums = [column.name for column in table.c if not column.primary_key]
        for row in db.session.execute(select(table).order_by(*table.primary_key)):
            if any(row._mapping[name] for name in sums):
                yield tuple(row)


def _check_totals(facts: dict[int, Fact]) -> None:
    """In every grouping all of it is there, by what a measure says of a fact."""
    expected = {
        name: sum(measure.added_by(fact) for fact in facts.values() if fact[measure.month] is not None)
        for name, measure in MEASURES.items()
    }
    for grouping in range(8):
        rows = db.session.scalars(select(FigureCell).where(FigureCell.grouping == grouping)).all()
        assert {name: sum(getattr(row, name) for row in rows) for name in MEASURES} == expected
