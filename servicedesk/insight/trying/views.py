"""What another agreement would have meant: choosing one, changing it, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.agreements.book import Book, Version, book_of
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.queries import system_names
from servicedesk.agreements.terms import Priority, TermsError
from servicedesk.agreements.terms_form import LINES, UNITS, Reader, cell, fields_of, promises
from servicedesk.core import clock, labels, web
from servicedesk.core.access import actor, requires
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.errors import RefusedError
from servicedesk.core.formats import day
from servicedesk.core.language import gettext as _
from servicedesk.core.pdf import page_or_pdf
from servicedesk.core.periods import Period
from servicedesk.core.spreadsheets import Share
from servicedesk.figures import load
from servicedesk.figures.slices import Slice
from servicedesk.insight import simulate
from servicedesk.insight.agreement_file import AgreementFileError
from servicedesk.insight.overview import asking, choosing
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.insight.simulate import Fate, Line, Outcome
from servicedesk.insight.trying import commands, queries
from servicedesk.insight.trying.models import AgreementTrial, Ending
from sla import SlaError

bp = Blueprint("trying", __name__, url_prefix="/overview/simulate")
RUN = OverviewPermission.RUN
#: Looked at when nothing is chosen, and at most.
USUAL, LONGEST = timedelta(days=90), timedelta(days=3_653)
MOST_NAME = 120


@dataclass
class Draft:
    """The form as it was sent, or as it is first shown."""

    given: Mapping[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    #: The errors of the other form, with the file.
    file_errors: dict[str, str] = field(default_factory=dict)


# ------------------------------------------------------------------------------------------------ choosing


@bp.get("")
@requires(RUN)
def page() -> str:
    """The form, with what the chosen version of an agreement says."""
    place = asking.asked(actor(), RUN)
    return _form_page(place, Draft(_first_given(place)))


def _first_given(place: Place) -> dict[str, Any]:
    today = clock.today()
    book = book_of(place.customer.id)
    versions = _versions(book)
    chosen = next((one for one in versions if one.id == web.key_in_address("version")), None)
    chosen = chosen or book.versions.get(book.choose(None, clock.now()) or 0) or next(iter(versions), None)
    told: dict[str, Any] = {"first": (today - USUAL).isoformat(), "last": today.isoformat()}
    if chosen is None:
        return told
    return {**told, **fields_of(chosen.terms), "version": chosen.id, "name": chosen.name[:MOST_NAME]}


def _versions(book: Book) -> list[Version]:
    """Of service agreements, the newest first."""
    found = [one for one in book.versions.values() if one.kind is AgreementKind.SERVICE]
    return sorted(found, key=lambda one: (one.starts_on, one.id), reverse=True)


def _form_page(place: Place, draft: Draft) -> str:
    who, book = actor(), book_of(place.customer.id)
    return render_template(
        "insight/trying/form.html",
        place=place,
        overviews=choosing.overviews(place, who),
        versions=[(one.id, _version_in_words(one)) for one in _versions(book)],
        given=draft.given,
        errors=draft.errors,
        file_errors=draft.file_errors,
        form_id=str(draft.given.get("form_id") or token_hex(16)),
        calendars=[(key, book.names[key]) for key in book.calendars],
        systems=[name for id_, name in system_names(place.customer.id).items() if str(id_) in _systems(draft.given)],
        priorities=list(Priority),
        promises=promises(AgreementKind.SERVICE),
        lines=LINES,
        units=UNITS,
        cell=cell,
        recent=queries.recent(place.customer.id, who),
        in_words=_ending_in_words,
    )


def _version_in_words(version: Version) -> str:
    return _("%(name)s, fra %(on)s", name=version.name, on=day(version.starts_on))


def _systems(given: Mapping[str, Any]) -> list[str]:
    return list(given.get("systems") or ())


# ------------------------------------------------------------------------------------------------ starting


@bp.post("")
@requires(RUN)
def start() -> ResponseReturnValue:
    """With the targets of the form."""
    place = _posted_place()
    given = _given()
    book = book_of(place.customer.id)
    reader = Reader(given, AgreementKind.SERVICE, list(book.calendars), list(system_names(place.customer.id)))
    name, terms = reader.name(), reader.terms()
    period = _period(given, reader.errors)
    if terms is None or reader.errors:
        return _form_page(place, Draft(given, reader.errors)), 422
    return _start(place, given, name, {"terms": terms.write()}, period, is_file=False)


@bp.post("/file")
@requires(RUN)
def start_file() -> ResponseReturnValue:
    """With the TOML of `servicedesk sla simulate`."""
    place = _posted_place()
    given, errors = _given(), dict[str, str]()
    period = _period(given, errors)
    file = request.files.get("file")
    octets = file.read(commands.LONGEST_FILE + 1) if file else b""
    if not octets:
        errors["file"] = _("Vælg en fil.")
    elif len(octets) > commands.LONGEST_FILE:
        errors["file"] = _("Filen er for stor til at være en aftale.")
    told = octets.decode("utf-8-sig", errors="replace").replace("\x00", "�")
    if errors:
        return _form_page(place, Draft({**_first_given(place), **given}, file_errors=errors)), 422
    name = (file.filename if file else None) or "TOML"
    return _start(place, given, name[:MOST_NAME], {"file": told}, period, is_file=True)


def _posted_place() -> Place:
    """The customer of the form's address."""
    return asking.asked(actor(), RUN)


