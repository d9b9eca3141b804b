"""What was done to many tickets at once in the town that pages are looked at in, and a macro."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servicedesk.cockpit.bulk import commands as bulk
from servicedesk.cockpit.macros.models import Audience
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import clock
from servicedesk.tickets.workflow import Cause
from tests.cockpit_made import macro_of, run_over

if TYPE_CHECKING:
    from tests.pages.town import Town


def leave(town: Town) -> None:
    """A run with some refused, one that was taken back, and a macro that everybody has."""
    desk, people = town.desk, town.people
    supporter, employee = people["supporter"], people["employee"]
    subjects = ("Ingen lyd i mødelokalet", "Musen er væk", "Skærmen flimrer")
    some = [desk.ticket(by=employee, subject=subject) for subject in subjects]
    solving = Step(deed=Deed.RESOLVE, text="Hej {{bruger.fornavn}}, det virker igen.", cause=Cause.FAULT)
    run = run_over(desk, supporter, [*some, town.tickets["closed"], town.tickets["secret"]], solving)
    taken = run_over(desk, supporter, [desk.ticket(by=people["manager"])], Step(deed=Deed.TAKE))
    actor = desk.actor(supporter)
    with desk.app.app_context():
        back = bulk.undo(taken.id, by=actor, now=clock.now(), reason="Fortrudt.")
        bulk.carry_on(back.id, by=actor, now=clock.now())
    told: dict[str, Any] = {
        "name": "Nulstil adgangskode og løs",
        "description": "Ved telefonen.",
        "audience": Audience.ALL,
    }
    macro = macro_of(desk, people["chief"], Step(deed=Deed.TAKE), Step(deed=Deed.REPLY, text="Hej"), solving, **told)
    town.keys |= {"run": run.id, "undone": back.id, "macro": macro.id}
