"""What figures are read from: a row for each ticket, and the sums over them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, PrimaryKeyConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, enum_column
from servicedesk.tickets.models import PriorityColumn
from servicedesk.tickets.workflow import Cause, Kind, Priority, Secrecy


class Verdict(StrEnum):
    """What became of a promise."""

    MET = "met"
    BREACHED = "breached"


class TicketFact(Base):
    """What figures need to know of a ticket; follows from its journal and its clocks.

    A month is a number such as 202603, on the wall where the installation is; empty where it has not come to that.
    """

    __tablename__ = "ticket_fact"
    __table_args__ = (
        Index("ix_ticket_fact_filed", "customer_id", "filed_month"),
        # All that a count by the hour may be narrowed by, so that it is told from the index alone.
        Index(
            "ix_ticket_fact_came",
            *("customer_id", "filed_on", "filed_slot", "unit_id", "system_id", "team_id"),
            *("priority", "kind", "secrecy"),
        ),
        Index("ix_ticket_fact_resolved", "customer_id", "resolved_month"),
        Index("ix_ticket_fact_response", "customer_id", "response", "response_month"),
        Index("ix_ticket_fact_resolution", "customer_id", "resolution", "resolution_month"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    #: As in the ticket's row when it was last looked at.
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(BigId)
    system_id: Mapped[int | None] = mapped_column(BigId)
    team_id: Mapped[int | None] = mapped_column(BigId)
    priority: Mapped[Priority] = mapped_column(PriorityColumn)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    secrecy: Mapped[Secrecy] = mapped_column(enum_column(Secrecy))
    filed_month: Mapped[int]
    #: The day on the wall, and the hour of the week (`hours.slot_of`); empty until it was told of since there are such.
    filed_on: Mapped[date | None]
    filed_slot: Mapped[int | None] = mapped_column(SmallInteger)
    #: Somebody still has work to do.
    is_open: Mapped[bool]
    #: Solved, and not reopened since.
    resolved_month: Mapped[int | None]
    #: Reopened the last time.
    reopened_month: Mapped[int | None]
    #: Cancelled, or merged into another.
    ended_month: Mapped[int | None]
    #: The verdict on a promise, and when it fell: when it was kept, or when it was broken.
    response: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, "response"))
    response_month: Mapped[int | None]
    resolution: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, "resolution"))
    resolution_month: Mapped[int | None]
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause))
    #: The first answer was the solution, and it lasted.
    is_at_once: Mapped[bool] = mapped_column(default=False)
    #: Solved by a superbruger.
    is_local: Mapped[bool] = mapped_column(default=False)
    #: How often it went from one team to another, or between superbrugere and the servicedesk.
    handovers: Mapped[int] = mapped_column(SmallInteger)
    #: Work that was noted.
    minutes: Mapped[int]
    #: Minutes by the wall in each open state until it was solved or ended.
    in_new: Mapped[int]
    in_open: Mapped[int]
    in_waiting_user: Mapped[int]
    in_waiting_supplier: Mapped[int]
    #: Until it was answered and until it was solved, in minutes to two digits (`rules.to_two_digits`).
    answered_after: Mapped[int | None]
    solved_after: Mapped[int | None]
    #: The same by the wall.
    solved_after_wall: Mapped[int | None]


class Dimensions:
    """What sums are kept by; 0 where a sum is over all units, systems or teams, or where there is none."""

    customer_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    #: Which of unit, system and team the sum is kept by; see `rules.Grouping`.
    grouping: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    system_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    priority: Mapped[Priority] = mapped_column(PriorityColumn, primary_key=True, autoincrement=False)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind), primary_key=True)
    secrecy: Mapped[Secrecy] = mapped_column(enum_column(Secrecy), primary_key=True)


#: In the order in which sums are looked for.
_KEY = ("customer_id", "grouping", "unit_id", "system_id", "team_id", "month", "priority", "kind", "secrecy")


class FigureCell(Dimensions, Base):
    """How many tickets of a kind there were in a month, of each thing that is counted (`measures.MEASURES`)."""

    __tablename__ = "figure_cell"
    __table_args__ = (PrimaryKeyConstraint(*_KEY),)

    filed: Mapped[int]
    waiting: Mapped[int]
    resolved: Mapped[int]
    at_once: Mapped[int]
    local: Mapped[int]
    passed_around: Mapped[int]
    handovers: Mapped[int]
    minutes: Mapped[int] = mapped_column(BigInteger)
    in_new: Mapped[int] = mapped_column(BigInteger)
    in_open: Mapped[int] = mapped_column(BigInteger)
    in_waiting_user: Mapped[int] = mapped_column(BigInteger)
    in_waiting_supplier: Mapped[int] = mapped_column(BigInteger)
    because_fault: Mapped[int]
    because_competence: Mapped[int]
    because_change: Mapped[int]
    because_wish: Mapped[int]
    because_security: Mapped[int]
    because_other: Mapped[int]
    answered: Mapped[int]
    solved: Mapped[int]
    reopened: Mapped[int]
    ended: Mapped[int]
    response_met: Mapped[int]
    response_breached: Mapped[int]
    resolution_met: Mapped[int]
    resolution_breached: Mapped[int]


class TrainingCoverage(Base):
    """How much of what is required of the people in a unit they have, as it was when somebody last looked."""

    __tablename__ = "training_coverage"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    required: Mapped[int]
    trained: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(Instant)


class FigureTime(Dimensions, Base):
    """How many tickets of a kind took so many minutes, for medians and percentiles."""

    __tablename__ = "figure_time"
    __table_args__ = (PrimaryKeyConstraint(*_KEY, "what", "minutes"),)
    #: What took that long: `measures.TIMES`.
    what: Mapped[str] = mapped_column(primary_key=True)
    #: To two digits.
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tickets: Mapped[int]


class FigureHour(Base):
    """How many tickets came in an hour on the wall: by what tells readers of a whole desk apart, and by team."""

    __tablename__ = "figure_hour"
    __table_args__ = (PrimaryKeyConstraint("customer_id", "filed_on", "filed_slot", "team_id", "secrecy"),)

    customer_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    filed_on: Mapped[date] = mapped_column(primary_key=True)
    filed_slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: 0 where no team has it.
    team_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    secrecy: Mapped[Secrecy] = mapped_column(enum_column(Secrecy), primary_key=True)
    tickets: Mapped[int]
