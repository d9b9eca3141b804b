"""Tickets for tests, made by the commands that people's own tickets are made by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.tickets import commands
from servicedesk.tickets.models import Entry, Ticket
from servicedesk.tickets.workflow import Cause, State

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

    `filed` are fields of NewTicket; `system` and `affected` may be given as rows.
    """
    for link in ("system", "affected"):
        if link in filed:
            filed[f"{link}_id"] = filed.pop(link).id
    filer = desk.actor(by if by is not None else desk.person())
    given = {"subject": "Printeren skriver kun striber", "description": "Det begyndte i morges.", **filed}
    with desk.app.app_context():
        ticket = commands.file(commands.NewTicket(**given), by=filer, now=clock.now())
    if state == State.CANCELLED:
        with desk.app.app_context():
            commands.cancel(ticket.id, by=filer, now=clock.now(), reason="Det løste sig selv.")
    elif state != State.NEW or assignee is not None:
        _work(
            desk, ticket, State(state), filer, desk.actor(assignee if assignee is not None else _worker(desk, ticket))
        )
    return ticket.id


def _work(desk: Desk, ticket: Ticket, state: State, filer: Actor, worker: Actor) -> None:
    now = clock.now()
    with desk.app.app_context():
        commands.take(ticket.id, by=worker, now=now)
        if state is State.WAITING_USER:
            commands.wait_for_user(ticket.id, by=worker, now=now, body="Hvilken printer er det?")
        elif state is State.WAITING_SUPPLIER:
            commands.wait_for_supplier(ticket.id, by=worker, now=now, supplier="Printerhuset")
        elif state in (State.RESOLVED, State.CLOSED):
            commands.resolve(ticket.id, by=worker, now=now, solution="Tromlen er skiftet.", cause=Cause.FAULT)
        if state is State.CLOSED:
            commands.confirm(ticket.id, by=filer, now=now)


def _worker(desk: Desk, ticket: Ticket) -> Person:
    team = desk.get(Team, ticket.team_id) if ticket.team_id else None
    return desk.person(Role.SUPPORTER, unit=desk.get(Unit, ticket.customer_id), team=team)


def journal_of(desk: Desk, ticket_id: int) -> list[Entry]:
    with desk.writing() as session:
        return list(session.scalars(select(Entry).where(Entry.ticket_id == ticket_id).order_by(Entry.seq)))
