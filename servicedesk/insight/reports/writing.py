"""A report as it leaves: its figures in words and the page as files, with what its reader may see at that moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import render_template, url_for

from servicedesk.core import clock, pdf
from servicedesk.core.actor import Actor
from servicedesk.core.charts import DrawnFigure
from servicedesk.core.db import db
from servicedesk.core.downloads import KINDS, as_xlsx
from servicedesk.core.errors import BusyError, RefusedError
from servicedesk.core.language import gettext as _
from servicedesk.core.seen_by import as_seen_by
from servicedesk.figures.words import period_in_words
from servicedesk.insight.models import ReportSubscription
from servicedesk.insight.overview import asking, views
from servicedesk.insight.reports import events
from servicedesk.insight.reports.chosen import Told, names_of
from servicedesk.notifications import contents
from servicedesk.notifications.contents import MOST_OCTETS, Content, File
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.actors import load_actor

#: What the mail itself says, in this order; the rest stands in its files and behind its link.
MAIN = ("response-kept", "resolution-kept", "filed", "resolved", "solved", "reopened")


@dataclass
class Report:
    """What there is to be said, in the reader's words."""

    period: str
    title: str
    #: Path of the same page.
    url: str
    #: (name, value, how it compares), the main ones.
    figures: list[tuple[str, str, str]] = field(default_factory=list)
    #: What one must know, such as that a system is closed.
    notes: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)


def of_mail(mail: OutboxMail) -> Content:
    """Raises LookupError when there is nobody, or nothing, to make it for any more."""
    row = db.session.get_one(ReportSubscription, mail.facts["subscription"])
    who = load_actor(row.person_id, today=clock.now().astimezone(clock.own_zone()).date())
    if who is None:
        raise LookupError("the receiver is not here any more")
    report = written(row, mail.facts["month"], replace(who, locale=mail.locale), with_files=True)
    told = {
        "period": report.period,
        "title": report.title,
        "figures": [{"name": name, "value": value, "compared": compared} for name, value, compared in report.figures],
        "notes": report.notes,
        "files": [file.name for file in report.files],
        "url": report.url,
    }
    return Content(told, report.files)


def written(row: ReportSubscription, month: int, who: Actor, *, with_files: bool) -> Report:
    """The report of that month; raises NotFoundError when there is no overview for the reader, BusyError when PDFs
    are being drawn for others."""
    with as_seen_by(who, "/"):
        told = names_of([row]).told(row, month)
        address = url_for("overview.page", **told.address())
    with as_seen_by(who, address):
        report = Report(period_in_words(month, month), told.title, address)
        report.notes += _notes(told)
        if told.is_lost:
            report.url = url_for("overview.page", customer=row.customer_id)
            return report
        place = asking.asked(who)
        if not report.title:
            report.title = place.customer.name
        page = views.told(place, who)
        if not page["is_told"]:
            report.notes.append(_("Der er ingen tal om den måned."))
            return report
        report.figures = list(_lines(page["cards"]))
        if with_files:
            _attach(report, row, page, month, who)
        return report


def _lines(cards: Sequence[DrawnFigure]) -> Iterator[tuple[str, str, str]]:
    by_key = {card.figure.key.removeprefix("figure-"): card for card in cards}
    for card in (by_key[key] for key in MAIN if key in by_key):
        n_words = f" ({card.figure.n_words})" if card.figure.n_words else ""
        compared = (card.change.words if card.change else "", card.kept.rstrip("."))
        yield card.figure.name, card.value + n_words, ". ".join(filter(None, compared))


def _notes(told: Told) -> Iterator[str]:
    if told.is_lost:
        yield _("Det, du har valgt at få tal om, findes ikke længere, så der er ingen tal at sende. Vælg på ny.")
    elif told.gone:
        yield _("Noget af det, du har valgt at få tal om, findes ikke længere og er ikke med.")
    for name in told.closed:
        yield _("%(name)s er lukket. Henvendelser fra før er stadig med i tallene.", name=name)


def _attach(report: Report, row: ReportSubscription, page: dict[str, Any], month: int, who: Actor) -> None:
    """What was asked for and fits in a mail; without PDF here, a spreadsheet stands in for it."""
    name = f"overblik-{month // 100}-{month % 100:02}"
    drawn = _drawn(report, page) if row.has_pdf else None
    if drawn is not None:
        report.files.append(File(f"{name}.pdf", "application/pdf", drawn))
    if row.has_xlsx or drawn is None:
        report.files.append(File(f"{name}.xlsx", KINDS["xlsx"], as_xlsx(views.figures(page["place"], who), who)))
    while sum(len(file.body) for file in report.files) > MOST_OCTETS:
        largest = max(report.files, key=lambda file: len(file.body))
        report.files.remove(largest)
        report.notes.append(_("%(name)s er for stor til en mail. Hent den på siden i stedet.", name=largest.name))


def _drawn(report: Report, page: dict[str, Any]) -> bytes | None:
    """None where it cannot be done; the report says so."""
    if not pdf.works():
        report.notes.append(_("Her kan der ikke laves PDF, så tallene er med som regneark. Siden kan udskrives."))
        return None
    try:
        return pdf.drawn(render_template(views.PAGE, layout="layouts/print.html", **page))
    except BusyError:
        raise
    except RefusedError:
        report.notes.append(_("Siden er for lang til en PDF, så tallene er med som regneark."))
        return None


contents.declare(events.REPORT, of_mail)
