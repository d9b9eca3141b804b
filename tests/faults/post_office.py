"""Mails in an outbox, and a mail server that keeps an account of what it takes; it may be down and come back."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from servicedesk.core.db import db, transaction
from servicedesk.notifications import jobs
from servicedesk.notifications.models import Delivery, OutboxMail
from tests.faults.harness import LOCALHOST, Site
from tests.notifications.mail_server import AnyPort, MailServer

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FACTS = {"number": "SD-12", "url": "/tickets/12", "subject": "Printer", "by": "Bo", "body": "Prøv nu."}


@dataclass
class PostOffice:
    """A site's outbox with a mail server beside it."""

    site: Site
    server: MailServer = field(default_factory=MailServer)
    port: int = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """The server answers until the block ends, at the same address each time."""
        listening = AnyPort(self.server, hostname=LOCALHOST, port=self.port, enable_SMTPUTF8=False)
        listening.start()
        self.port = listening.port
        settings = self.site.app.extensions["settings"]
        self.site.app.extensions["settings"] = replace(settings, smtp_url=self.url)
        try:
            yield
        finally:
            listening.stop()

    @property
    def url(self) -> str:
        return f"smtp://{LOCALHOST}:{self.port}?starttls=no"

    def environment(self) -> dict[str, str]:
        return {**self.site.environment(), "SERVICEDESK_SMTP_URL": self.url}

    def write(self, names: list[str], now: datetime = NOW) -> None:
        """A mail to each address NAME@x.example, known by that name in its Message-ID too."""
        person = self.site.filer
        with self.site.app.app_context(), transaction() as session:
            for name in names:
                session.add(
                    OutboxMail(
                        made_at=now,
                        customer_id=person.customer_id,
                        person_id=person.id,
                        address=f"{name}@x.example",
                        template="ticket_replied",
                        facts={"recipient": person.name, **FACTS},
                        message_id=name,
                        next_try_at=now,
                    )
                )

    def deliver(self, now: datetime) -> int:
        with self.site.app.app_context():
            return jobs.deliver(now)

    def deliver_until_empty(self, now: datetime, step: timedelta, steps: int) -> datetime:
        """Delivers at each step until nothing waits; answers when that was."""
        for _ in range(steps):
            self.deliver(now)
            if not self.states()[Delivery.WAITING]:
                return now
            now += step
        raise TimeoutError(f"still waiting: {self.states()}")

    def taken(self) -> Counter[str]:
        """How often the server took each mail, by the part of the Message-ID before the @."""
        return Counter(str(message["Message-ID"]).strip("<>").partition("@")[0] for message in self.server.taken)

    def states(self) -> Counter[Delivery]:
        with self.site.app.app_context():
            return Counter(db.session.scalars(select(OutboxMail.delivery)))

    def rows(self) -> list[OutboxMail]:
        with self.site.app.app_context():
            return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
