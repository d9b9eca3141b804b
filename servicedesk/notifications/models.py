"""The outbox, and what people are told in the application."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column


class Delivery(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    #: Given up; `last_error` says why.
    DEAD = "dead"
    #: Whoever it was for may not know of it any more; `last_error` says so.
    DROPPED = "dropped"


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


class Notice(Base):
    """An event that one person is told about, in the bell, in a digest, or in both.

    It holds what it takes to say it again in the reader's language, but no name of the thing that it is about: those
    who know the thing are asked for that when it is shown, as the reader may not be allowed to see it any more.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "source"),
        CheckConstraint("shown_from IS NOT NULL OR read_at IS NULL", "seen_before_read"),
        Index("ix_notice_person_id_shown_from", "person_id", "shown_from"),
        # Counted on every page: what is unread is little, however much there is.
        Index("ix_notice_unread", "person_id", "read_at", "shown_from", "thread"),
        Index(
            "ix_notice_for_digest",
            "digest_at",
            "person_id",
            postgresql_where=text("digest_at IS NOT NULL"),
            sqlite_where=text("digest_at IS NOT NULL"),
        ),
        Index("ix_notice_made_at", "made_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: Key of an event; see notifications.events.
    event: Mapped[str]
    #: What it is about, such as "ticket-123": the bell folds by it.
    thread: Mapped[str]
    #: What has happened, such as "ticket-123:7": nobody is told the same thing twice.
    source: Mapped[str]
    #: What the event's words need.
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Where on this site it is to be seen.
    path: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: Since when the bell shows it; empty when it is for the digest alone.
    shown_from: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The digest that it waits for; empty when it waits for none.
    digest_at: Mapped[datetime | None] = mapped_column(Instant)


class HeldNews(Base):
    """News that waits until all that belongs together has happened; see notifications.commands.holding."""

    __tablename__ = "held_news"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What it waits for, such as "together-12".
    bundle: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    news: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Persons who are to hear of it.
    ids: Mapped[list[int]] = mapped_column(Json)


class ByMail(StrEnum):
    """Whether and when an event comes by mail."""

    NOW = "now"
    DIGEST = "digest"
    NEVER = "never"


class NoticeChoice(Base):
    """How a person wants to hear of an event; without a row, as the event says."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    in_bell: Mapped[bool]
    by_mail: Mapped[ByMail] = mapped_column(enum_column(ByMail))


class NoticeHabit(Base):
    """When a person wants digests, and when no mails; times on the wall where the installation is."""

    __tablename__ = "notice_habit"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Such as ["08:00", "14:30"], and the weekdays on which they hold: 0 is Monday.
    digest_times: Mapped[list[str]] = mapped_column(Json)
    digest_days: Mapped[list[int]] = mapped_column(Json)
    is_quiet: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[str]
    quiet_to: Mapped[str]
