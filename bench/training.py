"""`python -m bench training`: what it costs to know how everybody stands with everything that is required.

A municipality of two thousand people and eighty systems, each system with a mandatory course for those who use it, ten
more requirements of units, roles and titles, and twenty thousand records. The bar is 300 ms for all of them, with a
fixed number of queries.
"""

import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median

from flask import Flask
from sqlalchemy import event, insert

from bench import alone
from servicedesk.core.actor import Role
from servicedesk.core.db import db, table_of
from servicedesk.organisation.models import Person, RoleGrant, Unit
from servicedesk.systems.models import System, SystemUnit
from servicedesk.training import queries
from servicedesk.training.models import Course, Record, Requirement
from servicedesk.training.rules import CourseKind, Source

BAR = 300.0
UNITS, SYSTEMS, PERSONS, RECORDS = 60, 80, 2_000, 20_000
TIMES = 7
TODAY, MADE_AT = date(2026, 3, 2), datetime(2026, 1, 1, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    lines: list[tuple[str, ...]] = [("statuses on", "people", "ms CPU", "ms", "queries", "statuses", "")]
    for name, app in alone.apps("training", arguments, __doc__):
        with app.app_context():
            root = _fill(Random(1))
            lines += [(name, *_measured(app, root, below)) for below in (None, 20)]
    return alone.report(lines)


def _fill(random: Random) -> int:
    """Plants the municipality; answers it."""
    session = db.session
    units = alone.plant(random, UNITS)
    root = units[0]
    systems = [System(name=f"System {n}", customer_id=root.id) for n in range(SYSTEMS)]
    persons = [
        Person(
            name=f"Person {n}",
            initials=f"p{n}",
            customer_id=root.id,
            unit_id=random.choice(units).id,
            title=random.choice(("Sygeplejerske", "Lærer", "Sagsbehandler", None)),
            employed_since=TODAY - timedelta(days=random.randrange(4000)),
        )
        for n in range(PERSONS)
    ]
    courses = [
        Course(customer_id=root.id, name=f"Kursus {n}", kind=CourseKind.CLASSROOM, made_at=MADE_AT)
        for n in range(SYSTEMS + 10)
    ]
    session.add_all([*systems, *persons, *courses])
    session.flush()
    for system in systems[SYSTEMS // 2 :]:
        session.add_all(
            SystemUnit(system_id=system.id, unit_id=unit.id) for unit in random.sample(units[1:], random.randint(1, 6))
        )
    _require(random, root.id, units, systems, courses)
    for person in random.sample(persons, 150):
        held = {"role": random.choice((Role.SUPERBRUGER, Role.MANAGER)), "starts_on": TODAY}
        session.add(RoleGrant(person_id=person.id, unit_id=person.unit_id, **held))
    session.flush()
    session.execute(insert(table_of(Record)), _records(random, root.id, persons, courses))
    session.commit()
    return root.id


def _require(random: Random, root: int, units: list[Unit], systems: list[System], courses: list[Course]) -> None:
    said = {"customer_id": root, "starts_on": date(2024, 1, 1), "made_at": MADE_AT}
    for system, course in zip(systems, courses, strict=False):
        months = random.choice((None, 12, 24, 36))
        db.session.add(Requirement(course_id=course.id, system_id=system.id, validity_months=months, **said))
    for at, course in enumerate(courses[SYSTEMS:]):
        narrowed = ({"unit_id": random.choice(units).id}, {"role": Role.SUPERBRUGER}, {"title": "Lærer"})[at % 3]
        db.session.add(Requirement(course_id=course.id, is_mandatory=at % 2 == 0, **narrowed, **said))


def _records(random: Random, root: int, persons: list[Person], courses: list[Course]) -> list[dict[str, object]]:
    made: dict[tuple[int, int, date], dict[str, object]] = {}
    while len(made) < RECORDS:
        person, course = random.choice(persons), random.choice(courses)
        obtained_on = TODAY - timedelta(days=random.randrange(1500))
        made[person.id, course.id, obtained_on] = {
            "customer_id": root,
            "person_id": person.id,
            "course_id": course.id,
            "obtained_on": obtained_on,
            "source": Source.IMPORT,
            "made_at": MADE_AT,
        }
    return list(made.values())


def _measured(app: Flask, root: int, below: int | None) -> tuple[str, ...]:
    """Of everybody, or of the people of some units."""
    counted, spent, passed, asked = [0], list[float](), list[float](), set[int]()
    people = None if below is None else Person.unit_id <= below
    event.listen(db.engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1))
    for _ in range(TIMES):
        db.session.rollback()
        counted[0], started, began = 0, time.perf_counter(), time.process_time()
        standing = queries.statuses(root, TODAY, people=people)
        cells = sum(len(standing.cells(one.id)) for one in standing.learners)
        spent.append((time.process_time() - began) * 1000)
        passed.append((time.perf_counter() - started) * 1000)
        asked.add(counted[0])
    db.session.rollback()
    cpu, number = median(spent), "–".join(map(str, sorted(asked)))
    known = (f"{len(standing.learners):,}", f"{cpu:.0f}", f"{median(passed):.0f}", number, f"{cells:,}")
    return *known, "ok" if cpu <= BAR else "over"
