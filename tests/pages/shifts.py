"""Workers as they are found on a bad day: one stopped, one was killed, and one has a clock that is wrong."""

from datetime import datetime, timedelta

from servicedesk.core import clock
from servicedesk.upkeep.heartbeat import Logbook
from servicedesk.worker import JOBS
from tests.desk import Desk


def tell(desk: Desk) -> None:
    now = clock.now()
    for days, is_leaving in ((-2, True), (-1, False), (400, False)):
        at = now + timedelta(days=days)
        logbook = Logbook([(job.name, job.seconds) for job in JOBS], now=at)
        _run(logbook, at - timedelta(minutes=1))
        with desk.app.app_context():
            logbook.write(now=at, is_leaving=is_leaving)


def _run(logbook: Logbook, at: datetime) -> None:
    """A job that went well, one that fails, one that runs; the others have not begun."""
    first, second, third = (job.name for job in JOBS[:3])
    for name in (first, second, second, third):
        logbook.begin(name, now=at)
        if name == first:
            logbook.end(name, seconds=2.4, done=17)
        elif name == second:
            logbook.fail(name, ConnectionResetError(), seconds=0.2)
