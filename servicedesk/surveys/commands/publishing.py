"""Telling the figures of a quarter's ratings: once, when nobody can answer for it any more, and for good.

Which figures are told is decided here and nowhere else (surveys/suppression.py); pages and files show these rows.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.organisation.changes import hold
from servicedesk.organisation.models import Unit
from servicedesk.surveys.models import Figure, Publication, Rating
from servicedesk.surveys.queries.settings import settings_of
from servicedesk.surveys.rules import RATING_LASTS, About, next_quarter, previous_quarter, quarter_of
from servicedesk.surveys.suppression import Group, Key, spread, told

#: So many quarters back something may be left to tell.
LOOKING_BACK = 8
#: Stands above teams, and above systems; the figures of all are those of the topmost unit.
_ALL = "all"


class Row(NamedTuple):
    """A rating, as far as figures need it."""

    person_id: int
    unit_id: int
    team_id: int | None
    system_id: int | None
    step: int | None


def publish_next(*, now: datetime) -> bool:
    """Tells the figures of the oldest quarter that can be told and is not; False when there is none."""
    for customer_id in db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id)).all():
        for starts_on in _untold(customer_id, now):
            publish(customer_id, starts_on, now=now)
            return True
    return False


def _untold(customer_id: int, now: datetime) -> list[date]:
    """Quarters that are over, in which somebody was asked, oldest first."""
    last = previous_quarter(quarter_of(clock.local_midnight(now - RATING_LASTS).date()))
    quarters = [last]
    while len(quarters) < LOOKING_BACK:
        quarters.append(previous_quarter(quarters[-1]))
    known = set(db.session.scalars(select(Publication.starts_on).where(Publication.customer_id == customer_id)))
    return [on for on in reversed(quarters) if on not in known and _has_any(customer_id, on)]


def _has_any(customer_id: int, starts_on: date) -> bool:
    return db.session.scalar(_ratings(customer_id, starts_on, Rating.ticket_id).limit(1)) is not None


def _ratings(customer_id: int, starts_on: date, *columns: Any) -> Any:
    begins, ends = clock.day_begins(starts_on), clock.day_begins(next_quarter(starts_on))
    period = (Rating.asked_at >= begins, Rating.asked_at < ends)
    return select(*columns).where(Rating.customer_id == customer_id, Rating.is_asked(), *period)


def publish(customer_id: int, starts_on: date, *, now: datetime) -> None:
    """Does nothing when it has been done: what was told once stays as it is."""
    with transaction() as session:
        hold(customer_id)
        if session.get(Publication, (customer_id, starts_on)) is not None:
            return
        least = settings_of(customer_id).least
        session.add(Publication(customer_id=customer_id, starts_on=starts_on, published_at=now, least=least))
        session.flush()
        columns = (Rating.person_id, Rating.unit_id, Rating.team_id, Rating.system_id, Rating.step)
        rows = [Row(*row) for row in session.execute(_ratings(customer_id, starts_on, *columns))]
        figures = [
            *_of_units(rows, customer_id, least),
            *_flat(rows, About.TEAM, least),
            *_flat(rows, About.SYSTEM, least),
        ]
        for figure in figures:
            figure.customer_id, figure.starts_on = customer_id, starts_on
            session.add(figure)
        facts: dict[str, Any] = {"quarter": starts_on.isoformat(), "least": least, "figures": len(figures)}
        audit.record("ratings_published", by=SYSTEM, now=now, customer_id=customer_id, **facts)


def _of_units(rows: Sequence[Row], customer_id: int, least: int) -> list[Figure]:
    parents: dict[int, int | None] = dict(db.session.execute(_tree(customer_id)).all())
    groups = _grouped(rows, parents, lambda row: row.unit_id)
    chosen = told(groups.values(), least)
    below = spread(((row.unit_id, row) for row in rows), parents, [key for key in parents if key in chosen])
    return [Figure(about=About.UNIT, unit_id=key, **_figures(some)) for key, some in below.items()]


def _tree(customer_id: int) -> Any:
    return select(Unit.id, Unit.parent_id).where(Unit.customer_id == customer_id).order_by(Unit.path)


def _flat(rows: Sequence[Row], about: About, least: int) -> list[Figure]:
    """Of teams or systems; what has none counts among the rest."""
    column = f"{about.value}_id"
    keys = {getattr(row, column) for row in rows} - {None}
    parents: dict[Any, Any] = {_ALL: None, **dict.fromkeys(keys, _ALL)}
    chosen = told(_grouped(rows, parents, lambda row: getattr(row, column) or _ALL).values(), least) - {_ALL}
    return [
        Figure(about=about, **{column: key}, **_figures([row for row in rows if getattr(row, column) == key]))
        for key in sorted(keys)
        if key in chosen
    ]


def _grouped(rows: Iterable[Row], parents: dict[Any, Any], key_of: Callable[[Row], Hashable]) -> dict[Key, Group]:
    groups: dict[Key, Group] = {key: Group(key, parent) for key, parent in parents.items()}
    for row in rows:
        group = groups[key_of(row)]
        group.asked.add(row.person_id)
        if row.step is not None:
            group.answered.add(row.person_id)
    return groups


def _figures(rows: Iterable[Row]) -> dict[str, Any]:
    steps = Counter(row.step for row in rows)
    asked = steps.total()
    return {"asked": asked, "counts": {str(step): number for step, number in steps.items() if step is not None}}
