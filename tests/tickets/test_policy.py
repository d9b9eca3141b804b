"""Who may do what to which ticket: a table to read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.models import Follower
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Secrecy, Tier
from tests.desk import EVERYTHING
from tests.tickets.reading import TODAY, a_ticket, load, permissions

# ------------------------------------------------------------------------------------------ the table

LETTERS = {
    "r": TicketPermission.READ,
    "o": TicketPermission.OVERSEE,
    "i": TicketPermission.READ_INTERNAL,
    "a": TicketPermission.REPLY,
    "j": TicketPermission.JUDGE,
    "c": TicketPermission.CANCEL,
    "f": TicketPermission.FOLLOW,
    "w": TicketPermission.WORK,
    "s": TicketPermission.RESOLVE,
    "d": TicketPermission.DISPATCH,
    "e": TicketPermission.ESCALATE,
}

#: Who looks: ordinary ticket, the same while it lies with a superbruger, confidential or security ticket.
TABLE: dict[str, tuple[str, str, str]] = {
    "the filer": ("rajcf", "rajcfe", "rajcf"),
    "the affected person": ("rajcf", "rajcfe", "rajcf"),
    "a follower": ("rf", "rf", ""),
    "a colleague": ("", "", ""),
    "manager of the unit": ("rof", "rof", ""),
    "manager of the unit above": ("rof", "rof", ""),
    "manager of another unit": ("", "", ""),
    "manager of a unit below": ("", "", ""),
    "superbruger of the unit": ("roiaf", "roiafwse", ""),
    "superbruger of another unit": ("", "", ""),
    "superbruger of the system": ("roiaf", "roiafwse", ""),
    "superbruger of another system": ("", "", ""),
    "owner of the system": ("rof", "rof", ""),
    "owner of another system": ("", "", ""),
    "supporter": ("roiacfwsd", "roiacfwsde", ""),
    "supporter of the unit": ("roiacfwsd", "roiacfwsde", ""),
    "supporter of another unit": ("", "", ""),
    "supporter of another customer": ("", "", ""),
    "supporter of all customers": ("roiacfwsd", "roiacfwsde", ""),
    "servicedesk manager": ("roiacfwsd", "roiacfwsde", ""),
    "supporter in its team": ("roiacfwsd", "roiacfwsde", "roiacfwsd"),
    "servicedesk manager in its team": ("roiacfwsd", "roiacfwsde", "roiacfwsd"),
    "supporter elsewhere, in its team": ("roiacfwsd", "roiacfwsde", "roiacfwsd"),
    "superbruger elsewhere, in its team": ("", "", ""),
    "somebody in its team without a role": ("", "", ""),
    "administrator": ("", "", ""),
    "administrator of all customers": ("", "", ""),
    "supporter until yesterday": ("", "", ""),
    "supporter from tomorrow": ("", "", ""),
    "supporter to this day": ("roiacfwsd", "roiacfwsde", ""),
}


@dataclass
class Scene:
    """One ticket in the middle of an organisation; `who(relation)` brings the person on."""

    desk: Any
    team: Any = None
    above: Any = None
    unit: Any = None
    below: Any = None
    other: Any = None
    elsewhere: Any = None
    system: Any = None
    other_system: Any = None

    def __post_init__(self) -> None:
        desk = self.desk
        self.team = desk.team(is_closed=True)
        self.above = desk.unit()
        self.unit, self.other = desk.unit(self.above), desk.unit(self.above)
        self.below, self.elsewhere = desk.unit(self.unit), desk.customer()
        self.system, self.other_system = desk.system(), desk.system()

    def who(self, relation: str) -> Any:
        person, day = self.desk.person, timedelta(days=1)
        here, team = {"unit": self.other}, self.team
        made: dict[str, Callable[[], Any]] = {
            "the filer": lambda: person(**here),
            "the affected person": lambda: person(**here),
            "a follower": lambda: person(**here),
            "a colleague": lambda: person(unit=self.unit),
            "manager of the unit": lambda: person(Role.MANAGER, over=self.unit, **here),
            "manager of the unit above": lambda: person(Role.MANAGER, over=self.above, **here),
            "manager of another unit": lambda: person(Role.MANAGER, over=self.other, unit=self.unit),
            "manager of a unit below": lambda: person(Role.MANAGER, over=self.below, unit=self.unit),
            "superbruger of the unit": lambda: person(Role.SUPERBRUGER, over=self.unit, **here),
            "superbruger of another unit": lambda: person(Role.SUPERBRUGER, over=self.other, unit=self.unit),
            "superbruger of the system": lambda: person(Role.SUPERBRUGER, over=self.system, **here),
            "superbruger of another system": lambda: person(Role.SUPERBRUGER, over=self.other_system, unit=self.unit),
            "owner of the system": lambda: person(Role.SYSTEM_OWNER, over=self.system, **here),
            "owner of another system": lambda: person(Role.SYSTEM_OWNER, over=self.other_system, unit=self.unit),
            "supporter": lambda: person(Role.SUPPORTER),
            "supporter of the unit": lambda: person(Role.SUPPORTER, over=self.unit, **here),
            "supporter of another unit": lambda: person(Role.SUPPORTER, over=self.other, unit=self.unit),
            "supporter of another customer": lambda: person(Role.SUPPORTER, over=self.elsewhere),
            "supporter of all customers": lambda: person(Role.SUPPORTER, over=EVERYTHING, unit=self.elsewhere),
            "servicedesk manager": lambda: person(Role.SERVICEDESK_MANAGER),
            "supporter in its team": lambda: person(Role.SUPPORTER, team=team),
            "servicedesk manager in its team": lambda: person(Role.SERVICEDESK_MANAGER, team=team),
            "supporter elsewhere, in its team": lambda: person(Role.SUPPORTER, over=self.other, team=team),
            "superbruger elsewhere, in its team": lambda: person(Role.SUPERBRUGER, over=self.other, team=team),
            "somebody in its team without a role": lambda: person(team=team),
            "administrator": lambda: person(Role.ADMINISTRATOR),
            "administrator of all customers": lambda: person(Role.ADMINISTRATOR, over=EVERYTHING),
            "supporter until yesterday": lambda: self._supporter(ends_on=TODAY - day),
            "supporter from tomorrow": lambda: self._supporter(starts_on=TODAY + day),
            "supporter to this day": lambda: self._supporter(ends_on=TODAY),
        }
        return made[relation]()

    def _supporter(self, **period: date) -> Any:
        person = self.desk.person()
        self.desk.grant(person, Role.SUPPORTER, **period)
        return person


@pytest.mark.parametrize("relation", TABLE)
def test_what_somebody_may_do_to_a_ticket_of_each_class(app, desk, relation):
    scene = Scene(desk)
    person, filer = scene.who(relation), desk.person()
    users = {
        "the filer": {"filer_id": person.id, "affected_id": filer.id},
        "the affected person": {"filer_id": filer.id, "affected_id": person.id},
    }.get(relation, {"filer_id": filer.id, "affected_id": filer.id})
    place = {"customer_id": desk.home.id, "unit_id": scene.unit.id, "system_id": scene.system.id}
    ordinary, local, confidential, security = TABLE[relation][0], *TABLE[relation][1:], TABLE[relation][2]

    for secrecy, tier, letters in (
        (Secrecy.ORDINARY, Tier.SERVICEDESK, ordinary),
        (Secrecy.ORDINARY, Tier.LOCAL, local),
        (Secrecy.CONFIDENTIAL, Tier.SERVICEDESK, confidential),
        (Secrecy.SECURITY, Tier.SERVICEDESK, security),
        (Secrecy.SECURITY, Tier.LOCAL, security),
    ):
        row = desk.add(a_ticket(**users, **place, team_id=scene.team.id, secrecy=secrecy, tier=tier))
        if relation == "a follower":
            desk.add(Follower(ticket_id=row.id, person_id=person.id))
        with app.app_context():
            assert permissions(load(person.id), row.id) == {LETTERS[letter] for letter in letters}, (secrecy, tier)
