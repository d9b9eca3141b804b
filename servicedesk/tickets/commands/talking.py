"""What people say to each other on a ticket, and whom it then waits for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from servicedesk.agreements.book import book_of
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, RefusedError
from servicedesk.tickets import mentioning, recipients
from servicedesk.tickets.commands.writing import NewFile, append, checked_text, hold, spent
from servicedesk.tickets.models import EntryKind, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Move


def reply(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    body: str,
    seen: int | None = None,
    files: Sequence[NewFile] = (),
    minutes: int | None = None,
    left_out: Collection[int] = (),
) -> Ticket:
    """Says something that all who may read the ticket can see.

    By staff it is an answer, of which those left out are not told; by the user it sets a ticket that waited for the
    user going again, at this instant.
    """
    with transaction():
        held = hold(ticket_id, by, TicketPermission.REPLY, seen)
        is_answer = is_by_staff(held, by)
        more = {**spent(minutes, held.ticket), **untold(left_out, held.ticket, by)} if is_answer else {}
        append(
            held.ticket,
            EntryKind.REPLIED,
            by=by,
            now=now,
            move=Move.ANSWER if is_answer else Move.USER_REPLY,
            files=files,
            data={"body": checked_text(body), "is_answer": is_answer, **more},
        )
    return held.ticket


def untold(ids: Collection[int], ticket: Ticket, by: Actor) -> dict[str, Any]:
    """The part of an entry's data that says who is not told of it."""
    names = recipients.checked(ids, ticket, by)
    return {"left_out": list(names), "left_out_names": list(names.values())} if names else {}


def is_by_staff(held: Held, by: Actor) -> bool:
    """Whether `by` speaks for the servicedesk here, and not for the one it is about.

    Who filed it for a colleague and does not work on it, such as a superbruger, tells more; that is no answer.
    """
    if by.id == held.ticket.affected_id or not held.does(TicketPermission.READ_INTERNAL):
        return False
    return by.id != held.ticket.filer_id or held.does(TicketPermission.WORK)


def note(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    body: str,
    seen: int | None = None,
    files: Sequence[NewFile] = (),
    mentions: Collection[int] = (),
    minutes: int | None = None,
) -> Ticket:
    """Writes something that only those who work on the ticket can see; moves nothing.

    Colleagues who are mentioned are told of it; raises RefusedError for somebody who may not read it.
    """
    with transaction():
        held = hold(ticket_id, by, TicketPermission.READ_INTERNAL, seen)
        text = checked_text(body)
        told = mentioning.checked(mentions, held, by, now)
        append(
            held.ticket,
            EntryKind.NOTED,
            by=by,
            now=now,
            visibility=Visibility.INTERNAL,
            files=files,
            data={
                "body": text,
                **({"mentions": list(told), "mentioned": list(told.values())} if told else {}),
                **spent(minutes, held.ticket),
            },
        )
    return held.ticket


def wait_for_user(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    body: str,
    seen: int | None = None,
    files: Sequence[NewFile] = (),
    minutes: int | None = None,
    left_out: Collection[int] = (),
) -> Ticket:
    """Asks the user a question; the ticket waits for the answer."""
    with transaction():
        held = hold(ticket_id, by, TicketPermission.WORK, seen)
        told = {"body": checked_text(body), **spent(minutes, held.ticket), **untold(left_out, held.ticket, by)}
        append(held.ticket, EntryKind.WAITING, by=by, now=now, move=Move.WAIT_FOR_USER, files=files, data=told)
    return held.ticket


def wait_for_supplier(
    ticket_id: int, *, by: Actor, now: datetime, supplier: str, body: str = "", seen: int | None = None
) -> Ticket:
    """The ticket waits for a supplier, who is named; what is written about it is for those who work on it."""
    with transaction():
        held = hold(ticket_id, by, TicketPermission.WORK, seen)
        named = checked_text(supplier, most=200)
        told = {"supplier": named, "supplier_id": book_of(held.ticket.customer_id).supplier_named(named)}
        append(held.ticket, EntryKind.WAITING, by=by, now=now, move=Move.WAIT_FOR_SUPPLIER, data=told)
        if body.strip():
            text = checked_text(body)
            append(held.ticket, EntryKind.NOTED, by=by, now=now, visibility=Visibility.INTERNAL, data={"body": text})
    return held.ticket


def promise_date(
    ticket_id: int, *, by: Actor, now: datetime, promised_at: datetime | None, seen: int | None = None
) -> Ticket:
    """Notes a time that was agreed with the user by hand, or takes it back; no clock moves it, and it moves no clock.

    Raises RefusedError for a time that has passed.
    """
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.WORK, seen).ticket
        if promised_at is not None and promised_at <= now:
            raise RefusedError(N_("Vælg et tidspunkt, som ikke er passeret."))
        if promised_at != ticket.promised_at:
            told = {"promised_at": promised_at.isoformat() if promised_at else None}
            append(ticket, EntryKind.PROMISED, by=by, now=now, data=told)
    return ticket


def resume(ticket_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Work goes on, though nobody answered here: the user called, or the supplier is done."""
    with transaction():
        held = hold(ticket_id, by, TicketPermission.WORK, seen)
        append(held.ticket, EntryKind.RESUMED, by=by, now=now, move=Move.RESUME)
    return held.ticket
