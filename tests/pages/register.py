"""The register of the town that pages are looked at in: what needs what, what was reviewed, what a supplier has."""

from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.organisation.models import ImportDraft
from servicedesk.systems.models import MaintenanceWindow, System, SystemNeed, SystemRole
from servicedesk.systems.rules import Criticality
from servicedesk.tickets import commands
from tests.stewards_made import make_review

if TYPE_CHECKING:
    from tests.pages.town import Town

FILE = "id;name;owner;units;criticality\nK1;Sensum;pilu;Egehøj;Samfundskritisk\nK2;Nyt system;;;\n"
FAULTY = "id;name;owner;criticality\nK1;Sensum;ukendt;meget\nK2;;;\n"


def tell(town: "Town") -> None:
    """After what was agreed: Sensum is delivered by the printers' supplier, and two tickets wait for it."""
    desk, systems, supporter = town.desk, town.systems, town.people["supporter"]
    sensum, outlook, now = systems["sensum"], systems["outlook"], clock.now()
    with desk.writing() as session:
        row = session.get_one(System, sensum.id)
        row.manager_id, row.supplier_id = town.people["superbruger"].id, town.keys["printers"]
        row.criticality, row.aliases = Criticality.VITAL, "omsorgsjournalen, journalen"
        row.review_due_on = now.date() - timedelta(days=12)
    desk.add(SystemNeed(system_id=sensum.id, needed_id=outlook.id))
    desk.add(MaintenanceWindow(system_id=sensum.id, weekday=2, week=0, starts="22:00", ends="02:00"))
    desk.add(SystemRole(system_id=sensum.id, name="Sagsbehandler"))
    town.keys["review"] = make_review(desk, sensum, town.people["owner"], note="Plejen bruger den også. Pia retter.")
    for subject in ("Kørelisten er tom", "Sensum mister medicinkortet, når man skifter borger"):
        ticket = desk.ticket(by=town.people["employee"], assignee=supporter, subject=subject, system=sensum)
        body = "Send loggen fra i morges, og sig, hvornår den er rettet."
        with desk.app.app_context():
            commands.wait_for_supplier(
                ticket, by=desk.actor(supporter), now=now, supplier="Printerhuset A/S", body=body
            )
    given = {"by_id": town.people["chief"].id, "customer_id": desk.home.id, "kind": "systems", "made_at": now}
    for name, content in (("systems_file", FILE), ("systems_faulty", FAULTY)):
        town.keys[name] = desk.add(ImportDraft(content=content.encode(), **given)).id
