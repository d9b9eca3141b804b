"""The items of the page's menu: each capability offers its own, for those who may open them."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_babel import LazyString

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, is_open


@dataclass(frozen=True)
class Item:
    """A line of the menu; shown to those for whom `permission` is open, to everybody signed in without one."""

    label: LazyString
    endpoint: str
    permission: Permission | None = None
    #: Lower comes first.
    rank: int = 50
    #: Endpoints beginning with one of these count as this item's own.
    owns: tuple[str, ...] = ()
    #: A single key that leads there; see static/js/keys.js.
    key: str = ""


_items: list[Item] = []


def offer(*items: Item) -> None:
    for item in items:
        if item not in _items:
            _items.append(item)
    _items.sort(key=lambda item: item.rank)


def init_app(app: Flask) -> None:
    app.add_template_global(_for_reader, "navigation")


def open_to(who: Actor) -> list[tuple[str, str]]:
    """(label, endpoint) for each item that the person may open."""
    return [(str(item.label), item.endpoint) for item in _items if _is_for(item, who)]


def _is_for(item: Item, who: Actor) -> bool:
    return item.permission is None or is_open(item.permission, who)


def _for_reader() -> list[tuple[str, str, bool, str]]:
    """(label, address, whether it is where the person is, key) for each item that the person may open."""
    here, who = request.endpoint or "", g.get("actor")
    is_exact = any(item.endpoint == here for item in _items)
    return [
        (
            str(item.label),
            url_for(item.endpoint),
            here == item.endpoint or (not is_exact and here.startswith(item.owns or ("-",))),
            item.key,
        )
        for item in _items
        if who is not None and _is_for(item, who)
    ]
