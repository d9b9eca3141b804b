"""Who acts: a person with the roles that are in force, as the policy sees him or her."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, func, or_, select

from servicedesk.core.actor import Actor, Grant
from servicedesk.core.db import db
from servicedesk.core.preferences import unpacked
from servicedesk.organisation.models import Person, PersonPreferences, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.queries import SYSTEMS


def load_actor(person_id: int, *, today: date) -> Actor | None:
    """An active person with the roles in force on `today`; one query."""
    rows = db.session.execute(with_grants(today).where(Person.id == person_id)).all()
    return actor_of(rows) if rows else None


def load_actors(ids: Collection[int], *, today: date) -> dict[int, Actor]:
    """Those of the persons who are active, with the roles in force on `today`; one query, however many."""
    if not ids:
        return {}
    rows: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(with_grants(today).where(Person.id.in_(ids))):
        rows.setdefault(row.id, []).append(row)
    return {id_: actor_of(found) for id_, found in rows.items()}


def is_in_force(today: date) -> ColumnElement[bool]:
    return and_(RoleGrant.starts_on <= today, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today))


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
    customer_id = func.coalesce(Unit.customer_id, SYSTEMS.c.customer_id).label("scope_customer_id")
    person = (Person.id, Person.name, Person.customer_id, Person.unit_id, Person.initials, Person.email, Person.locale)
    return (
        select(*person, PersonPreferences.chosen, _TEAMS, RoleGrant.role, RoleGrant.system_id, Unit.path, customer_id)
        .select_from(Person)
        .outerjoin(PersonPreferences, PersonPreferences.person_id == Person.id)
        .outerjoin(RoleGrant, grants)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(Person.is_active)
    )


def actor_of(rows: Sequence[Row[Any]]) -> Actor:
    """The person whom rows of `with_grants` are about."""
    first = rows[0]
    teams = [tuple(map(int, one.split(":"))) for one in (first.teams or "").split(",") if one]
    return Actor(
        id=first.id,
        name=first.name,
        customer_id=first.customer_id,
        unit_id=first.unit_id,
        initials=first.initials,
        email=first.email,
        locale=first.locale,
        grants=tuple(Grant(row.role, row.scope_customer_id, row.path, row.system_id) for row in rows if row.role),
        team_ids=frozenset(team for team, _customer in teams),
        team_customer_ids=frozenset(customer for _team, customer in teams),
        preferences=unpacked(first.chosen),
    )
