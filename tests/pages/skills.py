"""What the town's people needed to be shown: tickets with topics, an offer, and visits planned and held."""

from datetime import timedelta
from typing import TYPE_CHECKING

import time_machine

from servicedesk.competence import commands as competence
from servicedesk.competence.models import Offer, Topic
from servicedesk.competence.rules import FindingKind
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.organisation.models import Person
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause
from tests.competence_made import visit
from tests.desk import local_today
from tests.training_made import course, session

if TYPE_CHECKING:
    from tests.pages.town import Town

ARTICLE = "Sådan genåbner og retter man en besøgsregistrering, som en vikar har lukket for tidligt i weekenden"


def tell(town: "Town") -> None:
    desk, sensum = town.desk, town.systems["sensum"]
    taught = course(desk, "Sensum på en halv time", sensum, minutes=30)
    session(desk, taught, clock.now() + timedelta(days=12), seats=8, place="Byrådssalen")
    for number in range(9):
        _solved(town, ago=20 * number, topic="Genåbne en sag" if number % 3 else ARTICLE[:80])
    ticket = _solved(town, ago=0, topic="Genåbne en sag", suggestion=f"course-{taught.id}")
    [offer] = desk.all(Offer, ticket_id=ticket)
    topic = desk.all(Topic, system_id=sensum.id)[0]
    units, sent = town.units, [town.people["supporter"], town.people["chief"]]
    with desk.app.app_context():
        kinds = {units[name].id: "Pleje og omsorg" for name in ("care", "home", "nurses")}
        competence.set_kinds(desk.home.id, kinds, by=SYSTEM, now=clock.now())
    planned = visit(desk, units["nurses"], sent, sensum, visit_on=local_today() + timedelta(days=9))
    held = _held(town, sent)
    town.keys |= {"offer": offer.id, "topic": topic.id, "lacking": ticket, "visit": planned.id, "visit_held": held}
    town.keys |= {"home": units["home"].id}


def _solved(town: "Town", *, ago: int, **answers: str) -> int:
    """Filed so many days ago by an employee, and solved at once."""
    desk, people = town.desk, town.people
    with time_machine.travel(clock.now() - timedelta(days=ago), tick=False), desk.app.app_context():
        new = commands.NewTicket(
            subject="Besøget kan ikke rettes",
            description="Det er lukket.",
            system_id=town.systems["sensum"].id,
            to_desk=True,
        )
        ticket = commands.file(new, by=desk.actor(people["employee"]), now=clock.now())
        commands.resolve(
            ticket.id,
            by=desk.actor(people["supporter"]),
            now=clock.now(),
            solution="Vælg Mere og så Genåbn.",
            cause=Cause.COMPETENCE,
            answers=answers,
        )
    return ticket.id


def _held(town: "Town", sent: list[Person]) -> int:
    """A month ago, with a finding of each kind but a ticket, and followed up once."""
    desk, on = town.desk, clock.now() - timedelta(days=32)
    one = visit(desk, town.units["home"], sent, visit_on=on.date())
    with desk.app.app_context():
        competence.hold_visit(one.id, by=SYSTEM, now=on)
        for kind in (FindingKind.NOTE, FindingKind.COURSE, FindingKind.GUIDELINE):
            body = "Alle deler én pc i vagtstuen og logger sjældent af."
            competence.add_finding(one.id, body=body, kind=kind, form_id=kind.value, by=SYSTEM, now=on)
        competence.follow_up_next(now=clock.now())
    return one.id
