"""Agreements that are tried on past tickets, and how far each has come."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column

_UNFINISHED = text("ended_at IS NULL")


class Ending(StrEnum):
    """How a trial ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    #: Whoever asked may not see the tickets any more.
    REFUSED = "refused"
    #: Its calendars are not there any more, or never open.
    FAILED = "failed"


class AgreementTrial(Base):
    """Terms that are held against the tickets of a period, batch by batch in the order of their ids."""

    __tablename__ = "agreement_trial"
    __table_args__ = (
        UniqueConstraint("form_id"),
        Index("ix_agreement_trial_by_id_id", "by_id", "id"),
        # What the worker looks for: as long as what is under way.
        Index("ix_agreement_trial_unfinished", "id", postgresql_where=_UNFINISHED, sqlite_where=_UNFINISHED),
        Index("ix_agreement_trial_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Id of the form that it was started with: sending it twice starts one.
    form_id: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    name: Mapped[str]
    #: {"terms": what an agreement says} or {"file": the text of a TOML file}.
    told: Mapped[dict[str, Any]] = mapped_column(Json)
    first: Mapped[date]
    last: Mapped[date]
    #: How many tickets there were when it began.
    total: Mapped[int]
    #: Up to which ticket it has come, and what it has found so far (`simulate.written`).
    done_to: Mapped[int] = mapped_column(BigId, default=0)
    found: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[Ending | None] = mapped_column(enum_column(Ending))
