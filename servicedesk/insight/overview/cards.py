"""Figures as cards: the value, of how many, against the time before, and the list behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for

from servicedesk.core.charts import DrawnFigure, Figure, Target, Unit, Wish, drawn_figure, shown
from servicedesk.core.formats import number
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.core.spreadsheets import Share
from servicedesk.figures import behind, queries
from servicedesk.figures.catalogue import FIGURES, Form
from servicedesk.figures.catalogue import Figure as Told
from servicedesk.figures.queries import Counts
from servicedesk.figures.rules import Spread, months
from servicedesk.figures.slices import Slice


@dataclass(frozen=True)
class Counted:
    """What was counted in a period, in the one before, and in each month of it."""

    slice: Slice
    now: Counts
    before: Counts
    monthly: Mapping[int, Counts]
    times: Mapping[str, Spread]
    times_before: Mapping[str, Spread]
    before_words: str = ""

    def of_month(self, month: int) -> Counts:
        return self.monthly.get(month, queries.NONE)


def link(slice_: Slice, measure: str) -> str:
    """The list of what was counted. A page has a hundred, and most differ in the last part alone."""
    return f"{_list(slice_.of_months(0, 0))}&mark={behind.mark(slice_, measure)}"


@lru_cache(maxsize=500)
def _list(slice_: Slice) -> str:
    return url_for("cockpit.queue", **slice_.filters().address())


def put(told: Told, value: float | None) -> float | None:
    """As people read it: in per cent, in hours."""
    if value is None:
        return None
    return 100 * value if told.form is Form.SHARE else value / 60 if told.form is Form.STAY else value


def cell(key: str, counts: Counts) -> float | None:
    """In a sheet: a share as one, all else to two decimals."""
    told = FIGURES[key]
    value = told.of(counts)
    if value is None:
        return None
    return Share(value) if told.form is Form.SHARE else round(put(told, value) or 0, 2)


_UNITS = {
    Form.SHARE: Unit.PERCENT,
    Form.COUNT: Unit.COUNT,
    Form.RATE: Unit.SCORE,
    Form.TIME: Unit.HOURS,
    Form.STAY: Unit.HOURS,
}


def in_words(told: Told, value: float) -> str:
    """A value that was put, with its unit."""
    return shown(value, _UNITS[told.form])


def _wish(told: Told) -> Wish:
    return Wish.NEITHER if told.is_good is None else Wish.HIGH if told.is_good else Wish.LOW


def card(
    key: str, counted: Counted, *, opens: str, words: Callable[[int], str], goal: int | None = None
) -> DrawnFigure:
    """A count, a share or a rate; `opens` is the measure whose list it leads to, and `words` say how many that has."""
    told, number_behind = FIGURES[key], counted.now[opens]
    return drawn_figure(
        Figure(
            key=f"figure-{key.replace('_', '-')}",
            name=str(told.name),
            value=put(told, told.of(counted.now)),
            unit=_UNITS[told.form],
            n_words=_n_words(told, counted.now),
            before=put(told, told.of(counted.before)) if any(counted.before.values()) else None,
            before_words=counted.before_words,
            target=Target(goal) if goal is not None else None,
            wish=_wish(told),
            how=str(told.how),
            href=link(counted.slice, opens) if number_behind else "",
            href_words=words(number_behind),
            spark=_spark(told, counted),
        )
    )


def _n_words(told: Told, counts: Counts) -> str:
    if told.form is Form.COUNT:
        return ""
    among = told.among(counts)
    if told.form is Form.SHARE:
        part = sum(counts[name] for name in told.part)
        return _("%(part)s af %(whole)s", part=number(part), whole=number(among))
    return ngettext("af %(count)s henvendelse", "af %(count)s henvendelser", among, count=number(among))


def _spark(told: Told, counted: Counted) -> Sequence[float | None]:
    every = list(months(counted.slice.first, counted.slice.last))
    return [put(told, told.of(counted.of_month(month))) for month in every] if len(every) > 1 else ()


def time_card(key: str, counted: Counted, *, opens: str) -> DrawnFigure:
    """How long something took: the median, and what nine of ten keep within."""
    told, now, before = FIGURES[key], counted.times.get(key), counted.times_before.get(key)
    return drawn_figure(
        Figure(
            key=f"figure-{key.replace('_', '-')}",
            name=str(told.name),
            value=now.median / 60 if now else None,
            unit=Unit.HOURS,
            n_words=_spread_words(now) if now else "",
            before=before.median / 60 if before else None,
            before_words=counted.before_words,
            wish=Wish.LOW,
            how=str(told.how),
            href=link(counted.slice, opens) if counted.now[opens] else "",
            href_words=those(counted.now[opens]),
        )
    )


def _spread_words(spread: Spread) -> str:
    ninth = shown(spread.ninth / 60, Unit.HOURS)
    return ngettext(
        "i midten; ni af ti inden for %(ninth)s, af %(count)s henvendelse",
        "i midten; ni af ti inden for %(ninth)s, af %(count)s henvendelser",
        spread.number,
        ninth=ninth,
        count=number(spread.number),
    )


def cost_card(counted: Counted, rate: int) -> DrawnFigure:
    """Noted minutes at the price of an hour."""
    told = FIGURES["minutes"]
    value, before = (told.of(counts) for counts in (counted.now, counted.before))
    return drawn_figure(
        Figure(
            key="figure-cost",
            name=_("Pris pr. løst henvendelse"),
            value=None if value is None else value * rate / 60,
            unit=Unit.KRONER,
            n_words=_n_words(told, counted.now),
            before=None if before is None else before * rate / 60,
            before_words=counted.before_words,
            wish=Wish.LOW,
            how=_(
                "De minutter, der er noteret på de løste henvendelser, gange %(rate)s kr. i timen, delt med antallet af"
                " løste henvendelser. Minutter, som ingen har noteret, er ikke med.",
                rate=number(rate),
            ),
            href=link(counted.slice, "minutes") if counted.now["minutes"] else "",
            href_words=_("Se dem, der er noteret tid på"),
        )
    )


def missed(count: int) -> str:
    return ngettext(
        "Se den %(count)s, der ikke blev holdt", "Se de %(count)s, der ikke blev holdt", count, count=number(count)
    )


def filed(count: int) -> str:
    return ngettext("Se den %(count)s modtagne", "Se de %(count)s modtagne", count, count=number(count))


def solved(count: int) -> str:
    return ngettext("Se den %(count)s løste", "Se de %(count)s løste", count, count=number(count))


def those(count: int) -> str:
    return ngettext("Se den %(count)s henvendelse", "Se de %(count)s henvendelser", count, count=number(count))
