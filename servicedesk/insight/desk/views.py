"""The page of those who run the whole desk, and the same as files."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from servicedesk.agreements.words import weekdays
from servicedesk.core import clock, labels
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor
from servicedesk.core.charts import DrawnFigure
from servicedesk.core.downloads import Table, taken_home
from servicedesk.core.formats import day
from servicedesk.core.language import gettext as _
from servicedesk.core.pdf import page_or_pdf
from servicedesk.figures import behind
from servicedesk.figures.catalogue import FIGURES
from servicedesk.figures.queries import Counts
from servicedesk.figures.rules import month_of
from servicedesk.figures.slices import Slice
from servicedesk.insight.desk import drawing, reading
from servicedesk.insight.desk.expecting import HOURS
from servicedesk.insight.desk.reading import Repeat, TeamLine
from servicedesk.insight.overview import asking, cards, choosing
from servicedesk.insight.overview import drawing as overview_drawing
from servicedesk.insight.overview import reading as overview_reading
from servicedesk.insight.overview.asking import Place
from servicedesk.insight.overview.cards import Counted
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.tickets.filters import NOBODY

bp = Blueprint("desk", __name__, url_prefix="/overview/desk")
RUN = OverviewPermission.RUN
MOST_SYSTEMS = 15
#: Told of teams, in this order.
_OF_TEAMS = ("passed_around", "handovers", *drawing.STAYED, "minutes")


@bp.get(".pdf", endpoint="page_pdf")
@bp.get("")
@requires(RUN)
def page() -> ResponseReturnValue:
    who, today = actor(), clock.today()
    place = asking.asked(who, RUN)
    counted = overview_reading.counted(place.slice, who, place.period_before, times=())
    this_month = month_of(today)
    waiting = overview_reading.waiting(place.slice, who, this_month)
    load = reading.told_load(place.slice, who, today, clock.now())
    repeats = reading.repeats(place.slice, who, place.systems, place.unit_names)
    systems = overview_reading.by_system(place.slice, who, place.systems, most=MOST_SYSTEMS)
    return page_or_pdf(
        "drift-af-servicedesken",
        "insight/desk/page.html",
        place=place,
        **choosing.choices(place),
        overviews=choosing.overviews(place, who),
        is_told=overview_reading.has_figures(place.customer.id),
        load=load,
        heats=[drawing.came(load, place.slice), drawing.expected(load)],
        next_week=drawing.next_week(load, place.slice),
        cards=_cards(counted),
        stayed=drawing.stayed(counted),
        ages=overview_drawing.ages(place.slice, waiting, this_month),
        causes=overview_drawing.causes(counted),
        repeats=drawing.repeats([(one, _in_words(one), _address(one, place.slice)) for one in repeats]),
        often=(reading.OFTEN, round(100 * reading.PART)),
        teams=[_team(one, place, this_month) for one in reading.teams(place.slice, who, place.teams, this_month)],
        systems=[choosing.opened(line, place.slice) for line in systems],
        suppliers=reading.suppliers(place.customer.id, who, load.first, load.last),
        share=choosing.share,
        told=_told,
        link=cards.link,
    )


def _cards(counted: Counted) -> list[DrawnFigure]:
    found = [
        cards.card("filed", counted, opens="filed", words=cards.filed),
        cards.card("resolved", counted, opens="resolved", words=cards.solved),
        cards.card("passed_around", counted, opens="passed_around", words=cards.those),
        cards.card("handovers", counted, opens="handovers", words=cards.those),
    ]
    return found + [cards.card(key, counted, opens="resolved", words=cards.solved) for key in drawing.STAYED]


def _team(line: TeamLine, place: Place, this_month: int) -> tuple[TeamLine, str, str]:
    """With the lists of what waits there, whenever it came, and of what was solved in the period; "" for none."""
    ever = place.slice.of_months(overview_drawing.EVER, this_month)
    return (
        line,
        _of_team(line, ever, "waiting") if line.waiting else "",
        _of_team(line, place.slice, "resolved") if line.counts["resolved"] else "",
    )


def _of_team(line: TeamLine, whole: Slice, measure: str) -> str:
    filters = replace(behind.filters(whole, measure), teams=(str(line.id) if line.id else NOBODY,))
    return url_for("cockpit.queue", **filters.address())


def _told(key: str, counts: Counts) -> str:
    """A mean, in a table."""
    told = FIGURES[key]
    value = cards.put(told, told.of(counts))
    return "–" if value is None else cards.in_words(told, value)


def _in_words(repeat: Repeat) -> str:
    return f"{repeat.name}: {labels.in_words(repeat.cause)}"


def _address(repeat: Repeat, slice_: Slice) -> str:
    part, marks = reading.placed(repeat, slice_)
    filters = behind.filters(part, repeat.measure)
    return url_for("cockpit.queue", **filters.address(mark=[*filters.marks, *marks]))


# ------------------------------------------------------------------------------------------------ files


@bp.get("/figures.<sheet:ending>")
@requires(RUN)
def table(ending: str) -> Response:
    """All the page's tables as one: what it is told of, which of it, what is said, and how much."""
    who = actor()
    place = asking.asked(who, RUN)
    told = Table(
        file="drift-af-servicedesken",
        title=_("Drift af servicedesken"),
        columns=[_("Hvad"), _("Navn"), _("Tal"), _("Værdi")],
        rows=_rows(place, who),
        period=place.days,
        chosen=[(_("Organisation"), place.customer.name), *choosing.narrowed(place)],
        notes=[f"{FIGURES[key].name}: {FIGURES[key].how}" for key in _OF_TEAMS],
    )
    return taken_home(told, ending)


