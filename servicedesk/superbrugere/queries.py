"""Whom a new ticket goes to, and by which guideline: a fixed number of queries, however many appointments there are."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Date, Select, Text, and_, bindparam, func, or_, select, type_coerce

from servicedesk.core.actor import Role
from servicedesk.core.db import bare, db, table_of
from servicedesk.core.words import query_terms, tokens
from servicedesk.organisation.models import Absence, Person, RoleGrant, Unit
from servicedesk.organisation.standing_in import Deputies, deputies
from servicedesk.superbrugere.models import Guideline, GuidelineVersion
from servicedesk.superbrugere.rules import GuidelineTerms, Leeway
from servicedesk.systems.models import Disturbance, DisturbanceSystem
from servicedesk.systems.rules import DisturbanceKind

Statement = Select[*tuple[Any, ...]]


class InForce(NamedTuple):
    """The guideline that holds for a system, as it is now."""

    version_id: int
    number: int
    #: None for the general one.
    system_id: int | None
    terms: GuidelineTerms

    def keeps(self, kind: str) -> bool:
        """Whether a ticket of that kind may be with a superbruger at all."""
        return self.terms.local is not None and self.terms.leeway(kind).includes(Leeway.ANSWER)


class Helper(NamedTuple):
    """A superbruger, or a deputy of one, who is there today."""

    id: int
    name: str


#: So many are told of a new ticket; more than that would each think that another sees to it.
MOST_HELPERS = 10


@dataclass(frozen=True)
class Local:
    """Where a ticket starts: with these superbrugere, the nearest first, under this guideline."""

    helpers: Sequence[Helper]
    guideline: InForce


def guideline_for(customer_id: int, system_id: int | None) -> InForce | None:
    """The guideline of the system, else the general one; None while none is published. One query."""
    found = bare(_GUIDELINES, {"of_customer": customer_id, "about": system_id})
    return _nearest(found, system_id)


def guideline_at(customer_id: int, system_id: int | None, at: datetime) -> InForce | None:
    """The guideline of the system, else the general one, as it was then. One query."""
    query = (
        select(Guideline.system_id, GuidelineVersion.id, GuidelineVersion.number, _TOLD)
        .join(GuidelineVersion, GuidelineVersion.guideline_id == Guideline.id)
        .where(Guideline.customer_id == customer_id, GuidelineVersion.at <= at)
        .where(or_(Guideline.system_id.is_(None), Guideline.system_id == system_id))
        .order_by(GuidelineVersion.number)
    )
    return _nearest(db.session.execute(query).all(), system_id)


def _nearest(rows: Sequence[Any], system_id: int | None) -> InForce | None:
    by_system = {row.system_id: row for row in rows}
    row = by_system.get(system_id) or by_system.get(None)
    return InForce(row.id, row.number, row.system_id, _terms(row.told)) if row else None


@lru_cache(maxsize=1_000)
def _terms(told: str) -> GuidelineTerms:
    return GuidelineTerms.read(json.loads(told))


# Columns of tables rather than of models: of every new ticket it is asked where it goes.
_guideline, _version, _unit = table_of(Guideline).c, table_of(GuidelineVersion).c, table_of(Unit).c
#: As it is written: what it says is kept by that.
_TOLD = type_coerce(_version.told, Text).label("told")
_GUIDELINES = (
    select(_guideline.system_id, _version.id, _version.number, _TOLD)
    .join_from(
        table_of(Guideline),
        table_of(GuidelineVersion),
        and_(_version.guideline_id == _guideline.id, _version.number == _guideline.version),
    )
    .where(_guideline.customer_id == bindparam("of_customer"))
    .where(or_(_guideline.system_id.is_(None), _guideline.system_id == bindparam("about")))
)


def body_of(version_id: int) -> str:
    """What a version of a guideline says in words, in Markdown."""
    return db.session.scalar(select(GuidelineVersion.body).where(GuidelineVersion.id == version_id)) or ""


def has_guideline(customer_id: int) -> bool:
    """Until one is published, everything goes to the servicedesk."""
    return db.session.scalar(select(Guideline.id).where(Guideline.customer_id == customer_id).limit(1)) is not None


def route(
    *,
    customer_id: int,
    unit_id: int,
    system_id: int | None,
    kind: str,
    subject: str,
    is_urgent: bool,
    not_to: Collection[int | None],
    today: date,
) -> Local | None:
    """Where a new ordinary ticket goes first; None for the servicedesk. Two queries, up to four while both
    somebody and his or her deputy are away.

    It goes there when it is urgent, when something is known to be wrong with the system, when the guideline lets no
    superbruger answer such a ticket or has a word in the subject set apart, and when nobody who covers unit and system
    is there but those in `not_to`, who are the ones asking.
    """
    if is_urgent:
        return None
    asked = {"of_customer": customer_id, "about": system_id, "of_unit": unit_id}
    rows = bare(_PLACE, asked)
    guideline = _nearest(rows, system_id)
    if guideline is None or rows[0].is_disturbed or not guideline.keeps(kind):
        return None
    if _is_set_apart(subject, guideline.terms.words):
        return None
    helpers = [one for one in _found(rows[0].path, customer_id, system_id, today) if one.id not in not_to]
    return Local(helpers, guideline) if helpers else None


#: While something is wrong with the system, the servicedesk knows more than anybody out there.
_disturbance, _concerns = table_of(Disturbance).c, table_of(DisturbanceSystem).c
_IS_DISTURBED = (
    select(_disturbance.id)
    .join_from(table_of(Disturbance), table_of(DisturbanceSystem), _concerns.disturbance_id == _disturbance.id)
    .where(_concerns.system_id == bindparam("about"), _disturbance.kind != DisturbanceKind.MAINTENANCE)
    .where(_disturbance.ended_at.is_(None), _disturbance.withdrawn_at.is_(None))
    .exists()
)
_PLACE = _GUIDELINES.add_columns(_unit.path, _IS_DISTURBED.label("is_disturbed")).join(
    table_of(Unit), _unit.id == bindparam("of_unit")
)


def _is_set_apart(subject: str, words: Iterable[str]) -> bool:
    said = tokens(subject) if words else []
    return any(_is_said(query_terms(one), said) for one in words)


def _is_said(asked: Iterable[str], said: Collection[str]) -> bool:
    """Found as a search would find it: bent, and as a part of a longer word."""
    terms = list(asked)
    return bool(terms) and all(any(word.startswith(term) for word in said) for term in terms)


# ------------------------------------------------------------------------------------------------ who is there


def covering(customer_id: int, unit_id: int, system_id: int | None, today: date) -> list[Helper]:
    """Who is there today for that unit and that system: whoever knows the system first, then the nearest.

    Without a system it is those who are there for all of them.
    """
    return _found(_path(unit_id), customer_id, system_id, today)


def in_unit(customer_id: int, unit_id: int, today: date) -> list[Helper]:
    """Who is there today for that unit, whatever it is about; nobody until a guideline is published."""
    return _found(_path(unit_id), customer_id, None, today, of_all=True) if has_guideline(customer_id) else []


def _path(unit_id: int) -> str:
    return db.session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""


def _found(path: str, customer_id: int, system_id: int | None, today: date, *, of_all: bool = False) -> list[Helper]:
    around = [int(step) for step in path.split("/") if step] or [0]
    units = {_unit_at(at): unit_id for at, unit_id in enumerate(around)}
    rows = bare(_superbrugere(len(around), of_all), {**units, "about": system_id, "on": today})
    depth = {unit_id: at for at, unit_id in enumerate(around)}
    nearest = sorted(rows, key=lambda row: (row[_SYSTEM] is None, -depth[row[_UNIT]], row[0]))
    return _present(map(_Found._make, nearest), customer_id, today)


def _present(found: Iterable["_Found"], customer_id: int, today: date) -> list[Helper]:
    """Those people, or who stands in for them, each once; the first few."""
    acting: dict[int, str] = {}
    known: Deputies | None = None
    for one in found:
        if not one.is_away:
            acting.setdefault(one.id, one.name)
        elif not one.is_stand_in_away:
            if one.stand_in_id is not None and one.stand_in:
                acting.setdefault(one.stand_in_id, one.stand_in)
        else:
            known = known or deputies([customer_id], today)
            further = known.present_for(one.id, one.deputy_id)
            if further is not None:
                acting.setdefault(further, "")
        if len(acting) == MOST_HELPERS:
            break
    unnamed = [id_ for id_, name in acting.items() if not name]
    if unnamed:
        acting |= dict(map(tuple, bare(_NAMES, {"ids": unnamed})))
    return [Helper(id_, name) for id_, name in acting.items() if name]


class _Found(NamedTuple):
    """A superbruger's role, and who stands in when he or she is away."""

    id: int
    deputy_id: int | None
    unit_id: int
    system_id: int | None
    name: str
    is_away: bool
    #: Without a name when it is somebody who has left.
    stand_in_id: int | None
    stand_in: str | None
    is_stand_in_away: bool


