"""A mail server of our own, mails to send, and news to tell."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from flask import Flask

from servicedesk.core.actor import SYSTEM, Actor
from servicedesk.notifications import commands
from servicedesk.notifications.choices import Way
from servicedesk.notifications.commands import News
from servicedesk.notifications.models import OutboxMail
from servicedesk.notifications.rules import Habit
from servicedesk.organisation.models import Person
from tests.notifications.mail_server import DATA, NOW, AnyPort, MailServer


@pytest.fixture
def start_server() -> Iterator[Callable[..., MailServer]]:
    """`start_server(tls=True)` offers STARTTLS with the certificate for "localhost" in tests/data."""
    controllers: list[AnyPort] = []

    def start(tls: bool = False) -> MailServer:
        server, context = MailServer(), None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(DATA / "certificate.pem", DATA / "key.pem")
        controllers.append(AnyPort(server, hostname="127.0.0.1", port=0, tls_context=context, enable_SMTPUTF8=False))
        controllers[-1].start()
        port = controllers[-1].port
        server.url = f"smtp://127.0.0.1:{port}?starttls=no" if not tls else f"smtp://localhost:{port}"
        return server

    yield start
    for controller in controllers:
        controller.stop()


@pytest.fixture
def use_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the application send by the server at an address; "" for none."""

    def use(url: str) -> None:
        monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], smtp_url=url))

    return use


@pytest.fixture
def server(start_server: Callable[..., MailServer], use_server: Callable[[str], None]) -> MailServer:
    """A server that the application sends by."""
    started = start_server()
    use_server(started.url)
    return started


@pytest.fixture
def write(desk: Any) -> Callable[..., OutboxMail]:
    """`write(template, person=…, fact=…)` puts a mail in the outbox and answers its row."""

    def write_mail(template: str = "ticket_replied", person: Person | None = None, **given: Any) -> OutboxMail:
        ids = {name: given.pop(name) for name in ("message_id", "thread_id", "now") if name in given}
        facts = {"number": "SD-12", "url": "/tickets/12", "subject": "Printer", "by": "Bo", "body": "Prøv nu.", **given}
        with desk.writing():
            addressee = person or desk.person(name="Anna Jensen")
            commands.add(template=template, person=addressee, facts=facts, **{"now": NOW, **ids})
        mail: OutboxMail = desk.all(OutboxMail)[-1]
        return mail

    return write_mail


@pytest.fixture
def happen(desk: Any) -> Callable[..., News]:
    """`happen(EVENT, person, …, by=…)` tells those persons of something new about a ticket."""
    numbers = count(1)

    def tell(event: str, *people: Person, by: Actor = SYSTEM, now: datetime = NOW, **given: Any) -> News:
        ticket = given.pop("ticket", 12)
        thread = f"ticket-{ticket}"
        told = {
            "event": event, "thread": thread, "source": f"{thread}:news {next(numbers)}", "path": f"/tickets/{ticket}",
            "customer_id": people[0].customer_id, "facts": {"by": "Bo"}, "template": "ticket_replied",
            "mail": {"number": f"SD-{ticket}", "url": f"/tickets/{ticket}", "subject": "Emne", "body": "Svar"},
        }  # fmt: skip
        news = News(**{**told, **given})
        with desk.writing():
            commands.tell(news, [person.id for person in people], by=by, now=now)
        return news

    return tell


@pytest.fixture
def choose(desk: Any) -> Callable[..., None]:
    """`choose(person, {EVENT: (in_bell, by_mail)}, quiet_from=…)` is what the person wants."""

    def choose_ways(person: Person, ways: Any = (), now: datetime = NOW, **habit: Any) -> None:
        chosen = {event: Way(*way) for event, way in dict(ways).items()}
        with desk.app.app_context():
            commands.choose(chosen, Habit(**habit), by=desk.actor(person), now=now)

    return choose_ways
