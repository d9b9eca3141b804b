"""The database: base of all models, column types, and the only code that commits."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Dialect, Engine, Enum, Integer, MetaData, Row, Select, String, Table, Text, event
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from servicedesk.core.errors import N_, BusyError

#: How long a writer waits for another on SQLite, in milliseconds.
SQLITE_BUSY_MS = 15_000
#: So long after its last use a connection to PostgreSQL is believed to be one: no server starts again sooner.
FRESH_S = 1.0
#: How long one waits that somebody's page waits for, and that can be put down elsewhere.
SHORT_BUSY_MS = 1_000


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

    # A page reads hundreds: through `process_result_value` each would take three calls instead of one.
    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        return _read_sqlite if dialect.name == "sqlite" else _read_aware


def _read_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def _read_aware(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


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


#: A row whose fields are what a statement asks for.
AnyRow = Row[*tuple[Any, ...]]
#: What the session asks with, too: else the columns of each statement are compared with those of the one that was
#: compiled first, by making conditions of them.
_AS_ASKED: dict[str, Any] = {"_result_disable_adapt_to_context": True}


def bare(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None) -> Sequence[AnyRow]:
    """The rows of a statement that asks for columns: the session would look through each for objects, which takes as
    long as all the rest of a short question. Their fields are found by place and by name, not by column.
    """
    db.session.flush()
    return db.session.connection().execute(statement, values or {}, execution_options=_AS_ASKED).all()


@contextmanager
def transaction(*, waits: bool = True, patience: int | None = None) -> Iterator[Session]:
    """One use case: everything in it is saved together, or nothing is.

    An inner transaction joins the outer one. Reading that was done before is forgotten, so that what a
    command decides upon is read inside it (on SQLite with the writer's lock already held). What could as well
    be done later does not wait for another writer on SQLite: BusyError comes at once, or after `patience`, in
    milliseconds.
    """
    if patience is None:
        patience = SQLITE_BUSY_MS if waits else 0
    session = db.session()
    if session.info.get("in_transaction"):
        yield session
        return
    session.rollback()
    session.info["in_transaction"] = True
    try:
        session.connection(execution_options={**for_writers(db.engine.dialect), "patience": patience})
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


def for_writers(dialect: Dialect) -> dict[str, Any]:
    """The options of a connection that writes: others lock nothing on SQLite and begin nothing on PostgreSQL."""
    return {"writes": True} if dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}


def prepare_engine(engine: Engine) -> None:
    """Makes SQLite behave: foreign keys, write-ahead log, power-cut safety, nothing left behind, writers that wait.

    And looks, before a connection to PostgreSQL is used that has not been for a while, whether it still is one.
    """
    if engine.dialect.name != "sqlite":
        _look_before_use(engine)
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        # What is deleted is written over: people who ask to be erased do not mean "from the free pages, some day".
        kept = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
        for pragma in (*kept, f"busy_timeout={SQLITE_BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A reader that turns writer can fail at once when another wrote in between: writers lock first.
        options = connection.get_execution_options()
        patience = options.get("patience", SQLITE_BUSY_MS)
        if patience == SQLITE_BUSY_MS:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
        else:
            _begin_soon_or_never(connection, int(patience))


def _look_before_use(engine: Engine) -> None:
    """What SQLAlchemy's `pool_pre_ping` does each time, which is one question more for a poll that asks one."""

    @event.listens_for(engine, "checkin")
    def _given_back(_connection: Any, record: Any) -> None:
        record.info["given_back"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("given_back", 0.0) < FRESH_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _begin_soon_or_never(connection: Connection, patience: int) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")


def empty_write_ahead_log() -> bool:
    """On SQLite, carries all that was written over to the database itself and empties the log; whether that is done.

    Pages as they were before an erasure may lie there. Not within a transaction; not while somebody still reads them.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        is_busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not is_busy
