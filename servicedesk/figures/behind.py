"""The tickets behind a figure, as a list: a mark such as "resolved-202601202603" in the queue's address."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from sqlalchemy import ColumnElement, or_, select

from servicedesk.core.actor import Actor
from servicedesk.figures.measures import MEASURES, Measure
from servicedesk.figures.models import TicketFact
from servicedesk.figures.slices import Slice
from servicedesk.figures.words import counted, period_in_words
from servicedesk.tickets import marks
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.models import Ticket

#: Months as one number: the first, then the last.
_FIRST = 1_000_000


def filters(slice_: Slice, measure: str) -> Filters:
    """The list of what was counted; nothing of another customer, however much the reader oversees."""
    return slice_.filters(marks=(mark(slice_, measure),))


def mark(slice_: Slice, measure: str) -> str:
    """What tells of the measure and the months in the address of a list."""
    return f"{measure}-{slice_.first * _FIRST + slice_.last}"


def _condition(measure: Measure, periods: Collection[int]) -> ColumnElement[bool]:
    """Tickets that count in one of the periods."""
    month = getattr(TicketFact, measure.month)
    months = or_(*(month.between(*divmod(period, _FIRST)) for period in periods))
    return Ticket.id.in_(select(TicketFact.ticket_id).where(measure.condition, months))


def _names(measure: str, periods: Collection[int], _who: Actor) -> Mapping[int, str]:
    return {period: f"{counted(measure)}, {period_in_words(*divmod(period, _FIRST))}" for period in periods}


def _declare(name: str, measure: Measure) -> None:
    condition: Callable[[Collection[int]], ColumnElement[bool]] = partial(_condition, measure)
    marks.declare(name, marks.Kind(condition, partial(_names, name)))


for _each, _measure in MEASURES.items():
    _declare(_each, _measure)
