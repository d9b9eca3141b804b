"""Sums by the hour: how many tickets came in each, as pages tell of load; kept like the sums of cells.py."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, union_all

from servicedesk.core.db import db, table_of
from servicedesk.figures.cells import ONE, ZERO, Fact, add_rows, insert_into
from servicedesk.figures.models import FigureHour, TicketFact

_KEY = ("customer_id", "filed_on", "filed_slot", "team_id", "secrecy")


def change(before: Iterable[Fact], after: Iterable[Fact]) -> None:
    """Takes those facts away from the sums and adds those to them, in the caller's transaction."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for sign, facts in ((-1, before), (1, after)):
        for fact in facts:
            if fact["filed_on"] is not None:
                counted[tuple(fact[name] or 0 if name == "team_id" else fact[name] for name in _KEY)] += sign
    rows = [{**dict(zip(_KEY, key, strict=True)), "tickets": number} for key, number in counted.items() if number]
    add_rows(table_of(FigureHour), rows)


def sum_up() -> None:
    """Puts down all sums anew from the facts."""
    db.session.execute(delete(FigureHour))
    db.session.execute(insert_into()(table_of(FigureHour)).from_select([*_KEY, "tickets"], _from_facts()))


def _from_facts() -> Select[Any]:
    fact = TicketFact
    team: ColumnElement[int] = func.coalesce(fact.team_id, ZERO)
    keys: list[Any] = [fact.customer_id, fact.filed_on, fact.filed_slot, team.label("team_id"), fact.secrecy]
    told: Select[Any] = select(*keys, func.sum(ONE).label("tickets"))
    return told.where(fact.filed_on.is_not(None)).group_by(*keys)


def wrong() -> Iterator[Mapping[str, Any]]:
    """The keys of sums that are not what the facts add up to."""
    should, table = _from_facts().subquery(), table_of(FigureHour).c
    told = select(*(should.c[name] for name in (*_KEY, "tickets")))
    are = select(*(table[name] for name in _KEY), (-table.tickets).label("tickets"))
    both = union_all(told, are).subquery()
    keys = [both.c[name] for name in _KEY]
    for row in db.session.execute(select(*keys).group_by(*keys).having(func.sum(both.c.tickets) != ZERO)):
        yield dict(row._mapping)
