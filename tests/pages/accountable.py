"""Who read what in the town, and packages of somebody's data: one that is ready, one that is being made."""

from typing import TYPE_CHECKING

from servicedesk.accountability import jobs, packages
from servicedesk.core import clock, lookups
from servicedesk.core.actor import Role
from servicedesk.core.lookups import Look, Seen

if TYPE_CHECKING:
    from tests.pages.town import Town


def tell(town: "Town") -> None:
    desk, people = town.desk, town.people
    people["officer"] = desk.person(
        Role.DATA_PROTECTION_OFFICER, unit=town.units["service"], name="Dorte Winther", initials="dowi"
    )
    secret = town.tickets["secret"]
    mine = desk.ticket(by=people["employee"], subject="Skærmen er sort")
    seen = [
        ("supporter", Look(seen=Seen.TICKET, door="tickets.show", subject="ticket_id", keys=[mine])),
        ("confidant", Look(seen=Seen.TICKET, door="tickets.show", subject="ticket_id", keys=[secret])),
        ("supporter", Look(seen=Seen.SEARCH, door="search.search", facts={"words": "udskrift i borgerservice"})),
        ("chief", Look(seen=Seen.EXPORT, door="cockpit.queue_table", facts={"file": "koe.xlsx", "rows": 212})),
        ("colleague", Look(seen=Seen.TICKET, door="cockpit.preview", subject="ticket_id", keys=[mine])),
    ]
    with desk.writing():
        for who, look in seen:
            lookups.record([look], by=desk.actor(people[who]), now=clock.now())
    officer = desk.actor(people["officer"])
    with desk.app.app_context():
        now = clock.now()
        town.keys["package"] = packages.ask(people["employee"].id, by=officer, now=now, form_id="a").id
        jobs.make_packages(now)
        town.keys["package_begun"] = packages.ask(people["long"].id, by=officer, now=now, form_id="b").id
