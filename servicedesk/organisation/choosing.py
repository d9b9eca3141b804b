"""Finding a person in a few keystrokes, for a field that completes."""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import Permission, granted
from servicedesk.organisation.models import Person

MOST = 20
_WORDS = 4
_PHONE_DIGITS = 4
_COUNTRY = "45"
_LOCAL_DIGITS = 8


def choose(q: str, who: Actor, permission: Permission, *, limit: int = MOST) -> list[Person]:
    """Active people whom `who` may choose, with their units: whose initials are just that first, then by name.

    What was written are initials, beginnings of names, or a telephone number however it is put; signs that mean
    something to a database are taken as they are.
    """
    words = q.replace("\x00", "").lower().split()[:_WORDS]
    if not words:
        return []
    digits = phone_digits(q)
    matches = _by_phone(digits) if len(digits) >= _PHONE_DIGITS else and_(*(_by_word(word) for word in words))
    query = select(Person).join(Person.unit).where(Person.is_active, granted(permission, who), matches)
    first = case((Person.initials == words[0], 0), (_begins(Person.initials, words[0]), 1), else_=2)
    ordered = query.order_by(first, Person.name, Person.id).limit(min(limit, MOST))
    return list(db.session.scalars(ordered.options(contains_eager(Person.unit))))


def the_one(q: str, found: list[Person]) -> Person | None:
    """Whom somebody means who wrote no more: the only one found, or the only one with just those initials."""
    exact = [person for person in found if person.initials == q.strip().lower()]
    return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def phone_digits(written: str) -> str:
    """The digits of a number without the country's; "" when it is none."""
    digits = re.sub(r"[\s()./-]", "", written).removeprefix("+").removeprefix("00")
    if not (digits.isascii() and digits.isdecimal()):
        return ""
    return digits.removeprefix(_COUNTRY) if len(digits) > _LOCAL_DIGITS else digits


def _by_phone(digits: str) -> ColumnElement[bool]:
    """From its beginning, or the last four or more, as a local number is said."""
    bare: Any = Person.phone
    for left_out in (" ", "-", "+45"):
        bare = func.replace(bare, left_out, "")
    return or_(bare.startswith(digits, autoescape=True), bare.endswith(digits, autoescape=True))


def _by_word(word: str) -> ColumnElement[bool]:
    name = func.lower(Person.name)
    ways = [_begins(name, word), name.contains(f" {word}", autoescape=True), name.contains(f"-{word}", autoescape=True)]
    if not word.isascii():
        # SQLite only knows the case of a-z.
        grown = word[:1].upper() + word[1:]
        ways += [Person.name.startswith(grown, autoescape=True), Person.name.contains(f" {grown}", autoescape=True)]
        ways.append(Person.name.contains(f"-{grown}", autoescape=True))
    return or_(*ways, _begins(Person.initials, word), _begins(func.lower(Person.email), word))


def _begins(column: Any, word: str) -> ColumnElement[bool]:
    beginning: ColumnElement[bool] = column.startswith(word, autoescape=True)
    return beginning
