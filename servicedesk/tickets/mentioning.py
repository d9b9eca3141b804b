"""Colleagues who are named in an internal note: only those who may read it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.clock import own_zone
from servicedesk.core.db import db
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.permissions import granted, is_open
from servicedesk.organisation import choosing
from servicedesk.organisation.actors import is_in_force, load_actors
from servicedesk.organisation.models import Person, RoleGrant
from servicedesk.organisation.policy import PersonPermission
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held

MOST_MENTIONED = 10
#: Who else could read a note at all.
_ROLES = (Role.SUPPORTER, Role.SERVICEDESK_MANAGER, Role.SUPERBRUGER)


def suggested(q: str, held: Held, who: Actor, *, today: date) -> list[Person]:
    """Colleagues whom `who` may find by what is typed, and who may read the notes of this ticket; 20 at most."""
    serving = select(RoleGrant.person_id).where(RoleGrant.role.in_(_ROLES), is_in_force(today))
    found = choosing.choose(q, who, PersonPermission.FIND, among=Person.id.in_(serving))
    able = _readers((one.id for one in found), held.ticket.id, today)
    return [one for one in found if one.id in able and one.id != who.id]


def checked(ids: Collection[int], held: Held, by: Actor, now: datetime) -> dict[int, str]:
    """The names of those mentioned. Raises RefusedError for one who may not read the note, or is not to be found."""
    if not ids:
        return {}
    if len(ids) > MOST_MENTIONED:
        raise RefusedError(N_("Du kan højst give besked til %(most)s kolleger ad gangen."), most=MOST_MENTIONED)
    known = select(Person.id, Person.name).where(
        Person.id.in_(ids), Person.is_active, granted(PersonPermission.FIND, by)
    )
    names = {id_: name for id_, name in db.session.execute(known.order_by(Person.name))}  # noqa: C416  a row is no pair
    if len(names) < len(set(ids)):
        raise RefusedError(N_("Vi kan ikke finde en af dem, du vil give besked."))
    able = _readers(names, held.ticket.id, now.astimezone(own_zone()).date())
    for id_, name in names.items():
        if id_ not in able:
            raise RefusedError(
                N_("%(name)s kan ikke læse interne noter på denne henvendelse og kan derfor ikke få besked."), name=name
            )
    return names


def _readers(ids: Iterable[int], ticket_id: int, today: date) -> set[int]:
    """Those of the persons who may read the notes of the ticket; three queries, however many they are."""
    actors = load_actors(list(ids), today=today)
    maybe = [actor for actor in actors.values() if is_open(TicketPermission.READ_INTERNAL, actor)]
    if not maybe:
        return set()
    asked = [granted(TicketPermission.READ_INTERNAL, actor).label(f"reads_{actor.id}") for actor in maybe]
    row = db.session.execute(select(*asked).where(Ticket.id == ticket_id)).one()
    return {actor.id for actor, reads in zip(maybe, row, strict=True) if reads and actor.id is not None}
