"""Who is told of an answer, by name: the same people as `notices` tells."""

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.organisation.models import Person
from servicedesk.tickets.models import Follower, Ticket
from servicedesk.tickets.workflow import Secrecy


class Recipient(NamedTuple):
    name: str
    initials: str
    #: Why he or she hears of it.
    why: str


def of(ticket: Ticket, by: Actor) -> list[Recipient]:
    """Everybody but the writer who hears of a public word: whom it is about, who filed it, who follows; one query."""
    of_it = {"told_of": ticket.id, "filer": ticket.filer_id, "affected": ticket.affected_id, "writer": by.id}
    rows = db.session.execute(_TOLD if ticket.secrecy is Secrecy.ORDINARY else _TOLD_A_SECRET, of_it)
    return [Recipient(name, initials, _why(id_, ticket)) for id_, name, initials in rows]


_USERS = or_(Person.id == bindparam("filer"), Person.id == bindparam("affected"))
_FOLLOWING = Person.id.in_(select(Follower.person_id).where(Follower.ticket_id == bindparam("told_of")))
_PEOPLE = (
    select(Person.id, Person.name, Person.initials)
    .where(Person.is_active, Person.id != bindparam("writer"))
    .order_by(Person.id != bindparam("affected"), Person.id != bindparam("filer"), Person.name)
)
_TOLD, _TOLD_A_SECRET = _PEOPLE.where(or_(_USERS, _FOLLOWING)), _PEOPLE.where(_USERS)


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
