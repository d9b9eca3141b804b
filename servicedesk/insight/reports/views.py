"""Asking for an overview by mail each month, trying it, and ending it: signed in, or by the link of a mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from limits import RateLimitItemPerMinute

from servicedesk.core import clock, pdf, web
from servicedesk.core.access import actor, public, requires, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.errors import NotFoundError
from servicedesk.core.panels import Place as Spot
from servicedesk.core.panels import offer
from servicedesk.core.permissions import is_open
from servicedesk.figures.rules import later, month_of
from servicedesk.figures.words import period_in_words
from servicedesk.insight.models import Ending, ReportSubscription
from servicedesk.insight.overview import asking
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.insight.reports import chosen, commands, queries, writing
from servicedesk.insight.reports.chosen import Told
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.signin import throttle

bp = Blueprint("reports", __name__, url_prefix="/overview/reports")

#: A link that is none was guessed, mistyped or cut; a whole town hall may sit behind one address.
GUESSES_FROM_AN_ADDRESS = RateLimitItemPerMinute(60, 15, "report-link")
#: The address is a secret, and told to nobody. Without any referrer browsers would post from nowhere, and be refused.
SECRET_ADDRESS = {"Referrer-Policy": "strict-origin"}
#: No page shows more of what others get.
MOST_OTHERS = 500


@dataclass(frozen=True)
class Line:
    """A subscription on the page."""

    row: ReportSubscription
    told: Told
    customer: str
    person: str = ""
    #: The month that was told of last, in words.
    last: str = ""

    @property
    def title(self) -> str:
        return self.told.title or self.customer

    @property
    def next(self) -> str:
        """The month that is told of next."""
        return period_in_words(self.row.next_month, self.row.next_month)


def _lines(rows: Sequence[ReportSubscription], people: Sequence[str] = ()) -> list[Line]:
    """Five queries for however many."""
    month, names = later(month_of(clock.today()), -1), chosen.names_of(rows)
    last = queries.last_sent([row.id for row in rows])
    customers = queries.names_of_customers({row.customer_id for row in rows})
    return [
        Line(
            row,
            names.told(row, month),
            customers.get(row.customer_id, ""),
            person,
            period_in_words(last[row.id], last[row.id]) if row.id in last else "",
        )
        for row, person in zip(rows, people or [""] * len(rows), strict=True)
    ]


# ------------------------------------------------------------------------------------------------ signed in


@bp.get("")
@requires(OverviewPermission.LOOK)
def page() -> ResponseReturnValue:
    return _page()


@bp.post("")
@requires(OverviewPermission.LOOK)
def subscribe() -> ResponseReturnValue:
    who = actor()
    place = asking.asked(who)
    files = request.form.getlist("files")
    wanted = {"has_pdf": "pdf" in files, "has_xlsx": "xlsx" in files}
    try:
        row, is_new = commands.subscribe(place.slice, **wanted, by=who, now=clock.now())
    except FieldRefusedError as wrong:
        return _page({wrong.field: web.refusal(wrong)}), 422
    if is_new:
        months = {"month": period_in_words(row.next_month, row.next_month)}
        flash(gettext("Du får rapporten på mail hver måned, første gang når %(month)s er slut.", **months), "success")
    else:
        flash(gettext("Dit valg af filer er gemt."), "success")
    return web.see_other(".page", customer=row.customer_id)


@bp.post("/<int:subscription_id>/end")
@signed_in
def end(subscription_id: int) -> ResponseReturnValue:
    commands.end(subscription_id, by=actor(), now=clock.now())
    flash(gettext("Rapporten er stoppet, og du får den ikke mere."), "success")
    return web.see_other(".page" if is_open(OverviewPermission.LOOK, actor()) else "signin.profile")


@bp.post("/<int:subscription_id>/send")
@requires(OverviewPermission.LOOK)
def send(subscription_id: int) -> ResponseReturnValue:
    month = commands.send_now(subscription_id, by=actor(), now=clock.now())
    told = {"month": period_in_words(month, month), "address": actor().email}
    flash(gettext("Rapporten for %(month)s er på vej til %(address)s.", **told), "success")
    return web.see_other(".page")


@bp.get("/<int:subscription_id>/preview")
@requires(OverviewPermission.LOOK)
def preview(subscription_id: int) -> str:
    """What the mail of the last whole month says, and its files."""
    who, row = actor(), queries.own_one(subscription_id, actor())
    month = later(month_of(clock.today()), -1)
    report = writing.written(row, month, who, with_files=False)
    (line,) = _lines([row])
    return render_template("insight/reports/preview.html", report=report, line=line, address=line.told.address())


def _page(errors: dict[str, str] | None = None) -> str:
    who = actor()
    place = asking.asked(who)
    same = queries.find_same(who.id or 0, place.customer.id, chosen.of_slice(place.slice))
    others = queries.of_others(place.customer.id, who, most=MOST_OTHERS)
    return render_template(
        "insight/reports/page.html",
        place=place,
        names=_names(place),
        same=same,
        files=_files(same, errors),
        errors=errors or {},
        mine=_lines(queries.own(who)),
        others=_lines([one.row for one in others], [one.person for one in others]),
        sees_others=is_open(OverviewPermission.RUN, who),
    )


def _names(place: Place) -> list[str]:
    """What was chosen on the overview, in words."""
    asked = ReportSubscription(customer_id=place.customer.id, chosen=chosen.of_slice(place.slice))
    return list(chosen.names_of([asked]).told(asked, place.slice.last).names)


def _files(same: ReportSubscription | None, errors: dict[str, str] | None) -> list[str]:
    """Those to tick; the PDF where it can be made, unless the person has chosen otherwise."""
    if errors:
        return request.form.getlist("files")
    if same is None:
        return ["pdf"] if pdf.works() else ["xlsx"]
    return [name for name, has in (("pdf", same.has_pdf), ("xlsx", same.has_xlsx)) if has]


# ------------------------------------------------------------------------------------------------ by the link of a mail


@bp.get("/stop/<token>")
@public
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Looking ends nothing: mail scanners look at every link."""
    try:
        row = queries.of_token(token)
    except NotFoundError:
        return _no_such_link()
    return _by_mail(row, token)


