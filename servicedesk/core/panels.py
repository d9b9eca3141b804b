"""A capability's box on a page of one that lies below it: offered from above, asked for by the page.

A place on a page has a name; whoever has something to show there offers a function that answers a piece of the page
for the thing shown and the person who looks, or None when it has nothing for them. A panel answers for its own
permission: it shows nothing that the person may not see.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import Flask, g
from markupsafe import Markup

from servicedesk.core.actor import Actor


class Place(StrEnum):
    """Where a page lets others show something."""

    #: At the top of the start page; the thing is None.
    START = "start"
    #: Above a ticket's journal, below its labels; the thing is a `tickets.queries.Held`.
    TICKET_TOP = "ticket_top"
    #: Among what can be done with a ticket; the thing is a `tickets.queries.Held`.
    TICKET_ACTIONS = "ticket_actions"
    #: Among the cards beside a ticket's journal; the thing is a `tickets.queries.Held`.
    TICKET_CARDS = "ticket_cards"
    #: Below a disturbance's updates; the thing is a `systems.models.Disturbance`.
    DISTURBANCE = "disturbance"
    #: Among what a system's page in the register tells; the thing is the `systems.models.System`.
    SYSTEM = "system"
    #: At the top of that page, among what can be done.
    SYSTEM_ACTIONS = "system_actions"
    #: On a person's own page; the thing is None.
    PROFILE = "profile"
    #: On the administration's page of a person; the thing is the person.
    PERSON = "person"
    #: At the top of an overview, among what can be done; the thing is an `insight.overview.asking.Place`.
    OVERVIEW = "overview"
    #: On a superbruger's own page; the thing is None.
    SUPERBRUGER = "superbruger"


Panel = Callable[[Any, Actor], str | None]

_offered: dict[Place, list[tuple[int, Panel]]] = {place: [] for place in Place}


def offer(place: Place, panel: Panel, *, rank: int = 50) -> None:
    """Adds a panel to a place; lower ranks come first."""
    if (rank, panel) not in _offered[place]:
        _offered[place].append((rank, panel))
        _offered[place].sort(key=lambda each: each[0])


def shown(place: Place, thing: Any, who: Actor) -> list[Markup]:
    """The panels that have something to show, in order."""
    pieces = (panel(thing, who) for _rank, panel in _offered[place])
    return [Markup(piece) for piece in pieces if piece]  # noqa: S704  a panel is a rendered template


def init_app(app: Flask) -> None:
    """Lets templates ask: `{% for panel in panels("start") %}{{ panel }}{% endfor %}`."""
    app.add_template_global(lambda place, thing=None: shown(Place(place), thing, g.actor), "panels")
