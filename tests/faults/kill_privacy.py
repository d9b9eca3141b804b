"""The worker is killed before each of the statements with which it erases a person and keeps the rules of retention,
and around each commit.

Killed before the commit it leaves every table as it was; taken up again it comes to the same end as if nobody had ever
killed it.
Run by hand: python -m tests.faults.kill_privacy --tickets 5 --database postgres
"""

import argparse
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.organisation import commands as organisation
from servicedesk.organisation.models import Person
from servicedesk.privacy import commands as privacy
from servicedesk.privacy.models import Erasure, RetentionRun
from servicedesk.tickets import commands
from servicedesk.tickets.models import Entry
from servicedesk.tickets.redacting import Redaction
from servicedesk.tickets.workflow import Cause
from tests.faults.harness import Site, fresh_databases
from tests.faults.mortal import BEFORE_COMMIT, BEFORE_STATEMENT, Mortals

FILED = datetime(2023, 3, 2, 8, tzinfo=UTC)
NOW = FILED + timedelta(days=1200)
#: Everything that either of them writes to, here.
TOUCHED = (
    *("person", "person_key", "role_grant", "ticket", "entry", "follower", "attachment", "redaction", "hidden_number"),
    *("outbox_mail", "notice", "draft", "rating", "audit_line", "doomed_file", "role_stand_in"),
    *("erasure", "erasure_ticket", "retention_run"),
)


def break_it(site: Site, tickets: int, every: int = 1) -> dict[str, Any]:
    """Counts of kills, of how often one left something behind, and of what was done in the end."""
    _fill(site, tickets)
    with Mortals(site.environment(), site.folder / "mortals.log") as mortals:
        with site.app.app_context():
            privacy.begin(site.filer.customer_id, now=NOW, once_a_day=False)
        ends = _die(site, mortals, "keep_retention", RetentionRun, every)
        ends += _die(site, mortals, "carry_on_erasures", Erasure, every)
    with site.app.app_context():
        found = {"kills": len(ends), "half done": ends.count(False)}
        found["anonymised"] = len(set(db.session.scalars(select(Redaction.ticket_id))))
        found["counted"] = sum(run.counts["tickets"] for run in db.session.scalars(select(RetentionRun)))
        found["erased"] = len(db.session.scalars(select(Person.id).where(Person.name.startswith("Slettet"))).all())
        told = "\n".join(str(data) for data in db.session.scalars(select(Entry.data)))
        found["named"] = told.count("Mette") + told.count("12345678")
    return {**found, "violations": len(site.violations())}


def _fill(site: Site, tickets: int) -> None:
    filer, supporter = site.desk.actor(site.filer), site.desk.actor(site.supporter)
    officer = site.desk.actor(site.desk.person(Role.ADMINISTRATOR))
    with site.app.app_context():
        for number in range(tickets):
            new = commands.NewTicket(subject=f"Henvendelse {number}", description="Ring til Mette på 12345678.")
            id_ = commands.file(new, by=filer, now=FILED).id
            commands.resolve(id_, by=supporter, now=FILED, solution="Ringede til Mette.", cause=Cause.FAULT)
            commands.confirm(id_, by=filer, now=FILED)
        organisation.set_person_active(filer.id or 0, False, by=officer, now=FILED)
        rules = {"tickets": 24, "people": 24, "mails": 12}
        privacy.set_rules(site.filer.customer_id, rules, by=officer, now=FILED)


def _die(site: Site, mortals: Mortals, job: str, kind: type[Any], every: int) -> list[bool]:
    """Each step of a job, before its first statement and every so many after that; whether each left all as it was."""
    ends: list[bool] = []
    while site.desk.count(kind, finished_at=None):
        before = _tables(site)
        killed = 1
        while mortals.do(job, NOW, BEFORE_STATEMENT, after=killed).was_killed:
            ends.append(_tables(site) == before)
            killed += every
        before = _tables(site)
        if mortals.do(job, NOW, BEFORE_COMMIT).was_killed:
            ends.append(_tables(site) == before)
    return ends


def _tables(site: Site) -> list[list[tuple[Any, ...]]]:
    with site.app.app_context():
        tables = [db.metadata.tables[name] for name in TOUCHED]
        kept = [db.session.execute(select(table).order_by(*table.primary_key)).all() for table in tables]
        db.session.rollback()
    return [[tuple(row) for row in rows] for rows in kept]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=5)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.tickets).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
