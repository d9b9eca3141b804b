import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine

from servicedesk import servers
from servicedesk.paths import PACKAGE

pytestmark = pytest.mark.committing


@pytest.fixture
def port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.fixture
def environment(database, tmp_path, port):
    """An installation of its own, with the present schema."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SERVICEDESK_")}
    return {
        **kept,
        "SERVICEDESK_DATA_DIR": str(tmp_path),
        "SERVICEDESK_DATABASE_URL": database.copy(),
        "SERVICEDESK_BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def started(environment, *arguments):
    """The program in a process group of its own, as a terminal starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "servicedesk", *arguments],
        env=environment,
        cwd=PACKAGE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run_to_end(environment, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "servicedesk", *arguments],
        env=environment,
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ask(port, path="/sign-in", patience=30):
    """The page's status, as soon as there is one."""
    until = time.monotonic() + patience
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                return answer.status
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def listens(port):
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("command", ["web", "run"])
def test_the_servers_start_and_stop(environment, port, command):
    with started(environment, command, "--workers", "1") as process:
        assert ask(port) == 200
        process.terminate()
        out, err = process.communicate(timeout=15)

    assert process.returncode == 0
    assert out == f"Servicedesk is at http://127.0.0.1:{port} (stop with Ctrl-C)\n"
    assert "Traceback" not in err
    assert not listens(port)


@pytest.mark.once
def test_control_c_stops_everything(environment, port):
    with started(environment, "run", "--workers", "1") as process:
        ask(port)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=15)

    assert process.returncode == 0
    assert "Traceback" not in err
    assert not listens(port)


@pytest.mark.once
def test_nothing_is_left_when_the_program_is_killed(environment, port):
    with started(environment, "run", "--workers", "1") as process:
        ask(port)
        process.kill()
        process.communicate(timeout=15)  # ends when no process holds the other end of its output
    assert not listens(port)


def test_the_worker_stops_when_it_is_asked_to(environment):
    with started(environment, "worker") as process:
        for line in process.stderr:
            if "worker_started" in line:
                break
        process.terminate()
        _, err = process.communicate(timeout=15)

    assert process.returncode == 0
    assert "worker_stopped" in err


@pytest.mark.once
def test_a_taken_port_is_told(environment, port):
    with socket.socket() as door:
        door.bind(("127.0.0.1", port))
        door.listen()
        answer = run_to_end(environment, "run")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == f"servicedesk: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.once
@pytest.mark.parametrize("command", ["web", "run", "worker"])
def test_without_a_database_nothing_starts(environment, command, tmp_path):
    answer = run_to_end({**environment, "SERVICEDESK_DATABASE_URL": ""}, command)

    assert answer.returncode == 1
    assert "run `servicedesk init` first" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "servicedesk.db").exists()


def test_a_database_of_another_version_is_refused(database):
    url = database.copy()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    engine.dispose()

    with pytest.raises(servers.CannotStartError, match="another version"):
        servers._check_schema(url)


def test_an_empty_database_is_refused(tmp_path):
    (tmp_path / "empty.db").touch()

    with pytest.raises(servers.CannotStartError, match="empty"):
        servers._check_schema(f"sqlite:///{tmp_path / 'empty.db'}")


@pytest.mark.once
def test_a_database_that_is_away_is_told():
    with pytest.raises(servers.CannotStartError, match="cannot be reached"):
        servers._check_schema("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")


@pytest.mark.once
@pytest.mark.parametrize(
    "url", ["smtp://mail?starttls=maybe", "smtp://me:secret@mail?starttls=no", "smtp://mail:x", "smtp://mail?x=1"]
)
def test_a_mail_server_that_cannot_be_meant_is_refused(environment, url):
    answer = run_to_end({**environment, "SERVICEDESK_SMTP_URL": url}, "worker")

    assert answer.returncode in (1, 2)
    assert answer.stderr.startswith("servicedesk: SERVICEDESK_SMTP_URL")
    assert "secret" not in answer.stderr
