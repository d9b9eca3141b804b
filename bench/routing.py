"""`python -m bench routing`: what it costs to find out who is the first to see a new ticket.

A municipality with a thousand appointments, each over some units and systems, a tenth of the superbrugere away; ten
thousand tickets of random people about random systems. The bar is 1 ms each with a fixed number of queries.
"""

import time
from datetime import UTC, date, datetime, timedelta
from random import Random

from flask import Flask
from sqlalchemy import event

from bench import alone
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.organisation.models import Absence, Person, RoleGrant, Unit
from servicedesk.superbrugere import queries
from servicedesk.superbrugere.models import Appointment, Guideline, GuidelineVersion
from servicedesk.superbrugere.rules import AppointmentKind, GuidelineTerms
from servicedesk.systems.models import System

BAR = 1.0
APPOINTMENTS, TICKETS = 1_000, 10_000
UNITS, SYSTEMS, PERSONS = 60, 80, 2_000
TODAY, MADE_AT = date(2026, 3, 2), datetime(2026, 1, 1, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    lines: list[tuple[str, ...]] = [("routing on", "ms CPU", "ms", "queries", "local", "")]
    for name, app in alone.apps("routing", arguments, __doc__):
        with app.app_context():
            lines.append((name, *_measured(app, *_fill(Random(1)))))
    return alone.report(lines)


def _fill(random: Random) -> tuple[list[tuple[int, int]], list[int], int]:
    """Plants the municipality; answers its (person, unit) pairs, its systems, and itself."""
    session = db.session
    units = alone.plant(random, UNITS)
    root = units[0]
    systems = [System(name=f"System {n}", customer_id=root.id) for n in range(SYSTEMS)]
    homes = [random.choice(units) for _ in range(PERSONS)]
    persons = [
        Person(name=f"Person {n}", initials=f"p{n}", customer_id=root.id, unit_id=home.id)
        for n, home in enumerate(homes)
    ]
    session.add_all([*systems, *persons])
    session.flush()
    for _ in range(APPOINTMENTS):
        _appoint(random, root.id, units, systems, persons)
    for person in random.sample(persons, PERSONS // 20):
        period = {"starts_on": TODAY - timedelta(days=2), "ends_on": TODAY + timedelta(days=5)}
        deputy_id = random.choice(persons).id
        own = deputy_id if deputy_id != person.id else None
        session.add(Absence(person_id=person.id, customer_id=root.id, deputy_id=own, **period))
    terms = GuidelineTerms()
    guideline = Guideline(
        customer_id=root.id, version=1, incident=terms.incident, request=terms.request, files_for=True
    )
    session.add(guideline)
    session.flush()
    session.add(GuidelineVersion(guideline_id=guideline.id, number=1, at=MADE_AT, body="Hjælp.", told=terms.write()))
    session.commit()
    return [(person.id, person.unit_id) for person in persons], [system.id for system in systems], root.id


def _appoint(random: Random, root: int, units: list[Unit], systems: list[System], persons: list[Person]) -> None:
    person, deputy = random.sample(persons, 2)
    appointment = Appointment(
        customer_id=root,
        person_id=person.id,
        kind=AppointmentKind.SYSTEM,
        starts_on=TODAY,
        made_at=MADE_AT,
        deputy_id=deputy.id,
    )
    db.session.add(appointment)
    db.session.flush()
    about = [system.id for system in random.sample(systems, random.randint(1, 4))] if random.random() < 0.6 else [None]
    for unit in random.sample(units[1:], random.randint(1, 3)):
        for system_id in about:
            scope = {"unit_id": unit.id, "system_id": system_id, "with_subunits": random.random() < 0.7}
            held = {"person_id": person.id, "role": Role.SUPERBRUGER, "starts_on": TODAY, "deputy_id": deputy.id}
            db.session.add(RoleGrant(**scope, **held, appointment_id=appointment.id))


def _measured(app: Flask, people: list[tuple[int, int]], systems: list[int], root: int) -> tuple[str, ...]:
    random, asked, counted, local = Random(2), set[int](), [0], 0
    event.listen(db.engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1))
    started, spent = time.perf_counter(), time.process_time()
    for _ in range(TICKETS):
        (person_id, unit_id), system_id = random.choice(people), random.choice([*systems, None])
        counted[0] = 0
        found = queries.route(
            customer_id=root,
            unit_id=unit_id,
            system_id=system_id,
            kind="incident",
            subject="Kan ikke komme på nettet",
            is_urgent=False,
            not_to={person_id},
            today=TODAY,
        )
        asked.add(counted[0])
        local += found is not None
    cpu = (time.process_time() - spent) * 1000 / TICKETS
    clock = (time.perf_counter() - started) * 1000 / TICKETS
    db.session.rollback()
    number, share = f"{min(asked)} to {max(asked)}", f"{local * 100 // TICKETS} %"
    return f"{cpu:.2f}", f"{clock:.2f}", number, share, "ok" if cpu <= BAR else "over"
