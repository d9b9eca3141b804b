"""How promises were kept in the year before, one of them so seldom made that nothing is said of it."""

from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.figures.measures import MEASURES
from servicedesk.figures.models import FigureCell
from servicedesk.figures.rules import later, month_of
from servicedesk.tickets.workflow import Kind, Priority, Secrecy

if TYPE_CHECKING:
    from tests.pages.town import Town

#: By priority: how many tickets a month, and how many of them were answered and solved in time.
KEPT = {Priority.CRITICAL: (3, 3, 2), Priority.MEDIUM: (120, 113, 104), Priority.LOW: (80, 79, 76)}
#: Nothing was decided in July.
QUIET = 7


def tell(town: "Town") -> None:
    last = later(month_of(clock.now()), -1)
    for back in range(12):
        month = later(last, -back)
        if month % 100 == QUIET:
            continue
        for priority, (number, answered, solved) in KEPT.items():
            sums = {
                "response_met": answered,
                "response_breached": number - answered,
                "resolution_met": solved - back,
                "resolution_breached": number - solved + back,
            }
            _add(town, month, priority, {name: max(0, value) for name, value in sums.items()})


def _add(town: "Town", month: int, priority: Priority, sums: dict[str, int]) -> None:
    keys = {"customer_id": town.desk.home.id, "month": month, "priority": priority}
    counted = {**dict.fromkeys(MEASURES, 0), **sums}
    town.desk.add(
        FigureCell(
            grouping=0,
            unit_id=0,
            system_id=0,
            team_id=0,
            kind=Kind.INCIDENT,
            secrecy=Secrecy.ORDINARY,
            **keys,
            **counted,
        )
    )
