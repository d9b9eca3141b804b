"""Who is away, and who then looks after what they have: reading, a query for a page of people.

A deputy may be away too; then it is the deputy's deputy, however far that goes. Where it ends in a circle, or with
somebody who has none, nobody stands in.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.actors import is_in_force
from servicedesk.organisation.models import Absence, Person, RoleGrant
from servicedesk.organisation.policy import PersonPermission

#: Those who have something that somebody else may have to look after.
WITH_DUTIES = (Role.SUPERBRUGER, Role.SUPPORTER, Role.SERVICEDESK_MANAGER)


class Away(NamedTuple):
    """A person who is away today."""

    person_id: int
    name: str
    ends_on: date
    note: str
    #: Who stands in today, when it comes to it; None when nobody does.
    deputy_id: int | None
    deputy: str | None


class _Row(NamedTuple):
    person_id: int
    name: str
    ends_on: date
    note: str
    deputy_id: int | None
    deputy: str | None
    is_deputy_active: bool | None


def _in_force(today: date) -> ColumnElement[bool]:
    return and_(Absence.starts_on <= today, Absence.ends_on >= today)


_Deputy = aliased(Person)
_ROWS = (
    select(
        *(Absence.person_id, Person.name, Absence.ends_on, Absence.note),
        *(Absence.deputy_id, _Deputy.name, _Deputy.is_active),
    )
    .join(Person, Person.id == Absence.person_id)
    .outerjoin(_Deputy, _Deputy.id == Absence.deputy_id)
)


_CONCERNED = (
    select(Absence.id)
    .where(Absence.starts_on <= bindparam("on"), Absence.ends_on >= bindparam("on"))
    .where(or_(Absence.person_id.in_(bindparam("away", expanding=True)), Absence.deputy_id == bindparam("deputy")))
    .limit(1)
)


def _fetched(query: Select[*tuple[Any, ...]]) -> dict[int, _Row]:
    return {row[0]: _Row._make(row) for row in db.session.execute(query)}


def away(ids: Iterable[int | None], today: date) -> dict[int, Away]:
    """Those of the persons who are away, with who stands in; one query unless a deputy is away as well."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    known = _fetched(_ROWS.where(Absence.person_id.in_(wanted), _in_force(today)))
    asked = set(wanted)
    while deputies := {row.deputy_id for row in known.values() if row.deputy_id is not None} - asked:
        asked |= deputies
        known |= _fetched(_ROWS.where(Absence.person_id.in_(deputies), _in_force(today)))
    return {id_: _resolved(id_, known) for id_ in wanted if id_ in known}


def _resolved(person_id: int, known: dict[int, _Row]) -> Away:
    first = known[person_id]
    row, passed = first, {person_id}
    while row.deputy_id in known and row.deputy_id not in passed:
        passed.add(row.deputy_id)
        row = known[row.deputy_id]
    is_there = row.deputy_id is not None and row.deputy_id not in known and bool(row.is_deputy_active)
    deputy_id, deputy = (row.deputy_id, row.deputy) if is_there else (None, None)
    return Away(person_id, first.name, first.ends_on, first.note, deputy_id, deputy)


def on_duty(ids: Iterable[int | None], deputy_id: int | None, today: date) -> tuple[dict[int, Away], list[Away]]:
    """`away` and `stood_for` for a whole page; one query while nobody is away and the person is nobody's deputy."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if db.session.execute(_CONCERNED, {"on": today, "away": list(wanted), "deputy": deputy_id}).first() is None:
        return {}, []
    return away(wanted, today), stood_for(deputy_id, today)


def stood_for(deputy_id: int | None, today: date) -> list[Away]:
    """For whom the person stands in today, by name: directly, or because the deputy between them is away too."""
    found: dict[int, _Row] = {}
    level = {deputy_id} if deputy_id is not None else set()
    while level:
        rows = _fetched(_ROWS.where(Absence.deputy_id.in_(level), _in_force(today), Absence.person_id != deputy_id))
        level = rows.keys() - found.keys()
        found |= rows
    return sorted(
        (Away(row.person_id, row.name, row.ends_on, row.note, deputy_id, None) for row in found.values()),
        key=lambda one: one.name,
    )


def of_person(person_id: int, who: Actor, today: date) -> list[Absence]:
    """A person's absences that are not over, the next first, with their deputies."""
    query = (
        select(Absence)
        .join(Absence.person)
        .where(Absence.person_id == person_id, Absence.ends_on >= today)
        .where(granted(PersonPermission.PLAN_ABSENCE, who))
        .options(joinedload(Absence.deputy), contains_eager(Absence.person))
    )
    return list(db.session.scalars(query.order_by(Absence.starts_on)))


def planned(who: Actor, today: date) -> list[Absence]:
    """Every absence that `who` may plan for others, as long as it is not over."""
    query = (
        select(Absence)
        .join(Absence.person)
        .where(Absence.ends_on >= today, granted(PersonPermission.PLAN_ABSENCE_OF_OTHERS, who))
        .options(joinedload(Absence.deputy), contains_eager(Absence.person))
    )
    return list(db.session.scalars(query.order_by(Absence.starts_on, Person.name)))


def get(absence_id: int, who: Actor) -> Absence:
    """Raises NotFoundError."""
    query = select(Absence).join(Absence.person).where(Absence.id == absence_id)
    query = query.where(granted(PersonPermission.PLAN_ABSENCE, who)).options(contains_eager(Absence.person))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def overlapping(person_ids: Collection[int], starts_on: date, ends_on: date) -> Sequence[Absence]:
    """Absences of those persons that share a day with the period."""
    shares = and_(Absence.starts_on <= ends_on, Absence.ends_on >= starts_on)
    return db.session.scalars(select(Absence).where(Absence.person_id.in_(person_ids), shares)).all()


def possible_deputies(person: Person, today: date) -> list[tuple[int, str]]:
    """Active people of the same customer who have duties of their own: who could look after a supporter's tickets."""
    with_duties = select(RoleGrant.person_id).where(RoleGrant.role.in_(WITH_DUTIES), is_in_force(today))
    return _named(
        Person.customer_id == person.customer_id, Person.is_active, Person.id != person.id, Person.id.in_(with_duties)
    )


def people_to_plan_for(who: Actor, today: date) -> list[tuple[int, str]]:
    """Whom `who` may plan absence for, of those with duties."""
    with_duties = select(RoleGrant.person_id).where(RoleGrant.role.in_(WITH_DUTIES), is_in_force(today))
    return _named(Person.is_active, Person.id.in_(with_duties), granted(PersonPermission.PLAN_ABSENCE_OF_OTHERS, who))


def _named(*conditions: Any) -> list[tuple[int, str]]:
    query = select(Person.id, Person.name, Person.initials).where(*conditions).order_by(Person.name)
    return [(row.id, f"{row.name} ({row.initials})") for row in db.session.execute(query.limit(500))]
