"""What lies within the scope of a person's roles, as a condition on rows."""

from collections.abc import Iterable
from dataclasses import replace
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

    A whole customer is met by its id alone, so that a list can run along an index. Where rows have no system, a grant
    over a system in some units is one over those units.
    """
    systems: dict[Grant, set[int | None]] = {}
    for grant in grants:
        systems.setdefault(replace(grant, system_id=None, appointment_id=None), set()).add(grant.system_id)
    return or_(false(), *(_one(where, over, customer, unit, system) for where, over in systems.items()))


def _one(
    where: Grant, over: set[int | None], customer: Column, unit: Column | None, system: Column | None
) -> ColumnElement[bool]:
    """Rows in that part of the organisation, of one of those systems; None among them stands for every one."""
    if where.path is None:
        if None in over:
            return true()
        return false() if system is None else system.in_(_known(over))
    is_there = _in_units(where, customer, unit)
    return is_there if None in over or system is None else and_(is_there, system.in_(_known(over)))


def _in_units(where: Grant, customer: Column, unit: Column | None) -> ColumnElement[bool]:
    if where.is_over_customer:
        return customer == where.customer_id
    if unit is None:
        return false()
    if not where.has_subunits:
        return unit == where.unit_id
    below = select(Unit.id).where(Unit.path.startswith(where.path or "-"))
    return and_(customer == where.customer_id, unit.in_(below))


def _known(over: set[int | None]) -> list[int]:
    return sorted(system_id for system_id in over if system_id is not None)
