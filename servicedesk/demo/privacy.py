"""What the data protection officer has to look after: rules, a case that is held back, somebody who left."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import db
from servicedesk.demo.town import Town
from servicedesk.organisation import commands as organisation
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Person, RoleGrant, TeamMember
from servicedesk.privacy import commands
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy

#: Five years, as long as most of a municipality's cases may be asked for.
MONTHS = {"tickets": 60}


def look_after(town: Town, now: datetime) -> None:
    asked = select(RoleGrant.person_id).where(RoleGrant.role == Role.DATA_PROTECTION_OFFICER)
    officer = load_actor(db.session.scalars(asked).one(), today=clock.local_date(now, clock.own_zone().key))
    assert officer is not None
    commands.set_rules(town.root.id, MONTHS, by=officer, now=now)
    secret = select(Ticket.id).where(Ticket.secrecy == Secrecy.SECURITY, Ticket.customer_id == town.root.id)
    if (held := db.session.scalar(secret.order_by(Ticket.id).limit(1))) is not None:
        commands.hold_ticket(held, reason="Anmeldt til Datatilsynet, sagen er ikke afsluttet", by=officer, now=now)
    if (left := _somebody_without_duties(town)) is not None:
        organisation.set_person_active(left, False, by=SYSTEM, now=now - timedelta(days=200))


def _somebody_without_duties(town: Town) -> int | None:
    """An ordinary employee whose tickets are all closed."""
    of_person = (Ticket.filer_id == Person.id) | (Ticket.affected_id == Person.id)
    query = select(Person.id).where(
        Person.customer_id == town.root.id,
        exists().where(of_person),
        ~exists().where(of_person, Ticket.closed_at.is_(None)),
        ~exists().where(RoleGrant.person_id == Person.id),
        ~exists().where(TeamMember.person_id == Person.id),
    )
    return db.session.scalar(query.order_by(Person.id.desc()).limit(1))
