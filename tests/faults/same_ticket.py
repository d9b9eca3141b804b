"""F056: two supporters save the same ticket at once, each from the page as he or she last saw it.

Every save that was accepted stands in the journal, the ticket is as the last of them left it, and a save from an
outdated page is refused rather than silently overwriting.
Run by hand: python -m tests.faults.same_ticket --saves 10000 --database postgres
"""

import argparse
import random
import tempfile
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import BusyError
from servicedesk.tickets import commands, queries
from servicedesk.tickets.models import Entry, EntryKind
from servicedesk.tickets.workflow import Kind, Level
from tests.faults.harness import Site, fresh_databases


def break_it(site: Site, saves: int, supporters: int = 2) -> dict[str, object]:
    """Counts of what was tried, accepted, refused and found."""
    ticket_id = site.desk.ticket(by=site.filer)
    accepted: list[tuple[int, str]] = []
    refused = [0] * supporters
    busy = [0] * supporters

    def keep_saving(number: int, who: Actor) -> None:
        dice = random.Random(number)
        for count in range(saves // supporters):
            with site.app.app_context():
                version = queries.get(ticket_id, who).version
                seen = version - dice.choice((0, 0, 0, 1, 5))  # some pages are old
                subject = f"Emne {number}-{count}"
                fields: dict[str, Any] = {"impact": dice.choice(list(Level)), "kind": dice.choice(list(Kind))}
                try:
                    ticket = commands.change(ticket_id, by=who, now=clock.now(), seen=seen, subject=subject, **fields)
                except commands.OutdatedError:
                    refused[number] += 1
                except BusyError:
                    busy[number] += 1
                else:
                    accepted.append((ticket.version, subject))

    people = [site.desk.actor(site.supporter), site.desk.actor(site.colleague)][:supporters]
    threads = [threading.Thread(target=keep_saving, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {**_found(site, ticket_id, accepted), "refused as outdated": sum(refused), "busy": sum(busy)}


def _found(site: Site, ticket_id: int, accepted: list[tuple[int, str]]) -> dict[str, object]:
    with site.app.app_context():
        query = select(Entry.seq, Entry.data).where(Entry.ticket_id == ticket_id, Entry.kind == EntryKind.CHANGED)
        journal = {seq: data["subject"][1] for seq, data in db.session.execute(query)}
        last = queries.get(ticket_id, site.desk.actor(site.supporter)).subject
    return {
        "accepted": len(accepted),
        "in the journal": len(journal),
        "lost": len([1 for seq, subject in accepted if journal.get(seq) != subject]),
        "final is the last accepted": last == max(accepted)[1],
        "violations": len(site.violations()),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--saves", type=int, default=10_000)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.saves).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
