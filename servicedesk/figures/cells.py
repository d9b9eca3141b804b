"""Sums over facts: what one fact adds to them, and the same put as statements over all of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    String,
    Subquery,
    Table,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from servicedesk.core.db import db, table_of
from servicedesk.figures.measures import MEASURES, MONTHS, TIMES
from servicedesk.figures.models import FigureCell, FigureTime, TicketFact
from servicedesk.figures.rules import GROUPINGS, Grouping

Sums = type[FigureCell] | type[FigureTime]
Fact = Mapping[str, Any]

#: What tells sums apart besides unit, system and team: in every grouping.
_ALWAYS = ("priority", "kind", "secrecy")
_BY_BIT: Mapping[str, Grouping] = {
    "unit_id": Grouping.UNIT,
    "system_id": Grouping.SYSTEM,
    "team_id": Grouping.TEAM,
}
_KEPT_BY = {one: frozenset(name for name, bit in _BY_BIT.items() if one & bit) for one in GROUPINGS}
FINEST = Grouping.UNIT | Grouping.SYSTEM | Grouping.TEAM
#: From which sums those of each coarser grouping are added up, in this order: always from few.
COARSER: Mapping[Grouping, Grouping] = {
    Grouping.UNIT | Grouping.SYSTEM: FINEST,
    Grouping.UNIT | Grouping.TEAM: FINEST,
    Grouping.SYSTEM | Grouping.TEAM: FINEST,
    Grouping.UNIT: Grouping.UNIT | Grouping.TEAM,
    Grouping.SYSTEM: Grouping.SYSTEM | Grouping.TEAM,
    Grouping.TEAM: Grouping.SYSTEM | Grouping.TEAM,
    Grouping.NOTHING: Grouping.TEAM,
}
#: A reader of the statement meets the same few numbers a hundred times: they are written out rather than handed over.
ZERO, ONE = literal_column("0", Integer), literal_column("1", Integer)

_SHARED = ("customer_id", "grouping", *_BY_BIT, "month", *_ALWAYS)
_KEYS: Mapping[Sums, tuple[str, ...]] = {FigureCell: _SHARED, FigureTime: (*_SHARED, "what", "minutes")}
_SUMS: Mapping[Sums, tuple[str, ...]] = {FigureCell: tuple(MEASURES), FigureTime: ("tickets",)}


# ------------------------------------------------------------------------------------------------ some facts


def change(before: Iterable[Fact], after: Iterable[Fact]) -> None:
    """Takes those facts away from the sums and adds those to them, in the caller's transaction."""
    cells: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    times: Counter[tuple[Any, ...]] = Counter()
    for sign, facts in ((-1, before), (1, after)):
        for fact in facts:
            for key, name, amount in _counted(fact):
                cells[key][name] += sign * amount
            for key in _timed(fact):
                times[key] += sign
    rows = [_row(FigureCell, key, counted) for key, counted in cells.items() if any(counted.values())]
    add_rows(table_of(FigureCell), rows)
    rows = [_row(FigureTime, key, {"tickets": number}) for key, number in times.items() if number]
    add_rows(table_of(FigureTime), rows)


def _counted(fact: Fact) -> Iterator[tuple[tuple[Any, ...], str, int]]:
    """(key of a sum, measure, what is added) for each grouping."""
    for month, places in _places(fact, MONTHS).items():
        for name, measure in MEASURES.items():
            if measure.month == month and (amount := measure.added_by(fact)):
                for place in places:
                    yield place, name, amount


def _timed(fact: Fact) -> Iterator[tuple[Any, ...]]:
    for what, timed in TIMES.items():
        minutes = fact[timed.minutes]
        if minutes is not None:
            for places in _places(fact, (timed.month,)).values():
                for place in places:
                    yield (*place, what, minutes)


