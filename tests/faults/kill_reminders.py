"""Reminders of training, when the worker is killed between claiming people for the week and committing, or just after.

Each person is claimed once and mailed once.
Run by hand: python -m tests.faults.kill_reminders --kills 60 --people 2000 --database postgres
"""

import argparse
import random
import tempfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select

from servicedesk.core.db import db, table_of
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.training.models import Reminder
from tests.faults.harness import Site, fresh_databases
from tests.faults.mortal import AFTER_COMMIT, BEFORE_COMMIT, Mortals
from tests.training_made import course, require

POINTS = (BEFORE_COMMIT, AFTER_COMMIT)
#: A Monday in opening hours.
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def break_it(site: Site, kills: int, people: int) -> dict[str, int]:
    """Counts of people who were asked to learn something, of kills, and of what came of it."""
    _hire(site, people)
    require(site.desk, course(site.desk), starts_on=date(2026, 1, 1))
    asked = site.desk.count(Person, is_active=True)
    killed = 0
    with Mortals(site.environment(), site.folder / "mortals.log") as mortals:
        is_over = False
        while not is_over:
            point = random.choice(POINTS) if killed < kills else ""
            end = mortals.do("remind_of_training", NOW, point, after=random.randint(1, 2))
            killed += end.was_killed
            is_over = not end.was_killed and not end.done
    return {"kills": killed, "people": asked, **_found(site)}


def _hire(site: Site, people: int) -> None:
    home = site.desk.home.id
    shared = {"customer_id": home, "unit_id": home, "name": "Person", "sort_name": "person"}
    rows = [{"initials": f"h{n}", "email": f"h{n}@testby.example", **shared} for n in range(people)]
    with site.desk.writing() as session:
        session.execute(insert(table_of(Person)), rows)


def _found(site: Site) -> dict[str, int]:
    with site.app.app_context():
        mails = Counter(db.session.scalars(select(OutboxMail.person_id)))
        bells = Counter(db.session.scalars(select(Notice.person_id)))
        claims = set(db.session.scalars(select(Reminder.person_id)))
    return {
        "claimed": len(claims),
        "mails": mails.total(),
        "notices": bells.total(),
        "doubled": sum(count > 1 for count in [*mails.values(), *bells.values()]),
        "claimed and not told": len(claims - mails.keys()),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=60)
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.kills, chosen.people).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
