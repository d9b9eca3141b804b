"""How people stand: everything that the rule needs, in a fixed number of queries however many people there are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import bare, db
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.systems.models import System, SystemUnit
from servicedesk.training.models import Course, GuidelineText, Record, Requirement
from servicedesk.training.reckoning import Learner, Need, Standing
from servicedesk.training.rules import Source

#: Rows that are fetched at once.
_AT_ONCE = 500


def statuses(
    customer_id: int,
    today: date,
    *,
    people: ColumnElement[bool] | None = None,
    course_id: int | None = None,
    besides: Iterable[Need] = (),
) -> Standing:
    """How the people in use of a customer stand with what is required of them; six queries.

    The caller has been let in to see them: `people` is a condition on Person that says which. With `course_id` only
    what that course meets is looked at. `besides` are requirements that are only thought of yet.
    """
    meant = and_(Person.customer_id == customer_id, Person.is_active, *([] if people is None else [people]))
    paths: dict[int, str] = dict(_pairs(select(Unit.id, Unit.path).where(Unit.customer_id == customer_id)))
    names, used = _systems(customer_id)
    needs = [*_needs(customer_id, today, paths, course_id), *besides]
    learners = [
        Learner(id_, name, unit_id, title or "", since or known)
        for id_, name, unit_id, title, since, known in db.session.execute(
            select(
                Person.id, Person.name, Person.unit_id, Person.title, Person.employed_since, Person.known_since
            ).where(meant)
        )
    ]
    return Standing(
        learners=learners,
        needs=needs,
        proofs=_proofs(customer_id, meant if people is not None else None, course_id),
        roles=_roles(meant, today),
        paths=paths,
        systems=used,
        names=names,
        today=today,
    )


def requires_anything(system_id: int, today: date) -> bool:
    """Whether there is any requirement of that system."""
    return bool(bare(_requiring(today), {"required_of": system_id}))


# Made once a day: each ticket's page asks it.
@lru_cache(maxsize=10)
def _requiring(today: date) -> Select[int]:
    query = select(Requirement.id).where(Requirement.system_id == bindparam("required_of"), is_in_force(today))
    return query.limit(1)


def requires_of(customer_id: int, today: date) -> bool:
    """Whether anything is required of anybody."""
    query = select(Requirement.id).where(Requirement.customer_id == customer_id, is_in_force(today))
    return db.session.scalar(query.limit(1)) is not None


def is_in_force(today: date) -> ColumnElement[bool]:
    return and_(
        Requirement.withdrawn_at.is_(None),
        Requirement.starts_on <= today,
        or_(Requirement.ends_on.is_(None), Requirement.ends_on >= today),
    )


def _pairs(query: Select[Any, Any]) -> Iterable[tuple[Any, Any]]:
    return ((one, other) for one, other in db.session.execute(query))


def _systems(customer_id: int) -> tuple[dict[int, str], dict[int, list[str]]]:
    """Names of the systems in use, and the paths of the units that use each."""
    query = select(System.id, System.name, Unit.path).outerjoin(SystemUnit, SystemUnit.system_id == System.id)
    query = query.outerjoin(Unit, Unit.id == SystemUnit.unit_id)
    names: dict[int, str] = {}
    used: dict[int, list[str]] = {}
    for id_, name, path in db.session.execute(query.where(System.customer_id == customer_id, System.is_active)):
        names[id_] = name
        used.setdefault(id_, []).extend([path] if path else [])
    return names, used


def _needs(customer_id: int, today: date, paths: dict[int, str], course_id: int | None) -> list[Need]:
    query = (
        select(Requirement, Course.name, Course.kind, Course.version, GuidelineText.published_at)
        .join(Course, Course.id == Requirement.course_id)
        .outerjoin(GuidelineText, and_(GuidelineText.course_id == Course.id, GuidelineText.number == Course.version))
        .where(Requirement.customer_id == customer_id, is_in_force(today), Course.is_active)
        .order_by(Requirement.id)
    )
    if course_id is not None:
        query = query.where(Course.id == course_id)
    return [
        Need(
            id=one.id,
            course_id=one.course_id,
            course=name,
            kind=kind,
            system_id=one.system_id,
            path=paths.get(one.unit_id, "-") if one.unit_id is not None else "",
            role=one.role,
            title=one.title,
            is_mandatory=one.is_mandatory,
            deadline_days=one.deadline_days,
            validity_months=one.validity_months,
            starts_on=one.starts_on,
            version=version,
            published_on=None if published_at is None else published_at.astimezone(clock.own_zone()).date(),
            note=one.note,
        )
        for one, name, kind, version, published_at in db.session.execute(query)
    ]


def _proofs(
    customer_id: int, meant: ColumnElement[bool] | None, course_id: int | None
) -> dict[int, list[tuple[Any, ...]]]:
    """By person, the fields of a Proof in its order."""
    columns = (Record.person_id, Record.course_id, Record.obtained_on, Record.expires_on)
    is_exemption = (Record.source == Source.EXEMPTION).label("is_exemption")
    query = select(*columns, is_exemption, Record.ends_on, Record.version)
    query = query.where(Record.customer_id == customer_id, Record.withdrawn_at.is_(None))
    if meant is not None:
        query = query.where(Record.person_id.in_(select(Person.id).where(meant)))
    if course_id is not None:
        query = query.where(Record.course_id == course_id)
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    # Bare tuples, a few at a time: some tens of thousands of anything else set off the collector, which takes longer
    # than all the rest.
    db.session.flush()
    for rows in db.session.connection().execute(query).partitions(_AT_ONCE):
        for row in rows:
            found[row[0]].append(tuple(row[1:]))
    return found


def _roles(meant: ColumnElement[bool], today: date) -> dict[int, set[Role]]:
    is_held = and_(RoleGrant.starts_on <= today, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today))
    query = select(RoleGrant.person_id, RoleGrant.role).join(Person, Person.id == RoleGrant.person_id)
    found: dict[int, set[Role]] = defaultdict(set)
    for person_id, role in _pairs(query.where(meant, is_held)):
        found[person_id].add(role)
    return found
