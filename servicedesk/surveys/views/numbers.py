"""Figures as people read them: "4,2", "41 %", "3,9–4,5"."""

from datetime import date

from servicedesk.core.formats import decimal_sign
from servicedesk.core.language import gettext
from servicedesk.surveys.figures import Interval, Share
from servicedesk.surveys.views import bp

bp.add_app_template_filter(date.fromisoformat, "iso_day")


@bp.app_template_filter("one_decimal")
def one_decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", decimal_sign()).replace("-", "−")


@bp.app_template_filter("whole_percent")
def whole_percent(share: Share) -> str:
    """A share in percent; of nobody there is none."""
    return "–" if share.value is None else f"{_rounded(100 * share.value)} %"


@bp.app_template_filter("between")
def between(interval: Interval | None) -> str:
    """How sure a mean is: a sentence, also where nothing can be said."""
    if interval is None:
        return gettext("for lidt til at sige, hvor sikkert det er")
    low, high = one_decimal(interval.low), one_decimal(interval.high)
    return gettext("sikkert mellem %(low)s og %(high)s", low=low, high=high)


@bp.app_template_filter("percent_between")
def percent_between(share: Share) -> str:
    found = share.interval
    return "" if found is None else f"{_rounded(100 * found.low)} – {_rounded(100 * found.high)} %"


def _rounded(value: float) -> int:
    return int(value + 0.5)


@bp.app_template_filter("quarter")
def quarter(starts_on: date) -> str:
    """Such as "1. kvartal 2026"."""
    return gettext("%(number)s. kvartal %(year)s", number=(starts_on.month + 2) // 3, year=starts_on.year)