def _given() -> dict[str, Any]:
    told: dict[str, Any] = {name: value.replace("\x00", "") for name, value in request.form.items()}
    return {**told, "systems": request.form.getlist("systems")}


def _period(given: Mapping[str, Any], errors: dict[str, str]) -> Period:
    today = clock.today()
    first, last = (_day(given, name, errors) or today for name in ("first", "last"))
    if first > last:
        errors["last"] = _("Den sidste dag skal ligge efter den første.")
    elif last - first > LONGEST:
        errors["first"] = _("Vælg højst ti år ad gangen.")
    return Period(first, last)


def _day(given: Mapping[str, Any], name: str, errors: dict[str, str]) -> date | None:
    try:
        on = date.fromisoformat(str(given.get(name, "")))
    except ValueError:
        on = None
    if on is None or not 1990 <= on.year <= 2200:
        errors[name] = _("Skriv en dato.")
        return None
    return on


def _start(
    place: Place, given: Mapping[str, Any], name: str, told: Mapping[str, Any], period: Period, *, is_file: bool
) -> ResponseReturnValue:
    try:
        trial = commands.start(
            place.customer.id,
            name=name,
            told=told,
            first=period.first,
            last=period.last,
            by=actor(),
            now=clock.now(),
            form_id=str(given.get("form_id") or token_hex(16))[:64],
        )
    except AgreementFileError as error:
        errors = {"file": _("Filen kan ikke bruges: %(why)s", why=str(error))}
    except SlaError:
        errors = {"calendar": _("Kalenderen åbner ikke længe nok til, at målene kan regnes ud.")}
    except TermsError as error:
        errors = {"calendar": web.refusal(error)}
    except RefusedError as error:
        errors = {"file" if is_file else "name": web.refusal(error)}
    else:
        return redirect(url_for("trying.show", trial_id=trial.id), 303)
    draft = Draft({**_first_given(place), **given}, file_errors=errors) if is_file else Draft(given, errors)
    return _form_page(place, draft), 422


# ------------------------------------------------------------------------------------------------ what came of it


@bp.get("/<int:trial_id>.pdf", endpoint="show_pdf")
@bp.get("/<int:trial_id>")
@requires(RUN)
def show(trial_id: int) -> ResponseReturnValue:
    trial = queries.get(trial_id, actor())
    return page_or_pdf(f"proevet-aftale-{trial.id}", "insight/trying/trial.html", **_told(trial))


@bp.get("/<int:trial_id>/progress")
@requires(RUN)
def progress(trial_id: int) -> str:
    """The part of the page that changes, asked for while it is under way."""
    return render_template("insight/trying/_progress.html", **_told(queries.get(trial_id, actor())))


