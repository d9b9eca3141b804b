"""The audit log: one line for each change of what is not a ticket. What people read stands in core/lookups.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text, update
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.actor import Actor
from servicedesk.core.db import Base, BigId, Instant, Json, db, transaction

#: Not in the chain yet; see servicedesk/upkeep/chain.py.
_UNSEALED = text("place IS NULL")
_REVEALED = text("action = 'cpr_revealed'")


class AuditLine(Base):
    """Who did what to which thing, when; never changed by the application but for `erase_facts`, and never deleted."""

    __tablename__ = "audit_line"
    __table_args__ = (
        Index("ix_audit_line_customer_id_id", "customer_id", "id"),
        Index("ix_audit_line_subject", "subject_kind", "subject_id"),
        # The chain: no place twice, and what has none yet.
        Index("ix_audit_line_place", "place", unique=True),
        Index("ix_audit_line_unsealed", "id", postgresql_where=_UNSEALED, sqlite_where=_UNSEALED),
        # How often somebody has seen hidden numbers today.
        Index("ix_audit_line_revealed", "by_id", "at", postgresql_where=_REVEALED, sqlite_where=_REVEALED),
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
    #: Set once, by the worker, soon after: the line's place in the chain, counted from 1 without a gap.
    place: Mapped[int | None] = mapped_column(BigId)
    #: SHA-256 over the line and the digest before it.
    digest: Mapped[str | None]
    #: Makes what the facts were impossible to guess from their digest, once they have been taken out.
    salt: Mapped[str | None]
    #: SHA-256 over salt and facts: what `digest` knows of them.
    facts_digest: Mapped[str | None]


#: Stands for facts that were taken out, as when somebody is erased whom they named.
ERASED = {"erased": True}
#: The line that says that this was done, and to which others.
ERASING = "audit_facts_erased"


def erase_facts(ids: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Takes out what these lines tell besides who, what and when. The chain holds, since its digests know the facts
    only by a digest of their own; that has no salt any more and tells nothing.
    """
    if not ids:
        return
    with transaction() as session:
        session.execute(update(AuditLine).where(AuditLine.id.in_(ids)).values(facts=ERASED, salt=None))
        record("audit_facts_erased", by=by, now=now, lines=sorted(ids))


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
