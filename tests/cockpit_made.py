"""Runs over many tickets and macros for tests, made by the commands that people's own are made by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servicedesk.cockpit.bulk import commands
from servicedesk.cockpit.bulk.models import BulkRun
from servicedesk.cockpit.macros import commands as macros
from servicedesk.cockpit.macros.models import Audience, Macro
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import clock
from servicedesk.tickets.workflow import Cause

if TYPE_CHECKING:
    from tests.desk import Desk, Someone


def run_over(desk: Desk, by: Someone, tickets: list[int], *steps: Step, name: str | None = None) -> BulkRun:
    """A run that has come to its end."""
    actor = desk.actor(by)
    with desk.app.app_context():
        run = commands.start(tickets, steps, by=actor, now=clock.now(), form_id="", name=name)
        while commands.carry_on(run.id, by=actor, now=clock.now()):
            pass
    return desk.get(BulkRun, run.id)


def macro_of(desk: Desk, by: Someone, *steps: Step, name: str = "Reset and solve", **told: Any) -> Macro:
    given: dict[str, Any] = {"audience": Audience.OWN, "description": "", **told}
    with desk.app.app_context():
        text = macros.MacroText(name=name, steps=steps, **given)
        return macros.add(text, by=desk.actor(by), now=clock.now())


def done_to_many(desk: Desk, worker: Someone, chief: Someone, tickets: list[int]) -> dict[str, int]:
    """A run with some refused and its undoing, one that was told of together, and a macro for all; by their keys."""
    solving = Step(deed=Deed.RESOLVE, text="Solved.", cause=Cause.FAULT)
    run = run_over(desk, worker, [*tickets, 999_999], solving)
    actor = desk.actor(worker)
    with desk.app.app_context():
        back = commands.undo(run.id, by=actor, now=clock.now(), reason="Too soon.")
        commands.carry_on(back.id, by=actor, now=clock.now())
    macro = macro_of(desk, chief, Step(deed=Deed.TAKE), solving, audience=Audience.ALL, description="At the phone.")
    return {"run_id": run.id, "bundle": run.id, "macro_id": macro.id}
