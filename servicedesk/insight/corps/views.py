"""The report on the corps: a page, and the same as a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.language import gettext
from servicedesk.core.permissions import is_open
from servicedesk.core.spreadsheets import write_csv
from servicedesk.insight.corps import queries
from servicedesk.insight.corps.figures import FEW
from servicedesk.insight.corps.queries import Line, Period, Report
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.superbrugere.views.corps import chosen_customer, standing
from servicedesk.tickets.filters import Course, Filters, Span
from servicedesk.tickets.policy import TicketPermission

bp = Blueprint("corps_report", __name__, url_prefix="/superbrugere")

#: Without a period in the address; and no longer than this, whoever asks.
USUAL, LONGEST = timedelta(days=90), timedelta(days=731)


@bp.get("/report")
@requires(CorpsPermission.READ)
def report() -> str:
    who = actor()
    customer, (first, last) = chosen_customer(who), _days()
    found = _read(customer, first, last)
    address: dict[str, Any] = {"customer": customer.id, "from": first.isoformat(), "to": last.isoformat()}
    return render_template(
        "insight/corps.html",
        **standing(who, customer),
        report=found,
        first=first,
        last=last,
        shown=_shown,
        link=_linker(first, last) if is_open(TicketPermission.OVERSEE, who) else None,
        csv_url=url_for(".report_csv", **address),
    )


@bp.get("/report.csv")
@requires(CorpsPermission.READ)
def report_csv() -> Response:
    customer, (first, last) = chosen_customer(actor()), _days()
    names = [
        *(gettext("Hvad"), gettext("Navn"), gettext("Behandlet"), gettext("Løst lokalt"), gettext("Sendt videre")),
        *(gettext("Fyldestgørende i procent"), gettext("Åbningstid hos superbruger i minutter (median)")),
        *(gettext("Løst på stedet"), gettext("Genåbnet"), gettext("Aftalte minutter om ugen")),
    ]
    rows = (dict(zip(names, row, strict=True)) for row in _rows(_read(customer, first, last)))
    # Put into words here: a streamed answer has no reader any more.
    headers = {"Content-Disposition": 'attachment; filename="superbrugere.csv"'}
    return Response(list(write_csv(names, rows)), mimetype="text/csv", headers=headers)


def _read(customer: Unit, first: date, last: date) -> Report:
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    return queries.read(customer.id, Period(start, end), actor(), today=web.today(), now=clock.now())


def _days() -> tuple[date, date]:
    """The first and the last day of the period; nonsense counts as nothing."""
    last = min(_day("to") or web.today(), web.today())
    first = _day("from") or last - USUAL
    first = min(first, last)
    return max(first, last - LONGEST), last


def _day(name: str) -> date | None:
    try:
        on = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return on if 2000 <= on.year <= 2100 else None


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.own_zone())


def _shown(number: int, sees_few: bool) -> str:
    """A count as the reader may know it."""
    return gettext("under %(few)s", few=FEW) if not sees_few and 0 < number < FEW else str(number)


def _linker(first: date, last: date) -> Any:
    """Answers the list of tickets behind a number."""
    span = Span(_midnight(first), _midnight(last + timedelta(days=1)))

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
        "" if share is None else share,
        "" if stay is None else stay // timedelta(minutes=1),
        *(_shown(number, sees_few) for number in (one.floor, one.reopened)),
    ]
