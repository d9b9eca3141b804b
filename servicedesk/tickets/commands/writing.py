"""The one way to write: take hold of a ticket, append to its journal, and let all that hangs on it follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicedesk.agreements.book import Book, book_of
from servicedesk.core import cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, ConflictError, RefusedError
from servicedesk.organisation.queries import counts_minutes
from servicedesk.tickets import changing, clocks, hiding, journal, notices, queries, search, tiers
from servicedesk.tickets.clockwork import SILENT
from servicedesk.tickets.models import Attachment, Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.workflow import Move, State, after

MAX_SUBJECT = 200
MAX_TEXT = 50_000
#: Nothing takes longer than a day at a time.
MOST_MINUTES = 1_440


class OutdatedError(ConflictError):
    """Somebody changed the ticket after the page was made that this change was sent from."""

    def __init__(self, ticket_id: int, seen: int) -> None:
        super().__init__(N_("Der er sket noget med henvendelsen, siden du åbnede den. Se hvad, og send så igen."))
        self.ticket_id = ticket_id
        self.seen = seen


@dataclass(frozen=True)
class NewFile:
    """A file that already lies in the attachment store and now gets its place in a journal."""

    name: str
    stored_name: str
    media_type: str
    size: int
    sha256: str


def hold(ticket_id: int, by: Actor, permission: TicketPermission, seen: int | None = None) -> Held:
    """The ticket, locked until the transaction ends.

    `seen` is the last entry on the page that the change comes from. Raises NotFoundError, NotAllowedError, or
    OutdatedError when there are newer ones.
    """
    held = queries.hold(ticket_id, by, lock=True)
    held.need(permission)
    newest = held.ticket.version
    if seen is not None and seen != newest and (seen > newest or queries.is_outdated(ticket_id, seen)):
        raise OutdatedError(ticket_id, seen)
    return held


def append(
    ticket: Ticket,
    kind: EntryKind,
    *,
    by: Actor,
    now: datetime,
    move: Move | None = None,
    state: State | None = None,
    visibility: Visibility = Visibility.PUBLIC,
    files: Iterable[NewFile] = (),
    data: Mapping[str, Any] | None = None,
    once: str | None = None,
    is_alone: bool = True,
    is_told: bool = True,
) -> Entry:
    """Appends an entry and brings projection, clocks, attachments, index and outbox up to date.

    Whoever appends several leaves clocks and telling to the end (`is_alone=False`); with
    `is_told=False` nobody hears of it. An instant earlier than the last
    entry's (another host's clock) counts as the last entry's, so that a journal never runs backwards.
    """
    told, numbers = hiding.hide_in(data or {})
    if "guideline_id" not in told:
        told |= tiers.acted_under(ticket, by)
    entry = Entry(
        ticket_id=ticket.id,
        customer_id=ticket.customer_id,
        seq=ticket.version + 1,
        at=max(now, ticket.updated_at),
        kind=kind,
        by_id=by.id,
        visibility=visibility,
        state=state or (after(ticket.state, move) if move else ticket.state),
        data=told,
        once=once,
    )
    entry.digest = journal.digest_of(entry, ticket.head)
    for name, value in journal.changes(entry, ticket).items():
        setattr(ticket, name, value)
    if is_alone and kind not in SILENT:
        project(ticket, entry)
    db.session.add(entry)
    changing.note([ticket.id])
    hiding.keep(numbers, ticket.id, ticket.customer_id, entry.seq, entry.at)
    attach(ticket, entry, files)
    index(ticket.id, entry)
    if is_alone and is_told:
        notices.tell(ticket, entry, by)
    return entry


def project(ticket: Ticket, *new: Entry, book: Book | None = None) -> None:
    """Brings the ticket's clocks up to date with its journal and the entries that are about to join it."""
    with db.session.no_autoflush:
        told = [] if new and new[0].seq == 1 else clocks.journals([ticket.id])[ticket.id]
        clocks.project(ticket, [*told, *new], book or book_of(ticket.customer_id), ticket.updated_at)


def attach(ticket: Ticket, entry: Entry, files: Iterable[NewFile]) -> None:
    for file in files:
        db.session.add(
            Attachment(
                ticket_id=ticket.id,
                customer_id=ticket.customer_id,
                seq=entry.seq,
                visibility=entry.visibility,
                name=cpr.hide(file.name).text,
                stored_name=file.stored_name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
            )
        )


def index(ticket_id: int, entry: Entry, *names: str, is_new: bool = False) -> None:
    """Adds what was written in an entry, and names of people and things, to the search index."""
    said, internal = search.written(entry)
    said += names
    if said or internal:
        search.add(ticket_id, public="\n".join(said), internal="\n".join(internal), is_new=is_new)


def spent(minutes: int | None, ticket: Ticket) -> dict[str, int]:
    """For an entry's data, how long it took; nothing where the customer does not count minutes.

    Raises RefusedError for what no day has.
    """
    if minutes is None or not counts_minutes(ticket.customer_id):
        return {}
    if not 0 <= minutes <= MOST_MINUTES:
        raise RefusedError(N_("Skriv minutterne som et helt tal fra 0 til 1440."))
    return {"minutes": minutes}


def checked_text(text: str, *, most: int = MAX_TEXT) -> str:
    """What a person wrote, without blanks around it; raises RefusedError when nothing or far too much is left.

    Signs that no database takes are left out, and a line ends in one way, whatever sent it.
    """
    kept = text.encode(errors="ignore").decode().replace("\x00", "").replace("\r\n", "\n").strip()
    if not any(sign.isprintable() and not sign.isspace() for sign in kept):
        raise RefusedError(N_("Der mangler en tekst."))
    if len(kept) > most:
        raise RefusedError(N_("Teksten er for lang: der er plads til %(most)s tegn."), most=most)
    return kept
