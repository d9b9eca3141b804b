"""Pieces of the overview that are the same for everybody who hears of the same, kept as they were written.

Eighty lines and twenty cards take longer to write than all the rest of the page takes. What a piece is kept by is all
that it shows, so that nothing old can be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, url_for
from markupsafe import Markup

from servicedesk.core import web
from servicedesk.core.formats import here
from servicedesk.systems.models import Disturbance
from servicedesk.systems.running_well import Line


def lines(some: Sequence[Line]) -> Markup:
    """A line for each system."""
    address = url_for("status.system", system_id=0).removesuffix("0")
    return _lines(tuple(some), address, web.current_locale())


@lru_cache(maxsize=500)
def _lines(some: tuple[Line, ...], address: str, _locale: str) -> Markup:
    written: Markup = get_template_attribute("systems/_lines.html", "lines_of")(some, address)
    return written


def cards(some: Iterable[Disturbance], now: datetime) -> Markup:
    """Cards with nothing to press: of what is planned or over."""
    today, locale = here(now).date(), web.current_locale()
    return Markup("").join(_card(_Shown(_key(one, now), one, now), today, locale) for one in some)


def _key(one: Disturbance, now: datetime) -> tuple[Any, ...]:
    """All of it that a card shows."""
    said = (one.id, one.kind, one.is_major, one.message, one.outcome, one.phase(now))
    return (*said, one.starts_at, one.expected_end_at, one.ended_at, tuple(system.name for system in one.systems))


@dataclass(frozen=True)
class _Shown:
    key: tuple[Any, ...]
    one: Disturbance = field(compare=False)
    now: datetime = field(compare=False)


@lru_cache(maxsize=2_000)
def _card(shown: _Shown, _today: date, _locale: str) -> Markup:
    written: Markup = get_template_attribute("systems/_disturbance.html", "card_of")(shown.one, shown.now)
    return written
