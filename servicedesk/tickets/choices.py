"""What can be chosen in forms and filters about tickets."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.organisation.actors import is_in_force
from servicedesk.organisation.models import Person, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.policy import STAFF
from servicedesk.systems.models import System
from servicedesk.tickets import receivers
from servicedesk.tickets.models import Ticket

#: A filter offers no more values than anybody can look through.
MOST_CHOICES = 300


class Choice(NamedTuple):
    """Something to choose in a form."""

    id: int
    name: str


def teams_for(ticket: Ticket) -> list[Choice]:
    """Where the ticket can be moved: a secret one to teams that are closed to others, an ordinary one to the rest."""
    query = select(Team.id, Team.name).where(receivers.may_hold(ticket.customer_id, ticket.secrecy))
    return _in_order(query)


def assignable_to(ticket: Ticket, today: date) -> list[Choice]:
    """Who can be given the ticket: supporters in its team; while it has none, in any open team of the customer."""
    serving = select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF), is_in_force(today))
    query = (
        select(Person.id, Person.name)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.customer_id == ticket.customer_id, Team.is_active, Person.is_active, Person.id.in_(serving))
        .distinct()
    )
    query = query.where(Team.id == ticket.team_id) if ticket.team_id else query.where(Team.is_closed.is_(False))
    return _in_order(query)


def teams_of(who: Actor) -> list[Choice]:
    """The teams whose tickets a list for `who` can be narrowed to; those closed to others only for their members."""
    query = select(Team.id, Team.name).where(Team.customer_id.in_(who.customer_ids), Team.is_active)
    query = query.where(or_(Team.is_closed.is_(False), Team.id.in_(who.team_ids)))
    return _in_order(query)


def colleagues_of(who: Actor) -> list[Choice]:
    """Members of the teams that `who` is in."""
    if not who.team_ids:
        return []
    query = select(Person.id, Person.name).join(TeamMember, TeamMember.person_id == Person.id)
    query = query.where(TeamMember.team_id.in_(who.team_ids), Person.is_active, Person.id != who.id)
    return _in_order(query.distinct())


def systems_of(who: Actor, *, most: int | None = MOST_CHOICES) -> list[Choice]:
    """The systems of the customers that `who` has to do with."""
    query = select(System.id, System.name).where(System.customer_id.in_(who.customer_ids), System.is_active)
    return _in_order(query.order_by(System.name).limit(most))


def units_of(who: Actor, *, most: int | None = MOST_CHOICES) -> list[Choice]:
    """The units of those customers, by name."""
    query = select(Unit.id, Unit.name).where(Unit.customer_id.in_(who.customer_ids), Unit.is_active)
    return _in_order(query.order_by(Unit.name).limit(most))


def _in_order(query: Select[int, str]) -> list[Choice]:
    return in_order((Choice(*row) for row in db.session.execute(query)), lambda choice: choice.name)


_NAMED: dict[str, Any] = {"team": Team, "assignee": Person, "system": System, "unit": Unit}


def gone(name: str, ids: Iterable[Any], who: Actor) -> set[str]:
    """Those of the ids that no filter of that name can mean any more: closed down, or another customer's."""
    kind = _NAMED[name]
    wanted = {str(one) for one in ids}
    keys = [int(one) for one in wanted if one.isdecimal()]
    there = select(kind.id).where(kind.id.in_(keys), kind.is_active, kind.customer_id.in_(who.customer_ids))
    if kind is Team:
        there = there.where(or_(Team.is_closed.is_(False), Team.id.in_(who.team_ids)))
    return wanted - {str(one) for one in db.session.scalars(there)}
