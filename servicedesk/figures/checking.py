"""Whether figures are what the journals say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from servicedesk.core import clock
from servicedesk.core.db import Base, db, table_of
from servicedesk.figures import cells, hours
from servicedesk.figures.facts import facts_of
from servicedesk.figures.models import FigureCell, FigureHour, FigureTime, TicketFact
from servicedesk.tickets.models import TicketChange

Wrong = tuple[int, str, str]


def differences(ids: Sequence[int]) -> Iterator[Wrong]:
    """(ticket, field, what is wrong) of the facts of those tickets; what has not been told yet is no difference."""
    should = {row["ticket_id"]: row for row in facts_of(ids, clock.own_zone())}
    kept = select(*table_of(TicketFact).c).where(TicketFact.ticket_id.in_(ids))
    are = {row.ticket_id: row._mapping for row in db.session.execute(kept)}
    # Asked last: what changes in between is among them.
    changing = set(db.session.scalars(select(TicketChange.ticket_id).where(TicketChange.ticket_id.in_(ids))))
    for ticket_id, row in should.items():
        if ticket_id in changing:
            continue
        for field, value in row.items():
            is_now = are[ticket_id][field] if ticket_id in are else None
            if is_now != value:
                yield ticket_id, f"fact {field}", f"is {is_now}, the journal says {value}"


def wrong_sums() -> Iterator[str]:
    """The keys of sums that are not what the facts add up to."""
    for kind in (FigureCell, FigureTime):
        for key in cells.wrong(kind):
            yield _said(kind, key)
    for key in hours.wrong():
        yield _said(FigureHour, key)


def _said(kind: type[Base], key: Mapping[str, Any]) -> str:
    return f"{table_of(kind).name} {' '.join(f'{name}={value}' for name, value in key.items())}"
