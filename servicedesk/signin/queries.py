"""Who somebody is: by the token in the browser, by name and password, by a link in a mail."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from servicedesk.core.actor import SYSTEM, Actor, Grant, Role
from servicedesk.core.db import bare, db
from servicedesk.organisation.actors import actor_of, is_in_force, with_grants
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.organisation.queries import SYSTEMS
from servicedesk.signin.models import Identity, ResetToken, SignIn

PASSWORD = "password"

#: A browser is signed out when nobody has used it for so long, or when it was signed in so long ago.
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in, and who uses it."""

    digest: str
    seen_at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in force, with the name of what it is held over; the name is None for everything."""

    role: Role
    over: str | None
    ends_on: date | None


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def reset_digest(token: str) -> str:
    """Bound to its purpose: no other token can be mistaken for one."""
    return token_digest(f"password reset:{token}")


def plain_name(name: str) -> str:
    """A sign-in name or an e-mail address as it is compared."""
    return unicodedata.normalize("NFC", name).casefold().strip()


def name_digest(name: str) -> str:
    """Stands for a name that was typed, where a name or a mistyped password must not be kept."""
    return hashlib.sha256(plain_name(name).encode()).hexdigest()[:24]


# ------------------------------------------------------------------------------------------------------ who acts


def find_signed_in(token: str, *, now: datetime, today: date) -> SignedIn | None:
    """Who uses the browser that keeps `token`; one query."""
    digest = token_digest(token)
    asked = {"digest": digest, "idle_since": now - IDLE, "in_since": now - ABSOLUTE}
    rows = bare(_who_uses(today), asked)
    return SignedIn(digest, rows[0].seen_at, actor_of(rows, today)) if rows else None


# Every request asks this; making the statement takes longer than asking it.
@lru_cache(maxsize=4)
def _who_uses(today: date) -> Select[*tuple[Any, ...]]:
    fresh = (SignIn.seen_at > bindparam("idle_since"), SignIn.started_at > bindparam("in_since"))
    asked = with_grants(today).add_columns(SignIn.seen_at).join(SignIn, SignIn.person_id == Person.id)
    return asked.where(SignIn.digest == bindparam("digest"), *fresh)


def is_fresh(now: datetime) -> ColumnElement[bool]:
    return and_(SignIn.seen_at > now - IDLE, SignIn.started_at > now - ABSOLUTE)


# ---------------------------------------------------------------------------------------------- names and passwords


def find_by_name(name: str) -> tuple[Identity, Person] | None:
    """Who signs in by this name, or by this e-mail address when it is one person's only."""
    name = plain_name(name)
    asked = select(Identity, Person).join(Person, Person.id == Identity.person_id)
    by = Identity.subject == name
    if "@" in name:
        by = or_(by, func.lower(Person.email) == name)
    rows = db.session.execute(asked.where(Identity.provider == PASSWORD, by).limit(3)).all()
    found = [row for row in rows if row.Identity.subject == name] or rows
    return (found[0].Identity, found[0].Person) if len(found) == 1 else None


def find_password(person_id: int) -> Identity | None:
    return db.session.scalar(select(Identity).where(Identity.person_id == person_id, Identity.provider == PASSWORD))


def is_taken(login: str) -> bool:
    asked = select(Identity.id).where(Identity.provider == PASSWORD, Identity.subject == login)
    return db.session.scalar(asked) is not None


def find_reset(token: str, *, now: datetime) -> ResetToken | None:
    """The way back in that a mail's link opens, while it is open."""
    asked = select(ResetToken).join(Person, Person.id == ResetToken.person_id)
    open_ = (ResetToken.used_at.is_(None), ResetToken.made_at > now - RESET_LASTS, Person.is_active)
    return db.session.scalar(asked.where(ResetToken.digest == reset_digest(token), *open_))


def may_set_password(person_id: int, who: Actor) -> bool:
    """An administrator may not become somebody with roles, now or ever, that reach further than his or her own."""
    asked = select(RoleGrant.id, RoleGrant.system_id, Unit.path, SYSTEMS.c.customer_id).where(
        RoleGrant.person_id == person_id
    )
    held = db.session.execute(
        asked.outerjoin(Unit, Unit.id == RoleGrant.unit_id).outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
    )
    return who is SYSTEM or all(
        any(_reaches(own, row.path, row.system_id, row.customer_id) for own in who.granted(Role.ADMINISTRATOR))
        for row in held
    )


def _reaches(own: Grant, path: str | None, system_id: int | None, customer_id: int | None) -> bool:
    if own.is_over_all:
        return True
    if system_id is not None:
        return own.is_over_customer and own.customer_id == customer_id
    return path is not None and own.path is not None and path.startswith(own.path)


# ----------------------------------------------------------------------------------------------------- own profile


def browsers_of(person_id: int, *, now: datetime) -> Sequence[SignIn]:
    """The browsers in which the person is signed in, the one used last first."""
    asked = select(SignIn).where(SignIn.person_id == person_id, is_fresh(now))
    return db.session.scalars(asked.order_by(SignIn.seen_at.desc())).all()


def own_unit(who: Actor) -> str:
    return db.session.scalar(select(Unit.name).where(Unit.id == who.unit_id)) or ""


def login_of(person_id: int) -> str | None:
    """The sign-in name; None for a person who does not sign in by a password."""
    has_password = (Identity.person_id == person_id, Identity.provider == PASSWORD)
    return db.session.scalar(select(Identity.subject).where(*has_password))


def own_roles(who: Actor, *, today: date) -> list[HeldRole]:
    over = func.coalesce(Unit.name, SYSTEMS.c.name).label("over")
    asked = (
        select(RoleGrant.role, over, RoleGrant.ends_on)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(SYSTEMS, SYSTEMS.c.id == RoleGrant.system_id)
        .where(RoleGrant.person_id == who.id, is_in_force(today))
    )
    return [HeldRole(*row) for row in db.session.execute(asked.order_by(RoleGrant.id))]


# ------------------------------------------------------------------------------------------------------- the trial


def demo_people(*, today: date) -> list[tuple[Role | None, Person]]:
    """One person for each kind of user, the first of each; for the buttons of the trial."""
    has_role = select(RoleGrant.person_id).where(is_in_force(today))
    employee = select(func.min(Person.id)).where(Person.is_active, ~Person.is_imported, Person.id.not_in(has_role))
    holders = (
        select(RoleGrant.role, func.min(Person.id))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(Person.is_active, is_in_force(today))
        .group_by(RoleGrant.role)
    )
    first: dict[Role | None, int | None] = {None: db.session.scalar(employee)}
    first.update((row[0], row[1]) for row in db.session.execute(holders))
    people = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(first.values())))}
    kinds: list[Role | None] = [None, *Role]
    return [(kind, people[first_id]) for kind in kinds if (first_id := first.get(kind)) in people]
