"""Who is told of an answer, by name: the same people as `notices` tells."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, select, union_all

from servicedesk.core.actor import Actor
from servicedesk.core.db import BigId, bare
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import Follower, Ticket
from servicedesk.tickets.workflow import Secrecy

#: A box of the form for each receiver who can be left out, and so a field of the draft.
LEAVE_OUT = "leave_out_"


class Recipient(NamedTuple):
    id: int
    name: str
    initials: str
    #: Why he or she hears of it.
    why: str
    #: Whom the ticket is about hears of every answer.
    can_be_left_out: bool


def of(ticket: Ticket, by: Actor) -> list[Recipient]:
    """Everybody but the writer who hears of a public word: whom it is about, who filed it, who follows; one query."""
    return [
        Recipient(id_, name, initials, _why(id_, ticket), id_ != ticket.affected_id)
        for id_, name, initials in _told(ticket, by)
    ]


def _told(ticket: Ticket, by: Actor) -> Iterable[tuple[int, str, str]]:
    of_it = {"told_of": ticket.id, "filer": ticket.filer_id, "affected": ticket.affected_id, "writer": by.id}
    for row in bare(_TOLD if ticket.secrecy is Secrecy.ORDINARY else _TOLD_A_SECRET, of_it):
        yield row.id, row.name, row.initials


def left_out(fields: Mapping[str, str]) -> tuple[int, ...]:
    """Those whose box is ticked in a form or a draft of it."""
    names = (name.removeprefix(LEAVE_OUT) for name, value in fields.items() if name.startswith(LEAVE_OUT) and value)
    return tuple(sorted({key for name in names if (key := read_key(name)) is not None}))


def as_fields(ids: Iterable[int]) -> dict[str, str]:
    """The same as the form has them."""
    return {f"{LEAVE_OUT}{id_}": "1" for id_ in ids}


def checked(ids: Collection[int], ticket: Ticket, by: Actor) -> dict[int, str]:
    """The names of those left out who would have heard of it; raises RefusedError for whom the ticket is about."""
    if not ids:
        return {}
    if ticket.affected_id in ids:
        raise RefusedError(N_("Den, henvendelsen handler om, får altid besked om et svar."))
    return {id_: name for id_, name, _initials in _told(ticket, by) if id_ in ids}


_USERS = (select(bindparam("filer", type_=BigId)), select(bindparam("affected", type_=BigId)))
_FOLLOWING = select(Follower.person_id).where(Follower.ticket_id == bindparam("told_of"))
_PEOPLE = (
    select(Person.id, Person.name, Person.initials)
    .where(Person.is_active, Person.id != bindparam("writer"))
    .order_by(Person.id != bindparam("affected"), Person.id != bindparam("filer"), Person.name)
)
# As ids together, so that they are found by their key whoever is asked for.
_TOLD = _PEOPLE.where(Person.id.in_(union_all(*_USERS, _FOLLOWING)))
_TOLD_A_SECRET = _PEOPLE.where(Person.id.in_(union_all(*_USERS)))


def _why(person_id: int, ticket: Ticket) -> str:
    if person_id == ticket.affected_id:
        return _("den handler om") if ticket.filer_id != ticket.affected_id else _("har oprettet den")
    return _("har oprettet den") if person_id == ticket.filer_id else _("følger med")


def send_words(recipients: list[Recipient]) -> str:
    """What the button says: "Send til Mette Holm og 2 andre"."""
    if not recipients:
        return _("Send")
    first, others = recipients[0].name, len(recipients) - 1
    if not others:
        return _("Send til %(name)s", name=first)
    return ngettext("Send til %(name)s og %(num)s anden", "Send til %(name)s og %(num)s andre", others, name=first)
