"""The data protection officer, who somebody left to, what is held back, and a ticket that nobody is known on."""

from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.db import transaction
from servicedesk.organisation.models import Person
from servicedesk.privacy import commands, rewriting
from servicedesk.privacy.models import Erasure, RetentionRun

if TYPE_CHECKING:
    from tests.pages.town import Town


def tell(town: "Town") -> None:
    desk, now, unit = town.desk, clock.now(), town.units["home"]
    town.people["officer"] = desk.person(Role.DATA_PROTECTION_OFFICER, name="Pia Vagtmann", unit=unit)
    left, gone = (desk.person(name=f"{name} Stoppet", unit=unit) for name in ("Aksel", "Viggo"))
    active = desk.person(name="Ole Stadigher", unit=unit, external_id="hr-17")
    desk.ticket("closed", by=left)
    with desk.writing() as session:
        for one in (left, gone):
            session.get_one(Person, one.id).is_active = False
    town.tickets["anonymised"] = desk.ticket("closed", subject="Printeren i køkkenet", by=desk.person(unit=unit))
    erasure = desk.add(
        Erasure(customer_id=left.customer_id, person_id=gone.id, asked_at=now, step=9, total=40, done=12)
    )
    run = {"customer_id": left.customer_id, "on": now.date() - timedelta(days=1), "started_at": now, "finished_at": now}
    desk.add(RetentionRun(**run, counts={"tickets": 211, "people": 0, "mails": 1040}, step=6))
    by = desk.actor(town.people["officer"])
    with desk.app.app_context():
        with transaction():
            rewriting.anonymise(rewriting.hold(town.tickets["anonymised"]), now=now)
        commands.hold_ticket(town.tickets["secret"], reason="Klage til Datatilsynet", by=by, now=now)
        commands.hold_person(active.id, reason="Retssag om en opsigelse, j.nr. 2026-117", by=by, now=now)
        commands.set_rules(left.customer_id, {"tickets": 60}, by=by, now=now)
    town.keys |= {"left": left.id, "active": active.id, "erasure": erasure.id}
