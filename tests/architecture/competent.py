"""What addresses of competence name: a topic, an offer to somebody, and a visit on which somebody went."""

from typing import Any

from servicedesk.competence.models import Finding, Offer, Topic, Visit, VisitPerson
from servicedesk.competence.rules import FindingKind
from servicedesk.core import clock
from servicedesk.organisation.models import Person, Unit
from servicedesk.systems.models import KnownError, System
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Cause
from tests.abuse.town import Town


def competent(town: Town, person: Person, unit: Unit, system: System) -> dict[str, int]:
    """A topic of the system, an offer to the person, and a visit to the unit on which he or she goes."""
    now, desk = clock.now(), town.desk
    customer = {"customer_id": unit.customer_id}
    key = f"emne {person.id}"
    topic = desk.add(Topic(system_id=system.id, name=key, key=key, made_at=now, **customer))
    known = {"system_id": system.id, "title": "Kendt", "made_at": now, "changed_at": now}
    visit = Visit(unit_id=unit.id, visit_on=now.date(), goals="Se efter", made_at=now, form_id=key, **customer)
    visit = desk.add(visit)
    desk.add(VisitPerson(visit_id=visit.id, person_id=person.id))
    found: dict[str, Any] = {"kind": FindingKind.GUIDELINE, "body": "Ret den", "at": now, "form_id": key}
    finding = desk.add(Finding(visit_id=visit.id, **found))
    offer = _offer(town, person, known | {"title_words": "", "words": ""} | customer)
    return {"topic_id": topic.id, "visit_id": visit.id, "finding_id": finding.id, "offer_id": offer}


def _offer(town: Town, person: Person, known: dict[str, Any]) -> int:
    row = town.desk.add(KnownError(**known))
    ticket = town.desk.ticket(by=person)
    with town.desk.writing() as session:
        session.get_one(Ticket, ticket).cause = Cause.COMPETENCE
    told = {"person_id": person.id, "known_error_id": row.id, "ticket_id": ticket, "made_at": clock.now()}
    return town.desk.add(Offer(customer_id=known["customer_id"], **told)).id
