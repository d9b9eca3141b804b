"""What stands for each field of a text (`phrases.fields`) when it is put into an answer on a ticket."""

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.formats import day
from servicedesk.core.language import gettext as _
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets.models import Ticket


def values(ticket: Ticket, who: Actor, now: datetime) -> dict[str, str]:
    """For a ticket that `who` has been let in to; one query, and one for the team."""
    about = (
        select(Person.name, Unit.name, System.name)
        .select_from(Ticket)
        .join(Person, Person.id == Ticket.affected_id)
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(System, System.id == Ticket.system_id)
        .where(Ticket.id == ticket.id)
    )
    user, unit, system = db.session.execute(about).one()
    # The worker fills texts too, and has no page whose language it could take.
    with force_locale(who.locale):
        return {
            "bruger.fornavn": _first(user),
            "bruger.navn": user,
            "bruger.enhed": unit,
            "henvendelse.nummer": ticket.number,
            "henvendelse.emne": ticket.subject,
            "system.navn": system or _("systemet"),
            "mig.fornavn": _first(who.name),
            "mig.navn": who.name,
            "mig.team": _own_team(ticket, who) or _("Servicedesken"),
            "dato": day(now.astimezone(clock.own_zone()).date()),
        }


def _first(name: str) -> str:
    return name.split(" ")[0]


def _own_team(ticket: Ticket, who: Actor) -> str | None:
    """The team that has the ticket when the person is in it, else the first of his or her own."""
    query = select(Team.name).where(Team.id.in_(who.team_ids), Team.is_active)
    return db.session.scalar(query.order_by(Team.id != (ticket.team_id or 0), Team.name).limit(1))
