"""The tables of answering for systems."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json


class Review(Base):
    """That the owner of a system has gone through what the register says of it, and signed; never changed."""

    __tablename__ = "system_review"
    __table_args__ = (
        CheckConstraint("signed_name != ''", "signed"),
        Index("ix_system_review_system_id_id", "system_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The name as it was signed: people marry and leave.
    signed_name: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(Instant)
    #: By the point of the checklist: "right", "changed" or "wrong".
    answers: Mapped[dict[str, str]] = mapped_column(Json)
    #: What is to be done about what was not right.
    note: Mapped[str] = mapped_column(default="")
    #: What stood in the register: a list of [what, value].
    snapshot: Mapped[list[Any]] = mapped_column(Json)
