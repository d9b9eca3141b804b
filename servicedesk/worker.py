"""The worker: looks at regular intervals whether something is due. What is due lies in tables, and any number of
workers may look; nothing is lost when one of them stops, is killed, or comes too late.
"""

import logging as stdlib_logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.accountability import jobs as accountability
from servicedesk.agreements import jobs as agreements
from servicedesk.cockpit.bulk import jobs as bulk
from servicedesk.competence import jobs as competence
from servicedesk.core import clock, logging
from servicedesk.core.errors import BusyError
from servicedesk.drafts import jobs as drafts
from servicedesk.figures import jobs as figures
from servicedesk.insight import jobs as insight
from servicedesk.insight.trying import jobs as trials
from servicedesk.notifications import jobs as notifications
from servicedesk.phrases import jobs as phrases
from servicedesk.privacy import jobs as privacy
from servicedesk.signin import commands as signin
from servicedesk.stewardship import jobs as stewardship
from servicedesk.surveys import jobs as surveys
from servicedesk.systems import jobs as systems
from servicedesk.tickets import jobs as tickets
from servicedesk.training import jobs as training
from servicedesk.upkeep import clockwatch, heartbeat
from servicedesk.upkeep import jobs as upkeep
from servicedesk.upkeep.clockwatch import ClockWatch
from servicedesk.upkeep.heartbeat import Logbook, Run
from servicedesk.upkeep.models import Outcome

#: Seconds between two signs of life.
BEAT = 10
#: Seconds that a run may go on while there is something left to do; then the others have their turn.
RUN = 5
#: Seconds that every job rests after the clock was put forward or back, so that nobody takes for old what somebody
#: holds: as long as the longest lease.
REST = 300
#: Seconds for which the clock must have gone evenly before anything is thrown away for its age, or anything at all is
#: done after it was put forward or back by more than FAR: whatever is seen then cannot be unseen.
EVEN = 3600
FAR = timedelta(days=1)
#: Seconds that jobs get to end when the worker is asked to stop.
PATIENCE = 8

log = logging.get()


@dataclass(frozen=True)
class Job:
    """Something to look after, and how often."""

    name: str
    seconds: int
    #: Called with `now`; answers how many things it did.
    run: Callable[..., int]
    #: It throws away what is old, and a clock that is wrong would make everything old.
    erases: bool = False


#: In the order in which one pass runs them: what a job causes is done by those after it.
JOBS = (
    Job("send_replies", 2, tickets.send_due),
    Job("recalculate_clocks", 5, tickets.recalculate),
    Job("sweep_clocks", 10, tickets.sweep),
    Job("carry_on_bulk", 10, bulk.carry_on),
    Job("roll_up_figures", 10, figures.roll_up),
    Job("carry_on_trials", 5, trials.carry_on_trials),
    Job("tell_coverage", 3600, figures.tell_coverage),
    Job("announce_maintenance", 60, systems.announce_maintenance),
    Job("remind_of_reviews", 3600, stewardship.remind_of_reviews),
    Job("follow_up_visits", 3600, competence.follow_up_visits),
    Job("remind_of_training", 600, training.remind_of_training),
    Job("give_back_seats", 600, training.give_back_seats),
    Job("ask_for_ratings", 30, surveys.ask_for_ratings),
    Job("publish_ratings", 3600, surveys.publish_ratings),
    Job("run_surveys", 30, surveys.run_surveys),
    Job("send_reports", 60, insight.send_reports),
    Job("send_digests", 60, notifications.send_digests),
    Job("deliver_mails", 5, notifications.deliver),
    Job("propose_closed_days", 3600, agreements.propose_closed_days),
    Job("sweep_sign_ins", 600, signin.sweep, erases=True),
    Job("forget_notices", 3600, notifications.forget_old_notices, erases=True),
    Job("forget_drafts", 3600, drafts.forget_drafts, erases=True),
    Job("forget_phrases", 3600, phrases.forget_phrases, erases=True),
    Job("remove_orphans", 3600, tickets.remove_orphans, erases=True),
    Job("forget_trials", 3600, trials.forget_trials, erases=True),
    Job("keep_retention", 600, privacy.keep_retention, erases=True),
    Job("carry_on_erasures", 10, privacy.carry_on_erasures),
    Job("forget_workers", 3600, heartbeat.forget, erases=True),
    Job("seal_audit", 60, upkeep.seal_audit),
    Job("make_packages", 5, accountability.make_packages),
    Job("forget_packages", 3600, accountability.forget_packages, erases=True),
    Job("forget_look_ups", 3600, accountability.forget_look_ups, erases=True),
)


def serve(app: Flask) -> None:
    """Runs the jobs until the process is told to stop; those that are running then may end."""
    stop = _Stop()
    shift = Shift(app)
    shift.start()
    while not stop.is_asked:
        time.sleep(0.2)
        shift.tick()
    shift.end()


