"""What suppliers have now, what they kept of what they promised, and the evidence of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.agreements.words import amount_in_words, length_in_words
from servicedesk.core import clock, navigation, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext
from servicedesk.core.pdf import page_or_pdf
from servicedesk.stewardship import deliveries
from servicedesk.stewardship.deliveries import Held, Record, Stretch, Waiting
from servicedesk.stewardship.policy import SupplierPermission

bp = Blueprint("deliveries", __name__, url_prefix="/suppliers")
FOLLOW = SupplierPermission.FOLLOW

navigation.offer(navigation.Item(_("Leverandører"), "deliveries.overview", FOLLOW, rank=45, owns=("deliveries.",)))

#: Looked back on when nothing is chosen, and at most.
USUAL, LONGEST = timedelta(days=90), timedelta(days=3_653)
#: Tickets that the page shows; the evidence has them all.
SHOWN = 100


@bp.get("")
@requires(FOLLOW)
def overview() -> str:
    who = actor()
    found = deliveries.suppliers(who)
    return render_template("stewardship/suppliers.html", suppliers=found, waiting=deliveries.waiting_counts(found, who))


@bp.get("/<int:supplier_id>")
@requires(FOLLOW)
def supplier(supplier_id: int) -> str:
    who, now, period = actor(), clock.now(), web.asked_period(USUAL, LONGEST)
    found = deliveries.get_supplier(supplier_id, who)
    return render_template(
        "stewardship/supplier.html",
        supplier=found,
        waiting=deliveries.waiting(found, who, now),
        record=deliveries.record(found, *period.instants, who, now),
        period=period,
        most=SHOWN,
        amount=amount_in_words,
        length=length_in_words,
        now=now,
    )


@bp.get("/<int:supplier_id>/evidence.pdf", endpoint="evidence_pdf")
@bp.get("/<int:supplier_id>/evidence")
@requires(FOLLOW)
def evidence(supplier_id: int) -> ResponseReturnValue:
    """To be printed, or laid before the supplier."""
    who, now, period = actor(), clock.now(), web.asked_period(USUAL, LONGEST)
    found = deliveries.get_supplier(supplier_id, who)
    return page_or_pdf(
        f"leverandoer-{found.id}",
        "stewardship/evidence.html",
        supplier=found,
        record=deliveries.record(found, *period.instants, who, now),
        period=period,
        amount=amount_in_words,
        length=length_in_words,
        now=now,
    )


@bp.get("/<int:supplier_id>/evidence.<sheet:ending>")
@requires(FOLLOW)
def evidence_table(supplier_id: int, ending: str) -> Response:
    """One line for each time that a ticket waited."""
    who, period = actor(), web.asked_period(USUAL, LONGEST)
    found = deliveries.get_supplier(supplier_id, who)
    record = deliveries.record(found, *period.instants, who, clock.now())
    cut = gettext("Der var flere, end opgørelsen kan rumme. Vælg en kortere periode.")
    table = Table(
        file=f"leverandoer-{found.id}",
        title=gettext("Opgørelse for %(name)s", name=found.name),
        columns=_columns(),
        rows=_rows(record),
        period=period,
        notes=[cut] if record.is_cut else [],
    )
    return taken_home(table, ending)


@bp.get("/<int:supplier_id>/waiting.<sheet:ending>")
@requires(FOLLOW)
def waiting_table(supplier_id: int, ending: str) -> Response:
    """What waits for them now, to lay before them."""
    who, now = actor(), clock.now()
    found = deliveries.get_supplier(supplier_id, who)
    columns = [
        *(gettext("Henvendelse"), gettext("Emne"), gettext("System"), gettext("Siden"), gettext("Vi bad om")),
        *(gettext("Talt tid (minutter)"), gettext("Frist"), gettext("Overskredet")),
    ]
    title = gettext("Venter på %(name)s", name=found.name)
    rows = map(_waiting_row, deliveries.waiting(found, who, now))
    return taken_home(Table(file=f"venter-{found.id}", title=title, columns=columns, rows=rows), ending)


def _waiting_row(one: Waiting) -> list[Any]:
    told = [one.number, one.subject, one.system, one.since, one.asked]
    if one.reading is None:
        return [*told, None, None, None]
    return [*told, _minutes(one.reading.elapsed), one.reading.due_at, one.reading.breached_at]


def _columns() -> list[str]:
    return [
        gettext("Henvendelse"),
        gettext("Emne"),
        gettext("System"),
        gettext("Fra"),
        gettext("Til"),
        gettext("Talt tid (minutter)"),
        gettext("Talt i alt (minutter)"),
        gettext("Mål"),
        gettext("Resultat"),
        gettext("Overskredet"),
        gettext("Aftale"),
        gettext("Aftalens udgave fra"),
    ]


def _rows(record: Record) -> Iterator[list[Any]]:
    for held in record.held:
        for stretch in held.stretches:
            yield _row(held, stretch)


def _row(held: Held, stretch: Stretch) -> list[Any]:
    version = held.version
    return [
        held.number,
        held.subject,
        held.system or "",
        stretch.started_at,
        stretch.ended_at,
        _minutes(stretch.counted),
        _minutes(held.reading.elapsed),
        length_in_words(held.reading.target.length),
        verdict_in_words(held.verdict),
        held.reading.breached_at if stretch.is_missed else None,
        version.name if version else "",
        version.starts_on if version else None,
    ]


def _minutes(amount: timedelta) -> float:
    return round(amount / timedelta(minutes=1), 2)


@bp.app_template_filter("verdict")
def verdict_in_words(verdict: str | None) -> str:
    match verdict:
        case "met":
            return gettext("Holdt")
        case "breached":
            return gettext("Overskredet")
        case None:
            return gettext("I gang")
        case _:
            return gettext("Tæller ikke med")
