"""`python -m bench status`: what the pages about how systems run cost, with 80 systems and 3 years of history.

Every system had eight disturbances and four service windows a year; two are disturbed now, which 200 people notice, and
ten windows are planned. The bar is 5 ms of CPU for the overview; a system's own page and its calendar stand beside it.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from bench import databases, table, town
from bench.measuring import Figures, measure
from bench.pages import Bar, Environ, Page, Target
from servicedesk.agreements import commands
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Priority, Terms
from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import local_date
from servicedesk.core.db import db, table_of, transaction
from servicedesk.organisation.models import Person
from servicedesk.systems.models import NEVER, Disturbance, DisturbanceSystem, DisturbanceUpdate, MeToo, System
from servicedesk.systems.rules import DisturbanceKind, UpdateKind

SYSTEMS, YEARS, DISTURBED, PLANNED, NOTICING = 80, 3, 8, 4, 200
HOUR = timedelta(hours=1)
Rows = list[dict[str, Any]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench status", description=__doc__)
    parser.add_argument("--databases", type=lambda names: names.split(","), default=["postgres", "sqlite"])
    parser.add_argument("--requests", type=int, default=300)
    wanted = parser.parse_args(arguments)
    measured: list[Figures] = []
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR"))))
        for name, url in _addresses(folder, wanted.databases, opened):
            target = _target(name, url, folder)
            for page in PAGES:
                measured += measure(page, [target], wanted.requests)
            databases.close(target.app)
    lines: list[tuple[str, ...]] = [("page", "queries", "CPU ms", "best", "p95 ms by the clock", "bar", "")]
    lines += [_line(one) for one in measured]
    print(f"{table.machine()}; {table.yardstick(measured)}\n")
    print(table.simple(lines))
    return 0 if all(line[6] != "missed" for line in lines) else 1


def _line(one: Figures) -> tuple[str, ...]:
    bar = one.page.bar.cpu
    verdict = "" if bar is None else "ok" if one.cpu_median <= bar else "missed"
    figures = (f"{one.cpu_median:.1f}", f"{one.cpu_best:.1f}", f"{one.wall_p95:.1f}")
    asked = "–".join(str(number) for number in sorted({min(one.queries), max(one.queries)}))
    return f"{one.page.name}; {one.target.name}", asked, *figures, f"CPU ≤ {bar:g}" if bar else "", verdict


def _addresses(folder: Path, names: list[str], opened: ExitStack) -> Iterator[tuple[str, str]]:
    if "sqlite" in names:
        yield "SQLite", f"sqlite:///{folder / 'status.db'}"
    if "postgres" in names:
        server = opened.enter_context(databases.postgres(folder / "postgres"))
        databases.run(server, "CREATE DATABASE status")
        yield "PostgreSQL", server.rsplit("/", 1)[0] + "/status" + _rest(server)


def _rest(server: str) -> str:
    return "?" + server.split("?", 1)[1] if "?" in server else ""


def _target(name: str, url: str, folder: Path) -> Target:
    app = databases.make_app(url, folder / "app")
    now = datetime.now(UTC)
    databases.migrate(app)
    home = town.build(app, now)[0]
    _agree(app, home.root.id, now)
    with app.app_context(), transaction() as session:
        number = SYSTEMS - len(home.systems)
        session.add_all(System(name=f"Tilkøbt system {one}", customer_id=home.root.id) for one in range(number))
        session.flush()
        system_ids = sorted(session.scalars(select(System.id).where(System.customer_id == home.root.id)))
        people = sorted(session.scalars(select(Person.id).where(Person.customer_id == home.root.id)))
        for kind, rows in _history(home.root.id, system_ids, people, now).items():
            session.execute(insert(table_of(kind)), rows)
    if db_is_postgres(app):
        databases.run(url, "VACUUM ANALYZE")
    target = Target(name, 0, app)
    target.employees = people[-20:]
    target.systems = system_ids
    return target


def db_is_postgres(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "postgresql"


def _agree(app: Flask, customer_id: int, now: datetime) -> None:
    """Office hours for everything."""
    week = {str(day): [["08:00", "16:00"]] for day in range(5)}
    with app.app_context():
        hours = commands.add_hours(
            customer_id,
            name="Kontortid",
            zone="Europe/Copenhagen",
            week=week,
            follows_holidays=False,
            by=SYSTEM,
            now=now,
        )
        goals = [{"kind": None, "priority": int(one), "resolution": "8 hours"} for one in Priority]
        commands.add_agreement(
            customer_id,
            kind=AgreementKind.SERVICE,
            name="Aftale",
            terms=Terms.read({"calendar": hours.id, "targets": goals}),
            starts_on=local_date(now, "Europe/Copenhagen"),
            by=SYSTEM,
            now=now,
        )


def _history(customer_id: int, system_ids: list[int], people: list[int], now: datetime) -> dict[type[Any], Rows]:
    draw = Random(20)
    disturbances: Rows = []
    concerned: Rows = []

    def tell(system_id: int, kind: DisturbanceKind, starts_at: datetime, lasts: timedelta, *, is_over: bool) -> None:
        ends_at, is_planned = starts_at + lasts, kind is DisturbanceKind.MAINTENANCE
        disturbances.append(
            {
                "id": len(disturbances) + 1,
                "customer_id": customer_id,
                "kind": kind,
                "message": "Man kan ikke logge på",
                "advice": "",
                "starts_at": starts_at,
                "expected_end_at": ends_at,
                "ended_at": ends_at if is_over and not is_planned else None,
                "over_at": ends_at if is_over or is_planned else NEVER,
                "outcome": "En server var løbet fuld." if is_over and not is_planned else None,
                "told_from": starts_at,
                "is_major": False,
                "made_at": starts_at,
            }
        )
        concerned.append({"disturbance_id": len(disturbances), "system_id": system_id})

    for system_id in system_ids:
        for kind, a_year in ((DisturbanceKind.DISTURBANCE, DISTURBED), (DisturbanceKind.MAINTENANCE, PLANNED)):
            for _ in range(a_year * YEARS):
                ago = timedelta(minutes=draw.randrange(60 * 24, 60 * 24 * 365 * YEARS))
                tell(system_id, kind, now - ago, timedelta(minutes=draw.randrange(10, 400)), is_over=True)
    for system_id in system_ids[:2]:
        tell(system_id, DisturbanceKind.DISTURBANCE, now - HOUR, 4 * HOUR, is_over=False)
    running = [len(disturbances) - 1, len(disturbances)]
    for number, system_id in enumerate(system_ids[:10], 1):
        tell(system_id, DisturbanceKind.MAINTENANCE, now + number * 24 * HOUR, 2 * HOUR, is_over=False)
    told = [
        {"disturbance_id": one["id"], "at": one["starts_at"], "kind": UpdateKind.TOLD, "body": "Vi er i gang."}
        for one in disturbances
    ]
    noticing = [{"disturbance_id": one, "person_id": who, "at": now} for one in running for who in people[:NOTICING]]
    return {Disturbance: disturbances, DisturbanceSystem: concerned, DisturbanceUpdate: told, MeToo: noticing}


def _overview(target: Target) -> Iterator[Environ]:
    while True:
        for person in target.employees:
            yield target.ask(person, "/status")


def _system(target: Target) -> Iterator[Environ]:
    draw = Random(5)
    while True:
        for person in target.employees:
            yield target.ask(person, f"/status/systems/{draw.choice(target.systems)}")


def _start(target: Target) -> Iterator[Environ]:
    while True:
        for person in target.employees:
            yield target.ask(person, "/")


PAGES = (
    Page("overview, 80 systems", Bar(cpu=5), _overview),
    Page("a system, 90 days", Bar(), _system),
    Page("start page with its banner", Bar(), _start),
)
