"""A run over many tickets, when whoever carries it out is killed midway and others go on with it.

Every ticket is done once, and each of those who are told hears of all of it in one mail.
Run by hand: python -m tests.faults.kill_bulk --kills 120 --tickets 300 --database postgres
"""

import argparse
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from servicedesk.cockpit.bulk import commands as bulk
from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core.db import db
from servicedesk.notifications.models import HeldNews, OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.models import Entry, EntryKind
from servicedesk.tickets.workflow import Cause
from tests.faults.harness import Site, fresh_databases
from tests.faults.mortal import AFTER_COMMIT, AFTER_FLUSH, BEFORE_COMMIT, Mortals

POINTS = (AFTER_FLUSH, BEFORE_COMMIT, AFTER_COMMIT)
STARTED = datetime(2026, 3, 2, 8, tzinfo=UTC)
#: One in so many has ended already, and is refused.
ENDED = 10
STEPS = (
    Step(deed=Deed.TAKE),
    Step(deed=Deed.NOTE, text="Set igennem."),
    Step(deed=Deed.RESOLVE, text="Det er rettet.", cause=Cause.FAULT),
)


def break_it(site: Site, kills: int, tickets: int) -> dict[str, int]:
    """Counts of kills, of tickets by what came of them, and of what people were told."""
    another = site.desk.person(name="Bo Madsen")
    filers = [site.filer.id, another.id]
    ids = _file(site, filers, tickets)
    with site.app.app_context():
        by = site.desk.actor(site.supporter)
        run_id = bulk.start(ids, STEPS, by=by, now=STARTED, form_id="").id
    killed = _carry_on(site, kills)
    return {"kills": killed, **_done(site, run_id, ids), **_told(site, filers), "violations": len(site.violations())}


def _file(site: Site, filers: list[int], number: int) -> list[int]:
    who, staff = [site.desk.actor(filer) for filer in filers], site.desk.actor(site.supporter)
    ids = []
    for at in range(number):
        with site.app.app_context():
            new = commands.NewTicket(subject=f"Henvendelse {at}", description="Den virker ikke")
            ids.append(commands.file(new, by=who[at % 2], now=STARTED).id)
            if at % ENDED == 0:
                commands.cancel(ids[-1], by=staff, now=STARTED, reason="Fejl")
    return ids


def _carry_on(site: Site, kills: int) -> int:
    """Workers, one after the other, each killed at some ticket of its own until there were kills enough."""
    killed, now = 0, STARTED + timedelta(minutes=1)
    with Mortals(site.environment(), site.folder / "mortals.log") as mortals:
        is_over = False
        while not is_over:
            point = random.choice(POINTS) if killed < kills else ""
            end = mortals.do("carry_on_bulk", now, point, after=random.randint(1, 4))
            killed += end.was_killed
            is_over = not end.was_killed and not end.done
    return killed


def _done(site: Site, run_id: int, ids: list[int]) -> dict[str, int]:
    with site.app.app_context():
        results = db.session.scalars(select(BulkResult).where(BulkResult.run_id == run_id)).all()
        outcomes = Counter(result.outcome for result in results)
        notes = Counter(db.session.scalars(select(Entry.ticket_id).where(Entry.kind == EntryKind.NOTED)))
        is_over = db.session.get_one(BulkRun, run_id).finished_at is not None
    done = {result.ticket_id for result in results if result.outcome is Outcome.DONE}
    return {
        "tickets": len(ids),
        "done": outcomes[Outcome.DONE],
        "refused": outcomes[Outcome.REFUSED],
        "lost": len([id_ for id_ in done if not notes[id_]]) + outcomes[Outcome.WAITING],
        "done twice": len([id_ for id_, count in notes.items() if count > 1]),
        "done though refused": len(notes.keys() - done),
        "still going on": int(not is_over),
    }


def _told(site: Site, filers: list[int]) -> dict[str, int]:
    """Those who filed them hear of the solutions: each in one mail."""
    with site.app.app_context():
        about = select(OutboxMail.person_id).where(OutboxMail.template.in_(("together", "ticket_resolved")))
        mails = Counter(db.session.scalars(about))
        waiting = db.session.scalar(select(func.count()).select_from(HeldNews)) or 0
    return {
        "people": len(filers),
        "mails to them": sum(mails[filer] for filer in filers),
        "with more or less than one mail": sum(mails[filer] != 1 for filer in filers),
        "news that nobody was told": waiting,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=120)
    options.add_argument("--tickets", type=int, default=300)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.kills, chosen.tickets).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
