"""F031: the mail server takes one recipient's mail, puts another's off, refuses a third's for good; time is injected.

What was put off is tried again until it is taken; what was refused is given up at once, with the server's reason.
Run by hand: python -m tests.faults.mail_refused --mails 100 --database postgres
"""

import argparse
import tempfile
from datetime import timedelta
from pathlib import Path

from servicedesk.notifications.models import Delivery
from tests.faults.harness import Site, fresh_databases
from tests.faults.post_office import NOW, PostOffice

TAKEN, PUT_OFF, REFUSED = "taken", "put-off", "refused"
ANSWERS = {TAKEN: "250 OK", PUT_OFF: "451 try again later", REFUSED: "550 no such user"}
#: The server changes its mind about those that it put off after so long.
RELENTS = timedelta(hours=2)


def break_it(site: Site, mails: int) -> dict[str, dict[str, object]]:
    """For each answer: mails, how often the server was asked for one, and what became of them."""
    office = PostOffice(site)
    names = {answer: [f"{answer}-{number}" for number in range(mails)] for answer in ANSWERS}
    office.server.answers = {f"{name}@x.example": ANSWERS[PUT_OFF] for name in names[PUT_OFF]}
    office.server.answers |= {f"{name}@x.example": ANSWERS[REFUSED] for name in names[REFUSED]}
    office.write([name for three in zip(*names.values(), strict=True) for name in three])
    with office.open():
        for minute in range(int(RELENTS / timedelta(minutes=1))):
            office.deliver(NOW + timedelta(minutes=minute))
        for name in names[PUT_OFF]:
            del office.server.answers[f"{name}@x.example"]
        before = {mail.message_id: mail.attempts for mail in office.rows()}
        office.deliver_until_empty(NOW + RELENTS, timedelta(minutes=1), steps=24 * 60)
    rows, taken = office.rows(), office.taken()
    found: dict[str, dict[str, object]] = {}
    for answer, some in names.items():
        own = [row for row in rows if row.message_id in set(some)]
        found[answer] = {
            "mails": len(some),
            "tries before it relented": sorted({before[name] for name in some}),
            "tries in all": sorted({row.attempts for row in own}),
            "sent": len([row for row in own if row.delivery is Delivery.SENT]),
            "given up": len([row for row in own if row.delivery is Delivery.DEAD]),
            "reasons kept": sorted({row.last_error for row in own if row.last_error}),
            "came once": len([name for name in some if taken[name] == 1]),
            "came more than once": len([name for name in some if taken[name] > 1]),
        }
    found["in the end"] = {"violations": len(site.violations())}
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=100, help="for each of the three answers")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for answer, counts in break_it(Site(source.copy(), Path(folder)), chosen.mails).items():
            print(answer, counts)


if __name__ == "__main__":
    main()
