"""Figures as charts: by month, by age, by cause; each column opens its list."""

from collections.abc import Callable, Mapping
from functools import partial

from servicedesk.core import labels
from servicedesk.core.causes import Cause
from servicedesk.core.charts import (
    Bar,
    BarList,
    Chart,
    DrawnBars,
    DrawnChart,
    Kind,
    Label,
    Point,
    Series,
    Target,
    Unit,
    drawn,
    drawn_bars,
)
from servicedesk.core.formats import month, short_month
from servicedesk.core.language import gettext as _
from servicedesk.figures.catalogue import FIGURES
from servicedesk.figures.queries import Counts
from servicedesk.figures.rules import first_day, later, months
from servicedesk.figures.slices import Slice
from servicedesk.insight.overview.cards import Counted, link

#: What came before anybody kept figures.
EVER = 199001
#: The measure of each cause.
BECAUSE = {
    Cause.FAULT: "because_fault",
    Cause.COMPETENCE: "because_competence",
    Cause.CHANGE: "because_change",
    Cause.WISH: "because_wish",
    Cause.SECURITY: "because_security",
    Cause.OTHER: "because_other",
}


def _labels(counted: Counted) -> list[Label]:
    days = map(first_day, months(counted.slice.first, counted.slice.last))
    return [Label(short_month(on), month(on)) for on in days]


def _by_month(counted: Counted, point: Callable[[Slice, Counts], Point]) -> list[Point]:
    every = months(counted.slice.first, counted.slice.last)
    return [point(counted.slice.of_months(one, one), counted.of_month(one)) for one in every]


def kept(counted: Counted, goal: int | None) -> DrawnChart:
    """The promises by month, against what is aimed at."""
    series = [
        Series(str(FIGURES[key].name), _by_month(counted, partial(_share, key)))
        for key in ("response_kept", "resolution_kept")
    ]
    return drawn(
        Chart(
            key="kept",
            title=_("Holdt vi, hvad vi lovede?"),
            labels=_labels(counted),
            series=series,
            kind=Kind.LINES,
            unit=Unit.PERCENT,
            target=Target(goal) if goal is not None else None,
            heading=_("Måned"),
            heading_n=_("Løfter"),
            is_from_zero=False,
        )
    )


def _share(key: str, of: Slice, counts: Counts) -> Point:
    told = FIGURES[key]
    value = told.of(counts)
    missed = key.replace("kept", "breached")
    href = link(of, missed) if counts[missed] else None
    return Point(None if value is None else 100 * value, n=told.among(counts), href=href)


def flow(counted: Counted) -> DrawnChart:
    """What came in, and what was solved."""
    series = [Series(str(FIGURES[key].name), _by_month(counted, partial(_count, key))) for key in ("filed", "resolved")]
    return drawn(
        Chart(
            key="flow",
            title=_("Modtaget og løst"),
            labels=_labels(counted),
            series=series,
            kind=Kind.COLUMNS,
            heading=_("Måned"),
        )
    )


def _count(key: str, of: Slice, counts: Counts) -> Point:
    return Point(counts[key], href=link(of, key) if counts[key] else None)


def ages(slice_: Slice, waiting: Mapping[int, Counts], this_month: int) -> DrawnBars:
    """What is not solved yet, by when it came."""
    spans = [
        (_("Denne måned"), this_month, this_month),
        (_("Sidste måned"), later(this_month, -1), later(this_month, -1)),
        (_("For 2 til 3 måneder siden"), later(this_month, -3), later(this_month, -2)),
        (_("For 4 til 12 måneder siden"), later(this_month, -12), later(this_month, -4)),
        (_("For over et år siden"), EVER, later(this_month, -13)),
    ]
    bars = []
    for name, first, last in spans:
        number = sum(counts["waiting"] for month_, counts in waiting.items() if first <= month_ <= last)
        href = link(slice_.of_months(first, last), "waiting") if number else None
        bars.append(Bar(name, Point(number, href=href)))
    return drawn_bars(
        BarList(
            key="ages",
            title=_("Ikke løst endnu: hvornår kom de?"),
            bars=bars,
            heading=_("Modtaget"),
            heading_value=_("Henvendelser"),
        )
    )


def causes(counted: Counted) -> DrawnBars:
    """Why help was needed, the most frequent first."""
    found = sorted(BECAUSE.items(), key=lambda one: -counted.now[one[1]])
    bars = [
        Bar(
            labels.in_words(cause),
            Point(counted.now[name], href=link(counted.slice, name) if counted.now[name] else None),
            before=counted.before[name],
        )
        for cause, name in found
    ]
    return drawn_bars(
        BarList(
            key="causes",
            title=_("Hvorfor var der brug for hjælp?"),
            bars=bars,
            heading=_("Årsag"),
            heading_value=_("Løst"),
            heading_before=_("Perioden før"),
        )
    )
