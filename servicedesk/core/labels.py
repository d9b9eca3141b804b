"""What a value of an enum is called in the reader's language."""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from flask_babel import LazyString

from servicedesk.core.language import language

E = TypeVar("E", bound=Enum)

_labels: dict[tuple[type[Enum], object], LazyString] = {}


def declare(labels: Mapping[E, LazyString]) -> None:
    """A capability's names for the members of one enum, all of them."""
    kind = type(next(iter(labels)))
    if set(labels) != set(kind):
        raise ValueError(f"not every member of {kind.__name__} has a name, or another enum is among them")
    _in_language.cache_clear()
    _labels.update({(kind, member.value): words for member, words in labels.items()})


def in_words(value: Enum | None) -> str:
    """The name of an enum member in the reader's language; "" for nothing."""
    return "" if value is None else _in_language(type(value), value.value, language())


def known(value: Enum) -> str:
    """Its name; the value itself where nobody has named it, as in a table of everything that there is."""
    return in_words(value) if (type(value), value.value) in _labels else str(value.value)


# A queue asks for a few hundred names, of which there are a few dozen.
@lru_cache(maxsize=5_000)
def _in_language(kind: type[Enum], value: object, _language: str | None) -> str:
    return str(_labels[kind, value])


def options(members: Iterable[Enum]) -> list[tuple[object, str]]:
    """The members as choices of a form: (value, name)."""
    return [(member.value, in_words(member)) for member in members]
