"""Which tickets have changed, for whoever keeps figures of them."""

from collections.abc import Iterable

from sqlalchemy import ForeignKey, insert
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, db, table_of


class TicketChange(Base):
    """A ticket of which figures may have changed: written with each entry, and deleted by whoever has told them.

    Rows rather than a mark up to which entries were read: on PostgreSQL, entries can become visible out of order.
    """

    __tablename__ = "ticket_change"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))


def note(ticket_ids: Iterable[int]) -> None:
    """Notes them in the caller's transaction."""
    if rows := [{"ticket_id": id_} for id_ in ticket_ids]:
        db.session.execute(insert(table_of(TicketChange)), rows)
