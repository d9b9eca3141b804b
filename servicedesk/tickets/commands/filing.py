"""Filing a ticket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from servicedesk.agreements.book import Book, book_of
from servicedesk.core.actor import Actor
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, RefusedError
from servicedesk.core.permissions import granted
from servicedesk.drafts import commands as drafts
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.superbrugere import queries as superbrugere
from servicedesk.systems.models import System
from servicedesk.tickets import changing, hiding, journal, mandates, matrix, notices, queries, receivers, tiers
from servicedesk.tickets.commands.joining import note_link
from servicedesk.tickets.commands.writing import MAX_SUBJECT, NewFile, attach, checked_text, index, project
from servicedesk.tickets.models import Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Channel, Kind, Level, LinkKind, Secrecy, State, Tier


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """What a filer says; all else the servicedesk works out."""

    subject: str
    description: str
    kind: Kind = Kind.INCIDENT
    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    system_id: int | None = None
    #: Whom it is about, when not the filer.
    affected_id: int | None = None
    secrecy: Secrecy = Secrecy.ORDINARY
    #: The form's own id, so that sending it twice files one ticket.
    form_id: str | None = None
    #: An ended ticket that this one goes on from.
    continues_id: int | None = None
    files: Sequence[NewFile] = ()
    #: Where the filer's draft of it lies, which is no more when it is filed.
    draft: str | None = None
    channel: Channel = Channel.WEB
    #: Straight to the servicedesk, whichever superbruger is there.
    to_desk: bool = False
    #: Whether those whom it is about are told that it was received.
    has_receipt: bool = True


def file(new: NewTicket, *, by: Actor, now: datetime) -> Ticket:
    """Files a ticket; the same form sent again gives the ticket that it made.

    Raises RefusedError for a text that is missing or a system that does not exist, NotAllowedError when `by` may not
    file for that person.
    """
    return once(new.form_id, by, lambda form_id: open_ticket(new, form_id, by=by, now=now), draft=new.draft)


def once(form_id: str | None, by: Actor, make: Callable[[str], Ticket], draft: str | None = None) -> Ticket:
    """The ticket that was made with this form, else the one that `make` makes now, in a transaction.

    The person's `draft` of it is spent with it.
    """
    form_id = f"{by.id}:{_checked_id(form_id) or token_hex(16)}"
    try:
        with transaction():
            ticket = _filed_with(form_id) or make(form_id)
            if draft is not None:
                drafts.spend(draft, by=by)
            return ticket
    except IntegrityError:
        # The same form was sent at the same moment: the one that came first has filed the ticket.
        with transaction():
            first = _filed_with(form_id)
        if first is None:
            raise
        return first


def _checked_id(form_id: str | None) -> str:
    """What a browser says is the form's id, as far as a database takes it."""
    return "".join(sign for sign in form_id or "" if sign.isascii() and sign.isprintable())[:64]


def _filed_with(form_id: str) -> Ticket | None:
    return db.session.scalar(select(Ticket).where(Ticket.form_id == form_id))


def open_ticket(new: NewTicket, form_id: str, *, by: Actor, now: datetime) -> Ticket:
    """Files it, as part of the caller's transaction."""
    affected = _affected(new.affected_id, by)
    system = system_of(new.system_id, affected.customer_id)
    mandate = mandates.check(affected, system, new.secrecy, by)
    told = _place(new, affected, system, by, now)
    if mandate is not None:
        told["guideline_id"] = mandate
    ticket = write_first(
        new, told, files=new.files, form_id=form_id, filer_id=by.id, affected=affected, system=system, by=by, now=now
    )
    if new.continues_id is not None:
        old = queries.hold(new.continues_id, by, lock=True).ticket
        note_link(ticket, old, LinkKind.RELATED, by=by, now=now)
    return ticket


def _place(new: NewTicket, affected: Person, system: System | None, by: Actor, now: datetime) -> dict[str, Any]:
    """Where it starts: with a superbruger out there, or with a team of the servicedesk."""
    if new.secrecy is Secrecy.ORDINARY and not new.to_desk and affected.id == by.id:
        local = superbrugere.route(
            customer_id=affected.customer_id,
            unit_id=affected.unit_id,
            system_id=system.id if system else None,
            kind=new.kind.value,
            subject=new.subject,
            is_urgent=Level.HIGH in (new.impact, new.urgency),
            not_to={by.id},
            today=now.astimezone(own_zone()).date(),
        )
        if local is not None:
            return tiers.at_local(local)
    return {"tier": Tier.SERVICEDESK.value, "team_id": receivers.team_of(affected.customer_id, new.secrecy, system)}


