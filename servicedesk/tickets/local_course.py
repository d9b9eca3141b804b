"""How tickets have fared with superbrugere, as conditions on rows; `insight.corps` counts by the same words."""

from collections.abc import Iterable, Mapping
from json import dumps

from sqlalchemy import ColumnElement, Text, select, type_coerce
from sqlalchemy.orm import aliased

from servicedesk.agreements.terms import Promise
from servicedesk.tickets.filters import Course, Filters
from servicedesk.tickets.models import Entry, EntryKind, Ticket, TicketClock
from servicedesk.tickets.workflow import Secrecy, State, Tier

#: What somebody does who handles a ticket; of replies, the answers.
HANDLING = (EntryKind.TAKEN, EntryKind.REPLIED, EntryKind.RESOLVED, EntryKind.ESCALATED)
#: What a superbruger has done to a ticket that fared so.
_DONE: Mapping[Course, tuple[EntryKind, ...]] = {
    Course.THERE: HANDLING,
    Course.SOLVED: (EntryKind.RESOLVED,),
    Course.PASSED_ON: (EntryKind.ESCALATED,),
    Course.REOPENED: (EntryKind.RESOLVED,),
}
SOLVED = (State.RESOLVED, State.CLOSED)


def conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    yield was_there()
    for course in filters.courses:
        yield from _FARED[course]()
    if filters.helpers:
        kinds = {kind for course in filters.courses or (Course.THERE,) for kind in _DONE[course]}
        did = select(Entry.id).where(Entry.ticket_id == Ticket.id, Entry.by_id.in_(filters.helpers))
        yield did.where(Entry.kind.in_(kinds), ~_is_users_word()).correlate(Ticket).exists()


def was_there() -> ColumnElement[bool]:
    """An ordinary ticket with a local clock."""
    clock = (TicketClock.ticket_id == Ticket.id) & (TicketClock.name == Promise.LOCAL.value)
    return (Ticket.secrecy == Secrecy.ORDINARY) & select(TicketClock.ticket_id).where(clock).correlate(Ticket).exists()


def _is_users_word() -> ColumnElement[bool]:
    return (Entry.kind == EntryKind.REPLIED) & says("is_answer", False)


def says(name: str, value: str | bool) -> ColumnElement[bool]:
    """Whether an entry's data has that at its top. What people wrote cannot say it: their quotes are escaped.

    Only what is looked for is read: the long texts of thousands of entries stay where they are.
    """
    return type_coerce(Entry.data, Text).contains(f'"{name}":{dumps(value)}', autoescape=True)


def _solved() -> Iterable[ColumnElement[bool]]:
    yield Ticket.tier == Tier.LOCAL
    yield Ticket.state.in_(SOLVED)
    yield Ticket.solution.is_not(None)


def _passed_on() -> Iterable[ColumnElement[bool]]:
    passed = select(Entry.id).where(Entry.ticket_id == Ticket.id, Entry.kind == EntryKind.ESCALATED)
    yield passed.correlate(Ticket).exists()


def _reopened() -> Iterable[ColumnElement[bool]]:
    reopened, passed = aliased(Entry), aliased(Entry)
    before = select(passed.id).where(
        passed.ticket_id == Ticket.id, passed.kind == EntryKind.ESCALATED, passed.seq < reopened.seq
    )
    again = select(reopened.id).where(reopened.ticket_id == Ticket.id, reopened.kind == EntryKind.REOPENED)
    yield again.where(~before.correlate(Ticket, reopened).exists()).correlate(Ticket).exists()


def _there() -> Iterable[ColumnElement[bool]]:
    return ()


_FARED = {
    Course.THERE: _there,
    Course.SOLVED: _solved,
    Course.PASSED_ON: _passed_on,
    Course.REOPENED: _reopened,
}
