"""What a view of the queue shows and how: filters, order, columns and grouping. Its address is the view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qs

from servicedesk.tickets.filters import Filters, Order, Query


class Column(StrEnum):
    """A column of the queue beside the ticket itself, which always comes first."""

    PRIORITY = "priority"
    TIME = "time"
    STATE = "state"
    WHO = "who"
    SYSTEM = "system"
    HELD = "held"
    FILED = "filed"
    UPDATED = "updated"
    KIND = "kind"
    TIER = "tier"


class Grouping(StrEnum):
    """What the tickets on a page are put together by, under a heading with their number."""

    TEAM = "team"
    ASSIGNEE = "assignee"
    PRIORITY = "priority"
    STATE = "state"
    SYSTEM = "system"
    UNIT = "unit"
    DUE = "due"


#: These fit a window of 1280 pixels with the longest badges in them.
USUAL_COLUMNS = (Column.PRIORITY, Column.TIME, Column.STATE, Column.WHO, Column.SYSTEM, Column.HELD, Column.UPDATED)

#: Names in an address that say what is shown; any other name beside them says only where in it one is.
NAMES = (
    *("state", "show", "kind", "priority", "tier", "team", "assignee", "unit", "system", "sort", "col", "group"),
    *("q", "person", "local", "helper", "cause", "mark", "number", "filed", "updated"),
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    filters: Filters = field(default_factory=Filters)
    #: Empty: those that the reader has chosen for all views.
    columns: tuple[Column, ...] = ()
    grouping: Grouping | None = None

    @classmethod
    def read(cls, query: Query) -> Self:
        """From an address; what makes no sense is left out, as people share and edit links."""
        known = {column.value: column for column in Column}
        wanted = next((one for one in query.getlist("group") if one in set(Grouping)), None)
        return cls(
            filters=Filters.read(query),
            columns=tuple(dict.fromkeys(known[name] for name in query.getlist("col") if name in known)),
            grouping=Grouping(wanted) if wanted else None,
        )

    def address(self, **others: Any) -> dict[str, Any]:
        """The values that `read` would read back; for url_for."""
        values = {
            "col": [column.value for column in self.columns],
            "group": self.grouping.value if self.grouping else None,
            **others,
        }
        return self.filters.address(**values)

    def stored(self) -> dict[str, list[str]]:
        """The same as it is kept with a view."""
        return {
            name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
            for name, value in self.address().items()
        }

    def ordered(self, order: Order) -> Self:
        return replace(self, filters=replace(self.filters, order=order))

    def moved(self, column: Column, by: int, usual: Sequence[Column]) -> Self:
        """With the column one place further to the left (-1) or right (1)."""
        columns = list(self.columns or usual)
        if column not in columns:
            return self
        at = columns.index(column)
        to = max(0, min(len(columns) - 1, at + by))
        columns.insert(to, columns.pop(at))
        return replace(self, columns=tuple(columns))


@dataclass(frozen=True)
class StoredQuery:
    """What was kept with a view, as something that reads like an address, whatever has become of it meanwhile."""

    values: Mapping[str, Any]

    def getlist(self, key: str) -> list[str]:
        kept = self.values.get(key, [])
        return [str(one) for one in kept] if isinstance(kept, list) else []


def of_stored(query: Any) -> Shape:
    return Shape.read(StoredQuery(query if isinstance(query, dict) else {}))


#: More values than an address of ours can have.
_MOST_VALUES = 500


def of_address(address: str) -> StoredQuery:
    """What a form says that the address of its page was; nonsense counts as nothing."""
    try:
        return StoredQuery(parse_qs(address.partition("?")[2], max_num_fields=_MOST_VALUES))
    except ValueError:
        return StoredQuery({})
