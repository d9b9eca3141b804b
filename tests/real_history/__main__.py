"""Prints the figures of a file of incidents, each month on a line; with --flag the table of docs/real-incidents.md."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.real_history import flag
from tests.real_history.incidents import UNDER_WAY, Incident, Judge, read, rows_of
from tests.real_history.months import TIMES, Month, by_month, nearest_rank, together
from tests.real_history.promises import AGREEMENTS, WEEKDAYS

COUNTS = "filed resolved reopened response_met response_breached resolution_met resolution_breached".split()


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.real_history", description=__doc__)
    options.add_argument("file", type=Path, help="CSV, packed with gzip or not")
    options.add_argument("--agreement", choices=AGREEMENTS, default="town-hall", help="promises.py has them")
    shown = options.add_mutually_exclusive_group()
    shown.add_argument("--incidents", action="store_true", help="each incident on a line, as CSV")
    shown.add_argument("--flag", action="store_true", help="made_sla beside our own reading of the promise")
    shown.add_argument("--limits", action="store_true", help="the limits that explain made_sla best")
    chosen = options.parse_args()
    incidents = read(chosen.file)
    judge = Judge(AGREEMENTS[chosen.agreement], incidents)
    if chosen.flag:
        lines = flag.table(incidents)
    elif chosen.limits:
        lines = limits(chosen.file, incidents, judge)
    else:
        lines = each(incidents, judge) if chosen.incidents else months(incidents, judge)
    for line in lines:
        print(line)


def months(incidents: Sequence[Incident], judge: Judge) -> Iterator[str]:
    found = by_month(incidents, judge)
    priorities = sorted({priority for _, priority in found})
    names = [*COUNTS, *(f"filed p{priority}" for priority in priorities)]
    names += [f"{what} {rank} %" for what in TIMES for rank in (50, 90)]
    yield "\t".join(("month", *names))
    for month in sorted({month for month, _ in found}):
        some = {priority: found[month, priority] for priority in priorities if (month, priority) in found}
        whole = together(some.values())
        split = [some[priority].counts["filed"] if priority in some else 0 for priority in priorities]
        yield "\t".join(map(str, (month, *(whole.counts[name] for name in COUNTS), *split, *_times(whole))))


def _times(month: Month) -> Iterator[int | str]:
    """In minutes."""
    for what in TIMES:
        for rank in (50, 90):
            yield nearest_rank(month.times[what], rank) if month.times[what] else ""


def each(incidents: Sequence[Incident], judge: Judge) -> Iterator[str]:
    """In minutes; open time is that of the agreement."""
    states = [f"in_{state}" for state in UNDER_WAY]
    yield ",".join(("number", "priority", "reopened", *states, "solved_wall", "solved", "kept", "answered", "in_time"))
    for one in incidents:
        response, resolution = judge.response(one), judge.resolution(one)
        stayed = (one.minutes_in(state) for state in UNDER_WAY)
        assert one.solved is not None
        solved = (one.solved - one.opened, resolution.used, resolution.is_kept)
        answered = (response.used, response.is_kept) if response else ("", "")
        yield ",".join(map(str, (one.number, one.priority, len(one.reopened), *stayed, *solved, *answered)))


def limits(file: Path, incidents: Sequence[Incident], judge: Judge) -> Iterator[str]:
    for priority, hours in flag.limits(incidents, judge.hours(WEEKDAYS)).items():
        yield f"priority {priority}: {hours} hours"
    number, on_closing = flag.turned_on_closing(rows_of(file))
    yield f"made_sla says no of {number:,} incidents; of {on_closing:,} it first says so in a row that closes them"


if __name__ == "__main__":
    main()
