"""The table of who is where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant


class Presence(Base):
    """A person at a ticket. Tickets lie above this capability, so the number is only a number here."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_seen_at", "seen_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    is_writing: Mapped[bool]
    #: When the person's page last said that it is open.
    seen_at: Mapped[datetime] = mapped_column(Instant)
