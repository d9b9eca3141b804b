"""Tickets on their way out: the object that the API shows, read a few at a time, through the policy."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, and_, select, type_coerce
from sqlalchemy.orm import aliased

from servicedesk.core import lookups
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.lookups import Look, Seen
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets.models import Entry, Link, Ticket, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy

#: As what it stands among the look-ups; no page of ours.
DOOR = "export"
#: Tickets that are read together.
BATCH = 500

Filer, Affected, Assignee = aliased(Person), aliased(Person), aliased(Person)

#: The fields of a ticket as columns of a sheet.
COLUMNS = (
    *("number", "kind", "subject", "description", "state", "tier", "class", "priority", "impact", "urgency"),
    *("filer", "affected", "unit", "system", "team", "assignee", "cause"),
    *("filed_at", "first_answered_at", "resolved_at", "closed_at", "due_at", "reopen_count", "version", "links"),
    *("source_name", "source_number", "minutes"),
)


def tickets(who: Actor, *, now: datetime, customer_id: int | None = None) -> Iterator[dict[str, Any]]:
    """Every ticket that `who` may read, oldest first, with instants as instants.

    SYSTEM, who is nobody in particular, gets confidential and security tickets without what was written in them. For
    anybody else each of these is a look-up that is accounted for.
    """
    if who is not SYSTEM:
        with transaction():
            lookups.record([Look(seen=Seen.EXPORT, door=DOOR)], by=who, now=now)
    last = 0
    while rows := db.session.execute(_next(who, last, customer_id)).all():
        last = rows[-1].Ticket.id
        links = _links([row.Ticket.id for row in rows], who)
        minutes = _minutes([row.Ticket.id for row in rows], who)
        told = [
            {**_told(row, links[row.Ticket.id], is_open=who is not SYSTEM), "minutes": minutes.get(row.Ticket.id)}
            for row in rows
        ]
        _note_lookups([row.Ticket for row in rows], who, now)
        db.session.rollback()
        yield from told


def _next(who: Actor, last: int, customer_id: int | None) -> Select[Any]:
    names = (Filer, Affected, Assignee)
    people = [column for person in names for column in (person.name, person.initials)]
    query = (
        select(Ticket, Entry.data, Unit.name, System.name, Team.name, *people)
        .join(Entry, and_(Entry.ticket_id == Ticket.id, Entry.seq == 1))
        .join(Unit, Unit.id == Ticket.unit_id)
        .join(Filer, Filer.id == Ticket.filer_id)
        .join(Affected, Affected.id == Ticket.affected_id)
        .outerjoin(System, System.id == Ticket.system_id)
        .outerjoin(Team, Team.id == Ticket.team_id)
        .outerjoin(Assignee, Assignee.id == Ticket.assignee_id)
        .where(Ticket.id > last, granted(TicketPermission.READ, who))
    )
    if customer_id is not None:
        query = query.where(Ticket.customer_id == customer_id)
    return query.order_by(Ticket.id).limit(BATCH)


def _links(ids: Sequence[int], who: Actor) -> Mapping[int, list[dict[str, str]]]:
    """Links to tickets that `who` may read as well."""
    query = select(Link).join(Ticket, Ticket.id == Link.other_id).where(granted(TicketPermission.READ, who))
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for link in db.session.scalars(query.where(Link.ticket_id.in_(ids)).order_by(Link.ticket_id, Link.other_id)):
        found[link.ticket_id].append({"kind": link.kind.value, "number": number_of(link.other_id)})
    return found


def _minutes(ids: Sequence[int], who: Actor) -> Mapping[int, int]:
    """How long people say that they spent on each ticket; for those who work on it, and only where anybody said so."""
    said = type_coerce(Entry.data, Text).contains('"minutes":', autoescape=True)
    query = select(Entry.ticket_id, Entry.data).join(Ticket, Ticket.id == Entry.ticket_id)
    query = query.where(Entry.ticket_id.in_(ids), said, granted(TicketPermission.READ_INTERNAL, who))
    spent: Counter[int] = Counter()
    for ticket_id, data in db.session.execute(query):
        spent[ticket_id] += data.get("minutes", 0)
    return spent


def _told(row: Any, links: list[dict[str, str]], *, is_open: bool) -> dict[str, Any]:
    ticket, filed, unit, system, team, *people = row
    filer, affected, assignee = (_person(*people[at : at + 2]) for at in (0, 2, 4))
    may_tell = is_open or ticket.secrecy is Secrecy.ORDINARY
    source = {"name": ticket.source_name, "number": ticket.source_number} if ticket.source_name else None
    return {
        "number": ticket.number,
        "kind": ticket.kind.value,
        "subject": ticket.subject if may_tell else "",
        "description": filed["description"] if may_tell else "",
        "state": ticket.state.value,
        "tier": ticket.tier.value,
        "class": ticket.secrecy.value,
        "priority": int(ticket.priority),
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "filer": filer,
        "affected": affected,
        "unit": unit,
        "system": system,
        "team": team,
        "assignee": assignee,
        "cause": ticket.cause.value if ticket.cause else None,
        "filed_at": ticket.filed_at,
        "first_answered_at": ticket.first_answered_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "due_at": ticket.due_at,
        "reopen_count": ticket.reopen_count,
        "version": ticket.version,
        "links": links,
        "source": source,
    }


def _person(name: str | None, initials: str | None) -> dict[str, str] | None:
    return {"initials": initials, "name": name} if name and initials else None


def _note_lookups(read: Sequence[Ticket], who: Actor, now: datetime) -> None:
    secret = [ticket for ticket in read if ticket.secrecy is not Secrecy.ORDINARY]
    if not secret or who is SYSTEM:
        return
    look = Look(seen=Seen.TICKET, door=DOOR, subject="ticket_id", keys=[ticket.id for ticket in secret])
    with transaction():
        lookups.record([look], by=who, now=now)


def flat(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the columns of a sheet: people by name, links by number, the source in two."""
    source = ticket["source"] or {"name": None, "number": None}
    people = {field: ticket[field]["name"] if ticket[field] else None for field in ("filer", "affected", "assignee")}
    links = " ".join(dict.fromkeys(link["number"] for link in ticket["links"]))
    columns = {**ticket, **people, "links": links, "source_name": source["name"], "source_number": source["number"]}
    return {column: columns[column] for column in COLUMNS}
