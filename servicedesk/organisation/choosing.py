"""Finding a person in a few keystrokes, for a field that completes."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import contains_eager

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import Permission, granted, is_open
from servicedesk.organisation import person_keys
from servicedesk.organisation.models import Person, PersonKey

MOST = 20
#: Follows every sign of a key in the order of bytes.
_LAST = "~"


def choose(
    q: str, who: Actor, permission: Permission, *, limit: int = MOST, among: ColumnElement[bool] | None = None
) -> list[Person]:
    """Active people whom `who` may choose, with their units: whose initials are just that first, then those who are
    called what was written to the letter, then by name.

    What was written are initials, beginnings of names, a mail address, or a telephone number however it is put.
    `among` is what else must hold of them.
    """
    conditions = matches(q)
    if not conditions:
        return []
    query = select(Person).join(Person.unit).where(Person.is_active, granted(permission, who), *conditions)
    if among is not None:
        query = query.where(among)
    ordered = query.order_by(_likeness(q), Person.sort_name, Person.id).limit(min(limit, MOST))
    return list(db.session.scalars(ordered.options(contains_eager(Person.unit))))


def matches(q: str) -> list[ColumnElement[bool]]:
    """A condition for each word of the question; all must hold. None at all when it asks for nobody."""
    return [Person.id.in_(_with_one_of(keys)) for keys in person_keys.asked(q)]


def _with_one_of(keys: tuple[str, ...]) -> Select[int]:
    return select(PersonKey.person_id).where(or_(*map(_begins, keys)))


def _begins(key: str) -> ColumnElement[bool]:
    """As a range, which both databases read off the index."""
    return (PersonKey.key >= key) & (PersonKey.key < key + _LAST)


def _likeness(q: str) -> ColumnElement[int]:
    """What comes first: just those initials, initials that begin so, written so to the letter, spelled so."""
    written = next(iter(person_keys.parts(q)), "").casefold()
    [(key, *_), *_others] = person_keys.asked(q)
    is_to_the_letter = _begins(key) & PersonKey.written.startswith(written, autoescape=True)
    return case(
        (Person.initials == written, 0),
        (Person.initials.startswith(written, autoescape=True), 1),
        (Person.id.in_(select(PersonKey.person_id).where(is_to_the_letter)), 2),
        else_=3,
    )


def choosable(ids: Collection[int], who: Actor, permission: Permission) -> set[int]:
    """Those of the persons whom `who` may choose."""
    if not ids or not is_open(permission, who):
        return set()
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), granted(permission, who))))


def the_one(q: str, found: list[Person]) -> Person | None:
    """Whom somebody means who wrote no more: the only one found, or the only one with just those initials."""
    exact = [person for person in found if person.initials == q.strip().lower()]
    return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None
