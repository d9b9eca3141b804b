"""What a value of an enum is called in the reader's language."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import LazyString

_labels: dict[Enum, LazyString] = {}


def declare(labels: Mapping[Any, LazyString]) -> None:
    """A capability's names for its values; every member of an enum gets one."""
    _labels.update(labels)


def in_words(value: Enum | None) -> str:
    """The name of an enum member in the reader's language; "" for nothing."""
    return "" if value is None else str(_labels[value])