@bp.post("/<int:trial_id>/cancel")
@requires(RUN)
def cancel(trial_id: int) -> ResponseReturnValue:
    commands.cancel(trial_id, by=actor(), now=clock.now())
    flash(_("Prøven er stoppet. Det, der nåede at blive regnet, står her stadig."), "success")
    return web.see_other("trying.show", trial_id=trial_id)


def _told(trial: AgreementTrial) -> dict[str, Any]:
    outcome = simulate.read(trial.found)
    systems = trial.told.get("terms", {}).get("systems", ())
    whole = Slice(customer_id=trial.customer_id, first=0, last=0, systems=tuple(systems))
    return {
        "trial": trial,
        "outcome": outcome,
        "clocks": _by_clock(outcome),
        "ending": _ending_in_words(trial),
        "is_done": trial.ending is Ending.DONE,
        "period": Period(trial.first, trial.last),
        "tickets": url_for("cockpit.queue", **load.behind(whole, trial.first, trial.last).address()),
        "kept_for": commands.KEPT.days,
        "share": _share,
        "difference": _difference,
        "Fate": Fate,
    }


def _by_clock(outcome: Outcome) -> list[tuple[str, list[tuple[Priority, Line, Line]]]]:
    """For each promise its lines: (priority, as it went, as it would have gone)."""
    found: dict[str, list[tuple[Priority, Line, Line]]] = {}
    for key in outcome.compared():
        name, priority = key
        then, now = (lines.get(key) or Line(*key) for lines in (outcome.then, outcome.now))
        found.setdefault(name, []).append((priority, then, now))
    return [(_clock_in_words(name), lines) for name, lines in found.items()]


def _clock_in_words(name: str) -> str:
    return {
        "response": _("Reaktionstid"),
        "resolution": _("Løsningstid"),
        "update": _("Tid til næste svar"),
        "local": _("Hos en superbruger"),
    }.get(name, name)


def _ending_in_words(trial: AgreementTrial) -> str:
    match trial.ending:
        case None:
            return _("I gang")
        case Ending.DONE:
            return _("Færdig")
        case Ending.CANCELLED:
            return _("Stoppet")
        case Ending.REFUSED:
            return _("Stoppet, fordi adgangen er ophørt")
        case Ending.FAILED:
            return _("Kunne ikke regnes ud")


def _share(line: Line) -> str:
    return choosing.part_of(line.fates[Fate.MET], line.fates[Fate.MET] + line.fates[Fate.BREACHED])


def _difference(then: Line, now: Line) -> str:
    """In points of a hundred."""
    if then.share is None or now.share is None:
        return "–"
    points = round(100 * now.share) - round(100 * then.share)
    return _("uændret") if not points else f"{points:+d}".replace("-", "−")


@bp.get("/<int:trial_id>/outcome.<sheet:ending>")
@requires(RUN)
def table(trial_id: int, ending: str) -> Response:
    trial = queries.get(trial_id, actor())
    told = Table(
        file=f"proevet-aftale-{trial.id}",
        title=_("Prøvet aftale: %(name)s", name=trial.name),
        columns=[
            *(_("Løfte"), _("Prioritet"), _("Holdt før"), _("Holdt med den"), _("Overskredet før")),
            *(_("Overskredet med den"), _("Andel holdt før"), _("Andel holdt med den")),
        ],
        rows=_rows(simulate.read(trial.found)),
        period=Period(trial.first, trial.last),
        chosen=[(_("Aftale"), trial.name), (_("Prøven"), _ending_in_words(trial))],
    )
    return taken_home(told, ending)


def _rows(outcome: Outcome) -> Iterator[list[Any]]:
    for name, lines in _by_clock(outcome):
        for priority, then, now in lines:
            yield [
                name,
                labels.in_words(priority),
                *(line.fates[fate] for fate in (Fate.MET, Fate.BREACHED) for line in (then, now)),
                *("" if line.share is None else Share(line.share) for line in (then, now)),
            ]
