"""Fills a database with tickets, table by table and thousands at a time."""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import make_url

from bench import town
from bench.databases import close, make_app, migrate
from bench.journals import TABLES, Rows, Teller, pieces
from servicedesk.figures.commands import rebuild

Write = Callable[[Rows], None]

#: Tables that are filled without their indexes and constraints, which are made when all rows are there.
_BARE = ("ticket", "entry", "ticket_clock", "follower", "attachment", "search_document")


def fill_postgres(url: str, tickets: int, folder: Path) -> None:
    app = make_app(url, folder)
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    now = datetime.now(UTC)
    migrate(app)
    customers = town.build(app, now)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'")
        put_back = _strip(connection)
        _fill(Teller(customers, tickets, now), tickets, lambda rows: _copy(connection, rows))
        for statement in put_back:
            _say(f"  {statement[:100]}")
            connection.execute(statement)
        for table in ("ticket", "entry", "attachment"):
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        _say("  VACUUM ANALYZE")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    _add_up(app)
    close(app)
    _say("")


def _add_up(app: Flask) -> None:
    _say("  adding up figures")
    with app.app_context():
        rebuild()


def _strip(connection: psycopg.Connection[Any]) -> list[str]:
    """Takes off indexes and constraints; answers the statements that put them back, in the order that works."""
    kept = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint "
        "WHERE (conrelid = ANY(%s::regclass[]) AND contype IN ('p', 'u', 'f')) OR confrelid = ANY(%s::regclass[]) "
        "ORDER BY contype = 'f' DESC",
        (list(_BARE), list(_BARE)),
    ).fetchall()
    for table, name, _, _ in kept:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)",
        (list(_BARE),),
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    back = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {told}' for table, name, told, _ in reversed(kept)]
    return [definition for _, definition in indexes] + back


def _copy(connection: psycopg.Connection[Any], rows: Rows) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        for table, columns in TABLES.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in _with_vectors(rows[table]) if table == "search_document" else rows[table]:
                    copy.write_row(row)


def _with_vectors(rows: Iterable[Sequence[Any]]) -> Iterable[tuple[int, str]]:
    """As to_tsvector('simple', …) would make them of words that hold nothing but letters and digits."""
    for id_, words in rows:
        yield id_, " ".join(f"{word}:{at}" for at, word in enumerate(words.split(" "), start=1))


def fill_sqlite(file: Path, tickets: int, folder: Path) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    app = make_app(f"sqlite:///{unfinished}", folder)
    now = datetime.now(UTC)
    migrate(app)
    customers = town.build(app, now)
    connection = sqlite3.connect(unfinished)
    connection.execute("PRAGMA synchronous = OFF")
    _fill(Teller(customers, tickets, now), tickets, lambda rows: _insert(connection, rows))
    connection.commit()
    _add_up(app)
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.commit()
    connection.close()
    close(app)
    unfinished.rename(file)
    _say("")


def _insert(connection: sqlite3.Connection, rows: Rows) -> None:
    with connection:
        for table, columns in TABLES.items():
            named = ["rowid" if (table, column) == ("search_document", "ticket_id") else column for column in columns]
            marks = ", ".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(named)}) VALUES ({marks})",
                (tuple(map(_plain, row)) for row in rows[table]),
            )


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _fill(teller: Teller, tickets: int, write: Write) -> None:
    begun = time.monotonic()
    for first, last in pieces(tickets):
        write(teller.rows(first, last))
        rate = last / (time.monotonic() - begun)
        _say(f"  {last:,} of {tickets:,} tickets, {rate:,.0f} a second, {(tickets - last) / rate:.0f} s left")


def _say(text: str) -> None:
    """One line that the next one replaces."""
    sys.stderr.write(f"\r\033[K{text}" if sys.stderr.isatty() else f"{text}\n" if text else "")
    sys.stderr.flush()
