"""Known errors and disturbances for tests, made by the commands that people's own are made by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.systems import commands

if TYPE_CHECKING:
    from servicedesk.systems.models import System
    from tests.desk import Desk


def make_known_error(desk: Desk, system: System, title: str = "Login fejler", by: Actor = SYSTEM, **told: Any) -> int:
    words = commands.KnownErrorWords(system_id=system.id, title=title, **told)
    with desk.app.app_context():
        return commands.add_known_error(words, by=by, now=clock.now()).id


def make_disturbance(
    desk: Desk, *systems: System, message: str = "Man kan ikke logge på", by: Actor = SYSTEM, **told: Any
) -> int:
    new = commands.NewDisturbance(system_ids=[one.id for one in systems], message=message, **told)
    with desk.app.app_context():
        return commands.declare_disturbance(new, by=by, now=clock.now()).id
