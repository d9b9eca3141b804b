"""A municipality with two schools and a system, and people who need to be shown something."""

from datetime import timedelta

import pytest
import time_machine

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause


@pytest.fixture
def town(desk):
    class Town:
        first, second = desk.unit(name="Bakkeskolen"), desk.unit(name="Skovskolen")
        aula = desk.system("Aula")
        network = desk.team(name="Netværk")
        supporter = desk.person(Role.SUPPORTER, team=network, name="Lene Kr")
        chief = desk.person(Role.SERVICEDESK_MANAGER, name="Chefen")
        coordinator = desk.person(Role.TRAINING_COORDINATOR, name="Koordinatoren")
        teacher = desk.person(unit=first, name="Anna Lærer")
        other = desk.person(unit=second, name="Bo Lærer")
        manager = desk.person(Role.MANAGER, unit=first, over=first, name="Skolelederen")

        def solved(self, by=None, *, ago=0, cause=Cause.COMPETENCE, system=aula, **answers):
            """The id of a ticket that the supporter solved, filed so many days ago."""
            filer = desk.actor(by or self.teacher)
            with time_machine.travel(clock.now() - timedelta(days=ago), tick=False):
                new = commands.NewTicket(
                    subject="Hvor er knappen?", description="Den er væk.", system_id=system.id if system else None
                )
                with desk.app.app_context():
                    ticket = commands.file(new, by=filer, now=clock.now())
                told = {"solution": "Den er under Mere.", "cause": cause, "answers": answers}
                with desk.app.app_context():
                    commands.resolve(ticket.id, by=desk.actor(self.supporter), now=clock.now(), **told)
            return ticket.id

    return Town()
