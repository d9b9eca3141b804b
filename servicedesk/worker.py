"""The worker: looks at regular intervals whether something is due. What is due lies in tables, and any number of
workers may look; nothing is lost when one of them stops or comes too late.
"""

import logging as stdlib_logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from servicedesk.core import clock, logging
from servicedesk.notifications.jobs import deliver
from servicedesk.signin import commands as signin
from servicedesk.tickets.jobs import remove_orphans

log = logging.get()


@dataclass(frozen=True)
class Job:
    """Something to look after, and how often."""

    name: str
    seconds: int
    #: Called with `now`.
    run: Callable[..., Any]


JOBS = (
    Job("deliver_mails", 5, deliver),
    Job("sweep_sign_ins", 600, signin.sweep),
    Job("remove_orphans", 3600, remove_orphans),
)


def serve(app: Flask) -> None:
    """Runs the jobs until the process is told to stop; the one that is running then is finished first."""
    stop = _Stop()
    stdlib_logging.getLogger("apscheduler").setLevel(stdlib_logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in JOBS:
        scheduler.add_job(run, "interval", (app, job), seconds=job.seconds, next_run_time=clock.now())
    scheduler.start()
    log.info("worker_started")
    stop.wait()
    scheduler.shutdown(wait=True)
    log.info("worker_stopped")


def run(app: Flask, job: Job) -> None:
    """One look; a job that fails is reported and looks again next time."""
    with app.app_context():
        try:
            job.run(now=clock.now())
        except Exception:
            log.exception("job_failed", job=job.name)


class _Stop:
    """Set by SIGTERM or SIGINT. Looked at rather than waited for: a handler may not take a lock."""

    def __init__(self) -> None:
        self._is_asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._is_asked = True

    def wait(self) -> None:
        while not self._is_asked:
            time.sleep(0.2)
