"""A small municipality whose tickets live through some months at random."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import RefusedError
from servicedesk.figures import commands as figures
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.systems.models import System
from servicedesk.tickets import commands, sweep
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Cause, Kind, Level, Secrecy
from tests.agreements_made import agree
from tests.desk import Desk


@dataclass
class Town:
    """Who is there, and what time it is."""

    desk: Desk
    units: list[Unit]
    systems: list[System]
    teams: list[Team]
    employees: list[Person]
    supporters: list[Person]
    chief: Person
    now: datetime
    ids: list[int] = field(default_factory=list)
    #: What was done, and what was refused, as the state of things did not offer it.
    done: int = 0
    refused: int = 0

    def live(self, operations: int, random: Random) -> None:
        """So many things happen that are not refused, hours and days apart; the clocks are looked after."""
        target = self.done + operations
        while self.done < target:
            self.now += timedelta(minutes=random.choice((3, 40, 200, 900, 2_600)))
            self._happen(random)
            if random.random() < 0.1:
                with self.desk.app.app_context():
                    while sweep.sweep(self.now):
                        pass
            if random.random() < 0.05:
                self.tell()

    def tell(self) -> None:
        """Brings the figures up to date."""
        with self.desk.app.app_context():
            while figures.roll_up():
                pass

    def settle(self) -> None:
        """What PostgreSQL does by itself as time goes by: many questions about many tickets are planned well."""
        with self.desk.app.app_context(), transaction() as session:
            session.execute(text("ANALYZE"))

    def _happen(self, random: Random) -> None:
        happening = random.choice(self._file if not self.ids else _HAPPENINGS)
        with self.desk.app.app_context():
            try:
                happening(self, random)
                self.done += 1
            except RefusedError:
                self.refused += 1
                db.session.rollback()

    @property
    def _file(self) -> list[Callable[["Town", Random], None]]:
        return [file]

    def actor(self, person: Person) -> Actor:
        return self.desk.actor(person)

    def worker(self, random: Random) -> Actor:
        return self.actor(random.choice([*self.supporters, self.chief]))


def file(town: Town, random: Random) -> None:
    by = random.choice(town.employees)
    system = random.choice([None, *town.systems])
    new = commands.NewTicket(
        subject="Kan ikke logge på",
        description="Skærmen er sort.",
        kind=random.choice(list(Kind)),
        impact=random.choice(list(Level)),
        urgency=random.choice(list(Level)),
        system_id=system.id if system else None,
        secrecy=random.choices(list(Secrecy), (12, 2, 1))[0],
    )
    town.ids.append(commands.file(new, by=town.actor(by), now=town.now).id)


def _on(command: Callable[..., Any], **given: Callable[[Town, Random], Any]) -> Callable[[Town, Random], None]:
    """That command by a supporter on any ticket."""

    def happen(town: Town, random: Random) -> None:
        told = {name: value(town, random) for name, value in given.items()}
        command(random.choice(town.ids), by=town.worker(random), now=town.now, **told)

    return happen


def _by_user(command: Callable[..., Any], **given: Any) -> Callable[[Town, Random], None]:
    def happen(town: Town, random: Random) -> None:
        ticket = db.session.get_one(Ticket, random.choice(town.ids))
        by = next(person for person in town.employees if person.id == ticket.filer_id)
        command(ticket.id, by=town.actor(by), now=town.now, **given)

    return happen


def _said(text: str) -> Callable[[Town, Random], str]:
    return lambda _town, _random: text


def _any(values: Callable[[Town], list[Any]]) -> Callable[[Town, Random], Any]:
    return lambda town, random: random.choice(values(town))


_resolve = _on(
    commands.resolve,
    solution=_said("Nulstillet."),
    cause=_any(lambda _town: list(Cause)),
    minutes=_any(lambda _town: [None, 5, 30]),
)
_HAPPENINGS: list[Callable[[Town, Random], None]] = [
    *[file] * 5,
    *[_on(commands.take)] * 2,
    _on(commands.reply, body=_said('Prøv igen. "minutes":7'), minutes=_any(lambda _town: [None, 10])),
    _on(commands.note, body=_said("Har ringet."), minutes=_any(lambda _town: [None, 15])),
    _on(commands.move, team_id=_any(lambda town: [team.id for team in town.teams])),
    _on(commands.move, team_id=_any(lambda town: [team.id for team in town.teams])),
    _on(commands.wait_for_user, body=_said("Hvilken skærm?")),
    _on(commands.wait_for_supplier, supplier=_said("KMD")),
    _on(commands.resume),
    *[_resolve] * 5,
    _on(commands.change, urgency=_any(lambda _town: list(Level))),
    _on(commands.change, system_id=_any(lambda town: [system.id for system in town.systems])),
    _on(commands.classify, secrecy=_any(lambda _town: list(Secrecy))),
    _on(commands.merge, into_id=_any(lambda town: town.ids)),
    _on(commands.undo_merge),
    _by_user(commands.confirm),
    *[_by_user(commands.reopen, reason="Det virker stadig ikke.")] * 2,
    _by_user(commands.cancel),
    _by_user(commands.reply, body="Skærmen til venstre."),
]


@pytest.fixture
def town(desk: Desk, at: Callable[[str], datetime]) -> Town:
    """Two schools and an office, three systems, two teams and an agreement, in the middle of January 2026."""
    now = at("2026-01-15 09:00")
    schools = desk.unit(name="Skoler")
    units = [
        schools,
        *(desk.unit(schools, name=name) for name in ("Egeskolen", "Birkeskolen")),
        desk.unit(name="Borgerservice"),
    ]
    teams = [desk.team(name="Support", is_first_line=True), desk.team(name="Drift")]
    desk.team(name="Sikkerhed", receives_confidential=True, receives_security=True, is_closed=True)
    agree(desk, "A", response="2 hours", resolution="8 hours")
    supporters = [desk.person(Role.SUPPORTER, team=team) for team in teams]
    return Town(
        desk=desk,
        units=units,
        systems=[desk.system(name) for name in ("KMD Opus", "Aula", "Nexus")],
        teams=teams,
        employees=[desk.person(unit=unit) for unit in units for _ in range(2)],
        supporters=supporters,
        chief=desk.person(Role.SERVICEDESK_MANAGER, over=desk.home),
        now=now,
    )
