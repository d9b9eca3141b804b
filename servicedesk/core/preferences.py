"""What a person has chosen for himself or herself, such as whether single keys do something.

A capability declares a preference with a reader that answers the value, or None for what makes no sense: what is
stored may come from an older version, another tool or a slip of the hand, and a page must be shown all the same.
They come with the person who acts, so that reading one asks nothing of the database; `organisation.commands.prefer`
writes them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from servicedesk.core.actor import Actor

T = TypeVar("T")


@dataclass(frozen=True)
class Preference(Generic[T]):
    """One thing that people can choose: `PREFERS_KEYS.of(who)`."""

    name: str
    default: T
    read: Callable[[Any], T | None]

    def of(self, who: Actor) -> T:
        """What the person has chosen, or the default."""
        stored = who.preferences.get(self.name)
        value = None if stored is None else self.read(stored)
        return self.default if value is None else value


_declared: dict[str, Preference[Any]] = {}


def declare(preference: Preference[T]) -> Preference[T]:
    """Makes a preference known; names are for the whole application."""
    if _declared.setdefault(preference.name, preference) is not preference:
        raise ValueError(f"two preferences are called {preference.name}")
    return preference


def one_of(*values: str) -> Callable[[Any], str | None]:
    """A reader for a choice among texts."""
    return lambda stored: stored if isinstance(stored, str) and stored in values else None


def unpacked(text: str | None) -> Mapping[str, Any]:
    """What was stored for a person; nothing when it cannot be read."""
    if not text:
        return {}
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}
