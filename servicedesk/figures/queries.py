"""Reading sums, always for a person: by the condition that filters that person's list of tickets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Select, case, cast, func, literal_column, select
from sqlalchemy.sql.visitors import replacement_traverse

from servicedesk.core.actor import Actor
from servicedesk.core.db import bare, db, table_of
from servicedesk.core.permissions import granted
from servicedesk.figures.measures import MEASURES
from servicedesk.figures.models import FigureCell, FigureHour, FigureTime, TicketFact
from servicedesk.figures.rules import Grouping, Spread, spread
from servicedesk.figures.slices import Slice
from servicedesk.organisation.models import Unit
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy

Kind = type[FigureCell] | type[FigureTime]
#: What else tells of tickets in columns that are called as theirs.
Source = Kind | type[FigureHour] | type[TicketFact]
Counts = Mapping[str, int]

Measures = tuple[str, ...]

ALL: Measures = tuple(MEASURES)
NONE: Counts = dict.fromkeys(MEASURES, 0)
#: With fewer, what is said of others together could be worked out for one.
FEWEST_PEERS = 3
#: What is solved, and why.
_SOLVED = ("resolved", *(name for name in MEASURES if name.startswith("because_")))
_BIT_OF = {"unit_id": Grouping.UNIT, "system_id": Grouping.SYSTEM, "team_id": Grouping.TEAM}


@dataclass(frozen=True)
class Seen:
    """What a person may see, said of sums rather than of tickets."""

    condition: ColumnElement[bool]
    grouping: Grouping


def by_month(slice_: Slice, who: Actor, measures: Measures = ALL) -> Mapping[int, Counts]:
    """What was counted in each month that has anything, in one query."""
    return _by(slice_, who, "month", Grouping.NOTHING, measures)


def by_unit(slice_: Slice, who: Actor, measures: Measures = ALL) -> Mapping[int, Counts]:
    return _by(slice_, who, "unit_id", Grouping.UNIT, measures)


def by_system(slice_: Slice, who: Actor, measures: Measures = ALL) -> Mapping[int, Counts]:
    """0 stands for tickets without a system."""
    return _by(slice_, who, "system_id", Grouping.SYSTEM, measures)


def by_team(slice_: Slice, who: Actor, measures: Measures = ALL) -> Mapping[int, Counts]:
    """0 stands for tickets that no team has."""
    return _by(slice_, who, "team_id", Grouping.TEAM, measures)


def causes_by(slice_: Slice, who: Actor, grouping: Grouping) -> Iterable[tuple[int, Counts, Counts]]:
    """(unit, system or team, why its tickets were solved in those months, and in as many before), in one query."""
    found: dict[int, dict[int, Counts]] = defaultdict(dict)
    for id_, period, *counts in bare(_reading_causes(slice_, who, grouping)):
        found[id_][period] = dict(zip(_SOLVED, counts, strict=True))
    none = dict.fromkeys(_SOLVED, 0)
    return [(id_, periods.get(1, none), periods.get(0, none)) for id_, periods in found.items()]


@lru_cache(maxsize=500)
def _reading_causes(slice_: Slice, who: Actor, grouping: Grouping) -> Select[Any]:
    column: Any = getattr(FigureCell, next(name for name, bit in _BIT_OF.items() if bit == grouping))
    is_now = case((FigureCell.month >= slice_.first, literal_column("1")), else_=literal_column("0"))
    sums = [_sum(getattr(FigureCell, name)) for name in _SOLVED]
    both = slice_.of_months(slice_.before.first, slice_.last)
    conditions = _conditions(both, seen_by(who, FigureCell), FigureCell, grouping)
    return select(column, is_now, *sums).where(*conditions).group_by(column, is_now)


def by_priority(slice_: Slice, who: Actor, measures: Measures = ALL) -> Mapping[int, Counts]:
    return _by(slice_, who, "priority", Grouping.NOTHING, measures)


def _by(slice_: Slice, who: Actor, column: str, grouping: Grouping, measures: Measures) -> Mapping[int, Counts]:
    """What was not asked for is missing; sums that have come down to nothing, because tickets went elsewhere, are as
    if they were not there."""
    rows = bare(_reading(slice_, who, column, grouping, measures))
    return {int(key): dict(zip(measures, counts, strict=True)) for key, *counts in rows if any(counts)}


def _sum(column: Any) -> ColumnElement[int]:
    """Whole, as PostgreSQL's sum of large numbers is none."""
    return cast(func.sum(column), BigInteger)


def of_units(slice_: Slice, units: Sequence[int]) -> Counts:
    """What was counted of ordinary tickets in those units and below, whoever asks: for comparison with many at once.

    Raises ValueError for so few units that one could be told from it.
    """
    if len(units) < FEWEST_PEERS:
        raise ValueError(f"{len(units)} units can be told apart")
    ordinary = Seen(FigureCell.secrecy == Secrecy.ORDINARY, Grouping.NOTHING)
    conditions = _conditions(replace(slice_, units=tuple(units)), ordinary, FigureCell, Grouping.NOTHING)
    row = db.session.execute(select(*(_sum(getattr(FigureCell, name)) for name in MEASURES)).where(*conditions)).one()
    return {name: value or 0 for name, value in zip(MEASURES, row, strict=True)}


