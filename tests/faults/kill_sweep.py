"""F005: the worker is killed between seeing that a deadline has passed and committing what follows, or just after.

Every event is in the journal once, and with it what has to be sent.
Run by hand: python -m tests.faults.kill_sweep --kills 120 --tickets 140 --database postgres
"""

import argparse
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.harness import Site, fresh_databases
from tests.faults.mortal import AFTER_COMMIT, AFTER_FLUSH, BEFORE_COMMIT, Mortals
from tests.faults.promises import MINUTE, Promises

FILED = datetime(2026, 3, 2, 8, tzinfo=UTC)
#: Minutes after filing at which one more event of each ticket is due: two warnings and the breach.
MOMENTS = (60, 96, 121)
POINTS = (AFTER_FLUSH, BEFORE_COMMIT, AFTER_COMMIT)


def break_it(site: Site, kills: int, tickets: int) -> dict[str, int]:
    """Counts of events, kills and what was found; each ticket has three events."""
    promises = Promises(site, targets={"response": 120})
    promises.file([FILED] * tickets)
    promises.take_half(FILED)
    killed = 0
    with Mortals(site.environment(), site.folder / "mortals.log") as mortals:
        for moment, minutes in enumerate(MOMENTS):
            now = FILED + minutes * MINUTE
            is_over = False
            while not is_over:
                point = random.choice(POINTS) if killed < kills * (moment + 1) // len(MOMENTS) else ""
                end = mortals.do("sweep_clocks", now, point, after=random.randint(1, 3))
                killed += end.was_killed
                is_over = not end.was_killed and not end.done
    found = promises.compare(FILED + MOMENTS[-1] * MINUTE)
    return {"kills": killed, **found, **promises.compare_news(), "violations": len(site.violations())}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=120)
    options.add_argument("--tickets", type=int, default=140)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.kills, chosen.tickets).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
