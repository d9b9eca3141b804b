"""Filing for a caller: what was said in the telephone, and perhaps what solved it at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from servicedesk.core.actor import Actor
from servicedesk.tickets.commands.ending import resolve
from servicedesk.tickets.commands.filing import NewTicket, once, open_ticket
from servicedesk.tickets.commands.placing import take
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Cause, Channel


@dataclass(frozen=True)
class Solved:
    """How it was solved while the caller waited."""

    solution: str
    cause: Cause


def take_call(new: NewTicket, *, by: Actor, now: datetime, takes: bool = False, solved: Solved | None = None) -> Ticket:
    """Files what a caller says; `by` takes it, or has solved it, in the same transaction.

    Whoever wants a receipt of what was solved at once gets one mail, with the solution. Raises as `file` does, and
    NotAllowedError when it goes to a team for which `by` does not work: then nothing is filed.
    """
    filed = replace(new, channel=Channel.PHONE, has_receipt=new.has_receipt and solved is None)

    def make(form_id: str) -> Ticket:
        ticket = open_ticket(filed, form_id, by=by, now=now)
        if takes or solved is not None:
            ticket = take(ticket.id, by=by, now=now)
        if solved is not None:
            is_told, cause = new.has_receipt, solved.cause
            ticket = resolve(ticket.id, by=by, now=now, solution=solved.solution, cause=cause, is_told=is_told)
        return ticket

    return once(new.form_id, by, make)