@bp.post("/stop/<token>")
@public
def stop(token: str) -> ResponseReturnValue:
    """By the button of that page, or by a mail program's own, which has no session (RFC 8058)."""
    try:
        row = commands.end_by_mail(token, now=clock.now())
    except NotFoundError:
        return _no_such_link()
    return _by_mail(row, token)


@bp.post("/stop/<token>/resume")
@public
def resume(token: str) -> ResponseReturnValue:
    try:
        row = commands.resume(token, now=clock.now())
    except NotFoundError:
        return _no_such_link()
    return _by_mail(row, token)


def _by_mail(row: ReportSubscription, token: str) -> ResponseReturnValue:
    """Says nothing of what is in the report: whoever has the link may not be whom it was for."""
    is_on, may_resume = row.ended_at is None, row.ending is Ending.BY_MAIL
    page = render_template("insight/reports/stop.html", is_on=is_on, may_resume=may_resume, token=token)
    return page, SECRET_ADDRESS


def _no_such_link() -> ResponseReturnValue:
    throttle.charge((GUESSES_FROM_AN_ADDRESS, throttle.address()))
    return render_template("insight/reports/no_link.html"), 404, SECRET_ADDRESS


# ------------------------------------------------------------------------------------------------ on other pages


def _on_overview(place: Place, who: Actor) -> str:
    same = queries.find_same(who.id or 0, place.customer.id, chosen.of_slice(place.slice))
    href = url_for("reports.page", **place.address())
    return render_template("insight/reports/_on_overview.html", is_on=same is not None, href=href)


def _on_profile(_thing: object, who: Actor) -> str | None:
    rows = queries.own(who)
    if not rows:
        return None
    may_look = is_open(OverviewPermission.LOOK, who)
    number = ngettext(
        "Du får %(num)s rapport på mail hver måned:", "Du får %(num)s rapporter på mail hver måned:", len(rows)
    )
    return render_template("insight/reports/_on_profile.html", lines=_lines(rows), number=number, may_look=may_look)


offer(Spot.OVERVIEW, _on_overview)
offer(Spot.PROFILE, _on_profile, rank=35)
