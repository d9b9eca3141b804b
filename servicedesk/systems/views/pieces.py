"""Pieces of the overview that are the same for everybody who hears of the same, kept as they were written.

Eighty lines and twenty cards take longer to write than all the rest of the page takes. What a piece is kept by is all
that it shows, so that nothing old can be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from secrets import token_hex

from flask import get_template_attribute, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from servicedesk.core import web
from servicedesk.core.formats import here
from servicedesk.systems.queries import Told
from servicedesk.systems.rules import Phase
from servicedesk.systems.running_well import Line


def lines(some: Sequence[Line]) -> Markup:
    """A line for each system."""
    address = url_for("status.system", system_id=0).removesuffix("0")
    return _lines(tuple(some), address, web.current_locale())


@lru_cache(maxsize=500)
def _lines(some: tuple[Line, ...], address: str, _locale: str) -> Markup:
    written: Markup = get_template_attribute("systems/_lines.html", "lines_of")(some, address)
    return written


def cards(some: Iterable[Told], now: datetime, *, back: str | None = None) -> Markup:
    """The cards of disturbances; on those that last, with `back`, people can say that they notice it, too."""
    today, locale = here(now).date(), web.current_locale()
    written = Markup("").join(_card(_Shown(one, *_standing(one, now), today, locale, back, now)) for one in some)
    return written.replace(_TOKEN, generate_csrf()) if back else written


def _standing(one: Told, now: datetime) -> tuple[Phase, bool]:
    """Whether it was to be over already is said, too."""
    return one.phase(now), one.expected_end_at is not None and one.expected_end_at <= now


#: Stands in a card where each reader's own token is put.
_TOKEN = token_hex(16)


@dataclass(frozen=True)
class _Shown:
    """All that a card shows; which second it is makes no difference."""

    told: Told
    phase: Phase
    is_late: bool
    today: date
    locale: str
    back: str | None
    now: datetime = field(compare=False)


@lru_cache(maxsize=2_000)
def _card(shown: _Shown) -> Markup:
    pressed = {"csrf": _TOKEN, "back": shown.back} if shown.back else {}
    card_of = get_template_attribute("systems/_disturbance.html", "card_of")
    written: Markup = card_of(shown.told, shown.now, **pressed)
    return written
