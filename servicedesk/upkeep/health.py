"""Whether workers live, how their jobs go, and what waits for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.permissions import granted
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.organisation.models import Unit
from servicedesk.tickets.models import Ticket
from servicedesk.upkeep.models import JobRun, Outcome, Worker
from servicedesk.upkeep.policy import RUNNERS, HealthPermission

#: A worker that has not been seen for so long is not relied on. It says that it lives every ten seconds.
SILENT_AFTER = timedelta(minutes=1)
#: What is thrown away for its age is left alone for so long after a worker has started.
RESTS_FIRST = timedelta(hours=1)
#: What has waited for so long should have been done by a worker that works.
LONG = timedelta(minutes=5)
#: Counting ends here: the page says "500+".
MOST_COUNTED = 500
#: Workers that ended, shown beside those that live.
ENDED_SHOWN = 5


class Standing(StrEnum):
    """What the last sign of life says about a worker."""

    ALIVE = "alive"
    #: Told to stop, and did.
    STOPPED = "stopped"
    #: Killed, hanging, or cut off.
    SILENT = "silent"
    #: It was seen at a time that has not come yet: its machine's clock, or ours, is wrong.
    AHEAD = "ahead"


class JobState(StrEnum):
    """How a job goes, over all workers that live."""

    WELL = "well"
    RUNNING = "running"
    FAILING = "failing"
    BUSY = "busy"
    LATE = "late"
    NOT_YET = "not_yet"
    #: The worker ended in the middle of it; the next one takes it up again.
    CUT_OFF = "cut_off"


@dataclass(frozen=True)
class Seen:
    """A worker, and how it stands."""

    worker: Worker
    standing: Standing


@dataclass(frozen=True)
class JobHealth:
    """A job: the run that ended last on any worker, and how the job goes on those that live."""

    job: str
    every: timedelta
    state: JobState
    finished_at: datetime | None
    seconds: float | None
    done: int
    #: In a row, on the worker where there are most.
    failures: int
    error: str | None
    failed_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """How many things wait, counted up to MOST_COUNTED, and when the oldest was or will be due."""

    count: int
    oldest: datetime | None

    @property
    def is_more(self) -> bool:
        return self.count > MOST_COUNTED

    def is_late(self, now: datetime) -> bool:
        """Whether a worker that works would have done it."""
        return self.oldest is not None and now - self.oldest > LONG


@dataclass(frozen=True)
class Health:
    """All of it at one moment."""

    workers: Sequence[Seen]
    jobs: Sequence[JobHealth]

    @property
    def alive(self) -> list[Worker]:
        return [seen.worker for seen in self.workers if seen.standing is Standing.ALIVE]

    @property
    def last_seen_at(self) -> datetime | None:
        return max((seen.worker.seen_at for seen in self.workers), default=None)


def standing_of(worker: Worker, now: datetime) -> Standing:
    if worker.stopped_at is not None:
        return Standing.STOPPED
    if abs(now - worker.seen_at) <= SILENT_AFTER:
        return Standing.ALIVE
    return Standing.AHEAD if worker.seen_at > now else Standing.SILENT


def look(who: Actor, *, now: datetime) -> Health:
    """The workers, those that live first, and their jobs."""
    asked = select(Worker).where(granted(HealthPermission.SEE, who)).order_by(Worker.seen_at.desc())
    workers = [Seen(worker, standing_of(worker, now)) for worker in db.session.scalars(asked)]
    alive = [seen for seen in workers if seen.standing is Standing.ALIVE]
    ended = [seen for seen in workers if seen.standing is not Standing.ALIVE]
    # What somebody did whose clock is ahead would stand as the last thing done until that time comes.
    told = [seen.worker for seen in workers if seen.standing is not Standing.AHEAD]
    return Health([*alive, *ended[:ENDED_SHOWN]], _jobs(told, alive, now))


def _jobs(workers: Sequence[Worker], alive: Sequence[Seen], now: datetime) -> list[JobHealth]:
    """Of the workers that live; when none does, of the one that was seen last."""
    counted = [seen.worker for seen in alive] or list(workers[:1])
    runs = db.session.scalars(select(JobRun).where(JobRun.worker_id.in_([one.id for one in workers]))).all()
    present = {worker.id: worker for worker in counted}
    told = []
    for job, of_job in groupby(sorted(runs, key=lambda run: run.job), key=lambda run: run.job):
        every = list(of_job)
        if own := [run for run in every if run.worker_id in present]:
            started_at = max(present[run.worker_id].started_at for run in own)
            told.append(_job(job, every, own, started_at, now if alive else None))
    return sorted(told, key=lambda one: (one.every, one.job))


def _job(
    job: str, every: Iterable[JobRun], own: Sequence[JobRun], started_at: datetime, now: datetime | None
) -> JobHealth:
    last = max(every, key=lambda run: run.finished_at.timestamp() if run.finished_at else 0)
    worst = max(own, key=lambda run: run.failures)
    failed = max(own, key=lambda run: run.failed_at.timestamp() if run.failed_at else 0)
    return JobHealth(
        job=job,
        every=timedelta(seconds=own[0].every),
        state=_state(own, worst, started_at, now),
        finished_at=last.finished_at,
        seconds=last.seconds,
        done=last.done,
        failures=worst.failures,
        error=worst.error if worst.failures else failed.error,
        failed_at=failed.failed_at,
    )


def _state(own: Sequence[JobRun], worst: JobRun, started_at: datetime, now: datetime | None) -> JobState:
    """How the job goes on workers the newest of which was started then; `now` is None when none of them lives."""
    begun = [run.started_at for run in own if run.started_at]
    newest = max(own, key=lambda run: run.started_at.timestamp() if run.started_at else 0)
    since = max(begun) if begun else started_at + RESTS_FIRST
    if worst.failures:
        return JobState.FAILING
    if now is not None and now - since > timedelta(seconds=own[0].every) + SILENT_AFTER:
        return JobState.LATE
    if newest.started_at is None:
        return JobState.NOT_YET
    if newest.finished_at is None or newest.finished_at < newest.started_at:
        return JobState.RUNNING if now is not None else JobState.CUT_OFF
    return JobState.BUSY if newest.outcome is Outcome.BUSY else JobState.WELL


# ------------------------------------------------------------------------------------------------ what waits


def waiting_mails(who: Actor) -> Waiting:
    """Mails that have not left, of the customers that this person runs; `oldest` is when the next should."""
    mine = granted(HealthPermission.COUNT_MAIL, who)
    return _waiting(OutboxMail.next_try_at, mine, OutboxMail.delivery == Delivery.WAITING)


def dead_mails(who: Actor) -> Waiting:
    """Mails that were given up; `oldest` is when the first of them was written."""
    mine = granted(HealthPermission.COUNT_MAIL, who)
    return _waiting(OutboxMail.made_at, mine, OutboxMail.delivery == Delivery.DEAD)


def due_tickets(who: Actor, *, now: datetime) -> Waiting:
    """Tickets with a deadline that has come and that no worker has looked at since, along the index it uses."""
    mine = granted(HealthPermission.COUNT_DUE, who)
    return _waiting(Ticket.next_look_at, mine, Ticket.next_look_at <= now)


def _waiting(since: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Waiting:
    found = select(since.label("since")).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    oldest = select(func.min(since)).where(*conditions).scalar_subquery()
    count, first = db.session.execute(select(func.count(), oldest).select_from(found)).one()
    return Waiting(count, first)


def runs_everything(who: Actor) -> bool:
    """Whether this person runs every customer there is, and may hear figures that are of them all."""
    grants = who.granted(*RUNNERS)
    if who.id is None or any(grant.is_over_all for grant in grants):
        return True
    own = {grant.customer_id for grant in grants if grant.is_over_customer}
    return set(db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None)))) <= own
