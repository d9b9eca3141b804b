"""Shows what a file would do, keeps it until its sender says yes, and does it by the register's commands."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_, NotFoundError
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.imports import drafts
from servicedesk.organisation.imports.plan import Action
from servicedesk.organisation.models import ImportDraft, Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.systems import commands, queries
from servicedesk.systems.imports import kitos, wishes
from servicedesk.systems.imports.directory import Directory
from servicedesk.systems.imports.plan import Plan, Step, plan, without_needs

KIND = "systems"
#: A register has hundreds of systems; whoever sends more has sent another file.
MOST_SYSTEMS = 2_000


def preview(customer_id: int, content: bytes, *, by: Actor) -> Plan:
    """What the file would do; changes nothing. Raises FieldRefusedError when it cannot be read at all."""
    return plan(_read(content), _root(customer_id, by).id, by)


def run(customer_id: int, content: bytes, *, fingerprint: str, today: date, by: Actor, now: datetime) -> Plan:
    """Does all that was shown or, when a line is refused or something has changed meanwhile, nothing."""
    with transaction():
        root = _root(customer_id, by)
        hold(root.id, root)
        read = _read(content)
        found = plan(read, root.id, by)
        drafts.check(found, fingerprint)
        directory = Directory(root.id, [(wish.key, wish.name) for wish in read.wishes])
        ids = [_carry_out(without_needs(step), directory, root.id, today, by, now) for step in found.steps]
        for step, system_id in zip(found.steps, ids, strict=True):
            if step.cells["needs"] and "needs" in step.changes:
                _change(system_id, step, directory, today, by, now)
        counts = {action: found.count(action) for action in (Action.MADE.value, Action.CHANGED.value)}
        subject = ("unit", root.id)
        audit.record("systems_imported", by=by, now=now, subject=subject, customer_id=root.id, **counts)
    return found


def _carry_out(step: Step, directory: Directory, root_id: int, today: date, by: Actor, now: datetime) -> int:
    if step.system_id is None:
        told = directory.words(step.cells, step.key)
        return commands.add_system(root_id, told, today=today, by=by, now=now).id
    _change(step.system_id, step, directory, today, by, now)
    return step.system_id


_LINKS = ("owner", "manager", "deputy", "team", "supplier", "hours")


def _change(system_id: int, step: Step, directory: Directory, today: date, by: Actor, now: datetime) -> None:
    """What a file does not change, or cannot say, stays as it is."""
    system = queries.get_system(system_id, by)
    details = queries.details_of(system)
    kept: dict[str, Any] = {f"{one}_id": getattr(system, f"{one}_id") for one in _LINKS if one not in step.changes}
    if step.system_id is not None and "units" not in step.changes:
        kept["unit_ids"] = [unit.id for unit in details.units]
    if "needs" not in step.changes:
        kept["needed_ids"] = [one.id for one in details.needs]
    kept["windows"] = queries.windows_of([system_id]).get(system_id, [])
    told = replace(directory.words(step.cells, step.key), **kept)
    commands.change_system(system_id, told, today=today, by=by, now=now)


def keep(customer_id: int, content: bytes, *, by: Actor, now: datetime) -> ImportDraft:
    """Keeps a file for its sender."""
    return drafts.keep(KIND, _root(customer_id, by), content, by=by, now=now)


def get_draft(draft_id: int, *, by: Actor, now: datetime) -> ImportDraft:
    """A file of systems that this person sent less than a day ago."""
    return drafts.get(draft_id, KIND, by=by, now=now)


def _read(content: bytes) -> wishes.Wishes:
    read = kitos.read(content) if kitos.looks_like_it(content) else wishes.read_csv(content)
    if len(read.wishes) > MOST_SYSTEMS:
        raise FieldRefusedError("file", N_("Filen har mere end %(limit)s linjer. Del den op."), limit=MOST_SYSTEMS)
    return read


def _root(customer_id: int, by: Actor) -> Unit:
    """A whole customer whose systems the person runs."""
    root = organisation.get_unit(customer_id, by, UnitPermission.SET_UP_DESK)
    if root.parent_id is not None:
        raise NotFoundError
    return root
