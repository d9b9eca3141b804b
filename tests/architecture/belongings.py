"""What a person has of his or her own that addresses name: something begun, a run over tickets, a macro."""

from datetime import timedelta
from typing import Any

from servicedesk.accountability.models import AccessPackage
from servicedesk.cockpit.macros.models import Audience
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.drafts.models import KeptFile, Sending
from servicedesk.notifications.models import Notice
from servicedesk.organisation.models import ImportDraft, Person, Unit
from servicedesk.phrases.models import Phrase
from servicedesk.superbrugere.commands import publish_guideline
from servicedesk.superbrugere.networks import commands as networks
from servicedesk.superbrugere.rules import GuidelineTerms
from servicedesk.training import commands as training
from tests.abuse.town import Town
from tests.cockpit_made import macro_of, run_over
from tests.desk import Desk
from tests.superbrugere_made import appoint, give
from tests.training_made import course, record, require, session


def package_of(desk: Desk, person: Person) -> int:
    """All that is kept about the person, asked for and not made yet."""
    told = {"person_id": person.id, "by_id": person.id, "customer_id": person.customer_id, "asked_at": clock.now()}
    return desk.add(AccessPackage(form_id=f"package-{person.id}-{desk.count(AccessPackage)}", **told)).id


def begun(town: Town, person: Person) -> dict[str, int]:
    """What a person has written and not sent, and a text of his or her own.

    What is on its way stands on a ticket that nothing else is tried on: it goes before the writer's next word there.
    """
    now, place = clock.now(), f"ticket-{town.desk.ticket(by=person)}"
    file = town.file()
    kept = KeptFile(person_id=person.id, place="file", name=file.name, stored_name=file.stored_name, kept_at=now)
    kept.media_type, kept.size, kept.sha256 = file.media_type, file.size, file.sha256
    sending = Sending(person_id=person.id, customer_id=person.customer_id, place=place, seen=1, made_at=now)
    sending.fields, sending.send_at = {"body": "Hej", "visibility": "public"}, now + timedelta(hours=1)
    phrase = Phrase(customer_id=person.customer_id, owner_id=person.id, name="Tekst", keyword="tekst", body="Hej")
    phrase.changed_at = now
    rows: dict[str, Any] = {"file_id": kept, "sending_id": sending, "phrase_id": phrase}
    return {name: town.desk.add(row).id for name, row in rows.items()}


def done_to_many(town: Town, by: Person, ticket_id: int) -> dict[str, int]:
    """A run over a ticket, a macro, and what he or she was told of several things at once, of that person's own."""
    run = run_over(town.desk, by, [ticket_id], Step(deed=Deed.FOLLOW))
    return {"run_id": run.id, "macro_id": _macro(town, by), "bundle": _told_together(town, by, ticket_id)}


def _macro(town: Town, by: Person) -> int:
    """Administrators have none to themselves, and those who neither answer nor run anything none at all."""
    who = town.desk.actor(by)
    is_for_all = who.has_role(Role.ADMINISTRATOR)
    has_one = is_for_all or who.has_role(Role.SUPERBRUGER, Role.SUPPORTER, Role.SERVICEDESK_MANAGER)
    audience = Audience.ALL if is_for_all else Audience.OWN
    return macro_of(town.desk, by if has_one else town.s1, Step(deed=Deed.FOLLOW), audience=audience).id


def agreed_as_superbruger(town: Town, with_: Person, guidelines: dict[str, int]) -> dict[str, int]:
    """An appointment that the person has agreed to as a manager, of somebody who has no other part in this."""
    home = Unit(id=with_.customer_id, customer_id=with_.customer_id)
    other = town.desk.person(unit=home)
    return {"appointment_id": appoint(town.desk, other, home, agreed_by_id=with_.id).id, **guidelines}


def helped_by(town: Town, person: Person | None, unit: Unit) -> int:
    """Help on the floor by that superbruger, or by somebody who has no other part in this."""
    return give(town.desk, person or town.desk.person(unit=unit), unit)


def meets(town: Town, person: Person) -> dict[str, int]:
    """A network that the person coordinates and belongs to, and a meeting of it."""
    now = clock.now()
    given: dict[str, Any] = {"by": SYSTEM, "now": now}
    when = networks.MeetingTerms(title="Møde", starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    with town.desk.app.app_context():
        terms = networks.NetworkTerms(name=f"Netværk {person.id}", coordinator_id=person.id)
        network = networks.make_network(person.customer_id, terms, **given)
        networks.add_member(network.id, person.id, **given)
        return {"network_id": network.id, "meeting_id": networks.call_meeting(network.id, when, **given).id}


def learns(desk: Desk, customer_id: int, person: Person, learner: Person) -> dict[str, int]:
    """A course that the person holds, a guideline, something to be shown, a requirement, and what a learner has."""
    customer = desk.get(Unit, customer_id)
    taught, signed, local = (
        course(desk, f"{kind.title()} {person.id}", kind=kind, customer=customer)
        for kind in ("classroom", "guideline", "local")
    )
    with desk.app.app_context():
        training.publish(signed.id, body="Lock the screen", seen=None, by=SYSTEM, now=clock.now())
    draft = ImportDraft(customer_id=customer_id, by_id=person.id, kind="training", made_at=clock.now())
    draft.content = b"person;course;obtained_on\n"
    return {
        "course_id": taught.id,
        "signed_id": signed.id,
        "local_id": local.id,
        "session_id": session(desk, taught, instructor=person).id,
        "requirement_id": require(desk, taught).id,
        "record_id": record(desk, learner, taught).id,
        "training_draft_id": desk.add(draft).id,
    }


def guideline_of(town: Town, customer_id: int) -> dict[str, int]:
    """One that leaves every ticket to the servicedesk."""
    terms = GuidelineTerms(local=None, writes_known=True)
    with town.desk.app.app_context():
        made = publish_guideline(customer_id, terms, body="Sådan", by=SYSTEM, now=clock.now())
        return {"guideline_id": made.guideline_id, "guideline_version_id": made.id}


def _told_together(town: Town, to: Person, ticket_id: int) -> int:
    """A line in the bell about a bundle of a number that is nobody else's."""
    now, bundle, thread = clock.now(), 10_000 + to.id, f"ticket-{ticket_id}"
    part = {"event": "ticket_replied", "facts": {"by": "Bo"}, "path": f"/tickets/{ticket_id}"}
    facts = {"count": 2, "event": "ticket_replied", "by": "Bo", "things": {thread: part}}
    notice = Notice(person_id=to.id, customer_id=to.customer_id, event="together", facts=facts, made_at=now)
    notice.thread, notice.source = f"together-{bundle}", f"together-{bundle}:{thread}:1"
    notice.path, notice.shown_from = f"/notices/together-{bundle}", now
    town.desk.add(notice)
    return bundle


def named(own: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What stands in the query or the form of routes that are about nothing without it, by endpoint."""
    return {
        "tickets.people": {"to": "bring", "q": "a"},
        "tickets.call_suggestions": {"person": own["person_id"]},
        "cockpit.bulk_start": {"do": "take", "tickets": str(own["ticket_id"])},
    }
