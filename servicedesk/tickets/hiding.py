"""CPR numbers in what is written on tickets: taken out on the way in, and kept where only a reason opens.

What a journal, a list, a mail, a search or an export has never held, none of them can show. The number itself lies in a
table of its own, for whoever at the desk needs it to help: see `commands.reveal`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core import cpr
from servicedesk.core.db import Base, BigId, Instant, db

#: The keys of an entry's data under which people's own words stand.
WORDS = frozenset(
    {"subject", "description", "body", "solution", "reason", "tried", "instruction", "note", "supplier", "question"}
)


class HiddenNumber(Base):
    """A CPR number that somebody wrote on a ticket."""

    __tablename__ = "hidden_number"
    __table_args__ = (Index("ix_hidden_number_ticket_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: The journal entry that it was written in.
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    #: Six digits, a stroke and four.
    number: Mapped[str]


def hide_in(data: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """An entry's data without CPR numbers, and the numbers, each once."""
    kept, numbers = dict(data), dict[str, None]()
    for key in WORDS & data.keys():
        kept[key] = _hide(data[key], numbers)
    return kept, tuple(numbers)


def _hide(value: Any, numbers: dict[str, None]) -> Any:
    """A text; or, of what was changed, the text before and the one after."""
    if isinstance(value, str):
        found = cpr.hide(value)
        numbers.update(dict.fromkeys(found.numbers))
        return found.text
    return [_hide(one, numbers) for one in value] if isinstance(value, list | tuple) else value


def is_hidden_in(journal: Iterable[Mapping[str, Any]]) -> bool:
    """Whether anything was taken out of those entries' data."""
    return any(cpr.MASK in str(data[key]) for data in journal for key in WORDS & data.keys())


def keep(numbers: tuple[str, ...], ticket_id: int, customer_id: int, seq: int, at: datetime) -> None:
    """Part of the transaction in which the entry is written."""
    for number in numbers:
        db.session.add(HiddenNumber(ticket_id=ticket_id, customer_id=customer_id, seq=seq, at=at, number=number))
