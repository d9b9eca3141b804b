"""Asking for packages, making and removing them.

The worker makes one outside of any transaction that writes, and keeps it only while the row is still its own: of two
workers one is heard, and whoever dies on the way leaves a row that another takes up after a quarter of an hour. The
file lies in the store under a name of its own; what no row names is removed as any orphan is.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import aliased

from servicedesk.accountability.models import AccessPackage, PackageEnding
from servicedesk.accountability.package import writing
from servicedesk.accountability.package.part import Whose
from servicedesk.accountability.policy import AccessPermission
from servicedesk.core import audit, clock, lookups
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import NotFoundError
from servicedesk.core.lookups import Look, Seen
from servicedesk.core.permissions import granted
from servicedesk.organisation.actors import load_actor
from servicedesk.organisation.models import Person
from servicedesk.tickets import jobs

#: So long a worker is at a package before another takes it up.
HELD = timedelta(minutes=15)
#: Larger than all files of a person.
_LARGEST = 1 << 40
_IN_MEMORY = 1_000_000
SHOWN = 50

By = aliased(Person)


@dataclass(frozen=True)
class Told:
    """A package with the names of whom it is about and who asked."""

    package: AccessPackage
    person: str
    by: str


# ------------------------------------------------------------------------------------------------ reading


def get(package_id: int, who: Actor) -> Told:
    """Raises NotFoundError."""
    found = _told(who, AccessPackage.id == package_id)
    if not found:
        raise NotFoundError
    return found[0]


def recent(who: Actor, *, person_id: int | None = None) -> Sequence[Told]:
    """The newest first."""
    return _told(who, *([] if person_id is None else [AccessPackage.person_id == person_id]))


def _told(who: Actor, *wanted: ColumnElement[bool]) -> Sequence[Told]:
    query = (
        select(AccessPackage, Person.name, By.name)
        .join(Person, Person.id == AccessPackage.person_id)
        .join(By, By.id == AccessPackage.by_id)
        .where(granted(AccessPermission.OPEN, who), *wanted)
        .order_by(AccessPackage.id.desc())
        .limit(SHOWN)
    )
    return [Told(*row) for row in db.session.execute(query)]


def keeps(stored_name: str) -> bool:
    """Whether a file in the store is a package."""
    return db.session.scalar(select(AccessPackage.id).where(AccessPackage.stored_name == stored_name)) is not None


jobs.also_kept(keeps)


# ------------------------------------------------------------------------------------------------ asking


def ask(person_id: int, *, by: Actor, now: datetime, form_id: str) -> AccessPackage:
    """Has the worker make it. The same form sent again, or one for whom it is being made already, gives that one.

    Raises NotFoundError.
    """
    key = f"{by.id}:{form_id}"
    with transaction() as session:
        # The row is locked: two who ask at once for the same person get the same package.
        query = select(Person).where(Person.id == person_id, granted(AccessPermission.ASK, by)).with_for_update()
        person = session.scalar(query)
        if person is None:
            raise NotFoundError
        is_under_way = (AccessPackage.person_id == person_id) & AccessPackage.ended_at.is_(None)
        present = session.scalar(select(AccessPackage).where(or_(AccessPackage.form_id == key, is_under_way)))
        if present is not None:
            return present
        made = AccessPackage(
            customer_id=person.customer_id, person_id=person_id, by_id=by.id, form_id=key, asked_at=now
        )
        made.total = writing.TOTAL
        session.add(made)
        session.flush()
        _record("access_package_asked", made, by=by, now=now)
    return made


def cancel(package_id: int, *, by: Actor, now: datetime) -> None:
    """Stops making it; what is ready stays."""
    package = get(package_id, by).package
    with transaction() as session:
        is_there = (AccessPackage.id == package.id, AccessPackage.ended_at.is_(None))
        session.execute(update(AccessPackage).where(*is_there).values(ended_at=now, ending=PackageEnding.CANCELLED))


def remove(package_id: int, *, by: Actor, now: datetime) -> None:
    """Throws its file away before its time, as when it was handed over."""
    _remove(get(package_id, by).package.id, by=by, now=now)


def taken(package: AccessPackage, *, by: Actor, now: datetime) -> None:
    """That somebody takes the file home; without that line nobody gets it."""
    look = Look(seen=Seen.PACKAGE, door="accountability.download", subject="person_id", keys=[package.person_id])
    with transaction():
        lookups.record([look], by=by, now=now)


def _record(action: str, package: AccessPackage, *, by: Actor, now: datetime) -> None:
    subject = ("person", package.person_id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=package.customer_id, package=package.id)


# ------------------------------------------------------------------------------------------------ making


def make_next(now: datetime, kept: timedelta) -> int:
    """The oldest that nobody is at; answers 1 when there was one. Its file is `kept` so long."""
    package_id = _claim(now)
    if package_id is None:
        return 0
    package = db.session.get_one(AccessPackage, package_id)
    if not _may_still(package, now):
        _end(package, now + HELD, ended_at=now, ending=PackageEnding.REFUSED)
        return 1
    _make(package, now + HELD, now, kept)
    return 1


def _claim(now: datetime) -> int | None:
    with transaction() as session:
        is_free = or_(AccessPackage.held_until.is_(None), AccessPackage.held_until < now)
        query = select(AccessPackage.id).where(AccessPackage.ended_at.is_(None), is_free)
        found = session.scalar(query.order_by(AccessPackage.id).limit(1).with_for_update(skip_locked=True))
        if found is not None:
            values = {"held_until": now + HELD, "done": 0}
            session.execute(update(AccessPackage).where(AccessPackage.id == found).values(**values))
    return found


def _may_still(package: AccessPackage, now: datetime) -> bool:
    """With the rights that whoever asked has now."""
    by = load_actor(package.by_id, today=now.astimezone(clock.own_zone()).date())
    if by is None:
        return False
    query = select(Person.id).where(Person.id == package.person_id, granted(AccessPermission.ASK, by))
    return db.session.scalar(query) is not None


def _make(package: AccessPackage, held: datetime, now: datetime, kept: timedelta) -> None:
    whose = Whose(package.person_id, package.customer_id, now)
    name, locale = db.session.execute(select(Person.name, Person.locale).where(Person.id == whose.person_id)).one()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as out:
        try:
            with force_locale(locale):
                counts = writing.write(out, whose, name, jobs.store(), lambda done: _advance(package.id, held, done))
        except writing.StoppedError:
            return
        out.seek(0)
        file = jobs.store().keep(out, f"oplysninger-{package.id}.zip", _LARGEST)
    values = {"stored_name": file.stored_name, "size": file.size, "sha256": file.sha256, "counts": counts}
    ready = {"ended_at": now, "ending": PackageEnding.READY, "expires_at": now + kept}
    if not _end(package, held, **values, **ready):
        jobs.store().remove(file.stored_name)


def _advance(package_id: int, held: datetime, done: int) -> bool:
    """Also lets go of what was read so far. Whether it is still ours to make."""
    with transaction() as session:
        result = session.execute(update(AccessPackage).where(*_is_ours(package_id, held)).values(done=done))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _is_ours(package_id: int, held: datetime) -> tuple[ColumnElement[bool], ...]:
    return AccessPackage.id == package_id, AccessPackage.held_until == held, AccessPackage.ended_at.is_(None)


def _end(package: AccessPackage, held: datetime, **values: object) -> bool:
    with transaction() as session:
        result = session.execute(update(AccessPackage).where(*_is_ours(package.id, held)).values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------------ removing


def forget(now: datetime) -> int:
    """Removes the files whose time is up; answers how many."""
    query = select(AccessPackage.id).where(AccessPackage.stored_name.is_not(None), AccessPackage.expires_at <= now)
    ids = db.session.scalars(query.limit(50)).all()
    return sum(_remove(id_, by=SYSTEM, now=now) for id_ in ids)


def _remove(package_id: int, *, by: Actor, now: datetime) -> bool:
    """First from the table: a file that no row names is removed some day, a row without its file would be a fault."""
    with transaction() as session:
        package = session.scalar(select(AccessPackage).where(AccessPackage.id == package_id).with_for_update())
        if package is None or package.stored_name is None:
            return False
        name, package.stored_name = package.stored_name, None
        _record("access_package_removed", package, by=by, now=now)
    jobs.store().remove(name)
    return True
