"""How a system stands, in figures for the person who looks: only of tickets that he or she oversees."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, func, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.systems.models import System
from servicedesk.tickets import lists
from servicedesk.tickets.filters import Filters, Span
from servicedesk.tickets.models import Ticket, TicketClock
from servicedesk.tickets.workflow import State

#: Ages of open tickets in days: up to each, and beyond the last.
AGES = (7, 30)
#: So far back what was promised is looked at.
LOOKING_BACK = timedelta(days=90)
_PROMISES = ("response", "resolution")


class Count(NamedTuple):
    number: int
    #: The same tickets in the queue.
    filters: Filters


class Open(NamedTuple):
    """The open tickets about a system."""

    total: int
    by_state: Sequence[tuple[State, Count]]
    #: Newest first; the age in days that they have not reached yet, None for the oldest.
    by_age: Sequence[tuple[int | None, Count]]


class Kept(NamedTuple):
    """How often what was promised was kept."""

    promise: str
    kept: int
    missed: int


def open_tickets(system: System, who: Actor, now: datetime) -> Open:
    """In one question."""
    seen = Filters(systems=(system.id,))
    now = now.replace(second=0, microsecond=0)  # an address tells the minute
    edges = [now - timedelta(days=days) for days in AGES]
    age = case(*((Ticket.filed_at >= at, place) for place, at in enumerate(edges)), else_=len(edges))
    ids = lists.overseen(seen, who).subquery()
    query = select(Ticket.state, age.label("age"), func.count()).join(ids, ids.c.id == Ticket.id)
    rows = [(state, place, number) for state, place, number in db.session.execute(query.group_by(Ticket.state, "age"))]
    states = {state: sum(number for one, _place, number in rows if one is state) for state, _place, _number in rows}
    return Open(
        total=sum(number for *_which, number in rows),
        by_state=[
            (state, Count(states[state], Filters(systems=(system.id,), states=(state,))))
            for state in State
            if state in states
        ],
        by_age=[
            (days, Count(sum(number for _state, one, number in rows if one == place), filters))
            for place, (days, filters) in enumerate(_ages(system, edges))
        ],
    )


def _ages(system: System, edges: Sequence[datetime]) -> list[tuple[int | None, Filters]]:
    bounds = [None, *edges, None]
    return [
        (days, Filters(systems=(system.id,), filed=Span(start=bounds[place + 1], end=bounds[place])))
        for place, days in enumerate([*AGES, None])
    ]


def open_by_system(systems: Collection[System], who: Actor) -> dict[int, int]:
    """How many open tickets there are about each, in one question."""
    if not systems:
        return {}
    ids = lists.overseen(Filters(systems=tuple(sorted(one.id for one in systems))), who).subquery()
    query = select(Ticket.system_id, func.count()).join(ids, ids.c.id == Ticket.id).group_by(Ticket.system_id)
    return {id_: number for id_, number in db.session.execute(query) if id_ is not None}


def kept(system: System, who: Actor, now: datetime) -> list[Kept]:
    """What was decided lately; what was cancelled, merged or withdrawn is left out."""
    ids = lists.overseen(Filters(systems=(system.id,), only_open=False, updated=Span(now - LOOKING_BACK)), who)
    decided = func.coalesce(TicketClock.breached_at, TicketClock.ended_at)
    is_missed = TicketClock.breached_at.is_not(None)
    query = (
        select(TicketClock.name, is_missed.label("is_missed"), func.count())
        .where(TicketClock.ticket_id.in_(ids), TicketClock.name.in_(_PROMISES))
        .where(is_missed | (TicketClock.outcome == "met"), decided >= now - LOOKING_BACK)
        .group_by(TicketClock.name, "is_missed")
    )
    found = {(name, bool(missed)): number for name, missed, number in db.session.execute(query)}
    return [
        Kept(name, found.get((name, False), 0), found.get((name, True), 0))
        for name in _PROMISES
        if (name, False) in found or (name, True) in found
    ]
