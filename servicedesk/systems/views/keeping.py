"""The form in which a system's register is kept, the same for the administration and for those who look after it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from servicedesk.core import labels
from servicedesk.core.access import actor
from servicedesk.core.errors import N_
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.views.units import unit_choices
from servicedesk.systems import outside, queries
from servicedesk.systems.commands import SystemWords
from servicedesk.systems.forms import KeptSystemForm
from servicedesk.systems.models import System
from servicedesk.systems.rules import Criticality
from servicedesk.systems.telling import weekday_choices, weeks

#: So many lines for windows stand there beside those that are filled in.
SPARE_WINDOWS = 2


def told(form: KeptSystemForm, customer_id: int, *, before: System | None = None, **reserved: Any) -> SystemWords:
    """What the form says; `reserved` is what only the administration says. Raises FieldRefusedError."""
    return SystemWords(
        description=form.description.data,
        aliases=form.aliases.data or "",
        criticality=Criticality(form.criticality.data or ""),
        unit_ids=form.units.data or [],
        manager_id=person_id(form.manager.data or "", "manager", customer_id, before.manager_id if before else None),
        deputy_id=person_id(form.deputy.data or "", "deputy", customer_id, before.deputy_id if before else None),
        supplier_id=form.supplier_id.data,
        hours_id=form.hours_id.data,
        needed_ids=form.needed_ids.data or [],
        roles=(form.roles.data or "").splitlines(),
        windows=form.windows(),
        **reserved,
    )


def person_id(initials: str, field: str, customer_id: int, before: int | None) -> int | None:
    """Somebody who has left stays until another is named, or nobody."""
    if not initials:
        return None
    found = queries.find_keeper(initials, customer_id)
    if found is not None:
        return found.id
    if before is not None and queries.initials_of(before) == initials.strip().lower():
        return before
    raise FieldRefusedError(field, N_("Ingen aktiv person har initialerne %(initials)s."), initials=initials)


def page(
    system: System,
    given: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    is_administration: bool,
) -> str:
    details = queries.details_of(system)
    return render_template(
        "systems/system.html",
        system=system,
        owner=details.owner,
        given=_typed(given) if given else _stored(system, details),
        errors=errors or {},
        may_manage=is_administration,
        **choices(system.customer_id, but=system.id, all_units=not is_administration),
    )


def _stored(system: System, details: queries.Details) -> dict[str, Any]:
    names = ("name", "description", "aliases", "team_id", "supplier_id", "hours_id")
    people = {"owner": details.owner, "manager": details.manager, "deputy": details.deputy}
    return {
        **{name: getattr(system, name) for name in names},
        **{name: person.initials if person else "" for name, person in people.items()},
        "criticality": system.criticality.value,
        "units": [unit.id for unit in details.units],
        "needed_ids": [one.id for one in details.needs],
        "roles": "\n".join(details.roles),
        "windows": [tuple(one) for one in details.windows],
    }


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the page shows it again."""
    names = ("window_weekday", "window_week", "window_starts", "window_ends")
    rows = zip(*(given.get(name) or [] for name in names), strict=False)
    return {**given, "windows": [row for row in rows if row[2] or row[3]]}


def choices(customer_id: int, *, but: int | None = None, all_units: bool) -> dict[str, Any]:
    """What can be chosen from for a system of the customer."""
    units = queries.units_to_choose(customer_id, actor(), all_of_them=all_units)
    return {
        "units": [one for one in unit_choices(units) if one[0] != customer_id],
        "teams": [(team.id, team.name) for team in queries.teams_to_choose(customer_id)],
        "suppliers": outside.suppliers_in_use(customer_id),
        "calendars": outside.calendars(customer_id),
        "systems": [one for one in queries.systems_of_customer(customer_id) if one.id != but],
        "levels": labels.options(Criticality),
        "weekdays": weekday_choices(),
        "weeks": weeks(),
        "spare_windows": SPARE_WINDOWS,
    }
