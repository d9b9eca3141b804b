"""F011: no worker for three days over a weekend, then one again; the time is injected.

Every event that was missed comes once, with the time at which it was due, and soon.
Run by hand: python -m tests.faults.long_weekend --tickets 340 --database postgres
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.harness import Site, fresh_databases
from tests.faults.promises import OFFICE, Promises

#: A Friday at noon, and the Monday after it.
STOPPED = datetime(2026, 3, 6, 11, tzinfo=UTC)
STARTED = STOPPED + timedelta(days=3)


def break_it(site: Site, tickets: int) -> dict[str, float]:
    """Counts of what was due while nobody looked and what came of it; seconds for each thousand."""
    promises = Promises(site, week=OFFICE, targets={"response": 120, "resolution": 300})
    day = timedelta(hours=3)
    promises.file(STOPPED - day + day * number / tickets for number in range(tickets))
    promises.file(STOPPED + timedelta(days=1) + timedelta(minutes=number) for number in range(tickets // 10))
    promises.sweep(STOPPED)
    before = len(promises.fired())
    began = time.monotonic()
    promises.sweep(STARTED)
    took = time.monotonic() - began
    found = promises.compare(STARTED)
    missed = found["entries"] - before
    return {
        "before": before,
        "missed": missed,
        **found,
        "seconds for each 1,000": round(took / missed * 1000, 1),
        "violations": len(site.violations()),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=340)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.tickets).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
