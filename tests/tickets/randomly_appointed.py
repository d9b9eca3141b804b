"""Superbrugere at random: appointments, absences and guidelines by commands, and what an oracle makes of them.

The oracle walks the tree and the deputies by itself and shares no code with what it judges.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db
from servicedesk.organisation.models import Absence
from servicedesk.superbrugere import commands
from servicedesk.superbrugere.rules import AppointmentKind, GuidelineTerms, Leeway
from tests.tickets.reading import NOW, TODAY

#: Each step allows those before it.
STEPS = [Leeway.NEVER, Leeway.FORWARD, Leeway.ANSWER, Leeway.SOLVE]
DAY = timedelta(days=1)


@dataclass
class Appointed:
    """An appointment in plain Python."""

    holder: int
    #: With each unit, whether those below it are meant.
    units: dict[int, bool]
    #: Empty for all systems.
    systems: set[int]
    deputy: int | None
    in_force: bool


@dataclass
class Corps:
    """What the oracle knows of superbrugere."""

    appointed: list[Appointed] = field(default_factory=list)
    #: Who is away today, and the deputy that he or she named.
    away: dict[int, int | None] = field(default_factory=dict)
    #: Those who have left.
    gone: set[int] = field(default_factory=set)
    #: By customer and system, None for the general one: for incidents and for requests.
    guidelines: dict[tuple[int, int | None], dict[str, Leeway]] = field(default_factory=dict)

    #: Whether they may file for colleagues, by the same keys.
    files_for: dict[tuple[int, int | None], bool] = field(default_factory=dict)

    def lets_file(self, customer: int, system: int | None) -> bool:
        general = self.files_for.get((customer, None), True)
        return self.files_for.get((customer, system), general)

    def leeway(self, customer: int, system: int | None, kind: str) -> Leeway:
        """What no guideline speaks of is left to them."""
        own = self.guidelines.get((customer, system)) or self.guidelines.get((customer, None))
        return own[kind] if own else Leeway.SOLVE

    def lets(self, step: Leeway, ticket: Any) -> bool:
        has = self.leeway(ticket.customer_id, ticket.system_id, ticket.kind.value)
        return STEPS.index(has) >= STEPS.index(step)

    def acting_for(self, holder: int, deputy: int | None) -> set[int]:
        """The superbruger, and while he or she is away whoever stands in."""
        if holder in self.gone:
            return set()
        acting, now, met = {holder}, holder, set()
        while now in self.away:
            if now in met:
                return acting
            met.add(now)
            others = [one.deputy for one in self.appointed if one.holder == now and one.in_force and one.deputy]
            standing = deputy if now == holder else min(others, default=None)
            following = self.away[now] if self.away[now] is not None else standing
            if following is None:
                return acting
            now = following
        return acting | {now}

    def has_by_appointment(self, person: int, ticket: Any, is_below: Any) -> bool:
        for one in self.appointed:
            if not one.in_force or person not in self.acting_for(one.holder, one.deputy):
                continue
            if one.systems and ticket.system_id not in one.systems:
                continue
            for unit, below in one.units.items():
                if ticket.unit_id == unit or (below and is_below(ticket.unit_id, unit)):
                    return True
        return False


def plant(random: Random, units: Any, systems: Any, persons: Any) -> Corps:
    """Appoints, changes and ends, sends people away and publishes guidelines, as people would."""
    corps = Corps()
    for person in persons:
        for _ in range(random.choice([0, 1, 1, 2, 3])):
            _appoint(random, corps, person, units, systems, persons)
        _send_away(random, corps, person, persons)
    for root in (unit for unit in units if unit.parent_id is None):
        for system in [None, *(one for one in systems if one.customer_id == root.id)]:
            if random.random() < 0.5:
                _publish(random, corps, root.id, system.id if system else None)
    for person in persons:
        if random.random() < (0.4 if person.id in corps.away else 0.1):
            person.is_active = False
            corps.gone.add(person.id)
    db.session.flush()
    return corps


def _appoint(random: Random, corps: Corps, person: Any, units: Any, systems: Any, persons: Any) -> None:
    one, terms = _agreed(random, person, units, systems, persons)
    made = commands.appoint(person.id, terms, by=SYSTEM, now=NOW)
    if random.random() < 0.3:
        one, terms = _agreed(random, person, units, systems, persons)
        commands.change_appointment(made.id, terms, by=SYSTEM, now=NOW)
    if random.random() < 0.2:
        commands.end_appointment(made.id, by=SYSTEM, now=NOW, today=TODAY)
        one.in_force = False
    corps.appointed.append(one)


def _agreed(random: Random, person: Any, units: Any, systems: Any, persons: Any) -> tuple[Appointed, commands.Terms]:
    own = lambda rows: [row for row in rows if row.customer_id == person.customer_id]  # noqa: E731
    over = {unit.id: random.random() < 0.5 for unit in random.sample(own(units), random.randint(1, len(own(units))))}
    about = random.sample(own(systems), random.randint(0, len(own(systems))))
    colleagues = [None, *(one.id for one in own(persons) if one.id != person.id)]
    deputy, in_force = random.choice(colleagues), random.random() < 0.8
    starts_on, ends_on = _period(random, in_force=in_force)
    kind = AppointmentKind.SYSTEM if about else AppointmentKind.IT
    keys = {one.id for one in about}
    terms = commands.Terms(kind=kind, units=over, systems=keys, starts_on=starts_on, ends_on=ends_on, deputy_id=deputy)
    return Appointed(person.id, over, keys, deputy, in_force), terms


def _period(random: Random, *, in_force: bool) -> tuple[date, date | None]:
    if in_force:
        return random.choice([(TODAY - 9 * DAY, None), (TODAY, None), (TODAY - DAY, TODAY), (TODAY, TODAY)])
    return random.choice([(TODAY + DAY, None), (TODAY - 9 * DAY, TODAY - DAY), (TODAY + DAY, TODAY + 9 * DAY)])


def _send_away(random: Random, corps: Corps, person: Any, persons: Any) -> None:
    if random.random() < 0.4:
        return
    is_today = random.random() < 0.8
    starts_on, ends_on = _period(random, in_force=is_today)
    others = [one.id for one in persons if one.customer_id == person.customer_id and one.id != person.id]
    deputy = random.choice([None, *others])
    period = {"starts_on": starts_on, "ends_on": ends_on or starts_on + 30 * DAY}
    db.session.add(Absence(person_id=person.id, customer_id=person.customer_id, deputy_id=deputy, **period))
    if is_today:
        corps.away[person.id] = deputy


def _publish(random: Random, corps: Corps, customer_id: int, system_id: int | None) -> None:
    for seen in range(random.choice([1, 1, 2])):
        told: dict[str, Any] = {"incident": random.choice(STEPS), "request": random.choice(STEPS)}
        corps.files_for[customer_id, system_id] = files_for = random.random() < 0.6
        commands.publish_guideline(
            customer_id,
            GuidelineTerms(**told, files_for=files_for),
            body="Sådan",
            system_id=system_id,
            seen=seen,
            by=SYSTEM,
            now=NOW,
        )
        corps.guidelines[customer_id, system_id] = told
