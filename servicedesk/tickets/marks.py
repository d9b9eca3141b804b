"""What else a list of tickets is narrowed by: a mark such as "topic-12", whose kind whoever knows it declares.

Capabilities above the tickets keep things of their own about them; a figure on their page leads to the queue, narrowed
to the tickets behind it. Several of one kind are alternatives, several kinds hold together.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.keys import read_key
from servicedesk.core.language import gettext as _
from servicedesk.organisation.models import Unit
from servicedesk.tickets.models import Ticket


@dataclass(frozen=True)
class Kind:
    """`condition` says which tickets have one of the ids; `names` are those that the reader may know of."""

    condition: Callable[[Collection[int]], ColumnElement[bool]]
    names: Callable[[Collection[int], Actor], Mapping[int, str]]


_kinds: dict[str, Kind] = {}


def declare(name: str, kind: Kind) -> None:
    _kinds[name] = kind


def known(texts: Iterable[str]) -> tuple[str, ...]:
    """Those that make sense, as people share and edit addresses."""
    return tuple(dict.fromkeys(text for text in texts if _parts(text) is not None))


def _parts(text: str) -> tuple[str, int] | None:
    name, _dash, id_ = text.partition("-")
    key = read_key(id_)
    return (name, key) if name in _kinds and key is not None else None


def _by_kind(texts: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, id_ in filter(None, map(_parts, texts)):
        found.setdefault(name, []).append(id_)
    return found


def conditions(texts: Iterable[str]) -> Iterable[ColumnElement[bool]]:
    for name, ids in _by_kind(texts).items():
        yield _kinds[name].condition(ids)


def names(texts: Iterable[str], who: Actor) -> list[tuple[str, str]]:
    """(mark, what it is called), one question for each kind."""
    found = []
    for name, ids in _by_kind(texts).items():
        called = _kinds[name].names(ids, who)
        found += [(f"{name}-{id_}", called.get(id_, _("ukendt"))) for id_ in ids]
    return found


def _in_units(ids: Collection[int]) -> ColumnElement[bool]:
    return Ticket.unit_id.in_(ids)


def _units(ids: Collection[int], who: Actor) -> dict[int, str]:
    query = select(Unit.id, Unit.name).where(Unit.id.in_(ids), Unit.customer_id.in_(who.customer_ids))
    return {id_: _("Kun %(unit)s selv", unit=name) for id_, name in db.session.execute(query)}


#: A unit without those below it, which the unit of a filter has with it.
declare("unit", Kind(_in_units, _units))
