"""What is asked for: the pages that people wait for, each by those who use it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Select, func, select
from werkzeug.test import EnvironBuilder

from bench.databases import BASE_URL
from bench.language import Writer
from bench.town import token_of
from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.organisation.models import Person, RoleGrant, TeamMember, Unit
from servicedesk.systems.models import System
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Secrecy

Environ = dict[str, Any]
_CSRF = hashlib.sha1(b"bench", usedforsecurity=False).hexdigest()
#: So many people of each kind take turns, and so many tickets are looked at.
_PEOPLE, _TICKETS = 20, 500


@dataclass(frozen=True)
class Bar:
    """What a page may cost: milliseconds at any size, and growth from the smallest size to the largest."""

    cpu: float | None = None
    wall: float | None = None
    growth: float | None = 1.3


@dataclass
class Target:
    """One database and the application on it."""

    name: str
    tickets: int
    app: Flask
    supporters: list[int] = field(default_factory=list)
    employees: list[int] = field(default_factory=list)
    #: Who answer for a part of the organisation, and who run the desk.
    leaders: list[int] = field(default_factory=list)
    chiefs: list[int] = field(default_factory=list)
    open_tickets: list[int] = field(default_factory=list)
    systems: list[int] = field(default_factory=list)

    def look_around(self) -> None:
        """Finds out who asks for what; people of the larger customer."""
        draw = Random(3)

        def some(query: Select[int], number: int) -> list[int]:
            found = sorted(db.session.scalars(query))
            return draw.sample(found, min(number, len(found)))

        with self.app.app_context():
            home = db.session.scalar(select(func.min(Unit.id)))
            staff = select(RoleGrant.person_id).where(RoleGrant.role == Role.SUPPORTER)
            in_team = select(TeamMember.person_id)
            here = select(Person.id).where(Person.customer_id == home)
            self.supporters = some(here.where(Person.id.in_(staff), Person.id.in_(in_team)), _PEOPLE)
            self.employees = some(here.where(Person.id.not_in(staff)), _PEOPLE)
            holders = here.join(RoleGrant, RoleGrant.person_id == Person.id)
            self.leaders = some(holders.where(RoleGrant.role == Role.MANAGER), _PEOPLE)
            self.chiefs = some(holders.where(RoleGrant.role == Role.SERVICEDESK_MANAGER), _PEOPLE)
            self.systems = some(select(System.id).where(System.customer_id == home), 50)
            plain = (Ticket.is_open, Ticket.customer_id == home, Ticket.secrecy == Secrecy.ORDINARY)
            self.open_tickets = some(select(Ticket.id).where(*plain), _TICKETS)

    def ask(self, person: int, path: str, form: dict[str, Any] | None = None) -> Environ:
        """A request as that person's browser sends it."""
        serializer: Any = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"_user_id": token_of(person), "_fresh": True, "csrf_token": _CSRF})
        headers = [("Cookie", f"{self.app.config['SESSION_COOKIE_NAME']}={cookie}"), ("User-Agent", "bench")]
        if form is not None:
            signer = URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token")
            form = {"csrf_token": signer.dumps(_CSRF), **form}
        builder = EnvironBuilder(path, BASE_URL, method="POST" if form else "GET", data=form, headers=headers)
        return builder.get_environ()


Requests = Callable[[Target], Iterator[Environ]]


@dataclass(frozen=True)
class Page:
    name: str
    bar: Bar
    requests: Requests
    status: int = 200


def _queue(target: Target) -> Iterator[Environ]:
    while True:
        for person in target.supporters:
            yield target.ask(person, "/queue")


def _ticket(target: Target) -> Iterator[Environ]:
    draw = Random(4)
    while True:
        yield target.ask(draw.choice(target.supporters), f"/tickets/{draw.choice(target.open_tickets)}")


def _home(target: Target) -> Iterator[Environ]:
    while True:
        for person in target.employees:
            yield target.ask(person, "/")


def _start(target: Target) -> Iterator[Environ]:
    while True:
        for person in target.supporters:
            yield target.ask(person, "/")


