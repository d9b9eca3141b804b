"""Tickets that belong together, and people who follow along."""

from datetime import datetime, timedelta

from sqlalchemy import select

from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets import queries
from servicedesk.tickets.commands.writing import append, hold
from servicedesk.tickets.models import Entry, EntryKind, Follower, Link, Ticket, Visibility, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import MIRRORED, OPEN_STATES, LinkKind, Move, MoveRefusedError, Secrecy, State

#: For so long a merge can be undone.
UNDO_MERGE_WITHIN = timedelta(days=30)


def merge(ticket_id: int, *, by: Actor, now: datetime, into_id: int, seen: int | None = None) -> Ticket:
    """Lets a ticket live on in another one, which its users then follow; answers the survivor.

    Raises RefusedError when the two cannot be one: different customers, or one of them secret.
    """
    with transaction():
        one, other = _hold_both(ticket_id, into_id, by, seen)
        ticket, into = one.ticket, other.ticket
        check_may_be_one(ticket, into)
        told = {"into": into.id, "number": into.number, "before": ticket.state.value}
        append(ticket, EntryKind.MERGED, by=by, now=now, move=Move.MERGE, data=told)
        append(into, EntryKind.ABSORBED, by=by, now=now, visibility=Visibility.INTERNAL, data={"other_id": ticket.id})
        for person_id in sorted(users_of(ticket) - {into.filer_id, into.affected_id}):
            _start_following(into, person_id, by, now, is_brought=True)
    return into


def users_of(ticket: Ticket) -> set[int]:
    """Those whom the ticket is for, and those of all tickets that live on in it."""
    users, ids = {ticket.filer_id, ticket.affected_id}, {ticket.id}
    while ids:
        below = select(Ticket.id, Ticket.filer_id, Ticket.affected_id).where(Ticket.merged_into_id.in_(ids))
        rows = db.session.execute(below).all()
        users.update(*(row[1:] for row in rows))
        ids = {row.id for row in rows}
    return users


def _hold_both(ticket_id: int, other_id: int, by: Actor, seen: int | None = None) -> tuple[Held, Held]:
    """Both tickets locked, the lower id first, so that two such changes never wait for each other in a circle."""
    if ticket_id == other_id:
        raise RefusedError(N_("En henvendelse kan ikke lægges sammen med sig selv."))
    seen_of = {ticket_id: seen, other_id: None}
    held = {id_: hold(id_, by, TicketPermission.WORK, seen_of[id_]) for id_ in sorted((ticket_id, other_id))}
    return held[ticket_id], held[other_id]


def check_may_be_one(ticket: Ticket, into: Ticket) -> None:
    """Raises RefusedError."""
    if ticket.customer_id != into.customer_id:
        raise RefusedError(N_("Henvendelser fra to organisationer kan ikke lægges sammen."))
    if Secrecy.ORDINARY is not ticket.secrecy or Secrecy.ORDINARY is not into.secrecy:
        raise RefusedError(N_("Fortrolige henvendelser kan ikke lægges sammen: de har hver deres læsere."))
    for one in (into, ticket):
        if one.state not in OPEN_STATES:
            raise MoveRefusedError(one.state, Move.MERGE)


def undo_merge(ticket_id: int, *, by: Actor, now: datetime) -> Ticket:
    """Lets a merged ticket be itself again, in the state that it had.

    Raises ConflictError when it is not merged or was merged too long ago.
    """
    with transaction():
        merged = queries.get(ticket_id, by)
        entry = _merge_entry(merged)
        if entry is None or now - entry.at > UNDO_MERGE_WITHIN:
            raise ConflictError(N_("Sammenlægningen kan ikke fortrydes mere."))
        ticket, into, *above = _hold_chain(merged, by)
        if ticket.merged_into_id != into.id:
            raise ConflictError(N_("Sammenlægningen er allerede fortrudt."))
        told = {"number": into.number}
        append(ticket, EntryKind.UNMERGED, by=by, now=now, state=State(entry.data["before"]), data=told)
        append(into, EntryKind.RELEASED, by=by, now=now, visibility=Visibility.INTERNAL, data={"other_id": ticket.id})
        for survivor in (into, *above):
            for person_id in sorted(users_of(ticket) - users_of(survivor)):
                if _was_brought(survivor, person_id):
                    _stop_following(survivor, person_id, by, now)
    return ticket


def _hold_chain(merged: Ticket, by: Actor) -> list[Ticket]:
    """The ticket, the one that it was merged into, the one which that was merged into in turn …, all locked.

    The last ones may be hidden from `by`: what is undone there is only what the merge did.
    """
    ids, last = [merged.id], merged.merged_into_id
    while last is not None:
        ids.append(last)
        last = db.session.scalar(select(Ticket.merged_into_id).where(Ticket.id == last))
    held = {id_: hold(id_, by if id_ in ids[:2] else SYSTEM, TicketPermission.WORK).ticket for id_ in sorted(ids)}
    return [held[id_] for id_ in ids]


def _was_brought(ticket: Ticket, person_id: int) -> bool:
    """Whether it was a merge that made the person follow."""
    query = select(Entry).where(Entry.ticket_id == ticket.id, Entry.kind == EntryKind.FOLLOWED)
    told = [entry.data for entry in db.session.scalars(query.order_by(Entry.seq))]
    return any([data.get("is_brought", False) for data in told if data["person_id"] == person_id][-1:])


