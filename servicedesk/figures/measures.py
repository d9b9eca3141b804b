"""What is counted: of each measure the month that it counts in, the tickets that it counts, and how much each adds.

The one place that says so. It is said of the fields of a fact, so that the same words put a statement over all facts,
add up the change of one, and filter the list of tickets behind a sum.
"""

from collections.abc import Callable, Mapping
from operator import eq, ge
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, literal_column
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.figures.models import TicketFact, Verdict
from servicedesk.tickets.workflow import Cause

#: From so many times on a ticket has been passed around.
PASSED_AROUND = 3


def _field(name: str) -> InstrumentedAttribute[Any]:
    return getattr(TicketFact, name)  # type: ignore[no-any-return]


class Test(NamedTuple):
    """What must hold of a field; `holds` compares values and columns alike."""

    field: str
    holds: Callable[[Any, Any], Any]
    value: Any


class Measure(NamedTuple):
    """Something that is counted."""

    #: The field with the month that it counts in; a ticket without such a month does not count.
    month: str
    #: None when every other ticket counts.
    test: Test | None = None
    #: The field with what a ticket adds; None when it adds one.
    amount: str | None = None

    def added_by(self, fact: Mapping[str, Any]) -> int:
        """What a fact with such a month adds."""
        if self.test is not None and not self._holds(fact[self.test.field]):
            return 0
        return 1 if self.amount is None else fact[self.amount]

    def _holds(self, value: Any) -> bool:
        """As in a statement, nothing holds of nothing."""
        return self.test is None or (value is not None and bool(self.test.holds(value, self.test.value)))

    @property
    def adds(self) -> ColumnElement[int]:
        """The same for a statement."""
        added: Any = literal_column("1") if self.amount is None else _field(self.amount)
        return added if self.test is None else case((self._is_met, added), else_=literal_column("0"))

    @property
    def condition(self) -> ColumnElement[bool]:
        """That a ticket counts and adds something."""
        wanted: list[ColumnElement[bool]] = [_field(self.month).is_not(None)]
        if self.test is not None:
            wanted.append(self._is_met)
        if self.amount is not None:
            wanted.append(_field(self.amount) > 0)
        return and_(*wanted)

    @property
    def _is_met(self) -> ColumnElement[bool]:
        assert self.test is not None
        met: ColumnElement[bool] = self.test.holds(_field(self.test.field), self.test.value)
        return met


def _because(cause: Cause) -> Measure:
    return Measure("resolved_month", Test("cause", eq, cause))


def _judged(promise: str, verdict: Verdict) -> Measure:
    return Measure(f"{promise}_month", Test(promise, eq, verdict))


MEASURES: Mapping[str, Measure] = {
    "filed": Measure("filed_month"),
    "waiting": Measure("filed_month", Test("is_open", eq, True)),
    "resolved": Measure("resolved_month"),
    "at_once": Measure("resolved_month", Test("is_at_once", eq, True)),
    "local": Measure("resolved_month", Test("is_local", eq, True)),
    "passed_around": Measure("resolved_month", Test("handovers", ge, PASSED_AROUND)),
    "handovers": Measure("resolved_month", amount="handovers"),
    "minutes": Measure("resolved_month", amount="minutes"),
    "in_new": Measure("resolved_month", amount="in_new"),
    "in_open": Measure("resolved_month", amount="in_open"),
    "in_waiting_user": Measure("resolved_month", amount="in_waiting_user"),
    "in_waiting_supplier": Measure("resolved_month", amount="in_waiting_supplier"),
    "because_fault": _because(Cause.FAULT),
    "because_competence": _because(Cause.COMPETENCE),
    "because_change": _because(Cause.CHANGE),
    "because_wish": _because(Cause.WISH),
    "because_security": _because(Cause.SECURITY),
    "because_other": _because(Cause.OTHER),
    # Of these it is known how long they took.
    "answered": Measure("response_month", Test("answered_after", ge, 0)),
    "solved": Measure("resolved_month", Test("solved_after", ge, 0)),
    "reopened": Measure("reopened_month"),
    "ended": Measure("ended_month"),
    "response_met": _judged("response", Verdict.MET),
    "response_breached": _judged("response", Verdict.BREACHED),
    "resolution_met": _judged("resolution", Verdict.MET),
    "resolution_breached": _judged("resolution", Verdict.BREACHED),
}

#: The fields with a month in which something can count.
MONTHS = tuple(dict.fromkeys(measure.month for measure in MEASURES.values()))


class Timed(NamedTuple):
    """Something whose length is kept: the fields with the month that it counts in, and with the minutes."""

    month: str
    minutes: str


#: Open time until the first answer and until solved, and the latter by the wall.
TIMES: Mapping[str, Timed] = {
    "answered": Timed("response_month", "answered_after"),
    "solved": Timed("resolved_month", "solved_after"),
    "solved_wall": Timed("resolved_month", "solved_after_wall"),
}
