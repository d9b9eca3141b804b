"""F027: the nights in which the clocks change, swept every minute; the time is injected.

Each event comes once, in its own minute, by a reckoning that walks from minute to minute.
Run by hand: python -m tests.faults.clock_changes --tickets 60 --database postgres
"""

import argparse
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.harness import Site, fresh_databases
from tests.faults.promises import ALWAYS, MINUTE, NIGHTS, Promises, Week

#: Midnight in Denmark before the change, in UTC.
NIGHTS_OF_CHANGE = {"spring": datetime(2026, 3, 28, 23, tzinfo=UTC), "autumn": datetime(2026, 10, 24, 22, tzinfo=UTC)}
HOURS = {"round the clock": ALWAYS, "from midnight to six": NIGHTS}
LASTS = timedelta(hours=8)


def break_it(site: Site, tickets: int, night: str, week: Week) -> dict[str, int]:
    """Counts of what was due and what came in one night; at 50 %, 80 % and 100 % of two targets."""
    midnight = NIGHTS_OF_CHANGE[night]
    promises = Promises(site, week=week, targets={"response": 60, "resolution": 150})
    # From two hours before midnight until six, a ticket each few minutes.
    promises.file(midnight - timedelta(hours=2) + number * LASTS / tickets for number in range(tickets))
    late = 0
    for minute in range(int(LASTS / MINUTE) + 1):
        now = midnight - timedelta(hours=2) + minute * MINUTE
        before = len(promises.fired())
        promises.sweep(now)
        late += len([1 for _, at, _ in promises.fired()[before:] if not now - MINUTE <= at <= now])
    return {**promises.compare(now), "late": late, "violations": len(site.violations())}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=60)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source:
        for night in NIGHTS_OF_CHANGE:
            for name, week in HOURS.items():
                with tempfile.TemporaryDirectory() as folder:
                    print(night, name, break_it(Site(source.copy(), Path(folder)), chosen.tickets, night, week))


if __name__ == "__main__":
    main()
