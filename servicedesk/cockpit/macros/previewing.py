"""What a macro would do to one ticket, told before it does: rehearsed by the same commands, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from servicedesk.cockpit import doing
from servicedesk.cockpit.steps import Step
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.notifications.commands import held_back
from servicedesk.notifications.models import HeldNews
from servicedesk.organisation.models import Person, Team
from servicedesk.systems.models import System
from servicedesk.tickets.models import Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.queries import Held

#: Facts of a ticket that a preview compares.
_COMPARED = ("state", "priority", "impact", "urgency", "kind", "due_at")
_NAMED = {"team_id": Team, "assignee_id": Person, "system_id": System}
_TEXTS = ("body", "solution", "reason")
_BUNDLE = "together-0"


@dataclass(frozen=True)
class Said:
    """A text that would be written."""

    kind: EntryKind
    is_internal: bool
    text: str


@dataclass(frozen=True)
class Preview:
    """What would be different."""

    #: Names of facts with the value before and after: enum members, instants and names of rows.
    changes: dict[str, tuple[Any, Any]]
    said: Sequence[Said]
    #: Names of those who would be told.
    told: Sequence[str]


def preview(held: Held, steps: Sequence[Step], *, by: Actor, now: datetime) -> Preview:
    """Raises what carrying it out would raise."""
    before, version, id_ = _facts(held.ticket), held.ticket.version, held.ticket.id
    with doing.rehearsed(id_, steps, by=by, now=now, news=held_back(_BUNDLE)) as ticket:
        after = _facts(ticket)
        changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        return Preview(changes, _said(id_, version), _receivers())


def _facts(ticket: Ticket) -> dict[str, Any]:
    facts = {name: getattr(ticket, name) for name in _COMPARED}
    named = {name: _name(kind, getattr(ticket, name)) for name, kind in _NAMED.items()}
    return {**facts, **named}


def _name(kind: Any, id_: int | None) -> str | None:
    return db.session.scalar(select(kind.name).where(kind.id == id_)) if id_ is not None else None


def _said(ticket_id: int, version: int) -> list[Said]:
    new = select(Entry).where(Entry.ticket_id == ticket_id, Entry.seq > version).order_by(Entry.seq)
    return [
        Said(entry.kind, entry.visibility is Visibility.INTERNAL, entry.data[name])
        for entry in db.session.scalars(new)
        for name in _TEXTS
        if entry.data.get(name)
    ]


def _receivers() -> list[str]:
    waiting = db.session.scalars(select(HeldNews.ids).where(HeldNews.bundle == _BUNDLE))
    ids = {id_ for some in waiting for id_ in some}
    names = select(Person.name).where(Person.id.in_(ids), Person.is_active).order_by(Person.name)
    return list(db.session.scalars(names)) if ids else []
