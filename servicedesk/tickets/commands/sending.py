"""Saying something from the page of a ticket: what was a draft is spent, and staff can take it back for some seconds.

What can be taken back is no entry yet; it lies with its writer's drafts and becomes one exactly once: by the page when
its time is up, before the writer's next command on that ticket, or by the worker. Each of them takes its row out in the
transaction in which the entry is appended, so that of several who try one gets it, and a crash changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from servicedesk.core import clock, logging
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, BusyError, ConflictError, RefusedError
from servicedesk.core.files import StoredFile
from servicedesk.drafts import commands as drafts
from servicedesk.drafts import queries as desks
from servicedesk.drafts.models import Sending
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.actors import load_actor
from servicedesk.tickets import events, mentioning, queries, recipients
from servicedesk.tickets.commands import talking
from servicedesk.tickets.commands.filing import continue_in_new
from servicedesk.tickets.commands.writing import NewFile, checked_text, hold
from servicedesk.tickets.models import Entry, EntryKind, Ticket, Visibility
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Move, State, after

#: What the worker takes on in one look, and how long what fails for a reason of ours waits.
AT_ONCE = 50
PUT_OFF = timedelta(minutes=1)

#: What is said to the user: whoever answers should have read it.
_SPOKEN = (
    *(EntryKind.REPLIED, EntryKind.WAITING, EntryKind.RESOLVED, EntryKind.CONFIRMED, EntryKind.REOPENED),
    *(EntryKind.CLOSED, EntryKind.CANCELLED, EntryKind.MERGED, EntryKind.ABSORBED),
)

log = logging.get()


class AnsweredMeanwhileError(ConflictError):
    """Somebody said something to the user while the answer could still be taken back."""

    def __init__(self) -> None:
        super().__init__(N_("En anden skrev til brugeren imens. Læs det, og send så igen, hvis det stadig passer."))


@dataclass(frozen=True)
class Message:
    """What somebody says, to whom."""

    body: str
    is_internal: bool = False
    #: An answer that the ticket is to wait for.
    is_question: bool = False
    files: Sequence[NewFile] = ()
    mentions: tuple[int, ...] = ()
    #: What it took, where that is counted.
    minutes: int | None = None
    #: Who is not told of an answer, though he or she would be.
    left_out: tuple[int, ...] = ()


def draft_place(ticket_id: int) -> str:
    """Where the draft of what somebody writes on a ticket lies."""
    return f"ticket-{ticket_id}"


def say(
    ticket_id: int, message: Message, *, by: Actor, now: datetime, seen: int | None = None, form_id: str | None = None
) -> Ticket:
    """A reply, a note or a question; after the end of the ticket a new one. What was its draft is no more."""
    place = draft_place(ticket_id)
    is_reply = not message.is_internal and not message.is_question
    if is_reply and queries.get(ticket_id, by).state in (State.CLOSED, State.CANCELLED):
        return continue_in_new(
            ticket_id, body=message.body, files=message.files, form_id=form_id, draft=place, by=by, now=now
        )
    with transaction():
        ticket = _said(ticket_id, message, by=by, now=now, seen=seen)
        drafts.spend(place, by=by)
    return ticket


def _said(ticket_id: int, message: Message, *, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    if message.is_internal:
        return talking.note(
            ticket_id,
            by=by,
            now=now,
            body=message.body,
            seen=seen,
            files=message.files,
            mentions=message.mentions,
            minutes=message.minutes,
        )
    if message.mentions:
        raise RefusedError(N_("Kolleger kan kun få besked om en intern note. Skriv til dem i en note for sig."))
    command = talking.wait_for_user if message.is_question else talking.reply
    return command(
        ticket_id,
        by=by,
        now=now,
        body=message.body,
        seen=seen,
        files=message.files,
        minutes=message.minutes,
        left_out=message.left_out,
    )


# ------------------------------------------------------------------------------------------------ to be taken back


def say_later(
    ticket_id: int, message: Message, *, by: Actor, now: datetime, seconds: int, seen: int | None = None
) -> Sending:
    """The same in so many seconds, unless the person takes it back. What would be refused now is refused now."""
    with transaction():
        held = hold(ticket_id, by, _needed(message), seen)
        body = checked_text(message.body)
        if message.is_internal:
            mentioning.checked(message.mentions, held, by, now)
        elif message.mentions:
            raise RefusedError(N_("Kolleger kan kun få besked om en intern note. Skriv til dem i en note for sig."))
        else:
            after(held.ticket.state, Move.WAIT_FOR_USER if message.is_question else Move.ANSWER)
            recipients.checked(message.left_out, held.ticket, by)
        return drafts.hold_back(
            draft_place(ticket_id),
            _fields(message, body),
            by=by,
            now=now,
            send_at=now + timedelta(seconds=seconds),
            seen=held.ticket.version,
            customer_id=held.ticket.customer_id,
            files=[stored_file(file) for file in message.files],
        )


def stored_file(file: NewFile) -> StoredFile:
    return StoredFile(file.stored_name, file.name, file.media_type, file.size, file.sha256)


def _needed(message: Message) -> TicketPermission:
    if message.is_internal:
        return TicketPermission.READ_INTERNAL
    return TicketPermission.WORK if message.is_question else TicketPermission.REPLY


def _fields(message: Message, body: str) -> dict[str, str]:
    """As the page's form has them, so that what is taken back is a draft of it."""
    fields = {"body": body, "visibility": "internal" if message.is_internal else "public"}
    if message.is_question:
        fields["then"] = "wait"
    if message.mentions:
        fields["mentions"] = ",".join(map(str, message.mentions))
    if message.minutes is not None:
        fields["minutes"] = str(message.minutes)
    return fields | recipients.as_fields(message.left_out)


