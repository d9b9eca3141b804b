"""Who read what of the employee and of a few others, and a package that the data protection officer asked for."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import or_, select

from servicedesk.accountability import packages
from servicedesk.core import clock, lookups
from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.lookups import Look, Seen
from servicedesk.demo.town import Town
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import RoleGrant
from servicedesk.tickets.models import Ticket

#: Tickets that were read, and how often at most.
TICKETS, TIMES = 40, 4
DOORS = ("tickets.show", "tickets.show", "tickets.show", "cockpit.preview", "tickets.explain_clocks")


def look(town: Town, now: datetime, rng: Random) -> None:
    today = clock.local_date(now, clock.own_zone().key)
    readers = [one for key in _readers(town) if (one := load_actor(key, today=today)) is not None]
    employee = town.faces.employee.id
    newest = select(Ticket.id).order_by(Ticket.id.desc()).limit(TICKETS)
    own = select(Ticket.id).where(or_(Ticket.filer_id == employee, Ticket.affected_id == employee)).limit(TICKETS)
    ids = [*db.session.scalars(own), *db.session.scalars(newest)]
    times = sorted(now - timedelta(minutes=rng.randrange(10, 8_000)) for _ in ids for _ in range(TIMES))
    with transaction():
        for at in times:
            seen = Look(seen=Seen.TICKET, door=rng.choice(DOORS), subject="ticket_id", keys=[rng.choice(ids)])
            lookups.record([seen], by=rng.choice(readers), now=at)
    if officer := _officer(today_of=now):
        packages.ask(employee, by=officer, now=now - timedelta(minutes=5), form_id="demo")


def _readers(town: Town) -> list[int]:
    return [town.faces.supporter.id, town.faces.servicedesk_manager.id, town.faces.manager.id]


def _officer(*, today_of: datetime) -> Actor | None:
    query = select(RoleGrant.person_id).where(RoleGrant.role == Role.DATA_PROTECTION_OFFICER)
    key = db.session.scalar(query.order_by(RoleGrant.person_id).limit(1))
    today = clock.local_date(today_of, clock.own_zone().key)
    return None if key is None else load_actor(key, today=today)
