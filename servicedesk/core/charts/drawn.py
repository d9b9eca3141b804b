"""A chart with its drawing, its words and its table, as the macros of components/chart.html take it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from servicedesk.core.charts import cards, geometry, saying
from servicedesk.core.charts.cards import DrawnFigure, Figure
from servicedesk.core.charts.data import Bar, BarList, Chart, HeatMap, Kind, Point, Unit
from servicedesk.core.charts.geometry import Drawing
from servicedesk.core.charts.scales import level
from servicedesk.core.formats import number
from servicedesk.core.language import gettext as _


class Cell(NamedTuple):
    """Of the table behind a chart: what is read, and what it opens."""

    words: str
    href: str | None = None


class Table(NamedTuple):
    """The figures of a chart; the first cell of each row names it."""

    headings: list[str]
    rows: list[list[Cell]]


class Spoken(NamedTuple):
    """A slot: its label, what is said of it, what is written on its column, what it opens."""

    label: str
    words: str
    on_column: str
    href: str | None


@dataclass(frozen=True)
class DrawnChart:
    chart: Chart
    drawing: Drawing
    summary: str
    ticks: Sequence[str]
    spoken: Sequence[Spoken]
    target: str
    table: Table

    @property
    def is_pressed(self) -> bool:
        """Whether parts of the drawing open something."""
        return any(one.href for one in self.spoken)

    @property
    def room(self) -> int:
        """How much of it there must be for a finger on each slot, in dozens of slots."""
        return min(4, -(-len(self.drawing.slots) // 12))

    @property
    def is_roomy(self) -> bool:
        """Whether what is written on columns can be read on the narrowest screen."""
        return geometry.fits_on_columns(self.chart, [one.on_column for one in self.spoken], is_narrow=True)

    @property
    def looks(self) -> Sequence[int]:
        return range(len(self.chart.series))


def drawn(chart: Chart) -> DrawnChart:
    drawing = geometry.draw(chart)
    return DrawnChart(
        chart,
        drawing,
        summary=" ".join([saying.summary(chart), *_of_axis(chart, drawing)]),
        ticks=[saying.on_axis(tick.value, chart.unit) for tick in drawing.ticks],
        spoken=_spoken(chart),
        target=saying.target_in_words(chart.target, chart.unit) if chart.target else "",
        table=_table(chart),
    )


def _of_axis(chart: Chart, drawing: Drawing) -> list[str]:
    """Where an axis does not begin at nothing, it says so: slopes look steeper then."""
    lowest = drawing.ticks[0].value
    if chart.is_empty or lowest <= 0:
        return []
    return [_("Aksen begynder ved %(value)s.", value=saying.on_axis(lowest, chart.unit))]


def _spoken(chart: Chart) -> list[Spoken]:
    words = ["" if point.value is None else saying.brief(point.value, chart.unit) for point in chart.series[0].points]
    written = words if geometry.fits_on_columns(chart, words, is_narrow=False) else [""] * len(words)
    return [
        Spoken(label.short, _of_slot(chart, at), written[at], label.href or _own_href(chart, at))
        for at, label in enumerate(chart.labels)
    ]


def _own_href(chart: Chart, slot: int) -> str | None:
    """Of stacked columns no part stands for the whole."""
    return None if chart.kind is Kind.STACKED and len(chart.series) > 1 else chart.series[0].points[slot].href


def _of_slot(chart: Chart, slot: int) -> str:
    """ "marts 2026: 94 %", or with several series "marts 2026: I år 94 %, Sidste år 88 %"."""
    points = [(series.name, saying.told(series.points[slot], chart.unit)) for series in chart.series]
    values = [value if len(points) == 1 else f"{name} {value}" for name, value in points]
    return f"{chart.labels[slot].words}: {', '.join(values)}"


def _table(chart: Chart) -> Table:
    headings = [chart.heading or _("Periode")]
    for series in chart.series:
        headings += [series.name, *([chart.heading_n or _("Antal")] if _has_n(series.points) else [])]
    rows = []
    for at, label in enumerate(chart.labels):
        row = [Cell(label.words)]
        for series in chart.series:
            row += _cells(series.points[at], chart.unit, has_n=_has_n(series.points))
        rows.append(row)
    return Table(headings, rows)


def _has_n(points: Iterable[Point]) -> bool:
    return any(point.n is not None for point in points)


def _cells(point: Point, unit: Unit, *, has_n: bool) -> list[Cell]:
    cell = Cell(saying.told(point, unit), point.href)
    return [cell, Cell("" if point.n is None else number(point.n))] if has_n else [cell]


# ------------------------------------------------------------------------------------------------ lists of bars


class DrawnBar(NamedTuple):
    """A bar: how far it and what goes on from it reach, in per cent of the room."""

    bar: Bar
    words: str
    reach: float
    far: float | None


@dataclass(frozen=True)
class DrawnBars:
    bars: BarList
    lines: Sequence[DrawnBar]
    target: float | None
    target_words: str
    summary: str
    table: Table


def drawn_bars(bars: BarList) -> DrawnBars:
    values = [value for bar in bars.bars for value in (bar.point.value, bar.far) if value is not None]
    values += [bars.target.value] if bars.target else []
    whole = 100.0 if bars.unit is Unit.PERCENT and max(values, default=0) <= 100 else max(values, default=0) or 1.0

    def reach(value: float) -> float:
        return round(100 * value / whole, 2)

    return DrawnBars(
        bars,
        lines=[
            DrawnBar(
                bar,
                words=saying.bar_in_words(bar, bars.unit),
                reach=reach(bar.point.value or 0),
                far=None if bar.far is None else reach(bar.far),
            )
            for bar in bars.bars
        ],
        target=None if bars.target is None else reach(bars.target.value),
        target_words=saying.target_in_words(bars.target, bars.unit) if bars.target else "",
        summary=saying.summary_of_bars(bars),
        table=_table_of_bars(bars),
    )


def _table_of_bars(bars: BarList) -> Table:
    has_far = any(bar.far is not None for bar in bars.bars)
    has_before = any(bar.before is not None for bar in bars.bars)
    has_n = _has_n(bar.point for bar in bars.bars)
    headings = [bars.heading or _("Navn"), bars.heading_value or (_("Halvdelen inden") if has_far else _("Antal"))]
    headings += [bars.heading_far or _("Ni af ti inden")] if has_far else []
    headings += [bars.heading_n or _("Antal")] if has_n else []
    headings += [bars.heading_before or _("Perioden før")] if has_before else []
    rows = []
    for bar in bars.bars:
        value, *n = _cells(bar.point, bars.unit, has_n=has_n)
        row = [Cell(bar.name), value]
        row += [Cell(saying.told(Point(bar.far), bars.unit))] if has_far else []
        row += n
        row += [Cell(saying.told(Point(bar.before), bars.unit))] if has_before else []
        rows.append(row)
    return Table(headings, rows)


# ------------------------------------------------------------------------------------------------ heat maps, cards


class Shade(NamedTuple):
    words: str
    level: int
    href: str | None


@dataclass(frozen=True)
class DrawnHeat:
    heat: HeatMap
    rows: Sequence[tuple[str, Sequence[Shade]]]
    summary: str


def drawn_heat(heat: HeatMap) -> DrawnHeat:
    most = max((point.value or 0 for row in heat.cells for point in row), default=0)
    return DrawnHeat(
        heat,
        rows=[
            (label.short, [_shade(point, heat.unit, most) for point in points])
            for label, points in zip(heat.rows, heat.cells, strict=True)
        ],
        summary=saying.summary_of_heat(heat),
    )


def _shade(point: Point, unit: Unit, most: float) -> Shade:
    if point.value is None:
        return Shade("–", 0, None)
    return Shade(saying.brief(point.value, unit), level(point.value, most), point.href if point.value else None)


def drawn_figure(figure: Figure) -> DrawnFigure:
    return cards.draw(figure)
