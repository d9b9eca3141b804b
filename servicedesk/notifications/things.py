"""What notices are about. Who has the things names them, and only to those who may know of them.

A notice keeps a thread such as "ticket-123" and no name: between the event and the reading of it a thing may have
become a secret, or the reader may have lost sight of it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from servicedesk.core.actor import Actor
from servicedesk.core.keys import read_key


@dataclass(frozen=True)
class Thing:
    """Something that there is news about, as one reader may know it."""

    #: Such as "SD-123".
    number: str
    #: What it is about; None for a secret.
    title: str | None

    def sayable(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What of a notice's facts may be said: of a secret nothing about anybody, even if it became one later."""
        return {name: fact for name, fact in facts.items() if name != "by" or self.title is not None}


Names = Callable[[Collection[int], Actor], Mapping[int, Thing]]

_names: dict[str, Names] = {}
_THREAD = re.compile(r"[a-z]{1,40}-[0-9]{1,19}")


def declare(kind: str, names: Names) -> None:
    """`names` answers those of the ids that the reader may know of."""
    _names[kind] = names


def is_thread(text: str) -> bool:
    """Whether it could be one; what comes from outside may be anything."""
    return _THREAD.fullmatch(text) is not None


def is_declared(thread: str) -> bool:
    """Whether anybody has said who may know of such things."""
    return thread.rpartition("-")[0] in _names


def known(threads: Iterable[str], reader: Actor) -> dict[str, Thing]:
    """Those of the threads that `reader` may know of."""
    ids: dict[str, set[int]] = {}
    for thread in threads:
        kind, _, id_ = thread.rpartition("-")
        if (key := read_key(id_)) is not None:
            ids.setdefault(kind, set()).add(key)
    return {
        f"{kind}-{id_}": thing
        for kind, wanted in ids.items()
        if kind in _names
        for id_, thing in _names[kind](wanted, reader).items()
    }
