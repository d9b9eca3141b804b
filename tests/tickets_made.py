"""Tickets for tests, made by the commands that people's own tickets are made by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.organisation.models import Person
from servicedesk.tickets import commands
from servicedesk.tickets.models import Entry
from servicedesk.tickets.workflow import Cause, Kind, Level, Secrecy, State

if TYPE_CHECKING:
    from tests.desk import Desk, Someone


def make_ticket(
    desk: Desk,
    state: str = State.NEW,
    *,
    by: Someone | None = None,
    assignee: Someone | None = None,
    **filed: Any,
) -> int:
    """Files a ticket as `by` (else a new employee) and lets `assignee` (else a new supporter) bring it to `state`.

    `filed` is passed on to the command that files; `system`, `affected` and `team` may be given as rows.
    """
    for link in ("system", "affected"):
        if link in filed:
            filed[f"{link}_id"] = filed.pop(link).id
    filer = desk.actor(by if by is not None else desk.person())
    given = {
        "subject": f"Printeren skriver kun striber ({filer.initials})",
        "description": "Det begyndte i morges.",
        "kind": Kind.INCIDENT,
        "impact": Level.LOW,
        "urgency": Level.MEDIUM,
        "system_id": None,
        "affected_id": None,
        "secrecy": Secrecy.ORDINARY,
        "form_id": None,
        "files": (),
    }
    with desk.app.app_context():
        ticket_id: int = commands.file(by=filer, now=clock.now(), **{**given, **filed}).id
    if state != State.NEW:
        _bring(desk, ticket_id, State(state), filer, assignee)
    return ticket_id


def _bring(desk: Desk, ticket_id: int, state: State, filer: Actor, assignee: Someone | None) -> None:
    said = {"by": filer, "now": clock.now()}
    if state is State.CANCELLED:
        with desk.app.app_context():
            commands.cancel(ticket_id, reason="Det løste sig selv.", **said)
        return
    worker = desk.actor(assignee if assignee is not None else _supporter(desk, filer))
    done = {"by": worker, "now": clock.now(), "seen": None}
    with desk.app.app_context():
        commands.take(ticket_id, **done)
        if state is State.WAITING_USER:
            commands.wait_for_user(ticket_id, body="Hvilken printer er det?", **done)
        elif state is State.WAITING_SUPPLIER:
            commands.wait_for_supplier(ticket_id, supplier="Printerhuset", body="Vi har bestilt en tekniker.", **done)
        elif state in (State.RESOLVED, State.CLOSED):
            commands.resolve(ticket_id, solution="Tromlen er skiftet.", cause=Cause.FAULT, **done)
        if state is State.CLOSED:
            commands.confirm(ticket_id, **said)


def _supporter(desk: Desk, filer: Actor) -> Person:
    from servicedesk.organisation.models import Unit

    assert filer.customer_id is not None
    return desk.person(Role.SUPPORTER, unit=desk.get(Unit, filer.customer_id))


def journal_of(desk: Desk, ticket_id: int) -> list[Entry]:
    with desk.writing() as session:
        return list(session.scalars(select(Entry).where(Entry.ticket_id == ticket_id).order_by(Entry.seq)))
