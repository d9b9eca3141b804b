"""Figures and what a chart shows, in the reader's words."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from servicedesk.core.charts.data import Bar, BarList, Chart, HeatMap, Kind, Label, Point, Step, Target, Unit
from servicedesk.core.formats import decimals, number
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext

#: So many labels without figures are named; of more it is said how many they are.
_NAMED = 3


def shown(value: float, unit: Unit) -> str:
    """A figure with what it counts: "1.204", "94 %", "6,5 timer", "4,2", "1.200 kr."."""
    match unit:
        case Unit.PERCENT:
            return _whole(_("%(num)s %%", num=_share(value)))
        case Unit.HOURS:
            return _hours(value)
        case Unit.SCORE:
            return decimals(value, 1)
        case Unit.KRONER:
            return _whole(_("%(amount)s kr.", amount=number(value)))
        case _:
            return number(value)


def _share(value: float) -> str:
    """Not quite all is not all, and a few are not none."""
    if 99 < value < 100:
        return decimals(math.floor(value * 10) / 10, 1)
    if 0 < value < 1:
        return decimals(max(value, 0.1), 1)
    return number(value)


def shown_against(value: float, target: Target, unit: Unit) -> str:
    """So exactly that "90 %" never stands beside "not at least 90 %"."""
    words = shown(value, unit)
    if words != shown(target.value, unit) or value == target.value:
        return words
    tenths = math.floor(value * 10) / 10 if target.is_least else math.ceil(value * 10) / 10
    return words.replace(number(value), decimals(tenths, 1)) if unit is Unit.PERCENT else words


def _whole(words: str) -> str:
    """On one line: "94" at its end and "%" on the next is no way to read a figure."""
    return words.replace(" ", "\u00a0")


def _hours(value: float) -> str:
    minutes = round(value * 60)
    if abs(minutes) < 60:
        return ngettext("%(num)s minut", "%(num)s minutter", minutes)
    if minutes % 60 == 0 or abs(minutes) >= 600:
        return ngettext("%(hours)s time", "%(hours)s timer", round(value), hours=number(value))
    return _("%(hours)s timer", hours=decimals(value, 1))


def brief(value: float, unit: Unit) -> str:
    """On a column and beside an axis, where the title says what is counted: "94", "1.204", "6,5"."""
    if unit is Unit.SCORE or (unit is Unit.HOURS and abs(value) < 10 and value % 1):
        return decimals(value, 1)
    return number(value)


def on_axis(value: float, unit: Unit) -> str:
    if unit is Unit.PERCENT:
        return shown(value, unit)
    if unit in (Unit.COUNT, Unit.KRONER) or value % 1 == 0:
        return number(value)
    return decimals(value, 1 if value * 10 % 1 < 1e-9 else 2)


def told(point: Point, unit: Unit) -> str:
    """A cell of a table: the figure, else why there is none."""
    if point.value is None:
        return point.note or _("ingen tal")
    return shown(point.value, unit)


# ------------------------------------------------------------------------------------------------ summaries


class Named(NamedTuple):
    """A figure with whose it is."""

    name: str
    value: float


def summary(chart: Chart) -> str:
    """What those hear who do not see the drawing, and read who have no time for it."""
    if chart.is_empty:
        return _("Der er ingen tal i perioden.")
    if chart.kind is Kind.STACKED:
        return _text(_of_parts(chart))
    if chart.kind is Kind.LINES and len(chart.series) > 1:
        return _text([*_of_each(chart), *_of_gaps(chart)])
    main = _named(chart, 0)
    parts = [*_extremes(main, chart.unit), *_latest(chart, main)]
    if chart.target is not None and main:
        parts.append(_of_target(chart.target, main, chart.unit, chart.step))
    return _text([*parts, *_of_marks(chart), *_of_gaps(chart)])


def _text(sentences: Iterable[str]) -> str:
    """One after the other; what ends with "kr." needs no second full stop."""
    return " ".join(sentences).replace("..", ".")


def _named(chart: Chart, series: int) -> list[Named]:
    pairs = zip(chart.labels, chart.series[series].points, strict=True)
    return [Named(label.words, point.value) for label, point in pairs if point.value is not None]


def _extremes(found: Sequence[Named], unit: Unit) -> list[str]:
    if not found:
        return []
    high, low = max(found, key=lambda one: one.value), min(found, key=lambda one: one.value)
    if len(found) == 1:
        return [_("%(name)s: %(value)s.", name=high.name, value=shown(high.value, unit))]
    if shown(high.value, unit) == shown(low.value, unit):
        return [_("Det samme hele vejen: %(value)s.", value=shown(high.value, unit))]
    told = {
        "high_name": high.name,
        "high": shown(high.value, unit),
        "low_name": low.name,
        "low": shown(low.value, unit),
    }
    return [_("Højest: %(high_name)s med %(high)s. Lavest: %(low_name)s med %(low)s.", **told)]


def _of_each(chart: Chart) -> Iterator[str]:
    """Of several lines, what each ends with, and whether it is as promised."""
    for at, series in enumerate(chart.series):
        found = _named(chart, at)
        if not found:
            continue
        high, low = max(found, key=lambda one: one.value), min(found, key=lambda one: one.value)
        if shown(high.value, chart.unit) == shown(low.value, chart.unit):
            yield _("%(series)s: %(value)s hele vejen.", series=series.name, value=shown(high.value, chart.unit))
        else:
            yield _(
                "%(series)s: senest %(value)s, højest %(high)s (%(high_name)s), lavest %(low)s (%(low_name)s).",
                series=series.name,
                value=shown(found[-1].value, chart.unit),
                high=shown(high.value, chart.unit),
                high_name=high.name,
                low=shown(low.value, chart.unit),
                low_name=low.name,
            )
        if chart.target is not None:
            yield _of_target(chart.target, found, chart.unit, chart.step)


def _latest(chart: Chart, main: Sequence[Named]) -> list[str]:
    """How the newest compares, where there is a series from before."""
    if len(chart.series) < 2 or not main or chart.labels[-1].words != main[-1].name:
        return []
    before = chart.series[1].points[-1].value
    if before is None:
        return []
    told = {"name": main[-1].name, "value": shown(main[-1].value, chart.unit), "other": chart.series[1].name}
    return [_("Senest, %(name)s: %(value)s mod %(before)s (%(other)s).", **told, before=shown(before, chart.unit))]


def target_in_words(target: Target, unit: Unit) -> str:
    """ "mindst 90 %" or "højst 4 timer"."""
    value = shown(target.value, unit)
    return _("mindst %(value)s", value=value) if target.is_least else _("højst %(value)s", value=value)


def _of_target(target: Target, found: Sequence[Named], unit: Unit, step: Step) -> str:
    kept, total = sum(target.is_kept_by(one.value) for one in found), len(found)
    told = {"target": target_in_words(target, unit), "kept": kept, "total": total}
    match step:
        case Step.MONTH:
            return ngettext(
                "Målet på %(target)s blev nået i %(kept)s af %(total)s måned.",
                "Målet på %(target)s blev nået i %(kept)s af %(total)s måneder.",
                total,
                **told,
            )
        case Step.WEEK:
            return ngettext(
                "Målet på %(target)s blev nået i %(kept)s af %(total)s uge.",
                "Målet på %(target)s blev nået i %(kept)s af %(total)s uger.",
                total,
                **told,
            )
        case Step.DAY:
            return ngettext(
                "Målet på %(target)s blev nået på %(kept)s af %(total)s dag.",
                "Målet på %(target)s blev nået på %(kept)s af %(total)s dage.",
                total,
                **told,
            )
    return _("Målet på %(target)s blev nået af %(kept)s ud af %(total)s.", **told)


def _of_marks(chart: Chart) -> list[str]:
    return [f"{mark.words}." for mark in chart.marks]


def _of_gaps(chart: Chart) -> list[str]:
    points = chart.series[0].points
    names = [label.words for label, point in zip(chart.labels, points, strict=True) if point.value is None]
    return _missing(names)


def _missing(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    if len(names) <= _NAMED:
        return [_("Ingen tal for %(names)s.", names=", ".join(names))]
    return [_("Ingen tal for %(num)s af dem.", num=len(names))]


def _of_parts(chart: Chart) -> list[str]:
    """Of stacked columns: how much it is together, what most of it is, and where there is most."""
    sums = [Named(series.name, sum(point.value or 0 for point in series.points)) for series in chart.series]
    whole, largest = sum(one.value for one in sums), max(sums, key=lambda one: one.value)
    slots = [
        Named(label.words, sum(series.points[at].value or 0 for series in chart.series))
        for at, label in enumerate(chart.labels)
    ]
    told = {"whole": shown(whole, chart.unit), "name": largest.name, "value": shown(largest.value, chart.unit)}
    share = round(100 * largest.value / whole) if whole else 0
    return [
        _("I alt %(whole)s, mest %(name)s: %(value)s (%(share)s %%).", **told, share=share),
        *_extremes(slots, chart.unit),
    ]


def summary_of_bars(bars: BarList) -> str:
    found = [Named(bar.name, bar.point.value) for bar in bars.bars if bar.point.value is not None]
    if not found:
        return _("Der er ingen tal i perioden.")
    parts = _extremes(found, bars.unit)
    if bars.target is not None:
        parts.append(_of_target(bars.target, found, bars.unit, Step.OTHER))
    return _text([*parts, *_missing([bar.name for bar in bars.bars if bar.point.value is None])])


def bar_in_words(bar: Bar, unit: Unit) -> str:
    """What stands beside a bar: "42", or with two ends "halvdelen inden 2 timer, ni af ti inden 9 timer"."""
    if bar.point.value is None or bar.far is None:
        return told(bar.point, unit)
    half, nine = shown(bar.point.value, unit), shown(bar.far, unit)
    return _("halvdelen inden %(half)s, ni af ti inden %(nine)s", half=half, nine=nine)


def summary_of_heat(heat: HeatMap) -> str:
    found = [
        (point.value, row, column)
        for row, points in zip(heat.rows, heat.cells, strict=True)
        for column, point in zip(heat.columns, points, strict=True)
        if point.value is not None
    ]
    most, row, column = max(found, key=lambda one: one[0], default=(0, Label(""), Label("")))
    if not most:
        return _("Der er ingen tal i perioden.")
    least = sum(not value for value, _row, _column in found)
    name = _("%(row)s %(column)s", row=row.words, column=column.words)
    told = {"name": name, "value": shown(most, heat.unit)}
    if not least:
        return _("Mest: %(name)s med %(value)s.", **told)
    return _("Mest: %(name)s med %(value)s. Intet i %(least)s af %(all)s felter.", **told, least=least, all=len(found))
