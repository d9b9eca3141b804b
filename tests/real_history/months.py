"""What each month comes to: counts, and how long things took."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.real_history.incidents import UNDER_WAY, Incident, Judge, Verdict
from tests.real_history.opening import month_of

#: From so many times on an incident was passed around.
PASSED_AROUND = 3
#: Open time to the answer and to the solution, and the latter by the wall.
TIMES = ("answered", "solved", "solved_wall")


@dataclass
class Month:
    """What is counted, and the minutes to two digits that things took."""

    counts: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[int]] = field(default_factory=lambda: {what: [] for what in TIMES})


def two_digits(minutes: int) -> int:
    """Rounded half up: 1,234 is 1,200 and 1,250 is 1,300."""
    unit: int = 10 ** max(len(str(minutes)) - 2, 0)
    return (2 * minutes + unit) // (2 * unit) * unit


def nearest_rank(some: Iterable[int], per_cent: int) -> int:
    """The smallest of them that so many per cent of them do not exceed."""
    in_order = sorted(some)
    return in_order[(per_cent * len(in_order) + 99) // 100 - 1]


def by_month(incidents: Iterable[Incident], judge: Judge) -> Mapping[tuple[int, int], Month]:
    """By month and priority."""
    found: dict[tuple[int, int], Month] = defaultdict(Month)
    for one in incidents:
        assert one.solved is not None

        def month(at: int, priority: int = one.priority) -> Month:
            return found[month_of(at), priority]

        month(one.opened).counts["filed"] += 1
        if one.reopened:
            month(one.reopened[-1]).counts["reopened"] += 1
        response, resolution = judge.response(one), judge.resolution(one)
        if response:
            _judged(month(response.at), "response", response)
            month(response.at).counts["answered"] += 1
            month(response.at).times["answered"].append(two_digits(response.used))
        _judged(month(resolution.at), "resolution", resolution)
        _solve(one, month(one.solved), resolution)
    return found


def _judged(month: Month, promise: str, verdict: Verdict) -> None:
    month.counts[f"{promise}_met" if verdict.is_kept else f"{promise}_breached"] += 1


def _solve(one: Incident, month: Month, resolution: Verdict) -> None:
    """What counts in the month of the solution that stands."""
    assert one.solved is not None
    month.counts["resolved"] += 1
    month.counts["solved"] += 1  # of all of them it is known how long it took
    month.counts["because_other"] += 1  # the file tells no causes
    month.counts["at_once"] += one.answered == one.solved and not one.reopened
    month.counts["handovers"] += one.handovers
    month.counts["passed_around"] += one.handovers >= PASSED_AROUND
    for state in UNDER_WAY:
        month.counts[f"in_{state}"] += one.minutes_in(state)
    month.times["solved"].append(two_digits(resolution.used))
    month.times["solved_wall"].append(two_digits(one.solved - one.opened))


def together(months: Iterable[Month]) -> Month:
    whole = Month()
    for one in months:
        whole.counts += one.counts
        for what, minutes in one.times.items():
            whole.times[what] += minutes
    return whole
