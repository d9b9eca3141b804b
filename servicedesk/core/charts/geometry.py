"""Where everything of a chart lies: across in per cent of the drawing, down in pixels; pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from servicedesk.core.charts.data import Chart, Kind, Point, Unit
from servicedesk.core.charts.scales import Scale, every, percents, scale

#: Above the highest tick, for a figure written on a column; between the ticks; and below, for the labels.
TOP, PLOT, BELOW = 22, 180, 26
HEIGHT = TOP + PLOT + BELOW
#: Of a slot, what stays free between groups of columns.
_FREE = 0.26


class Box(NamedTuple):
    """A column or a part of one."""

    x: float
    width: float
    y: float
    height: float
    look: int
    slot: int


class Dot(NamedTuple):
    x: float
    y: float
    look: int
    slot: int


class Stretch(NamedTuple):
    """From one dot to the next; there is none across a gap."""

    x1: float
    y1: float
    x2: float
    y2: float
    look: int


class Tick(NamedTuple):
    y: float
    value: float


class Slot(NamedTuple):
    """A label's place, which is pressed as a whole."""

    at: int
    x: float
    width: float
    centre: float
    #: Whether its label is written where there is little room, and where there is more.
    is_narrow: bool
    is_wide: bool
    #: Nothing is told of it.
    is_gap: bool


class Drawing(NamedTuple):
    slots: list[Slot]
    ticks: list[Tick]
    boxes: list[Box]
    stretches: list[Stretch]
    dots: list[Dot]
    #: Where marks stand.
    lines: list[float]
    target: float | None
    zero: float


def draw(chart: Chart) -> Drawing:
    axis = axis_of(chart)
    boxes, stretches, dots = _marks(chart, axis)
    return Drawing(
        slots=_slots(chart),
        ticks=[Tick(_down(axis, tick), tick) for tick in axis.ticks],
        boxes=boxes,
        stretches=stretches,
        dots=dots,
        lines=_lines(chart),
        target=None if chart.target is None else _down(axis, chart.target.value),
        zero=_down(axis, min(max(0.0, axis.low), axis.high)),
    )


def _marks(chart: Chart, axis: Scale) -> tuple[list[Box], list[Stretch], list[Dot]]:
    match chart.kind:
        case Kind.LINES:
            dots = [dot for look in range(len(chart.series)) for dot in _dots(chart, axis, look)]
            return [], list(_stretches(dots)), dots
        case Kind.STACKED:
            return list(_stacked(chart, axis)), [], []
        case _:
            return list(_columns(chart, axis)), [], []


def axis_of(chart: Chart) -> Scale:
    values = [point.value for series in chart.series for point in series.points if point.value is not None]
    if chart.kind is Kind.STACKED:
        values = [sum(point.value or 0 for point in points) for points in _by_slot(chart)]
    values += [chart.target.value] if chart.target else []
    is_from_zero = chart.is_from_zero or chart.kind is not Kind.LINES
    if chart.unit is Unit.PERCENT and is_from_zero and all(0 <= value <= 100 for value in values):
        return percents()
    return scale(values, is_from_zero=is_from_zero, is_whole=chart.unit in (Unit.COUNT, Unit.KRONER))


def _by_slot(chart: Chart) -> Iterator[Sequence[Point]]:
    return zip(*(series.points for series in chart.series), strict=True)


def _down(axis: Scale, value: float) -> float:
    return round(TOP + (1 - axis.share(value)) * PLOT, 2)


def _slots(chart: Chart) -> list[Slot]:
    many = len(chart.labels)
    words = [label.short for label in chart.labels]
    narrow, wide = every(words, is_narrow=True), every(words, is_narrow=False)
    gaps = [all(point.value is None for point in points) for points in _by_slot(chart)]
    width = 100 / many if many else 100
    # Counted from the last, which is the present.
    return [
        Slot(
            at=at,
            x=round(at * width, 3),
            width=round(width, 3),
            centre=round((at + 0.5) * width, 3),
            is_narrow=(many - 1 - at) % narrow == 0,
            is_wide=(many - 1 - at) % wide == 0,
            is_gap=gaps[at],
        )
        for at in range(many)
    ]


def _columns(chart: Chart, axis: Scale) -> Iterator[Box]:
    """The series that it is about stands to the right of those from before, as time goes."""
    slot, many = 100 / max(len(chart.labels), 1), len(chart.series)
    free = 0 if chart.kind is Kind.HISTOGRAM else _FREE
    width = slot * (1 - free) / many
    for look, series in enumerate(chart.series):
        left = slot * free / 2 + (many - 1 - look) * width
        for at, point in enumerate(series.points):
            if point.value is not None:
                yield _box(at * slot + left, width, axis, 0, point.value, look, at)


def _stacked(chart: Chart, axis: Scale) -> Iterator[Box]:
    slot = 100 / max(len(chart.labels), 1)
    for at, points in enumerate(_by_slot(chart)):
        below = 0.0
        for look, point in enumerate(points):
            if point.value:
                yield _box((at + _FREE / 2) * slot, slot * (1 - _FREE), axis, below, below + point.value, look, at)
                below += point.value


def _box(x: float, width: float, axis: Scale, start: float, end: float, look: int, slot: int) -> Box:
    top, bottom = _down(axis, max(start, end)), _down(axis, min(start, end))
    return Box(round(x, 3), round(width, 3), top, round(bottom - top, 2), look, slot)


def _dots(chart: Chart, axis: Scale, look: int) -> Iterator[Dot]:
    slot = 100 / max(len(chart.labels), 1)
    for at, point in enumerate(chart.series[look].points):
        if point.value is not None:
            yield Dot(round((at + 0.5) * slot, 3), _down(axis, point.value), look, at)


def _stretches(dots: Sequence[Dot]) -> Iterator[Stretch]:
    for one, other in pairwise(dots):
        if one.look == other.look and other.slot == one.slot + 1:
            yield Stretch(one.x, one.y, other.x, other.y, one.look)


def _lines(chart: Chart) -> list[float]:
    many = max(len(chart.labels), 1)
    return [round(100 * min(max(mark.at / many, 0), 1), 3) for mark in chart.marks]


def fits_on_columns(chart: Chart, words: Sequence[str], *, is_narrow: bool) -> bool:
    """Whether each figure can be written on its column, where there is room or on the narrowest screen."""
    is_plain = len(chart.series) == 1 and chart.kind in (Kind.COLUMNS, Kind.HISTOGRAM)
    return is_plain and every(words, is_narrow=is_narrow) == 1


def spark(values: Sequence[float | None]) -> tuple[list[Stretch], Dot | None]:
    """A small line without axes, in a drawing that is 32 pixels high, and where it ends."""
    told = [value for value in values if value is not None]
    if not told:
        return [], None
    low, high = min(told), max(told)
    slot, extent = 100 / max(len(values) - 1, 1), (high - low) or 1
    dots = [
        Dot(round(at * slot, 3), round(28 - 24 * ((value - low) / extent if high > low else 0.5), 2), 0, at)
        for at, value in enumerate(values)
        if value is not None
    ]
    return list(_stretches(dots)), dots[-1]
