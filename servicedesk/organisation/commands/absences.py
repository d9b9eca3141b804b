"""When people are away, and who stands in for them."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_
from servicedesk.organisation import absences, queries
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Absence, Person
from servicedesk.organisation.policy import PersonPermission

#: An absence is no way to leave for good.
LONGEST = timedelta(days=731)
LONGEST_NOTE = 300


def plan_absence(
    person_id: int,
    *,
    starts_on: date,
    ends_on: date,
    deputy_id: int | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
    today: date,
) -> Absence:
    """Says that a person is away on those days, the last one included, and who stands in.

    Raises FieldRefusedError for a period that makes no sense or meets another of the person's, and for a deputy who
    cannot be one: not active, of another customer, or somebody whose own deputy the person is on those days.
    """
    with transaction() as session:
        person = queries.get_person(person_id, by, PersonPermission.PLAN_ABSENCE)
        # Two plans at once would each see none of the other.
        session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
        _check_period(starts_on, ends_on, today)
        if absences.overlapping([person_id], starts_on, ends_on):
            raise FieldRefusedError("starts_on", N_("Der er allerede fravær i den periode. Fjern det først."))
        _check_deputy(person, deputy_id, starts_on, ends_on)
        absence = Absence(
            person_id=person_id,
            customer_id=person.customer_id,
            starts_on=starts_on,
            ends_on=ends_on,
            deputy_id=deputy_id,
            note=" ".join(note.split())[:LONGEST_NOTE],
        )
        session.add(absence)
        _record("absence_planned", absence, person, by, now)
    return absence


def _check_period(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on:
        raise FieldRefusedError("ends_on", N_("Den sidste dag ligger før den første."))
    if ends_on < today:
        raise FieldRefusedError("ends_on", N_("Perioden er forbi."))
    if ends_on - starts_on > LONGEST:
        raise FieldRefusedError("ends_on", N_("Et fravær kan højst vare to år."))


def _check_deputy(person: Person, deputy_id: int | None, starts_on: date, ends_on: date) -> None:
    if deputy_id is None:
        return
    deputy = db.session.get(Person, deputy_id)
    if deputy is None or not deputy.is_active or deputy.customer_id != person.customer_id or deputy_id == person.id:
        raise FieldRefusedError("deputy_id", N_("Den person kan ikke være stedfortræder."))
    if any(one.deputy_id == person.id for one in absences.overlapping([deputy_id], starts_on, ends_on)):
        raise FieldRefusedError(
            "deputy_id",
            N_("%(name)s er selv væk i perioden, med %(person)s som stedfortræder. Vælg en anden."),
            name=deputy.name,
            person=person.name,
        )


def end_absence(absence_id: int, *, by: Actor, now: datetime, today: date) -> Absence:
    """The person is back, or does not go after all: from today on there is no absence. What has passed stays."""
    with transaction() as session:
        absence = absences.get(absence_id, by)
        if absence.starts_on < today:
            absence.ends_on = today - timedelta(days=1)
        else:
            session.delete(absence)
        _record("absence_ended", absence, absence.person, by, now)
    return absence


def _record(action: str, absence: Absence, person: Person, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        subject=("person", person.id),
        customer_id=person.customer_id,
        name=person.name,
        starts_on=absence.starts_on.isoformat(),
        ends_on=absence.ends_on.isoformat(),
        deputy_id=absence.deputy_id,
    )
