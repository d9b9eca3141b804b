"""Where drafts are written. Each capability declares its forms: where they are, and what they are called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import LazyString

from servicedesk.core.actor import Actor
from servicedesk.notifications import things


@dataclass(frozen=True)
class Kind:
    #: What the form is for, in a few words.
    label: LazyString
    #: The form's address, given the id of what it is about (0 when it is about nothing yet).
    address: Callable[[int], str]


@dataclass(frozen=True)
class Known:
    """A place as its writer may know it."""

    label: str
    #: None when the writer no longer has access to it.
    address: str | None


_kinds: dict[str, Kind] = {}


def declare(name: str, kind: Kind) -> None:
    _kinds[name] = kind


def known(places: Iterable[str], reader: Actor) -> dict[str, Known | None]:
    """Each place; None for what the reader may not, or no longer, know of."""
    places = list(places)
    about = things.known([place for place in places if "-" in place], reader)
    return {place: _known(place, about.get(place)) for place in places}


def _known(place: str, thing: things.Thing | None) -> Known | None:
    name, _, id_ = place.partition("-")
    kind = _kinds.get(name)
    if kind is None or (id_ and thing is None):
        return None
    label = f"{thing.number} {thing.title or ''}".strip() if thing else str(kind.label)
    return Known(label, kind.address(int(id_ or 0)))
