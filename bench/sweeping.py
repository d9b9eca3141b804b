"""What it costs to look after clocks: when nothing is due, and when ten thousand are.

Run by `make bench`, or alone: python -m bench.sweeping [--open 1000000] [--due 10000]. On a PostgreSQL that it starts.
"""

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import func, make_url, select, text

from bench import databases
from bench.table import machine, simple
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import give_example
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.notifications.models import Notice
from servicedesk.organisation.models import Person, Team, TeamMember, Unit
from servicedesk.tickets import bulk, sweep
from servicedesk.tickets.journal import NewEntry, NewJournal
from servicedesk.tickets.models import Entry, EntryKind, Ticket
from servicedesk.tickets.workflow import State

#: A Monday, 09:00 in Denmark: everything is filed, and half of the response time is used at eleven.
FILED = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = FILED + timedelta(hours=2)
WORKERS = 2
SUPPORTERS = 20
LOOKS = 200


@dataclass(frozen=True)
class Desk:
    """Ids of those who are needed for a ticket."""

    customer_id: int
    team_id: int
    supporters: list[int]
    agreement_id: int


def main() -> None:
    wanted = _arguments()
    with TemporaryDirectory() as folder, databases.postgres(Path(folder)) as server:
        databases.run(server, "CREATE DATABASE sweeping")
        url = make_url(server).set(database="sweeping").render_as_string(hide_password=False)
        app = databases.make_app(url, Path(folder) / "data")
        databases.migrate(app)
        with app.app_context():
            desk = _open_desk()
            _file(desk, wanted.due)
            _multiply(wanted.open - wanted.due)
            idle = list(_idle())
            print(f"{machine()}\n\n{_sentence(wanted.open, idle)}")
        databases.close(app)
        seconds = _work_off(url, Path(folder) / "data")
        with app.app_context():
            print(_told(wanted.due, seconds))
        databases.close(app)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, default=1_000_000, help="open tickets, each with two running clocks")
    parser.add_argument("--due", type=int, default=10_000, help="how many of them become due at once")
    return parser.parse_args()


def _open_desk() -> Desk:
    with transaction() as session:
        unit = Unit(name="Testby Kommune", path="")
        session.add(unit)
        session.flush()
        unit.customer_id, unit.path = unit.id, f"/{unit.id}/"
        team = Team(customer_id=unit.id, name="Servicedesk", is_first_line=True)
        persons = [
            Person(
                customer_id=unit.id, unit_id=unit.id, name=f"Supporter {number}", initials=f"s{number}", email="s@x.dk"
            )
            for number in range(SUPPORTERS)
        ]
        session.add_all([team, *persons])
        session.flush()
        session.add_all(TeamMember(team_id=team.id, person_id=person.id, since=FILED) for person in persons)
        give_example(unit.id, by=SYSTEM, now=FILED)
        session.flush()
        agreement_id = book_of(unit.id).choose(None, FILED)
        assert agreement_id is not None
        return Desk(unit.id, team.id, [person.id for person in persons], agreement_id)


def _file(desk: Desk, number: int) -> None:
    for start in range(0, number, 1_000):
        bulk.write_journals([_journal(desk, one) for one in range(start, min(start + 1_000, number))], now=FILED)


def _journal(desk: Desk, number: int) -> NewJournal:
    journal, someone = NewJournal(), desk.supporters[number % SUPPORTERS]
    data = {
        "customer_id": desk.customer_id,
        "unit_id": desk.customer_id,
        "system_id": None,
        "kind": "incident",
        "secrecy": "ordinary",
        "tier": "servicedesk",
        "subject": "Printer",
        "description": "Den blinker.",
        "impact": "medium",
        "urgency": "medium",
        "priority": 3,
        "filer_id": someone,
        "affected_id": someone,
        "assignee_id": someone,
        "team_id": desk.team_id,
        "agreement_id": desk.agreement_id,
        "form_id": f"bench-{number}",
    }
    journal.add(NewEntry(at=FILED, kind=EntryKind.FILED, by_id=someone, state=State.NEW, data=data))
    return journal


def _multiply(number: int) -> None:
    """Many more open tickets whose clocks have their next look a week later; the rows are copies of the first."""
    columns = [
        column.name for column in Ticket.__table__.columns if column.name not in ("id", "form_id", "next_look_at")
    ]
    listed = ", ".join(columns)
    with transaction() as session:
        session.execute(
            text(
                f"INSERT INTO ticket ({listed}, form_id, next_look_at) SELECT {listed}, 'more-' || n, "
                "ticket.next_look_at + interval '7 days' FROM (SELECT * FROM ticket ORDER BY id LIMIT 1) AS ticket, "
                "generate_series(1, :number) AS n"
            ),
            {"number": max(number, 0)},
        )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE ticket"))


def _idle() -> Iterator[float]:
    """Milliseconds of looking while nothing is due."""
    for _ in range(LOOKS):
        started = time.perf_counter()
        assert sweep.sweep(FILED + timedelta(minutes=1)) == 0
        yield (time.perf_counter() - started) * 1_000


def _sentence(number: int, idle: list[float]) -> str:
    rows = [("nothing due", f"{number:,}", f"{median(idle):.2f} ms", f"{sorted(idle)[int(LOOKS * 0.95)]:.2f} ms")]
    return simple([("sweep", "open tickets", "median", "p95"), *rows])


def _work_off(url: str, folder: Path) -> float:
    """Seconds until two workers have seen to everything that is due."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(WORKERS + 1)
    workers = [context.Process(target=_worker, args=(url, folder, ready)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    ready.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started


def _worker(url: str, folder: Path, ready: Barrier) -> None:
    app = databases.make_app(url, folder)
    with app.app_context():
        sweep.sweep(FILED)
        ready.wait()
        while sweep.sweep(DUE):
            pass


def _told(due: int, seconds: float) -> str:
    fired = select(func.count()).select_from(Entry).where(Entry.kind == EntryKind.WARNED)
    entries = db.session.scalar(fired) or 0
    different = db.session.scalar(fired.with_only_columns(func.count(Entry.ticket_id.distinct()))) or 0
    notices = db.session.scalar(select(func.count()).select_from(Notice)) or 0
    looks = db.session.scalar(select(func.count()).select_from(Ticket).where(Ticket.next_look_at <= DUE)) or 0
    head = ("sweep", "due", "took", "doubled", "missed", "notices", "still due")
    row = (f"{WORKERS} workers", f"{due:,}", f"{seconds:.1f} s", f"{entries - different}", f"{due - different}")
    return simple([head, (*row, f"{notices:,}", f"{looks}")])


if __name__ == "__main__":
    main()
