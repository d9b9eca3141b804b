"""What suppliers have now, what they kept of what they promised, and the evidence of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import lazy_gettext as _

from servicedesk.agreements.words import amount_in_words, length_in_words
from servicedesk.core import clock, navigation, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import csv_answer
from servicedesk.core.language import gettext
from servicedesk.stewardship import deliveries
from servicedesk.stewardship.deliveries import Held, Record, Stretch
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


@bp.get("/<int:supplier_id>/evidence")
@requires(FOLLOW)
def evidence(supplier_id: int) -> str:
    """To be printed, or laid before the supplier."""
    who, now, period = actor(), clock.now(), web.asked_period(USUAL, LONGEST)
    found = deliveries.get_supplier(supplier_id, who)
    return render_template(
        "stewardship/evidence.html",
        supplier=found,
        record=deliveries.record(found, *period.instants, who, now),
        period=period,
        amount=amount_in_words,
        length=length_in_words,
        now=now,
    )


@bp.get("/<int:supplier_id>/evidence.csv")
@requires(FOLLOW)
def evidence_csv(supplier_id: int) -> Response:
    """One line for each time that a ticket waited."""
    who, period = actor(), web.asked_period(USUAL, LONGEST)
    found = deliveries.get_supplier(supplier_id, who)
    record = deliveries.record(found, *period.instants, who, clock.now())
    return csv_answer(f"leverandoer-{found.id}.csv", _columns(), _rows(record))


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
        version.starts_on.isoformat() if version else "",
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
