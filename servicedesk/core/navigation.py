"""The items of the page's menu: each capability offers its own, for those who may open them."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Flask, g, request
from flask_babel import LazyString

from servicedesk.core.actor import Actor
from servicedesk.core.addresses import address
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


#: So many stand in one line of a screen beside the search; of more, the last ones are folded away.
FITTING = 7

_items: list[Item] = []


def offer(*items: Item) -> None:
    for item in items:
        if item not in _items:
            _items.append(item)
    _items.sort(key=lambda item: item.rank)


def init_app(app: Flask) -> None:
    app.add_template_global(_for_reader, "navigation")
    app.add_template_global(_leads_to, "menu_leads_to")


def open_to(who: Actor) -> list[tuple[str, str]]:
    """(label, endpoint) for each item that the person may open."""
    return [(str(item.label), item.endpoint) for item in _items if _is_for(item, who)]


def _is_for(item: Item, who: Actor) -> bool:
    return item.permission is None or is_open(item.permission, who)


def _leads_to(endpoint: str) -> bool:
    """Whether the reader's menu has that item."""
    who: Actor | None = g.get("actor")
    return who is not None and any(item.endpoint == endpoint and _is_for(item, who) for item in _items)


class Entry(NamedTuple):
    """An item as the page shows it."""

    label: str
    address: str
    is_current: bool
    key: str


class Menu(NamedTuple):
    """What stands in the line, and what is folded away behind it."""

    shown: list[Entry]
    more: list[Entry]


def _for_reader() -> Menu:
    """The items that the person may open."""
    here, who = request.endpoint or "", g.get("actor")
    is_exact = any(item.endpoint == here for item in _items)
    found = [
        Entry(
            str(item.label),
            address(item.endpoint),
            here == item.endpoint or (not is_exact and here.startswith(item.owns or ("-",))),
            item.key,
        )
        for item in _items
        if who is not None and _is_for(item, who)
    ]
    return Menu(found, []) if len(found) <= FITTING else Menu(found[: FITTING - 1], found[FITTING - 1 :])
