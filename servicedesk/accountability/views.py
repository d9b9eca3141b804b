"""Who has looked at what: the page of those who watch over it, and each person's own."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import lazy_gettext as _

from servicedesk.accountability import queries, words
from servicedesk.accountability.policy import AccessPermission, LookUpPermission
from servicedesk.accountability.queries import Told, Wanted
from servicedesk.core import formats, looking, navigation, panels, web
from servicedesk.core.access import actor, requires, signed_in
from servicedesk.core.actor import Actor
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext
from servicedesk.core.panels import Place
from servicedesk.core.periods import Period
from servicedesk.core.permissions import is_open
from servicedesk.organisation import administration
from servicedesk.organisation.policy import UnitPermission
from servicedesk.tickets.models import number_of

bp = Blueprint("accountability", __name__)

#: Lines in one file.
MOST_IN_A_FILE = 50_000
_LONG_AGO, _ONE_DAY = date(2000, 1, 1), date(2200, 12, 31)

# The officer for data protection has no other door to administration.
navigation.offer(navigation.Item(_("Opslag"), "accountability.look_ups", AccessPermission.ASK, rank=94))
administration.offer(
    administration.Card(
        _("Opslag"),
        _("Hvem har læst hvad, og hvornår"),
        "accountability.look_ups",
        "search",
        LookUpPermission.READ,
        rank=82,
    )
)


@bp.get("/admin/lookups")
@requires(LookUpPermission.READ)
def look_ups() -> str:
    wanted = _wanted()
    looking.note_search(wanted.about)
    page = queries.look_ups(actor(), wanted, before=web.key_in_address("before"), after=web.key_in_address("after"))
    return render_template(
        "accountability/look_ups.html",
        page=page,
        given=_given(),
        address=_address(),
        words=words,
        number=number_of,
        may_administer=is_open(UnitPermission.OPEN_ADMINISTRATION, actor()),
    )


@bp.get("/admin/lookups.<sheet:ending>")
@requires(LookUpPermission.READ)
def look_ups_table(ending: str) -> Response:
    given, wanted = _given(), _wanted()
    table = Table(
        file="opslag",
        title=gettext("Opslag"),
        columns=[
            *(gettext("Hvornår"), gettext("Hvem"), gettext("Rolle"), gettext("Hvad"), gettext("Henvendelse")),
            *(gettext("Om"), gettext("Oprettet af"), gettext("Fortrolig"), gettext("Detaljer")),
        ],
        rows=map(_cells, queries.all_look_ups(actor(), wanted, MOST_IN_A_FILE)),
        period=wanted.period,
        chosen=[
            (label, given[name])
            for name, label in (("about", gettext("Hvis oplysninger")), ("by", gettext("Hvem der så dem")))
            if given[name]
        ],
        notes=[gettext("Højst %(most)s linjer, de nyeste.", most=formats.number(MOST_IN_A_FILE))],
    )
    return taken_home(table, ending)


def _cells(told: Told) -> list[Any]:
    line = told.line
    return [
        *(line.at, told.by, words.roles(line), words.purpose(line)),
        *(number_of(line.ticket_id) if line.ticket_id else None, told.about, told.filer),
        gettext("ja") if line.is_secret else None,
        "; ".join(f"{what}: {value}" for what, value in words.details(line)),
    ]


def _given() -> dict[str, str]:
    """As it was typed, to be shown again."""
    return {name: web.text_in_address(name, 100).strip() for name in ("about", "by", "from", "to")}


def _address() -> dict[str, str]:
    return {name: value for name, value in _given().items() if value}


def _wanted() -> Wanted:
    given = _given()
    first, last = _day(given["from"]), _day(given["to"])
    period = Period(first or _LONG_AGO, last or _ONE_DAY) if first or last else None
    return Wanted(about=given["about"], by=given["by"], period=period)


def _day(text: str) -> date | None:
    try:
        return min(max(date.fromisoformat(text), _LONG_AGO), _ONE_DAY)
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------ one's own


@bp.get("/me/lookups")
@signed_in
def mine() -> str:
    """When and for what, in which role; by whom the officer for data protection says, when asked."""
    page = queries.of_me(actor(), before=web.key_in_address("before"), after=web.key_in_address("after"))
    return render_template("accountability/mine.html", page=page, words=words, number=number_of)


def _on_profile(_thing: Any, _who: Actor) -> str:
    return render_template("accountability/_profile.html")


panels.offer(Place.PROFILE, _on_profile, rank=60)
