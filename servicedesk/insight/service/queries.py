"""Reading what the page tells, for a person who has been let in to the customer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Row, func, select

from servicedesk.agreements.terms import Priority
from servicedesk.core.db import db
from servicedesk.figures.models import FigureCell
from servicedesk.figures.rules import Grouping, first_day, later, month_of, months
from servicedesk.insight.service.kept import MONTHS, TOLD, Kept, Month
from servicedesk.organisation.models import Team
from servicedesk.tickets.workflow import Secrecy

#: By month and priority, how much there was of each measure.
Sums = Mapping[tuple[int, Priority | None], Mapping[str, int]]
_MEASURES = tuple(dict.fromkeys(name for figure in TOLD.values() for name in figure.whole))


def mail_address(customer_id: int) -> str | None:
    """Of those who first see what comes in."""
    query = select(Team.email).where(Team.customer_id == customer_id, Team.is_first_line, Team.is_active)
    return db.session.scalars(query.order_by(Team.id)).first()


def kept(customer_id: int, today: date) -> list[Kept]:
    """How the promises were kept in each of the last whole months, all together and by priority; one question.

    Of ordinary tickets, and for everybody: what each may see in lists is no matter here.
    """
    last = later(month_of(today), -1)
    span = list(months(later(last, 1 - MONTHS), last))
    sums = _sums(customer_id, span[0], span[-1])
    return [
        Kept(promise, priority, list(_months(sums, span, priority, figure.part, figure.whole)))
        for promise, figure in TOLD.items()
        for priority in (None, *Priority)
    ]


def _months(
    sums: Sums, span: Sequence[int], priority: Priority | None, part: Sequence[str], whole: Sequence[str]
) -> Iterator[Month]:
    for month in span:
        counted = sums[month, priority]
        yield Month(first_day(month), sum(counted[name] for name in part), sum(counted[name] for name in whole))


def _sums(customer_id: int, first: int, last: int) -> Sums:
    cell = FigureCell
    query = (
        select(cell.month, cell.priority, *(func.sum(getattr(cell, name)).label(name) for name in _MEASURES))
        .where(cell.customer_id == customer_id, cell.grouping == int(Grouping.NOTHING))
        .where(cell.unit_id == 0, cell.system_id == 0, cell.team_id == 0)
        .where(cell.month.between(first, last), cell.secrecy == Secrecy.ORDINARY)
        .group_by(cell.month, cell.priority)
    )
    found: dict[tuple[int, Priority | None], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_MEASURES, 0))
    for row in db.session.execute(query):
        _add(found[row.month, row.priority], row)
        _add(found[row.month, None], row)
    return found


def _add(sums: dict[str, int], row: Row[*tuple[int, ...]]) -> None:
    for name in _MEASURES:
        sums[name] += getattr(row, name)
