"""The views that everybody has, and which view an address means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from servicedesk.cockpit.models import SavedView
from servicedesk.cockpit.queries import Desk, first_for
from servicedesk.cockpit.shape import NAMES, Shape, of_stored
from servicedesk.core.actor import Actor
from servicedesk.tickets.filters import ME, NOBODY, Filters, Order, Query
from servicedesk.tickets.workflow import State, Tier

#: The views that everybody needs, by the key that stands in the address.
USUAL: Mapping[str, tuple[LazyString, Shape]] = {
    "all": (_("Alle åbne"), Shape()),
    "due": (_("Snart forfaldne"), Shape(filters=Filters(soon=True, order=Order.DUE))),
    "local": (_("Hos superbrugere"), Shape(filters=Filters(tiers=(Tier.LOCAL,)))),
    "team": (_("Mine teams"), Shape(filters=Filters(teams=(ME,)))),
    "mine": (_("Mine"), Shape(filters=Filters(assignees=(ME,)))),
    "nobody": (_("Uden ansvarlig"), Shape(filters=Filters(assignees=(NOBODY,)))),
    "unanswered": (_("Ubesvarede"), Shape(filters=Filters(unanswered=True))),
    "resolved": (_("Løste, venter på bruger"), Shape(filters=Filters(states=(State.RESOLVED,)))),
}
#: What one sees who has neither chosen nor been given anything.
FIRST = "all"


@dataclass(frozen=True)
class View:
    """A view by its key, as it was saved."""

    key: str
    name: str
    shape: Shape
    saved: SavedView | None = None


@dataclass(frozen=True)
class Opened:
    """What an address shows: filters of one's own, or a view as it is or changed."""

    shape: Shape
    view: View | None = None
    #: The address names a view that is gone, or never was the reader's to see.
    is_lost: bool = False

    @property
    def is_changed(self) -> bool:
        return self.view is not None and self.view.shape != self.shape

    def address(self, shape: Shape | None = None, **others: Any) -> dict[str, Any]:
        """The address of this, or of the same view with something changed; for url_for."""
        shape = shape or self.shape
        if self.view is None:
            return shape.address(**others)
        if self.view.shape == shape:
            return {"view": self.view.key, **others}
        return replace(self, shape=shape).spelled_out(**others)

    def spelled_out(self, **others: Any) -> dict[str, Any]:
        """The address with everything in it that is shown, whatever becomes of the view."""
        # The order stands there even if it is the usual one: a changed view is told by having more than its name.
        whole = self.shape.address(**{"sort": self.shape.filters.order.value, **others})
        return {"view": self.view.key, **whole} if self.view else whole


def find_view(key: str, desk: Desk) -> View | None:
    """The view of that key, if it is still there for this person."""
    if key in USUAL:
        name, shape = USUAL[key]
        return View(key, str(name), shape)
    saved = desk.views.get(int(key)) if key.isascii() and key.isdecimal() and len(key) < 19 else None
    return View(key, saved.name, of_stored(saved.query), saved) if saved else None


def open_view(query: Query, desk: Desk, who: Actor) -> Opened:
    """What the address means; without any, what the person sees first."""
    asked = next(iter(query.getlist("view")), None)
    is_spelled_out = any(query.getlist(name) for name in NAMES)
    shape = Shape.read(query)
    if asked is None and is_spelled_out:
        same = next((key for key, (_name, usual) in USUAL.items() if usual == shape), None)
        return Opened(shape, find_view(same, desk) if same else None)
    view = find_view(asked or first_for(desk, who) or FIRST, desk)
    if view is None and is_spelled_out:
        return Opened(shape, is_lost=True)
    if view is None:
        view = find_view(FIRST, desk)
        assert view is not None
        return Opened(view.shape, view, is_lost=True)
    return Opened(shape if is_spelled_out and asked else view.shape, view)


def row_of_tabs(desk: Desk, who: Actor) -> list[View]:
    """The person's own row; until it is arranged, what everybody needs and what the team and others put first."""
    if desk.tabs is not None:
        return [view for key in desk.tabs if (view := find_view(key, desk))]
    usual = [key for key in USUAL if key != "team" or who.team_ids]
    given = [str(view.id) for view in desk.views.values() if view.is_first]
    return [view for key in (*given, *usual) if (view := find_view(key, desk))]
