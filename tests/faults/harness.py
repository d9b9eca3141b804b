"""A real server to break, real clients that keep account of what they were told, and what must hold afterwards."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import flask_migrate
from flask import Flask
from sqlalchemy import func, select

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.core.files import Store
from servicedesk.paths import bundled
from servicedesk.tickets.models import Entry, EntryKind, Ticket
from servicedesk.upkeep import check
from tests import databases
from tests.databases import SERVER_URL, Database
from tests.desk import Desk

LOCALHOST = "127.0.0.1"


@contextmanager
def fresh_databases(kind: str) -> Iterator[Database]:
    """Databases of the kind asked for; for PostgreSQL a server is started unless the environment names one."""
    server = databases.start_postgres() if kind == "postgres" and not os.environ.get(SERVER_URL) else None
    try:
        with tempfile.TemporaryDirectory() as folder, databases.opened(Path(folder), _migrate) as source:
            yield source
    finally:
        if server is not None:
            server.cleanup()
            os.environ.pop(SERVER_URL, None)


def _migrate(url: str) -> None:
    app = create_app(Settings(database_url=url, data_dir=Path(tempfile.mkdtemp()), secret_key=SECRET))
    with app.app_context():
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        db.engine.dispose()


SECRET = "only for breaking things on purpose"


@dataclass
class Site:
    """An installation with a database of its own and somebody in it for each demo button."""

    database_url: str
    folder: Path

    def __post_init__(self) -> None:
        with socket.socket() as door:
            door.bind((LOCALHOST, 0))
            self.port = door.getsockname()[1]
        settings = Settings(
            database_url=self.database_url,
            data_dir=self.folder,
            secret_key=SECRET,
            base_url=f"http://{LOCALHOST}:{self.port}",
            is_demo=True,
        )
        self.app: Flask = create_app(settings)
        desk = Desk(self.app)
        self.filer = desk.person(name="Mette Holm")
        self.supporter = desk.person(Role.SUPPORTER, name="Lene Krogh")
        self.colleague = desk.person(Role.SUPPORTER, name="Jonas Lind")
        desk.team([self.supporter, self.colleague], is_first_line=True)
        self.desk = desk

    def environment(self) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": SECRET,
            "BASE_URL": f"http://{LOCALHOST}:{self.port}",
            "DEMO": "1",
        }
        return {**os.environ, **{f"SERVICEDESK_{name}": value for name, value in ours.items()}}

    @contextmanager
    def serving(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """The web server as a process of its own, until the block ends."""
        words = command or ("-m", "servicedesk", "web", "--port", str(self.port), "--workers", "2")
        with (self.folder / "server.log").open("wb") as log:
            process = subprocess.Popen([sys.executable, *words], env=self.environment(), stdout=log, stderr=log)
            try:
                self.wait_until_ready()
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def wait_until_ready(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if Client(self.port).ask("GET", "/readyz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise TimeoutError((self.folder / "server.log").read_text())

    def close(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def violations(self) -> list[str]:
        """What `servicedesk check` says."""
        with self.app.app_context():
            store = Store(self.folder / "attachments")
            return [str(violation) for violation in check.check(store, now=clock.now())]

    def filed(self) -> Counter[str]:
        """How many tickets there are with each subject."""
        with self.app.app_context():
            return Counter(db.session.scalars(select(Ticket.subject)))

    def half_tickets(self) -> int:
        """Tickets without their first entry, and first entries without a ticket."""
        with self.app.app_context():
            tickets = db.session.scalar(select(func.count()).select_from(Ticket)) or 0
            query = select(func.count()).select_from(Entry).where(Entry.kind == EntryKind.FILED)
            return abs(tickets - (db.session.scalar(query) or 0))


def children_of(pid: int) -> list[int]:
    """Ids of the processes that a process started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


@dataclass
class Client:
    """A browser of the simplest kind, that says so when it could not get an answer."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str, str]:
        """(status, body, address led to); raises OSError or HTTPException when no whole answer came."""
        sent = {
            "Host": f"{LOCALHOST}:{self.port}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(LOCALHOST, self.port, timeout=20)
        try:
            connection.request(method, path, body, sent)
            with connection.getresponse() as answer:
                text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        return answer.status, text, answer.headers.get("Location", "")

    def sign_in(self, person_id: int) -> None:
        form = {"csrf_token": self.csrf("/sign-in"), "person_id": str(person_id)}
        status, _, _ = self.ask("POST", "/demo/sign-in", form)
        assert status == 303, status
        self.token = self.csrf("/tickets/new")

    def csrf(self, path: str) -> str:
        _, text, _ = self.ask("GET", path)
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', text)
        assert found, text[:500]
        return found[1]

    def file(self, subject: str, form_id: str, **headers: str) -> str | None:
        """Sends the filing form once: the address of the ticket, or None when that is not known."""
        form = {"csrf_token": self.token, "subject": subject, "description": "Den virker ikke", "form_id": form_id}
        try:
            status, text, location = self.ask("POST", "/tickets/new", form, **headers)
        except (OSError, http.client.HTTPException):
            return None
        if status == 303:
            return location
        assert status in (500, 502, 503), (status, text[:300])
        return None
