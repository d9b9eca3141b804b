"""Whose a ticket is, what it is about, and how much it matters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.agreements.book import book_of
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.models import Team
from servicedesk.systems.models import System
from servicedesk.tickets import choices, matrix, receivers
from servicedesk.tickets.commands.passing import pass_on
from servicedesk.tickets.commands.writing import MAX_SUBJECT, append, checked_text, hold
from servicedesk.tickets.models import EntryKind, Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import OPEN_STATES, Kind, Level, Move, MoveRefusedError, Secrecy, State, Tier


def take(ticket_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Makes it one's own; a new ticket is thereby under way."""
    with transaction():
        held = hold(ticket_id, by, TicketPermission.WORK, seen)
        ticket = _being_worked(held.ticket)
        if ticket.tier is Tier.LOCAL and held.does(TicketPermission.DISPATCH):
            pass_on(ticket, {"why": "desk"}, by=by, now=now)
        if ticket.assignee_id != by.id:
            place = {"assignee_id": by.id, "team_id": ticket.team_id, "assignee": by.name}
            append(ticket, EntryKind.TAKEN, by=by, now=now, move=Move.TAKE, data=place)
    return ticket


def assign(ticket_id: int, *, by: Actor, now: datetime, assignee_id: int | None, seen: int | None = None) -> Ticket:
    """Gives it to a colleague in its team, or to nobody.

    Raises RefusedError when that colleague cannot have it.
    """
    with transaction():
        ticket = _being_worked(hold(ticket_id, by, TicketPermission.DISPATCH, seen).ticket)
        if assignee_id == ticket.assignee_id:
            return ticket
        if assignee_id == by.id:
            return take(ticket_id, by=by, now=now)
        colleague = _colleague(assignee_id, ticket, now.date())
        place = {"assignee_id": assignee_id, "team_id": ticket.team_id, "assignee": colleague}
        append(ticket, EntryKind.ASSIGNED, by=by, now=now, data=place)
    return ticket


def _being_worked(ticket: Ticket) -> Ticket:
    if ticket.state not in OPEN_STATES:
        raise MoveRefusedError(ticket.state, Move.TAKE)
    return ticket


def _colleague(person_id: int | None, ticket: Ticket, today: date) -> str | None:
    """The name of somebody who can be given the ticket; raises RefusedError."""
    if person_id is None:
        return None
    for choice in choices.assignable_to(ticket, today):
        if choice.id == person_id:
            return choice.name
    raise RefusedError(N_("Den person er ikke i det team, som har henvendelsen."))


def move(ticket_id: int, *, by: Actor, now: datetime, team_id: int, seen: int | None = None) -> Ticket:
    """Passes it on to another team, where nobody has taken it yet.

    Raises RefusedError when that team cannot have it: secret tickets stay in teams that are closed to others.
    """
    with transaction():
        ticket = _being_worked(hold(ticket_id, by, TicketPermission.DISPATCH, seen).ticket)
        if team_id == ticket.team_id:
            return ticket
        names = {choice.id: choice.name for choice in choices.teams_for(ticket)}
        if team_id not in names:
            raise RefusedError(N_("Det team kan ikke få henvendelsen."))
        place = {"assignee_id": None, "team_id": team_id, "team": names[team_id], "tier": Tier.SERVICEDESK.value}
        append(ticket, EntryKind.MOVED, by=by, now=now, data=place)
    return ticket


def change(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    subject: str | None = None,
    kind: Kind | None = None,
    impact: Level | None = None,
    urgency: Level | None = None,
    system_id: int | None = None,
    without_system: bool = False,
) -> Ticket:
    """Corrects what it is about and how much it matters; what is None stays. Priority follows the matrix."""
    with transaction():
        ticket = _being_worked(hold(ticket_id, by, TicketPermission.WORK, seen).ticket)
        wanted: dict[str, Any] = {"kind": kind, "impact": impact, "urgency": urgency}
        wanted["subject"] = checked_text(" ".join(subject.split()), most=MAX_SUBJECT) if subject is not None else None
        if impact is not None or urgency is not None:
            cells = matrix.get(ticket.customer_id)
            wanted["priority"] = cells[impact or ticket.impact, urgency or ticket.urgency]
        changed = {name: [getattr(ticket, name), new] for name, new in wanted.items() if new is not None}
        if without_system or system_id is not None:
            changed["system_id"] = [ticket.system_id, _known_system(system_id, ticket)]
        changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
        if "system_id" in changed:
            changed |= _agreement_of(ticket, changed["system_id"][1], now)
        if changed:
            append(ticket, EntryKind.CHANGED, by=by, now=now, data=changed)
    return ticket


def _agreement_of(ticket: Ticket, system_id: int | None, now: datetime) -> dict[str, Any]:
    """Another system may stand under another agreement."""
    book = book_of(ticket.customer_id)
    chosen = book.choose(system_id, now)
    agreements = [book.versions[id_].agreement_id if id_ else None for id_ in (ticket.agreement_id, chosen)]
    return {} if agreements[0] == agreements[1] else {"agreement_id": [ticket.agreement_id, chosen]}


def _known_system(system_id: int | None, ticket: Ticket) -> int | None:
    if system_id is None:
        return None
    query = select(System.id).where(System.id == system_id, System.customer_id == ticket.customer_id)
    if db.session.scalar(query) is None:
        raise RefusedError(N_("Det system findes ikke. Vælg et fra listen, eller lad feltet stå tomt."))
    return system_id


def classify(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    secrecy: Secrecy,
    team_id: int | None = None,
    seen: int | None = None,
) -> Ticket:
    """Makes it confidential, a security incident, or ordinary again.

    A secret ticket goes to a team that is closed to others (`team_id`, else the customer's receiver), and nobody
    outside that team and the user sees it from then on. Raises RefusedError when there is no such team.
    """
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.WORK, seen).ticket
        if ticket.state in (State.CLOSED, State.CANCELLED) and secrecy is Secrecy.ORDINARY:
            raise MoveRefusedError(ticket.state, Move.TAKE)
        if secrecy is ticket.secrecy:
            return ticket
        team = _receiver(ticket.customer_id, secrecy, team_id)
        told = {"secrecy": secrecy.value, "before": ticket.secrecy.value, "assignee_id": None, "team_id": team}
        told["tier"] = Tier.SERVICEDESK.value
        append(ticket, EntryKind.CLASSIFIED, by=by, now=now, data=told)
    return ticket


def _receiver(customer_id: int, secrecy: Secrecy, team_id: int | None) -> int | None:
    is_secret = secrecy is not Secrecy.ORDINARY
    query = select(Team.id).where(receivers.may_hold(customer_id, secrecy))
    if team_id is not None:
        query = query.where(Team.id == team_id)
    found = db.session.scalar(query.order_by(receivers.receives(secrecy).desc(), Team.id).limit(1))
    if found is None and (is_secret or team_id is not None):
        raise RefusedError(N_("Der er ikke et team, som må se den slags. Opret eller vælg et lukket team først."))
    return found
