"""Migrating makes the schema that the models describe: what autogenerate does not see, checks above all, included."""

import importlib
import re
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from servicedesk.core import audit  # noqa: F401 its table is one of the models
from servicedesk.core.db import Base
from servicedesk.paths import PACKAGE, bundled
from servicedesk.tickets.search import create_index


@pytest.fixture
def modelled(database):
    for file in PACKAGE.glob("*/models.py"):
        importlib.import_module(f"servicedesk.{file.parent.name}.models")
    engine = create_engine(database.blank(), poolclass=NullPool)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_index(connection)
    return _schema(engine)


@pytest.fixture
def migrated(database):
    return _schema(create_engine(database.copy(), poolclass=NullPool))


def test_models_and_migrations_make_the_same_tables(modelled, migrated):
    assert set(modelled) == set(migrated) - {"alembic_version"}


def test_models_and_migrations_make_the_same_columns_and_constraints(modelled, migrated):
    differing = {name: (modelled[name], migrated[name]) for name in modelled if modelled[name] != migrated.get(name)}
    assert not differing


def test_every_constraint_has_a_name(migrated):
    unnamed = [table for table, told in migrated.items() if None in told["checks"] or None in told["keys"]]
    assert not unnamed


def test_the_head_is_written_down_so_that_two_branches_meet_in_a_conflict():
    folder = bundled("migrations")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    heads = ScriptDirectory.from_config(config).get_heads()
    assert [(folder / ".current-head").read_text().strip()] == heads


def test_migrations_are_numbered_in_order():
    names = sorted(file.name for file in (bundled("migrations") / "versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]


def _schema(engine: Engine) -> dict[str, Any]:
    reader = inspect(engine)
    told: dict[str, Any] = {}
    with engine.connect() as connection:
        for table in reader.get_table_names():
            told[table] = {
                "columns": {column["name"]: _column(column) for column in reader.get_columns(table)},
                "checks": {one["name"]: _normal(one["sqltext"]) for one in reader.get_check_constraints(table)},
                "keys": {one["name"]: one["column_names"] for one in reader.get_unique_constraints(table)},
                "primary": reader.get_pk_constraint(table),
                "foreign": sorted(map(str, reader.get_foreign_keys(table))),
                "indexes": {one["name"]: (one["column_names"], one["unique"]) for one in reader.get_indexes(table)},
                "counts_on": _counts_on(connection, table),
            }
    engine.dispose()
    return told


def _column(column: Any) -> tuple[str, bool, str]:
    return str(column["type"]), column["nullable"], str(column["default"])


def _normal(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def _counts_on(connection: Any, table: str) -> bool:
    """Whether SQLite never gives a deleted row's number to another."""
    if connection.dialect.name != "sqlite":
        return False
    made = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in (connection.scalar(made, {"name": table}) or "")
