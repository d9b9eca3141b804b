"""Tickets that are or were with a superbruger; told after the guidelines of `corps`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.tickets import commands

if TYPE_CHECKING:
    from tests.pages.town import Town


def tell(town: Town) -> None:
    desk, people = town.desk, town.people
    by = people["employee"]
    local, passed, back = (
        desk.ticket(by=by, subject=subject, description=description)
        for subject, description in (
            ("Skærmen i vagtstuen er sort", "Den virkede i går. Jeg har prøvet en anden stikkontakt."),
            ("Printeren siger papirstop", "Der er ikke noget papir at se."),
            ("Netværket forsvinder i mødelokalet", "Det sker et par gange om dagen."),
        )
    )
    helper, supporter = desk.actor(people["superbruger"]), desk.actor(people["supporter"])
    with desk.app.app_context():
        for ticket, tried in (passed, "Lågerne er åbnet, og printeren er genstartet."), (back, "Kablet er skiftet."):
            commands.escalate(ticket, by=helper, now=clock.now(), tried=tried, affected=8)
        commands.hand_back(back, by=supporter, now=clock.now(), instruction="Se, om lampen på boksen i loftet lyser.")
    town.tickets |= {"local": local, "passed": passed, "back": back}
