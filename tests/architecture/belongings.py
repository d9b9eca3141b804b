"""What a person has of his or her own that addresses name: something begun, a run over tickets, a macro."""

from datetime import timedelta
from typing import Any

from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import clock
from servicedesk.drafts.models import KeptFile, Sending
from servicedesk.organisation.models import Person
from servicedesk.phrases.models import Phrase
from tests.abuse.town import Town
from tests.cockpit_made import macro_of, run_over


def begun(town: Town, person: Person, ticket_id: int) -> dict[str, int]:
    """What a person has written and not sent, and a text of his or her own."""
    now, place = clock.now(), f"ticket-{ticket_id}"
    file = town.file()
    kept = KeptFile(person_id=person.id, place="file", name=file.name, stored_name=file.stored_name, kept_at=now)
    kept.media_type, kept.size, kept.sha256 = file.media_type, file.size, file.sha256
    sending = Sending(person_id=person.id, customer_id=person.customer_id, place=place, seen=1, made_at=now)
    sending.fields, sending.send_at = {"body": "Hej", "visibility": "public"}, now + timedelta(hours=1)
    phrase = Phrase(customer_id=person.customer_id, owner_id=person.id, name="Tekst", keyword="tekst", body="Hej")
    phrase.changed_at = now
    rows: dict[str, Any] = {"file_id": kept, "sending_id": sending, "phrase_id": phrase}
    return {name: town.desk.add(row).id for name, row in rows.items()}


def done_to_many(town: Town, by: Person, ticket: int) -> dict[str, int]:
    """A run over a ticket, and a macro, of that person's own."""
    step = Step(deed=Deed.FOLLOW)
    run, macro = run_over(town.desk, by, [ticket], step), macro_of(town.desk, by, step)
    return {"run_id": run.id, "macro_id": macro.id, "bundle": run.id}
