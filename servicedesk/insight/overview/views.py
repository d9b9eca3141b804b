"""The overview of those who answer for a part of the organisation, of a system or of the desk."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from servicedesk.core import clock, navigation
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.charts import DrawnFigure
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.language import gettext
from servicedesk.core.pdf import page_or_pdf
from servicedesk.figures.catalogue import FIGURES
from servicedesk.figures.queries import Counts
from servicedesk.figures.rules import month_of
from servicedesk.figures.slices import Slice
from servicedesk.insight.overview import asking, beside, cards, choosing, drawing, panels, reading, under_way
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.cards import Counted
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.insight.overview.reading import Line
from servicedesk.organisation.queries import customer_settings

bp = Blueprint("overview", __name__, url_prefix="/overview")

#: The blueprints of all overviews.
OWNS = ("overview.", "desk.", "trying.", "reports.")
navigation.offer(navigation.Item(_("Overblik"), "overview.page", OverviewPermission.LOOK, rank=30, owns=OWNS))

PAGE = "insight/overview/page.html"
#: Systems on the page; the file has all of them.
MOST_SYSTEMS = 15


@bp.get(".pdf", endpoint="page_pdf")
@bp.get("")
@requires(OverviewPermission.LOOK)
def page() -> ResponseReturnValue:
    who = actor()
    return page_or_pdf("overblik", PAGE, **told(asking.asked(who), who))


def told(place: Place, who: Actor) -> dict[str, Any]:
    """What the page shows."""
    counted = reading.counted(place.slice, who, place.period_before)
    this_month = month_of(clock.today())
    waiting = reading.waiting(place.slice, who, this_month)
    settings = customer_settings(place.customer.id)
    goal = settings.kept_goal if settings else None
    return {
        **choosing.choices(place),
        "overviews": choosing.overviews(place, who),
        "place": place,
        "is_told": reading.has_figures(place.customer.id),
        "cards": [*_cards(counted, goal, settings.hourly_rate if settings else None), *beside.cards(place, who)],
        "now_cards": under_way.cards(place, who, waiting),
        "charts": [drawing.kept(counted, goal), drawing.flow(counted)],
        "bars": [drawing.ages(place.slice, waiting, this_month), drawing.causes(counted)],
        "tables": _tables(place, who),
        "peers": _peers(place, counted),
        "share": choosing.share,
        "further": panels.further(who, place.customer.id),
        "narrowed": [(gettext("Periode"), place.period), *choosing.narrowed(place)],
        "link": cards.link,
    }


# ------------------------------------------------------------------------------------------------ cards


def _cards(counted: Counted, goal: int | None, rate: int | None) -> list[DrawnFigure]:
    found = [
        cards.card("response_kept", counted, opens="response_breached", words=cards.missed, goal=goal),
        cards.card("resolution_kept", counted, opens="resolution_breached", words=cards.missed, goal=goal),
        cards.card("filed", counted, opens="filed", words=cards.filed),
        cards.card("resolved", counted, opens="resolved", words=cards.solved),
        cards.time_card("answered", counted, opens="answered"),
        cards.time_card("solved", counted, opens="solved"),
        cards.time_card("solved_wall", counted, opens="resolved"),
        cards.card("at_once", counted, opens="at_once", words=cards.those),
        cards.card("local", counted, opens="local", words=cards.those),
        cards.card("reopened", counted, opens="reopened", words=cards.those),
    ]
    if rate and (counted.now["minutes"] or counted.before["minutes"]):
        found.append(cards.cost_card(counted, rate))
    return found


# ------------------------------------------------------------------------------------------------ tables


def _tables(place: Place, who: Actor) -> list[tuple[str, str, Sequence[tuple[Line, Slice | None, str]]]]:
    """(heading, what a line is, lines) for each way to take the figures apart."""
    units = reading.by_unit(place.slice, who, place.units, reading.TABLED)
    systems = reading.by_system(place.slice, who, place.systems, most=MOST_SYSTEMS, measures=reading.TABLED)
    teams = reading.by_team(place.slice, who, place.teams, reading.TABLED)
    found = [
        (gettext("Enheder"), gettext("Enhed"), units),
        (gettext("Systemer med flest henvendelser"), gettext("System"), systems),
        (gettext("Team"), gettext("Team"), teams),
    ]
    return [
        (heading, what, [choosing.opened(line, place.slice) for line in lines])
        for heading, what, lines in found
        if lines
    ]


def _peers(place: Place, counted: Counted) -> dict[str, Any] | None:
    """The one unit that was chosen beside the others of its kind."""
    found = reading.peers(place.slice, place.units)
    if found is None:
        return None
    return {
        "kind": found.kind,
        "number": found.number,
        "lines": [
            (str(FIGURES[key].name), choosing.share(key, counted.now), choosing.share(key, found.counts))
            for key in ("response_kept", "resolution_kept", "at_once", "local", "passed_around")
        ],
    }


@bp.get("/figures.<sheet:ending>")
@requires(OverviewPermission.LOOK)
def table(ending: str) -> Response:
    who = actor()
    return taken_home(figures(asking.asked(who), who), ending)


def figures(place: Place, who: Actor) -> Table:
    """All the page's tables as one: the months, and each unit, system and team."""
    keys = [key for key, figure in FIGURES.items() if figure.part]
    columns = [gettext("Hvad"), gettext("Navn"), *(str(FIGURES[key].name) for key in keys)]
    return Table(
        file="overblik",
        title=gettext("Overblik"),
        columns=columns,
        rows=_rows(place, who, keys),
        period=place.days,
        chosen=[(gettext("Organisation"), place.customer.name), *choosing.narrowed(place)],
        notes=[f"{figure.name}: {figure.how}" for figure in FIGURES.values() if figure.part],
    )


def _rows(place: Place, who: Actor, keys: Sequence[str]) -> Iterator[list[Any]]:
    counted = reading.counted(place.slice, who)
    yield [gettext("I alt"), place.period, *_cells(keys, counted.now)]
    yield [gettext("Perioden før"), place.period_before, *_cells(keys, counted.before)]
    for month, counts in sorted(counted.monthly.items()):
        yield [gettext("Måned"), asking.as_input(month), *_cells(keys, counts)]
    units = reading.by_unit(place.slice, who, place.units)
    systems = reading.by_system(place.slice, who, place.systems, most=len(place.systems) + 1)
    teams = reading.by_team(place.slice, who, place.teams)
    for what, lines in ((gettext("Enhed"), units), (gettext("System"), systems), (gettext("Team"), teams)):
        for line in lines:
            yield [what, line.name or gettext("Uden"), *_cells(keys, line.counts)]


def _cells(keys: Sequence[str], counts: Counts) -> list[Any]:
    return [cards.cell(key, counts) for key in keys]
