"""Many journals at once, for what fills a database: the same entries and the same fold as the commands', but a wider
way in. Nobody is told of anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert

from servicedesk.core.db import Base, db, transaction
from servicedesk.tickets import journal, search
from servicedesk.tickets.models import Entry, EntryKind, Follower, Link, Ticket, Visibility
from servicedesk.tickets.workflow import State

#: The parts of an entry's data that people wrote, and search for.
_WRITTEN = ("subject", "description", "body", "solution", "reason")


@dataclass(slots=True, kw_only=True)
class NewEntry:
    """A journal entry that is about to become a row; `seal` numbers it and gives it its digest."""

    at: datetime
    kind: EntryKind
    by_id: int | None
    state: State
    data: dict[str, Any]
    visibility: Visibility = Visibility.PUBLIC
    seq: int = 0
    digest: str = ""


@dataclass(slots=True)
class NewJournal:
    """All entries of a ticket that is not in the database yet, oldest first."""

    ticket_id: int
    entries: list[NewEntry]
    #: Names of people and things that the ticket is found by.
    names: list[str] = field(default_factory=list)

    def seal(self) -> None:
        before = ""
        for seq, entry in enumerate(self.entries, start=1):
            entry.seq = seq
            entry.digest = before = journal.digest_of(entry, before)


def write_journals(journals: Sequence[NewJournal]) -> None:
    """Seals the journals and saves them with all that follows from them, in one transaction.

    A ticket may be merged into one that comes before it, and linked to any of the same call.
    """
    projected = []
    for one in journals:
        one.seal()
        projected.append((one.ticket_id, journal.replay(one.entries)))
    with transaction():
        _insert(Ticket, [{"id": id_, **vars(made.fields)} for id_, made in projected])
        _insert(Entry, [_row(one, entry) for one in journals for entry in one.entries])
        _insert(Follower, [{"ticket_id": id_, "person_id": who} for id_, made in projected for who in made.followers])
        links = [(id_, *link) for id_, made in projected for link in made.links]
        _insert(Link, [{"ticket_id": id_, "other_id": other, "kind": kind} for id_, other, kind in links])
        internal = {one.ticket_id: _said(one, Visibility.INTERNAL) for one in journals}
        search.add_new({one.ticket_id: _said(one, Visibility.PUBLIC, *one.names) for one in journals}, internal)


def _insert(kind: type[Base], rows: list[dict[str, Any]]) -> None:
    table = kind.__table__
    assert isinstance(table, Table)
    if rows:
        db.session.execute(insert(table), rows)


def _row(one: NewJournal, entry: NewEntry) -> dict[str, Any]:
    return {
        "ticket_id": one.ticket_id,
        "customer_id": one.entries[0].data["customer_id"],
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "by_id": entry.by_id,
        "visibility": entry.visibility,
        "state": entry.state,
        "data": entry.data,
        "digest": entry.digest,
    }


def _said(one: NewJournal, visibility: Visibility, *names: str) -> str:
    """The words of entries that are `visibility`, each text once; a supplier's name is internal wherever it stands."""
    texts = dict.fromkeys(names)
    for entry in one.entries:
        wanted = _WRITTEN if entry.visibility is visibility else ()
        if visibility is Visibility.INTERNAL:
            wanted = (*wanted, "supplier")
        texts |= dict.fromkeys(text for name in wanted if isinstance(text := entry.data.get(name), str))
    return "\n".join(texts)