#: Where in a row.
_UNIT, _SYSTEM = 2, 3
_grant, _person = table_of(RoleGrant).c, table_of(Person).c
_NAMES = select(_person.id, _person.name).where(_person.id.in_(bindparam("ids", expanding=True)), _person.is_active)


def _unit_at(depth: int) -> str:
    return f"unit_{depth}"


# One for each depth of a tree: a list of units of any length would be put into the statement anew each time.
@lru_cache(maxsize=100)
def _superbrugere(depth: int, of_all: bool) -> Statement:
    """The columns of `_Found`; of those for the lowest of some units, and those above it that cover what is below."""
    units = [bindparam(_unit_at(at), type_=BigInteger) for at in range(depth)]
    on = bindparam("on", type_=Date)
    absence, further = table_of(Absence).alias(), table_of(Absence).alias()
    person, is_away = table_of(Person).alias(), absence.c.id.is_not(None)
    stand_in_id = func.coalesce(absence.c.deputy_id, _grant.deputy_id)
    is_further_away = select(further.c.id).where(further.c.person_id == stand_in_id, *_holds(further.c, on)).exists()
    query = (
        select(
            *(_grant.person_id, _grant.deputy_id, _grant.unit_id, _grant.system_id, _person.name),
            *(is_away, person.c.id, person.c.name, is_away & is_further_away),
        )
        .select_from(
            table_of(RoleGrant)
            .join(table_of(Person), _person.id == _grant.person_id)
            .outerjoin(absence, and_(absence.c.person_id == _grant.person_id, *_holds(absence.c, on)))
            .outerjoin(person, and_(is_away, person.c.id == stand_in_id, person.c.is_active))
        )
        .where(_grant.role == Role.SUPERBRUGER, _person.is_active, _grant.starts_on <= on)
        .where(or_(_grant.ends_on.is_(None), _grant.ends_on >= on))
        .where(_grant.unit_id.in_(units), or_(_grant.with_subunits, _grant.unit_id == units[-1]))
    )
    return query if of_all else query.where(or_(_grant.system_id.is_(None), _grant.system_id == bindparam("about")))


def _holds(absence: Any, on: ColumnElement[date]) -> tuple[ColumnElement[bool], ...]:
    return absence.starts_on <= on, absence.ends_on >= on
