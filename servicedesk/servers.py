"""`servicedesk run`, `web`, `worker` and `sweep`: the processes that serve, and one that does what is due and ends."""

import ctypes
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from servicedesk import worker as worker_process
from servicedesk.app import create_app
from servicedesk.config import SettingError, Settings
from servicedesk.core import clock
from servicedesk.notifications.smtp import Server
from servicedesk.paths import bundled
from servicedesk.upkeep.heartbeat import Run
from servicedesk.upkeep.models import Outcome

DEFAULT_PORT = 8000
THREADS = 4
#: Seconds that a process gets to finish what it is doing.
PATIENCE = 10
#: A process that lives shorter than this does not work at all, and is not started again.
LEAST_LIFE = 10
PR_SET_PDEATHSIG = 1

Command = Callable[..., None]


class CannotStartError(click.ClickException):
    """Something has to be done first; says what."""

    def show(self, file: object = None) -> None:
        click.echo(f"servicedesk: {self.message}", err=True)


def _address_options(command: Command) -> Command:
    for option in (
        click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes."),
        click.option("--port", type=click.IntRange(1, 65535), help="Default: that of SERVICEDESK_BASE_URL, or 8000."),
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    ):
        command = option(command)
    return command


@click.command()
@_address_options
def run(host: str, port: int | None, workers: int) -> None:
    """Start web and worker together."""
    settings = _check()
    port = port or _port(settings)
    _check_free(host, port)
    sys.exit(run_together(host, port, workers))


@click.command()
@_address_options
def web(host: str, port: int | None, workers: int) -> None:
    """Start the web server."""
    settings = _check()
    serve_web(host, port or _port(settings), workers)


@click.group(invoke_without_command=True)
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Start the worker that sends mails and looks after what is due."""
    if ctx.invoked_subcommand is None:
        _check()
        worker_process.serve(create_app())


class AwareInstant(click.ParamType[datetime]):
    """A point in time with its distance from UTC, such as 2026-03-02T08:00Z."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date and time like 2026-03-02T08:00:00Z.", param, ctx)
        if at.tzinfo is None:
            self.fail(f"{value!r} does not say where it counts; end it with Z or with +01:00.", param, ctx)
        if not 2000 <= at.year < 2200:
            self.fail(f"{value!r} is too far away.", param, ctx)
        return at.astimezone(UTC)


@click.command()
@click.option("--now", type=AwareInstant(), help="Do what is due at that time instead of now; needs a time zone.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@with_appcontext
def sweep(now: datetime | None, as_json: bool) -> None:
    """Do everything that is due, once, and end: what the worker does on its schedule.

    A line for each job; ends with 1 when one of them failed.
    """
    _check_schema(current_app.extensions["settings"].database_url)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    has_failed = False
    for run, done in worker_process.sweep(app, now=now or clock.now()):
        has_failed |= run.outcome is not Outcome.DONE
        if as_json:
            click.echo(json.dumps({"job": run.job, "done": done, "outcome": run.outcome, "error": run.error}))
        else:
            click.echo(f"{run.job}: {_told(run, done)}")
    sys.exit(1 if has_failed else 0)


def _told(run: Run, done: int) -> str:
    if run.outcome is Outcome.FAILED:
        return f"failed after {done} ({run.error}; the log says more)"
    if run.outcome is Outcome.BUSY:
        return f"{done} done, the rest put off: the database is busy"
    return f"{done} done" if done else "nothing due"


# ------------------------------------------------------------------------------------------------ before starting


def _check() -> Settings:
    """Raises CannotStartError when a server could not do its work."""
    settings = Settings.from_environment()
    try:
        if settings.smtp_url:
            Server.from_url(settings.smtp_url)
    except SettingError as error:
        raise CannotStartError(str(error)) from error
    _check_schema(settings.database_url)
    return settings


def _check_schema(database_url: str) -> None:
    url = make_url(database_url)
    if url.drivername == "sqlite" and url.database and not Path(url.database).exists():
        raise CannotStartError(f"there is no database at {url.database} yet; run `servicedesk init` first")
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            present = set(MigrationContext.configure(connection).get_current_heads())
    except OperationalError as error:
        raise CannotStartError(f"the database cannot be reached: {str(error.orig).strip()}") from error
    finally:
        engine.dispose()
    if not present:
        raise CannotStartError("the database is empty; run `servicedesk init` first")
    if present != set(ScriptDirectory(str(bundled("migrations"))).get_heads()):
        raise CannotStartError("the database belongs to another version; run `servicedesk init` to bring it up to date")


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise CannotStartError(f"cannot listen on {host} port {port}: {error.strerror}") from error


def _port(settings: Settings) -> int:
    parts = urlsplit(settings.base_url)
    return (parts.scheme == "http" and parts.port) or DEFAULT_PORT


# ------------------------------------------------------------------------------------------------ the processes


def serve_web(host: str, port: int, workers: int) -> None:
    """Serves pages until the process is told to stop."""
    _check_free(host, port)
    server = Granian(
        "servicedesk.servers:create_web_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    )
    shown = f"[{host}]" if ":" in host else host
    server.on_startup(lambda: click.echo(f"Servicedesk is at http://{shown}:{port} (stop with Ctrl-C)"))
    server.serve()


def create_web_app() -> Flask:
    """The application in one of the web server's processes, which would otherwise outlive a server that is killed."""
    _end_with_parent()
    return create_app()


@dataclass
class _Child:
    """A process of ours, started again when it dies."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] | None

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "servicedesk", *self.arguments],
            env=self.environment,
            preexec_fn=_end_with_parent,
        )

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None

    @property
    def lived(self) -> float:
        return time.monotonic() - self.started


def run_together(host: str, port: int, workers: int, environment: Mapping[str, str] | None = None) -> int:
    """Web and worker as two processes until told to stop; answers the exit status."""
    address = ("--host", host, "--port", str(port), "--workers", str(workers))
    children = [_Child(("web", *address), environment), _Child(("worker",), environment)]
    with _asked_to_stop() as is_asked:
        for child in children:
            child.start()
        try:
            return _watch(children, is_asked)
        finally:
            _stop(children)


def _watch(children: list[_Child], is_asked: Callable[[], bool]) -> int:
    while not is_asked():
        for child in (child for child in children if child.is_dead):
            if is_asked():
                break
            status = child.process.returncode
            click.echo(f"servicedesk: the {child.arguments[0]} process ended with status {status}", err=True)
            if child.lived < LEAST_LIFE:
                return 1
            time.sleep(2)  # processes of its own that it left behind let go of the port
            child.start()
        time.sleep(0.2)
    return 0


def _stop(children: list[_Child]) -> None:
    started = [child.process for child in children if hasattr(child, "process")]
    for process in started:
        process.terminate()
    until = time.monotonic() + PATIENCE + 2
    for process in started:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_with_parent() -> None:
    """In the child, on Linux: be asked to stop when whoever started us is killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
