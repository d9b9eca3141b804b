"""What a report is narrowed to: kept without its month, and put into names when it is told of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from servicedesk.core import labels
from servicedesk.core.db import db
from servicedesk.core.language import gettext as _
from servicedesk.figures.slices import Slice
from servicedesk.insight.models import ReportSubscription
from servicedesk.organisation.models import Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets.workflow import Kind, Priority

Chosen = Mapping[str, Sequence[Any]]

_THINGS: Mapping[str, type[Unit] | type[System] | type[Team]] = {"unit": Unit, "system": System, "team": Team}


def of_slice(slice_: Slice) -> dict[str, list[Any]]:
    """In one order, so that the same choice is the same text."""
    every: dict[str, list[Any]] = {
        "unit": sorted(slice_.units),
        "system": sorted(slice_.systems),
        "team": sorted(slice_.teams),
        "priority": sorted(map(int, slice_.priorities)),
        "kind": sorted(kind.value for kind in slice_.kinds),
    }
    return {what: values for what, values in every.items() if values}


@dataclass(frozen=True)
class Told:
    """A choice in words, as things are now."""

    slice: Slice
    names: Sequence[str]
    #: Those that are closed; what happened before still counts.
    closed: Sequence[str] = ()
    #: How much of it is not there any more.
    gone: int = 0
    #: Nothing is left of a kind of thing that it was narrowed to: without it, it would tell of all.
    is_lost: bool = False

    @property
    def title(self) -> str:
        """Empty for the whole customer."""
        if self.is_lost:
            return _("noget, der ikke findes længere")
        return " · ".join(self.names)

    def address(self) -> dict[str, Any]:
        return self.slice.address()


@dataclass(frozen=True)
class Names:
    """What the things of some choices are called: (name, whether it is in use) by id."""

    of: Mapping[str, Mapping[int, tuple[str, bool]]] = field(default_factory=dict)

    def told(self, row: ReportSubscription, month: int) -> Told:
        """Of that month."""
        kept = {what: [id_ for id_ in row.chosen.get(what, ()) if id_ in self.of[what]] for what in _THINGS}
        priorities = [one for one in Priority if int(one) in row.chosen.get("priority", ())]
        kinds = [one for one in Kind if one.value in row.chosen.get("kind", ())]
        left = {**kept, "priority": priorities, "kind": kinds}
        things = [self.of[what][id_] for what, ids in kept.items() for id_ in ids]
        return Told(
            Slice(
                customer_id=row.customer_id,
                first=month,
                last=month,
                units=tuple(kept["unit"]),
                systems=tuple(kept["system"]),
                teams=tuple(kept["team"]),
                priorities=tuple(priorities),
                kinds=tuple(kinds),
            ),
            names=[name for name, _is_active in things] + [labels.in_words(one) for one in (*priorities, *kinds)],
            closed=[name for name, is_active in things if not is_active],
            gone=sum(map(len, row.chosen.values())) - sum(map(len, left.values())),
            is_lost=any(values and not left.get(what) for what, values in row.chosen.items()),
        )


def names_of(rows: Iterable[ReportSubscription]) -> Names:
    """Of all that they are narrowed to; three queries for however many."""
    chosen = [(row.customer_id, row.chosen) for row in rows]
    return Names({what: _named(what, kind, chosen) for what, kind in _THINGS.items()})


def _named(
    what: str, kind: type[Unit] | type[System] | type[Team], chosen: Sequence[tuple[int, Chosen]]
) -> dict[int, tuple[str, bool]]:
    ids = {id_ for _customer, one in chosen for id_ in one.get(what, ())}
    customers = {customer for customer, _one in chosen}
    if not ids:
        return {}
    query = select(kind.id, kind.name, kind.is_active).where(kind.id.in_(ids), kind.customer_id.in_(customers))
    return {row.id: (row.name, row.is_active) for row in db.session.execute(query)}
