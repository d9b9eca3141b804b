"""Who acts: a person with the roles that are in force, as the policy sees him or her."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, Text, and_, cast, func, select

from servicedesk.core.actor import Actor, Grant
from servicedesk.core.db import db
from servicedesk.core.preferences import unpacked
from servicedesk.organisation import standing_in
from servicedesk.organisation.models import Person, PersonPreferences, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.queries import SYSTEMS
from servicedesk.organisation.standing_in import SCOPE, grant_of
from servicedesk.organisation.standing_in import is_in_force as is_in_force


def load_actor(person_id: int, *, today: date) -> Actor | None:
    """An active person with the roles in force on `today`; one query, three more for somebody's deputy."""
    return load_actors([person_id], today=today).get(person_id)


def load_actors(ids: Collection[int], *, today: date) -> dict[int, Actor]:
    """Those of the persons who are active, with the roles in force on `today`; as many queries for all as for one."""
    if not ids:
        return {}
    rows: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(with_grants(today).where(Person.id.in_(ids))):
        rows.setdefault(row.id, []).append(row)
    stood_in = standing_in.grants_of({id_ for id_, found in rows.items() if found[0].may_stand_in}, today)
    return {id_: _actor(found, stood_in.get(id_, ())) for id_, found in rows.items()}


#: Every team of a person with its customer, "3:1,4:1": gathered, so that who acts is one question.
_TEAMS = (
    select(func.aggregate_strings(cast(Team.id, Text) + ":" + cast(Team.customer_id, Text), ","))
    .join(TeamMember, TeamMember.team_id == Team.id)
    .where(TeamMember.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
    .label("teams")
)


def with_grants(today: date) -> Select[*tuple[Any, ...]]:
    """One row for each grant of a person, one row without a role for a person without any."""
    grants = and_(RoleGrant.person_id == Person.id, is_in_force(today))
    person = (Person.id, Person.name, Person.customer_id, Person.unit_id, Person.initials, Person.email, Person.locale)
    return (
        select(*person, PersonPreferences.chosen, _TEAMS, standing_in.may_stand_in(today), *SCOPE)
        .select_from(Person)
        .outerjoin(PersonPreferences, PersonPreferences.person_id == Person.id)
        .outerjoin(RoleGrant, grants)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(Person.is_active)
    )


def actor_of(rows: Sequence[Row[Any]], today: date) -> Actor:
    """The person whom rows of `with_grants` are about; no query, three for somebody's deputy."""
    first = rows[0]
    return _actor(rows, standing_in.grants_of({first.id}, today).get(first.id, ()) if first.may_stand_in else ())


def _actor(rows: Sequence[Row[Any]], stood_in: Iterable[Grant]) -> Actor:
    first = rows[0]
    own = (grant_of(row) for row in rows if row.role)
    teams = [tuple(map(int, one.split(":"))) for one in (first.teams or "").split(",") if one]
    return Actor(
        id=first.id,
        name=first.name,
        customer_id=first.customer_id,
        unit_id=first.unit_id,
        initials=first.initials,
        email=first.email,
        locale=first.locale,
        grants=tuple(dict.fromkeys((*own, *stood_in))),
        team_ids=frozenset(team for team, _customer in teams),
        team_customer_ids=frozenset(customer for _team, customer in teams),
        preferences=unpacked(first.chosen),
    )
