"""What every test may ask for: `desk` makes, `browse` acts, `at` sets the time, `queries` counts.

Each test runs in a transaction that is rolled back at its end. A test that needs commits to be real, because it
works with several connections or processes, takes `fresh_app` and is marked `committing`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from hypothesis import settings

from servicedesk.cockpit.views.arranging import COUNTED
from servicedesk.core.db import db
from servicedesk.upkeep.chain import ANCHORS
from tests import chromium, databases
from tests.apps import make_app, migrate
from tests.browser import Browser
from tests.databases import Database
from tests.desk import LOCAL_ZONE, Desk, Someone

LOCAL = ZoneInfo(LOCAL_ZONE)

# How often a test is tried with other random values; `make test` asks for the thorough profile.
settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=80, deadline=None)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    told = f"what the tests run on; without it SQLite, or the server that {databases.SERVER_URL} names"
    parser.addoption("--database", choices=("sqlite", "postgres"), help=told)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") == "sqlite":
        os.environ.pop(databases.SERVER_URL, None)
    elif config.getoption("--database") == "postgres" and not os.environ.get(databases.SERVER_URL):
        config.stash[_SERVER] = databases.start_postgres()  # before any xdist worker starts: they inherit its address


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(_SERVER, None):
        server.cleanup()
        os.environ.pop(databases.SERVER_URL, None)


def pytest_report_header() -> str:
    return f"database: {'postgresql' if os.environ.get(databases.SERVER_URL) else 'sqlite'}"


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what `-m` does not ask for
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {
        "postgres_only": "" if os.environ.get(databases.SERVER_URL) else "needs PostgreSQL: --database postgres",
        "browser": "" if chromium.program() else "needs Chromium, and none is installed",
    }
    for item in items:
        if "database" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.once)  # it asks no database anything
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


_SERVER = pytest.StashKey[Any]()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Where databases with the present schema come from; `database.dialect` says which kind."""
    folder = tmp_path_factory.mktemp("databases")
    with databases.opened(folder, lambda url: migrate(make_app(url, folder))) as source:
        yield source


@pytest.fixture(scope="session")
def shared_app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(database.copy(), tmp_path_factory.mktemp("data"))
    # A bug in a view is shown with its trace rather than as a page with an apology.
    app.error_handler_spec[None][None].pop(Exception, None)
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application; whatever the test changes in its database is undone afterwards."""
    with shared_app.app_context():
        engines: dict[str | None, Any] = db.engines  # type: ignore[assignment]
    engine = engines[None]
    # What the audit log's chain came to in a test is undone with it; its anchors are in a file.
    (shared_app.extensions["settings"].data_dir / ANCHORS).unlink(missing_ok=True)
    # The figures beside tabs are kept for some seconds: the next test's people may look the same.
    COUNTED.clear()
    with databases.one_connection(engine) as connection:
        engines[None] = connection
        yield shared_app
        engines[None] = engine


@pytest.fixture
def fresh_app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of its own in which commits are real; for tests marked `committing`."""
    app = make_app(database.copy(), tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def browse(app: Flask, desk: Desk) -> Callable[..., Browser]:
    """`browse(person)` is that person with a browser, signed in; `browse()` is a stranger."""

    def open_browser(person: Someone | None = None) -> Browser:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        if person is not None:
            browser.sign_in(desk.sign_in(person))
        return browser

    return open_browser


@pytest.fixture
def at() -> Iterator[Callable[[str], datetime]]:
    """`at("2026-03-02 09:00")` stops the clock at that time on the wall in Denmark, and answers it in UTC."""
    stopped: list[time_machine.travel] = []

    def travel(local: str) -> datetime:
        instant = datetime.fromisoformat(local).replace(tzinfo=LOCAL).astimezone(ZoneInfo("UTC"))
        stopped.append(time_machine.travel(instant, tick=False))
        stopped[-1].start()
        return instant

    yield travel
    for travelled in reversed(stopped):
        travelled.stop()


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with queries() as asked:` collects the SQL statements that are sent meanwhile."""
    return databases.statements
