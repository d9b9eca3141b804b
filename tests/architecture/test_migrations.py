"""Migrating makes the schema that the models describe: what autogenerate does not see, checks above all, included."""

import importlib
import re
from typing import Any

import flask_migrate
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from servicedesk.core import (
    audit,  # noqa: F401 its table is one of the models
    clock,
)
from servicedesk.core.actor import Role
from servicedesk.core.db import Base, db
from servicedesk.paths import PACKAGE, bundled
from servicedesk.tickets import commands
from servicedesk.tickets.jobs import store
from servicedesk.tickets.search import create_index
from servicedesk.upkeep import check
from tests.apps import make_app
from tests.desk import Desk


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


#: What the release before this one was migrated to.
BEFORE = "0004"


@pytest.mark.committing
def test_what_the_release_before_had_is_there_after_migrating(fresh_app, database, tmp_path):
    """People, tickets with all that hangs on them and news: the same rows, and new columns filled in."""
    desk = Desk(fresh_app)
    supporter = desk.person(Role.SUPPORTER, name="Åse Ørsted", team=desk.team(name="Servicedesk", is_first_line=True))
    desk.ticket("resolved", by=desk.person(name="Bo Madsen"), system=desk.system(name="Print"))
    into, other = desk.ticket(), desk.ticket(by=desk.person(name="Aage Bo"), assignee=supporter)
    with fresh_app.app_context():
        commands.merge(other, by=desk.actor(supporter), now=clock.now(), into_id=into)
        made = _rows(db.engine)
    old = make_app(database.blank(), tmp_path / "old")
    with old.app_context():
        flask_migrate.upgrade(directory=str(bundled("migrations")), revision=BEFORE)
        _put(db.engine, made)
        before = _rows(db.engine)
        db.engine.dispose()
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        after = _rows(db.engine)
        violations = list(check.check(store(), now=clock.now()))
        db.engine.dispose()
    del before["alembic_version"]
    assert len(before["person"]) == 5 and len(before["ticket"]) == 3 and len(before["entry"]) > 6
    for name, rows in before.items():
        assert [{key: row[key] for key in rows[0]} for row in after[name]] == rows if rows else after[name] == [], name
    assert {row["sort_name"] for row in after["person"]} == {row["sort_name"] for row in made["person"]}
    assert violations == []


def _rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    found = {}
    with engine.connect() as connection:
        for table in _tables(engine):
            found[table.name] = [dict(row) for row in connection.execute(table.select()).mappings()]
            found[table.name].sort(key=repr)
    return found


def _put(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    """The columns that there are of the rows."""
    with engine.begin() as connection:
        for table in _tables(engine):
            columns = [column.name for column in table.columns]
            known = [{name: row[name] for name in columns if name in row} for row in rows.get(table.name, [])]
            if known and table.name != "alembic_version":
                connection.execute(table.insert(), known)


def _tables(engine: Engine) -> list[Table]:
    """As the database has them, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(engine, only=lambda name, _: not name.startswith("search_document"))
    return metadata.sorted_tables
