"""What each worker tells about itself, so that people can see whether it lives and how its jobs go."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, Instant, enum_column


class Outcome(StrEnum):
    """How a job went the last time."""

    DONE = "done"
    FAILED = "failed"
    #: Somebody else was writing to SQLite; it looks again next time.
    BUSY = "busy"


class Worker(Base):
    """A process that looks whether something is due. It writes `seen_at` anew every few seconds while it lives."""

    __tablename__ = "worker"

    #: Made up by each process for itself.
    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    version: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    #: When it was asked to stop; empty for one that lives, and for one that was killed.
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When its machine's clock was last put forward or back.
    jumped_at: Mapped[datetime | None] = mapped_column(Instant)


class JobRun(Base):
    """How one job of a worker goes: the run that began last, and the one that ended last."""

    __tablename__ = "job_run"

    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    job: Mapped[str] = mapped_column(primary_key=True)
    #: How often it should run, in seconds.
    every: Mapped[int]
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    #: How many things it did.
    done: Mapped[int]
    #: How long it took, in seconds that no change of the clock can stretch.
    seconds: Mapped[float | None]
    #: Failures in a row, up to now.
    failures: Mapped[int]
    #: The kind of the last failure, never its words: these may hold what is nobody's business.
    error: Mapped[str | None]
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
