"""What the journal and the clocks of a ticket come to, as a row for `TicketFact`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import BindParameter, Text, bindparam, case, select, type_coerce

from servicedesk.agreements.terms import Promise
from servicedesk.core.db import db, table_of
from servicedesk.figures.models import Verdict
from servicedesk.figures.rules import month_of, slot_of, to_two_digits
from servicedesk.tickets.models import Entry, EntryKind, Ticket, TicketClock
from servicedesk.tickets.workflow import OPEN_STATES, State, Tier
from sla import Phase

MINUTE = timedelta(minutes=1)
_MICROSECONDS = MINUTE // timedelta(microseconds=1)
#: From one team to another, to the servicedesk, or back to a superbruger.
_HANDED_OVER = frozenset({EntryKind.MOVED, EntryKind.ESCALATED, EntryKind.HANDED_BACK})

_ticket, _clock, _entry = table_of(Ticket).c, table_of(TicketClock).c, table_of(Entry).c
_ids: BindParameter[int] = bindparam("ids", expanding=True)
# Put together once, of tables rather than of objects: that is most of what a single ticket's facts cost.
_TICKETS = select(
    *(_ticket.id, _ticket.customer_id, _ticket.unit_id, _ticket.system_id, _ticket.team_id),
    *(_ticket.priority, _ticket.kind, _ticket.secrecy, _ticket.tier, _ticket.cause, _ticket.is_open),
    *(_ticket.filed_at, _ticket.first_answered_at, _ticket.resolved_at, _ticket.closed_at, _ticket.reopen_count),
).where(_ticket.id.in_(_ids))
_CLOCKS = select(
    *(_clock.ticket_id, _clock.name, _clock.phase, _clock.breached_at, _clock.ended_at, _clock.elapsed)
).where(_clock.ticket_id.in_(_ids), _clock.name.in_((Promise.RESPONSE.value, Promise.RESOLUTION.value)))
#: Data are read where time was noted, and nowhere else: most of a journal is text.
_noted = case((type_coerce(_entry.data, Text).contains('"minutes":'), _entry.data))
_ENTRIES = (
    select(_entry.ticket_id, _entry.at, _entry.kind, _entry.state, _noted.label("data"))
    .where(_entry.ticket_id.in_(_ids))
    .order_by(_entry.ticket_id, _entry.seq)
)


@dataclass
class Course:
    """What happened on the way, told entry by entry."""

    handovers: int = 0
    minutes: int = 0
    reopened_at: datetime | None = None
    #: How long it was in each open state.
    stayed: dict[State, timedelta] = field(default_factory=lambda: dict.fromkeys(OPEN_STATES, timedelta()))
    _state: State | None = None
    _since: datetime | None = None

    def take(self, entry: Any) -> None:
        """The next entry of the journal: its `at`, `kind`, `state`, and `data` where time was noted."""
        if self._state in self.stayed and self._since is not None:
            self.stayed[self._state] += entry.at - self._since
        self._state, self._since = entry.state, entry.at
        self.handovers += entry.kind in _HANDED_OVER
        self.minutes += (entry.data or {}).get("minutes", 0)
        if entry.kind is EntryKind.REOPENED:
            self.reopened_at = entry.at


def facts_of(ids: Sequence[int], zone: tzinfo) -> Iterator[dict[str, Any]]:
    """The rows of those tickets, in three queries; of those that are there."""
    told = {"ids": list(ids)}
    courses: dict[int, Course] = defaultdict(Course)
    for entry in db.session.execute(_ENTRIES, told):
        courses[entry.ticket_id].take(entry)
    clocks: dict[int, dict[str, Any]] = defaultdict(dict)
    for clock in db.session.execute(_CLOCKS, told):
        clocks[clock.ticket_id][clock.name] = clock
    for ticket in db.session.execute(_TICKETS, told):
        yield fact(ticket, courses[ticket.id], clocks[ticket.id], zone)


def fact(ticket: Any, course: Course, clocks: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """The row of one ticket, from its own row, its journal and its clocks by their names."""
    response, responded_at = _verdict(clocks.get(Promise.RESPONSE.value))
    resolution, judged_at = _verdict(clocks.get(Promise.RESOLUTION.value))
    is_solved = ticket.resolved_at is not None
    return {
        "ticket_id": ticket.id,
        **{name: getattr(ticket, name) for name in ("customer_id", "unit_id", "system_id", "team_id")},
        **{name: getattr(ticket, name) for name in ("priority", "kind", "secrecy", "cause")},
        "is_open": ticket.is_open,
        "filed_month": month_of(ticket.filed_at, zone),
        "filed_on": ticket.filed_at.astimezone(zone).date(),
        "filed_slot": slot_of(ticket.filed_at, zone),
        "resolved_month": _month(ticket.resolved_at, zone),
        "reopened_month": _month(course.reopened_at, zone),
        "ended_month": None if is_solved else _month(ticket.closed_at, zone),
        "response": response,
        "response_month": _month(responded_at, zone),
        "resolution": resolution,
        "resolution_month": _month(judged_at, zone),
        "is_at_once": is_solved and ticket.first_answered_at == ticket.resolved_at and not ticket.reopen_count,
        "is_local": is_solved and ticket.tier is Tier.LOCAL,
        "handovers": course.handovers,
        "minutes": course.minutes,
        **{f"in_{state.value}": stayed // MINUTE for state, stayed in course.stayed.items()},
        "answered_after": _elapsed(clocks.get(Promise.RESPONSE.value)) if response else None,
        "solved_after": _elapsed(clocks.get(Promise.RESOLUTION.value)) if is_solved else None,
        "solved_after_wall": to_two_digits((ticket.resolved_at - ticket.filed_at) // MINUTE) if is_solved else None,
    }


def _month(at: datetime | None, zone: tzinfo) -> int | None:
    return None if at is None else month_of(at, zone)


def _verdict(clock: Any) -> tuple[Verdict | None, datetime | None]:
    """What became of the promise, and when; nothing while it is neither kept nor broken, and of what was withdrawn."""
    if clock is None or clock.phase is Phase.ENDED:
        return None, None
    if clock.breached_at is not None:
        return Verdict.BREACHED, clock.breached_at
    return (Verdict.MET, clock.ended_at) if clock.phase is Phase.MET else (None, None)


def _elapsed(clock: Any) -> int | None:
    """Open time that a clock used until it was stopped, in minutes to two digits."""
    if clock is None or clock.ended_at is None:
        return None
    return to_two_digits(clock.elapsed // _MICROSECONDS)


def ids_after(last: int, number: int) -> Sequence[int]:
    """The next tickets by their ids, after `last`."""
    return db.session.scalars(select(Ticket.id).where(Ticket.id > last).order_by(Ticket.id).limit(number)).all()
