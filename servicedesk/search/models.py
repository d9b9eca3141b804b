"""What a person opened and searched last."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, Instant


class RecentTicket(Base):
    """A ticket that the person opened; a few each, the oldest give way."""

    __tablename__ = "recent_ticket"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)


class RecentSearch(Base):
    """Something that the person searched for, as it was typed; a few each, the oldest give way."""

    __tablename__ = "recent_search"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    asked: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
