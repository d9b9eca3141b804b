"""Which tickets a disturbance has gathered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, Instant


class Child(Base):
    """That a ticket comes of a disturbance: of one at most."""

    __tablename__ = "disturbance_ticket"
    __table_args__ = (Index("ix_disturbance_ticket_disturbance_id", "disturbance_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    disturbance_id: Mapped[int] = mapped_column(ForeignKey("disturbance.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
