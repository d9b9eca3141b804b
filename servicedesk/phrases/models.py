"""Texts to use again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant


class Phrase(Base):
    """A text that its owner, a team or a whole customer can put into what they write."""

    __tablename__ = "phrase"
    __table_args__ = (
        CheckConstraint("owner_id IS NULL OR team_id IS NULL", "one_scope"),
        CheckConstraint("name != ''", "named"),
        Index("ix_phrase_customer_id", "customer_id"),
        Index("ix_phrase_owner_id", "owner_id"),
        Index("ix_phrase_team_id", "team_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: Whose alone it is, or which team's; with neither it is for all of the customer's staff.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str]
    #: What one types after `::` to get it; lower case.
    keyword: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    #: Deleted, and to be had back for a while.
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
