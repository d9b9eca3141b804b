"""Whether everything that is kept twice agrees: each journal is replayed and compared with what follows from it.

Reads only, a batch of tickets at a time, so that its need for memory does not grow. It may run while people work.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, Text, and_, cast, func, or_, select, type_coerce

from servicedesk.core.db import db
from servicedesk.core.files import FileMissingError, Store
from servicedesk.drafts.models import KeptFile, Sending
from servicedesk.figures import checking as figures
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.organisation.models import Unit
from servicedesk.tickets import journal
from servicedesk.tickets.jobs import is_named
from servicedesk.tickets.models import Attachment, Entry, Follower, Link, Ticket, TicketClock, number_of
from servicedesk.tickets.redacting import Redaction
from servicedesk.upkeep import clockcheck

#: Tickets that are read together.
BATCH = 300
#: A file without a row may belong to a form that is being sent.
_FILE_MAY_WAIT = timedelta(days=1)

_PROJECTED = [column.key for column in Ticket.__table__.columns if column.key not in ("id", *clockcheck.DUES)]
#: What a replay stumbles over when somebody changed an entry by hand.
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)


class Violation(NamedTuple):
    """Something that should agree and does not."""

    #: A ticket's number, or what else it is about.
    subject: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject} {self.field}: {self.reason}"


def count_tickets() -> int:
    return db.session.scalar(select(func.count()).select_from(Ticket)) or 0


def check(store: Store, *, now: datetime, advance: Callable[[int], object] = lambda _done: None) -> Iterator[Violation]:
    """Every violation; `advance` is told of each number of tickets that were looked at."""
    yield from _units()
    last = 0
    while ids := _ids_after(last):
        yield from _tickets(ids, store)
        yield from _facts(ids)
        advance(len(ids))
        last = ids[-1]
    yield from _lost_files(store, now)
    yield from _begun_files(store)
    yield from _sums()
    yield from _outbox()
    db.session.rollback()


def _ids_after(last: int) -> Sequence[int]:
    db.session.rollback()
    return db.session.scalars(select(Ticket.id).where(Ticket.id > last).order_by(Ticket.id).limit(BATCH)).all()


def _tickets(ids: Sequence[int], store: Store) -> Iterator[Violation]:
    """A ticket on which somebody works just now may be read in between: what looks wrong is looked at once more."""
    suspects = [one.ticket_id for one in _load(ids) if any(_of_ticket(one, store))]
    if suspects:
        db.session.rollback()
        for one in _load(suspects):
            yield from _of_ticket(one, store)


# ------------------------------------------------------------------------------------------------ a ticket


@dataclass
class Kept:
    """All that the database holds of a ticket."""

    ticket_id: int
    row: Any
    entries: list[SimpleNamespace]
    followers: set[int]
    links: set[tuple[int, Any]]
    attachments: list[Any]
    clocks: list[Any]
    redactions: list[Any]


def _load(ids: Sequence[int]) -> Iterator[Kept]:
    rows = db.session.execute(select(*Ticket.__table__.columns).where(Ticket.id.in_(ids)).order_by(Ticket.id)).all()
    # As text: an entry that is no JSON any more must not keep the others from being looked at.
    data = type_coerce(Entry.data, String).label("data")
    columns = [column for column in Entry.__table__.columns if column.key != "data"]
    entries = _by_ticket(select(*columns, data).where(Entry.ticket_id.in_(ids)).order_by(Entry.ticket_id, Entry.seq))
    followers = _by_ticket(select(Follower.ticket_id, Follower.person_id).where(Follower.ticket_id.in_(ids)))
    links = _by_ticket(select(Link.ticket_id, Link.other_id, Link.kind).where(Link.ticket_id.in_(ids)))
    files = _by_ticket(select(*Attachment.__table__.columns).where(Attachment.ticket_id.in_(ids)))
    clocks = _by_ticket(select(*TicketClock.__table__.columns).where(TicketClock.ticket_id.in_(ids)))
    redactions = _by_ticket(
        select(*Redaction.__table__.columns).where(Redaction.ticket_id.in_(ids)).order_by(Redaction.id)
    )
    for row in rows:
        yield Kept(
            ticket_id=row.id,
            row=row,
            entries=[SimpleNamespace(**entry._mapping) for entry in entries[row.id]],
            followers={follower.person_id for follower in followers[row.id]},
            links={(link.other_id, link.kind) for link in links[row.id]},
            attachments=files[row.id],
            clocks=clocks[row.id],
            redactions=redactions[row.id],
        )


def _by_ticket(query: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.ticket_id].append(row)
    return found


def _of_ticket(kept: Kept, store: Store) -> Iterator[Violation]:
    number = number_of(kept.ticket_id)
    found = [*_of_journal(kept), *_of_projection(kept), *_of_clocks(kept), *_of_attachments(kept, store)]
    return (Violation(number, field, reason) for field, reason in found)


Wrong = tuple[str, str]


def _of_journal(kept: Kept) -> Iterator[Wrong]:
    """Its entries: numbered without a gap, never backwards in time, each sealed by its digest."""
    seq, at, digest = 0, None, ""
    for entry in kept.entries:
        name = f"entry {entry.seq}"
        if entry.seq != seq + 1:
            yield name, f"follows entry {seq}"
        if at is not None and entry.at < at:
            yield name, f"is from {entry.at}, before the entry that it follows"
        if entry.customer_id != kept.row.customer_id:
            yield name, f"belongs to customer {entry.customer_id}, the ticket to {kept.row.customer_id}"
        if not _is_sealed(entry, digest):
            yield name, "its digest does not fit: it was changed, or one before it is missing"
        seq, at, digest = entry.seq, entry.at, entry.digest
    if seq != kept.row.version:
        yield "version", f"is {kept.row.version}, the journal ends with entry {seq}"
    if digest != kept.row.head:
        yield "head", "is not the digest of the last entry"
    yield from _of_redactions(kept)


def _of_redactions(kept: Kept) -> Iterator[Wrong]:
    """A journal that was rewritten has the seal that it was given then."""
    sealed = {entry.seq: entry.digest for entry in kept.entries}
    for last in kept.redactions[-1:]:
        if sealed.get(last.up_to_seq) != last.head:
            yield "redaction", f"entry {last.up_to_seq} does not have the seal that the journal was given {last.at}"


def _is_sealed(entry: SimpleNamespace, before: str) -> bool:
    try:
        entry.data = json.loads(entry.data)
    except ValueError:
        return False
    return bool(journal.digest_of(entry, before) == entry.digest)


def _of_projection(kept: Kept) -> Iterator[Wrong]:
    """The ticket's row, followers and links are what the journal comes to."""
    try:
        projected = journal.replay(kept.entries)
    except _UNREADABLE as error:
        yield "journal", f"cannot be replayed ({type(error).__name__}: {error})"
        return
    if kept.entries:
        for field in _PROJECTED:
            is_now, should_be = getattr(kept.row, field), getattr(projected.fields, field)
            if is_now != should_be and field not in ("version", "head"):
                yield field, f"is {_shown(is_now)}, the journal says {_shown(should_be)}"
    yield from _of_set("followers", kept.followers, projected.followers)
    yield from _of_set("links", kept.links, projected.links)


