"""What a worker knows of itself, and writing it down so that others see that it lives.

It is kept in memory and written every few seconds, all at once, in a transaction that never waits for another writer:
a busy database is not disturbed, and a job costs nothing for being watched.
"""

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import CursorResult, delete, select

from servicedesk.core.db import transaction
from servicedesk.upkeep.models import JobRun, Outcome, Worker

#: How long a worker that ended is remembered, and how many of those.
KEPT = timedelta(days=7)
MOST_KEPT = 200


@dataclass(frozen=True)
class Run:
    """How one job goes; see JobRun."""

    job: str
    every: int
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    done: int = 0
    seconds: float | None = None
    failures: int = 0
    error: str | None = None
    failed_at: datetime | None = None


class Logbook:
    """One process's account of itself. Each job's part is written by that job's thread alone."""

    def __init__(self, jobs: Iterable[tuple[str, int]], *, now: datetime) -> None:
        self.id = uuid4().hex
        #: Jobs that have begun and not ended.
        self.running: set[str] = set()
        self.runs = {name: Run(name, every) for name, every in jobs}
        self._own: dict[str, Any] = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "version": _version(),
            "started_at": now,
            "jumped_at": None,
            "stopped_at": None,
        }

    def begin(self, job: str, *, now: datetime) -> None:
        self.running.add(job)
        self.runs[job] = replace(self.runs[job], started_at=now)

    def end(self, job: str, *, seconds: float, done: int) -> None:
        self._ended(job, seconds, outcome=Outcome.DONE, done=done, failures=0)

    def postpone(self, job: str, *, seconds: float) -> None:
        self._ended(job, seconds, outcome=Outcome.BUSY, done=0)

    def fail(self, job: str, error: BaseException, *, seconds: float) -> None:
        run = self.runs[job]
        told = {"error": type(error).__name__, "failed_at": run.started_at, "failures": run.failures + 1}
        self._ended(job, seconds, outcome=Outcome.FAILED, done=0, **told)

    def _ended(self, job: str, seconds: float, **told: Any) -> None:
        started_at = self.runs[job].started_at
        assert started_at is not None
        # Not by the clock on the wall, which may have been put back meanwhile.
        finished_at = started_at + timedelta(seconds=seconds)
        self.runs[job] = replace(self.runs[job], finished_at=finished_at, seconds=seconds, **told)
        self.running.discard(job)

    def jumped(self, *, now: datetime) -> None:
        """The machine's clock was put forward or back."""
        self._own["jumped_at"] = now

    def write(self, *, now: datetime, is_leaving: bool = False) -> None:
        """Says that the worker lives, or that it leaves; raises BusyError rather than wait."""
        if is_leaving:
            self._own["stopped_at"] = now
        with transaction(waits=False) as session:
            # Written as a whole: a row that was cleared away meanwhile is there again.
            session.merge(Worker(id=self.id, seen_at=now, **self._own))
            session.flush()
            for run in self.runs.values():
                session.merge(JobRun(worker_id=self.id, **vars(run)))


def forget(*, now: datetime) -> int:
    """Clears away workers that ended long ago, and all but the last when there are many; answers how many."""
    ended = select(Worker.id).order_by(Worker.seen_at.desc())
    with transaction(waits=False) as session:
        old = set(session.scalars(ended.where(Worker.seen_at < now - KEPT)))
        old |= set(session.scalars(ended.offset(MOST_KEPT)))
        session.execute(delete(JobRun).where(JobRun.worker_id.in_(old)))
        gone = session.execute(delete(Worker).where(Worker.id.in_(old)))
        return cast(CursorResult[Any], gone).rowcount


def _version() -> str:
    with suppress(PackageNotFoundError):
        return version("servicedesk")
    return "?"
