"""What lies on the desk where one writes on a ticket: the draft, what is on its way, who will hear of it, and texts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.markup import render
from servicedesk.core.permissions import granted, is_open
from servicedesk.drafts import queries as drafts
from servicedesk.drafts.models import Sending
from servicedesk.drafts.views import Shown, shown
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission
from servicedesk.phrases import queries as phrases
from servicedesk.phrases.models import Phrase
from servicedesk.phrases.policy import PhrasePermission
from servicedesk.tickets import queries, recipients
from servicedesk.tickets.commands.sending import draft_place
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.recipients import Recipient
from servicedesk.tickets.workflow import Secrecy


@dataclass(frozen=True)
class OnItsWay:
    """Something said that can still be taken back."""

    id: int
    body: Markup
    is_internal: bool
    send_at: datetime
    seconds_left: int


@dataclass(frozen=True)
class Composer:
    draft: Shown
    #: What the fields hold: what was just refused, else the draft.
    values: Mapping[str, Any]
    sending: OnItsWay | None
    #: How many drafts the person has elsewhere.
    other_drafts: int
    #: For how long what is sent can be taken back.
    seconds: int
    recipients: list[Recipient]
    #: Those of them who are not to be told.
    left_out: Collection[int]
    send_words: str
    phrases: Sequence[Phrase]
    #: Colleagues chosen to be told: (id, name).
    mentioned: list[tuple[int, str]]


def laid_out(held: Held, who: Actor, typed: Mapping[str, Any]) -> Composer:
    """Everything that the form needs; `typed` is what was refused."""
    place, ticket, is_staff = draft_place(held.ticket.id), held.ticket, held.does(TicketPermission.READ_INTERNAL)
    desk = drafts.desk(place, who)
    draft = shown(place, desk.draft, who)
    values = typed if "body" in typed else draft.values
    told = recipients.of(ticket, who) if is_staff else []
    left_out = recipients.left_out(values)
    may_use = is_staff and is_open(PhrasePermission.USE, who)
    return Composer(
        draft=draft,
        values=values,
        sending=_on_its_way(desk.sending) if desk.sending else None,
        other_drafts=desk.drafts - (1 if draft.saved else 0),
        seconds=desk.seconds,
        recipients=told,
        left_out=left_out,
        send_words=recipients.send_words([one for one in told if not (one.can_be_left_out and one.id in left_out)]),
        phrases=phrases.usable(who, customer_id=ticket.customer_id) if may_use else [],
        mentioned=_names(values.get("mentions", ""), who),
    )


def _on_its_way(sending: Sending) -> OnItsWay:
    left = (sending.send_at - clock.now()).total_seconds()
    is_internal = sending.fields["visibility"] == "internal"
    return OnItsWay(sending.id, render(sending.fields["body"]), is_internal, sending.send_at, max(0, round(left)))


def _names(ids: str, who: Actor) -> list[tuple[int, str]]:
    wanted = [int(id_) for id_ in ids.split(",") if id_.isdecimal() and len(id_) < 19]
    if not wanted:
        return []
    query = select(Person.id, Person.name).where(Person.id.in_(wanted), granted(PersonPermission.FIND, who))
    return [(id_, name) for id_, name in db.session.execute(query.order_by(Person.name))]


def is_called(told: Iterable[queries.Told], around: queries.Around, ticket: Ticket, who: Actor) -> bool:
    """Whether a colleague mentioned the person in a note here, and he or she neither has the ticket nor follows it."""
    if around.is_followed or ticket.assignee_id == who.id or ticket.secrecy is not Secrecy.ORDINARY:
        return False
    return any(who.id in one.entry.data.get("mentions", ()) for one in told)
