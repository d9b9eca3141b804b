"""The register as a list: searched, filtered and sorted by its address."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for

from servicedesk.core import clock, labels, web
from servicedesk.core.access import actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.permissions import is_open
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import UnitPermission
from servicedesk.organisation.queries import in_tree_order
from servicedesk.organisation.views.units import unit_choices
from servicedesk.systems import queries
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.queries import Lack, Registered, Sort, Wanted
from servicedesk.systems.rules import Criticality

E = TypeVar("E", bound=StrEnum)


def page(permission: SystemPermission, endpoint: str, *, is_administration: bool) -> str:
    who, today, wanted = actor(), clock.today(), _wanted()
    everything = queries.catalogue(who, permission, Wanted(), today)
    found = queries.catalogue(who, permission, wanted, today) if wanted != Wanted() else everything
    address = {name: request.args[name][:100] for name in _NAMES if request.args.get(name)}
    return render_template(
        "systems/register.html",
        systems=found,
        total=len(everything),
        customers={one.system.customer_id for one in everything},
        wanted=wanted,
        levels=labels.options(Criticality),
        units=_units(everything),
        suppliers=_suppliers(everything),
        endpoint=endpoint,
        address=address,
        columns=lambda column: _heading(column, wanted, endpoint, address),
        is_administration=is_administration,
        may_import=is_administration and is_open(UnitPermission.SET_UP_DESK, who),
        today=today,
    )


_NAMES = ("q", "criticality", "unit", "supplier", "lack", "sort", "order")


def _wanted() -> Wanted:
    """From the address; what makes no sense counts as nothing."""
    return Wanted(
        q=web.text_in_address("q", 100).strip(),
        criticality=_member(Criticality, "criticality"),
        unit_id=web.key_in_address("unit"),
        supplier_id=web.key_in_address("supplier"),
        lack=_member(Lack, "lack"),
        sort=_member(Sort, "sort") or Sort.NAME,
        is_backwards=request.args.get("order") == "desc",
    )


def _member(kind: type[E], name: str) -> E | None:
    asked = request.args.get(name, "")
    return kind(asked) if asked in set(kind) else None


def _heading(column: str, wanted: Wanted, endpoint: str, address: dict[str, Any]) -> tuple[str, str | None]:
    """Where the heading leads, and which way the list is sorted by it now."""
    is_current = wanted.sort == column
    order = "desc" if is_current and not wanted.is_backwards else None
    now = ("desc" if wanted.is_backwards else "asc") if is_current else None
    return url_for(endpoint, **{**address, "sort": column, "order": order}), now


def _units(rows: list[Registered]) -> list[tuple[int, str]]:
    known: dict[int, Unit] = {unit.id: unit for one in rows for unit in one.system.units}
    return unit_choices(in_tree_order(list(known.values())))


def _suppliers(rows: list[Registered]) -> list[tuple[int, str]]:
    known = {one.system.supplier_id: one.supplier for one in rows if one.system.supplier_id and one.supplier}
    return in_order(((id_ or 0, name) for id_, name in known.items()), lambda each: each[1])
