"""The corps of Odby: about a hundred superbrugere with gaps and absences, and the guidelines that they go by.

Done by the same commands as people do it; the guidelines come first, so that nobody is told of them at the start.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import local_midnight
from servicedesk.core.db import transaction
from servicedesk.demo import networks, texts
from servicedesk.demo.town import Someone, Thing, Town
from servicedesk.organisation.commands import plan_absence
from servicedesk.superbrugere import commands
from servicedesk.superbrugere.rules import AppointmentKind, Fact, GuidelineTerms, Leeway

#: How many there are.
MANY = 100
#: Since when superbrugere see to tickets first: the part of the history before it knew no local tier.
SINCE = timedelta(days=240)


@dataclass(frozen=True)
class Guided:
    """What a guideline says, for whoever tells of tickets at the local tier."""

    version_id: int
    terms: GuidelineTerms


class Corps:
    """The town's superbrugere by unit, and its guidelines."""

    def __init__(self, town: Town, now: datetime, rng: Random) -> None:
        self._town, self._now, self._rng = town, now, rng
        self._today = local_midnight(now).date()
        self.since = now - SINCE
        self._guidelines: dict[int | None, Guided] = {}
        self._appointed: dict[int, Someone] = {}
        with transaction():
            self._publish()
            self._appoint_in_units()
            self._appoint_for_systems()
            self._send_away()
            self._gather()

    def guided(self, system: Thing | None) -> Guided:
        """The guideline of a system, else the general one."""
        return self._guidelines.get(system.id if system else None) or self._guidelines[None]

    def _gather(self) -> None:
        root_id = self._town.root.id
        led = next(place.superbrugere[0] for place in self._town.places if place.superbrugere)
        known = [one for one in self._town.systems if one.is_professional and one.customer_id == root_id]
        system = (known[0].id, known[0].name) if known else None
        networks.gather(root_id, led.id, system, self._now)

    # ------------------------------------------------------------------------------------------ guidelines

    def _publish(self) -> None:
        told: Any = texts.load("guidelines")["guideline"]
        for number, one in enumerate(told):
            system = self._town.system(one["system"]) if "system" in one else None
            terms = GuidelineTerms(
                incident=Leeway(one["incident"]),
                request=Leeway(one["request"]),
                files_for=one["files_for"],
                writes_known=one.get("writes_known", False),
                local=one.get("local"),
                facts=tuple(map(Fact, one["facts"])),
                words=tuple(one["words"]),
            )
            version = commands.publish_guideline(
                self._town.root.id,
                terms,
                body=one["body"],
                system_id=system.id if system else None,
                seen=one["follows"],
                by=SYSTEM,
                now=self.since - timedelta(days=30 - number),
            )
            self._guidelines[system.id if system else None] = Guided(version.id, terms)

    # ------------------------------------------------------------------------------------------ appointments

    def _appoint_in_units(self) -> None:
        """Whoever helps with whatever the unit uses; the first stands in for the second and the other way round."""
        for place in self._town.places:
            people = place.superbrugere
            for at, someone in enumerate(people):
                deputy = people[(at + 1) % len(people)] if len(people) > 1 else None
                self._appoint(someone, AppointmentKind.IT, {place.id: True}, (), deputy=deputy)

    def _appoint_for_systems(self) -> None:
        """Those who know a professional system, one in each of some units that use it, until there are enough."""
        town = self._town
        known = {someone.id for someone in self._appointed.values()} | {row["person_id"] for row in town.grants}
        systems = [one for one in town.systems if one.is_professional and one.customer_id == town.root.id]
        while len(self._appointed) < MANY and systems:
            system = self._rng.choice(systems)
            there = [one for one in town.people if one.place.is_below(system.path) and one.has_mail]
            able = [one for one in there if one.id not in known and one.id != town.faces.employee.id]
            if not able:
                systems.remove(system)
                continue
            someone = self._rng.choice(able)
            known.add(someone.id)
            also = [one.id for one in systems if one.path == system.path and self._rng.random() < 0.4]
            self._appoint(someone, AppointmentKind.SYSTEM, {self._unit_of(someone): True}, {system.id, *also})

    def _unit_of(self, someone: Someone) -> int:
        """The person's own unit, or the area that it belongs to."""
        above = someone.place.parent_id
        is_wide = above not in (None, self._town.root.id) and self._rng.random() < 0.4
        return above if is_wide and above is not None else someone.place.id

    def _appoint(
        self,
        someone: Someone,
        kind: AppointmentKind,
        units: dict[int, bool],
        systems: Any,
        deputy: Someone | None = None,
    ) -> None:
        head = someone.place.people[0]
        began = self._today - timedelta(days=self._rng.randrange(250, 1600))
        is_over = self._rng.random() < 0.04 and someone is not self._town.faces.superbruger
        terms = commands.Terms(
            kind=kind,
            units=units,
            systems=tuple(systems),
            starts_on=began,
            ends_on=self._ends_on(is_over=is_over),
            weekly_minutes=self._rng.choice((60, 90, 120, 120, 150, 180, 240)),
            agreed_by_id=head.id if head is not someone else None,
            deputy_id=deputy.id if deputy else None,
        )
        commands.appoint(someone.id, terms, by=SYSTEM, now=self._now - timedelta(days=200))
        self._appointed[someone.id] = someone

    def _ends_on(self, *, is_over: bool) -> date | None:
        if is_over:
            return self._today - timedelta(days=self._rng.randrange(5, 90))
        return self._today + timedelta(days=self._rng.randrange(60, 400)) if self._rng.random() < 0.15 else None

    def _send_away(self) -> None:
        """Some have a colleague who stands in, some have nobody."""
        faces = self._town.faces
        others = [one for one in self._appointed.values() if one is not faces.superbruger]
        for number, someone in enumerate(self._rng.sample(others, 8)):
            colleagues = [one for one in someone.place.people if one.has_mail and one is not someone]
            plan_absence(
                someone.id,
                starts_on=self._today - timedelta(days=number % 3),
                ends_on=self._today + timedelta(days=3 + number),
                deputy_id=self._rng.choice(colleagues).id if colleagues and number % 2 else None,
                note="",
                by=SYSTEM,
                now=self._now,
                today=self._today,
            )