def total(several: Iterable[Counts]) -> Counts:
    """All of them together."""
    added: dict[str, int] = {}
    for counts in several:
        for name, number in counts.items():
            added[name] = added.get(name, 0) + number
    return added or NONE


# Putting it together takes as long as reading the sums, and the same few are asked for all the time.
@lru_cache(maxsize=1_000)
def _reading(slice_: Slice, who: Actor, by: str, grouping: Grouping, measures: Measures) -> Select[Any]:
    column = getattr(FigureCell, by)
    sums = [_sum(getattr(FigureCell, name)) for name in measures]
    return (
        select(column, *sums)
        .where(*_conditions(slice_, seen_by(who, FigureCell), FigureCell, grouping))
        .group_by(column)
    )


def times(slice_: Slice, who: Actor, *whats: str) -> Mapping[str, Spread]:
    """How long things took that did so in those months; what never happened is not in it."""
    return _spreads(slice_, who, "what", whats)


def times_by_month(slice_: Slice, who: Actor, what: str) -> Mapping[int, Spread]:
    """How long something took, of each month in which it happened."""
    return _spreads(slice_, who, "month", (what,))


def _spreads(slice_: Slice, who: Actor, by: str, whats: tuple[str, ...]) -> dict[Any, Spread]:
    counted: dict[Any, dict[int, int]] = defaultdict(dict)
    for key, minutes, tickets in bare(_timing(slice_, who, by, whats)):
        counted[key][minutes] = tickets
    spreads = ((key, spread(one)) for key, one in counted.items())
    return {key: found for key, found in spreads if found}


@lru_cache(maxsize=1_000)
def _timing(slice_: Slice, who: Actor, by: str, whats: tuple[str, ...]) -> Select[Any]:
    time = FigureTime
    column = getattr(time, by)
    query = select(column, time.minutes, _sum(time.tickets)).where(time.what.in_(whats))
    return query.where(*_conditions(slice_, seen_by(who, time), time, Grouping.NOTHING)).group_by(column, time.minutes)


# ------------------------------------------------------------------------------------------------ which sums


def _conditions(slice_: Slice, seen: Seen, kind: Kind, by: Grouping) -> list[ColumnElement[bool]]:
    """The sums to be added: of the coarsest grouping that tells apart what is asked for and what may be seen."""
    grouping = by | seen.grouping
    if slice_.units:
        grouping |= Grouping.UNIT
    if slice_.systems:
        grouping |= Grouping.SYSTEM
    if slice_.teams:
        grouping |= Grouping.TEAM
    found = [
        kind.customer_id == slice_.customer_id,
        kind.grouping == int(grouping),
        kind.month.between(slice_.first, slice_.last),
        seen.condition,
        *one_of(kind, slice_),
    ]
    # Said so that it is found at once in the key.
    for name, bit in _BIT_OF.items():
        if not grouping & bit:
            found.append(getattr(kind, name) == 0)
    return found


def one_of(kind: Source, slice_: Slice) -> Iterable[ColumnElement[bool]]:
    """What a slice is narrowed to, of such sums as are kept by all of it."""
    columns: Any = kind
    if slice_.units:
        yield columns.unit_id.in_(_below(slice_.units))
    chosen: Mapping[Any, Sequence[Any]] = {
        columns.system_id: slice_.systems,
        columns.team_id: slice_.teams,
        columns.priority: slice_.priorities,
        columns.kind: slice_.kinds,
    }
    yield from (column.in_(values) for column, values in chosen.items() if values)


def _below(units: Sequence[int]) -> Select[Any]:
    tops = select(Unit.path).where(Unit.id.in_(units)).subquery()
    return select(Unit.id).join(tops, Unit.path.startswith(tops.c.path))


@lru_cache(maxsize=500)
def seen_by(who: Actor, kind: Source) -> Seen:
    """The very condition that filters the person's list, with each column of a ticket replaced by that of a sum.

    Raises LookupError where the policy comes to ask what sums do not tell apart.
    """
    touched = Grouping.NOTHING
    tickets = table_of(Ticket)

    def replaced(element: Any, **_: Any) -> Any:
        nonlocal touched
        if not isinstance(element, Column) or getattr(element.table, "name", "") != tickets.name:
            return None
        touched |= _BIT_OF.get(element.name, Grouping.NOTHING)
        return _of_sum(kind, element.name)

    condition: Any = replacement_traverse(granted(TicketPermission.OVERSEE, who), {}, replaced)
    return Seen(condition, touched)


def _of_sum(kind: Source, name: str) -> Any:
    columns = table_of(kind).c
    if name == "system_id" and name in columns:
        return func.nullif(columns.system_id, 0)
    if name in ("customer_id", "unit_id", "team_id", "kind", "secrecy") and name in columns:
        return columns[name]
    raise LookupError(f"sums do not tell tickets apart by {name}")