def _merge_entry(ticket: Ticket) -> Entry | None:
    if ticket.merged_into_id is None:
        return None
    query = select(Entry).where(Entry.ticket_id == ticket.id, Entry.kind == EntryKind.MERGED)
    return db.session.scalar(query.order_by(Entry.seq.desc()).limit(1))


def link(ticket_id: int, *, by: Actor, now: datetime, other_id: int, kind: LinkKind) -> Ticket:
    """Notes how a ticket stands to another, in both journals. Said twice, it is noted once."""
    with transaction():
        one, other = _hold_both(ticket_id, other_id, by)
        if one.ticket.customer_id != other.ticket.customer_id:
            raise NotFoundError
        if db.session.get(Link, (ticket_id, other_id, kind)) is None:
            _check_no_circle(ticket_id, other_id, kind)
            note_link(one.ticket, other.ticket, kind, by=by, now=now)
    return one.ticket


def note_link(ticket: Ticket, other: Ticket, kind: LinkKind, *, by: Actor, now: datetime) -> None:
    """Notes a link in both journals, as part of the caller's transaction."""
    for here, there, how in _sides(ticket, other, kind):
        _append_link(here, there, how, EntryKind.LINKED, by, now)
        db.session.add(Link(ticket_id=here.id, other_id=there.id, kind=how))


def unlink(ticket_id: int, *, by: Actor, now: datetime, other_id: int, kind: LinkKind) -> Ticket:
    """Takes such a note back, in both journals."""
    with transaction():
        one, other = _hold_both(ticket_id, other_id, by)
        if db.session.get(Link, (ticket_id, other_id, kind)) is None:
            raise NotFoundError
        for here, there, how in _sides(one.ticket, other.ticket, kind):
            _append_link(here, there, how, EntryKind.UNLINKED, by, now)
            db.session.delete(db.session.get_one(Link, (here.id, there.id, how)))
    return one.ticket


def _sides(ticket: Ticket, other: Ticket, kind: LinkKind) -> list[tuple[Ticket, Ticket, LinkKind]]:
    return [(ticket, other, kind), (other, ticket, MIRRORED[kind])]


def _append_link(here: Ticket, there: Ticket, how: LinkKind, kind: EntryKind, by: Actor, now: datetime) -> None:
    """Internal: the other ticket's number is not every reader's to know."""
    told = {"other_id": there.id, "number": number_of(there.id), "link": how.value}
    append(here, kind, by=by, now=now, visibility=Visibility.INTERNAL, data=told)


def _check_no_circle(ticket_id: int, other_id: int, kind: LinkKind) -> None:
    """Refuses to make a ticket its own forebear."""
    if kind not in (LinkKind.PARENT, LinkKind.CHILD):
        return
    child, parent = (ticket_id, other_id) if kind is LinkKind.PARENT else (other_id, ticket_id)
    above, seen = {parent}, set[int]()
    while above:
        if child in above:
            raise RefusedError(N_("Så ville henvendelsen høre under sig selv."))
        seen |= above
        parents = select(Link.other_id).where(Link.ticket_id.in_(above), Link.kind == LinkKind.PARENT)
        above = set(db.session.scalars(parents)) - seen


def follow(ticket_id: int, *, by: Actor, now: datetime, person_id: int | None = None) -> Ticket:
    """Lets `by`, or a person whom `by` may bring, follow the ticket.

    Raises RefusedError when the ticket is secret: nobody is let in by being made a follower.
    """
    with transaction():
        held = hold(ticket_id, by, TicketPermission.FOLLOW)
        if held.ticket.secrecy is not Secrecy.ORDINARY:
            raise RefusedError(N_("En fortrolig henvendelse kan ikke følges."))
        if person_id is not None and person_id != by.id:
            _check_may_bring(held, person_id, by)
        _start_following(held.ticket, person_id or by.id, by, now)
    return held.ticket


def _check_may_bring(held: Held, person_id: int, by: Actor) -> None:
    held.need(TicketPermission.REPLY)
    findable = select(Person.id).where(
        Person.id == person_id,
        Person.is_active,
        Person.customer_id == held.ticket.customer_id,
        granted(PersonPermission.BRING, by),
    )
    if db.session.scalar(findable) is None:
        raise NotFoundError


def unfollow(ticket_id: int, *, by: Actor, now: datetime, person_id: int | None = None) -> Ticket:
    """Stops following it; or those whom it is about, and who work on it, take another follower off."""
    with transaction():
        held = hold(ticket_id, by, TicketPermission.READ)
        if person_id is not None and person_id != by.id and not held.does(TicketPermission.WORK):
            held.need(TicketPermission.JUDGE)
        if by.id is not None:
            _stop_following(held.ticket, person_id or by.id, by, now)
    return held.ticket


def _start_following(
    ticket: Ticket, person_id: int | None, by: Actor, now: datetime, *, is_brought: bool = False
) -> None:
    if person_id is None or db.session.get(Follower, (ticket.id, person_id)) is not None:
        return
    told = {"person_id": person_id, **({"is_brought": True} if is_brought else {})}
    append(ticket, EntryKind.FOLLOWED, by=by, now=now, visibility=Visibility.INTERNAL, data=told)
    db.session.add(Follower(ticket_id=ticket.id, person_id=person_id))


def _stop_following(ticket: Ticket, person_id: int, by: Actor, now: datetime) -> None:
    follower = db.session.get(Follower, (ticket.id, person_id))
    if follower is None:
        return
    append(ticket, EntryKind.UNFOLLOWED, by=by, now=now, visibility=Visibility.INTERNAL, data={"person_id": person_id})
    db.session.delete(follower)