def write_first(
    new: NewTicket,
    placed: Mapping[str, Any],
    *,
    files: Sequence[NewFile],
    form_id: str,
    filer_id: int | None,
    affected: Person,
    system: System | None,
    by: Actor,
    now: datetime,
) -> Ticket:
    """The first entry of a journal, its row and all that hangs on it; `placed` says at least its tier and its team."""
    customer_id = placed.get("customer_id", affected.customer_id)
    book, about = book_of(customer_id), {"customer_id": customer_id, "unit_id": affected.unit_id}
    about["system_id"] = system.id if system else None
    told = {
        **about,
        **_told(new, about, book, now),
        "affected_id": affected.id,
        "filer_id": filer_id,
        "form_id": form_id,
        **placed,
    }
    told, numbers = hiding.hide_in(told)
    entry = _first_entry(told, by, now)
    ticket = Ticket(**journal.changes(entry, None))
    db.session.add(ticket)
    db.session.flush()
    entry.ticket_id = ticket.id
    project(ticket, entry, book=book)
    db.session.add(entry)
    changing.note([ticket.id])
    hiding.keep(numbers, ticket.id, customer_id, entry.seq, now)
    attach(ticket, entry, files)
    names = {by.name, affected.name, affected.unit.name, system.name if system else ""}
    index(ticket.id, entry, *sorted(names), is_new=True)
    if new.has_receipt:
        notices.tell(ticket, entry, by)
    return ticket


def _told(new: NewTicket, about: Mapping[str, Any], book: Book, now: datetime) -> dict[str, Any]:
    """What a first entry says about the ticket, as far as it follows from what was written and what it is `about`."""
    return {
        "kind": new.kind.value,
        "secrecy": new.secrecy.value,
        "subject": checked_text(" ".join(new.subject.split()), most=MAX_SUBJECT),
        "description": checked_text(new.description),
        "impact": new.impact.value,
        "urgency": new.urgency.value,
        "priority": int(matrix.get(about["customer_id"])[new.impact, new.urgency]),
        "agreement_id": book.choose(about["system_id"], now),
        **({"channel": new.channel.value} if new.channel is not Channel.WEB else {}),
    }


def _first_entry(told: dict[str, Any], by: Actor, now: datetime) -> Entry:
    entry = Entry(
        customer_id=told["customer_id"],
        seq=1,
        at=now,
        kind=EntryKind.FILED,
        by_id=by.id,
        visibility=Visibility.PUBLIC,
        state=State.NEW,
        data=told,
    )
    entry.digest = journal.digest_of(entry, "")
    return entry


def continue_in_new(
    ticket_id: int,
    *,
    by: Actor,
    now: datetime,
    body: str,
    form_id: str | None = None,
    files: Sequence[NewFile] = (),
    draft: str | None = None,
) -> Ticket:
    """A user has more to say about a ticket that has ended: that is a new one, linked to the old.

    Raises ConflictError while the old one has not ended, NotAllowedError for those whose ticket it is not.
    """
    held = queries.hold(ticket_id, by)
    held.need(TicketPermission.JUDGE)
    old = held.ticket
    if old.state not in (State.CLOSED, State.CANCELLED):
        raise ConflictError(N_("Henvendelsen er ikke afsluttet. Skriv i den i stedet."))
    new = NewTicket(
        subject=old.subject,
        description=body,
        kind=old.kind,
        impact=old.impact,
        urgency=old.urgency,
        system_id=_still_used(old.system_id),
        affected_id=old.affected_id if by.id == old.filer_id else None,
        secrecy=old.secrecy,
        form_id=form_id,
        continues_id=old.id,
        files=files,
        draft=draft,
    )
    return file(new, by=by, now=now)


def _affected(person_id: int | None, by: Actor) -> Person:
    """Whom the ticket is about, with his or her unit loaded; raises NotAllowedError."""
    wanted = by.id if person_id is None else person_id
    query = select(Person).join(Person.unit).options(contains_eager(Person.unit)).where(Person.id == wanted)
    person = db.session.scalar(query.where(granted(PersonPermission.FILE_FOR, by)))
    if person is None:
        raise NotAllowedError(N_("Du kan ikke oprette en henvendelse på vegne af den person."))
    return person


def system_of(system_id: int | None, customer_id: int) -> System | None:
    if system_id is None:
        return None
    query = select(System).where(System.id == system_id, System.customer_id == customer_id, System.is_active)
    system = db.session.scalar(query)
    if system is None:
        raise RefusedError(N_("Det system findes ikke. Vælg et fra listen, eller lad feltet stå tomt."))
    return system


def _still_used(system_id: int | None) -> int | None:
    return db.session.scalar(select(System.id).where(System.id == system_id, System.is_active))
