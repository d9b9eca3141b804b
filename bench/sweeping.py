"""`python -m bench sweep`: what it costs to look after clocks, on PostgreSQL.

(a) A sweep while so many open clocks run and none is due, in milliseconds.
(b) 10,000 tickets fall due at once, each with a journal entry, a notice and its next look, with two workers at work;
and whether any was seen to twice or not at all.
"""

import argparse
import multiprocessing
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import func, select, text

from bench import databases, town
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import give_example
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db
from servicedesk.notifications.models import Notice
from servicedesk.tickets import bulk
from servicedesk.tickets.journal import NewEntry, NewJournal
from servicedesk.tickets.models import Entry, EntryKind, Ticket
from servicedesk.tickets.sweep import sweep
from servicedesk.tickets.workflow import State

DUE, WORKERS, LOOKS = 10_000, 2, 50
#: A Monday, when the town hall is open; tickets of low priority are due in ten working days.
FILED = datetime(2026, 3, 2, 9, tzinfo=UTC)
#: Half of ten working days have passed: the first warning.
WARNED = datetime(2026, 3, 11, 9, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench sweep", description=__doc__)
    parser.add_argument("--open", type=int, default=1_000_000, help="how many open clocks none of which is due")
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("BENCH_DIR") or "var/bench"))
    wanted = parser.parse_args(arguments)
    folder = wanted.folder.resolve()
    with databases.postgres(folder / "postgres") as server:
        databases.run(server, "DROP DATABASE IF EXISTS bench_sweep WITH (FORCE)", "CREATE DATABASE bench_sweep")
        url = server.rsplit("/", 1)[0] + "/bench_sweep" + ("?" + server.split("?", 1)[1] if "?" in server else "")
        app = databases.make_app(url, folder / "app")
        _fill(app, wanted.due, wanted.open)
        print(f"{wanted.open:,} open clocks, none due: {_idle(app):.2f} ms for a sweep")
        databases.close(app)
        seconds = _at_once(url, folder)
        doubled, missed, notices = _account(app, wanted.due)
        print(f"{wanted.due:,} due at once, {WORKERS} workers: {seconds:.1f} s")
        print(f"doubled {doubled}, missed {missed}, notices {notices:,}")
        databases.close(app)
    return 1 if doubled or missed else 0


def _fill(app: Flask, due: int, idle: int) -> None:
    databases.migrate(app)
    customer = town.build(app, FILED)[0]
    with app.app_context():
        give_example(customer.root.id, by=SYSTEM, now=FILED)
        agreement_id = book_of(customer.root.id).choose(None, FILED)
        for first in range(0, due, 1000):
            journals = [_journal(customer, number, agreement_id) for number in range(first, min(first + 1000, due))]
            bulk.write_journals(journals, now=FILED)
        _copy(idle)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _copy(number: int) -> None:
    """The first ticket so many times more, to be looked at in a year: all that a sweep with nothing to do can see."""
    own = ("id", "form_id", "next_look_at")
    same = ", ".join(column.name for column in Ticket.__table__.columns if column.name not in own)
    statement = (
        f"INSERT INTO ticket ({same}, form_id, next_look_at) "
        f"SELECT {same}, 'idle:' || n, CAST(:later AS timestamptz) + n * interval '1 second' "
        "FROM (SELECT * FROM ticket ORDER BY id LIMIT 1) one, generate_series(1, :number) n"
    )
    with db.engine.begin() as connection:
        connection.execute(text(statement), {"later": WARNED + timedelta(days=365), "number": number})


def _journal(customer: town.Customer, number: int, agreement_id: int | None) -> NewJournal:
    filer, supporter = customer.people[number % 1000], customer.supporters[number % len(customer.supporters)]
    team_id = customer.teams[0].id
    told = {
        "customer_id": customer.root.id,
        "unit_id": filer.unit_id,
        "system_id": None,
        "kind": "incident",
        "secrecy": "ordinary",
        "tier": "servicedesk",
        "subject": f"Sag {number}",
        "description": "Den virker ikke.",
        "impact": "low",
        "urgency": "low",
        "priority": 4,
        "filer_id": filer.id,
        "affected_id": filer.id,
        "team_id": team_id,
        "form_id": f"due:{number}",
        "agreement_id": agreement_id,
    }
    journal = NewJournal()
    journal.add(NewEntry(at=FILED, kind=EntryKind.FILED, by_id=filer.id, state=State.NEW, data=told))
    answered = {"body": "Vi ser på det.", "is_answer": True}
    taken = {"assignee_id": supporter.id, "team_id": team_id, "assignee": supporter.name}
    journal.add(NewEntry(at=FILED, kind=EntryKind.TAKEN, by_id=supporter.id, state=State.OPEN, data=taken))
    journal.add(NewEntry(at=FILED, kind=EntryKind.REPLIED, by_id=supporter.id, state=State.OPEN, data=answered))
    return journal


def _idle(app: Flask) -> float:
    """The middle one of many sweeps with nothing to do."""
    took = []
    with app.app_context():
        for _ in range(LOOKS):
            begun = time.perf_counter()
            assert sweep(FILED) == 0
            took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def _at_once(url: str, folder: Path) -> float:
    """From the moment when both workers are ready until neither finds anything."""
    spawn = multiprocessing.get_context("spawn")
    ready, begin = spawn.Barrier(WORKERS + 1), spawn.Event()
    workers = [spawn.Process(target=_work, args=(url, folder, ready, begin)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = time.perf_counter()
    begin.set()
    for worker in workers:
        worker.join()
    return time.perf_counter() - begun


def _work(url: str, folder: Path, ready: Barrier, begin: Event) -> None:
    app = databases.make_app(url, folder / "app")
    with app.app_context():
        sweep(FILED)
        ready.wait()
        begin.wait()
        while sweep(WARNED):
            pass


def _account(app: Flask, due: int) -> tuple[int, int, int]:
    """Tickets with more than one warning of a kind, tickets with none, and how many notices there are."""
    with app.app_context():
        per_ticket = select(Entry.ticket_id, Entry.once, func.count().label("times"))
        warned = per_ticket.where(Entry.kind == EntryKind.WARNED).group_by(Entry.ticket_id, Entry.once).subquery()
        doubled = db.session.scalar(select(func.count()).select_from(warned).where(warned.c.times > 1)) or 0
        seen = db.session.scalar(select(func.count(warned.c.ticket_id.distinct()))) or 0
        notices = db.session.scalar(select(func.count()).select_from(Notice)) or 0
    return doubled, due - seen, notices


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
