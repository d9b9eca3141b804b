"""For what is measured alone: a database of its own on each system, thrown away the next time, and a plain town."""

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import make_url

from bench import databases, table
from servicedesk.core.db import db
from servicedesk.organisation.models import Unit


def apps(about: str, arguments: list[str], description: str | None) -> Iterator[tuple[str, Flask]]:
    """The database system and the application on an empty database, for each that the command line names."""
    parser = argparse.ArgumentParser(prog=f"python -m bench {about}", description=description)
    parser.add_argument("--databases", type=lambda names: names.split(","), default=["postgres", "sqlite"])
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("BENCH_DIR") or "var/bench"))
    wanted = parser.parse_args(arguments)
    folder = wanted.folder.resolve()
    with ExitStack() as opened:
        for name in wanted.databases:
            app = databases.make_app(_blank(name, about, folder, opened), folder / "app")
            databases.migrate(app)
            yield name, app
            databases.close(app)


def _blank(name: str, about: str, folder: Path, opened: ExitStack) -> str:
    if name == "sqlite":
        file = folder / "sqlite" / f"{about}.db"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        return f"sqlite:///{file}"
    server, own = opened.enter_context(databases.postgres(folder / "postgres")), f"bench_{about}"
    databases.run(server, f"DROP DATABASE IF EXISTS {own} WITH (FORCE)", f"CREATE DATABASE {own}")
    return make_url(server).set(database=own).render_as_string(hide_password=False)


def report(lines: list[tuple[str, ...]]) -> int:
    """Prints the table; the exit code says whether the last column is `ok` throughout."""
    print(f"{table.machine()}\n")
    print(table.simple(lines))
    return 0 if all(line[-1] == "ok" for line in lines[1:]) else 1


def plant(random: Random, number: int) -> list[Unit]:
    """A municipality and the units in it, two or three levels deep, the root first."""
    units = [_plant("Kommunen", None)]
    for one in range(number - 1):
        units.append(_plant(f"Enhed {one}", random.choice(units[:12])))
    return units


def _plant(name: str, parent: Unit | None) -> Unit:
    unit = Unit(name=name, parent_id=parent.id if parent else None)
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    unit.customer_id = parent.customer_id if parent else unit.id
    return unit
