"""The register as cells: what an export writes is what an import compares with."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems import outside
from servicedesk.systems.imports.wishes import BETWEEN, COLUMNS, SEVERAL, SINGLE
from servicedesk.systems.models import System, SystemNeed, SystemRole
from servicedesk.systems.policy import SystemPermission

__all__ = ["COLUMNS", "Cells", "cells_of", "rows_of"]

#: By field: a text, or for several things a list of names in order.
Cells = dict[str, Any]


def rows_of(who: Actor, customer_id: int) -> Iterator[dict[str, str]]:
    """A line for each system that `who` manages, by name; read again it changes nothing."""
    query = select(System).where(System.customer_id == customer_id, granted(SystemPermission.MANAGE, who))
    systems = in_order(db.session.scalars(query.options(selectinload(System.units))), lambda system: system.name)
    cells = cells_of(systems, customer_id)
    for system in systems:
        own = cells[system.id]
        several = {field: BETWEEN.join(own[field]) for field in SEVERAL}
        yield {"id": system.external_key or "", **{field: own[field] for field in SINGLE}, **several}


def cells_of(systems: Iterable[System], customer_id: int) -> dict[int, Cells]:
    """Of systems with their units loaded; a fixed number of questions."""
    listed = list(systems)
    ids = [system.id for system in listed]
    initials = _named(Person.id, Person.initials, Person.customer_id == customer_id)
    teams = _named(Team.id, Team.name, Team.customer_id == customer_id)
    suppliers = outside.names(outside.SUPPLIERS, customer_id, (one.supplier_id or 0 for one in listed))
    labels = unit_labels(customer_id)
    hours = outside.names(outside.HOURS, customer_id, (one.hours_id or 0 for one in listed))
    needs = _several(
        select(SystemNeed.system_id, System.name)
        .join(System, System.id == SystemNeed.needed_id)
        .where(SystemNeed.system_id.in_(ids))
    )
    roles = _several(select(SystemRole.system_id, SystemRole.name).where(SystemRole.system_id.in_(ids)))
    return {
        one.id: {
            "name": one.name,
            "description": one.description or "",
            "aliases": one.aliases,
            "owner": initials.get(one.owner_id, ""),
            "manager": initials.get(one.manager_id, ""),
            "deputy": initials.get(one.deputy_id, ""),
            "team": teams.get(one.team_id, ""),
            "supplier": suppliers.get(one.supplier_id or 0, ""),
            "criticality": one.criticality.value,
            "hours": hours.get(one.hours_id or 0, ""),
            "units": _ordered(labels[unit.id] for unit in one.units),
            "needs": _ordered(needs.get(one.id, ())),
            "roles": _ordered(roles.get(one.id, ())),
        }
        for one in listed
    }


def _named(key: Any, name: Any, condition: Any) -> dict[int | None, str]:
    return {row[0]: row[1] for row in db.session.execute(select(key, name).where(condition))}


def _several(query: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for id_, name in db.session.execute(query):
        found.setdefault(id_, []).append(name)
    return found


def _ordered(names: Iterable[str]) -> list[str]:
    return in_order(names, lambda name: name)


def unit_labels(customer_id: int) -> dict[int, str]:
    """What a file calls each unit: its name, with its number behind it where several have the name."""
    rows = db.session.execute(select(Unit.id, Unit.name).where(Unit.customer_id == customer_id)).all()
    called = Counter(row.name.casefold() for row in rows)
    return {row.id: row.name if called[row.name.casefold()] == 1 else f"{row.name} [{row.id}]" for row in rows}
