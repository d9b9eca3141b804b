"""The report on the corps: a page, and the same as a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext
from servicedesk.core.pdf import page_or_pdf
from servicedesk.core.periods import Period
from servicedesk.core.permissions import is_open
from servicedesk.core.spreadsheets import Share
from servicedesk.insight.corps import queries
from servicedesk.insight.corps.figures import FEW
from servicedesk.insight.corps.queries import Line, Report
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.views.corps import chosen_customer, standing
from servicedesk.tickets.filters import Course, Filters, Span
from servicedesk.tickets.policy import TicketPermission

bp = Blueprint("corps_report", __name__, url_prefix="/superbrugere")

#: Without a period in the address; and no longer than this, whoever asks.
USUAL, LONGEST = timedelta(days=90), timedelta(days=731)


@bp.get("/report.pdf", endpoint="report_pdf")
@bp.get("/report")
@requires(CorpsPermission.READ)
def report() -> ResponseReturnValue:
    who = actor()
    customer, period = chosen_customer(who), web.asked_period(USUAL, LONGEST)
    found = _read(customer, period)
    days: dict[str, Any] = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return page_or_pdf(
        "superbrugere",
        "insight/corps.html",
        **standing(who, customer),
        report=found,
        period=period,
        shown=_shown,
        link=_linker(period) if is_open(TicketPermission.OVERSEE, who) else None,
        address={"customer": customer.id, **days},
        narrowed=_narrowed(customer),
    )


@bp.get("/report.<sheet:ending>")
@requires(CorpsPermission.READ)
def report_table(ending: str) -> Response:
    customer, period = chosen_customer(actor()), web.asked_period(USUAL, LONGEST)
    names = [
        *(gettext("Hvad"), gettext("Navn"), gettext("Behandlet"), gettext("Løst lokalt"), gettext("Sendt videre")),
        *(gettext("Fyldestgørende i procent"), gettext("Åbningstid hos superbruger i minutter (median)")),
        *(gettext("Løst på stedet"), gettext("Genåbnet"), gettext("Aftalte minutter om ugen")),
    ]
    found = _read(customer, period)
    table = Table(
        file="superbrugere",
        title=gettext("Superbrugernes tal"),
        columns=names,
        rows=_rows(found),
        period=period,
        chosen=_narrowed(customer),
        notes=[] if found.sees_few else [gettext("Små tal vises ikke, så ingen kan kendes på dem.")],
    )
    return taken_home(table, ending)


def _narrowed(customer: Unit) -> list[tuple[str, str]]:
    """What a file says that it is about, beside its period."""
    return [(gettext("Organisation"), customer.name)]


def _read(customer: Unit, period: Period) -> Report:
    return queries.read(customer.id, period, actor(), today=clock.today(), now=clock.now())


def _shown(number: int, sees_few: bool) -> int | str:
    """A count as the reader may know it."""
    return gettext("under %(few)s", few=FEW) if not sees_few and 0 < number < FEW else number


def _linker(period: Period) -> Any:
    """Answers the list of tickets behind a number."""
    span = Span(*period.instants)

    def link(what: str, line: Line, course: str) -> str:
        over: dict[str, Any] = {"units": (line.id,)} if what == "unit" else {"systems": (line.id,)}
        if what == "person":
            over = {"helpers": (line.id,)}
        filters = Filters(only_open=False, filed=span, courses=(Course(course),), **over)
        return url_for("cockpit.queue", **filters.address())

    return link


def _rows(found: Report) -> Iterator[list[Any]]:
    for what, lines, sees_few in (
        (gettext("Superbruger"), found.persons, True),
        (gettext("Enhed"), found.units, found.sees_few),
        (gettext("System"), found.systems, found.sees_few),
    ):
        for line in lines:
            yield [what, line.name or gettext("Intet system"), *_cells(line, sees_few), line.weekly_minutes or ""]


def _cells(line: Line, sees_few: bool) -> list[Any]:
    one = line.figures
    counts = [_shown(number, sees_few) for number in (one.handled, one.solved, one.passed_on)]
    is_known = sees_few or one.handled >= FEW
    share = one.share_complete if sees_few or one.appraised >= FEW else None
    stay = one.median_stay if is_known else None
    return [
        *counts,
        None if share is None else Share(share / 100),
        None if stay is None else stay // timedelta(minutes=1),
        *(_shown(number, sees_few) for number in (one.floor, one.reopened)),
    ]
