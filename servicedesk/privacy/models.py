"""Erasures under way, what must be kept, how long things are kept, and what the daily run did."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json

_UNFINISHED = text("finished_at IS NULL")
_STANDING = text("released_at IS NULL")


class Erasure(Base):
    """That a person is erased, and how far that has come; it never says who it was."""

    __tablename__ = "erasure"
    __table_args__ = (
        UniqueConstraint("person_id"),
        CheckConstraint("done <= total", "progress"),
        Index("ix_erasure_unfinished", "id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_erasure_customer_id_id", "customer_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    #: Empty when the rule for people who have left asked for it.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Place in `commands.erasing.STEPS`.
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: Tickets, and how many of them are done.
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class ErasureTicket(Base):
    """A ticket that still has to be rewritten because of an erasure."""

    __tablename__ = "erasure_ticket"

    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasure.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    #: The person is on the ticket; else it was only found by a search.
    is_on_it: Mapped[bool]


class DoomedFile(Base):
    """A file in the store that no row names any more and that has to go: written with the row's deletion."""

    __tablename__ = "doomed_file"

    stored_name: Mapped[str] = mapped_column(primary_key=True)


class LegalHold(Base):
    """That a person or a ticket must be kept as it is, and why, until somebody says otherwise."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) != (ticket_id IS NULL)", "one_thing"),
        CheckConstraint("reason != ''", "says_why"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", "released"),
        Index("uq_legal_hold_person", "person_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("uq_legal_hold_ticket", "ticket_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("ix_legal_hold_customer_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Every ticket that is linked to it or merged into it is held with it.
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    reason: Mapped[str]
    placed_at: Mapped[datetime] = mapped_column(Instant)
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RetentionRule(Base):
    """How many months something is kept; without a row the usual time."""

    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint("months IS NULL OR months BETWEEN 1 AND 600", "months"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    #: Key of something that is kept; see `retention`.
    what: Mapped[str] = mapped_column(primary_key=True)
    #: Empty for ever.
    months: Mapped[int | None] = mapped_column(SmallInteger)


class RetentionRun(Base):
    """A customer's run of a day: how far it has come and what it did."""

    __tablename__ = "retention_run"
    __table_args__ = (
        Index("ix_retention_run_customer_id_id", "customer_id", "id"),
        Index("ix_retention_run_unfinished", "id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    on: Mapped[date]
    #: What is kept from then on: everything is reckoned from here, however long the run takes.
    started_at: Mapped[datetime] = mapped_column(Instant)
    #: Place in `commands.retaining.STEPS`.
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: The last ticket that was looked at.
    done_to: Mapped[int] = mapped_column(BigId, default=0)
    #: How many of what.
    counts: Mapped[dict[str, int]] = mapped_column(Json)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class RoleStandIn(Base):
    """Who stands in an anonymised ticket for everybody of one kind: an employee, a supporter."""

    __tablename__ = "role_stand_in"
    __table_args__ = (CheckConstraint("kind IN ('employee', 'supporter')", "kind"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
