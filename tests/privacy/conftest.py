"""A small desk in a database of its own, with one person of whom everything there can be is written down."""

import io
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import db, transaction
from servicedesk.drafts import commands as drafts
from servicedesk.figures import commands as figures
from servicedesk.figures.models import FigureCell, FigureTime, TicketFact
from servicedesk.organisation import commands as organisation
from servicedesk.organisation.models import Person
from servicedesk.search.models import RecentSearch
from servicedesk.surveys.models import Rating
from servicedesk.surveys.rules import Outcome
from servicedesk.tickets import commands
from servicedesk.tickets.jobs import store
from servicedesk.tickets.workflow import Cause
from servicedesk.training.models import Course, Record
from servicedesk.training.rules import CourseKind, Source
from servicedesk.upkeep import check
from tests.desk import Desk

#: What r1 is known by, and what r1 wrote: nowhere else in the world.
NAME, INITIALS = "Xenobia Kvistgård", "xekv"
EMAIL, PHONE = "xenobia.kvistgaard@testby.example", "71 93 55 28"
SAID = ("kanariemne", "kanaribeskrivelse", "kanarisvar", "kanarikladde", "kanarifil", "kanaribytes", "kanariord")
MEANWHILE = ("kanaribevis", "kanarisøgning")
#: In the bytes of a database, all of these in small letters.
CANARIES = ("xenobia", "kvistg", INITIALS, "7193", "71 93", *SAID, *MEANWHILE)


