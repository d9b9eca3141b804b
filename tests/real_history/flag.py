"""The file's own `made_sla` beside the same promise held against the solution: the table of docs/real-incidents.md."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.real_history.incidents import Incident, Judge, Row
from tests.real_history.opening import OpenTime, month_of
from tests.real_history.promises import AS_THE_FLAG, WEEKDAYS

LONGEST = 400


class Told(NamedTuple):
    """Whether an incident kept its promise, by four readings of it."""

    month: int
    by_flag: bool
    until_closed: bool
    until_solved: bool
    #: As the servicedesk reports it: until solved, and without the time that was spent waiting for the user.
    ours: bool


def limits(incidents: Sequence[Incident], hours: OpenTime) -> Mapping[int, int]:
    """For each priority the fewest whole hours from opened to closed that agree with the flag most often."""
    taken: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for one in incidents:
        taken[one.priority].append((hours.between(one.opened, one.closed), one.made_sla))
    return {
        priority: max(range(LONGEST), key=lambda limit: (_agreeing(some, limit), -limit))
        for priority, some in sorted(taken.items())
    }


def _agreeing(some: list[tuple[int, bool]], limit: int) -> int:
    return sum((minutes <= limit * 60) == flag for minutes, flag in some)


def told(incidents: Iterable[Incident], judge: Judge) -> Iterator[Told]:
    hours = judge.hours(WEEKDAYS)
    for one in incidents:
        limit = AS_THE_FLAG.promises[one.priority].resolution
        assert one.solved is not None
        yield Told(
            month_of(one.closed),
            one.made_sla,
            hours.between(one.opened, one.closed) <= limit,
            hours.between(one.opened, one.solved) <= limit,
            judge.resolution(one).is_kept,
        )


def table(incidents: Sequence[Incident]) -> Iterator[str]:
    """In Markdown, by the month in which the incidents were closed."""
    months: dict[int, list[Told]] = defaultdict(list)
    for one in told(incidents, Judge(AS_THE_FLAG, incidents)):
        months[one.month].append(one)
    yield "| closed in | incidents | `made_sla` | until closed | same as `made_sla` | until solved | ours |"
    yield "| --- | --: | --: | --: | --: | --: | --: |"
    for month, some in sorted(months.items()):
        yield _line(f"{month // 100}-{month % 100:02}", some)
    yield _line("**all**", [one for some in months.values() for one in some])


def _line(name: str, some: Sequence[Told]) -> str:
    each = ((one.by_flag, one.until_closed, _agrees(one), one.until_solved, one.ours) for one in some)
    readings = zip(*each, strict=True)
    shares = (f"{sum(reading) / len(some):.1%}".replace("%", " %") for reading in readings)
    return f"| {' | '.join((name, f'{len(some):,}', *shares))} |"


def _agrees(one: Told) -> bool:
    return one.by_flag == one.until_closed


def turned_on_closing(cases: Mapping[str, list[Row]]) -> tuple[int, int]:
    """How many incidents have a flag that says no, and of how many it first says so in a row that closes them."""
    firsts = [next((row for row in rows if row["made_sla"] == "false"), None) for rows in cases.values()]
    states = [row["incident_state"] for row in firsts if row is not None]
    return len(states), states.count("Closed")