def _rows(place: Place, who: Actor) -> Iterator[list[Any]]:
    today = clock.today()
    yield from _load_rows(place, who)
    counted = overview_reading.counted(place.slice, who, times=())
    for month, counts in sorted(counted.monthly.items()):
        yield from _figures(_("Måned"), asking.as_input(month), counts)
    for line in reading.teams(place.slice, who, place.teams, month_of(today)):
        name = line.name or _("Uden")
        yield [_("Team"), name, str(FIGURES["waiting"].name), line.waiting]
        yield from _figures(_("Team"), name, line.counts)
    for system in overview_reading.by_system(place.slice, who, place.systems, most=len(place.systems) + 1):
        yield from _figures(_("System"), system.name or _("Uden"), system.counts)
    for repeat in reading.repeats(place.slice, who, place.systems, place.unit_names):
        yield [_("Det samme igen og igen"), _in_words(repeat), _("Løste fejl"), repeat.number]
    for one in reading.suppliers(place.customer.id, who, *reading.weeks(place.slice, today)):
        yield [_("Leverandør"), one.supplier.name, _("Venter nu"), one.waiting]
        yield [_("Leverandør"), one.supplier.name, _("Holdt"), one.kept]
        yield [_("Leverandør"), one.supplier.name, _("Overskredet"), one.missed]


def _load_rows(place: Place, who: Actor) -> Iterator[list[Any]]:
    load = reading.told_load(place.slice, who, clock.today(), clock.now())
    names = weekdays()
    came = _("Modtaget %(first)s til %(last)s", first=day(load.first), last=day(load.last))
    for what, counted in ((came, load.by_slot), (_("Ventet i en almindelig uge"), load.expected.by_slot)):
        for slot, number in sorted(counted.items()):
            hour = slot % HOURS
            yield [what, names[slot // HOURS], _("kl. %(first)s-%(last)s", first=hour, last=hour + 1), number]


def _figures(what: str, name: str, counts: Counts) -> Iterator[list[Any]]:
    for key in ("filed", "resolved", *_OF_TEAMS):
        if (value := cards.cell(key, counts)) is not None:
            yield [what, name, str(FIGURES[key].name), value]
