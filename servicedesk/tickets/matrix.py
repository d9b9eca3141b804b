"""A customer's own impact × urgency matrix."""

from datetime import datetime

from sqlalchemy import delete, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.changes import hold
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import is_root, runs_whole_customer
from servicedesk.organisation.queries import get_unit
from servicedesk.tickets.models import PriorityRule
from servicedesk.tickets.workflow import DEFAULT_MATRIX, Level, Matrix


class MatrixPermission(Permission):
    """On a root: its matrix."""

    SET = "set"


POLICY = declare({MatrixPermission.SET: [[is_root, runs_whole_customer]]})


def get(customer_id: int) -> Matrix:
    """Priority by (impact, urgency): what the customer has set, and the common table for the rest."""
    rules = db.session.scalars(select(PriorityRule).where(PriorityRule.customer_id == customer_id))
    return {**DEFAULT_MATRIX, **{(rule.impact, rule.urgency): rule.priority for rule in rules}}


def set_all(customer_id: int, cells: Matrix, *, by: Actor, now: datetime) -> None:
    """Sets every cell; the priority of tickets that are there already stays."""
    with transaction() as session:
        customer = get_unit(customer_id, by, MatrixPermission.SET)
        hold(customer.id)
        before = get(customer.id)
        if set(cells) != set(DEFAULT_MATRIX):
            raise ValueError("a matrix has nine cells")
        session.execute(delete(PriorityRule).where(PriorityRule.customer_id == customer.id))
        session.add_all(
            PriorityRule(customer_id=customer.id, impact=impact, urgency=urgency, priority=priority)
            for (impact, urgency), priority in cells.items()
        )
        _record("priorities_set", customer, before, cells, by, now)


def restore_default(customer_id: int, *, by: Actor, now: datetime) -> None:
    with transaction() as session:
        customer = get_unit(customer_id, by, MatrixPermission.SET)
        hold(customer.id)
        before = get(customer.id)
        session.execute(delete(PriorityRule).where(PriorityRule.customer_id == customer.id))
        _record("priorities_restored", customer, before, DEFAULT_MATRIX, by, now)


def _record(action: str, customer: Unit, before: Matrix, after: Matrix, by: Actor, now: datetime) -> None:
    changes = {
        cell_name(*cell): [before[cell].name.lower(), after[cell].name.lower()]
        for cell in DEFAULT_MATRIX
        if before[cell] != after[cell]
    }
    if changes:
        subject = ("unit", customer.id)
        audit.record(
            action, by=by, now=now, subject=subject, customer_id=customer.id, name=customer.name, changes=changes
        )


def cell_name(impact: Level, urgency: Level) -> str:
    """What a cell is called in a form and in the audit log, such as "high_low"."""
    return f"{impact.value}_{urgency.value}"
