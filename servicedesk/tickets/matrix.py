"""A customer's own impact × urgency matrix."""

from sqlalchemy import select

from servicedesk.core.db import db
from servicedesk.tickets.models import PriorityRule
from servicedesk.tickets.workflow import DEFAULT_MATRIX, Matrix


def get(customer_id: int) -> Matrix:
    """Priority by (impact, urgency): what the customer has set, and the common table for the rest."""
    rules = db.session.scalars(select(PriorityRule).where(PriorityRule.customer_id == customer_id))
    return {**DEFAULT_MATRIX, **{(rule.impact, rule.urgency): rule.priority for rule in rules}}
