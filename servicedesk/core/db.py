"""The database: base of all models, column types, and the only code that commits."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Dialect, Engine, Enum, Integer, MetaData, String, Table, Text, event
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from servicedesk.core.errors import N_, BusyError

#: How long a writer waits for another on SQLite, in milliseconds.
SQLITE_BUSY_MS = 15_000


class Base(DeclarativeBase):
    """Base of every model; each constraint gets a name, as migrations need one."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

#: A key that lasts; SQLite only counts by itself in an INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

#: Text that both databases sort byte by byte.
AsciiText = String().with_variant(String(collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An absolute instant: aware in Python, UTC in the database."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def canonical_json(value: Any) -> str:
    """The same text for the same value, always: what is digested and what is stored."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Json(TypeDecorator[Any]):
    """JSON kept as canonical text, so that a digest over it can be taken again."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def enum_column(kind: type[StrEnum], name: str | None = None) -> Enum:
    """An enum kept as its value in a text column with a check."""
    return Enum(
        kind,
        native_enum=False,
        length=30,
        create_constraint=True,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def table_of(kind: type[Base]) -> Table:
    """For statements over many rows, which need no objects."""
    table = kind.__table__
    assert isinstance(table, Table)
    return table


@contextmanager
def transaction(*, waits: bool = True) -> Iterator[Session]:
    """One use case: everything in it is saved together, or nothing is.

    An inner transaction joins the outer one. Reading that was done before is forgotten, so that what a
    command decides upon is read inside it (on SQLite with the writer's lock already held). What could as well
    be done later does not wait for another writer on SQLite: BusyError comes at once.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        yield session
        return
    session.rollback()
    session.info["in_transaction"] = True
    try:
        session.connection(execution_options={"writes": True, "waits": waits})
        yield session
        session.commit()
    except OperationalError as error:
        session.rollback()
        if "database is locked" in str(error.orig):
            raise BusyError(N_("Der er travlt lige nu, og ændringen blev ikke gemt. Prøv igen om lidt.")) from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("in_transaction", None)


def prepare_engine(engine: Engine) -> None:
    """Makes SQLite behave: foreign keys, write-ahead log, power-cut safety, and writers that queue up."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={SQLITE_BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A reader that turns writer can fail at once when another wrote in between: writers lock first.
        options = connection.get_execution_options()
        if options.get("waits", True):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
        else:
            _begin_now_or_never(connection)


def _begin_now_or_never(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
