"""What people have learnt, and what they need not: written once, never changed, withdrawn with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Person
from servicedesk.organisation.texts import line
from servicedesk.training import queries
from servicedesk.training.commands.checking import held_course, note
from servicedesk.training.models import Course, Record, Session
from servicedesk.training.policy import CoursePermission, LearnerPermission, RecordPermission
from servicedesk.training.rules import CourseKind, Source

#: Nobody here has taken a course before.
FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody shows for having taken a course."""

    obtained_on: date
    expires_on: date | None = None
    evidence: str = ""


def register(person_id: int, course_id: int, told: Told, *, today: date, by: Actor, now: datetime) -> Record:
    """By hand, with what was shown for it."""
    with transaction():
        person, course = _person_and_course(person_id, course_id, by)
        evidence = line(told.evidence, "evidence")
        check_days(told.obtained_on, told.expires_on, today)
        return write(
            course,
            person.id,
            Source.MANUAL,
            told.obtained_on,
            by=by,
            now=now,
            expires_on=told.expires_on,
            evidence=evidence,
        )


def exempt(
    person_id: int,
    course_id: int,
    *,
    reason: str,
    starts_on: date,
    ends_on: date | None,
    today: date,
    by: Actor,
    now: datetime,
) -> Record:
    with transaction():
        person, course = _person_and_course(person_id, course_id, by)
        why = line(reason, "reason")
        if ends_on is not None and ends_on < max(starts_on, today):
            raise FieldRefusedError("ends_on", N_("Fritagelsen slutter, før den begynder, eller er allerede slut."))
        if starts_on > today:
            raise FieldRefusedError("starts_on", N_("Dagen ligger i fremtiden."))
        return write(course, person.id, Source.EXEMPTION, starts_on, by=by, now=now, reason=why, ends_on=ends_on)


def instruct(
    course_id: int, person_ids: Collection[int], *, on: date, today: date, by: Actor, now: datetime
) -> list[Record]:
    """A superbruger has shown it to colleagues of the own units; who has it from that day already is left out."""
    with transaction() as session:
        course = held_course(course_id, by, CoursePermission.READ)
        if course.kind is not CourseKind.LOCAL:
            raise NotFoundError
        check_days(on, None, today, field="on")
        query = select(Person.id).where(Person.id.in_(set(person_ids)), Person.customer_id == course.customer_id)
        found = set(session.scalars(query.where(granted(LearnerPermission.INSTRUCT, by))))
        if not person_ids or found != set(person_ids):
            raise FieldRefusedError("people", N_("Vælg kolleger fra listen."))
        known = select(Record.person_id).where(Record.course_id == course.id, Record.obtained_on == on)
        known = known.where(Record.withdrawn_at.is_(None), Record.source == Source.INSTRUCTION)
        new = sorted(found - set(session.scalars(known)))
        return [write(course, id_, Source.INSTRUCTION, on, by=by, now=now, evidence=by.name) for id_ in new]


def sign(course_id: int, *, version: int, today: date, by: Actor, now: datetime) -> Record:
    """The person has read the guideline and keeps to it; said again, nothing happens.

    Raises ConflictError when a newer version came while it was read.
    """
    with transaction() as session:
        course = held_course(course_id, by, CoursePermission.READ)
        if course.kind is not CourseKind.GUIDELINE or course.version == 0 or by.id is None:
            raise NotFoundError
        if version != course.version:
            raise ConflictError(N_("Der er kommet en ny version, mens du læste. Læs den, og skriv under på den."))
        query = select(Record).where(Record.course_id == course.id, Record.person_id == by.id)
        query = query.where(Record.version == version, Record.source == Source.SIGNATURE, Record.withdrawn_at.is_(None))
        known = session.scalar(query)
        return known or write(course, by.id, Source.SIGNATURE, today, by=by, now=now, version=version)


def withdraw_record(record_id: int, *, reason: str, by: Actor, now: datetime) -> Record:
    """It was wrong: it stays, and does not count any more."""
    with transaction():
        record = queries.get_record(record_id, by, RecordPermission.CORRECT)
        db.session.refresh(record, with_for_update={"of": Record})
        if record.withdrawn_at is not None:
            raise ConflictError(N_("Kursusbeviset er allerede trukket tilbage."))
        _withdraw(record, line(reason, "reason"), by, now)
    return record


# ------------------------------------------------------------------------------------------------ by attendance


def of_attendance(held: Session, person_id: int, on: date, *, by: Actor, now: datetime) -> None:
    """Said again, nothing happens; inside the caller's transaction."""
    if _of_session(held, person_id) is None:
        write(held.course, person_id, Source.ATTENDANCE, on, by=by, now=now, session_id=held.id)


def withdraw_attendance(held: Session, person_id: int, *, by: Actor, now: datetime) -> None:
    record = _of_session(held, person_id)
    if record is not None:
        _withdraw(record, "Fremmødelisten blev rettet", by, now)


def _of_session(held: Session, person_id: int) -> Record | None:
    query = select(Record).where(Record.session_id == held.id, Record.person_id == person_id)
    return db.session.scalar(query.where(Record.withdrawn_at.is_(None)))


# ------------------------------------------------------------------------------------------------ writing


def write(
    course: Course, person_id: int, source: Source, on: date, *, by: Actor, now: datetime, **fields: Any
) -> Record:
    """A record with its line in the audit log, inside the caller's transaction."""
    same = select(Record.id).where(Record.person_id == person_id, Record.course_id == course.id)
    same = same.where(Record.obtained_on == on, Record.source == source, Record.withdrawn_at.is_(None))
    if db.session.scalar(same.where(Record.version == fields.get("version", 0))) is not None:
        raise ConflictError(N_("Det er registreret i forvejen."))
    told = {"customer_id": course.customer_id, "by_id": by.id, "made_at": now, **fields}
    record = Record(person_id=person_id, course_id=course.id, source=source, obtained_on=on, **told)
    db.session.add(record)
    db.session.flush()
    facts = {"person_id": person_id, "course_id": course.id, "source": source.value, "on": on.isoformat()}
    note("training_recorded", ("training_record", record.id), course.customer_id, by, now, **facts)
    return record


def check_days(obtained_on: date, expires_on: date | None, today: date, field: str = "obtained_on") -> None:
    if obtained_on > today:
        raise FieldRefusedError(field, N_("Dagen ligger i fremtiden."))
    if obtained_on < FIRST_DAY:
        raise FieldRefusedError(field, N_("Dagen ligger for langt tilbage."))
    if expires_on is not None and expires_on < obtained_on:
        raise FieldRefusedError("expires_on", N_("Det udløber, før det er taget."))


def _withdraw(record: Record, reason: str, by: Actor, now: datetime) -> None:
    record.withdrawn_at, record.withdrawn_by_id, record.withdrawn_why = now, by.id, reason
    facts = {"person_id": record.person_id, "course_id": record.course_id}
    note("training_withdrawn", ("training_record", record.id), record.customer_id, by, now, **facts)


def _person_and_course(person_id: int, course_id: int, by: Actor) -> tuple[Person, Course]:
    """Nobody vouches for himself or herself."""
    person = queries.get_learner(person_id, by)
    course = queries.get_course(course_id, by)
    if course.customer_id != person.customer_id:
        raise NotFoundError
    if person.id == by.id:
        raise FieldRefusedError("course_id", N_("Du kan ikke registrere noget for dig selv. Bed en anden om det."))
    return person, course
