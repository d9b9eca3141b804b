"""How each promise was kept, month by month, in words and as a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from servicedesk.agreements.terms import Priority, Promise
from servicedesk.core.charts import (
    Chart,
    DrawnChart,
    Kind,
    Label,
    Point,
    Series,
    Target,
    Unit,
    drawn,
    shown,
    shown_against,
)
from servicedesk.core.formats import month, number, short_month
from servicedesk.core.language import gettext as _
from servicedesk.figures.catalogue import FIGURES

#: A share of fewer tickets says nothing, and could be told apart by those who know the place.
FEW = 5
MONTHS = 12
#: The promises that are told of, in this order, and the figure that says how each was kept.
TOLD = {Promise.RESPONSE: FIGURES["response_kept"], Promise.RESOLUTION: FIGURES["resolution_kept"]}


@dataclass(frozen=True, slots=True)
class Month:
    """Of the promises that were decided in that month, how many were kept."""

    #: Its first day.
    on: date
    kept: int
    n: int

    @property
    def share(self) -> float | None:
        """In per cent; None where there are too few."""
        return 100 * self.kept / self.n if self.n >= FEW else None


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise, of one priority or of all (None): the same months as the others, oldest first."""

    promise: Promise
    priority: Priority | None
    months: Sequence[Month]


@dataclass(frozen=True)
class Line:
    """A priority and how each promise was kept, by the promise."""

    priority: Priority
    shares: dict[Promise, str]


@dataclass(frozen=True)
class Published:
    """The last whole month, and the year up to it."""

    month: str
    sentences: Sequence[str]
    lines: Sequence[Line]
    chart: DrawnChart


def published(found: Sequence[Kept], goal: int | None = None) -> Published | None:
    """Beside the share of promises that is aimed at, in per cent; None where none was decided in all those months."""
    decided = [one for one in found if any(month.n for month in one.months)]
    whole = [one for promise in TOLD for one in decided if one.promise is promise and one.priority is None]
    if not whole:
        return None
    target = Target(goal) if goal is not None else None
    return Published(
        month(whole[0].months[-1].on),
        sentences=[_sentence(one, target) for one in whole],
        lines=_lines(decided),
        chart=drawn(_chart(whole, target)),
    )


def name_of(promise: Promise) -> str:
    return _("Svaret til tiden") if promise is Promise.RESPONSE else _("Løst til tiden")


def _sentence(one: Kept, target: Target | None) -> str:
    last = one.months[-1]
    is_response = one.promise is Promise.RESPONSE
    if last.share is None:
        if is_response:
            return _("For få henvendelser skulle have svar til, at tallet siger noget.")
        return _("For få henvendelser skulle løses til, at tallet siger noget.")
    share = shown_against(last.share, target, Unit.PERCENT) if target else shown(last.share, Unit.PERCENT)
    told = {"share": share, "kept": number(last.kept), "n": number(last.n)}
    if is_response:
        words = _("%(share)s fik svar til tiden: %(kept)s af %(n)s henvendelser.", **told)
    else:
        words = _("%(share)s blev løst til tiden: %(kept)s af %(n)s henvendelser.", **told)
    return f"{words} {_against(target, last.share)}" if target else words


def _against(target: Target, share: float) -> str:
    aimed_at = shown(target.value, Unit.PERCENT)
    if target.is_kept_by(share):
        return _("Målet på %(goal)s blev nået.", goal=aimed_at)
    return _("Målet på %(goal)s blev ikke nået.", goal=aimed_at)


def _lines(found: Sequence[Kept]) -> list[Line]:
    """Without numbers: with them, what is too small to be told could be had by taking one from the other."""
    lines = []
    for priority in Priority:
        own = {one.promise: one for one in found if one.priority is priority}
        if own:
            lines.append(Line(priority, {promise: _told(own.get(promise)) for promise in TOLD}))
    return lines


def _told(one: Kept | None) -> str:
    if one is None:
        return ""
    share = one.months[-1].share
    return _few() if share is None else shown(share, Unit.PERCENT)


def _few() -> str:
    return _("for få til at sige noget")


def _chart(whole: Sequence[Kept], target: Target | None) -> Chart:
    return Chart(
        key="kept",
        title=_("De seneste 12 måneder"),
        labels=[Label(short_month(one.on), month(one.on)) for one in whole[0].months],
        series=[
            Series(name_of(one.promise), [Point(each.share, note=_few() if each.n else "") for each in one.months])
            for one in whole
        ],
        kind=Kind.LINES,
        unit=Unit.PERCENT,
        target=target,
        heading=_("Måned"),
    )
