"""F030: the mail server is down for hours while mails are written; the time is injected.

Every mail is kept, the server is asked less and less often for each, and all of them leave when it is back.
Run by hand: python -m tests.faults.mail_server_down --hours 6 --mails 600 --database postgres
"""

import argparse
import tempfile
from datetime import timedelta
from pathlib import Path

from servicedesk.notifications.models import Delivery
from tests.faults.harness import Site, fresh_databases
from tests.faults.post_office import NOW, PostOffice

#: How often the worker looks.
LOOKS = timedelta(seconds=5)


def break_it(site: Site, hours: int, mails: int) -> dict[str, int]:
    """Counts of what was written, tried and sent; minutes until the last had left after the server was back."""
    office = PostOffice(site)
    with office.open():
        pass  # so that there is an address where nobody answers any more
    names = [f"mail-{number}" for number in range(mails)]
    looks = int(timedelta(hours=hours) / LOOKS)
    for look in range(looks):
        now = NOW + look * LOOKS
        due = names[look * mails // looks : (look + 1) * mails // looks]
        if due:
            office.write(due, now)
        office.deliver(now)
    waiting = office.states()
    attempts = [mail.attempts for mail in office.rows()]
    back = NOW + timedelta(hours=hours)
    with office.open():
        emptied = office.deliver_until_empty(back, timedelta(minutes=1), steps=36 * 60)
    taken = office.taken()
    return {
        "mails": mails,
        "given up": waiting[Delivery.DEAD],
        "kept while it was down": waiting[Delivery.WAITING],
        "most tries of one mail": max(attempts),
        "sent": office.states()[Delivery.SENT],
        "lost": len([name for name in names if not taken[name]]),
        "sent more than once": len([name for name in names if taken[name] > 1]),
        "minutes until the last had left": round((emptied - back) / timedelta(minutes=1)),
        "violations": len(site.violations()),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hours", type=int, default=6)
    options.add_argument("--mails", type=int, default=600)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, value in break_it(Site(source.copy(), Path(folder)), chosen.hours, chosen.mails).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
