"""Who is there. Whoever shows it asks the policy of the ticket first."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from servicedesk.core.db import bare
from servicedesk.organisation.models import Person
from servicedesk.presence.models import Presence

#: A page says every fifteen seconds that it is open; who has been silent for three times as long has left.
LASTS = timedelta(seconds=45)


class Present(NamedTuple):
    """Somebody who is at a ticket."""

    person_id: int
    name: str
    initials: str
    is_writing: bool


def present(ticket_ids: Iterable[int], now: datetime) -> dict[int, list[Present]]:
    """Who is at each of those tickets, those who write first; one query, none when nothing is asked for."""
    ids = list(ticket_ids)
    if not ids:
        return {}
    found: dict[int, list[Present]] = {}
    for row in bare(_PRESENT, {"present_at": ids, "there_since": now - LASTS}):
        found.setdefault(row[0], []).append(Present(*row[1:]))
    return found


_PRESENT = (
    select(Presence.ticket_id, Person.id, Person.name, Person.initials, Presence.is_writing)
    .join(Person, Person.id == Presence.person_id)
    .where(Presence.ticket_id.in_(bindparam("present_at", expanding=True)), Presence.seen_at > bindparam("there_since"))
    .order_by(Presence.is_writing.desc(), Person.name)
)
