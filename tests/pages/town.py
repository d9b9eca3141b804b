"""A small municipality with people and tickets as they are in life, to look at pages with."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

from servicedesk.agreements import commands as agreeing
from servicedesk.agreements.book import book_of
from servicedesk.agreements.models import AgreementKind, OpeningHours
from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.figures import commands as figures
from servicedesk.organisation.models import ImportDraft, Person, Team, Unit
from servicedesk.signin import queries
from servicedesk.signin.models import ResetToken
from servicedesk.systems.models import System
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause, Kind, Level, LinkKind, Secrecy
from tests.agreements_made import agree
from tests.desk import EVERYTHING, LOCAL_ZONE, Desk
from tests.pages import (
    accountable,
    asking,
    away,
    corps,
    guarding,
    learning,
    locally,
    managing,
    many,
    promised,
    queueing,
    register,
    reporting,
    running,
    shifts,
    skills,
    writing,
)
from tests.pages.subjects import COMMON, LONG_NAME, LONG_SUBJECT, LONG_UNIT


@dataclass
class Town:
    """Who lives there, by what they are, and the tickets by what they show."""

    desk: Desk
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    #: What addresses name besides tickets, by the names that `address` fills in.
    keys: dict[str, int | str] = field(default_factory=dict)

    def address(self, path: str) -> str:
        return path.format(**self.keys, **self.tickets)

    def speaking(self, who: str, locale: str) -> Person:
        person = self.people[who]
        with self.desk.writing() as session:
            session.get_one(Person, person.id).locale = locale
        return person


def build(desk: Desk) -> Town:
    town = Town(desk)
    _settle(town)
    _staff(town)
    _equip(town)
    _promise(town)
    _file_common(town)
    _tell_stories(town)
    _leave_work(town)
    writing.tell(town)
    shifts.tell(desk)
    for story in (away, corps, locally, learning, asking, skills, promised, managing, reporting, accountable, guarding):
        story.tell(town)
    with desk.app.app_context():
        while figures.roll_up():
            pass
        figures.tell_coverage(clock.now())
    return town


def _settle(town: Town) -> None:
    desk = town.desk
    desk._home = desk.customer(name="Egedal Kommune")
    desk.customer(name="Vestby Kommune")
    care = desk.unit(name="Ældre og Sundhed")
    town.units = {
        "care": care,
        "home": desk.unit(care, name="Egehøj Plejecenter"),
        "nurses": desk.unit(care, name="Hjemmeplejen Nord"),
        "service": desk.unit(name="Borgerservice"),
        "long": desk.unit(name=LONG_UNIT),
        "it": desk.unit(name="It og Digitalisering"),
    }


def _staff(town: Town) -> None:
    desk, units = town.desk, town.units
    town.teams = {
        "desk": desk.team(name="Servicedesk", is_first_line=True),
        "apps": desk.team(name="Fagsystemer"),
        "closed": desk.team(name="Fortrolige sager", is_closed=True, receives_confidential=True),
    }
    it, desk_team = units["it"], town.teams["desk"]
    town.people = {
        "employee": desk.person(
            unit=units["home"],
            name="Mette Holm",
            initials="meho",
            title="Social- og sundhedsassistent",
            phone="87 80 33 33",
        ),
        "newcomer": desk.person(unit=units["service"], name="Liv Thomsen", initials="litho", email=None),
        "long": desk.person(unit=units["long"], name=LONG_NAME, initials="akwbc"),
        "superbruger": desk.person(
            Role.SUPERBRUGER, unit=units["home"], over=units["home"], name="Søren Aagaard", initials="soaa"
        ),
        "manager": desk.person(Role.MANAGER, unit=units["care"], over=units["care"], name="Ole Kjær", initials="olkj"),
        "supporter": desk.person(
            Role.SUPPORTER, unit=it, team=desk_team, name="Lene Krogh", initials="lekr", title="It-supporter"
        ),
        "colleague": desk.person(Role.SUPPORTER, unit=it, team=desk_team, name="Jonas Lind", initials="joli"),
        "confidant": desk.person(
            Role.SUPPORTER, unit=it, team=town.teams["closed"], name="Birgit Steen", initials="bist"
        ),
        "chief": desk.person(Role.SERVICEDESK_MANAGER, unit=it, name="Hanne Frost", initials="hafr"),
        "administrator": desk.person(
            Role.ADMINISTRATOR,
            unit=it,
            over=EVERYTHING,
            name="Inge Dahl",
            initials="inda",
            password="fire våde katte sover",
        ),
    }
    desk.person(unit=units["service"], name="Karl Rask", initials="kara", is_active=False)


def _equip(town: Town) -> None:
    desk, apps = town.desk, town.teams["apps"]
    owner = desk.person(unit=town.units["care"], name="Pia Lund", initials="pilu")
    sensum = desk.system("Sensum", owner=owner, team=apps, description="Omsorgsjournal og kørelister")
    desk.grant(owner, Role.SYSTEM_OWNER, over=sensum)
    town.people["owner"] = owner
    town.systems = {
        "sensum": sensum,
        "outlook": desk.system("Outlook og kalender"),
        "print": desk.system("Print", unit=town.units["service"]),
        "old": desk.system("KMD Sag (lukket)", is_active=False),
    }


def _promise(town: Town) -> None:
    """Opening hours and a service agreement, from before the first ticket."""
    lengths = [
        ("1 hour", "4 hours"),
        ("2 hours", "8 hours"),
        ("4 hours", "2 working days"),
        ("8 hours", "5 working days"),
    ]
    targets = [
        {"kind": None, "priority": number, "response": response, "resolution": resolution, "update": "8 hours"}
        for number, (response, resolution) in enumerate(lengths, 1)
    ]
    agree(town.desk, "R", targets=targets, now=datetime.now(UTC) - timedelta(days=13))


def _file_common(town: Town) -> None:
    """Enough to fill a window of the queue."""
    people, systems = town.people, [*list(town.systems.values())[:3], None]
    states = [
        "new",
        "open",
        "new",
        "waiting_user",
        "open",
        "resolved",
        "waiting_supplier",
        "new",
        "closed",
        "cancelled",
    ]
    filers = [people["long"], people["superbruger"], people["owner"], people["manager"]]
    begin = datetime.now(UTC) - timedelta(days=12)
    for number in range(30):
        subject, description = COMMON[number % len(COMMON)]
        with time_machine.travel(begin + timedelta(hours=9 * number), tick=False):
            town.desk.ticket(
                states[number % len(states)],
                by=filers[number % len(filers)],
                assignee=people["supporter" if number % 3 else "colleague"]
                if number % len(states) not in (0, 2, 7, 9)
                else None,
                subject=subject,
                description=description,
                kind=Kind.REQUEST if "Ny skærm" in subject or "Adgang" in subject else Kind.INCIDENT,
                impact=list(Level)[number % 3],
                urgency=list(Level)[number % 2],
                **({"system": system} if (system := systems[number % 4]) else {}),
            )


def _tell_stories(town: Town) -> None:
    """Tickets that show each a state of the ticket page."""
    people = town.people
    employee, supporter = people["employee"], people["supporter"]
    now = datetime.now(UTC)

    def at(hours: float) -> time_machine.travel:
        return time_machine.travel(now - timedelta(hours=hours), tick=False)

    with at(30):
        asked = town.desk.ticket("waiting_user", by=employee, assignee=supporter, system=town.systems["print"])
        town.tickets["waiting"] = asked
    with at(28):
        town.tickets["new"] = town.desk.ticket(by=employee, subject="Døren til medicinrummet bipper hele tiden")
        town.tickets["long"] = town.desk.ticket(
            by=people["superbruger"], affected=employee, subject=LONG_SUBJECT, impact=Level.HIGH, urgency=Level.HIGH
        )
    with at(26):
        town.tickets["secret"] = town.desk.ticket(
            by=employee, subject="Personsag er sendt til forkert postkasse", secrecy=Secrecy.CONFIDENTIAL
        )
    with at(0.2):
        town.tickets["fresh"] = town.desk.ticket(by=people["manager"], subject="Skærmen i mødelokalet er sort")
        commands_by(
            town, "supporter", commands.promise_date, town.tickets["waiting"], promised_at=now + timedelta(days=3)
        )
    with at(50):
        town.tickets["resolved"] = town.desk.ticket(
            "resolved", by=employee, assignee=supporter, subject="Kan ikke komme på nettet i skyllerummet"
        )
        town.tickets["closed"] = town.desk.ticket("closed", by=employee, assignee=supporter, subject="Musen hakker")
        town.tickets["cancelled"] = town.desk.ticket("cancelled", by=employee, subject="Skærmen er sort")
        town.tickets["supplier"] = town.desk.ticket(
            "waiting_supplier", by=employee, assignee=supporter, subject="Ny bærbar kan ikke lade op"
        )
    town.tickets["talk"] = _long_talk(town, at)


def commands_by(town: Town, who: str, command: Any, ticket: int, **given: Any) -> None:
    with town.desk.app.app_context():
        command(ticket, by=town.desk.actor(town.people[who]), now=clock.now(), **given)


def _long_talk(town: Town, at) -> int:
    """A ticket with everything in it: a picture, lists, a note, a question and its answer, a solution, a reopening."""
    desk, people = town.desk, town.people
    employee, supporter, colleague = (desk.actor(people[who]) for who in ("employee", "supporter", "colleague"))
    with at(49):
        ticket = desk.ticket(
            by=people["employee"],
            subject="Ingen på Egehøj kan logge på Sensum",
            description="Vi får alle den her besked, når vi skriver koden:\n\n> Fejl 0x80070005: adgang nægtet\n\n"
            "Det har vi prøvet:\n- genstarte iPad'en\n- logge på fra computeren på kontoret\n- ringe til Nord",
            impact=Level.HIGH,
            urgency=Level.HIGH,
            system=town.systems["sensum"],
        )
        other = desk.ticket(
            by=people["superbruger"], subject="Sensum siger adgang nægtet", system=town.systems["sensum"]
        )
        related = desk.ticket(by=people["manager"], subject="Langsomt net på Egehøj")
    town.tickets["merged"] = other

    def do(hours: float, command, **given) -> None:
        with at(hours), desk.app.app_context():
            command(given.pop("ticket", ticket), now=clock.now(), **given)

    do(48.8, commands.take, by=supporter)
    do(48.7, commands.note, by=colleague, body="Certifikatet udløb kl. 8. Se `cert-2026` i drejebogen.")
    do(48.6, commands.merge, ticket=other, into_id=ticket, by=supporter)
    do(48.5, commands.link, other_id=related, kind=LinkKind.RELATED, by=supporter)
    do(
        48.4,
        commands.wait_for_user,
        by=supporter,
        body="Tak. Gælder det også de iPads, der har ligget slukket siden i går?",
    )
    do(47, commands.reply, by=employee, body="Ja, dem alle sammen. Vi skriver medicin på papir imens.")
    do(
        46,
        commands.resolve,
        by=supporter,
        solution="Certifikatet er fornyet. **Luk Sensum helt**, og åbn det igen.",
        cause=Cause.FAULT,
    )
    do(45, commands.reopen, by=employee, reason="Det virker på kontoret, men ikke på iPad'erne.")
    do(
        44,
        commands.reply,
        by=supporter,
        body="Vi skubber det nye certifikat ud til iPad'erne nu. Det tager en halv time.",
    )
    return ticket


def _leave_work(town: Town) -> None:
    """An administrator's half-done work: changes, imports that wait for a yes, a link to a new password."""
    desk, customer = town.desk, town.desk.home
    administrator = town.people["administrator"]
    units = "id,parent_id,name\nE1,,Borgerservice\nE2,E1,Pas og kørekort\nE3,E1,Folkeregister\n"
    faulty = "id,initials,name,unit_id,løn\nP1,,Uden Initialer,E1,1\nP2,anan,Anna And,E9,2\n"
    town.keys = {
        "customer": customer.id,
        "person": town.people["supporter"].id,
        "caller": town.people["employee"].id,
        "unit": town.units["care"].id,
        "team": town.teams["desk"].id,
        "system": town.systems["sensum"].id,
        **_agree(town),
        "view": queueing.save_view(town.desk, town.people, town.tickets["talk"]),
        "draft": _draft(town, "units", units),
        "faulty": _draft(town, "persons", faulty),
        "reset": "a-token-for-a-new-password",
        "reset_used": "a-token-that-never-was",
    }
    town.keys |= running.tell(desk, town.systems, desk.actor(town.people["chief"]))
    register.tell(town)
    many.leave(town)
    _keep_hours(town)
    _change_things(town)
    digest = queries.reset_digest(str(town.keys["reset"]))
    desk.add(ResetToken(digest=digest, person_id=administrator.id, made_at=clock.now()))


