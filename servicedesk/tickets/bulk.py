"""Many journals at once, for what fills a database: the same entries and the same fold as the commands', but a wider
way in. Nobody is told of anything.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from servicedesk.agreements.book import Book, book_of
from servicedesk.core.db import Base, db, table_of, transaction
from servicedesk.tickets import changing, clocks, search
from servicedesk.tickets.clockwork import FIRINGS
from servicedesk.tickets.journal import NewEntry, NewJournal
from servicedesk.tickets.models import NOT_DUE, Entry, Follower, Link, Ticket


def write_journals(journals: Sequence[NewJournal], *, now: datetime) -> None:
    """Saves the journals with all that follows from them, in one transaction; clocks show what they do at `now`.

    Those who know their tickets' ids may merge a ticket into one that comes before it, and link it to any of the call.
    """
    if not journals:
        return
    with transaction():
        books = {id_: book_of(id_) for id_ in {one.ticket.customer_id for one in journals}}
        shown = [_look(one, books[one.ticket.customer_id], now) for one in journals]
        ids = _insert_tickets(journals)
        clock_rows: list[dict[str, Any]] = []
        told = [(ids[one.ticket.form_id], one) for one in journals]
        _insert(Entry, [_row(id_, one, entry) for id_, one in told for entry in one.entries])
        followers = [(id_, who) for id_, one in told for who in one.projected.followers]
        _insert(Follower, [{"ticket_id": id_, "person_id": who} for id_, who in followers])
        links = [(id_, *link) for id_, one in told for link in one.projected.links]
        _insert(Link, [{"ticket_id": id_, "other_id": other, "kind": kind} for id_, other, kind in links])
        _index(told)
        for (id_, one), seen in zip(told, shown, strict=True):
            clock_rows += clocks.rows_of(
                id_, one.ticket.customer_id, one.entries, seen, books[one.ticket.customer_id], now
            )
        clocks.save(clock_rows)
        changing.note(ids.values())


def _look(one: NewJournal, book: Book, now: datetime) -> clocks.Shown:
    """What its clocks show; sets the ticket's due times."""
    shown = clocks.look(one.ticket, one.entries, book, now)
    one.ticket.due_at = one.ticket.next_look_at = None
    one.ticket.due_order = NOT_DUE
    clocks.set_dues(one.ticket, shown)
    return shown


def _insert_tickets(journals: Sequence[NewJournal]) -> dict[str, int]:
    """Answers the ids by form id."""
    table = table_of(Ticket)
    rows = [
        vars(one.ticket) if one.ticket_id is None else {**vars(one.ticket), "id": one.ticket_id} for one in journals
    ]
    return dict(db.session.execute(insert(table).returning(table.c.form_id, table.c.id), rows).all())


def _insert(kind: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table_of(kind)), rows)


def _row(ticket_id: int, one: NewJournal, entry: NewEntry) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "customer_id": one.ticket.customer_id,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "by_id": entry.by_id,
        "visibility": entry.visibility,
        "state": entry.state,
        "data": entry.data,
        "digest": entry.digest,
        "once": clocks.once_of(entry.data) if entry.kind in FIRINGS else None,
    }


def _index(told: Sequence[tuple[int, NewJournal]]) -> None:
    """Each text of a journal goes in once."""
    public, internal = {}, {}
    for id_, one in told:
        written = [search.written(entry) for entry in one.entries]
        public[id_] = "\n".join(dict.fromkeys([*one.names, *(text for said, _ in written for text in said)]))
        internal[id_] = "\n".join(dict.fromkeys(text for _, said in written for text in said))
    search.add_new(public, internal)
