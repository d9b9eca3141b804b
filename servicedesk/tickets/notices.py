"""Who hears of which journal entry, as mails in the outbox.

A mail about a confidential or security ticket carries neither its subject nor anybody's words.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.notifications import commands as outbox
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import Entry, EntryKind, Follower, Ticket
from servicedesk.tickets.workflow import Secrecy, State

#: Template and receivers of each kind of entry that anybody is told about.
_USERS, _ASSIGNEE, _ALL = "users", "assignee", "all"
_TOLD: dict[EntryKind, tuple[str, str]] = {
    EntryKind.FILED: ("ticket_filed", _USERS),
    EntryKind.WAITING: ("ticket_question", _USERS),
    EntryKind.RESOLVED: ("ticket_resolved", _USERS),
    EntryKind.REOPENED: ("ticket_reopened", _ASSIGNEE),
    EntryKind.CANCELLED: ("ticket_cancelled", _ALL),
    EntryKind.MERGED: ("ticket_merged", _USERS),
    EntryKind.TAKEN: ("ticket_assigned", _ASSIGNEE),
    EntryKind.ASSIGNED: ("ticket_assigned", _ASSIGNEE),
    EntryKind.MOVED: ("ticket_assigned", _ASSIGNEE),
}


def tell(ticket: Ticket, entry: Entry, by: Actor) -> None:
    """Puts the mails about `entry` in the outbox; whoever did it is not told, but for the receipt."""
    template, receivers = _template(entry) or ("", "")
    if not template:
        return
    ids = _ids(ticket, receivers)
    if entry.kind is not EntryKind.FILED:
        ids.discard(by.id)
    facts = _facts(ticket, entry, by)
    for person in _persons(ids):
        outbox.add(template=template, person=person, facts=facts, now=entry.at, **_thread(ticket, entry, person))


def _template(entry: Entry) -> tuple[str, str] | None:
    if entry.kind is EntryKind.REPLIED:
        return ("ticket_replied", _USERS) if entry.data["is_answer"] else ("ticket_user_replied", _ASSIGNEE)
    if entry.kind is EntryKind.WAITING and entry.state is not State.WAITING_USER:
        return None
    return _TOLD.get(entry.kind)


def _ids(ticket: Ticket, receivers: str) -> set[int | None]:
    if receivers == _ASSIGNEE:
        return {ticket.assignee_id}
    ids: set[int | None] = {ticket.filer_id, ticket.affected_id}
    if receivers == _ALL:
        ids.add(ticket.assignee_id)
    if ticket.secrecy is Secrecy.ORDINARY:
        ids |= set(db.session.scalars(select(Follower.person_id).where(Follower.ticket_id == ticket.id)))
    return ids


def _persons(ids: Iterable[int | None]) -> Iterable[Person]:
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return []
    return db.session.scalars(
        select(Person).where(Person.id.in_(wanted), Person.email.is_not(None)).order_by(Person.id)
    )


def _facts(ticket: Ticket, entry: Entry, by: Actor) -> dict[str, Any]:
    facts: dict[str, Any] = {"number": ticket.number, "url": f"/tickets/{ticket.id}", "is_secret": True}
    if ticket.secrecy is not Secrecy.ORDINARY:
        return facts
    texts = {name: entry.data[name] for name in ("body", "solution", "reason") if entry.data.get(name)}
    if entry.kind is EntryKind.MERGED:
        texts["into"] = entry.data["number"]
    return {**facts, "is_secret": False, "subject": ticket.subject, "by": by.name, "state": ticket.state.value, **texts}


def _thread(ticket: Ticket, entry: Entry, person: Person) -> dict[str, str]:
    """A person's mails about one ticket hang together: the receipt's id is the same for ever."""
    first = f"ticket-{ticket.id}-{person.id}"
    return {"message_id": first} if entry.kind is EntryKind.FILED else {"thread_id": first}
