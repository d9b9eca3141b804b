"""Whom a new ticket goes to, and by which guideline: a fixed number of queries, however many appointments there are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, true

from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.core.words import query_terms, tokens
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.organisation.standing_in import deputies, is_in_force
from servicedesk.superbrugere.models import Guideline, GuidelineVersion
from servicedesk.superbrugere.rules import GuidelineTerms, Leeway
from servicedesk.systems.models import Disturbance, DisturbanceSystem


class InForce(NamedTuple):
    """The guideline that holds for a system, as it is now."""

    version_id: int
    number: int
    #: None for the general one.
    system_id: int | None
    body: str
    terms: GuidelineTerms

    def keeps(self, kind: str) -> bool:
        """Whether a ticket of that kind may be with a superbruger at all."""
        return self.terms.local is not None and self.terms.leeway(kind).includes(Leeway.ANSWER)


class Helper(NamedTuple):
    """A superbruger, or a deputy of one, who is there today."""

    id: int
    name: str


@dataclass(frozen=True)
class Local:
    """Where a ticket starts: with these superbrugere, the nearest first, under this guideline."""

    helpers: Sequence[Helper]
    guideline: InForce


def guideline_for(customer_id: int, system_id: int | None) -> InForce | None:
    """The guideline of the system, else the general one; None while none is published. One query."""
    concerns = or_(Guideline.system_id.is_(None), Guideline.system_id == system_id)
    newest = and_(GuidelineVersion.guideline_id == Guideline.id, GuidelineVersion.number == Guideline.version)
    query = select(Guideline.system_id, GuidelineVersion).join(GuidelineVersion, newest)
    rows = db.session.execute(query.where(Guideline.customer_id == customer_id, concerns))
    found: dict[int | None, GuidelineVersion] = {row[0]: row[1] for row in rows}
    own = system_id if system_id in found else None
    if own not in found:
        return None
    version = found[own]
    return InForce(version.id, version.number, own, version.body, version.terms)


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
    """Where a new ordinary ticket goes first; None for the servicedesk. At most five queries.

    It goes there when it is urgent, when something is known to be wrong with the system, when the guideline lets no
    superbruger answer such a ticket or has a word in the subject set apart, and when nobody who covers unit and system
    is there but those in `not_to`, who are the ones asking.
    """
    if is_urgent:
        return None
    guideline = guideline_for(customer_id, system_id)
    if guideline is None or not guideline.keeps(kind) or _is_set_apart(subject, guideline.terms.words):
        return None
    if _is_disturbed(system_id):
        return None
    helpers = [one for one in covering(customer_id, unit_id, system_id, today) if one.id not in not_to]
    return Local(helpers, guideline) if helpers else None


def _is_set_apart(subject: str, words: Iterable[str]) -> bool:
    said = tokens(subject)
    return any(_is_said(query_terms(one), said) for one in words)


def _is_said(asked: Iterable[str], said: Collection[str]) -> bool:
    """Found as a search would find it: bent, and as a part of a longer word."""
    terms = list(asked)
    return bool(terms) and all(any(word.startswith(term) for word in said) for term in terms)


def _is_disturbed(system_id: int | None) -> bool:
    """Then the servicedesk knows more than anybody out there."""
    if system_id is None:
        return False
    now_wrong = (Disturbance.ended_at.is_(None), Disturbance.withdrawn_at.is_(None))
    query = select(Disturbance.id).join(DisturbanceSystem, DisturbanceSystem.disturbance_id == Disturbance.id)
    query = query.where(DisturbanceSystem.system_id == system_id, *now_wrong, Disturbance.kind != "maintenance")
    return db.session.scalar(query.limit(1)) is not None


def covering(customer_id: int, unit_id: int, system_id: int | None, today: date) -> list[Helper]:
    """Who is there today for that unit and that system: whoever knows the system first, then the nearest.

    Without a system it is those who are there for all of them.
    """
    return _found(customer_id, unit_id, or_(RoleGrant.system_id.is_(None), RoleGrant.system_id == system_id), today)


def in_unit(customer_id: int, unit_id: int, today: date) -> list[Helper]:
    """Who is there today for that unit, whatever it is about."""
    return _found(customer_id, unit_id, true(), today) if has_guideline(customer_id) else []


def has_guideline(customer_id: int) -> bool:
    """Until one is published, everything goes to the servicedesk."""
    return db.session.scalar(select(Guideline.id).where(Guideline.customer_id == customer_id).limit(1)) is not None


def _found(customer_id: int, unit_id: int, is_about: ColumnElement[bool], today: date) -> list[Helper]:
    path = db.session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""
    around = [int(step) for step in path.split("/") if step]
    query = (
        select(RoleGrant.person_id, RoleGrant.deputy_id, RoleGrant.unit_id, RoleGrant.system_id, Person.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.SUPERBRUGER, is_in_force(today), Person.is_active, is_about)
        .where(RoleGrant.unit_id.in_(around), or_(RoleGrant.with_subunits, RoleGrant.unit_id == unit_id))
    )
    rows = sorted(
        db.session.execute(query), key=lambda row: (row.system_id is None, -around.index(row.unit_id), row.person_id)
    )
    return _present(rows, customer_id, today) if rows else []


def _present(rows: Iterable[Any], customer_id: int, today: date) -> list[Helper]:
    """Those people, or who stands in for them, each once."""
    some = list(rows)
    known = deputies([customer_id], today)
    names = {row.person_id: row.name for row in some}
    acting = [known.present_for(row.person_id, row.deputy_id) for row in some]
    others = {id_ for id_ in acting if id_ is not None} - names.keys()
    if others:
        query = select(Person.id, Person.name).where(Person.id.in_(others), Person.is_active)
        names |= {row.id: row.name for row in db.session.execute(query)}
    return [Helper(id_, names[id_]) for id_ in dict.fromkeys(acting) if id_ is not None and id_ in names]
