"""Who is away in the municipality, and a ticket whose journal nobody reads at once."""

from datetime import timedelta
from typing import Any

from servicedesk.core import clock
from servicedesk.organisation.models import Absence, CustomerSettings
from servicedesk.tickets import commands
from tests.desk import local_today


def tell(town: Any) -> None:
    """A supporter is on holiday, another stands in; and minutes are counted."""
    desk, today = town.desk, local_today()
    desk.add(CustomerSettings(customer_id=desk.home.id, counts_minutes=True))
    days = {"starts_on": today - timedelta(days=1), "ends_on": today + timedelta(days=4)}
    jonas, lene = town.people["colleague"].id, town.people["supporter"].id
    desk.add(Absence(person_id=jonas, customer_id=desk.home.id, deputy_id=lene, note="Efterårsferie", **days))
    later = {"starts_on": today + timedelta(days=20), "ends_on": today + timedelta(days=27)}
    desk.add(Absence(person_id=lene, customer_id=desk.home.id, note="", **later))
    town.tickets["journal"] = _long_journal(town)


def _long_journal(town: Any) -> int:
    """More lines than anybody reads at once, with the colleague who is away."""
    desk, people = town.desk, town.people
    ticket: int = desk.ticket(
        "open", by=people["employee"], assignee=people["colleague"], system=town.systems["sensum"],
        subject="Sensum taber forbindelsen flere gange om dagen",
    )  # fmt: skip
    for number in range(1, 19):
        _do(town, "employee", commands.reply, ticket, body=f"Nu er det sket igen, {number}. gang i dag.")
        _do(town, "supporter", commands.note, ticket, body=f"Log nr. {number} er gemt.", minutes=5)
    return ticket


def _do(town: Any, who: str, command: Any, ticket: int, **given: Any) -> None:
    with town.desk.app.app_context():
        command(ticket, by=town.desk.actor(town.people[who]), now=clock.now(), **given)