def _places(fact: Fact, months: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Where a fact counts in each month that it has, without what a table's key has besides."""
    always = tuple(fact[name] for name in _ALWAYS)
    found = {}
    for month in months:
        if (at := fact[month]) is not None:
            found[month] = [(fact["customer_id"], int(one), *_place(fact, one), at, *always) for one in GROUPINGS]
    return found


def _place(fact: Fact, grouping: Grouping) -> Iterator[int]:
    return ((fact[name] or 0) if name in _KEPT_BY[grouping] else 0 for name in _BY_BIT)


def _row(kind: Sums, key: tuple[Any, ...], sums: Mapping[str, int]) -> dict[str, Any]:
    row = dict(zip(_KEYS[kind], key, strict=True))
    return row | {name: sums.get(name, 0) for name in _SUMS[kind]}


def add_rows(table: Table, rows: list[dict[str, Any]]) -> None:
    """To the sums that are there."""
    if rows:
        db.session.execute(_adding(table, insert_into()), rows)


def insert_into() -> Any:
    return postgres_insert if db.engine.dialect.name == "postgresql" else sqlite_insert


# Made once: for a single change, putting it together takes longer than the database does.
@lru_cache
def _adding(table: Table, insert_into_: Callable[[Table], Any]) -> Insert:
    into = insert_into_(table)
    added = {column.name: column + into.excluded[column.name] for column in table.c if not column.primary_key}
    return into.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------------------------ all facts


def sum_up(kind: Sums) -> None:
    """Puts down all sums anew: the finest from the facts, and those of every other grouping from finer ones."""
    _put(kind, _finest(kind))
    for grouping, finer in COARSER.items():
        _put(kind, _coarser(kind, grouping, finer))


def _put(kind: Sums, statement: Select[Any]) -> None:
    names = [column.name for column in statement.selected_columns]
    # In the order in which they are looked for: what is read together then lies together.
    statement = statement.order_by(*_KEYS[kind])
    db.session.execute(insert_into()(table_of(kind)).from_select(names, statement))


def _finest(kind: Sums) -> Select[Any]:
    told = _every_counted() if kind is FigureCell else _every_timed()
    places = [func.coalesce(told.c[name], ZERO).label(name) for name in _BY_BIT]
    further = ("what", "minutes") if kind is FigureTime else ()
    keys = [told.c.customer_id, *places, told.c.month, *(told.c[name] for name in (*_ALWAYS, *further))]
    sums = [func.sum(told.c[name]).label(name) for name in _SUMS[kind]]
    return select(_plain(FINEST).label("grouping"), *keys, *sums).group_by(*keys)


def _every_counted() -> Subquery:
    """What counts in each month of each ticket; of all else, nothing."""
    return union_all(
        *(
            select(
                *_of_fact(month),
                *((one.adds if one.month == month else ZERO).label(name) for name, one in MEASURES.items()),
            ).where(getattr(TicketFact, month).is_not(None))
            for month in MONTHS
        )
    ).subquery()


def _every_timed() -> Subquery:
    return union_all(
        *(
            select(
                *_of_fact(one.month),
                literal_column(f"'{what}'", String).label("what"),
                getattr(TicketFact, one.minutes).label("minutes"),
                ONE.label("tickets"),
            ).where(getattr(TicketFact, one.month).is_not(None), getattr(TicketFact, one.minutes).is_not(None))
            for what, one in TIMES.items()
        )
    ).subquery()


def _of_fact(month: str) -> list[Any]:
    fact = TicketFact
    dimensions = [fact.customer_id, fact.unit_id, fact.system_id, fact.team_id, fact.priority, fact.kind, fact.secrecy]
    return [*dimensions, getattr(fact, month).label("month")]


def _coarser(kind: Sums, grouping: Grouping, finer: Grouping) -> Select[Any]:
    table = table_of(kind)
    keys = [column for column in table.primary_key if column.name not in _BY_BIT or grouping & _BY_BIT[column.name]]
    shown: list[Any] = [_coarsened(column, grouping) for column in table.primary_key]
    sums = [func.sum(table.c[name]).label(name) for name in _SUMS[kind]]
    return select(*shown, *sums).where(table.c.grouping == int(finer)).group_by(*keys)


def _coarsened(column: Any, grouping: Grouping) -> Any:
    if column.name == "grouping":
        return _plain(grouping).label("grouping")
    if column.name in _BY_BIT and not grouping & _BY_BIT[column.name]:
        return ZERO.label(column.name)
    return column


def _plain(number: int) -> ColumnElement[int]:
    return literal_column(str(int(number)), Integer)


# ------------------------------------------------------------------------------------------------ compared


def wrong(kind: Sums) -> Iterator[Mapping[str, Any]]:
    """The keys of sums that are not what the facts, or the finer sums, add up to."""
    for grouping in GROUPINGS:
        is_finest = grouping is FINEST or grouping == FINEST
        should = _finest(kind) if is_finest else _coarser(kind, grouping, COARSER[grouping])
        for row in db.session.execute(_differing(kind, should, grouping)):
            yield dict(row._mapping)


def _differing(kind: Sums, should: Select[Any], grouping: Grouping) -> Select[Any]:
    table, names = table_of(kind), (*_KEYS[kind], *_SUMS[kind])
    kept = [table.c[name] if name in _KEYS[kind] else (-table.c[name]).label(name) for name in names]
    told = should.subquery()
    are = select(*kept).where(table.c.grouping == int(grouping))
    both = union_all(select(*(told.c[name] for name in names)), are).subquery()
    keys = [both.c[name] for name in _KEYS[kind]]
    differs: Any = literal_column("1") == literal_column("0")
    for name in _SUMS[kind]:
        differs = differs | (func.sum(both.c[name]) != ZERO)
    return select(*keys).group_by(*keys).having(differs)
