"""How many tickets came in each hour on the wall, and the list behind an hour of the week."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask_babel import format_date
from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import bare
from servicedesk.core.language import gettext as _
from servicedesk.figures.models import FigureHour, TicketFact
from servicedesk.figures.queries import one_of, seen_by
from servicedesk.figures.slices import Slice
from servicedesk.tickets import marks
from servicedesk.tickets.filters import Filters, Span
from servicedesk.tickets.models import Ticket

HOURS = 24
SLOTS = 7 * HOURS
#: A Monday.
_MONDAY = date(2026, 1, 5)

#: How many came, by day and hour of the week; what is not in it is none.
Came = Mapping[tuple[date, int], int]


def came(slice_: Slice, who: Actor, first: date, last: date) -> Came:
    """On those days, the last included, whatever the slice's months are; in one query.

    From sums by the hour; they are kept by team alone, so that whatever else narrows it, or tells apart what the
    reader may see, is counted along an index.
    """
    return {(on, slot): number for on, slot, number in bare(_asking(slice_, who), {"from": first, "to": last})}


@lru_cache(maxsize=1_000)
def _asking(slice_: Slice, who: Actor) -> Select[Any]:
    query = _from_sums(slice_, who) if _is_summed(slice_) else None
    if query is None:
        query = _from_facts(slice_, who)
    on, slot = list(query.selected_columns)[:2]
    return query.where(on.between(bindparam("from"), bindparam("to"))).group_by(on, slot)


def _is_summed(slice_: Slice) -> bool:
    return not (slice_.units or slice_.systems or slice_.priorities or slice_.kinds)


def _from_sums(slice_: Slice, who: Actor) -> Select[Any] | None:
    hour = FigureHour
    try:
        seen = seen_by(who, hour)
    except LookupError:
        return None
    columns: list[Any] = [hour.filed_on, hour.filed_slot, func.sum(hour.tickets)]
    query = select(*columns).where(hour.customer_id == slice_.customer_id, seen.condition)
    return query.where(hour.team_id.in_(slice_.teams)) if slice_.teams else query


def _from_facts(slice_: Slice, who: Actor) -> Select[Any]:
    fact = TicketFact
    columns: list[Any] = [fact.filed_on, fact.filed_slot, func.count()]
    return select(*columns).where(
        fact.customer_id == slice_.customer_id, seen_by(who, fact).condition, *one_of(fact, slice_)
    )


def behind(slice_: Slice, first: date, last: date, slot: int | None = None) -> Filters:
    """The list of what came on those days, the last included; in that hour of their weeks."""
    span = Span(clock.day_begins(first), clock.day_begins(last + timedelta(days=1)))
    return slice_.filters(filed=span, marks=() if slot is None else (mark(slot),))


def mark(slot: int) -> str:
    """What tells of an hour of the week in the address of a list."""
    return f"hour-{slot + 1}"


def _in_hours(ids: Collection[int]) -> ColumnElement[bool]:
    slots = [id_ - 1 for id_ in ids]
    return exists().where(TicketFact.ticket_id == Ticket.id, TicketFact.filed_slot.in_(slots))


def _named(ids: Collection[int], _who: Actor) -> Mapping[int, str]:
    return {id_: _hour_in_words(id_ - 1) for id_ in ids if id_ <= SLOTS}


def _hour_in_words(slot: int) -> str:
    weekday, hour = divmod(slot, HOURS)
    day = format_date(_MONDAY + timedelta(days=weekday), "EEEE")
    return _("Modtaget %(weekday)s kl. %(first)s-%(last)s", weekday=day, first=hour, last=hour + 1)


#: Hours of the week from 1 on Monday at midnight to 168, as no key is 0.
marks.declare("hour", marks.Kind(_in_hours, _named))
