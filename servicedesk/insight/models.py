"""Who gets which report, and which have been put in the post."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column
from servicedesk.insight.trying.models import AgreementTrial as AgreementTrial

_LIVE = text("ended_at IS NULL")


class Ending(StrEnum):
    """Why a subscription is over."""

    BY_HAND = "by_hand"
    BY_MAIL = "by_mail"
    #: Whoever it was for may see no overview of that customer any more.
    NO_ACCESS = "no_access"
    #: Whoever it was for has left.
    LEFT = "left"
    NO_MAILBOX = "no_mailbox"


class ReportSubscription(Base):
    """That a person gets an overview by mail each month, of one part of a customer's tickets."""

    __tablename__ = "report_subscription"
    __table_args__ = (
        CheckConstraint("has_pdf OR has_xlsx", "has_a_file"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", "says_why_it_ended"),
        # The same twice would be one mail too many; asked for by person, too.
        Index(
            "ix_report_subscription_live",
            "person_id",
            "customer_id",
            "chosen",
            unique=True,
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
        Index("ix_report_subscription_due", "next_month", "id", postgresql_where=_LIVE, sqlite_where=_LIVE),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Of whose tickets it tells.
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: What they are narrowed to; see `reports.chosen`.
    chosen: Mapped[dict[str, Any]] = mapped_column(Json)
    has_pdf: Mapped[bool]
    has_xlsx: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: The month that is told of next, such as 202611, once it is over.
    next_month: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[Ending | None] = mapped_column(enum_column(Ending))


class ReportMail(Base):
    """That a subscription's report of a month was put in the outbox, in the same transaction: never twice."""

    __tablename__ = "report_mail"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("report_subscription.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: 0 for the one that comes by itself, 1 and on for those that the person asked for.
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    #: SHA-256 of the token in the mail that ends the subscription, together with its purpose.
    digest: Mapped[str] = mapped_column(unique=True)
