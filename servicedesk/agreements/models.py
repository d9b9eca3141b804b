"""The tables of what is agreed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column


class Ledger(Base):
    """One row for each customer with agreements; whoever changes any of them writes a new `revision` and so holds it.

    What was read of a customer's agreements holds as long as the revision is the same. It is random, so that one
    that was rolled back never comes again.
    """

    __tablename__ = "agreement_ledger"

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    revision: Mapped[str]


class OpeningHours(Base):
    """A calendar: when somebody is there to work. Its hours come in versions by date."""

    __tablename__ = "opening_hours"
    __table_args__ = (UniqueConstraint("customer_id", "name"), CheckConstraint("name != ''", "named"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    #: A zone of the IANA database, such as "Europe/Copenhagen".
    zone: Mapped[str]
    #: Whether Danish closed days are proposed for it each year.
    follows_holidays: Mapped[bool] = mapped_column(default=True)


class WeeklyHours(Base):
    """The hours of an ordinary week, from a date until the next version's."""

    __tablename__ = "weekly_hours"

    hours_id: Mapped[int] = mapped_column(ForeignKey("opening_hours.id"), primary_key=True)
    #: date.min for the first version.
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    #: {"0": [["08:00", "15:00"]], …}, Monday is 0; days that are missing are closed.
    week: Mapped[dict[str, Any]] = mapped_column(Json)


class DayStatus(StrEnum):
    """Whether a special day counts."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DISMISSED = "dismissed"


class SpecialDay(Base):
    """A day with other hours than its weekday's; it counts once somebody has approved it."""

    __tablename__ = "special_day"

    hours_id: Mapped[int] = mapped_column(ForeignKey("opening_hours.id"), primary_key=True)
    on: Mapped[date] = mapped_column("day", primary_key=True)
    name: Mapped[str]
    #: Intervals such as [["08:00", "12:00"]]; empty when closed all day.
    open: Mapped[list[list[str]]] = mapped_column(Json)
    status: Mapped[DayStatus] = mapped_column(enum_column(DayStatus))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class Supplier(Base):
    """Somebody outside who works on tickets under a contract."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("customer_id", "name"), CheckConstraint("name != ''", "named"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)


class AgreementKind(StrEnum):
    """With whom it is agreed."""

    #: With the users: service level agreement.
    SERVICE = "service"
    #: With a team of the house: operational level agreement (OLA).
    INTERNAL = "internal"
    #: With a supplier: underpinning contract (UC).
    SUPPLIER = "supplier"


class Agreement(Base):
    """Something promised; what exactly stands in its versions."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("customer_id", "name"),
        CheckConstraint("name != ''", "named"),
        CheckConstraint("(kind = 'internal') = (team_id IS NOT NULL)", "internal_names_team"),
        CheckConstraint("(kind = 'supplier') = (supplier_id IS NOT NULL)", "supplier_is_named"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[AgreementKind] = mapped_column(enum_column(AgreementKind))
    name: Mapped[str]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    #: Made as an example, and not changed by anybody yet.
    is_example: Mapped[bool] = mapped_column(default=False)
    #: From here on it promises nothing.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class AgreementVersion(Base):
    """What an agreement says from a date until the next version's; never changed once that date has come."""

    __tablename__ = "agreement_version"
    __table_args__ = (UniqueConstraint("agreement_id", "starts_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    starts_on: Mapped[date]
    #: servicedesk.agreements.terms.Terms, written.
    terms: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Why it was changed, for those who look back.
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Recalculation(Base):
    """Open tickets whose clocks have to be looked at again because a calendar or an agreement changed.

    Worked off in batches by the order of the tickets' ids; `done_to` says how far it has come.
    """

    __tablename__ = "recalculation"
    __table_args__ = (Index("ix_recalculation_finished_at_runs_at", "finished_at", "runs_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: The agreement whose new version open tickets go over to; None when a calendar changed.
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("opening_hours.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Not before this.
    runs_at: Mapped[datetime] = mapped_column(Instant)
    #: How many tickets there were to look at when it began, how many have been, and whose clocks changed.
    total: Mapped[int | None]
    looked_at: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    done_to: Mapped[int] = mapped_column(BigId, default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
