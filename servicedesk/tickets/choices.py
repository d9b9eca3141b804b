"""What can be chosen in forms and filters about tickets."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, literal, or_, select, union_all

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


class Offered(NamedTuple):
    """What a page about many tickets lets the person choose from."""

    teams: list[Choice]
    colleagues: list[Choice]
    systems: list[Choice]
    units: list[Choice]


def offered_to(who: Actor) -> Offered:
    """The four lists below in one query, for a page that has use for them all."""
    found: list[list[Choice]] = [[], [], [], []]
    for which, id_, name in db.session.execute(_offering(who)):
        found[which].append(Choice(id_, name))
    return Offered(*(in_order(choices, lambda choice: choice.name) for choices in found))


@lru_cache(maxsize=500)
def _offering(who: Actor) -> Select[Any]:
    lists = (_teams(who), _colleagues(who), _systems(who, MOST_CHOICES), _units(who, MOST_CHOICES))
    each = [wanted.subquery() for wanted in lists]
    whole = union_all(*(select(literal(which), one.c.id, one.c.name) for which, one in enumerate(each))).subquery()
    return select(whole)


def teams_of(who: Actor) -> list[Choice]:
    """The teams whose tickets a list for `who` can be narrowed to; those closed to others only for their members."""
    return _in_order(_teams(who))


def _teams(who: Actor) -> Select[int, str]:
    query = select(Team.id, Team.name).where(Team.customer_id.in_(who.customer_ids), Team.is_active)
    return query.where(or_(Team.is_closed.is_(False), Team.id.in_(who.team_ids)))


def colleagues_of(who: Actor) -> list[Choice]:
    """Members of the teams that `who` is in."""
    return _in_order(_colleagues(who)) if who.team_ids else []


def _colleagues(who: Actor) -> Select[int, str]:
    query = select(Person.id, Person.name).join(TeamMember, TeamMember.person_id == Person.id)
    return query.where(TeamMember.team_id.in_(who.team_ids), Person.is_active, Person.id != who.id).distinct()


def systems_of(who: Actor, *, most: int | None = MOST_CHOICES) -> list[Choice]:
    """The systems of the customers that `who` has to do with."""
    return _in_order(_systems(who, most))


def _systems(who: Actor, most: int | None) -> Select[int, str]:
    query = select(System.id, System.name).where(System.customer_id.in_(who.customer_ids), System.is_active)
    return query.order_by(System.name).limit(most)


def units_of(who: Actor, *, most: int | None = MOST_CHOICES) -> list[Choice]:
    """The units of those customers, by name."""
    return _in_order(_units(who, most))


def _units(who: Actor, most: int | None) -> Select[int, str]:
    query = select(Unit.id, Unit.name).where(Unit.customer_id.in_(who.customer_ids), Unit.is_active)
    return query.order_by(Unit.name).limit(most)


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
