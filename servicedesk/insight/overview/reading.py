"""What an overview is told from: sums of the period and of the one before, and what is under way now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from servicedesk.competence.need import kinds_of
from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.core.actor import Actor
from servicedesk.core.db import bare, db
from servicedesk.core.permissions import granted, is_open
from servicedesk.figures import queries
from servicedesk.figures.models import FigureCell, TrainingCoverage
from servicedesk.figures.queries import Counts
from servicedesk.figures.slices import Slice
from servicedesk.insight.overview.cards import Counted
from servicedesk.organisation.models import Unit
from servicedesk.surveys.policy import FigurePermission
from servicedesk.surveys.queries import figures as ratings
from servicedesk.surveys.queries.figures import Told
from servicedesk.tickets import lists, soon
from servicedesk.tickets.filters import Filters, Order

#: What the tables tell of each unit, system and team.
TABLED = (
    *("filed", "resolved", "response_met", "response_breached", "resolution_met", "resolution_breached"),
    *("at_once", "reopened"),
)
TIMES = ("answered", "solved", "solved_wall")


def counted(slice_: Slice, who: Actor, before_words: str = "", times: Sequence[str] = TIMES) -> Counted:
    """One query for what is counted, and two for times."""
    before = slice_.before
    both = queries.by_month(slice_.of_months(before.first, slice_.last), who)
    now = {month: counts for month, counts in both.items() if month >= slice_.first}
    return Counted(
        slice_,
        now=queries.total(now.values()),
        before=queries.total(counts for month, counts in both.items() if month not in now),
        monthly=now,
        times=queries.times(slice_, who, *times) if times else {},
        times_before=queries.times(before, who, *times) if times else {},
        before_words=before_words,
    )


def waiting(slice_: Slice, who: Actor, last: int) -> Mapping[int, Counts]:
    """What is not solved yet, by the month in which it came, whenever that was."""
    return queries.by_month(slice_.of_months(0, last), who, ("waiting",))


@dataclass(frozen=True)
class AtRisk:
    """Overdue, or due within four opening hours."""

    number: int
    is_more: bool
    filters: Filters


def at_risk(slice_: Slice, who: Actor, now: datetime) -> AtRisk:
    """As the queue shows and counts them."""
    filters = replace(slice_.filters(only_open=True), soon=True, order=Order.DUE)
    number = lists.count(soon.told(filters, who, now), who)
    return AtRisk(min(number, lists.COUNT_CAP), number > lists.COUNT_CAP, filters)


@dataclass(frozen=True)
class Covered:
    """Of so many courses that are required of people, so many are had."""

    required: int
    trained: int
    told_at: datetime


def covered(slice_: Slice, who: Actor, units: Sequence[Unit]) -> Covered | None:
    """In the units of whose people the reader may know; None where nothing is required of anybody there."""
    tops = [unit.path for unit in units if unit.id in (slice_.units or (slice_.customer_id,))]
    below = {unit.id for unit in units if unit.path.startswith(tuple(tops))}
    row = TrainingCoverage
    query = (
        select(row.unit_id, row.required, row.trained, row.told_at)
        .join(Unit, Unit.id == row.unit_id)
        .where(row.customer_id == slice_.customer_id, granted(UnitCompetencePermission.SEE_PEOPLE, who))
    )
    found = [line for line in db.session.execute(query) if line.unit_id in below]
    if not found:
        return None
    return Covered(
        sum(line.required for line in found), sum(line.trained for line in found), max(line.told_at for line in found)
    )


@dataclass(frozen=True)
class Satisfied:
    """The newest published quarter of the narrowest thing that was chosen, and the one before."""

    name: str
    told: Told
    on: date
    before: Told | None


def satisfied(slice_: Slice, who: Actor) -> Satisfied | None:
    """What was published and may be told; None where too few have answered, or nobody was asked."""
    if not is_open(FigurePermission.SEE, who):
        return None
    found = ratings.published(who)
    lines, chosen = found.units, slice_.units or (slice_.customer_id,)
    if slice_.teams:
        lines, chosen = found.teams, slice_.teams
    if slice_.systems:
        lines, chosen = found.systems, slice_.systems
    line = next((one for one in lines if chosen == (one.id,)), None)
    if line is None or not line.quarters:
        return None
    newest, *older = sorted(line.quarters, reverse=True)
    return Satisfied(line.name, line.quarters[newest], newest, line.quarters[older[0]] if older else None)


@dataclass(frozen=True)
class Line:
    """A unit, a system or a team with what was counted there."""

    id: int
    name: str
    counts: Counts
    #: What else is narrowed to it: the field of a slice.
    field: str

    def slice_of(self, whole: Slice) -> Slice | None:
        """Its part of the whole; None for tickets without one."""
        narrower: Any = {self.field: (self.id,)}
        return replace(whole, **narrower) if self.id else None


def by_unit(slice_: Slice, who: Actor, units: Sequence[Unit], measures: queries.Measures = queries.ALL) -> list[Line]:
    """The units right below what was chosen, or below the top, each with all that lies below it; the top itself with
    what lies in it alone is not shown."""
    counted_ = queries.by_unit(slice_, who, measures)
    paths = {unit.id: unit.path for unit in units}
    tops = {paths[id_] for id_ in slice_.units or (slice_.customer_id,)}
    lines = []
    for unit in units:
        parent = unit.path[: -len(f"{unit.id}/")]
        if parent in tops or (unit.path in tops and unit.id != slice_.customer_id):
            below = [counts for id_, counts in counted_.items() if paths.get(id_, "").startswith(unit.path)]
            lines.append(Line(unit.id, unit.name, queries.total(below), "units"))
    return [line for line in lines if any(line.counts.values())]


def by_system(
    slice_: Slice, who: Actor, names: Mapping[int, str], *, most: int, measures: queries.Measures = queries.ALL
) -> list[Line]:
    """Those with most tickets first."""
    return _most(queries.by_system(slice_, who, measures), names, "systems", most)


def by_team(
    slice_: Slice, who: Actor, names: Mapping[int, str], measures: queries.Measures = queries.ALL
) -> list[Line]:
    return _most(queries.by_team(slice_, who, measures), names, "teams", len(names) + 1)


def _most(counted_: Mapping[int, Counts], names: Mapping[int, str], field: str, most: int) -> list[Line]:
    found = sorted(counted_.items(), key=lambda one: (-one[1]["filed"], -one[1]["resolved"]))
    return [Line(id_, names.get(id_, ""), counts, field) for id_, counts in found[:most] if any(counts.values())]


@dataclass(frozen=True)
class Peers:
    """Other units of the same kind, taken together."""

    kind: str
    number: int
    counts: Counts


def peers(slice_: Slice, units: Sequence[Unit]) -> Peers | None:
    """Those of the kind of the one unit that was chosen, if there are enough of them that none can be told apart."""
    if len(slice_.units) != 1:
        return None
    kinds = kinds_of(slice_.customer_id)
    kind = kinds.get(slice_.units[0], "")
    others = [unit.id for unit in units if kind and kinds.get(unit.id) == kind and unit.id != slice_.units[0]]
    if len(others) < queries.FEWEST_PEERS:
        return None
    return Peers(kind, len(others), queries.of_units(slice_, others))


def has_figures(customer_id: int) -> bool:
    """Whether anything was told of the customer yet."""
    return bool(bare(_ANY, {"of": customer_id}))


_ANY = select(FigureCell.month).where(FigureCell.customer_id == bindparam("of"), FigureCell.grouping == 0).limit(1)
