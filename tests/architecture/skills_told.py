"""What the town whose pages are read in English needed to be shown: named in English, by the keys of addresses."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from servicedesk.competence import commands as competence
from servicedesk.competence.models import Offer, Topic
from servicedesk.competence.rules import FindingKind
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.organisation.models import Person, Unit
from servicedesk.superbrugere.networks import commands as networks
from servicedesk.systems.models import System
from servicedesk.tickets import commands as tickets
from servicedesk.tickets.workflow import Cause
from tests.competence_made import course, session, visit
from tests.desk import Desk


def lack(desk: Desk, unit: Unit, system: System, filer: Person, people: Mapping[str, Person]) -> dict[str, int]:
    """A ticket that was solved by showing how, with its topic and an offer, and a visit that was held."""
    taught = course(desk, system, "Payroll in half an hour")
    held = session(desk, taught, place="Town hall", instructor_id=people["supporter"].id)
    told = {"subject": "Where is the button?", "description": "It is gone."}
    ticket = desk.ticket("open", system=system, by=filer, assignee=people["supporter"], **told)
    given: dict[str, Any] = {"by": desk.actor(people["supporter"]), "now": clock.now()}
    answers = {"topic": "Reopening a case", "suggestion": f"course-{taught.id}"}
    with desk.app.app_context():
        tickets.resolve(ticket, solution="Under More.", cause=Cause.COMPETENCE, answers=answers, **given)
    one = visit(desk, unit, [people["supporter"]], system, goals="See what goes wrong.")
    with desk.app.app_context():
        competence.hold_visit(one.id, **given)
        body, kind = "The screen is too small.", FindingKind.GUIDELINE
        found = competence.add_finding(one.id, body=body, kind=kind, form_id="a", **given)
    [topic], [offer] = desk.all(Topic), desk.all(Offer)
    keys = {"topic_id": topic.id, "offer_id": offer.id, "visit_id": one.id, "finding_id": found.id}
    return {**keys, "course_id": taught.id, "session_id": held.id}


def meet(desk: Desk, coordinator_id: int, member_id: int) -> dict[str, int]:
    """A network with a letter and a meeting; by their keys."""
    now = clock.now()
    given: dict[str, Any] = {"by": SYSTEM, "now": now}
    when = networks.MeetingTerms(title="Spring", starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    with desk.app.app_context():
        terms = networks.NetworkTerms(name="Printers", coordinator_id=coordinator_id)
        made = networks.make_network(desk.home.id, terms, **given)
        networks.add_member(made.id, member_id, **given)
        networks.write(made.id, subject="News", body="Dear all", form_id="a", **given)
        return {"network_id": made.id, "meeting_id": networks.call_meeting(made.id, when, **given).id}
