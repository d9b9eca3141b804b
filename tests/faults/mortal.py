"""Processes that do the worker's jobs at a given time, and are killed at a chosen point of them.

`Mortals` starts one process that has the application ready and forks a child for each request: a kill costs
milliseconds, and each child opens connections of its own.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, Self

from flask import Flask
from sqlalchemy import event

from servicedesk.core.db import db

BEFORE_SEND, AFTER_SEND = "before-send", "after-send"
#: With the rows written and nothing committed; when all is done but the commit; when it has just been done.
AFTER_FLUSH, BEFORE_COMMIT, AFTER_COMMIT = "after-flush", "before-commit", "after-commit"
#: Before a statement is sent.
BEFORE_STATEMENT = "before-statement"

#: Tickets in one transaction of a child's sweep, so that there are many transactions to die in.
SWEPT_AT_ONCE = 2
#: Tables in which a child looks for somebody who is erased: each is a step of its own, and all are alike.
SWEPT_TABLES = ("audit_line", "notice")
#: People in one transaction of a child's reminders, likewise.
REMINDED_AT_ONCE = 5

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class End:
    """How a child ended: killed as asked for, or after so many things done."""

    was_killed: bool
    done: int


class Mortals:
    """Children of one process, one after the other, or several at once with `begin` and `end`."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log_path = log

    def __enter__(self) -> Self:
        self._log = self._log_path.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.mortal"],
            env=self._environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait(30)
        _pipe(self._process.stdout).close()
        self._log.close()

    def do(self, job: str, now: datetime, die_at: str = "", after: int = 1) -> End:
        """One child runs the job; with `die_at` it is killed when it comes there for the nth time."""
        self.begin(job, now, die_at, after)
        return self.end()

    def begin(self, job: str, now: datetime, die_at: str = "", after: int = 1) -> None:
        asked = {"job": job, "now": now.isoformat(), "die_at": die_at, "after": after}
        print(json.dumps(asked), file=_pipe(self._process.stdin), flush=True)

    def end(self) -> End:
        told = _pipe(self._process.stdout).readline()
        if not told:
            raise RuntimeError(self._log_path.read_text())
        answer: dict[str, Any] = json.loads(told)
        if "error" in answer:
            raise RuntimeError(f"{answer['error']}\n{self._log_path.read_text()[-3000:]}")
        return End(answer["was_killed"], answer["done"])


def _pipe(end: IO[str] | None) -> IO[str]:
    assert end is not None
    return end


# ------------------------------------------------------------------------------------------------ the forking process


def main() -> None:
    """Reads requests, one a line, and answers each with how the child ended."""
    from servicedesk.app import create_app

    app = create_app()
    for line in sys.stdin:
        print(json.dumps(_ended(app, json.loads(line))), flush=True)


def _ended(app: Flask, asked: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _live(app, asked, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"was_killed": os.WTERMSIG(status) == signal.SIGKILL, "done": 0}
    return {"was_killed": False, "done": int(told)} if told else {"error": f"the child ended with status {status}"}


def _live(app: Flask, asked: dict[str, Any], writing: int) -> None:
    """The child; never returns."""
    status = 1
    try:
        _set_fatal(app, asked["die_at"], asked["after"])
        with app.app_context():
            done = _jobs()[asked["job"]](now=datetime.fromisoformat(asked["now"]))
        os.write(writing, str(done).encode())
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def _jobs() -> dict[str, Callable[..., int]]:
    from servicedesk.figures import commands as figures
    from servicedesk.privacy import sweeping
    from servicedesk.privacy.commands import erasing
    from servicedesk.tickets import sweep
    from servicedesk.training.commands import reminding
    from servicedesk.worker import JOBS

    erasing.AT_ONCE = 1
    sweeping.tables = lambda: list(SWEPT_TABLES)
    reminding.BATCH, reminding.AT_ONCE = REMINDED_AT_ONCE, 2 * REMINDED_AT_ONCE
    sweep.sweep_some = partial(sweep.sweep_some, limit=SWEPT_AT_ONCE)
    rebuilding = {"rebuild_figures": lambda now: figures.rebuild()}
    return {job.name: job.run for job in JOBS} | rebuilding


def _set_fatal(app: Flask, point: str, after: int) -> None:
    """The child is killed when it comes to the point for the nth time."""
    from servicedesk.notifications.smtp import Post

    count = 0

    def pass_by() -> None:
        nonlocal count
        count += 1
        if count == after:
            os.kill(os.getpid(), signal.SIGKILL)

    send = Post.send
    if point == BEFORE_SEND:
        Post.send = lambda *given: (pass_by(), send(*given))[1]  # type: ignore[method-assign,func-returns-value]
    elif point == AFTER_SEND:
        Post.send = lambda *given: (send(*given), pass_by())[0]  # type: ignore[method-assign,func-returns-value]
    elif point == BEFORE_STATEMENT:
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *_: pass_by())
    elif point:
        with app.app_context():
            event.listen(db.session, point.replace("-", "_"), lambda _session, *_: pass_by())


if __name__ == "__main__":
    main()
