"""Figures of ratings: what was told of each quarter, one's own, and the desk's so far."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Team, Unit
from servicedesk.surveys.figures import Mean, Share, mean_of, satisfied
from servicedesk.surveys.models import Figure, Publication, Rating
from servicedesk.surveys.policy import FigurePermission, RatingPermission
from servicedesk.surveys.rules import About, previous_quarter, quarter_of
from servicedesk.systems.models import System
from servicedesk.tickets.models import Ticket

#: Quarters that are shown beside each other.
QUARTERS = 4


class Told(NamedTuple):
    """How those who answered rated the help, and how many were asked."""

    asked: int
    counts: Mapping[int, int]

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def rate(self) -> Share:
        return Share(self.answered, self.asked)

    @property
    def mean(self) -> Mean | None:
        return mean_of(self.counts)

    @property
    def satisfied(self) -> Share:
        return satisfied(self.counts)


@dataclass
class Line:
    """A unit, a team or a system, by quarter; nothing for a quarter of which nothing is told."""

    id: int
    name: str
    about: About
    depth: int = 0
    quarters: dict[date, Told] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    #: The newest first.
    quarters: Sequence[date]
    units: Sequence[Line]
    teams: Sequence[Line]
    systems: Sequence[Line]
    #: Fewer answers than so many are not told of, in the newest quarter.
    least: int | None


def published(who: Actor) -> Published:
    """What was told of the last quarters, as far as `who` may see it."""
    seen = granted(FigurePermission.SEE, who)
    quarters = _quarters(seen)
    query = (
        select(Figure, Unit.name, Unit.path, Team.name, System.name)
        .outerjoin(Unit, Unit.id == Figure.unit_id)
        .outerjoin(Team, Team.id == Figure.team_id)
        .outerjoin(System, System.id == Figure.system_id)
        .where(seen, Figure.starts_on.in_(quarters))
    )
    lines: dict[tuple[About, int], Line] = {}
    paths: dict[int, str] = {}
    for figure, unit, path, team, system in db.session.execute(query):
        id_ = figure.unit_id or figure.team_id or figure.system_id or 0
        line = lines.setdefault((figure.about, id_), Line(id_, unit or team or system, figure.about))
        line.quarters[figure.starts_on] = _told(figure.asked, figure.counts)
        if path:
            paths[id_] = path
    units = _in_tree([line for (about, _id), line in lines.items() if about is About.UNIT], paths)
    return Published(quarters, units, _of(lines, About.TEAM), _of(lines, About.SYSTEM), _least(quarters, seen))


def _quarters(seen: ColumnElement[bool]) -> list[date]:
    query = select(Figure.starts_on).where(seen).distinct().order_by(Figure.starts_on.desc()).limit(QUARTERS)
    return list(db.session.scalars(query))


def _least(quarters: Sequence[date], seen: ColumnElement[bool]) -> int | None:
    if not quarters:
        return None
    query = select(func.max(Publication.least)).where(
        Publication.starts_on == quarters[0], Publication.customer_id.in_(select(Figure.customer_id).where(seen))
    )
    return db.session.scalar(query)


def _told(asked: int, counts: Mapping[str, int]) -> Told:
    return Told(asked, {int(step): number for step, number in counts.items()})


def _of(lines: Mapping[Any, Line], about: About) -> list[Line]:
    """By name: no order that says who is best."""
    return in_order([line for line in lines.values() if line.about is about], lambda line: line.name)


def _in_tree(lines: Sequence[Line], paths: Mapping[int, str]) -> list[Line]:
    """Each below the nearest told one above it."""
    names = {line.id: line.name for line in lines}
    for line in lines:
        line.depth = sum(int(part) in names for part in paths[line.id].strip("/").split("/")) - 1
    steps = {one.id: place for place, one in enumerate(in_order(lines, lambda line: line.name))}
    return sorted(lines, key=lambda one: [steps.get(int(part), -1) for part in paths[one.id].strip("/").split("/")])


# ------------------------------------------------------------------------------------------------ as they come


def own(who: Actor, now: datetime) -> list[tuple[date, Told]]:
    """One's own figures by quarter, the present one first; nobody else sees them."""
    wanted = _last_quarters(now)
    query = select(Rating.asked_at, Rating.step).where(
        granted(RatingPermission.SEE_OWN_FIGURES, who),
        Rating.is_asked(),
        Rating.asked_at >= clock.day_begins(wanted[-1]),
    )
    by_quarter: dict[date, list[int | None]] = {on: [] for on in wanted}
    for asked_at, step in db.session.execute(query):
        by_quarter[quarter_of(clock.local_midnight(asked_at).date())].append(step)
    return [(on, _counted(Counter(steps))) for on, steps in by_quarter.items()]


def so_far(who: Actor, now: datetime) -> Told:
    """The present quarter of all that `who` follows up, who may read each of its ratings anyway."""
    query = (
        select(Rating.step, func.count())
        .join(Ticket, Ticket.id == Rating.ticket_id)
        .where(Rating.is_asked(), Rating.asked_at >= clock.day_begins(_last_quarters(now)[0]))
        .where(granted(RatingPermission.FOLLOW_UP, who))
        .group_by(Rating.step)
    )
    return _counted(dict(db.session.execute(query).all()))


def _last_quarters(now: datetime) -> list[date]:
    quarters = [quarter_of(clock.local_midnight(now).date())]
    while len(quarters) < QUARTERS:
        quarters.append(previous_quarter(quarters[-1]))
    return quarters


def _counted(steps: Mapping[int | None, int]) -> Told:
    return Told(sum(steps.values()), {step: number for step, number in steps.items() if step is not None})


def rows_of(found: Published) -> Iterable[tuple[Line, date, Told]]:
    """For a file: each told figure."""
    for line in (*found.units, *found.teams, *found.systems):
        for on, told in sorted(line.quarters.items()):
            yield line, on, told
