"""Tickets as rows that the policy is asked about, and what it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.organisation.actors import load_actor
from servicedesk.tickets import queries
from servicedesk.tickets.models import Follower, Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import OPEN_STATES, Kind, Level, Priority, State

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def load(person_id: int) -> Any:
    return load_actor(person_id, today=TODAY)


def permissions(who: Any, ticket_id: int) -> set[TicketPermission]:
    try:
        held = queries.hold(ticket_id, who)
    except NotFoundError:
        return set()
    assert held.ticket.id == ticket_id
    return set(held.may)


_forms = iter(range(10**9))


def a_ticket(**fields: Any) -> Ticket:
    """A row as no command would have to have made it: the policy must hold for whatever is there."""
    state = fields.pop("state", State.NEW)
    told: dict[str, Any] = {"cause": "other", "solution": "Løst"} if state is State.RESOLVED else {}
    if state in (State.CLOSED, State.CANCELLED):
        told["closed_at"] = NOW
    kind = fields.pop("kind", Kind.INCIDENT)
    common = {"kind": kind, "subject": "Emne", "impact": Level.LOW, "urgency": Level.LOW}
    times = {"filed_at": NOW, "updated_at": NOW, "version": 2, "head": "", "priority": Priority.LOW}
    is_open = state in OPEN_STATES
    return Ticket(**common, **times, **told, state=state, is_open=is_open, form_id=f"t{next(_forms)}", **fields)


@contextmanager
def thrown_away() -> Iterator[None]:
    """What is done within is undone: each example begins with the same database."""
    savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        db.session.rollback()
        savepoint.rollback()


def followers(desk, ticket):
    return {row.person_id for row in desk.all(Follower, ticket_id=ticket)}


def may_see(app, desk, person, ticket):
    with app.app_context():
        try:
            queries.get(ticket, desk.actor(person))
        except NotFoundError:
            return False
    return True