def _message(sending: Sending, files: Sequence[StoredFile]) -> Message:
    fields = sending.fields
    return Message(
        body=fields["body"],
        is_internal=fields["visibility"] == "internal",
        is_question=fields.get("then") == "wait",
        files=[NewFile(file.shown_name, file.stored_name, file.media_type, file.size, file.sha256) for file in files],
        mentions=tuple(int(id_) for id_ in fields.get("mentions", "").split(",") if id_),
        minutes=int(fields["minutes"]) if fields.get("minutes") else None,
        left_out=recipients.left_out(fields),
    )


def publish(sending_id: int, *, by: Actor, now: datetime) -> Ticket | None:
    """Lets go what was held back; answers the ticket, or None when there was nothing left to let go.

    When it is refused by now it is a draft again, and its writer is told why. Not within another transaction.
    """
    try:
        with transaction():
            return _publish(sending_id, by, now)
    except BusyError:
        raise
    except RefusedError as error:
        _give_back(sending_id, error, by=by, now=now)
        return None


def _publish(sending_id: int, by: Actor, now: datetime) -> Ticket | None:
    found = desks.sending(sending_id, by)
    if found is None:
        return None
    ticket_id = _ticket_id(found)
    # Ticket first, as in every command: who holds the row and waits for the ticket would be waited for.
    queries.hold(ticket_id, by, lock=True)
    taken = drafts.take_out(sending_id, by=by)
    if taken is None:
        return None
    sending, files = taken
    message = _message(sending, files)
    if not message.is_internal and _was_spoken(ticket_id, sending.seen, by):
        raise AnsweredMeanwhileError
    return _said(ticket_id, message, by=by, now=now)


def _ticket_id(sending: Sending) -> int:
    return int(sending.place.removeprefix("ticket-"))


def _was_spoken(ticket_id: int, seen: int, by: Actor) -> bool:
    """Whether somebody else has said anything to the user since; what else happened stops no answer."""
    newer = select(Entry.id).where(
        Entry.ticket_id == ticket_id,
        Entry.seq > seen,
        Entry.kind.in_(_SPOKEN),
        Entry.visibility == Visibility.PUBLIC,
        Entry.by_id.is_distinct_from(by.id),
    )
    return db.session.scalar(newer.limit(1)) is not None


def _give_back(sending_id: int, error: RefusedError, *, by: Actor, now: datetime) -> None:
    with transaction():
        sending = drafts.take_back(sending_id, by=by, now=now)
        if sending is None:
            return
        ticket = db.session.get_one(Ticket, _ticket_id(sending))
        news = News(
            event=events.NOT_SENT,
            thread=sending.place,
            source=f"sending-{sending_id}",
            path=f"/tickets/{ticket.id}",
            customer_id=sending.customer_id,
            facts={"why": error.message, "with": error.values},
            template="ticket_not_sent",
            mail={"number": ticket.number, "url": f"/tickets/{ticket.id}", "subject": None},
        )
        tell(news, [by.id], by=SYSTEM, now=now)


def send_first(ticket_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> int | None:
    """What the person holds back on this ticket goes before his or her next command on it.

    Answers what the page with that command has seen, its own words included. Not within another transaction.
    """
    sending = desks.desk(draft_place(ticket_id), by).sending
    if sending is None:
        return seen
    is_newest = seen is not None and not queries.is_outdated(ticket_id, seen)
    ticket = publish(sending.id, by=by, now=now)
    return ticket.version if ticket is not None and is_newest else seen


def send_due(now: datetime) -> int:
    """Lets go what nobody took back in time; answers how much. What cannot be sent steps aside."""
    due = desks.due(now, AT_ONCE)
    db.session.rollback()
    for sending_id, person_id in due:
        try:
            publish(sending_id, by=_writer(person_id, now), now=now)
        except (BusyError, OperationalError):
            raise
        # A mistake of ours, of whatever kind: any error that is not a refusal. Nothing of it was saved and it is logged
        # with its trace; were it raised, what others wrote would not be sent either, now and at every later look.
        except Exception:
            log.exception("sending_put_off", sending=sending_id)
            drafts.put_off(sending_id, until=now + PUT_OFF)
    return len(due)


def _writer(person_id: int, now: datetime) -> Actor:
    """As he or she is now; without any rights when no longer employed."""
    found = load_actor(person_id, today=now.astimezone(clock.own_zone()).date())
    return found or Actor(id=person_id, name="")
