"""What figures are read of: months, and what people choose between; its address is the page."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from servicedesk.figures.rules import later, length, month_of
from servicedesk.tickets.filters import Filters, Query
from servicedesk.tickets.workflow import Kind, Priority

#: No page tells of more months at once.
LONGEST = 60
#: Of so many, unless somebody asks otherwise.
USUAL = 12


@dataclass(frozen=True, kw_only=True)
class Slice:
    """The tickets of one customer in some months, narrowed as a list is narrowed; empty means everything."""

    customer_id: int
    first: int
    last: int
    units: tuple[int, ...] = ()
    systems: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    priorities: tuple[Priority, ...] = ()
    kinds: tuple[Kind, ...] = ()

    @classmethod
    def read(cls, query: Query, customer_id: int, today: date) -> Self:
        """From an address; what makes no sense is left out, and a period that is too long is cut at its beginning."""
        narrowed = Filters.read(query)
        last = _month(query, "to") or month_of(today)
        first = _month(query, "from") or later(last, 1 - USUAL)
        if first > last:
            first, last = last, first
        return cls(
            customer_id=customer_id,
            first=max(first, later(last, 1 - LONGEST)),
            last=last,
            units=narrowed.units,
            systems=narrowed.systems,
            teams=tuple(int(team) for team in narrowed.teams if team.isdecimal()),
            priorities=narrowed.priorities,
            kinds=narrowed.kinds,
        )

    def address(self, **others: Any) -> dict[str, Any]:
        """The values that `read` would read back, with further ones beside them; for url_for."""
        first, last = (f"{month // 100}-{month % 100:02}" for month in (self.first, self.last))
        narrowed = self.filters(units=self.units, only_open=True).address()
        return {**narrowed, "customer": self.customer_id, "from": first, "to": last, **others}

    def filters(self, **more: Any) -> Filters:
        """The same narrowing for a list of tickets; a customer is the unit at the top of its tree."""
        narrowed: dict[str, Any] = {
            "only_open": False,
            "units": self.units or (self.customer_id,),
            "systems": self.systems,
            "teams": tuple(map(str, self.teams)),
            "priorities": self.priorities,
            "kinds": self.kinds,
        }
        return Filters(**narrowed | more)

    @property
    def length(self) -> int:
        """In months."""
        return length(self.first, self.last)

    @property
    def before(self) -> Self:
        """As many months, just before."""
        return replace(self, first=later(self.first, -self.length), last=later(self.first, -1))

    def of_months(self, first: int, last: int) -> Self:
        return replace(self, first=first, last=last)


def _month(query: Query, name: str) -> int | None:
    return next(filter(None, map(read_month, query.getlist(name))), None)


def read_month(text: str) -> int | None:
    """Of "2026-03"."""
    year, _dash, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and (year + month).isdecimal() and year.isascii() and month.isascii()):
        return None
    return int(year) * 100 + int(month) if 1 <= int(month) <= 12 and int(year) >= 1990 else None
