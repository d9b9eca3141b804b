"""A file of units: `id;parent_id;name`."""

from datetime import datetime

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.changes import Changes
from servicedesk.organisation.commands.units import checked_name, put_under
from servicedesk.organisation.commands.units import record as record_unit
from servicedesk.organisation.imports.plan import Action, Kind, Plan, Refusal, Step, check_columns, usable
from servicedesk.organisation.imports.sheet import Row, Sheet
from servicedesk.organisation.models import Unit

COLUMNS = ("id", "parent_id", "name")


def plan(sheet: Sheet, root: Unit) -> Plan:
    """Units without a parent lie right below the root; one that is named like the root is the root itself."""
    unused = check_columns(sheet, COLUMNS, COLUMNS)
    refused: list[Refusal] = []
    rows = usable(sheet.rows, ("id", "name"), refused)
    own = db.session.scalars(select(Unit).where(Unit.customer_id == root.id)).all()
    known = {unit.external_id: unit for unit in own if unit.external_id}
    names = {unit.id: unit.name for unit in own}
    steps: list[Step] = []
    for row in _parents_first(rows, refused):
        try:
            step = _step(row, rows, root, known, names)
        except RefusedError as error:
            refused.append(Refusal.of(row.line, error))
        else:
            steps.extend([step] if step else [])
    unchanged = len(rows) - len(steps)
    gone = [unit for id_, unit in known.items() if id_ not in rows and unit.is_active and unit is not root]
    steps += [
        Step(Action.DEACTIVATED, unit.external_id or "", unit.name, {"is_active": [True, False]}, row=unit)
        for unit in sorted(gone, key=lambda unit: unit.path, reverse=True)
    ]
    active = sum(unit.is_active for unit in known.values() if unit is not root)
    return Plan(Kind.UNITS, steps, sorted(refused, key=lambda r: r.line or 0), unchanged, active, unused)


def carry_out(steps: list[Step], root: Unit, by: Actor, now: datetime) -> None:
    """The steps in their order: parents come before what lies below them."""
    made: dict[str, Unit] = {}

    def parent_of(step: Step) -> Unit:
        parent = step.values["parent"]
        return made[parent] if isinstance(parent, str) else parent

    for step in steps:
        if step.action is Action.DEACTIVATED:
            step.row.is_active = False
            record_unit("unit_deactivated", step.row, by, now)
        elif step.action is Action.MADE:
            made[step.external_id] = _make(step, parent_of(step), by, now)
        else:
            _change(step, None if step.row is root else parent_of(step), by, now)


def _make(step: Step, parent: Unit, by: Actor, now: datetime) -> Unit:
    unit = Unit(
        name=step.name,
        external_id=step.external_id,
        parent_id=parent.id,
        customer_id=parent.customer_id,
        is_active=True,
    )
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path}{unit.id}/"
    record_unit("unit_added", unit, by, now, step.changes)
    return unit


def _change(step: Step, parent: Unit | None, by: Actor, now: datetime) -> None:
    unit: Unit = step.row
    unit.name, unit.external_id, unit.is_active = step.name, step.external_id, True
    if parent is not None and parent.id != unit.parent_id:
        put_under(unit, parent)
    record_unit("unit_changed", unit, by, now, step.changes)


def _step(row: Row, rows: dict[str, Row], root: Unit, known: dict[str, Unit], names: dict[int, str]) -> Step | None:
    id_, name = row.cells["id"], checked_name(row.cells["name"])
    unit = root if _is_root(row, root) else known.get(id_)
    if unit is root:
        changes = _changes(unit, name, id_, None, None)
        return Step(Action.CHANGED, id_, name, changes, row.line, unit) if changes else None
    above = rows.get(row.cells["parent_id"])
    parent: Unit | str = root
    if above is not None and not _is_root(above, root):
        parent = known.get(above.cells["id"]) or above.cells["id"]
    parent_name = above.cells["name"] if above is not None else root.name
    if unit is None:
        told: Changes = {"parent": [None, parent_name]}
        return Step(Action.MADE, id_, name, told, row.line, None, {"parent": parent})
    is_moved = isinstance(parent, str) or parent.id != unit.parent_id
    before = names.get(unit.parent_id or 0, "")
    changes = _changes(unit, name, id_, before if is_moved else None, parent_name if is_moved else None)
    return Step(Action.CHANGED, id_, name, changes, row.line, unit, {"parent": parent}) if changes else None


def _changes(unit: Unit, name: str, id_: str, parent_before: str | None, parent_after: str | None) -> Changes:
    pairs: Changes = {
        "name": [unit.name, name],
        "external_id": [unit.external_id, id_],
        "parent": [parent_before, parent_after],
        "is_active": [unit.is_active, True],
    }
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def _is_root(row: Row, root: Unit) -> bool:
    if row.cells["parent_id"]:
        return False
    if root.external_id is not None:
        return row.cells["id"] == root.external_id
    return row.cells["name"].casefold() == root.name.casefold()


def _parents_first(rows: dict[str, Row], refused: list[Refusal]) -> list[Row]:
    """In an order in which a unit's parent has always been; those without such an order are refused."""
    below: dict[str, list[Row]] = {}
    for row in rows.values():
        parent = row.cells["parent_id"]
        if parent and parent not in rows:
            message = N_("parent_id %(parent)s er ikke en enhed i filen.")
            refused.append(Refusal(row.line, message, {"parent": parent}))
        below.setdefault(parent if parent in rows else "", []).append(row)
    ordered: list[Row] = list(below.get("", []))
    for row in ordered:
        ordered.extend(below.get(row.cells["id"], []))
    circling = {row.line for row in rows.values()} - {row.line for row in ordered}
    refused.extend(Refusal(line, N_("Enheden ligger under sig selv. Ret parent_id.")) for line in circling)
    return ordered
