"""Of which customer, which months and which part of its tickets a page tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import request
from sqlalchemy import Select, bindparam, select

from servicedesk.core import clock, web
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import bare, db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.periods import Period
from servicedesk.core.permissions import granted, is_open
from servicedesk.figures.rules import first_day, later, month_of
from servicedesk.figures.slices import Slice
from servicedesk.figures.words import period_in_words
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.organisation.models import Team, Unit
from servicedesk.systems.models import System


@dataclass(frozen=True)
class Place:
    """What the person chose, and what can be chosen."""

    customer: Unit
    customers: Sequence[Unit]
    units: Sequence[Unit]
    systems: dict[int, str]
    teams: dict[int, str]
    slice: Slice

    @property
    def unit_names(self) -> dict[int, str]:
        return {unit.id: unit.name for unit in self.units}

    @property
    def period(self) -> str:
        """As a heading."""
        words = period_in_words(self.slice.first, self.slice.last)
        return words[:1].upper() + words[1:]

    @property
    def period_before(self) -> str:
        return period_in_words(self.slice.before.first, self.slice.before.last)

    @property
    def days(self) -> Period:
        return Period(first_day(self.slice.first), first_day(later(self.slice.last, 1)) - timedelta(days=1))

    def address(self, **others: Any) -> dict[str, Any]:
        """The address of this choice, for a link."""
        return self.slice.address(**others)


def asked(who: Actor, permission: OverviewPermission = OverviewPermission.LOOK) -> Place:
    """From the page's address; raises NotFoundError for a customer that is not for the person."""
    customers = _customers(who, permission)
    wanted = web.key_in_address("customer")
    customer = next((one for one in customers if wanted in (None, one.id)), None)
    if customer is None:
        raise NotFoundError
    units = in_order(db.session.scalars(select(Unit).where(Unit.customer_id == customer.id)), lambda unit: unit.name)
    systems, teams = (_names(kind, customer.id) for kind in (System, Team))
    slice_ = Slice.read(request.args, customer.id, clock.today())
    known = replace(
        slice_,
        units=_known(slice_.units, {unit.id for unit in units}),
        systems=_known(slice_.systems, systems),
        teams=_known(slice_.teams, teams),
    )
    return Place(customer, customers, units, systems, teams, known)


def runs(customer_id: int, who: Actor) -> bool:
    """Whether the person runs the customer's desk as a whole."""
    if not is_open(OverviewPermission.RUN, who):
        return False
    return bool(bare(_asking_who_runs(customer_id, who)))


@lru_cache(maxsize=500)
def _asking_who_runs(customer_id: int, who: Actor) -> Select[int]:
    return select(Unit.id).where(Unit.id == customer_id, granted(OverviewPermission.RUN, who))


def _customers(who: Actor, permission: OverviewPermission) -> list[Unit]:
    """The own one first."""
    found = in_order(db.session.scalars(select(Unit).where(granted(permission, who))), lambda unit: unit.name)
    return sorted(found, key=lambda unit: unit.id != who.customer_id)


def _names(kind: type[System] | type[Team], customer_id: int) -> dict[int, str]:
    rows = bare(_NAMES[kind], {"of": customer_id})
    return dict(in_order(map(tuple, rows), lambda row: row[1]))


_NAMES: Mapping[type[System] | type[Team], Select[int, str]] = {
    kind: select(kind.id, kind.name).where(kind.customer_id == bindparam("of")) for kind in (System, Team)
}


def _known(ids: Iterable[int], known: Iterable[int]) -> tuple[int, ...]:
    """Those of the customer; what is not there narrows nothing."""
    among = set(known)
    return tuple(id_ for id_ in ids if id_ in among)


def periods(today: date) -> list[tuple[str, int, int]]:
    """Usual ones, for links: (name, first, last)."""
    this = month_of(today)
    quarter = this - (this % 100 - 1) % 3
    return [
        ("month", this, this),
        ("last_month", later(this, -1), later(this, -1)),
        ("quarter", quarter, this),
        ("year", this // 100 * 100 + 1, this),
        ("twelve", later(this, -11), this),
        ("before", later(this, -23), later(this, -12)),
    ]


def as_input(month: int) -> str:
    """For <input type="month">."""
    return first_day(month).strftime("%Y-%m")
