"""Tickets as lines of the queue, each written once for as long as all that it shows is the same."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from flask import get_template_attribute
from markupsafe import Markup

from servicedesk.cockpit.shape import Column
from servicedesk.core import web
from servicedesk.presence.queries import Present
from servicedesk.tickets.badges import Badge
from servicedesk.tickets.lists import Row

#: Lines that are kept; each takes about three kilobytes.
MOST = 4_000


class Line(NamedTuple):
    """All that a line shows, beside texts that only hang on the language."""

    row: Row
    columns: tuple[Column, ...]
    badges: tuple[tuple[str, Badge], ...]
    #: Whose turn it is, as the desk sees it.
    turn: str
    present: tuple[Present, ...]
    away_until: date | None
    #: How long ago it changed, and when it was filed; "" where that is no column.
    updated: str
    filed: str
    #: Quoted for the end of an address.
    came_from: str


# Most tickets of a queue look as they did when somebody last opened it, and to write a line of it anew takes ten times
# as long as to find it. A line is found by everything that stands in it, so that nobody is shown what is not in the
# rows that were read for him or her.
@lru_cache(maxsize=MOST)
def _written(line: Line, _locale: str) -> Markup:
    macro = get_template_attribute("cockpit/_row.html", "queue_row")
    return Markup(macro(line))  # noqa: S704  a macro escapes what it is given


def written(line: Line) -> Markup:
    return _written(line, web.current_locale())
