"""The manager's page: how the present staff of the own units stands, and nothing of how it came about."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, render_template, request

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext as _
from servicedesk.organisation.views.units import unit_choices
from servicedesk.training import staffing
from servicedesk.training.policy import LearnerPermission
from servicedesk.training.rules import Status
from servicedesk.training.staffing import StaffLine
from servicedesk.training.views import bp
from servicedesk.training.views.pieces import places


@bp.get("/training/staff", endpoint="staff")
@requires(LearnerPermission.SEE_STATUS)
def staff_page() -> str:
    who, unit_id = actor(), web.key_in_address("unit")
    only_gaps = request.args.get("show") == "gaps"
    units = staffing.units_of(who)
    found = staffing.of_manager(who, clock.today(), unit_id=unit_id)
    return render_template(
        "training/staff.html",
        places=places(who),
        lines=[line for line in found if line.has_gap or not only_gaps],
        count=len(found),
        lacking=sum(line.has_gap for line in found),
        units=unit_choices(units),
        unit_id=unit_id,
        only_gaps=only_gaps,
        address={"unit": unit_id, "show": "gaps" if only_gaps else None},
    )


@bp.get("/training/staff.<sheet:ending>")
@requires(LearnerPermission.SEE_STATUS)
def staff_table(ending: str) -> Response:
    """The same words as on the page; no dates, evidence or history."""
    only_gaps = request.args.get("show") == "gaps"
    found = staffing.of_manager(actor(), clock.today(), unit_id=web.key_in_address("unit"))
    columns = [
        *(_("Navn"), _("Enhed"), _("Mangler"), _("Udløbet"), _("Udløber snart"), _("Anbefales")),
        *(_("Opfyldt"), _("Skal have")),
    ]
    rows = _rows(line for line in found if line.has_gap or not only_gaps)
    return taken_home(Table(file="medarbejdere", title=_("Mine medarbejdere"), columns=columns, rows=rows), ending)


def _rows(lines: Iterable[StaffLine]) -> Iterator[list[Any]]:
    for line in lines:
        names = [", ".join(line.by_status.get(one, [])) for one in (Status.MISSING, Status.EXPIRED, Status.EXPIRING)]
        yield [line.name, line.unit, *names, ", ".join(line.recommended), line.met, line.asked]
