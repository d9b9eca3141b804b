"""A server of our own with made-up people in it, and Chromium to visit it with."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2.profiles import CHEAPEST
from flask import Flask, abort
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core import access
from servicedesk.core.db import db
from servicedesk.signin import passwords
from tests.chromium import program
from tests.databases import Database
from tests.desk import Desk
from tests.pages.visiting import Visits

#: Chromium as a test wants it: no sandbox for root, and nothing that asks the world outside.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept, as by any server that people meet

    def log(self, *_: Any) -> None: ...


@pytest.fixture(scope="session")
def site(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, served at `base_url` of its settings; commits are real."""
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True, request_handler=_Quiet)
    app = _make(f"http://127.0.0.1:{server.server_port}", database.copy(), tmp_path_factory.mktemp("site"))
    server.app = app
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def _make(base_url: str, database_url: str, folder: Path) -> Flask:
    settings = Settings(
        data_dir=folder,
        database_url=database_url,
        base_url=base_url,
        secret_key="only for tests " * 3,
        organisation="Egedal Kommune",
        max_attachment_mb=1,
        is_demo=True,
    )
    app = create_app(settings)
    passwords.use(CHEAPEST)
    app.add_url_rule("/refused/<int:status>", "refused", _refuse)
    return app


def _not_yet(*_: Any) -> list[bytes]:
    raise AssertionError("nobody may ask before the application stands")


@access.public
def _refuse(status: int) -> str:
    """For the looks of every error page."""
    if status == 500:
        raise RuntimeError("on purpose")
    abort(status)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def here(site: Flask) -> Desk:
    """Builders on the served database. Nothing is undone, so each test makes a customer of its own."""
    return Desk(site)


@pytest.fixture
def visit(site: Flask, chromium: Browser) -> Iterator[Visits]:
    """`visit(person)` opens a browser for that person; whatever goes wrong in it fails the test at its end."""
    visits = Visits(site, chromium)
    yield visits
    visits.end()


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def opened(request: pytest.FixtureRequest, visit: Visits) -> Callable[..., Any]:
    """`visit`, once with JavaScript and once without."""
    return lambda *args, **options: visit(*args, javascript=request.param, **options)
