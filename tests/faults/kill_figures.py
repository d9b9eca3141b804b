"""The worker is killed before each of the statements with which it brings figures up to date, one after the other, and
around the commit.

Killed before the commit it leaves every table as it was, and after it nothing to do; in the end every ticket has been
told once.
Run by hand: python -m tests.faults.kill_figures --tickets 200 --database postgres
"""

import argparse
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from servicedesk.core.db import db, table_of
from servicedesk.figures import checking
from servicedesk.figures.models import FigureCell, FigureTime, TicketFact
from servicedesk.tickets import commands
from servicedesk.tickets.models import Ticket, TicketChange
from servicedesk.tickets.workflow import Cause
from tests.faults.harness import Site, fresh_databases
from tests.faults.mortal import AFTER_COMMIT, BEFORE_COMMIT, BEFORE_STATEMENT, Mortals

FILED = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = FILED + timedelta(days=40)
ROLL_UP, REBUILD = "roll_up_figures", "rebuild_figures"


def break_it(site: Site, tickets: int) -> dict[str, int]:
    """Counts of kills, of how often one left something behind, and of what was told in the end."""
    with Mortals(site.environment(), site.folder / "mortals.log") as mortals:
        _file(site, tickets)
        ends = _die_before_statements(site, mortals)
        half = tickets // 2
        _solve(site, 0, half)
        ends += _die_before_statements(site, mortals)
        _solve(site, half, tickets)
        ends += _die_around_commit(site, mortals)
        rebuilds = _die_rebuilding(mortals)
    with site.app.app_context():
        found = {"kills": len(ends), "half done": ends.count(False), "kills of a rebuild": rebuilds}
        found["wrong sums"] = len(list(checking.wrong_sums()))
        found["filed"], found["resolved"] = _told()
    return {**found, "violations": len(site.violations())}


def _file(site: Site, tickets: int) -> None:
    filer = site.desk.actor(site.filer)
    with site.app.app_context():
        for number in range(tickets):
            new = commands.NewTicket(subject=f"Henvendelse {number}", description="Skærmen er sort.")
            commands.file(new, by=filer, now=FILED + timedelta(hours=number))


def _solve(site: Site, first: int, last: int) -> None:
    """A month later."""
    supporter = site.desk.actor(site.supporter)
    with site.app.app_context():
        for id_ in db.session.scalars(select(Ticket.id).order_by(Ticket.id)).all()[first:last]:
            commands.resolve(id_, by=supporter, now=NOW, solution="Nyt kabel.", cause=random.choice(list(Cause)))


def _die_before_statements(site: Site, mortals: Mortals) -> list[bool]:
    """Before the first, the second, and so on until it comes through: whether each left all as it was."""
    before = _tables(site)
    ends: list[bool] = []
    while mortals.do(ROLL_UP, NOW, BEFORE_STATEMENT, after=len(ends) + 1).was_killed:
        ends.append(_tables(site) == before)
    assert not site.desk.count(TicketChange)
    return ends


def _die_around_commit(site: Site, mortals: Mortals) -> list[bool]:
    before = _tables(site)
    assert mortals.do(ROLL_UP, NOW, BEFORE_COMMIT).was_killed
    ends = [_tables(site) == before]
    assert mortals.do(ROLL_UP, NOW, AFTER_COMMIT).was_killed
    done = _tables(site)
    mortals.do(ROLL_UP, NOW)
    return [*ends, not site.desk.count(TicketChange) and _tables(site) == done]


def _tables(site: Site) -> list[list[tuple[Any, ...]]]:
    """Everything that figures are told from and kept in."""
    with site.app.app_context():
        tables = [table_of(kind) for kind in (TicketChange, TicketFact, FigureCell, FigureTime)]
        kept = [db.session.execute(select(table).order_by(*table.primary_key)).all() for table in tables]
        db.session.rollback()
    return [[tuple(row) for row in rows] for rows in kept]


def _die_rebuilding(mortals: Mortals) -> int:
    """Before every sixth statement; what it leaves half done is made good by the one that comes through."""
    kills = 0
    while mortals.do(REBUILD, NOW, BEFORE_STATEMENT, after=6 * kills + 1).was_killed:
        kills += 1
    return kills


def _told() -> tuple[int, int]:
    cells = db.session.scalars(select(FigureCell).where(FigureCell.grouping == 0)).all()
    return sum(cell.filed for cell in cells), sum(cell.resolved for cell in cells)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=200)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.tickets).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
