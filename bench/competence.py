"""`python -m bench competence`: what the map of competence costs, and the figures by unit, system and topic.

A municipality of 60 units, 80 systems and two thousand people with a hundred thousand tickets of five years, a sixth
of them solved by showing somebody how. What is reckoned is a year of them: every unit against every system, each held
against its like, and the proposals of visits. The bar is 300 ms with a fixed number of queries.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import event, insert

from bench import alone, databases
from servicedesk.competence import need
from servicedesk.competence.models import TicketTopic, Topic, UnitKind
from servicedesk.competence.rules import USUAL_MINUTES
from servicedesk.core.actor import Actor, Grant, Role
from servicedesk.core.db import db, table_of
from servicedesk.core.periods import Period
from servicedesk.organisation.models import Person
from servicedesk.systems.models import System
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Cause, Kind, Level, Priority, Secrecy, State, Tier

BAR = 300.0
UNITS, SYSTEMS, PERSONS, TICKETS, TOPICS = 60, 80, 2_000, 100_000, 400
TIMES, AT_ONCE = 7, 5_000
TODAY, MADE_AT = date(2026, 3, 2), datetime(2026, 3, 2, 12, tzinfo=UTC)
FIVE_YEARS = 5 * 365 * 24 * 60


def main(arguments: list[str]) -> int:
    lines: list[tuple[str, ...]] = [("the map on", "cells", "ms CPU", "ms", "queries", "tickets of a year", "")]
    for name, app in alone.apps("competence", arguments, __doc__):
        with app.app_context():
            root = _fill(Random(1))
        if name == "postgres":
            databases.run(app.config["SQLALCHEMY_DATABASE_URI"], "VACUUM ANALYZE")
        with app.app_context():
            lines.append((name, *_measured(root)))
    return alone.report(lines)


def _fill(random: Random) -> int:
    """Plants the municipality; answers it."""
    session = db.session
    units = alone.plant(random, UNITS)
    root = units[0]
    systems = [System(name=f"System {n}", customer_id=root.id) for n in range(SYSTEMS)]
    persons = [
        Person(name=f"Person {n}", initials=f"p{n}", customer_id=root.id, unit_id=random.choice(units).id)
        for n in range(PERSONS)
    ]
    session.add_all([*systems, *persons])
    session.add_all(
        UnitKind(unit_id=unit.id, customer_id=root.id, kind=random.choice(("Skole", "Dagtilbud", "Plejecenter")))
        for unit in units
    )
    session.flush()
    homes = [(one.id, one.unit_id) for one in persons]
    rows = list(_tickets(random, root.id, homes, [one.id for one in systems]))
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(table_of(Ticket)), rows[start : start + AT_ONCE])
    _name(random, root.id, rows, [one.id for one in systems])
    session.commit()
    return root.id


def _tickets(random: Random, root: int, homes: list[tuple[int, int]], systems: list[int]) -> Iterator[dict[str, Any]]:
    causes = [Cause.COMPETENCE, Cause.FAULT, Cause.FAULT, Cause.CHANGE, Cause.WISH, Cause.OTHER]
    same = {
        "customer_id": root,
        "kind": Kind.INCIDENT,
        "secrecy": Secrecy.ORDINARY,
        "tier": Tier.SERVICEDESK,
        "state": State.CLOSED,
        "is_open": False,
        "subject": "Hvor er knappen?",
        "impact": Level.LOW,
        "urgency": Level.MEDIUM,
        "priority": Priority.MEDIUM,
        "solution": "Under Mere",
        "reopen_count": 0,
        "is_unanswered": False,
        "version": 4,
        "head": "",
    }
    for number in range(1, TICKETS + 1):
        person_id, unit_id = random.choice(homes)
        at = MADE_AT - timedelta(minutes=random.randrange(FIVE_YEARS))
        yield {
            **same,
            "id": number,
            "form_id": f"bench-{number}",
            "filer_id": person_id,
            "affected_id": person_id,
            "unit_id": unit_id,
            "system_id": random.choice(systems),
            "cause": random.choice(causes),
            "filed_at": at,
            "resolved_at": at,
            "closed_at": at,
            "updated_at": at,
        }


def _name(random: Random, root: int, rows: list[dict[str, Any]], systems: list[int]) -> None:
    """Half of those that were solved by showing how have a topic."""
    topics: dict[int, list[int]] = {system_id: [] for system_id in systems}
    made = []
    for number in range(1, TOPICS + 1):
        system_id = systems[number % len(systems)]
        topics[system_id].append(number)
        about = {"id": number, "customer_id": root, "system_id": system_id, "made_at": MADE_AT, "version": 1}
        made.append({**about, "name": f"Emne {number}", "key": f"emne {number}"})
    named = [
        {"ticket_id": row["id"], "topic_id": random.choice(topics[row["system_id"]]), "at": row["filed_at"]}
        for row in rows
        if row["cause"] is Cause.COMPETENCE and random.random() < 0.5
    ]
    db.session.execute(insert(table_of(Topic)), made)
    db.session.execute(insert(table_of(TicketTopic)), named)


def _measured(root: int) -> tuple[str, ...]:
    who = Actor(id=1, name="Chef", customer_id=root, grants=(Grant(Role.SERVICEDESK_MANAGER, root, f"/{root}/"),))
    period, counted = Period(TODAY - timedelta(days=364), TODAY), [0]
    event.listen(db.engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1))
    cpu, clock, asked, cells, tickets = [], [], set[int](), 0, 0
    for _ in range(TIMES + 1):
        db.session.expire_all()
        counted[0], started, spent = 0, time.perf_counter(), time.process_time()
        found = need.read(root, period, who)
        need.of_topics(found, root)
        need.proposals(found, USUAL_MINUTES)
        cpu.append((time.process_time() - spent) * 1000)
        clock.append((time.perf_counter() - started) * 1000)
        asked |= {counted[0]} if clock[1:] else set()
        cells, tickets = len(found.cells), sum(cell.tickets for cell in found.cells.values())
    db.session.rollback()
    del cpu[0], clock[0]  # the first puts its statements together
    number = "–".join(str(one) for one in sorted({min(asked), max(asked)}))
    verdict = "ok" if median(cpu) <= BAR and len(asked) == 1 else "over"
    return str(cells), f"{median(cpu):.0f}", f"{median(clock):.0f}", number, f"{tickets:,}", verdict
