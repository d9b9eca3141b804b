"""The pages on which a customer keeps its calendars."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.agreements import calendars, commands
from servicedesk.agreements.calendars import Whole
from servicedesk.agreements.commands.example import ZONE
from servicedesk.agreements.commands.opening import HoursRefusedError
from servicedesk.agreements.following import Effects
from servicedesk.agreements.hours_forms import DAYS, ChangedWeekForm, DayForm, HoursForm, NewHoursForm
from servicedesk.agreements.hours_text import ROUND_THE_CLOCK, write_intervals
from servicedesk.agreements.models import OpeningHours
from servicedesk.agreements.policy import AgreementPermission
from servicedesk.core import clock, web
from servicedesk.core.access import actor, requires
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.core.forms import Form
from servicedesk.core.language import gettext, ngettext
from servicedesk.organisation import administration
from servicedesk.organisation.models import Unit
from servicedesk.organisation.queries import customers

bp = Blueprint("hours", __name__)

administration.offer(
    administration.Card(
        _("Åbningstider og lukkedage"),
        _("Hvornår der er nogen til at hjælpe, og hvornår urene går"),
        "hours.overview",
        "calendar",
        AgreementPermission.MANAGE,
        rank=44,
    )
)

WEEKDAYS = (_("Mandag"), _("Tirsdag"), _("Onsdag"), _("Torsdag"), _("Fredag"), _("Lørdag"), _("Søndag"))
#: What a new calendar's form begins with.
USUAL = dict.fromkeys(DAYS[:5], "08:00-16:00")
#: Closed days are proposed for so many years after this one.
YEARS_AHEAD = 5


@bp.get("/admin/hours")
@requires(AgreementPermission.MANAGE)
def overview() -> str:
    customer, now = _customer(web.key_in_address("customer")), clock.now()
    rows = calendars.calendars_of(customer.id)
    return render_template(
        "agreements/hours.html",
        customer=customer,
        customers=_customers(),
        rows=[(row, calendars.standing(row, now)) for row in rows],
        waiting=calendars.proposals_of(customer.id, clock.today()),
        work=calendars.progress_of(customer.id, now),
    )


@bp.get("/admin/hours/new")
@requires(AgreementPermission.MANAGE)
def new_hours() -> str:
    customer = _customer(web.key_in_address("customer"))
    return _new_page({"customer_id": customer.id, "zone": ZONE, "follows_holidays": True, **USUAL}, {})


@bp.post("/admin/hours/new")
@requires(AgreementPermission.MANAGE)
def add_hours() -> ResponseReturnValue:
    form, made = NewHoursForm(), list[OpeningHours]()
    _effects, errors = _attempt(form, lambda: made.append(_add(form)), hours=DAYS[0])
    if errors:
        return _new_page(form.data, errors), 422
    flash(gettext("%(name)s er oprettet.", name=made[0].name), "success")
    return web.see_other("hours.calendar", hours_id=made[0].id)


@bp.get("/admin/hours/<int:hours_id>")
@requires(AgreementPermission.MANAGE)
def calendar(hours_id: int) -> str:
    return _calendar_page(_whole(hours_id))


@bp.post("/admin/hours/<int:hours_id>")
@requires(AgreementPermission.MANAGE)
def rename(hours_id: int) -> ResponseReturnValue:
    whole, form = _whole(hours_id), HoursForm()
    given: dict[str, Any] = {"name": form.name.data or "", "follows_holidays": form.follows_holidays.data}
    _effects, errors = _attempt(form, lambda: commands.rename_hours(hours_id, **given, by=actor(), now=clock.now()))
    if errors:
        return _calendar_page(whole, given=given, errors=errors), 422
    return _saved("hours.calendar", hours_id=hours_id)


@bp.get("/admin/hours/<int:hours_id>/week")
@requires(AgreementPermission.MANAGE)
def week(hours_id: int) -> str:
    whole = _whole(hours_id)
    held = whole.coming[-1][1] if whole.coming else whole.holding[1]
    given = {name: write_intervals(held.get(name.removeprefix("day_"), ())) for name in DAYS}
    return _week_page(whole, {"starts_on": whole.today + timedelta(days=1), **given})


@bp.post("/admin/hours/<int:hours_id>/week")
@requires(AgreementPermission.MANAGE)
def change_week(hours_id: int) -> ResponseReturnValue:
    whole, form, now = _whole(hours_id), ChangedWeekForm(), clock.now()

    def save() -> None:
        commands.change_week(hours_id, starts_on=_told(form.starts_on.data), week=form.week(), by=actor(), now=now)

    def preview() -> Effects:
        return calendars.effects_of_week(whole, _told(form.starts_on.data), form.week(), now)

    effects, errors = _attempt(form, save, preview, hours=DAYS[0], other="starts_on")
    if errors or effects:
        return _week_page(whole, _typed(form), errors, effects), 422 if errors else 200
    return _saved("hours.calendar", hours_id=hours_id)


@bp.get("/admin/hours/<int:hours_id>/day")
@requires(AgreementPermission.MANAGE)
def day(hours_id: int) -> str:
    """For a day that is named in the address, with what it has now."""
    whole = _whole(hours_id)
    asked = request.args.get("on", "")
    known = next((one for one in whole.days if one.on.isoformat() == asked), None)
    if known is None:
        return _day_page(whole, {})
    return _day_page(whole, {"on": known.on, "name": known.name, "times": write_intervals(known.open)})


@bp.post("/admin/hours/<int:hours_id>/day")
@requires(AgreementPermission.MANAGE)
def set_day(hours_id: int) -> ResponseReturnValue:
    whole, form, now = _whole(hours_id), DayForm(), clock.now()

    def save() -> None:
        intervals = form.times.intervals
        name = form.name.data or ""
        commands.set_day(hours_id, on=_told(form.on.data), name=name, intervals=intervals, by=actor(), now=now)

    def preview() -> Effects:
        return calendars.effects_of_days(whole, {_told(form.on.data): form.times.intervals}, now)

    effects, errors = _attempt(form, save, preview, hours="times", other="on")
    if errors or effects:
        return _day_page(whole, _typed(form), errors, effects), 422 if errors else 200
    return _saved("hours.calendar", hours_id=hours_id, year=_told(form.on.data).year)


@bp.post("/admin/hours/<int:hours_id>/days/removal")
@requires(AgreementPermission.MANAGE)
def remove_day(hours_id: int) -> ResponseReturnValue:
    whole = _whole(hours_id)
    on = next((one.on for one in whole.days if one.on.isoformat() == request.form.get("on")), None)
    if on is None:
        raise RefusedError(N_("Vælg en dag."))
    commands.remove_day(hours_id, on=on, by=actor(), now=clock.now())
    flash(gettext("Dagen følger nu ugens almindelige åbningstider."), "success")
    return web.see_other("hours.calendar", hours_id=hours_id, year=on.year)


@bp.post("/admin/hours/<int:hours_id>/days/propose")
@requires(AgreementPermission.MANAGE)
def propose_days(hours_id: int) -> ResponseReturnValue:
    whole = _whole(hours_id)
    year = request.form.get("year", type=int)
    if year is None or not whole.today.year <= year <= whole.today.year + YEARS_AHEAD:
        raise RefusedError(N_("Vælg et år, der er i gang eller kommer."))
    number = commands.propose_days(hours_id, years=[year], by=actor(), now=clock.now())
    if number:
        text = ngettext("%(num)s dag er foreslået.", "%(num)s dage er foreslået.", number)
        flash(text + " " + gettext("De gælder først, når du godkender dem."), "success")
    else:
        flash(gettext("Der er ingen nye danske lukkedage at foreslå for %(year)s.", year=str(year)), "info")
    return web.see_other("hours.calendar", hours_id=hours_id, year=year)


@bp.post("/admin/hours/<int:hours_id>/days/decide")
@requires(AgreementPermission.MANAGE)
def decide_days(hours_id: int) -> ResponseReturnValue:
    whole, now = _whole(hours_id), clock.now()
    asked = set(request.form.getlist("days"))
    years = {one.on.year for one in whole.days if one.on.isoformat() in asked}
    chosen = {one.on: one.open for year in years for one in whole.days_of(year, "proposed")}
    chosen = {on: hours for on, hours in chosen.items() if on.isoformat() in asked}
    year = min(chosen).year if chosen else request.form.get("year", whole.today.year, type=int)
    approve = request.form.get("do") != "dismiss"

    def save() -> None:
        commands.decide_days(hours_id, days=list(chosen), approve=approve, by=actor(), now=now)

    def preview() -> Effects:
        return calendars.effects_of_days(whole, chosen, now)

    if not chosen:
        errors = {"days": gettext("Sæt kryds ved mindst én dag.")}
        return _calendar_page(whole, year=year, errors=errors, ticked=set()), 422
    effects, errors = _attempt(None, save, preview, hours="days", other="days")
    if errors or effects:
        page = _calendar_page(whole, year=year, errors=errors, ticked=set(chosen), effects=effects)
        return page, 422 if errors else 200
    number = len(chosen)
    approved = ngettext("%(num)s dag er godkendt.", "%(num)s dage er godkendt.", number)
    dismissed = ngettext("%(num)s dag er valgt fra.", "%(num)s dage er valgt fra.", number)
    flash(approved if approve else dismissed, "success")
    return web.see_other("hours.calendar", hours_id=hours_id, year=year)


# ------------------------------------------------------------------------------------------------ what they share


def _attempt(
    form: Form | None,
    save: Callable[[], object],
    preview: Callable[[], Effects] | None = None,
    *,
    hours: str = "name",
    other: str = "name",
) -> tuple[Effects | None, dict[str, str]]:
    """Saves, or looks what that would do when asked to; what keeps it from that, by field.

    `hours` is the field for hours that cannot be reckoned with, `other` for what else is refused.
    """
    if form is not None and not form.validate():
        return None, form.first_errors()
    try:
        if preview is not None and request.form.get("do") == "preview":
            return preview(), {}
        save()
    except RefusedError as refusal:
        if refusal.status not in (409, 422):
            raise
        field = hours if isinstance(refusal, HoursRefusedError) else other
        return None, {"name" if isinstance(refusal, ConflictError) else field: web.refusal(refusal)}
    return None, {}


def _add(form: NewHoursForm) -> OpeningHours:
    return commands.add_hours(
        form.customer_id.data,
        name=form.name.data or "",
        zone=form.zone.data or "",
        week=form.week(),
        follows_holidays=form.follows_holidays.data,
        by=actor(),
        now=clock.now(),
    )


def _saved(endpoint: str, **values: object) -> ResponseReturnValue:
    flash(gettext("Ændringerne er gemt."), "success")
    return web.see_other(endpoint, **values)


def _told(on: date | None) -> date:
    """A date of a form that is in order."""
    assert on is not None
    return on


def _typed(form: Form) -> dict[str, Any]:
    """The answers as they were typed, also those that could not be read."""
    return {name: request.form.get(name, "") for name in form.data}


def _customers() -> list[Unit]:
    return customers(actor(), AgreementPermission.MANAGE)


def _customer(customer_id: int | None) -> Unit:
    """The one asked for, else the first whose calendars the person may keep."""
    wanted = [customer for customer in _customers() if customer_id in (None, customer.id)]
    if not wanted:
        raise NotFoundError
    return wanted[0]


def _whole(hours_id: int) -> Whole:
    return calendars.get_calendar(hours_id, actor(), clock.now())


def _hours_in_words(intervals: list[list[str]]) -> str:
    if intervals == ROUND_THE_CLOCK:
        return gettext("Døgnet rundt")
    return write_intervals(intervals) or gettext("Lukket")


def _week_in_words(held: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(name), _hours_in_words(held.get(str(day), []))) for day, name in enumerate(WEEKDAYS)]


def _new_page(given: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        "agreements/hours_new.html", customers=_customers(), given=given, errors=errors, weekdays=WEEKDAYS
    )


def _week_page(
    whole: Whole, given: dict[str, Any], errors: dict[str, str] | None = None, effects: Effects | None = None
) -> str:
    return render_template(
        "agreements/hours_week.html",
        row=whole.row,
        customer=whole.customer,
        earliest=whole.today + timedelta(days=1),
        given=given,
        errors=errors or {},
        effects=effects,
        weekdays=WEEKDAYS,
    )


def _day_page(
    whole: Whole, given: dict[str, Any], errors: dict[str, str] | None = None, effects: Effects | None = None
) -> str:
    return render_template(
        "agreements/hours_day.html",
        row=whole.row,
        customer=whole.customer,
        earliest=whole.today,
        given=given,
        errors=errors or {},
        effects=effects,
    )


def _calendar_page(
    whole: Whole,
    *,
    year: int | None = None,
    given: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    ticked: set[date] | None = None,
    effects: Effects | None = None,
) -> str:
    now, this_year = clock.now(), whole.today.year
    year = year or request.args.get("year", this_year, type=int)
    if not date.min.year <= year <= date.max.year:
        year = this_year
    proposed = whole.days_of(year, "proposed")
    return render_template(
        "agreements/hours_calendar.html",
        whole=whole,
        row=whole.row,
        customer=whole.customer,
        standing=calendars.standing(whole.row, now),
        work=calendars.progress_of(whole.row.customer_id, now),
        year=year,
        years=_years(whole, year),
        may_propose=this_year <= year <= this_year + YEARS_AHEAD,
        approved=whole.days_of(year, "approved"),
        proposed=proposed,
        dismissed=whole.days_of(year, "dismissed"),
        ticked={one.on for one in proposed} if ticked is None else ticked,
        given=given or {"name": whole.row.name, "follows_holidays": whole.row.follows_holidays},
        errors=errors or {},
        effects=effects,
        week_in_words=_week_in_words,
        hours_in_words=_hours_in_words,
        weekday=lambda on: WEEKDAYS[on.weekday()],
    )


def _years(whole: Whole, chosen: int) -> list[int]:
    """Last year, this and the next; later ones that have any days; the chosen one."""
    this_year = whole.today.year
    later = {one.on.year for one in whole.days if one.on.year > this_year}
    return sorted({this_year - 1, this_year, this_year + 1, chosen} | later)
