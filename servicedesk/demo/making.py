"""Makes the trial's database: as a file beside its place, which it takes when everything is in it."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import event, insert

from servicedesk.agreements.book import book_of
from servicedesk.core.db import db, table_of, transaction
from servicedesk.demo import (
    accountable,
    competence,
    floor,
    macros,
    phrases,
    privacy,
    promises,
    register,
    reports,
    running,
    satisfaction,
    texts,
    training,
    trying,
    views,
    working,
)
from servicedesk.demo.history import History
from servicedesk.demo.local import LocalTier
from servicedesk.demo.rhythm import Rhythm
from servicedesk.demo.showcase import Showcase
from servicedesk.demo.superbrugere import Corps
from servicedesk.demo.tale import Tale
from servicedesk.demo.town import Town
from servicedesk.demo.warnings import warn
from servicedesk.figures import commands as figures
from servicedesk.organisation.models import Person, PersonKey, RoleGrant, Team, TeamMember, Unit
from servicedesk.organisation.person_keys import keys_of
from servicedesk.paths import bundled
from servicedesk.systems.models import System, SystemUnit
from servicedesk.tickets import bulk
from servicedesk.upkeep.chain import ANCHORS

#: How far back the history goes.
DAYS = 548
SEED = 8300
BATCH = 400
#: Says in the file's header that a database is a trial's, and may be thrown away.
APPLICATION_ID = 0x53444D4F

#: Told what is being done, and how many of how many tickets are there.
Progress = Callable[[str, int], None]


def is_trial(file: Path) -> bool:
    """Whether the database is one of ours, complete; raises FileNotFoundError when there is none."""
    if not file.exists():
        raise FileNotFoundError(file)
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            (found,) = connection.execute("PRAGMA application_id").fetchone()
        except sqlite3.DatabaseError:
            return False
    return bool(found == APPLICATION_ID)


def remove(file: Path) -> None:
    file.with_name(ANCHORS).unlink(missing_ok=True)
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def make(file: Path, open_app: Callable[[str], Flask], tickets: int, *, now: datetime, progress: Progress) -> None:
    """Makes the database `file`. What an earlier, interrupted making left behind is thrown away first."""
    unfinished = file.with_name(file.name + ".unfinished")
    file.parent.mkdir(parents=True, exist_ok=True)
    remove(unfinished)
    app = open_app(f"sqlite:///{unfinished}")
    with app.app_context():
        event.listen(db.engine, "connect", _in_a_hurry)
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        fill(tickets, now=now, progress=progress)
        progress("Making it ready", 0)
        db.session.remove()
        db.engine.dispose()
    _seal(unfinished)
    remove(file)
    unfinished.replace(file)


def _in_a_hurry(connection: Any, _record: Any) -> None:
    """Nothing has to survive a power cut: an unfinished file is not used."""
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _seal(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO search_document (search_document) VALUES ('optimize')")
        connection.execute("ANALYZE")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")


# ------------------------------------------------------------------------------------------------ what is in it


def fill(tickets: int, *, now: datetime, progress: Progress, seed: int = SEED) -> None:
    """Fills an empty database with the town and its history; needs an application context."""
    rng = Random(seed)  # noqa: S311 - the same town each time
    progress("Founding Odby Kommune", 0)
    town = Town(rng, now)
    _write_town(town)
    promises.make(town, texts.load("talk")["suppliers"], now)
    register.keep(town, now, Random(seed))  # noqa: S311 - with dice of its own, so that the history stays as it was
    running.make(town, now, Random(seed))  # noqa: S311 - with dice of its own, so that the history stays as it was
    phrases.write(town, now)
    working.make(town, now)
    macros.make(town, now)
    local = LocalTier(Corps(town, now, Random(seed)), Random(seed))  # noqa: S311 - dice of their own, as above
    training.teach(town, now, Random(seed))  # noqa: S311 - dice of its own, as above
    register.review(town, now, Random(seed))  # noqa: S311 - as above
    rhythm = Rhythm(now, DAYS)
    batch: list[Tale] = []
    for tales in _all(History(town, rhythm, rng, local), rhythm, rng, tickets):
        batch += tales
        if len(batch) >= BATCH:
            progress(_month(batch), len(batch))
            _write(batch, now)
            batch = []
    progress("This morning", len(batch))
    _write(batch, now)
    running.gather(town, now)
    floor.help_on_floor(town, now, Random(seed))  # noqa: S311 - dice of its own, as above
    satisfaction.make(town, now, Random(seed))  # noqa: S311 - dice of its own, as above
    views.save(town, now)
    competence.make(town, now, Random(seed))  # noqa: S311 - dice of its own, as above
    progress("Adding up", 0)
    figures.rebuild()
    figures.tell_coverage(now)
    reports.send(town, now)
    trying.try_one(town, now)
    accountable.look(town, now, Random(seed))  # noqa: S311 - dice of its own, as above
    privacy.look_after(town, now)


def _all(history: History, rhythm: Rhythm, rng: Random, tickets: int) -> Iterator[list[Tale]]:
    showcase = Showcase(history, rng)
    instants = rhythm.filings(max(tickets - len(showcase), 0), rng)
    done, next_id = 0, 1
    while done < len(instants):
        shown = list(showcase.until(instants[done], next_id))
        next_id += len(shown)
        told = history.tell(instants[done : done + 9], next_id)
        done, next_id = done + len(told), next_id + len(told)
        yield [*shown, *told]
    yield list(showcase.until(rhythm.now, next_id))


def _month(batch: list[Tale]) -> str:
    return f"{batch[0].entries[0].at:%B %Y}"


def _write(batch: list[Tale], now: datetime) -> None:
    books = {id_: book_of(id_) for id_ in {tale.ticket.customer_id for tale in batch}}
    bulk.write_journals([warn(tale, books[tale.ticket.customer_id], now) for tale in batch], now=now)


def _keys(people: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What each is found by: rows that are put in past the model do not get that by themselves."""
    for one in people:
        told = {name: one.get(name) for name in ("name", "initials", "email", "phone")}
        for key, written in keys_of(**told).items():
            yield {"key": key, "written": written, "person_id": one["id"]}


def _write_town(town: Town) -> None:
    people = town.person_rows()
    with transaction():
        for kind, rows in (
            (Unit, town.unit_rows()),
            (Person, people),
            (PersonKey, list(_keys(people))),
            (Team, town.team_rows()),
            (TeamMember, town.member_rows()),
            (System, town.system_rows()),
            (SystemUnit, town.system_unit_rows()),
            (RoleGrant, town.grants),
        ):
            db.session.execute(insert(table_of(kind)), rows)
