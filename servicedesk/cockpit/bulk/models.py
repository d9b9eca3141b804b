"""What was done to many tickets at once, and how it went with each."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.cockpit.steps import Step
from servicedesk.core.db import Base, BigId, Instant, Json, enum_column


class Outcome(StrEnum):
    """How it went with one ticket."""

    WAITING = "waiting"
    DONE = "done"
    #: Why stands beside it.
    REFUSED = "refused"
    #: By a fault of ours.
    FAILED = "failed"


class BulkRun(Base):
    """Steps that a person has said yes to for a list of tickets."""

    __tablename__ = "bulk_run"
    __table_args__ = (
        UniqueConstraint("form_id"),
        UniqueConstraint("undo_of_id"),
        Index("ix_bulk_run_by_id_id", "by_id", "id"),
        # What the worker looks for: as long as what is under way.
        Index(
            "ix_bulk_run_unfinished",
            "made_at",
            postgresql_where=text("finished_at IS NULL"),
            sqlite_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Id of the form that it was started with: sending it twice starts one run.
    form_id: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: The macro's name, when it was one.
    name: Mapped[str | None]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    #: The run that this one takes back.
    undo_of_id: Mapped[int | None] = mapped_column(ForeignKey("bulk_run.id"))
    #: Empty while tickets wait for it.
    finished_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def deeds(self) -> list[Step]:
        return [Step.read(written) for written in self.steps]


class BulkResult(Base):
    """How it went with one ticket, saved by the same transaction as what was done to it."""

    __tablename__ = "bulk_result"
    __table_args__ = (Index("ix_bulk_result_run_id_outcome_place", "run_id", "outcome", "place"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"), primary_key=True)
    #: No foreign key: what a browser sent may name a ticket that there is none of, and that is an answer, too.
    ticket_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    place: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome), default=Outcome.WAITING)
    #: Why not: a message id, and the values in it.
    reason: Mapped[str | None]
    reason_values: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: The ticket as it was, and the entries that were made; none when nothing had to be changed.
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    first_seq: Mapped[int | None]
    last_seq: Mapped[int | None]
    at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def changed(self) -> bool:
        return self.first_seq is not None and self.last_seq is not None and self.last_seq >= self.first_seq
