"""What was said in passing on a ticket becomes a ticket of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.organisation.models import Person
from servicedesk.systems.models import System
from servicedesk.tickets import receivers
from servicedesk.tickets.commands.filing import NewTicket, once, system_of, write_first
from servicedesk.tickets.commands.joining import note_link
from servicedesk.tickets.commands.writing import NewFile, append, hold
from servicedesk.tickets.models import Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Kind, LinkKind, Secrecy


@dataclass(frozen=True, kw_only=True)
class Part:
    """What becomes a ticket of its own; all else it has from the ticket that it comes from."""

    subject: str
    description: str
    #: The entries that it was said in.
    seqs: Sequence[int]
    kind: Kind
    system_id: int | None = None
    #: The form's own id, so that sending it twice makes one ticket.
    form_id: str | None = None
    #: Copies of what came with those entries.
    files: Sequence[NewFile] = ()


def split(ticket_id: int, part: Part, *, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Makes a new ticket of something said on this one; answers the new one.

    Filer, affected person, customer and secrecy stay. Its clocks run from now: nobody could know of it before.
    Merging it back undoes it. Raises RefusedError for an entry that its user could not read: a note does not become
    a description.
    """
    return once(part.form_id, by, lambda form_id: _split(ticket_id, part, form_id, by, now, seen))


def _split(ticket_id: int, part: Part, form_id: str, by: Actor, now: datetime, seen: int | None) -> Ticket:
    old = hold(ticket_id, by, TicketPermission.WORK, seen).ticket
    if old.merged_into_id is not None:
        raise ConflictError(N_("Henvendelsen er lagt sammen med en anden. Lav den nye ud fra den."))
    seqs = _said_to_user(old, part.seqs)
    system = _system(old, part.system_id)
    new = NewTicket(
        subject=part.subject,
        description=part.description,
        kind=part.kind,
        impact=old.impact,
        urgency=old.urgency,
        secrecy=old.secrecy,
    )
    ticket = write_first(
        new,
        {**_place(old, system), "split_from": {"id": old.id, "number": old.number, "seqs": seqs}},
        files=part.files,
        form_id=form_id,
        filer_id=old.filer_id,
        affected=_affected(old),
        system=system,
        by=by,
        now=now,
    )
    told = {"other_id": ticket.id, "number": ticket.number, "seqs": seqs}
    append(old, EntryKind.SPLIT_OFF, by=by, now=now, visibility=Visibility.INTERNAL, data=told)
    note_link(ticket, old, LinkKind.RELATED, by=by, now=now)
    return ticket


def _said_to_user(ticket: Ticket, seqs: Sequence[int]) -> list[int]:
    """The entries, each once and in their order; raises RefusedError."""
    query = select(Entry.seq).where(Entry.ticket_id == ticket.id, Entry.seq.in_(list(seqs)))
    found = list(db.session.scalars(query.where(Entry.visibility == Visibility.PUBLIC).order_by(Entry.seq)))
    if not found or set(found) != set(seqs):
        raise RefusedError(
            N_("Vælg en besked, som brugeren kan læse. En intern note kan ikke blive til en henvendelse.")
        )
    return found


def _system(old: Ticket, system_id: int | None) -> System | None:
    """Its own system may have gone out of use; another may not."""
    if system_id is not None and system_id == old.system_id:
        return db.session.get(System, system_id)
    return system_of(system_id, old.customer_id)


def _place(old: Ticket, system: System | None) -> dict[str, Any]:
    """It stays with those who have the old one, unless another system says whose it is."""
    is_elsewhere = (system.id if system else None) != old.system_id
    moves = is_elsewhere and old.secrecy is Secrecy.ORDINARY
    return {
        "customer_id": old.customer_id,
        "unit_id": old.unit_id,
        "tier": old.tier.value,
        "team_id": receivers.team_of(old.customer_id, old.secrecy, system) if moves else old.team_id,
    }


def _affected(old: Ticket) -> Person:
    query = select(Person).join(Person.unit).options(contains_eager(Person.unit)).where(Person.id == old.affected_id)
    return db.session.scalars(query).one()
