"""Superbrugere: some who are there, one who is away, one whom nobody stands in for; guidelines old and new."""

from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.causes import Cause
from servicedesk.organisation.models import Absence, Unit
from servicedesk.superbrugere import commands
from servicedesk.superbrugere.models import Guideline
from servicedesk.superbrugere.networks import commands as networks
from servicedesk.superbrugere.rules import AppointmentKind, Fact, Leeway
from tests.desk import local_today
from tests.superbrugere_made import appoint, publish

if TYPE_CHECKING:
    from tests.pages.town import Town

OLD = "Hjælp kollegerne med det, du er tryg ved.\n\n- Spørg altid, hvad der står på skærmen.\n- Sluk og tænd."
NEW = f"{OLD}\n- Skriv, hvad du har prøvet, før du sender videre.\n\n**Rør aldrig** lønoplysninger."


def tell(town: "Town") -> None:
    """After everything else: what is filed from here on goes to superbrugere first."""
    desk, people, units, systems = town.desk, town.people, town.units, town.systems
    today = local_today()
    deputy = desk.person(unit=units["nurses"], name="Karen Dam", initials="kada")
    away = desk.person(unit=units["nurses"], name="Bodil Friis-Andersen", initials="bofr")
    alone = desk.person(unit=units["service"], name="Aage Østergård", initials="aaos")
    made = appoint(
        desk,
        people["superbruger"],
        units["home"],
        deputy=deputy,
        weekly_minutes=150,
        agreed_by_id=people["manager"].id,
    )
    appoint(desk, away, units["nurses"], units["home"], systems=[systems["sensum"]], deputy=people["superbruger"])
    appoint(desk, alone, units["service"], units["care"], below=False, kind=AppointmentKind.IT)
    appoint(
        desk,
        deputy,
        units["care"],
        systems=[systems["outlook"], systems["sensum"]],
        starts_on=today + timedelta(days=20),
    )
    gone = appoint(desk, deputy, units["service"], ends_on=today - timedelta(days=2))
    for person in (away, alone):
        period = {"starts_on": today, "ends_on": today + timedelta(days=9)}
        desk.add(Absence(person_id=person.id, customer_id=person.customer_id, **period))
    publish(desk, body=OLD)
    publish(desk, seen=1, body=NEW, facts=(Fact.TRIED, Fact.AFFECTED), words=("løn", "sygefravær"))
    publish(desk, systems["outlook"], incident=Leeway.NEVER, request=Leeway.NEVER, local=None, body="Rør den ikke.")
    [general] = desk.all(Guideline, customer_id=desk.home.id, system_id=None)
    own = people["superbruger"]
    helps = [(systems["sensum"], Cause.COMPETENCE, 3, "Den nye fane, vist på teammødet"), (None, Cause.FAULT, 1, "")]
    with desk.app.app_context():
        for at, (system, cause, many, note) in enumerate(helps):
            told = commands.Help(
                unit_id=units["home"].id, system_id=system.id if system else None, cause=cause, people=many, note=note
            )
            given = commands.give_help(told, form_id=f"{at}" * 32, by=desk.actor(own), now=clock.now())
        terms = networks.NetworkTerms(
            name="It-superbrugerne i Egedal", about="Vi mødes **hvert kvartal**.", coordinator_id=own.id
        )
        network = networks.make_network(desk.home.id, terms, by=SYSTEM, now=clock.now()).id
        networks.add_member(network, alone.id, by=SYSTEM, now=clock.now())
        letter = {"subject": "Ny vejledning til skannerne", "body": "Den ligger på intranettet.", "form_id": "looks"}
        networks.write(network, **letter, by=SYSTEM, now=clock.now())
        starts_at = clock.now() + timedelta(days=9)
        when = networks.MeetingTerms(
            title="Kvartalsmøde", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), place="Byrådssalen"
        )
        town.keys["meeting"] = networks.call_meeting(network, when, by=SYSTEM, now=clock.now()).id
    town.keys["network"] = network
    town.keys["floor_help"] = given.id
    town.keys |= {"appointment": made.id, "ended": gone.id, "guideline": general.id}
    town.keys["elsewhere"] = desk.all(Unit, name="Vestby Kommune")[0].id
