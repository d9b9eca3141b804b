"""Answers that can still be taken back, when whoever lets them go is killed: the worker when their time is up, and the
web server when their writer will not wait.

Each is said once, with its file, and told of once.
Run by hand: python -m tests.faults.kill_sending --kills 60 --answers 200 --database postgres
"""

import argparse
import http.client
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select

from servicedesk.core import clock
from servicedesk.core.db import db
from servicedesk.core.files import Store
from servicedesk.drafts.models import Draft, KeptFile, Sending
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.tickets import commands
from servicedesk.tickets.models import Attachment, Entry, EntryKind
from tests.faults import failpoints
from tests.faults.harness import Client, Site, fresh_databases
from tests.faults.mortal import AFTER_COMMIT, AFTER_FLUSH, BEFORE_COMMIT, Mortals

POINTS = (AFTER_FLUSH, BEFORE_COMMIT, AFTER_COMMIT)
WRITTEN = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECONDS = 30


def break_it(site: Site, kills: int, answers: int) -> dict[str, dict[str, int]]:
    """What came of the answers that the worker let go, and of those that the web server did."""
    return {
        "the worker": _by_worker(site, kills, answers),
        "the web server": _by_web(site, max(1, kills // len(failpoints.POINTS))),
        "in the end": {"violations": len(site.violations())},
    }


def _by_worker(site: Site, kills: int, answers: int) -> dict[str, int]:
    tickets = _write(site, answers, WRITTEN, "worker", [site.supporter, site.colleague])
    killed, now = 0, WRITTEN + timedelta(seconds=SECONDS)
    with Mortals(site.environment(), site.folder / "mortals.log") as mortals:
        is_over = False
        while not is_over:
            point = random.choice(POINTS) if killed < kills else ""
            end = mortals.do("send_replies", now, point, after=random.randint(1, 4))
            killed += end.was_killed
            is_over = not end.was_killed and not end.done
    return {"kills": killed, **_found(site, tickets)}


def _by_web(site: Site, times: int) -> dict[str, int]:
    """Its writer asks again until there is an answer, as the page does."""
    now = clock.now()
    answers = _write(site, times * len(failpoints.POINTS), now, "web", [site.supporter])
    sendings = _sendings(site)
    with site.serving("-m", "tests.faults.failpoints", "--serve", str(site.port)):
        client = Client(site.port)
        client.sign_in(site.supporter.id)
        for number, ticket_id in enumerate(answers):
            address = f"/tickets/{ticket_id}/sending/{sendings[ticket_id]}/now"
            _ask(client, address, X_Die_At=failpoints.POINTS[number % len(failpoints.POINTS)])
            failpoints.until(partial(_ask, client, address), site)
    return {"kills": len(answers), **_found(site, answers)}


def _ask(client: Client, address: str, **headers: str) -> bool:
    try:
        return client.ask("POST", address, {"csrf_token": client.token}, **headers)[0] == 303
    except (OSError, http.client.HTTPException):
        return False


def _write(site: Site, number: int, now: datetime, name: str, writers: list[Person]) -> dict[int, str]:
    """Tickets with an answer on its way at each, every third with a file, every fifth a note; its text by ticket."""
    written: dict[int, str] = {}
    store = Store(site.folder / "attachments")
    who = [site.desk.actor(writer) for writer in writers]
    filer = site.desk.actor(site.filer)
    for at in range(number):
        with site.app.app_context():
            new = commands.NewTicket(subject=f"{name} {at}", description="Den virker ikke")
            ticket_id = commands.file(new, by=filer, now=now).id
            files = [_file(store)] if at % 3 == 0 else []
            message = commands.Message(body=f"Svar {name} {at}.", is_internal=at % 5 == 4, files=files)
            commands.say_later(ticket_id, message, by=who[at % len(who)], now=now, seconds=SECONDS)
        written[ticket_id] = message.body
    return written


def _file(store: Store) -> commands.NewFile:
    kept = store.keep(BytesIO(b"\x89PNG\r\n\x1a\n...."), "billede.png", 1_000_000)
    return commands.NewFile(kept.shown_name, kept.stored_name, kept.media_type, kept.size, kept.sha256)


def _sendings(site: Site) -> dict[int, int]:
    """What is on its way, by ticket."""
    with site.app.app_context():
        rows = db.session.execute(select(Sending.id, Sending.place))
        return {int(row.place.removeprefix("ticket-")): row.id for row in rows}


def _found(site: Site, written: dict[int, str]) -> dict[str, int]:
    """Texts, files and mails against what was written."""
    ids = list(written)
    with site.app.app_context():
        kinds = (EntryKind.REPLIED, EntryKind.NOTED)
        entries = db.session.scalars(select(Entry).where(Entry.ticket_id.in_(ids), Entry.kind.in_(kinds))).all()
        said = Counter((entry.ticket_id, entry.data["body"]) for entry in entries)
        files = Counter(db.session.scalars(select(Attachment.ticket_id).where(Attachment.ticket_id.in_(ids))))
        told = select(OutboxMail.thread_id).join(Person, Person.id == OutboxMail.person_id)
        to_filer = told.where(OutboxMail.template == "ticket_replied", Person.id == site.filer.id)
        mails = Counter(db.session.scalars(to_filer))
        left = sum(
            db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (Sending, KeptFile, Draft)
        )
    wanted = Counter(written.items())
    replies = {f"ticket-{entry.ticket_id}-{site.filer.id}" for entry in entries if entry.kind is EntryKind.REPLIED}
    with_file = Counter(ids[::3])
    return {
        "answers": len(written),
        "lost": (wanted - said).total(),
        "said twice": (said - wanted).total(),
        "files amiss": (with_file - files).total() + (files - with_file).total(),
        "mails amiss": sum(mails[thread] != 1 for thread in replies),
        "left on the way": left,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=60, help="of each: the worker, and the web server")
    options.add_argument("--answers", type=int, default=200, help="that the worker lets go")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with fresh_databases(chosen.database) as source, tempfile.TemporaryDirectory() as folder:
        for name, counts in break_it(Site(source.copy(), Path(folder)), chosen.kills, chosen.answers).items():
            print(name, counts)


if __name__ == "__main__":
    main()
