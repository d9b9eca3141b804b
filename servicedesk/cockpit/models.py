"""The tables of saved views and of how each person has arranged the queue."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.actor import Role
from servicedesk.core.db import Base, BigId, Instant, Json, enum_column


class Sharing(StrEnum):
    """Who can use a view besides its owner. It shows each of them what he or she may see, never more."""

    PRIVATE = "private"
    TEAM = "team"
    CUSTOMER = "customer"


class SavedView(Base):
    """Filters, order, columns and grouping of the queue under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("name != ''", "named"),
        CheckConstraint("(sharing = 'team') = (team_id IS NOT NULL)", "shared_with_team"),
        CheckConstraint("NOT is_first OR sharing != 'private'", "first_is_shared"),
        CheckConstraint("first_role IS NULL OR is_first", "role_of_first"),
        Index("ix_saved_view_customer_id_sharing", "customer_id", "sharing"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    #: The query part of its address: names with their values.
    query: Mapped[dict[str, list[str]]] = mapped_column(Json)
    sharing: Mapped[Sharing] = mapped_column(enum_column(Sharing), default=Sharing.PRIVATE)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    #: What those with whom it is shared see first, until they choose for themselves; with a role only they.
    is_first: Mapped[bool] = mapped_column(default=False)
    first_role: Mapped[Role | None] = mapped_column(enum_column(Role))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    #: It can be brought back for a while.
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class QueueSetup(Base):
    """How a person has arranged the queue; nothing is said of what he or she has left as it is."""

    __tablename__ = "queue_setup"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Keys of the views in the row of tabs, in order.
    tabs: Mapped[list[str] | None] = mapped_column(Json)
    #: Key of the view that the queue opens with.
    first: Mapped[str | None]
    columns: Mapped[list[str] | None] = mapped_column(Json)
