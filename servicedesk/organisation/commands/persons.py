"""Changes of who is who."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import audit, clock, cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotAllowedError, NotFoundError
from servicedesk.organisation import queries
from servicedesk.organisation.changes import Changes, FieldRefusedError, change, hold
from servicedesk.organisation.commands.units import checked_name
from servicedesk.organisation.models import Person, Unit

_INITIALS = re.compile(r"[a-z0-9æøåäöü][a-z0-9æøåäöü._-]{0,29}")
#: Enough to catch a slip; whether there is a mailbox only a mail can tell.
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"()]+")
_EMAIL_LENGTH = 254
_SHORT_TEXT = 120
#: Between them people take up jobs.
_FIRST_DAY, _LAST_DAY = date(1940, 1, 1), date(2200, 1, 1)

MIGHTIER = N_("Personen har roller uden for dit område. Bed en administrator for hele området om at gøre det.")


def add_person(
    *,
    name: str,
    initials: str,
    unit_id: int,
    email: str | None = None,
    phone: str | None = None,
    title: str | None = None,
    external_id: str | None = None,
    employed_since: date | None = None,
    by: Actor,
    now: datetime,
) -> Person:
    with transaction() as session:
        unit = queries.get_unit(unit_id, by)
        hold(unit.customer_id, unit)
        _check_in_use(unit)
        told = checked(
            name=name, initials=initials, email=email, phone=phone, title=title, employed_since=employed_since
        )
        assert unit.customer_id is not None
        _check_free(told["initials"], unit.customer_id)
        known_since = now.astimezone(clock.own_zone()).date()
        person = Person(
            **told, customer_id=unit.customer_id, unit=unit, external_id=external_id, known_since=known_since
        )
        session.add(person)
        session.flush()
        record("person_added", person, by, now)
    return person


def change_person(
    person_id: int,
    *,
    name: str,
    initials: str,
    unit_id: int,
    email: str | None,
    phone: str | None,
    title: str | None,
    employed_since: date | None,
    by: Actor,
    now: datetime,
) -> Person:
    with transaction():
        person, unit = queries.get_person(person_id, by), queries.get_unit(unit_id, by)
        hold(person.customer_id, person, unit)
        if unit.customer_id != person.customer_id:
            raise NotFoundError
        _check_no_mightier(person, by, now)
        told = checked(
            name=name, initials=initials, email=email, phone=phone, title=title, employed_since=employed_since
        )
        changes: Changes = {}
        if unit.id != person.unit_id:
            _check_in_use(unit)
            changes["unit"] = [db.session.get_one(Unit, person.unit_id).name, unit.name]
            person.unit = unit
        if told["initials"] != person.initials:
            _check_free(told["initials"], person.customer_id)
        changes |= change(person, **told)
        if changes:
            record("person_changed", person, by, now, changes)
    return person


def set_person_active(person_id: int, is_active: bool, *, by: Actor, now: datetime) -> Person:
    """Shuts a person out, or lets him or her back in. Sign-in knows only active persons, at every request."""
    with transaction():
        person = queries.get_person(person_id, by)
        hold(person.customer_id, person)
        if person.id == by.id:
            raise NotAllowedError(N_("Du kan ikke lukke din egen adgang. Bed en anden administrator om det."))
        _check_no_mightier(person, by, now)
        if is_active and not db.session.get_one(Unit, person.unit_id).is_active:
            raise ConflictError(N_("Personens enhed er ikke i brug. Flyt personen til en anden enhed først."))
        if change(person, is_active=is_active):
            record("person_activated" if is_active else "person_deactivated", person, by, now)
    return person


def checked(
    *,
    name: str,
    initials: str,
    email: str | None,
    phone: str | None,
    title: str | None,
    employed_since: date | None,
) -> dict[str, Any]:
    """A person's own fields as they are kept; raises FieldRefusedError."""
    initials = initials.strip().lower()
    if not _INITIALS.fullmatch(initials):
        raise FieldRefusedError(
            "initials", N_("Initialer er 1-30 bogstaver eller tal uden mellemrum, for eksempel anje.")
        )
    return {
        "name": checked_name(name),
        "initials": initials,
        "email": checked_email(email),
        "phone": _short("phone", phone),
        "title": _short("title", title),
        "employed_since": _checked_day(employed_since),
    }


def _checked_day(employed_since: date | None) -> date | None:
    if employed_since is not None and not _FIRST_DAY <= employed_since <= _LAST_DAY:
        raise FieldRefusedError("employed_since", N_("Datoen ser ikke rigtig ud."))
    return employed_since


def checked_email(email: str | None) -> str | None:
    email = (email or "").strip()
    if email and (len(email) > _EMAIL_LENGTH or not _EMAIL.fullmatch(email)):
        raise FieldRefusedError("email", N_("Mailadressen ser ikke rigtig ud. Den skal ligne navn@kommune.dk."))
    return email or None


def _short(field: str, text: str | None) -> str | None:
    text = cpr.hide(" ".join((text or "").split())).text
    if len(text) > _SHORT_TEXT:
        raise FieldRefusedError(field, N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=_SHORT_TEXT)
    return text or None


def _check_free(initials: str, customer_id: int) -> None:
    query = select(Person.name).where(Person.customer_id == customer_id, Person.initials == initials)
    taken = db.session.scalar(query)
    if taken is not None:
        raise FieldRefusedError("initials", N_("Initialerne %(initials)s er allerede i brug."), initials=initials)


def _check_no_mightier(person: Person, by: Actor, now: datetime) -> None:
    if person.id != by.id and person.id in queries.mightier_people(person.customer_id, by, now=now):
        raise NotAllowedError(MIGHTIER)


def _check_in_use(unit: Unit) -> None:
    if not unit.is_active:
        raise FieldRefusedError("unit_id", N_("Enheden er ikke i brug. Vælg en anden enhed."))


def record(action: str, person: Person, by: Actor, now: datetime, changes: Changes | None = None) -> None:
    told = {"changes": changes} if changes else {}
    subject = ("person", person.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=person.customer_id, name=person.name, **told)