def _of_clocks(kept: Kept) -> Iterator[Wrong]:
    for field, is_now, should_be in clockcheck.differences(kept.row, kept.entries, kept.clocks):
        yield field, f"is {_shown(is_now)}, the journal says {_shown(should_be)}"


def _of_set(field: str, kept: set[Any], told: set[Any]) -> Iterator[Wrong]:
    for one in sorted(kept - told):
        yield field, f"there is {_shown(one)}, of which the journal knows nothing"
    for one in sorted(told - kept):
        yield field, f"there is no {_shown(one)}, which the journal tells of"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        other, kind = value
        return f"{kind.value} {number_of(other)}"
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(getattr(value, "value", value))[:80]


def _of_attachments(kept: Kept, store: Store) -> Iterator[Wrong]:
    visibility = {entry.seq: entry.visibility for entry in kept.entries}
    for row in kept.attachments:
        name = f"attachment {row.id}"
        if row.seq not in visibility:
            yield name, f"came with entry {row.seq}, which is missing"
        elif row.visibility is not visibility[row.seq]:
            yield name, f"is {row.visibility.value}, the entry that it came with {visibility[row.seq].value}"
        wrong = _of_file(row, store)
        if wrong:
            yield name, wrong


def _of_file(row: Any, store: Store) -> str | None:
    try:
        with store.open(row.stored_name) as file:
            digest, size = sha256(), 0
            while piece := file.read(1 << 20):
                digest.update(piece)
                size += len(piece)
    except FileMissingError:
        return f"its file {row.stored_name} is missing"
    if size != row.size:
        return f"its file has {size} bytes, not {row.size}"
    return None if digest.hexdigest() == row.sha256 else "its file has another content"


