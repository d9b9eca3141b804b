"""`python -m bench suggest`: what it costs to find the tickets like a subject, for supporters and for employees.

The subject is another ticket's, with a word changed: with its system, as on a ticket's page, and without, as while
somebody is filing. The bar is 60 ms for 95 of 100, among a million.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from sqlalchemy import select

from bench import databases, filling, table
from bench.language import Writer
from bench.pages import Target
from servicedesk.core.db import db
from servicedesk.organisation.actors import load_actor
from servicedesk.tickets import similar
from servicedesk.tickets.models import Ticket

BAR = 60.0
SIZES = (10_000, 100_000, 1_000_000)
MOST_ON_SQLITE = 100_000
#: Not counted: caches of statements and of words fill up.
WARM_UP = 20


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench suggest", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--databases", type=lambda names: names.split(","), default=["postgres", "sqlite"])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("BENCH_DIR") or "var/bench"))
    wanted = parser.parse_args(arguments)
    lines: list[tuple[str, ...]] = [("suggestions for", "median ms", "p95 ms", "")]
    with ExitStack() as opened:
        for target in _targets(wanted.folder.resolve(), wanted.sizes, wanted.databases, opened):
            target.look_around()
            with target.app.app_context():
                lines += [_line(target, name, asked, wanted.requests) for name, asked in _questions(target)]
            databases.close(target.app)
    print(f"{table.machine()}\n")
    print(table.simple(lines))
    return 0 if all(line[3] == "ok" for line in lines[1:]) else 1


def _targets(folder: Path, sizes: Sequence[int], names: Sequence[str], opened: ExitStack) -> Iterator[Target]:
    mark = databases.schema_mark()
    if "sqlite" in names:
        for tickets in sorted(size for size in sizes if size <= MOST_ON_SQLITE):
            file, is_filled = databases.sqlite_file(folder / "sqlite", tickets, mark)
            if not is_filled:
                filling.fill_sqlite(file, tickets, folder / "app")
            yield Target("SQLite", tickets, databases.make_app(f"sqlite:///{file}", folder / "app"))
    if "postgres" in names:
        server = opened.enter_context(databases.postgres(folder / "postgres"))
        for tickets in sorted(sizes):
            url, is_filled = databases.postgres_database(server, tickets, mark)
            if not is_filled:
                filling.fill_postgres(url, tickets, folder / "app")
                url = databases.mark_filled(server, url)
            yield Target("PostgreSQL", tickets, databases.make_app(url, folder / "app"))


def _questions(target: Target) -> list[tuple[str, Iterator[dict[str, Any]]]]:
    return [
        ("a supporter, with a system", _asked(target, target.supporters, with_system=True)),
        ("a supporter, without", _asked(target, target.supporters, with_system=False)),
        ("an employee", _asked(target, target.employees, with_system=False)),
    ]


def _asked(target: Target, people: list[int], *, with_system: bool) -> Iterator[dict[str, Any]]:
    draw, writer, now = Random(11), Writer(12), datetime.now(UTC)
    actors = [load_actor(person, today=now.date()) for person in people]
    rows = db.session.execute(
        select(Ticket.subject, Ticket.system_id).where(
            Ticket.id.in_(target.open_tickets), Ticket.system_id.is_not(None)
        )
    ).all()
    while True:
        subject, system_id = draw.choice(rows)
        words = subject.split()
        words[draw.randrange(len(words))] = writer.text(writer.some(1))
        yield {
            "subject": " ".join(words),
            "system_id": system_id if with_system else None,
            "who": draw.choice(actors),
            "now": now,
        }


def _line(target: Target, name: str, asked: Iterator[dict[str, Any]], number: int) -> tuple[str, str, str, str]:
    taken = [_timed(next(asked)) for _ in range(number + WARM_UP)][WARM_UP:]
    p95 = quantiles(taken, n=20)[-1]
    told = f"{name}; {target.tickets:,} on {target.name}"
    return told, f"{median(taken):.1f}", f"{p95:.1f}", "ok" if p95 <= BAR else "missed"


def _timed(asked: dict[str, Any]) -> float:
    begun = time.perf_counter()
    similar.similar(asked.pop("subject"), **asked)
    taken = time.perf_counter() - begun
    db.session.rollback()
    return taken * 1_000
