"""The map: where somebody helps, and where nobody does."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.views.units import unit_choices
from servicedesk.superbrugere import corps
from servicedesk.superbrugere import coverage as maps
from servicedesk.superbrugere.coverage import Cell, Map
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.views import bp
from servicedesk.superbrugere.views.corps import chosen_customer, standing

#: With more systems than this the map begins with a line for each unit.
FEW_SYSTEMS = 8


@bp.get("/map")
@requires(CorpsPermission.READ)
def coverage() -> str:
    who = actor()
    customer = chosen_customer(who)
    unit_id = web.key_in_address("unit")
    found = maps.of_customer(customer.id, clock.today(), below=unit_id)
    wide = request.args.get("show") or ("systems" if len(found.systems) <= FEW_SYSTEMS else "units")
    only_gaps = request.args.get("gaps") == "1"
    return render_template(
        "superbrugere/coverage.html",
        **standing(who, customer),
        map=found,
        lines=[line for line in found.lines if line.missing or not only_gaps],
        is_wide=wide == "systems",
        only_gaps=only_gaps,
        unit_id=unit_id,
        units=unit_choices(organisation.in_tree_order(corps.units_of(customer.id))),
        address=_address(),
    )


@bp.get("/map.<sheet:ending>")
@requires(CorpsPermission.READ)
def coverage_table(ending: str) -> Response:
    """One line for each unit and system that it uses."""
    customer = chosen_customer(actor())
    found = maps.of_customer(customer.id, clock.today(), below=web.key_in_address("unit"))
    names = [gettext("Enhed"), gettext("System"), gettext("Superbruger"), gettext("Stedfortræder"), gettext("Dækning")]
    chosen = [(gettext("Organisation"), customer.name)]
    table = Table(file="daekning", title=gettext("Dækning"), columns=names, rows=_rows(found), chosen=chosen)
    return taken_home(table, ending)


def _rows(found: Map) -> Iterator[list[str]]:
    for line in found.lines:
        for system, cell in zip(found.systems, line.cells, strict=True):
            if cell.is_used:
                own = ", ".join(one.helper.name for one in cell.covers if not one.is_deputy)
                deputies = ", ".join(one.helper.name for one in cell.covers if one.is_deputy)
                yield [line.unit.name, system.name, own, deputies, _in_words(cell)]


def _in_words(cell: Cell) -> str:
    if cell.is_desks:
        return gettext("Kun servicedesken")
    return gettext("Mangler") if cell.is_gap else gettext("Dækket")


def _address() -> dict[str, Any]:
    names = ("customer", "unit", "show", "gaps")
    return {name: request.args[name][:100] for name in names if request.args.get(name)}
