"""Coming, writing and leaving. None of it is worth waiting for: the page says it again in a quarter of a minute."""

from datetime import datetime

from sqlalchemy import Insert, delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, table_of, transaction
from servicedesk.presence.models import Presence
from servicedesk.presence.queries import LASTS


def be_at(ticket_id: int, *, by: Actor, is_writing: bool, now: datetime) -> None:
    """The person has the ticket open. Where he or she was before is cleared away, so that nothing piles up.

    Raises BusyError rather than wait for another writer on SQLite.
    """
    with transaction(waits=False) as session:
        elsewhere = delete(Presence).where(Presence.person_id == by.id, Presence.seen_at <= now - LASTS)
        session.execute(elsewhere.where(Presence.ticket_id != ticket_id))
        session.execute(
            _upsert(), {"person_id": by.id, "ticket_id": ticket_id, "is_writing": is_writing, "seen_at": now}
        )


def leave(ticket_id: int, *, by: Actor, seen_at: datetime) -> None:
    """The page was closed that was last seen then; nothing when another page of the person's has been seen since, such
    as the same page fetched anew. Raises BusyError rather than wait.
    """
    there = (Presence.person_id == by.id, Presence.ticket_id == ticket_id, Presence.seen_at <= seen_at)
    with transaction(waits=False) as session:
        session.execute(delete(Presence).where(*there))


def _upsert() -> Insert:
    insert = postgres_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    statement = insert(table_of(Presence))
    changed = {name: statement.excluded[name] for name in ("is_writing", "seen_at")}
    return statement.on_conflict_do_update(index_elements=["person_id", "ticket_id"], set_=changed)
