"""Drafts, the files that lie with them, and what is on its way out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json


class Draft(Base):
    """What one person has typed in one place, such as "ticket-42" or "file", and has not sent."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_saved_at", "saved_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: What each field of the form holds.
    fields: Mapped[dict[str, str]] = mapped_column(Json)
    #: Grows with each saving, so that an old window does not write over what was typed in a newer one.
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(Instant)
    #: Thrown away by the person, who may still change his or her mind.
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)


class Sending(Base):
    """Something that leaves at `send_at` unless the person changes his or her mind before."""

    __tablename__ = "sending"
    __table_args__ = (
        UniqueConstraint("person_id", "place"),
        Index("ix_sending_send_at", "send_at"),
        # An old page that asks for a number gets nobody else's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    place: Mapped[str]
    fields: Mapped[dict[str, str]] = mapped_column(Json)
    #: The last thing on the page that it was sent from.
    seen: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    send_at: Mapped[datetime] = mapped_column(Instant)


class KeptFile(Base):
    """A file in the store that has no place in a journal yet; it lies with a draft, or with what is on its way out."""

    __tablename__ = "kept_file"
    __table_args__ = (UniqueConstraint("stored_name"), Index("ix_kept_file_person_id_place", "person_id", "place"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The draft's place, or "sending-7".
    place: Mapped[str]
    name: Mapped[str]
    stored_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(Instant)


class SendHabit(Base):
    """For how many seconds a person can take back what he or she sends; without a row, ten."""

    __tablename__ = "send_habit"
    __table_args__ = (CheckConstraint("seconds IN (0, 10, 30)", "seconds"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seconds: Mapped[int] = mapped_column(SmallInteger)