def _keep_hours(town: Town) -> None:
    """A calendar with closed days, some of them proposed, and another week to come."""
    desk, now = town.desk, clock.now()
    hours = desk.all(OpeningHours, customer_id=desk.home.id)[0].id
    today = clock.local_date(now, LOCAL_ZONE)
    week = {str(day): [["09:00", "12:00"], ["12:30", "15:00"]] for day in range(5)}
    with desk.app.app_context():
        agreeing.set_day(hours, on=today + timedelta(days=2), name="Personaledag", intervals=[], by=SYSTEM, now=now)
        agreeing.change_week(hours, starts_on=today + timedelta(days=40), week=week, by=SYSTEM, now=now)
        agreeing.propose_days(hours, years=[today.year + 1], by=SYSTEM, now=now)
    town.keys |= {"hours": hours, "next_year": today.year + 1}


def _agree(town: Town) -> dict[str, int]:
    """An agreement with a version to come, a contract, and a supplier."""
    desk, now = town.desk, clock.now()
    given: dict[str, Any] = {"by": desk.actor(town.people["chief"]), "now": now}
    with desk.app.app_context():
        supplier = agreeing.add_supplier(desk.home.id, name="Printerhuset A/S", **given)
        made = agreeing.give_example(desk.home.id, name="Serviceaftale for rådhuset", **given)
        present = book_of(desk.home.id).newest(made.id, now)
        assert present is not None
        terms = present.terms
        tomorrow = clock.local_date(now, LOCAL_ZONE) + timedelta(days=1)
        agreeing.change_agreement(
            made.id, name=made.name, terms=terms, starts_on=tomorrow, note="Vi tager imod tidligere.", **given
        )
        agreeing.add_agreement(
            desk.home.id,
            kind=AgreementKind.SUPPLIER,
            name="Printere",
            terms=terms,
            starts_on=clock.local_date(now, LOCAL_ZONE),
            supplier_id=supplier.id,
            **given,
        )
    return {"agreement": made.id, "printers": supplier.id}


def _change_things(town: Town) -> None:
    """Lines for the audit log."""
    desk, now = town.desk, clock.now()
    by, unit, person = desk.actor(town.people["administrator"]), town.units["service"], town.people["superbruger"]
    told: list[tuple[str, tuple[str, int], dict[str, Any]]] = [
        ("unit_changed", ("unit", unit.id), {"name": unit.name, "changes": {"name": ["Borgerservicen", unit.name]}}),
        ("role_given", ("person", person.id), {"name": person.name, "role": "superbruger", "unit": LONG_UNIT}),
    ]
    with desk.writing():
        for action, subject, facts in told:
            audit.record(action, by=by, now=now, subject=subject, customer_id=desk.home.id, **facts)


def _draft(town: Town, kind: str, content: str) -> int:
    given = {"by_id": town.people["administrator"].id, "customer_id": town.desk.home.id, "made_at": clock.now()}
    return town.desk.add(ImportDraft(kind=kind, content=content.encode(), **given)).id


def picture(folder: Path) -> Path:
    """A picture as a phone would take it, only smaller: one red dot."""
    file = folder / "skærmbillede af printeren.png"
    file.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
        )
    )
    return file
