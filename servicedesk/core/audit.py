"""The audit log: one line for each change of what is not a ticket, and for each look-up that must be accounted for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.actor import Actor
from servicedesk.core.db import Base, BigId, Instant, Json, db


class AuditLine(Base):
    """Who did what to which thing, when; never changed, never deleted by the application."""

    __tablename__ = "audit_line"
    __table_args__ = (
        Index("ix_audit_line_customer_id_id", "customer_id", "id"),
        Index("ix_audit_line_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    #: A constant such as "person_changed".
    action: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None] = mapped_column(BigId)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)


def record(
    action: str,
    *,
    by: Actor,
    now: datetime,
    subject: tuple[str, int] | None = None,
    customer_id: int | None = None,
    **facts: Any,
) -> None:
    """Adds a line; part of the transaction in which the thing itself happens."""
    kind, id_ = subject or (None, None)
    db.session.add(
        AuditLine(
            at=now,
            action=action,
            by_id=by.id,
            customer_id=customer_id if customer_id is not None else by.customer_id,
            subject_kind=kind,
            subject_id=id_,
            facts=facts,
        )
    )
