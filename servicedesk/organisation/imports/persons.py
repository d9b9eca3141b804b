"""A file of persons: `id;initials;name;email;phone;title;unit_id;employed_since`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation import queries
from servicedesk.organisation.changes import FieldRefusedError, as_told
from servicedesk.organisation.commands.persons import MIGHTIER, checked
from servicedesk.organisation.commands.persons import record as record_person
from servicedesk.organisation.imports.plan import Action, Kind, Plan, Refusal, Step, check_columns, usable
from servicedesk.organisation.imports.sheet import Row, Sheet, day_of
from servicedesk.organisation.models import Person, Unit

COLUMNS = ("id", "initials", "name", "email", "phone", "title", "unit_id", "employed_since")
_NEEDED = ("id", "initials", "name", "unit_id")
_FIELDS = ("initials", "name", "email", "phone", "title")


def plan(sheet: Sheet, root: Unit, by: Actor, now: datetime) -> Plan:
    """A column that the file does not have leaves what is known as it is."""
    unused = check_columns(sheet, _NEEDED, COLUMNS)
    refused: list[Refusal] = []
    rows = usable(sheet.rows, _NEEDED, refused)
    own = db.session.scalars(select(Person).where(Person.customer_id == root.id)).all()
    units = db.session.scalars(select(Unit).where(Unit.customer_id == root.id)).all()
    by_external_id = {unit.external_id: unit for unit in units if unit.external_id}
    names = {unit.id: unit.name for unit in units}
    known = {person.external_id: person for person in own if person.external_id}
    steps: list[Step] = []
    unchanged = 0
    taken = {person.initials for person in own if person.external_id not in rows}
    for row in rows.values():
        try:
            step = _step(row, known.get(row.cells["id"]), by_external_id.get(row.cells["unit_id"]), names, taken)
        except RefusedError as error:
            refused.append(Refusal.of(row.line, error))
        else:
            unchanged += step is None
            steps.extend([step] if step else [])
    steps += _gone(known, rows, by, refused)
    mightier = queries.mightier_people(root.id, by, now=now) - {by.id}
    refused += [Refusal(step.line, MIGHTIER) for step in steps if step.row is not None and step.row.id in mightier]
    active = sum(person.is_active for person in known.values())
    return Plan(Kind.PERSONS, steps, sorted(refused, key=lambda r: r.line or 0), unchanged, active, unused)


def carry_out(steps: list[Step], root: Unit, by: Actor, now: datetime) -> None:
    _free_initials(steps)
    for step in steps:
        if step.action is Action.DEACTIVATED:
            step.row.is_active = False
            record_person("person_deactivated", step.row, by, now)
        elif step.action is Action.CHANGED:
            for name, value in step.values.items():
                setattr(step.row, name, value)
            record_person("person_changed", step.row, by, now, step.changes)
    made = [step for step in steps if step.action is Action.MADE]
    known = {"customer_id": root.id, "known_since": now.astimezone(clock.own_zone()).date()}
    persons = [Person(**step.values, **known, external_id=step.external_id) for step in made]
    db.session.flush()
    db.session.add_all(persons)
    db.session.flush()
    for person in persons:
        record_person("person_added", person, by, now)


def _free_initials(steps: list[Step]) -> None:
    """People may have swapped initials; for a moment nobody has any of them."""
    swapped = [step.row for step in steps if step.action is Action.CHANGED and "initials" in step.changes]
    for person in swapped:
        person.initials = f"~{person.id}"
    db.session.flush()


def _step(
    row: Row, person: Person | None, unit: Unit | None, unit_names: dict[int, str], taken: set[str]
) -> Step | None:
    told = {name: row.cells.get(name, getattr(person, name, None) or "") for name in _FIELDS}
    values: dict[str, Any] = checked(**told, employed_since=_day(row, person))
    if values["initials"] in taken:
        raise FieldRefusedError("file", N_("Initialerne %(initials)s er allerede i brug."), initials=values["initials"])
    taken.add(values["initials"])
    if unit is None or not unit.is_active:
        raise FieldRefusedError("file", N_("unit_id %(unit)s er ikke en enhed i brug."), unit=row.cells["unit_id"])
    values |= {"unit_id": unit.id, "is_active": True}
    if person is None:
        return Step(Action.MADE, row.cells["id"], values["name"], {"unit": [None, unit.name]}, row.line, None, values)
    before = {name: getattr(person, name) for name in values}
    changes = {name: [as_told(before[name]), as_told(v)] for name, v in values.items() if before[name] != v}
    if "unit_id" in changes:
        changes["unit"] = [unit_names.get(person.unit_id), unit.name]
        del changes["unit_id"]
    return Step(Action.CHANGED, row.cells["id"], values["name"], changes, row.line, person, values) if changes else None


def _day(row: Row, person: Person | None) -> date | None:
    """A column that the file does not have leaves what is known as it is."""
    text = row.cells.get("employed_since")
    if text is None:
        return person.employed_since if person is not None else None
    return day_of(text) if text else None


def _gone(known: dict[str, Person], rows: dict[str, Row], by: Actor, refused: list[Refusal]) -> list[Step]:
    gone = [person for id_, person in known.items() if id_ not in rows and person.is_active]
    if any(person.id == by.id for person in gone):
        refused.append(Refusal(None, N_("Du står ikke selv i filen, og du kan ikke deaktivere dig selv.")))
    return [
        Step(Action.DEACTIVATED, person.external_id or "", person.name, {"is_active": [True, False]}, row=person)
        for person in sorted(gone, key=lambda person: person.name)
    ]
