"""Who acts: a person with the roles that are in force, as the policy sees him or her."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select

from servicedesk.core.actor import Actor, Grant
from servicedesk.core.db import db
from servicedesk.core.preferences import unpacked
from servicedesk.organisation.models import Person, PersonPreferences, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.queries import SYSTEMS


def load_actor(person_id: int, *, today: date) -> Actor | None:
    """An active person with the roles in force on `today`; two queries."""
    rows = db.session.execute(with_grants(today).where(Person.id == person_id)).all()
    return actor_of(rows) if rows else None


def load_actors(ids: Collection[int], *, today: date) -> dict[int, Actor]:
    """Those of the persons who are active, with the roles in force on `today`; two queries, however many."""
    if not ids:
        return {}
    rows: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(with_grants(today).where(Person.id.in_(ids))):
        rows.setdefault(row.id, []).append(row)
    teams: dict[int, list[Any]] = {}
    member_of = select(TeamMember.person_id, Team.id, Team.customer_id).join(Team, Team.id == TeamMember.team_id)
    for team in db.session.execute(member_of.where(TeamMember.person_id.in_(ids))):
        teams.setdefault(team.person_id, []).append(team)
    return {id_: _actor(found, teams.get(id_, [])) for id_, found in rows.items()}


def is_in_force(today: date) -> ColumnElement[bool]:
    return and_(RoleGrant.starts_on <= today, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today))


def with_grants(today: date) -> Select[*tuple[Any, ...]]:
    """One row for each grant of a person, one row without a role for a person without any."""
    grants = and_(RoleGrant.person_id == Person.id, is_in_force(today))
    customer_id = func.coalesce(Unit.customer_id, SYSTEMS.c.customer_id).label("scope_customer_id")
    person = (Person.id, Person.name, Person.customer_id, Person.unit_id, Person.initials, Person.email, Person.locale)
    return (
        select(*person, PersonPreferences.chosen, RoleGrant.role, RoleGrant.system_id, Unit.path, customer_id)
        .select_from(Person)
        .outerjoin(PersonPreferences, PersonPreferences.person_id == Person.id)
        .outerjoin(RoleGrant, grants)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(Person.is_active)
    )


_TEAMS = (
    select(Team.id, Team.customer_id)
    .join(TeamMember, TeamMember.team_id == Team.id)
    .where(TeamMember.person_id == bindparam("member_id"))
)


def actor_of(rows: Sequence[Row[Any]]) -> Actor:
    """The person whom rows of `with_grants` are about; one query, for the teams."""
    return _actor(rows, db.session.execute(_TEAMS, {"member_id": rows[0].id}).all())


def _actor(rows: Sequence[Row[Any]], teams: Sequence[Any]) -> Actor:
    first = rows[0]
    return Actor(
        id=first.id,
        name=first.name,
        customer_id=first.customer_id,
        unit_id=first.unit_id,
        initials=first.initials,
        email=first.email,
        locale=first.locale,
        grants=tuple(Grant(row.role, row.scope_customer_id, row.path, row.system_id) for row in rows if row.role),
        team_ids=frozenset(team.id for team in teams),
        team_customer_ids=frozenset(team.customer_id for team in teams),
        preferences=unpacked(first.chosen),
    )
