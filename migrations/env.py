"""Runs migrations on the application's database, from a checkout and from an installed package alike."""

from importlib import import_module
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import SmallInteger, Text
from sqlalchemy.engine import Connection
from sqlalchemy.types import DateTime, TypeDecorator

from servicedesk.core.db import for_writers
from servicedesk.paths import PACKAGE

#: Tables that no model describes; see servicedesk/tickets/search.py.
OWN_TABLES = "search_document"


def import_models() -> None:
    """All of them, whether or not a view uses them already: a table without its model would be dropped."""
    import_module("servicedesk.core.audit")
    for file in PACKAGE.glob("*/models.py"):
        import_module(f"servicedesk.{file.parent.name}.models")


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compared_to: Any) -> bool:
    return not (kind in ("table", "index") and OWN_TABLES in (name or ""))


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | bool:
    """A migration knows plain types only: ours may change, what was migrated once does not."""
    if kind == "type" and isinstance(item, TypeDecorator):
        plain = item.impl_instance
        if isinstance(plain, DateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(plain, Text | SmallInteger):
            return f"sa.{type(plain).__name__}()"
    return False


def run_migrations(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        include_object=include_object,
        render_item=render_item,
        transactional_ddl=True,  # on SQLite too, as our engine begins and ends transactions itself
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    import_models()
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            run_migrations(connection.execution_options(**for_writers(engine.dialect)))
            return
        # SQLite changes a table by making it anew; with foreign keys on, dropping the old one would empty others.
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            run_migrations(connection.execution_options(**for_writers(engine.dialect)))
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


main()
