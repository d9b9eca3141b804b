"""Shows what a file would do, keeps it until its sender says yes, and does it."""

from datetime import datetime

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.core.errors import N_
from servicedesk.organisation import queries
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.imports import drafts, persons, sheet, units
from servicedesk.organisation.imports.plan import Action, Kind, Plan
from servicedesk.organisation.models import ImportDraft, Unit
from servicedesk.organisation.policy import UnitPermission


def preview(kind: Kind, customer_id: int, content: bytes, *, by: Actor, now: datetime) -> Plan:
    """What the file would do; changes nothing. Raises FieldRefusedError when it cannot be read at all."""
    return _plan(kind, _root(customer_id, by), content, by, now)


def run(
    kind: Kind,
    customer_id: int,
    content: bytes,
    *,
    fingerprint: str | None = None,
    i_know: bool = False,
    by: Actor,
    now: datetime,
) -> Plan:
    """Does all that the file says or, when a line is refused, nothing.

    With `fingerprint` only the plan that was shown is carried out. More deactivations than usual need `i_know`.
    """
    with transaction():
        root = _root(customer_id, by)
        hold(root.id, root)
        plan = _plan(kind, root, content, by, now)
        drafts.check(plan, fingerprint)
        if plan.is_drastic and not i_know:
            raise FieldRefusedError(
                "i_know",
                N_("Importen ville deaktivere %(count)s (%(percent)s %%). Sæt kryds, hvis det er meningen."),
                count=plan.count(Action.DEACTIVATED),
                percent=plan.deactivated_percent,
            )
        if kind is Kind.UNITS:
            units.carry_out(plan.steps, root, by, now)
        else:
            persons.carry_out(plan.steps, root, by, now)
        counts = {action.value: plan.count(action) for action in Action}
        audit.record(f"{kind.value}_imported", by=by, now=now, subject=("unit", root.id), customer_id=root.id, **counts)
    return plan


def keep(kind: Kind, customer_id: int, content: bytes, *, by: Actor, now: datetime) -> ImportDraft:
    """Keeps a file of units or of people for its sender."""
    return drafts.keep(kind.value, _root(customer_id, by), content, by=by, now=now)


def get_draft(draft_id: int, *, by: Actor, now: datetime) -> ImportDraft:
    """A file of units or of people that this person sent less than a day ago."""
    return drafts.get(draft_id, *Kind, by=by, now=now)


def _root(customer_id: int, by: Actor) -> Unit:
    return queries.get_unit(customer_id, by, UnitPermission.MANAGE_CUSTOMER)


def _plan(kind: Kind, root: Unit, content: bytes, by: Actor, now: datetime) -> Plan:
    table = sheet.read(content)
    return units.plan(table, root) if kind is Kind.UNITS else persons.plan(table, root, by, now)