class Shift:
    """One worker from its start to its end."""

    def __init__(self, app: Flask, jobs: tuple[Job, ...] = JOBS, watch: ClockWatch | None = None) -> None:
        self._app, self._jobs = app, jobs
        self._watch = watch or ClockWatch(clock.now)
        self._is_ending = False
        self._beaten: float | None = None
        self.logbook = Logbook([(job.name, job.seconds) for job in jobs], now=clock.now())
        stdlib_logging.getLogger("apscheduler").setLevel(stdlib_logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        self.tick()
        for job in self._jobs:
            self._scheduler.add_job(self.look, _Every(job.seconds), (job,), id=job.name, next_run_time=clock.now())
        self._scheduler.start()
        log.info("worker_started", worker=self.logbook.id)

    def tick(self) -> None:
        """To be called several times a second."""
        if self._watch.look():
            self._clock_jumped()
        if self._beaten is None or clockwatch.elapsed() - self._beaten >= BEAT:
            self.beat()

    def beat(self, *, is_leaving: bool = False) -> bool:
        """Whether it could be written; if not, that is tried again soon."""
        with self._app.app_context():
            try:
                self.logbook.write(now=clock.now(), is_leaving=is_leaving)
            except (BusyError, SQLAlchemyError):
                return False
        self._beaten = clockwatch.elapsed()
        return True

    def look(self, job: Job) -> None:
        """One look, which goes on as long as there is something to do and the run may last."""
        if self._is_ending or self._watch.even_for < self._rest(job):
            return
        until = clockwatch.elapsed() + RUN
        attempt(self._app, job, self.logbook, may_go_on=lambda: not self._is_ending and clockwatch.elapsed() < until)

    def _rest(self, job: Job) -> int:
        """Seconds for which the clock must have gone evenly before the job may run."""
        jump = self._watch.jump
        if job.erases or (jump is not None and abs(jump) > FAR):
            return EVEN
        return REST if jump is not None else 0

    def end(self) -> None:
        """Lets running jobs end, but not for long: what they leave half done is taken up again by others."""
        self._is_ending = True
        self._scheduler.shutdown(wait=False)
        until = clockwatch.elapsed() + PATIENCE
        while self.logbook.running and clockwatch.elapsed() < until:
            time.sleep(0.05)
        until = clockwatch.elapsed() + 1
        while not self.beat(is_leaving=True) and clockwatch.elapsed() < until:
            time.sleep(0.05)
        log.info("worker_stopped", worker=self.logbook.id)
        if left := sorted(self.logbook.running):
            log.warning("jobs_left_behind", jobs=left)
            os._exit(0)  # a thread that hangs would keep the process

    def _clock_jumped(self) -> None:
        log.warning("clock_jumped", seconds=round(self._watch.jump.total_seconds()) if self._watch.jump else 0)
        self.logbook.jumped(now=clock.now())
        # The scheduler has noted by the old time when it shall look next.
        for scheduled in self._scheduler.get_jobs():
            scheduled.modify(next_run_time=clock.now())


def attempt(
    app: Flask,
    job: Job,
    logbook: Logbook,
    *,
    now: datetime | None = None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Runs a job, at `now` or at the machine's time, until it finds nothing more to do or may not go on.

    Answers how much it did. A job that fails is reported in log and logbook, and looks again next time.
    """
    started, done = clockwatch.elapsed(), 0
    logbook.begin(job.name, now=clock.now())
    try:
        while more := _run(app, job, now or clock.now()):
            done += more
            if not may_go_on():
                break
    except BusyError:
        logbook.postpone(job.name, seconds=clockwatch.elapsed() - started)
    except Exception as error:
        log.exception("job_failed", job=job.name)
        logbook.fail(job.name, error, seconds=clockwatch.elapsed() - started)
    else:
        logbook.end(job.name, seconds=clockwatch.elapsed() - started, done=done)
    return done


def _run(app: Flask, job: Job, now: datetime) -> int:
    with app.app_context():
        return job.run(now=now)


def sweep(app: Flask, *, now: datetime, jobs: tuple[Job, ...] | None = None) -> Iterator[tuple[Run, int]]:
    """Everything that is due at `now`, in this process: passes over all jobs until one finds nothing to do.

    Answers for each job how its last run went, and how much it did in all. What is thrown away for its age is never
    older by a time ahead of the machine's own.
    """
    jobs = jobs or JOBS
    logbook = Logbook([(job.name, job.seconds) for job in jobs], now=now)
    total = dict.fromkeys((job.name for job in jobs), 0)
    is_over = False
    while not is_over:
        before = dict(total)
        for job in jobs:
            at = min(now, clock.now()) if job.erases else now
            total[job.name] += _patiently(app, job, logbook, at)
        is_over = total == before
    for job in jobs:
        yield logbook.runs[job.name], total[job.name]


def _patiently(app: Flask, job: Job, logbook: Logbook, now: datetime) -> int:
    """Tries again for a while when others are writing to SQLite."""
    done = 0
    for _ in range(50):
        done += attempt(app, job, logbook, now=now)
        if logbook.runs[job.name].outcome is not Outcome.BUSY:
            break
        time.sleep(0.2)
    return done


class _Every(BaseTrigger):  # type: ignore[misc]
    """So long after the last look, whatever the clock did meanwhile.

    APScheduler's own interval counts every look that a clock put forward by years would have missed.
    """

    def __init__(self, seconds: int) -> None:
        self._interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self._interval


class _Stop:
    """Set by SIGTERM or SIGINT. Looked at rather than waited for: a handler may not take a lock."""

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True
