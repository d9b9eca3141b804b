"""F024: eight processes write to one SQLite file at once.

Each waits its turn and succeeds, or is told that nothing was saved; nothing that was acknowledged is lost.
Run by hand: python -m tests.faults.writers --each 200
"""

import argparse
import multiprocessing
import tempfile
from collections.abc import Iterable
from multiprocessing.queues import Queue
from pathlib import Path

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.errors import BusyError
from servicedesk.tickets import commands
from tests.faults.harness import Site, fresh_databases

WRITERS = 8


def break_it(site: Site, each: int, writers: int = WRITERS) -> dict[str, object]:
    """Counts of what was tried, acknowledged and found."""
    who = site.desk.actor(site.filer)
    context = multiprocessing.get_context("spawn")
    results: Queue[tuple[list[str], int]] = context.Queue()
    arguments = [(site.database_url, site.folder, number, each, who, results) for number in range(writers)]
    processes = [context.Process(target=_write, args=given) for given in arguments]
    for process in processes:
        process.start()
    told = [results.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    filed = site.filed()
    acknowledged = [subject for subjects, _ in told for subject in subjects]
    return {
        "writers": writers,
        "tried": writers * each,
        "acknowledged": len(acknowledged),
        "told that it is busy": sum(busy for _, busy in told),
        "lost": len([subject for subject in acknowledged if filed[subject] != 1]),
        "not acknowledged but there": sum(filed.values()) - len(acknowledged),
        "violations": len(site.violations()),
    }


def _write(url: str, folder: Path, number: int, each: int, who: Actor, results: "Queue[tuple[list[str], int]]") -> None:
    from servicedesk.app import create_app
    from servicedesk.config import Settings

    app = create_app(Settings(database_url=url, data_dir=folder, secret_key="only for breaking things on purpose"))
    acknowledged: list[str] = []
    busy = 0
    for subject in _subjects(number, each):
        with app.app_context():
            try:
                ticket = commands.file(commands.NewTicket(subject=subject, description="x"), by=who, now=clock.now())
                acknowledged.append(subject)
                commands.reply(ticket.id, by=who, now=clock.now(), body="Og mere")
            except BusyError:
                busy += 1
    results.put((acknowledged, busy))


def _subjects(number: int, each: int) -> Iterable[str]:
    return (f"Skriver {number}-{count}" for count in range(each))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=200, help="tickets that each process files")
    chosen = options.parse_args()
    with fresh_databases("sqlite") as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.each).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
