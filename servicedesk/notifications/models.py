"""The outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column


class Delivery(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    #: Given up; `last_error` says why.
    DEAD = "dead"


class OutboxMail(Base):
    """A mail that has to leave: a template and the facts for it, so that it is put into words when sent.

    `message_id` is made with the row and never changes: a mail that leaves twice because of a crash between the
    server's 250 and our mark is known as the same one.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_outbox_mail_delivery_next_try_at", "delivery", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str]
    locale: Mapped[str] = mapped_column(default="da")
    #: Name of templates/emails/NAME.txt.
    template: Mapped[str]
    #: What the template needs; emptied when the mail has left.
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    #: What stands before the @ in the Message-ID.
    message_id: Mapped[str]
    #: The same of the conversation that this mail belongs to, for In-Reply-To.
    thread_id: Mapped[str | None]
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    #: While a worker holds it: until when, and which claim it is.
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None]
