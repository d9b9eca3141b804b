"""Taking names and words out of a journal: the one exception to "appended, never changed", see docs/adr.

The entries stay, each with its number, time, kind and state; what they tell is rewritten, and the journal is sealed
anew from the first entry on. A row beside it says that and when this was done, and which seal the journal then had, so
that a journal that is sealed anew by anybody else is found out. The seal that it had before is not kept: by trying
names against it, one could find out who it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, db, enum_column, table_of
from servicedesk.tickets import journal, search
from servicedesk.tickets.hiding import WORDS, HiddenNumber
from servicedesk.tickets.models import Attachment, Entry, EntryKind, Follower, Ticket


class RedactionCause(StrEnum):
    """Why a journal was rewritten."""

    #: Somebody whom it tells of was erased.
    ERASURE = "erasure"
    #: It is old enough that nobody needs to know any more who it was about.
    RETENTION = "retention"


class Redaction(Base):
    """That a journal was rewritten; the last one of a ticket says which seal it must have at that entry."""

    __tablename__ = "redaction"
    __table_args__ = (Index("ix_redaction_ticket_id", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    cause: Mapped[RedactionCause] = mapped_column(enum_column(RedactionCause))
    #: Number and digest of the journal's last entry when that was done.
    up_to_seq: Mapped[int]
    head: Mapped[str]


#: What an entry's data says of people, by their ids.
PERSON_IDS = frozenset({"filer_id", "affected_id", "assignee_id", "person_id"})
LISTS_OF_PERSON_IDS = frozenset({"mentions", "helper_ids", "left_out"})
#: Texts in an entry's data that nobody typed: ids, instants, and values of lists. All others may name somebody.
_VALUES = frozenset(
    {"form_id", "kind", "secrecy", "tier", "impact", "urgency", "priority", "state", "cause", "channel", "link"}
    | {"number", "at", "clock", "stage", "why", "before", "promised_at", "due_at", "not_before", "silent_until"}
    | {"source_name", "source_number", "cycle", "target", "outcome", "lacking", "split_from"}
)
#: What of a ticket's row follows from what was rewritten.
_FOLLOWING = ("subject", "solution", "filer_id", "affected_id", "assignee_id")


class Rewriting(NamedTuple):
    """How one journal is rewritten."""

    #: A text of an entry, told apart by its key, gives place to another.
    text: Callable[[Entry, str, str], str]
    #: Somebody's id gives place to another's.
    person: Callable[[int], int]
    #: Which of its files go.
    drops: Callable[[Attachment, Entry], bool]
    #: What stands instead of a file's name that stays.
    name: Callable[[str], str]


@dataclass(frozen=True)
class Rewritten:
    """What came of it."""

    has_changed: bool
    #: Files in the store that no row names any more.
    files: list[str]


def redact(ticket: Ticket, how: Rewriting, cause: RedactionCause, *, now: datetime) -> Rewritten:
    """Rewrites the journal and all that is kept of it, as part of the caller's transaction, with the ticket held."""
    entries = list(db.session.scalars(select(Entry).where(Entry.ticket_id == ticket.id).order_by(Entry.seq)))
    has_changed = [_rewrite(entry, how) for entry in entries]
    files = _drop_files(ticket.id, {entry.seq: entry for entry in entries}, how)
    hidden = db.session.execute(delete(HiddenNumber).where(HiddenNumber.ticket_id == ticket.id)).rowcount  # type: ignore[attr-defined]
    if any(has_changed):
        _seal(ticket, entries)
    if any(has_changed) or files or hidden:
        _index(ticket.id, entries)
    head = {"up_to_seq": ticket.version, "head": ticket.head}
    db.session.add(Redaction(ticket_id=ticket.id, customer_id=ticket.customer_id, at=now, cause=cause, **head))
    return Rewritten(any(has_changed) or bool(files or hidden), files)


def _rewrite(entry: Entry, how: Rewriting) -> bool:
    by_id = how.person(entry.by_id) if entry.by_id is not None else None
    data = {key: _value(entry, key, value, how) for key, value in entry.data.items()}
    if (by_id, data) == (entry.by_id, entry.data):
        return False
    entry.by_id, entry.data = by_id, data
    return True


def _value(entry: Entry, key: str, value: Any, how: Rewriting) -> Any:
    if key in PERSON_IDS:
        return how.person(value) if isinstance(value, int) else value
    if key in LISTS_OF_PERSON_IDS and isinstance(value, list):
        return list(dict.fromkeys(how.person(one) for one in value))
    if entry.kind is EntryKind.CHANGED and key not in WORDS:
        return value
    return value if key in _VALUES else _words(entry, key, value, how)


def _words(entry: Entry, key: str, value: Any, how: Rewriting) -> Any:
    if isinstance(value, str):
        return how.text(entry, key, value)
    if isinstance(value, list):
        return [_words(entry, key, one, how) for one in value]
    return value


def _drop_files(ticket_id: int, entries: dict[int, Entry], how: Rewriting) -> list[str]:
    dropped = []
    for file in db.session.scalars(select(Attachment).where(Attachment.ticket_id == ticket_id)):
        if how.drops(file, entries[file.seq]):
            dropped.append(file.stored_name)
            db.session.delete(file)
        else:
            file.name = how.name(file.name)
    return dropped


def _seal(ticket: Ticket, entries: Iterable[Entry]) -> None:
    """A new digest for each, and the ticket's row and followers as the journal now tells."""
    before = ""
    projected = journal.Projected()
    for entry in entries:
        before = entry.digest = journal.digest_of(entry, before)
        projected.take(entry)
    ticket.head = before
    for name in _FOLLOWING:
        setattr(ticket, name, getattr(projected.fields, name))
    db.session.execute(delete(Follower).where(Follower.ticket_id == ticket.id))
    if rows := [{"ticket_id": ticket.id, "person_id": id_} for id_ in sorted(projected.followers)]:
        db.session.execute(insert(table_of(Follower)), rows)


def _index(ticket_id: int, entries: Iterable[Entry]) -> None:
    """By its texts alone: the names that it was filed under are not said again."""
    public, internal = [], []
    for entry in entries:
        said, inside = search.written(entry)
        public += said
        internal += inside
    search.replace(ticket_id, public="\n".join(dict.fromkeys(public)), internal="\n".join(dict.fromkeys(internal)))
