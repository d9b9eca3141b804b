"""Agreements that somebody tries, as tests need them."""

from datetime import timedelta

from servicedesk.agreements.book import book_of
from servicedesk.core import clock
from servicedesk.insight.trying import commands, queries
from servicedesk.organisation.models import Person
from tests.desk import Desk


def trial(desk: Desk, by: Person, *, name: str = "Tighter", is_done: bool = True) -> int:
    """The home customer's first agreement, tried on the tickets of the last days; its id."""
    who, now = desk.actor(by), clock.now()
    with desk.app.app_context():
        version = next(iter(book_of(desk.home.id).versions.values()))
        made = commands.start(
            desk.home.id,
            name=name,
            told={"terms": version.terms.write()},
            first=now.date() - timedelta(days=200),
            last=now.date(),
            by=who,
            now=now,
            form_id=f"{name}-{is_done}",
        )
        id_ = made.id
        while is_done and queries.get(id_, who).ended_at is None:
            commands.carry_on(queries.get(id_, who), now=now)
    return id_
