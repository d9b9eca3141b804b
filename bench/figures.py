"""`python -m bench figures`: what it costs to bring figures up to date with a change, and to reckon all of them anew.

A change is one that alters every sum that a ticket is in: another priority. Once alone, as on a
quiet evening, and once among as many as the worker takes together.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from random import Random
from statistics import median

from sqlalchemy import select, update

from bench import table
from bench.measuring import yardstick
from bench.pages import Target
from servicedesk.core.db import db, transaction
from servicedesk.figures import commands
from servicedesk.tickets import changing
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Priority

BAR, REBUILD_BAR = 2.0, 300.0
TIMES, TOGETHER = 60, 100


def main(wanted: argparse.Namespace, on: Mapping[str, Callable[..., AbstractContextManager[list[Target]]]]) -> int:
    lines: list[tuple[str, ...]] = [
        ("on", "tickets", "ms CPU alone", "best", "ms CPU among 100", "best", "rebuilt in s", "s CPU", "")
    ]
    for name in wanted.databases:
        with on[name](wanted) as targets:
            lines += [_measured(target) for target in targets]
    print(f"{table.machine()}; yardstick {min(yardstick() for _ in range(20)):.2f} ms at best\n")
    print(table.simple(lines))
    return 0 if all(line[-1] == "ok" for line in lines[1:]) else 1


def _measured(target: Target) -> tuple[str, ...]:
    draw = Random(5)
    with target.app.app_context():
        ids = list(db.session.scalars(select(Ticket.id).order_by(Ticket.id.desc()).limit(20_000)))
        while commands.roll_up():
            pass
        alone = [_told(draw.sample(ids, 1)) for _ in range(TIMES)]
        together = [_told(draw.sample(ids, TOGETHER)) / TOGETHER for _ in range(10)]
        began, cpu = time.monotonic(), time.process_time()
        commands.rebuild()
        took, cpu = time.monotonic() - began, time.process_time() - cpu
    is_ok = median(alone) <= BAR and median(together) <= BAR and took <= REBUILD_BAR
    told = (median(alone), min(alone), median(together), min(together))
    return (
        target.name,
        f"{target.tickets:,}",
        *(f"{figure:.2f}" for figure in told),
        f"{took:.0f}",
        f"{cpu:.0f}",
        "ok" if is_ok else "missed",
    )


def _told(ids: list[int]) -> float:
    """Milliseconds of CPU for telling a change of those tickets: their priority, in which every sum differs."""
    with transaction() as session:
        session.execute(
            update(Ticket)
            .where(Ticket.id.in_(ids))
            .values(priority=Priority.CRITICAL if session.get_one(Ticket, ids[0]).priority > 2 else Priority.LOW)
        )
        changing.note(ids)
    began = time.process_time()
    commands.roll_up()
    return (time.process_time() - began) * 1000
