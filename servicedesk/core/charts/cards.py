"""A card with one figure: what it is, of how many, whether it got better, whether it is as promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.charts import geometry
from servicedesk.core.charts.data import Target, Unit
from servicedesk.core.charts.geometry import Dot, Stretch
from servicedesk.core.charts.saying import shown, shown_against, target_in_words
from servicedesk.core.formats import number
from servicedesk.core.language import gettext as _


class Wish(StrEnum):
    """Which way is better; of some figures neither is."""

    HIGH = "high"
    LOW = "low"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure, told by whoever knows it."""

    key: str
    name: str
    value: float | None
    unit: Unit = Unit.COUNT
    #: Such as "af 332 henvendelser".
    n_words: str = ""
    before: float | None = None
    #: When that was, such as "oktober 2026".
    before_words: str = ""
    target: Target | None = None
    wish: Wish = Wish.NEITHER
    #: How the figure is reckoned, a sentence or two.
    how: str = ""
    #: Opens exactly what was counted, in these words.
    href: str = ""
    href_words: str = ""
    #: The months up to now, oldest first.
    spark: Sequence[float | None] = ()
    #: Why there is no value.
    note: str = ""


@dataclass(frozen=True)
class Change:
    """Against the time before."""

    icon: str
    words: str


@dataclass(frozen=True)
class DrawnFigure:
    """The same as the macro needs it."""

    figure: Figure
    value: str
    change: Change | None
    #: Whether the target is kept, and the sentence.
    is_kept: bool | None
    kept: str
    stretches: Sequence[Stretch]
    end: Dot | None


def draw(figure: Figure) -> DrawnFigure:
    stretches, end = geometry.spark(figure.spark)
    return DrawnFigure(
        figure,
        value=_value(figure),
        change=_change(figure),
        is_kept=None if figure.target is None or figure.value is None else figure.target.is_kept_by(figure.value),
        kept=_kept(figure),
        stretches=stretches,
        end=end,
    )


def _value(figure: Figure) -> str:
    if figure.value is None:
        return figure.note or _("Ingen tal")
    if figure.target is None:
        return shown(figure.value, figure.unit)
    return shown_against(figure.value, figure.target, figure.unit)


def _kept(figure: Figure) -> str:
    if figure.target is None:
        return ""
    words = target_in_words(figure.target, figure.unit)
    if figure.value is None:
        return _("Målet er %(target)s.", target=words)
    if figure.target.is_kept_by(figure.value):
        return _("Målet er nået: %(target)s.", target=words)
    return _("Målet er ikke nået: %(target)s.", target=words)


def _change(figure: Figure) -> Change | None:
    if figure.value is None or figure.before is None:
        return None
    before = shown(figure.before, figure.unit)
    when = {"before": before, "when": figure.before_words or _("perioden før")}
    # What reads the same is the same.
    if before == shown(figure.value, figure.unit):
        return Change("minus", _("Som i %(when)s (%(before)s)", **when))
    is_up = figure.value > figure.before
    change = _compared(is_up, figure.unit, {"by": _difference(figure.value, figure.before, figure.unit), **when})
    if figure.wish is not Wish.NEITHER:
        is_better = is_up == (figure.wish is Wish.HIGH)
        change = _("Bedre: %(change)s", change=change) if is_better else _("Dårligere: %(change)s", change=change)
    return Change("arrow-up" if is_up else "arrow-down", change)


def _compared(is_up: bool, unit: Unit, told: dict[str, str]) -> str:
    match unit:
        case Unit.COUNT:
            more, less = (
                _("%(by)s flere end i %(when)s (%(before)s)", **told),
                _("%(by)s færre end i %(when)s (%(before)s)", **told),
            )
        case Unit.HOURS:
            more, less = (
                _("%(by)s længere end i %(when)s (%(before)s)", **told),
                _("%(by)s kortere end i %(when)s (%(before)s)", **told),
            )
        case _:
            more, less = (
                _("%(by)s højere end i %(when)s (%(before)s)", **told),
                _("%(by)s lavere end i %(when)s (%(before)s)", **told),
            )
    return more if is_up else less


def _difference(value: float, before: float, unit: Unit) -> str:
    """Of the figures as they are read, so that a reader who takes one from the other comes to the same."""
    if unit is Unit.PERCENT:
        return _("%(num)s procentpoint", num=number(abs(round(value) - round(before))))
    if unit is Unit.SCORE:
        return shown(abs(round(value, 1) - round(before, 1)), unit)
    return shown(abs(value - before), unit)
