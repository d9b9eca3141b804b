"""How a ticket ends, and how it begins again."""

from datetime import datetime

from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.tickets import solving
from servicedesk.tickets.commands.writing import append, checked_text, hold, spent
from servicedesk.tickets.models import EntryKind, Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Cause, Move, after

NO_ANSWERS: solving.Answers = {}


def resolve(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    solution: str,
    cause: Cause,
    seen: int | None = None,
    minutes: int | None = None,
    is_told: bool = True,
    answers: solving.Answers = NO_ANSWERS,
) -> Ticket:
    """Says how it was solved and why it was needed; the user then confirms or reopens.

    With `is_told=False` the user is not told: he or she was in the telephone when it was solved. `answers` are to
    what else is asked where a ticket is solved.
    """
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.RESOLVE, seen).ticket
        told = {"solution": checked_text(solution), "cause": cause.value, **spent(minutes, ticket)}
        after(ticket.state, Move.RESOLVE)  # before anything is kept
        solving.keep(ticket, cause, answers, by, now)
        append(ticket, EntryKind.RESOLVED, by=by, now=now, move=Move.RESOLVE, data=told, is_told=is_told)
    return ticket


def confirm(ticket_id: int, *, by: Actor, now: datetime, words: str = "") -> Ticket:
    """The user says that it works, and perhaps a few words to whoever helped."""
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.JUDGE).ticket
        told = {"body": checked_text(words)} if words.strip() else {}
        append(ticket, EntryKind.CONFIRMED, by=by, now=now, move=Move.CONFIRM, data=told)
    return ticket


def reopen(ticket_id: int, *, by: Actor, now: datetime, reason: str) -> Ticket:
    """The user, or staff on hearing it from the user, says that it does not work, and why."""
    with transaction():
        held = hold(ticket_id, by, TicketPermission.READ)
        held.need(TicketPermission.WORK if held.does(TicketPermission.WORK) else TicketPermission.JUDGE)
        append(held.ticket, EntryKind.REOPENED, by=by, now=now, move=Move.REOPEN, data={"reason": checked_text(reason)})
    return held.ticket


def close(ticket_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Ends a solved ticket without the user's word."""
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.RESOLVE, seen).ticket
        append(ticket, EntryKind.CLOSED, by=by, now=now, move=Move.CLOSE)
    return ticket


def cancel(ticket_id: int, *, by: Actor, now: datetime, reason: str = "") -> Ticket:
    """Withdraws a ticket that nobody needs any more."""
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.CANCEL).ticket
        told = {"reason": checked_text(reason)} if reason.strip() else {}
        append(ticket, EntryKind.CANCELLED, by=by, now=now, move=Move.CANCEL, data=told)
    return ticket
