"""A part of a package: a heading, and rows that are tables for people, CSV and JSON."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from sqlalchemy import Select

from servicedesk.core.db import db

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Whose:
    """The person that a package is about, and when it was asked for."""

    person_id: int
    customer_id: int
    at: datetime


@dataclass(frozen=True)
class Kept:
    """A file of the person's: where it stands in the package, and its name in the store."""

    path: str
    stored_name: str


@dataclass(frozen=True)
class Part:
    """`name` is what its files are called."""

    name: str
    title: LazyString
    rows: Callable[[Whose], Rows]
    files: Callable[[Whose], Iterator[Kept]] = lambda _whose: iter(())


def told(query: Select[*tuple[Any, ...]]) -> Rows:
    """The rows of a query, by the names of its columns; see `words.HEADINGS`."""
    return [dict(row._mapping) for row in db.session.execute(query)]