def _palette(target: Target) -> Iterator[Environ]:
    """What people type, letter by letter as a hand that pauses: two letters, four, all; numbers; nothing yet."""
    draw = Random(10)
    while True:
        yield target.ask(draw.choice(target.supporters), "/palette?q=")
        yield target.ask(draw.choice(target.supporters), f"/palette?q=SD-{draw.choice(target.open_tickets)}")
        for _, asked in questions():
            for typed in dict.fromkeys((asked[:2], asked[:4], asked)):
                yield target.ask(draw.choice(target.supporters), f"/palette?q={quote_plus(typed)}")


def _fields(target: Target) -> Iterator[Environ]:
    """Searches with fields, rare and common, with words and without."""
    draw = Random(11)
    fields = (
        "status:open",
        "priority:critical",
        "kind:request",
        "updated:<30d",
        "assignee:me",
        "team:me",
        "status:alle",
    )
    while True:
        for _, asked in questions():
            typed = " ".join((draw.choice(fields), draw.choice(("", asked))))
            yield target.ask(draw.choice(target.supporters), f"/search?q={quote_plus(typed)}")


def _filing(target: Target) -> Iterator[Environ]:
    draw, writer = Random(), Writer(9)
    while True:
        form = {
            "kind": draw.choice(("incident", "request")),
            "subject": writer.text(writer.some(5)),
            "description": writer.text(writer.some(40)),
            "system": str(draw.choice(target.systems)),
            "form_id": f"{draw.getrandbits(128):032x}",
        }
        yield target.ask(draw.choice(target.employees), "/tickets/new", form)


def questions() -> list[tuple[str, str]]:
    """What people search for, and what kind of question it is."""
    words = [word for word in Writer(1).words if len(word) > 4]
    common, usual, rare = words[5:60], words[300:2_000], words[20_000:30_000]
    draw = Random(6)
    asked: list[tuple[str, str]] = []
    for _ in range(10):
        one, other, seldom = draw.choice(common), draw.choice(usual), draw.choice(rare)
        asked += [
            ("common word", one),
            ("usual word", other),
            ("rare word", seldom),
            ("two common words", f"{one} {draw.choice(common)}"),
            ("common and usual word", f"{one} {other}"),
            ("common and rare word", f"{one} {seldom}"),
            ("two usual words", f"{other} {draw.choice(usual)}"),
            ("half a word", other[:4]),
            ("three letters", one[:3]),
            ("word nobody wrote", f"zq{seldom}"),
        ]
    return asked


def _overview(people: Callable[[Target], list[int]], *asked: str, path: str = "/overview") -> Requests:
    """The overview of the last year, whole and narrowed."""

    def requests(target: Target) -> Iterator[Environ]:
        draw = Random(12)
        while True:
            for query in asked:
                narrowed = query.format(system=draw.choice(target.systems))
                yield target.ask(draw.choice(people(target)), f"{path}?{narrowed}")

    return requests


def _searching(people: Callable[[Target], list[int]]) -> Requests:
    def requests(target: Target) -> Iterator[Environ]:
        draw = Random(8)
        while True:
            for _, asked in questions():
                yield target.ask(draw.choice(people(target)), f"/search?q={quote_plus(asked)}")

    return requests


_SEARCH = Bar(wall=100, growth=None)

PAGES = (
    Page("queue", Bar(cpu=12), _queue),
    Page("ticket", Bar(cpu=10), _ticket),
    Page("start page", Bar(), _home),
    Page("start page, supporter", Bar(cpu=12), _start),
    Page("filing", Bar(cpu=15), _filing, status=303),
    Page("search, supporter", _SEARCH, _searching(lambda target: target.supporters)),
    Page("search, employee", _SEARCH, _searching(lambda target: target.employees)),
    Page("search with fields", _SEARCH, _fields),
    Page("overview, desk", Bar(cpu=60), _overview(lambda target: target.chiefs, "")),
    Page("overview, leader", Bar(cpu=60), _overview(lambda target: target.leaders, "")),
    Page("desk's page", Bar(cpu=60), _overview(lambda target: target.chiefs, "", path="/overview/desk")),
    Page(
        "overview, narrowed",
        Bar(cpu=60),
        _overview(
            lambda target: target.supporters, "system={system}", "priority=2&kind=incident", "system={system}&team=1"
        ),
    ),
    Page("palette", Bar(wall=60, growth=None), _palette),
)
