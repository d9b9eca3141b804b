"""`servicedesk demo`: made once, kept, made anew, and never in the place of something else."""

import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from servicedesk.app import create_app
from servicedesk.demo import making
from servicedesk.demo.cli import command

pytestmark = pytest.mark.committing


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """Runs the command with processes that end at once; answers its result and what they were started with."""
    monkeypatch.setenv("SERVICEDESK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SERVICEDESK_SMTP_URL", "smtp://mail.example")
    monkeypatch.delenv("DISPLAY", raising=False)
    started: list[tuple[Any, ...]] = []

    def serve(host, port, workers, environment):
        started.append((host, port, environment))
        return 0

    def run(*arguments: str):
        options = ["--tickets", "100", "--no-browser", *arguments]
        result = CliRunner().invoke(command(create_app, serve), options)
        return result, started

    return run


def tickets_in(folder: Path) -> int:
    connection = sqlite3.connect(folder / "servicedesk.db")
    found: int
    (found,) = connection.execute("SELECT count(*) FROM ticket").fetchone()
    connection.close()
    return found


def delete_some(folder: Path) -> None:
    connection = sqlite3.connect(folder / "servicedesk.db")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM ticket WHERE id > 90")
    connection.commit()
    connection.close()


def test_it_makes_the_data_once_and_anew_when_it_is_asked_to(trial, tmp_path):
    result, started = trial()

    assert result.exit_code == 0, result.output
    assert tickets_in(tmp_path) == 100
    [(_, _, environment)] = started
    assert environment["SERVICEDESK_DEMO"] == "1"
    assert environment["SERVICEDESK_DATABASE_URL"].endswith(f"{tmp_path}/servicedesk.db")
    assert environment["SERVICEDESK_SMTP_URL"] == ""  # nothing leaves the trial

    delete_some(tmp_path)

    assert "is kept" in trial()[0].output
    assert tickets_in(tmp_path) == 90
    assert trial("--reset")[0].exit_code == 0
    assert tickets_in(tmp_path) == 100


def test_an_interrupted_making_starts_over(trial, tmp_path, monkeypatch):
    def stumble(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(making, "_write", stumble)
        assert trial()[0].exit_code != 0
    assert not (tmp_path / "servicedesk.db").exists()
    assert (tmp_path / "servicedesk.db.unfinished").exists()

    assert trial()[0].exit_code == 0
    assert tickets_in(tmp_path) == 100
    assert not (tmp_path / "servicedesk.db.unfinished").exists()


@pytest.mark.parametrize("there", ["servicedesk.db", "attachments/00/1234"])
def test_an_installation_in_use_is_left_alone(trial, tmp_path, there):
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_bytes(b"precious")

    result, started = trial("--reset")

    assert result.exit_code == 1
    assert "left as it is" in result.output
    assert (tmp_path / there).read_bytes() == b"precious"
    assert started == []


def test_a_port_in_use_is_said_plainly(trial):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result, started = trial("--port", str(port))

    assert result.exit_code == 1
    assert f"Port {port} is in use" in result.output
    assert "servicedesk demo --port" in result.output
    assert started == []
