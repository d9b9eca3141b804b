"""F006: the process that sends mails is killed between taking a mail and sending it, and between the server's yes and
noting it.

No mail is lost. One that had not left leaves once; one that had left leaves a second time, as the same mail.
Run by hand: python -m tests.faults.kill_sender --kills 100 --database postgres
"""

import argparse
import random
import tempfile
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from servicedesk.notifications.delivery import LEASE
from servicedesk.notifications.models import Delivery
from tests.faults.harness import Site, fresh_databases
from tests.faults.mortal import AFTER_SEND, BEFORE_SEND, Mortals
from tests.faults.post_office import NOW, PostOffice


def break_it(site: Site, kills: int) -> dict[str, dict[str, int]]:
    """For each point: mails, kills, how many were lost, how many repeated."""
    found = {}
    office = PostOffice(site)
    with office.open(), Mortals(office.environment(), site.folder / "mortals.log") as mortals:
        for point in (BEFORE_SEND, AFTER_SEND):
            found[point] = _kill_at(point, office, mortals, kills)
    found["in the end"] = {
        "not sent": sum(count for state, count in office.states().items() if state is not Delivery.SENT),
        "violations": len(site.violations()),
    }
    return found


def _kill_at(point: str, office: PostOffice, mortals: Mortals, kills: int) -> dict[str, int]:
    names = [f"{point}-{number}" for number in range(kills * 4)]
    office.write(names)
    before = office.taken()
    killed, now = 0, NOW
    while killed < kills:
        # Never the first: a mail that is held from before would meet its end again and again.
        killed += mortals.do("deliver_mails", now, point, after=random.randint(2, 5)).was_killed
        now += LEASE + timedelta(minutes=1)
    while mortals.do("deliver_mails", now).done:
        now += LEASE
    taken = office.taken() - before
    return {
        "mails": len(names),
        "kills": killed,
        "lost": len([name for name in names if not taken[name]]),
        "sent more than once": len([name for name in names if taken[name] > 1]),
        "strangers": len(set(taken) - set(names)),
        "repeats that differ": _differing(office),
    }


def _differing(office: PostOffice) -> int:
    """Mails that came again as another mail; only the boundary between their parts may differ."""
    first: dict[str, str] = {}
    differing = 0
    for message in office.server.taken:
        key, words = str(message["Message-ID"]), _words(message)
        differing += first.setdefault(key, words) != words
    return differing


def _words(message: EmailMessage) -> str:
    heads = {name: str(value) for name, value in message.items() if name != "Content-Type"}
    return f"{heads} {[part.get_content() for part in message.iter_parts()]}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100, help="at each of the two points")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for point, counts in break_it(Site(source.copy(), Path(folder)), chosen.kills).items():
            print(point, counts)


if __name__ == "__main__":
    main()
