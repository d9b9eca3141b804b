"""F008: two workers at once; some events are due when they start, the others come due one after the other.

Nothing is done twice, nothing is left, and both live to the end.
Run by hand: python -m tests.faults.two_workers --events 1000 --minutes 60 --database postgres
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db
from servicedesk.upkeep import health
from servicedesk.upkeep.health import JobState
from servicedesk.upkeep.models import JobRun
from tests.faults.harness import Site, fresh_databases
from tests.faults.promises import MINUTE, Promises

TARGET = 120 * MINUTE
#: Events of each ticket: two warnings and the breach.
STAGES = 3
#: Seconds until a worker has started and done what is due, however busy the machine.
PATIENCE = 240


def break_it(site: Site, events: int, minutes: float, workers: int = 2) -> dict[str, object]:
    """Counts of what was due, what was done, and how the workers stood at the end."""
    promises = Promises(site, targets={"response": TARGET // MINUTE})
    tickets = -(-events // STAGES)
    start = clock.now().replace(second=0, microsecond=0)
    # Warned of already, and in breach one after the other from now on.
    promises.file(start - TARGET + timedelta(minutes=minutes * number / tickets) for number in range(tickets))
    end = start + timedelta(minutes=minutes)
    with ExitStack() as stack:
        for number in range(workers):
            stack.enter_context(_working(site, number))
        until = time.monotonic() + (end - clock.now()).total_seconds() + PATIENCE
        while time.monotonic() < until and (clock.now() < end or len(promises.fired()) < tickets * STAGES):
            time.sleep(1)
        while time.monotonic() < until and len(_alive(site)) < workers:
            time.sleep(1)
        time.sleep(12)  # one more sign of life from each
        with site.app.app_context():
            seen = health.look(SYSTEM, now=clock.now())
            shares = list(db.session.scalars(select(JobRun.done).where(JobRun.job == "sweep_clocks")))
    late = [written_at - at for _, at, written_at in promises.fired() if at > start]
    return {
        "workers": workers,
        **promises.compare(clock.now()),
        "most seconds late": round(max(late, default=timedelta()).total_seconds(), 1),
        "alive at the end": len(seen.alive),
        "jobs that fail": len([job for job in seen.jobs if job.state is JobState.FAILING]),
        "told of their last sweep": len(shares),
        "violations": len(site.violations()),
    }


def _alive(site: Site) -> Sequence[object]:
    with site.app.app_context():
        return health.look(SYSTEM, now=clock.now()).alive


@contextmanager
def _working(site: Site, number: int) -> Iterator[None]:
    """A worker as a process of its own, until the block ends."""
    with (site.folder / f"worker{number}.log").open("wb") as log:
        command = [sys.executable, "-m", "servicedesk", "worker"]
        process = subprocess.Popen(command, env=site.environment(), stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1000)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.events, chosen.minutes).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
