"""F026: the machine's clock is put forward by an hour and by five years, put back by an hour, and put right again; both
clocks, the one on the wall and the one that cannot be set, are injected.

No event comes twice, nobody is signed out, nothing is thrown away, every mail leaves once; a clock that is put right
within five minutes has done nothing at all.
Run by hand: python -m tests.faults.clock_jumps --tickets 120 --database postgres
"""

import argparse
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from servicedesk.core import clock
from servicedesk.notifications.models import Delivery
from servicedesk.signin.models import SignIn
from servicedesk.tickets.jobs import store
from servicedesk.upkeep import clockwatch
from servicedesk.upkeep.clockwatch import ClockWatch
from servicedesk.worker import JOBS, Shift
from tests.faults.harness import Site, fresh_databases
from tests.faults.post_office import PostOffice
from tests.faults.promises import MINUTE, Promises

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, YEARS = timedelta(hours=1), timedelta(days=5 * 365)
RIGHT = timedelta()
#: For how many minutes the clock is wrong, by how much; right in between.
SHORT = [(3, HOUR), (3, -HOUR), (3, YEARS), (3, -YEARS)]
LONG = [(30, HOUR), (30, -HOUR), (30, YEARS)]
BETWEEN = 70
SIGNED_IN = 20


@dataclass
class Machine:
    """Its clocks, and a worker on it."""

    site: Site
    true: datetime = START
    wrong_by: timedelta = RIGHT
    passed: float = 0
    _last: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        self.shift = Shift(self.site.app, JOBS, ClockWatch(self.wall, lambda: self.passed))

    def wall(self) -> datetime:
        return self.true + self.wrong_by

    def go(self, minutes: float) -> None:
        """Every half minute a look at the clocks, and each job when it is its turn."""
        for _ in range(round(minutes * 2)):
            self.true += timedelta(seconds=30)
            self.passed += 30
            self.shift.tick()
            if self.true.minute == self.true.second == 0:
                self._use_browsers()
            for job in JOBS:
                if self.passed - self._last.get(job.name, -job.seconds) >= job.seconds:
                    self._last[job.name] = self.passed
                    self.shift.look(job)

    def _use_browsers(self) -> None:
        """People who are signed in go on working, and look at their own clocks."""
        with self.site.desk.writing() as session:
            session.execute(update(SignIn).values(seen_at=self.true))

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Its clocks are everybody's."""
        kept = clock.now, clockwatch.elapsed
        clock.now, clockwatch.elapsed = self.wall, lambda: self.passed
        try:
            yield
        finally:
            clock.now, clockwatch.elapsed = kept


def break_it(site: Site, tickets: int) -> dict[str, dict[str, int]]:
    """What was done while the clock was wrong for a short while, for a long one, and what there was in the end."""
    promises, office, machine = Promises(site, targets={"response": 120}), PostOffice(site), Machine(site)
    whole = sum(minutes + BETWEEN for minutes, _ in (*SHORT, *LONG)) + BETWEEN
    promises.file(START - 2 * HOUR + number * (whole * MINUTE) / tickets for number in range(tickets))
    with machine.in_force(), office.open():
        machine.start()
        for _ in range(SIGNED_IN):
            site.desk.sign_in(site.filer)
        _leave_a_file(site)
        machine.go(BETWEEN)
        found = {"short": _go_wrong(machine, promises, SHORT), "long": _go_wrong(machine, promises, LONG)}
        machine.go(BETWEEN)
        taken, states = office.taken(), office.states()
        found["in the end"] = {
            **promises.compare(machine.true + YEARS),
            "signed out": SIGNED_IN - site.desk.count(SignIn),
            "files thrown away": 1 - _files(site),
            "mails": sum(states.values()),
            "not sent": sum(states.values()) - states[Delivery.SENT],
            "sent more than once": len([name for name, times in taken.items() if times > 1]),
            "violations": len(site.violations()),
        }
    return found


def _go_wrong(machine: Machine, promises: Promises, mishaps: list[tuple[int, timedelta]]) -> dict[str, int]:
    """Counts of what came before its time: warned of in good faith, by a clock that was ahead."""
    found: Counter[str] = Counter(mishaps=len(mishaps), entries=0, early=0)
    for minutes, by in mishaps:
        before = len(promises.fired())
        machine.wrong_by = by
        machine.go(minutes)
        news = promises.fired()[before:]
        found["entries"] += len(news)
        found["early"] += len([1 for _, at, _ in news if at > machine.true])
        machine.wrong_by = RIGHT
        machine.go(BETWEEN)
    return dict(found)


def _leave_a_file(site: Site) -> None:
    """Of a form that somebody has not sent yet."""
    with site.app.app_context():
        store().keep(io.BytesIO(b"hej"), "hej.txt", 1000)


def _files(site: Site) -> int:
    return len([file for file in (site.folder / "attachments").rglob("*") if file.is_file()])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=120)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, counts in break_it(Site(source.copy(), Path(folder)), chosen.tickets).items():
            print(name, counts)


if __name__ == "__main__":
    main()
