"""Carrying steps out on one ticket, all of them or none, by the commands that people's own buttons call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicedesk.cockpit.steps import WHY_NOT, Deed, Facts, Step, undoing
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.phrases.fields import fill
from servicedesk.tickets import commands, textfields
from servicedesk.tickets.commands.writing import hold
from servicedesk.tickets.models import Follower, Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import MoveRefusedError


@dataclass(frozen=True)
class Done:
    """What came of it: how the ticket was, and which entries were made."""

    before: Facts
    first_seq: int
    last_seq: int


def carry_out(ticket_id: int, steps: Sequence[Step], *, by: Actor, now: datetime, seen: int | None = None) -> Done:
    """Does one step after the other, in one transaction.

    `seen` is the last entry on the page that it comes from. Raises what the commands raise, and then nothing is done.
    """
    with transaction():
        ticket = hold(ticket_id, by, TicketPermission.READ, seen).ticket
        before, first = facts_of(ticket, by), ticket.version + 1
        values = textfields.values(ticket, by, now) if any("{{" in step.text for step in steps) else {}
        for step in steps:
            _do(ticket_id, step, fill(step.text, values), by, now)
        db.session.flush()
        return Done(before, first, ticket.version)


def take_back(ticket_id: int, before: Facts, *, by: Actor, now: datetime, last_seq: int, reason: str) -> Done:
    """Brings a ticket back to what it was, when nobody has touched it since entry `last_seq`.

    Raises OutdatedError when somebody has, ConflictError when the workflow has no way back.
    """
    with transaction():
        present = facts_of(hold(ticket_id, by, TicketPermission.READ, last_seq).ticket, by)
        steps = undoing(before, present, reason)
        if not steps:
            raise ConflictError(N_("Det kan ikke fortrydes, som henvendelsen står nu."))
        return carry_out(ticket_id, steps, by=by, now=now)


def facts_of(ticket: Ticket, by: Actor) -> Facts:
    return Facts(
        state=ticket.state,
        team_id=ticket.team_id,
        assignee_id=ticket.assignee_id,
        kind=ticket.kind,
        impact=ticket.impact,
        urgency=ticket.urgency,
        system_id=ticket.system_id,
        is_followed=by.id is not None and db.session.get(Follower, (ticket.id, by.id)) is not None,
    )


def _do(ticket_id: int, step: Step, text: str, by: Actor, now: datetime) -> None:
    command = _COMMANDS[step.deed]
    told = {**step.told, **({"text": text} if step.text else {})}
    try:
        command(ticket_id, by=by, now=now, **{_NAMES.get((step.deed, name), name): said for name, said in told.items()})
    except MoveRefusedError:
        raise ConflictError(WHY_NOT[step.deed]) from None


def _assign(ticket_id: int, *, person_id: int | None = None, **given: Any) -> Ticket:
    return commands.assign(ticket_id, assignee_id=person_id, **given)


_COMMANDS: Mapping[Deed, Callable[..., Any]] = {
    Deed.REOPEN: commands.reopen,
    Deed.RESUME: commands.resume,
    Deed.MOVE: commands.move,
    Deed.TAKE: commands.take,
    Deed.ASSIGN: _assign,
    Deed.CHANGE: commands.change,
    Deed.FOLLOW: commands.follow,
    Deed.UNFOLLOW: commands.unfollow,
    Deed.NOTE: commands.note,
    Deed.REPLY: commands.reply,
    Deed.ASK: commands.wait_for_user,
    Deed.AWAIT_SUPPLIER: commands.wait_for_supplier,
    Deed.RESOLVE: commands.resolve,
    Deed.CLOSE: commands.close,
    Deed.CANCEL: commands.cancel,
}
#: What a command calls the text of its step.
_NAMES: Mapping[tuple[Deed, str], str] = {
    **{(deed, "text"): "body" for deed in (Deed.NOTE, Deed.REPLY, Deed.ASK, Deed.AWAIT_SUPPLIER)},
    **{(deed, "text"): "reason" for deed in (Deed.REOPEN, Deed.CANCEL)},
    (Deed.RESOLVE, "text"): "solution",
}


@contextmanager
def rehearsed(
    ticket_id: int, steps: Sequence[Step], *, by: Actor, now: datetime, news: AbstractContextManager[None]
) -> Iterator[Ticket]:
    """The ticket as it would be after the steps; everything is taken back at the end. `news` takes what is told.

    Nothing is guessed: what people are shown beforehand is what the commands would have done.
    """
    with suppress(_RehearsedError), transaction() as session, news:
        carry_out(ticket_id, steps, by=by, now=now)
        yield session.get_one(Ticket, ticket_id)
        raise _RehearsedError


class _RehearsedError(Exception):
    """Ends the transaction of a rehearsal."""
