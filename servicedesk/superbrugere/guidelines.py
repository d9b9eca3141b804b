"""Guidelines as people read them: those in force, their versions, what changed, and who goes by them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, or_, select, true

from servicedesk.core.actor import Actor, Role
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Unit
from servicedesk.superbrugere import corps
from servicedesk.superbrugere.models import Guideline, GuidelineAcceptance, GuidelineVersion
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.rules import GuidelineTerms
from servicedesk.systems.models import System


@dataclass(frozen=True)
class Published:
    """A guideline with a version of it, as a rule the newest."""

    guideline: Guideline
    version: GuidelineVersion
    #: Name of the system; None for the general one.
    system: str | None


class Version(NamedTuple):
    """A version of a guideline, and who published it."""

    version: GuidelineVersion
    by: str | None


class Line(NamedTuple):
    """A line of a text beside another: "same", "added" or "removed"."""

    kind: str
    text: str


class Follower(NamedTuple):
    """A superbruger whom a guideline concerns, and when he or she accepted its newest version."""

    person: Person
    at: datetime | None
    #: The newest that he or she has accepted; None for none.
    number: int | None


def of_customer(customer_id: int) -> list[Published]:
    """The newest versions, the general one first; of a customer that the caller has been let in to see. One query."""
    rows = db.session.execute(_newest().where(Guideline.customer_id == customer_id))
    found = in_order((Published(*row) for row in rows), lambda one: one.system or "")
    return sorted(found, key=lambda one: one.system is not None)


def get(guideline_id: int, who: Actor) -> Published:
    """Raises NotFoundError when it is of a customer that `who` has nothing to do with."""
    known = select(Unit.id).where(granted(CorpsPermission.READ, who)).correlate(None)
    query = _newest().where(Guideline.id == guideline_id, Guideline.customer_id.in_(known))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return Published(*row)


def find(customer_id: int, system_id: int | None) -> Published | None:
    own = Guideline.system_id.is_not_distinct_from(system_id)
    row = db.session.execute(_newest().where(Guideline.customer_id == customer_id, own)).one_or_none()
    return Published(*row) if row else None


def versions(guideline: Guideline) -> list[Version]:
    """The newest first."""
    query = select(GuidelineVersion, Person.name).outerjoin(Person, Person.id == GuidelineVersion.by_id)
    rows = db.session.execute(query.where(GuidelineVersion.guideline_id == guideline.id))
    return sorted((Version(*row) for row in rows), key=lambda one: -one.version.number)


def to_accept(who: Actor) -> list[Published]:
    """Newest versions that concern `who` as a superbruger, and that he or she has not accepted."""
    over = who.granted(Role.SUPERBRUGER)
    if not over:
        return []
    systems = {grant.system_id for grant in over if grant.system_id is not None}
    is_about_all = any(grant.system_id is None for grant in over)
    concerned = true() if is_about_all else or_(Guideline.system_id.is_(None), Guideline.system_id.in_(systems))
    accepted = select(GuidelineAcceptance.version_id).where(GuidelineAcceptance.person_id == who.id)
    customers = {grant.customer_id for grant in over if grant.customer_id is not None}
    query = _newest().where(Guideline.customer_id.in_(customers), concerned, GuidelineVersion.id.not_in(accepted))
    return sorted((Published(*row) for row in db.session.execute(query)), key=lambda one: one.system or "")


def accepted_at(version: GuidelineVersion, who: Actor) -> datetime | None:
    found = db.session.get(GuidelineAcceptance, (version.id, who.id or 0))
    return found.at if found else None


def followers(one: Published, today: date) -> list[Follower]:
    """Everybody whom it concerns today, those who have not accepted it first."""
    system_id = one.guideline.system_id
    held = corps.in_force(one.guideline.customer_id, today)
    people = {each.appointment.person_id: each.appointment.person for each in held if _concerns(system_id, each)}
    query = (
        select(GuidelineAcceptance.person_id, GuidelineVersion.number, GuidelineAcceptance.at)
        .join(GuidelineVersion, GuidelineVersion.id == GuidelineAcceptance.version_id)
        .where(GuidelineVersion.guideline_id == one.guideline.id)
        .order_by(GuidelineVersion.number)
    )
    newest = {row.person_id: (row.at, row.number) for row in db.session.execute(query)}
    found = [Follower(person, *newest.get(id_, (None, None))) for id_, person in people.items()]
    return sorted(found, key=lambda each: each.number or 0)


def _concerns(system_id: int | None, held: corps.Held) -> bool:
    return system_id is None or held.is_about(system_id)


def _newest() -> Select[*tuple[Any, ...]]:
    newest = and_(GuidelineVersion.guideline_id == Guideline.id, GuidelineVersion.number == Guideline.version)
    query = select(Guideline, GuidelineVersion, System.name).join(GuidelineVersion, newest)
    return query.outerjoin(System, System.id == Guideline.system_id)


# ------------------------------------------------------------------------------------------------ what changed; pure


def changed_lines(before: str, after: str) -> list[Line]:
    """The later text, line by line, with what was taken out of the earlier."""
    old, new = before.splitlines(), after.splitlines()
    return list(_lines(old, new, SequenceMatcher(None, old, new, autojunk=False)))


def _lines(old: Sequence[str], new: Sequence[str], match: "SequenceMatcher[str]") -> Iterator[Line]:
    for kind, from_old, to_old, from_new, to_new in match.get_opcodes():
        if kind == "equal":
            yield from (Line("same", text) for text in new[from_new:to_new])
        else:
            yield from (Line("removed", text) for text in old[from_old:to_old])
            yield from (Line("added", text) for text in new[from_new:to_new])


def changed_terms(before: GuidelineTerms, after: GuidelineTerms) -> list[str]:
    """The names of what is not as it was."""
    return [name for name in GuidelineTerms._fields if getattr(before, name) != getattr(after, name)]
