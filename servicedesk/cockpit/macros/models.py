"""The macros' table."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.cockpit.steps import Step
from servicedesk.core.db import Base, BigId, Instant, Json, enum_column

MOST_NAME = 80
MOST_DESCRIPTION = 300


class Audience(StrEnum):
    """Who has a macro."""

    OWN = "own"
    TEAM = "team"
    #: All who work on tickets of the customer.
    ALL = "all"


class Macro(Base):
    """Steps under a name. One that was deleted stays for a while, so that it can be taken back."""

    __tablename__ = "macro"
    __table_args__ = (
        CheckConstraint("name != ''", "named"),
        CheckConstraint("(audience = 'team') = (team_id IS NOT NULL)", "team_is_named"),
        Index("ix_macro_customer_id_name", "customer_id", "name"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def deeds(self) -> list[Step]:
        return [Step.read(written) for written in self.steps]
