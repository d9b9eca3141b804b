"""What the tests of tickets share: acting as somebody, and seeing that nothing has changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import Base, db
from servicedesk.tickets import commands, search
from tests.desk import Desk


class Acting:
    """A person at the desk: every command of tickets is a method, with `by` and `now` filled in."""

    def __init__(self, app: Flask, actor: Actor, at: datetime | None = None) -> None:
        self.actor = actor
        self._app = app
        self._at = at

    def at(self, instant: datetime) -> "Acting":
        """The same person at another time."""
        return Acting(self._app, self.actor, instant)

    def file(self, subject: str = "Printeren er død", description: str = "Den siger ingenting.", **more: Any) -> int:
        told = commands.NewTicket(subject=subject, description=description, **more)
        with self._app.app_context():
            return commands.file(told, by=self.actor, now=self._now()).id

    def __getattr__(self, name: str) -> Callable[..., int]:
        command = getattr(commands, name)

        def carry_out(ticket_id: int, **told: Any) -> int:
            with self._app.app_context():
                ticket = command(ticket_id, **{"by": self.actor, "now": self._now(), **told})
                return ticket.id if ticket is not None else ticket_id

        return carry_out

    def _now(self) -> datetime:
        return self._at or clock.now()


@pytest.fixture
def act(app: Flask, desk: Desk) -> Callable[..., Acting]:
    """`act(person).take(ticket)`: the command, carried out by that person; `act(person, at)` at that instant."""
    return lambda person, at=None: Acting(app, desk.actor(person) if not isinstance(person, Actor) else person, at)


def contents(app: Flask) -> dict[str, list[Any]]:
    """Every row of every table, and of the search index."""
    with app.app_context():
        found = {
            name: sorted(map(repr, db.session.execute(table.select())))
            for name, table in sorted(Base.metadata.tables.items())
        }
        key = "rowid" if search.is_sqlite() else "ticket_id"
        rows = db.session.execute(text(f"SELECT {key}, doc FROM search_document"))
        return {**found, "search_document": sorted(map(repr, rows))}


@pytest.fixture
def unchanged(app: Flask) -> Callable[..., Any]:
    """`with unchanged(SomeError):` expects that refusal, and that it leaves no trace in any table."""

    @contextmanager
    def watching(refusal: type[Exception]) -> Iterator[None]:
        before = contents(app)
        with pytest.raises(refusal) as raised:
            yield
        assert raised.type is refusal
        assert contents(app) == before

    return watching