class Office:
    """r1, who filed a ticket, follows another, is named in a third; a supporter; a data protection officer."""

    def __init__(self, app: Flask) -> None:
        self.app, self.desk = app, Desk(app)
        desk = self.desk
        self.r1 = desk.person(name=NAME, initials=INITIALS, email=EMAIL, phone=PHONE, title="Kanarifugl")
        self.friend = desk.person(name="Bo Mikkelsen")
        self.supporter = desk.person(Role.SUPPORTER, name="Lene Krogh", initials="lekr", phone="11223344")
        self.officer = desk.person(Role.DATA_PROTECTION_OFFICER, name="Pia Vagt")
        self.boss = desk.person(Role.ADMINISTRATOR, name="Ann Chef")
        self.other = desk.person(name="Vagn Uskyldig")
        desk.team([self.supporter], is_first_line=True)

    def fill(self) -> None:
        self.own = self._own_ticket()
        self.followed = self._followed_ticket()
        self.named = self.desk.ticket("closed", by=self.other, description=f"Spørg {NAME} på {EMAIL} eller 71935528.")
        self.innocent = self.desk.ticket("closed", by=self.other, subject="Skærmen er sort", description="Helt sort.")
        self._beside()

    def file(self, name: str, content: bytes) -> commands.NewFile:
        with self.app.app_context():
            kept = store().keep(io.BytesIO(content), name, 10_000)
        return commands.NewFile(kept.shown_name, kept.stored_name, kept.media_type, kept.size, kept.sha256)

    def do(self, command: Any, *given: Any, by: Person, **named: Any) -> Any:
        actor = self.desk.actor(by)
        with self.app.app_context():
            return command(*given, by=actor, now=clock.now(), **named)

    def _own_ticket(self) -> int:
        r1, supporter = self.r1, self.supporter
        told = f"kanaribeskrivelse om min løn, mvh {NAME}\nMit CPR er 010157-5004."
        file = self.file("kanarifil xenobia.txt", b"kanaribytes")
        made = self.desk.ticket(by=r1, subject="kanariemne", description=told, files=[file])
        self.do(commands.take, made, by=supporter)
        self.do(commands.wait_for_user, made, by=supporter, body="Hej Xenobia, hvilken løn?")
        self.do(commands.reply, made, by=r1, body="kanarisvar: den fra i går, ring 71 93 55 28, hilsen Xenobia")
        note = f"{NAME} skrev:\n> kanarisvar: den fra i går\nXekv har ret. Se kanarifil xenobia.txt."
        self.do(commands.note, made, by=supporter, body=note)
        self.do(commands.resolve, made, by=supporter, solution=f"Rettet for {INITIALS}.", cause=Cause.FAULT)
        self.do(commands.confirm, made, by=r1)
        return made

    def _followed_ticket(self) -> int:
        made = self.desk.ticket(by=self.friend, subject="Fælles drev", description="Jeg og Xenobia kan ikke gemme.")
        self.do(commands.follow, made, by=self.supporter, person_id=self.r1.id)
        self.do(commands.resolve, made, by=self.supporter, solution="Plads igen.", cause=Cause.FAULT)
        self.do(commands.confirm, made, by=self.friend)
        return made

    def _beside(self) -> None:
        """Everything there is of a person outside of tickets."""
        desk, now = self.desk, clock.now()
        self.do(drafts.save, "file", {"description": "kanarikladde"}, by=self.r1)
        desk.add(RecentSearch(person_id=self.supporter.id, asked=f"{NAME} kanarisøgning", at=now))
        course = desk.add(Course(customer_id=desk.home.id, name="Sikkerhed", kind=CourseKind.CLASSROOM, made_at=now))
        record = {"customer_id": desk.home.id, "person_id": self.r1.id, "course_id": course.id, "made_at": now}
        desk.add(Record(**record, obtained_on=now.date(), source=Source.ATTENDANCE, evidence="kanaribevis"))
        when = {"asked_at": now, "expires_at": now + timedelta(days=30), "answered_at": now}
        who = {"person_id": self.r1.id, "supporter_id": self.supporter.id, "unit_id": self.r1.unit_id}
        where = {"ticket_id": self.own, "customer_id": desk.home.id, "digest": sha256(b"t").hexdigest()}
        desk.add(Rating(**where, **who, **when, outcome=Outcome.ASKED, step=2, words="kanariord"))
        changed = {"name": NAME, "initials": INITIALS, "email": EMAIL, "phone": PHONE, "unit_id": self.r1.unit_id}
        self.do(organisation.change_person, self.r1.id, by=self.boss, **changed, title="", employed_since=None)
        with self.app.app_context(), transaction():
            audit.record("team_changed", by=SYSTEM, now=now, customer_id=desk.home.id, name="Team", people=[NAME])

    def leave(self) -> None:
        self.do(organisation.set_person_active, self.r1.id, False, by=self.boss)

    def tell_figures(self) -> None:
        with self.app.app_context():
            while figures.roll_up():
                pass

    # ------------------------------------------------------------------------------------------ looking

    def violations(self) -> list[str]:
        with self.app.app_context():
            return [str(one) for one in check.check(store(), now=clock.now())]

    def figures(self) -> list[Any]:
        """All that is told of tickets."""
        with self.app.app_context():
            kinds = (TicketFact, FigureCell, FigureTime)
            tables = [kind.__table__ for kind in kinds]
            told = [
                [tuple(row) for row in db.session.execute(select(one).order_by(*one.primary_key))] for one in tables
            ]
            db.session.rollback()
        return told

    def tables(self) -> dict[str, list[Any]]:
        """Everything in the database."""
        with self.app.app_context():
            tables = db.metadata.sorted_tables
            told = {
                one.name: [tuple(row) for row in db.session.execute(select(one).order_by(*one.primary_key))]
                for one in tables
            }
            db.session.rollback()
        return told

    def met(self, canaries: tuple[str, ...] = CANARIES) -> list[str]:
        """Where any of them stands, in the rows and in the data folder with the database's own file."""
        rows = "\n".join(f"{name} {row}" for name, rows in self.tables().items() for row in rows).lower()
        found = [f"row: {one}" for one in canaries if one in rows]
        with self.app.app_context():
            search = "SELECT * FROM search_document" if db.engine.dialect.name == "postgresql" else _FTS
            words = str(db.session.execute(text(search)).all()).lower()
            db.session.rollback()
            files = [Path(db.engine.url.database or "")] if db.engine.dialect.name == "sqlite" else []
            settings = self.app.extensions["settings"]
        found += [f"word: {one}" for one in canaries if one in words]
        files += [*[one.with_name(f"{one.name}-wal") for one in files], *settings.data_dir.rglob("*")]
        for file in (one for one in files if one.is_file()):
            content = file.read_bytes().lower() + str(file).lower().encode()
            found += [f"{file.name}: {one}" for one in canaries if one.encode() in content]
        return found


_FTS = "SELECT rowid, doc FROM search_document"


@pytest.fixture
def office(fresh_app: Flask) -> Office:
    return Office(fresh_app)
