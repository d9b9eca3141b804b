"""Records from a file: `person;course;obtained_on;expires_on;evidence`, shown before anything is written."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import insert, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import canonical_json, db, table_of, transaction
from servicedesk.core.errors import N_, NotFoundError, RefusedError
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.imports import drafts, sheet
from servicedesk.organisation.imports.plan import Refusal, check_columns
from servicedesk.organisation.imports.sheet import Row
from servicedesk.organisation.models import ImportDraft, Person, Unit
from servicedesk.organisation.texts import MOST_LINE
from servicedesk.training.commands.records import check_days
from servicedesk.training.models import Course, Record
from servicedesk.training.policy import CoordinationPermission
from servicedesk.training.rules import CourseKind, Source

KIND = "training"
COLUMNS = ("person", "course", "obtained_on", "expires_on", "evidence")
_NEEDED = ("person", "course", "obtained_on")
MOST_RECORDS = 50_000


@dataclass(frozen=True)
class Step:
    """A record that would be written."""

    line: int
    person_id: int
    name: str
    course_id: int
    course: str
    obtained_on: date
    expires_on: date | None
    evidence: str


@dataclass(frozen=True)
class Plan:
    """Everything that an import would do; nothing of it when a line is refused."""

    steps: list[Step]
    refused: list[Refusal]
    #: Lines that say what is known already.
    known: int
    unused_columns: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The same for the same plan: what is carried out is what was shown."""
        told = [
            [one.person_id, one.course_id, one.obtained_on.isoformat(), str(one.expires_on), one.evidence]
            for one in self.steps
        ]
        return hashlib.sha256(canonical_json(told).encode()).hexdigest()


class _Directory:
    """Who and what is meant by what stands in a file, read once."""

    def __init__(self, customer_id: int) -> None:
        people = db.session.scalars(select(Person).where(Person.customer_id == customer_id, Person.is_active)).all()
        self._people: dict[str, Person] = {}
        for person in people:
            for name in (person.email, person.external_id, person.initials):
                if name:
                    self._people[name.casefold()] = person
        courses = db.session.scalars(select(Course).where(Course.customer_id == customer_id, Course.is_active))
        self._courses = {course.name.casefold(): course for course in courses}
        said = (Record.person_id, Record.course_id, Record.obtained_on)
        query = select(*said).where(Record.customer_id == customer_id, Record.withdrawn_at.is_(None))
        self.known = {tuple(row) for row in db.session.execute(query.where(Record.source == Source.IMPORT))}

    def person(self, text: str) -> Person:
        found = self._people.get(text.casefold())
        if found is None:
            raise RefusedError(N_("Vi kender ingen medarbejder med initialer, mail eller id %(text)s."), text=text)
        return found

    def course(self, text: str) -> Course:
        found = self._courses.get(text.casefold())
        if found is None:
            raise RefusedError(N_("Intet kursus hedder %(text)s."), text=text)
        if found.kind is CourseKind.GUIDELINE:
            raise RefusedError(N_("%(text)s er en retningslinje, som man selv skriver under på."), text=found.name)
        return found


def preview(customer_id: int, content: bytes, *, today: date, by: Actor) -> Plan:
    """What the file would do; changes nothing. Raises FieldRefusedError when it cannot be read at all."""
    return _plan(_root(customer_id, by), content, today)


def run(customer_id: int, content: bytes, *, fingerprint: str, today: date, by: Actor, now: datetime) -> Plan:
    """Does all that was shown or, when a line is refused or something has changed meanwhile, nothing."""
    with transaction():
        root = _root(customer_id, by)
        hold(root.id, root)
        found = _plan(root, content, today)
        drafts.check(found, fingerprint)
        rows = [_row(step, root.id, by, now) for step in found.steps]
        if rows:
            # Rows rather than objects, and one line in the audit log for all of them: there may be tens of thousands.
            db.session.execute(insert(table_of(Record)), rows)
        facts = {"made": len(found.steps)}
        audit.record("training_imported", by=by, now=now, subject=("unit", root.id), customer_id=root.id, **facts)
    return found


def _row(step: Step, customer_id: int, by: Actor, now: datetime) -> dict[str, object]:
    return {
        "customer_id": customer_id,
        "person_id": step.person_id,
        "course_id": step.course_id,
        "obtained_on": step.obtained_on,
        "expires_on": step.expires_on,
        "source": Source.IMPORT,
        "evidence": step.evidence,
        "by_id": by.id,
        "made_at": now,
    }


def keep(customer_id: int, content: bytes, *, by: Actor, now: datetime) -> ImportDraft:
    """Keeps a file for its sender."""
    return drafts.keep(KIND, _root(customer_id, by), content, by=by, now=now)


def get_draft(draft_id: int, *, by: Actor, now: datetime) -> ImportDraft:
    """A file of records that this person sent less than a day ago."""
    return drafts.get(draft_id, KIND, by=by, now=now)


def _root(customer_id: int, by: Actor) -> Unit:
    root = organisation.get_unit(customer_id, by, CoordinationPermission.COORDINATE_CUSTOMER)
    if root.parent_id is not None:
        raise NotFoundError
    return root


def _plan(root: Unit, content: bytes, today: date) -> Plan:
    table = sheet.read(content)
    unused = check_columns(table, _NEEDED, COLUMNS)
    if len(table.rows) > MOST_RECORDS:
        raise FieldRefusedError("file", N_("Filen har mere end %(limit)s linjer. Del den op."), limit=MOST_RECORDS)
    directory, steps, refused = _Directory(root.id), dict[object, Step](), list[Refusal]()
    known = 0
    for row in table.rows:
        try:
            step = _step(row, directory, today)
        except RefusedError as error:
            refused.append(Refusal.of(row.line, error))
            continue
        key = (step.person_id, step.course_id, step.obtained_on)
        if key in directory.known or key in steps:
            known += 1
        else:
            steps[key] = step
    return Plan(list(steps.values()), refused, known, unused)


def _step(row: Row, directory: _Directory, today: date) -> Step:
    if row.is_too_long:
        raise RefusedError(N_("Linjen har flere felter end der er overskrifter."))
    for column in _NEEDED:
        if not row.cells[column]:
            raise RefusedError(N_("Feltet %(column)s er tomt."), column=column)
    person, course = directory.person(row.cells["person"]), directory.course(row.cells["course"])
    obtained_on, expires_on = _day(row.cells, "obtained_on"), _day(row.cells, "expires_on")
    assert obtained_on is not None
    check_days(obtained_on, expires_on, today)
    evidence = " ".join(row.cells.get("evidence", "").split())
    if len(evidence) > MOST_LINE:
        raise RefusedError(N_("Teksten er for lang. Den må højst fylde %(limit)s tegn."), limit=MOST_LINE)
    return Step(row.line, person.id, person.name, course.id, course.name, obtained_on, expires_on, evidence)


def _day(cells: Mapping[str, str], column: str) -> date | None:
    text = cells.get(column, "")
    if not text:
        return None
    return sheet.day_of(text)
