"""What lies within the scope of a person's roles, as a condition on rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.core.actor import Grant
from servicedesk.organisation.models import Unit

Column = InstrumentedAttribute[Any]


def within(
    grants: Iterable[Grant], *, customer: Column, unit: Column | None = None, system: Column | None = None
) -> ColumnElement[bool]:
    """Rows in at least one of the grants' scopes; false() when no grant could reach such rows.

    A whole customer is met by its id alone, so that a list can run along an index.
    """
    return or_(false(), *(_one(grant, customer, unit, system) for grant in grants))


def _one(grant: Grant, customer: Column, unit: Column | None, system: Column | None) -> ColumnElement[bool]:
    if grant.is_over_all:
        return true()
    if grant.system_id is not None:
        return false() if system is None else system == grant.system_id
    if grant.is_over_customer:
        return customer == grant.customer_id
    if unit is None:
        return false()
    return and_(customer == grant.customer_id, unit.in_(select(Unit.id).where(Unit.path.startswith(grant.path or "-"))))