# ------------------------------------------------------------------------------------------------ figures


def _facts(ids: Sequence[int]) -> Iterator[Violation]:
    """Looked at twice as well: the worker may be telling them just now."""
    if wrong := sorted({ticket_id for ticket_id, *_ in figures.differences(ids)}):
        db.session.rollback()
        for ticket_id, field, reason in figures.differences(wrong):
            yield Violation(number_of(ticket_id), field, reason)


def _sums() -> Iterator[Violation]:
    for key in figures.wrong_sums():
        yield Violation("figures", key, "is not what the facts of tickets add up to")


# ------------------------------------------------------------------------------------------------ the rest


def _units() -> Iterator[Violation]:
    rows = db.session.execute(select(Unit.id, Unit.parent_id, Unit.customer_id, Unit.path)).all()
    units = {row.id: row for row in rows}
    for row in rows:
        above = units.get(row.parent_id)
        path = f"{above.path if above else '/'}{row.id}/"
        customer = above.customer_id if above else row.id
        for field, is_now, should_be in (("path", row.path, path), ("customer_id", row.customer_id, customer)):
            if is_now != should_be:
                yield Violation(f"unit {row.id}", field, f"is {is_now!r}, its place in the tree says {should_be!r}")


def _lost_files(store: Store, now: datetime) -> Iterator[Violation]:
    for name in store.orphans(is_named, now - _FILE_MAY_WAIT):
        yield Violation("attachments", name, "is a file of no ticket")


def _begun_files(store: Store) -> Iterator[Violation]:
    """Files of what somebody has begun to write are there as long as their rows are."""
    for row in db.session.execute(select(*KeptFile.__table__.columns)):
        if wrong := _of_file(row, store):
            yield Violation(f"draft of person {row.person_id}", f"file {row.id}", wrong)
    yield from _left_files()


def _left_files() -> Iterator[Violation]:
    """What was sent takes its files along: none is left waiting for something that has gone."""
    on_its_way = select(Sending.id).where(KeptFile.place == "sending-" + cast(Sending.id, Text))
    left = select(KeptFile.id, KeptFile.place).where(KeptFile.place.startswith("sending-"), ~on_its_way.exists())
    for id_, place in db.session.execute(left):
        yield Violation(place, f"file {id_}", "was left behind by what it was sent with")


def _outbox() -> Iterator[Violation]:
    mail = OutboxMail
    is_half_leased = (mail.lease.is_(None)) != (mail.lease_until.is_(None))
    wrong: Iterable[tuple[str, str, ColumnElement[bool]]] = (
        ("sent_at", "is empty, though it was sent", and_(mail.delivery == Delivery.SENT, mail.sent_at.is_(None))),
        ("sent_at", "is set, though it was not sent", and_(mail.delivery != Delivery.SENT, mail.sent_at.is_not(None))),
        (
            "last_error",
            "is empty, though it was given up",
            and_(mail.delivery == Delivery.DEAD, mail.last_error.is_(None)),
        ),
        ("lease", "has no end, or an end and no holder", is_half_leased),
        ("address", "is empty", or_(mail.address == "", mail.address.not_like("%@%"))),
    )
    for field, reason, condition in wrong:
        for id_ in db.session.scalars(select(mail.id).where(condition).order_by(mail.id)):
            yield Violation(f"mail {id_}", field, reason)
