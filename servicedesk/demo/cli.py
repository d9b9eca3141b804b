"""`servicedesk demo`: the two-minute trial."""

import contextlib
import os
import shutil
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import click
import flask_migrate
from click.core import ParameterSource
from flask import Flask
from sqlalchemy.exc import OperationalError

from servicedesk.config import PREFIX, Settings
from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.demo import making, ports
from servicedesk.paths import bundled

HOST = "127.0.0.1"
ORGANISATION = "Odby Kommune"
#: Fewer are not enough for what the visitor is shown.
FEWEST = 100
WEB_PROCESSES = 2

OpenApp = Callable[[Settings], Flask]


class Serve(Protocol):
    """Web and worker together until told to stop; answers the exit status."""

    def __call__(self, host: str, port: int, workers: int, environment: Mapping[str, str] | None) -> int: ...


def command(open_app: OpenApp, serve: Serve) -> click.Command:
    """The command, given how to make the application and how to start the processes, which lie above it."""

    @click.command()
    @click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to serve it.")
    @click.option(
        "--tickets", type=click.IntRange(FEWEST, 1_000_000), default=20_000, show_default=True, help="How many to make."
    )
    @click.option("--reset", is_flag=True, help="Throw the trial's data away and make it anew.")
    @click.option("--no-browser", is_flag=True, help="Do not open a browser.")
    @click.pass_context
    def demo(ctx: click.Context, port: int, tickets: int, reset: bool, no_browser: bool) -> None:
        """Try it: a made-up municipality with a history, served on this machine."""
        is_asked_for = ctx.get_parameter_source("port") is ParameterSource.COMMANDLINE
        port = _free_port(port, is_asked_for=is_asked_for)
        settings = trial_settings(port)
        with _alone(settings.data_dir):
            prepare(settings, open_app, tickets, reset=reset)
            click.echo("Nobody needs a password: the sign-in page has a button for each kind of user.")
            if not no_browser and _has_display():
                threading.Thread(target=_open_browser, args=(settings.base_url,), daemon=True).start()
            sys.exit(serve(HOST, port, WEB_PROCESSES, environment(settings)))

    return demo


# ------------------------------------------------------------------------------------------------ where and what


def trial_settings(port: int) -> Settings:
    """A folder of its own, so that no other installation is touched; never the database or mail server in use."""
    given = Settings.from_environment()
    is_default = given.data_dir == Settings.data_dir.resolve()
    folder = given.data_dir / "demo" if is_default else given.data_dir
    return Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'servicedesk.db'}",
        base_url=f"http://{HOST}:{port}",
        organisation=ORGANISATION,
        locale=given.locale,
        timezone=given.timezone,
        log_format=given.log_format,
        is_demo=True,
    )


def environment(settings: Settings) -> dict[str, str]:
    """For the processes that serve the trial."""
    told = {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "BASE_URL": settings.base_url,
        "ORGANISATION": settings.organisation,
        "SECRET_KEY": "",
        "SMTP_URL": "",
        "TRUSTED_PROXIES": "0",
        "DEMO": "1",
    }
    return {**os.environ, **{PREFIX + name: value for name, value in told.items()}}


def _free_port(port: int, *, is_asked_for: bool) -> int:
    if ports.is_free(HOST, port):
        return port
    other = ports.next_free(HOST, port)
    if is_asked_for or other is None:
        advice = f" Try: servicedesk demo --port {other}" if other else ""
        raise click.ClickException(f"Port {port} is in use by another program.{advice}")
    click.echo(f"Port {port} is in use by another program; this takes {other} instead.")
    return other


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One trial in a folder at a time; the lock goes with the process, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with _said_plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise click.ClickException(f"A trial is running in {folder} already. Stop that one first.") from error
        yield


@contextlib.contextmanager
def _said_plainly(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, OperationalError) as error:
        reason = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
        raise click.ClickException(f"The trial cannot be made in {folder}: {reason}.") from error


# ------------------------------------------------------------------------------------------------ the data


def prepare(settings: Settings, open_app: OpenApp, tickets: int, *, reset: bool) -> None:
    """Makes the trial's data unless it is there; with `reset` also then."""
    file = settings.data_dir / "servicedesk.db"
    _check_ours(settings, file)
    with _said_plainly(settings.data_dir):
        if file.exists() and not reset:
            click.echo("The data of last time is kept (--reset makes it anew).")
            _bring_up_to_date(open_app(settings))
        else:
            _make(file, settings, open_app, tickets)
            shutil.rmtree(settings.attachments_dir, ignore_errors=True)


def _check_ours(settings: Settings, file: Path) -> None:
    """Raises ClickException rather than touch an installation that somebody works with."""
    attachments = settings.attachments_dir
    has_files = attachments.is_dir() and any(attachments.iterdir())
    if not (making.is_trial(file) if file.exists() else not has_files):
        raise click.ClickException(
            f"{settings.data_dir} belongs to an installation that is no trial, and is left as it is. "
            f"Set {PREFIX}DATA_DIR to another folder."
        )


def _bring_up_to_date(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        db.engine.dispose()


def _make(file: Path, settings: Settings, open_app: OpenApp, tickets: int) -> None:
    def open_at(url: str) -> Flask:
        return open_app(Settings(data_dir=settings.data_dir, database_url=url, base_url=settings.base_url))

    with click.progressbar(length=tickets, label="Making Odby Kommune", item_show_func=lambda said: said) as bar:
        making.make(
            file, open_at, tickets, now=clock.now(), progress=lambda doing, done: bar.update(done, current_item=doing)
        )
    click.echo(f"{tickets} tickets of the last 18 months are in {file}.")


# ------------------------------------------------------------------------------------------------ the browser


def _has_display() -> bool:
    if os.environ.get("CI"):
        return False
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_browser(address: str) -> None:
    """As soon as there is somebody who answers; a machine without a browser is no reason to fail."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
            with contextlib.suppress(webbrowser.Error, OSError):
                webbrowser.open(address)
            return
        time.sleep(0.2)
