"""Who has a superbruger's role while he or she is away.

An absence names a deputy; where it does not, the appointment's deputy stands in. A deputy who is away too passes it on
in the same way, however far that goes. Where it ends in a circle, or with somebody who has no deputy, nobody stands in.
Nothing is stored: it follows from absences and appointments, and ends with them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, case, func, or_, select

from servicedesk.core.actor import Grant, Role
from servicedesk.core.db import bare, db, table_of
from servicedesk.organisation.models import Absence, Person, RoleGrant, Unit
from servicedesk.organisation.queries import SYSTEMS

#: A day, or a place for one in a statement that is made once.
Day = date | BindParameter[date]

#: What a grant is over, as `grant_of` reads it.
SCOPE = (
    *(RoleGrant.role, RoleGrant.system_id, RoleGrant.with_subunits, RoleGrant.appointment_id, Unit.path),
    func.coalesce(Unit.customer_id, SYSTEMS.c.customer_id).label("scope_customer_id"),
)


def grant_of(row: Any) -> Grant:
    """From a row that has the columns of `SCOPE`."""
    return Grant(
        row.role, row.scope_customer_id, row.path, row.system_id, row.with_subunits, appointment_id=row.appointment_id
    )


def is_in_force(today: Day) -> ColumnElement[bool]:
    return and_(RoleGrant.starts_on <= today, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today))


def is_away(today: Day) -> ColumnElement[bool]:
    return and_(Absence.starts_on <= today, Absence.ends_on >= today)


@dataclass(frozen=True)
class Deputies:
    """Who is away today, and who stands in for whom; pure."""

    #: The deputy that the absence names, for each who is away.
    absent: Mapping[int, int | None]
    #: The deputy of those people's appointments.
    standing: Mapping[int, int]

    def present_for(self, holder_id: int, deputy_id: int | None = None) -> int | None:
        """Who acts for a superbruger today: the same person, a deputy, or nobody; `deputy_id` is the appointment's."""
        at, passed = holder_id, set[int]()
        while at in self.absent:
            if at in passed:
                return None
            passed.add(at)
            own = deputy_id if at == holder_id else self.standing.get(at)
            further = self.absent[at] or own
            if further is None:
                return None
            at = further
        return at


def deputies(customers: Collection[int], today: date) -> Deputies:
    """The absences of today in those customers; one query."""
    rows = bare(_ABSENCES, {"customers": list(customers), "on": today})
    return Deputies(
        {person_id: deputy_id for person_id, deputy_id, _ in rows},
        {person_id: standing_id for person_id, _, standing_id in rows if standing_id is not None},
    )


_absence, _grant, _TODAY = table_of(Absence).c, table_of(RoleGrant).c, bindparam("on", type_=Date)
#: The deputy of the appointments of somebody whose absence names none.
_STANDING = (
    select(func.min(_grant.deputy_id))
    .where(_grant.person_id == _absence.person_id, _grant.starts_on <= _TODAY)
    .where(or_(_grant.ends_on.is_(None), _grant.ends_on >= _TODAY))
    .correlate(table_of(Absence))
    .scalar_subquery()
)
_ABSENCES = select(
    _absence.person_id, _absence.deputy_id, case((_absence.deputy_id.is_(None), _STANDING)).label("standing_id")
).where(
    _absence.customer_id.in_(bindparam("customers", expanding=True)),
    _absence.starts_on <= _TODAY,
    _absence.ends_on >= _TODAY,
)


def may_stand_in(today: Day) -> ColumnElement[bool]:
    """Whether somebody who is away has the person as a deputy: rarely, and then `grants_of` says for what."""
    named = select(Absence.id).where(Absence.deputy_id == Person.id, is_away(today)).exists()
    appointed = select(RoleGrant.id).join(Absence, Absence.person_id == RoleGrant.person_id)
    appointed = appointed.where(RoleGrant.deputy_id == Person.id, is_in_force(today), is_away(today))
    return or_(named, appointed.correlate(Person).exists()).label("may_stand_in")


def grants_of(ids: Collection[int], today: date) -> dict[int, list[Grant]]:
    """The roles that those people, all of them active, have for superbrugere who are away; three queries."""
    if not ids:
        return {}
    known = deputies(db.session.scalars(select(Person.customer_id).where(Person.id.in_(ids))).all(), today)
    query = (
        select(RoleGrant.person_id, RoleGrant.deputy_id, *SCOPE)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(RoleGrant.person_id.in_(known.absent), RoleGrant.role == Role.SUPERBRUGER)
        .where(Person.is_active, is_in_force(today))
        .order_by(RoleGrant.id)
    )
    found: dict[int, list[Grant]] = {}
    for row in db.session.execute(query):
        by = known.present_for(row.person_id, row.deputy_id)
        if by is not None and by in ids and by != row.person_id:
            found.setdefault(by, []).append(grant_of(row))
    return found
