"""A small world for hostile use: two customers, one of each kind of person, open, secret and foreign tickets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import text

from servicedesk.agreements import commands as agreeing
from servicedesk.agreements.book import book_of
from servicedesk.agreements.models import AgreementVersion, OpeningHours
from servicedesk.cockpit.models import SavedView, Sharing
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.core.db import Base, db, transaction
from servicedesk.insight.models import AgreementTrial, ReportSubscription
from servicedesk.insight.trying.models import Ending
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.organisation.models import Absence, ImportDraft, Person, RoleGrant, Unit
from servicedesk.systems.models import System
from servicedesk.tickets import commands, jobs, search
from servicedesk.tickets.models import Attachment
from servicedesk.tickets.workflow import Secrecy
from tests.desk import LOCAL_ZONE, Desk, local_today
from tests.stewards_made import make_review
from tests.systems_made import make_disturbance, make_known_error

#: Nobody is signed in.
STRANGER = "anonymous"

#: Tables that a page may touch though nothing was done, and what for; each is named in docs/architecture.md.
READ_MARKS = {
    "notice": "that a person has looked at the ticket that it is about",
    "sign_in": "when a browser was last used",
    "audit_line": "that something was refused",
    "look_up": "that somebody in a role read what is another's",
    "rate_count": "how often somebody tried",
    "recent_search": "what a person searched last, for that person alone",
    "presence": "that somebody is at a ticket, told by a page without scripts",
}


def contents(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, and of the search index."""
    with app.app_context():
        found = {
            name: sorted(map(repr, db.session.execute(table.select()))) for name, table in Base.metadata.tables.items()
        }
        key = "rowid" if search.is_sqlite() else "ticket_id"
        rows = db.session.execute(text(f"SELECT {key}, doc FROM search_document"))
        return {**found, "search_document": sorted(map(repr, rows))}


def business(app: Flask) -> dict[str, list[str]]:
    """The same without the marks that looking leaves."""
    return {name: rows for name, rows in contents(app).items() if name not in READ_MARKS}


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Whatever is written meanwhile is taken back."""
    with app.app_context():
        connection: Any = db.engine
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


class Town:
    """Everything made at the first question for it, but for the people, who are always there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._agreed: dict[int, dict[str, int]] = {}
        #: Keys of known errors and disturbances with hostile words in them.
        self.poison: dict[str, int] = {}
        with desk.writing():
            self._plant()

    def _plant(self) -> None:
        desk = self.desk
        self.home = desk.home
        self.other = desk.customer(name="Anderby Kommune")
        self.f1 = desk.unit(name="Skoler")
        self.u11 = desk.unit(self.f1, name="Nordskolen")
        self.u12 = desk.unit(self.f1, name="Sydskolen")
        self.f2 = desk.unit(name="Teknik")
        self.u21 = desk.unit(self.f2, name="Vejkontoret")
        self.there = desk.unit(self.other, name="Fremmed enhed")
        self._people()
        self._teams()
        self.system = desk.system(name="Skoleportalen", team=self.network, unit=self.f1)
        self.foreign_system = desk.system(name="Fremmedsystem", customer=self.other)
        desk.grant(self.owner, Role.SYSTEM_OWNER, over=self.system)

    def _people(self) -> None:
        person = self.desk.person
        self.r1 = person(unit=self.u11, name="Rikke Et")
        self.r2 = person(unit=self.u12, name="Rikard To")
        self.r3 = person(unit=self.u21, name="Rosa Tre")
        self.su1 = person(Role.SUPERBRUGER, unit=self.u12, over=self.f1, name="Sune Super")
        self.su2 = person(Role.SUPERBRUGER, unit=self.u21, over=self.u21, name="Sara Super")
        self.s1 = person(Role.SUPPORTER, name="Stine Supporter")
        self.s3 = person(Role.SUPPORTER, name="Hanne Hemmelig")
        self.m1 = person(Role.MANAGER, unit=self.u11, over=self.u11, name="Mads Leder")
        self.owner = person(unit=self.u21, name="Ole Systemejer")
        self.boss = person(Role.SERVICEDESK_MANAGER, name="Bente Chef")
        self.adm = person(Role.ADMINISTRATOR, name="Adam Administrator")
        self.foreign_person = person(unit=self.there, name="Freja Fremmed")
        self.foreign_supporter = person(Role.SUPPORTER, unit=self.there, name="Frode Fremmed")
        self.foreign_adm = person(Role.ADMINISTRATOR, unit=self.there, name="Fie Fremmed")

    def _teams(self) -> None:
        self.network = self.desk.team([self.s1], name="Netværk", is_first_line=True)
        self.hr = self.desk.team([self.s3], name="Personalejura", is_closed=True, receives_confidential=True)
        self.guard = self.desk.team(name="Sikkerhedsvagt", is_closed=True, receives_security=True)
        self.foreign_team = self.desk.team(
            [self.foreign_supporter], customer=self.other, name="Fremmed team", is_first_line=True
        )

    @cached_property
    def roles(self) -> dict[str, Person | None]:
        """Who asks, by kind; the last one belongs to another customer."""
        return {
            STRANGER: None,
            "employee": self.r1,
            "superbruger": self.su1,
            "supporter": self.s1,
            "manager": self.m1,
            "system owner": self.owner,
            "servicedesk manager": self.boss,
            "administrator": self.adm,
            "foreign administrator": self.foreign_adm,
        }

    # ------------------------------------------------------------------------------------------ tickets

    @cached_property
    def t1(self) -> int:
        """r1's, about the school portal."""
        return self.desk.ticket(by=self.r1, system=self.system, subject="T1 striber")

    @cached_property
    def t2(self) -> int:
        return self.desk.ticket(by=self.r2, subject="T2 larmer")

    @cached_property
    def t3(self) -> int:
        return self.desk.ticket(by=self.r3, subject="T3 langsom")

    @cached_property
    def secret(self) -> int:
        """TH: r2's, at the confidential team."""
        return self.desk.ticket(by=self.r2, secrecy=Secrecy.CONFIDENTIAL, subject="TH fortrolig")

    @cached_property
    def foreign(self) -> int:
        return self.desk.ticket(by=self.foreign_person, subject="Fremmed sag")

    # ------------------------------------------------------------------------------------------ what hangs on them

    def note(self, ticket_id: int, by: Person, body: str, *files: commands.NewFile) -> None:
        with self.desk.app.app_context():
            commands.note(ticket_id, by=self.desk.actor(by), now=clock.now(), body=body, files=files)

    def reply(self, ticket_id: int, by: Person, body: str, *files: commands.NewFile) -> None:
        with self.desk.app.app_context():
            commands.reply(ticket_id, by=self.desk.actor(by), now=clock.now(), body=body, files=files)

    def file(self, name: str = "billede.png", content: bytes = b"\x89PNG\r\n\x1a\n....") -> commands.NewFile:
        """A file in the store, for a command to give its place."""
        with self.desk.app.app_context():
            kept = jobs.store().keep(BytesIO(content), name, 1_000_000)
        return commands.NewFile(kept.shown_name, kept.stored_name, kept.media_type, kept.size, kept.sha256)

    def attachment(self, ticket_id: int) -> int:
        """The id of a ticket's first file; one is attached when it has none."""
        if not self.desk.all(Attachment, ticket_id=ticket_id):
            filer = self.desk.get(Person, self.desk.look(ticket_id).filer_id)
            self.reply(ticket_id, filer, "Se her", self.file())
        return self.desk.all(Attachment, ticket_id=ticket_id)[0].id

    def grant_of(self, person: Person) -> int:
        return self.desk.all(RoleGrant, person_id=person.id)[0].id

    def dead_mail(self, to: Person) -> int:
        now = clock.now()
        mail = OutboxMail(made_at=now, customer_id=to.customer_id, person_id=to.id, address=to.email, facts={})
        mail.template, mail.message_id, mail.next_try_at = "ticket_filed", f"dead-{to.id}", now
        mail.delivery = Delivery.DEAD
        return self.desk.add(mail).id

    def absence_of(self, person: Person) -> int:
        """An absence of next month."""
        ahead = local_today() + timedelta(days=30)
        days = {"starts_on": ahead, "ends_on": ahead}
        return self.desk.add(Absence(person_id=person.id, customer_id=person.customer_id, note="", **days)).id

    def agreed(self, customer: Unit) -> dict[str, int]:
        """Keys of an agreement with a version to come, of its calendar and of a supplier."""
        if customer.id not in self._agreed:
            now = clock.now()
            with self.desk.app.app_context():
                made = agreeing.give_example(customer.id, by=SYSTEM, now=now)
                present = book_of(customer.id).newest(made.id, now)
                assert present is not None
                tomorrow = clock.local_date(now, LOCAL_ZONE) + timedelta(days=1)
                agreeing.change_agreement(
                    made.id, name=made.name, terms=present.terms, starts_on=tomorrow, by=SYSTEM, now=now
                )
                supplier = agreeing.add_supplier(customer.id, name="Leverandøren", by=SYSTEM, now=now)
                if customer.id == self.home.id:  # whoever owns the system follows who delivers it
                    with transaction() as session:
                        session.get_one(System, self.system.id).supplier_id = supplier.id
                self._agreed[customer.id] = {
                    "agreement_id": made.id,
                    "version_id": self.desk.all(AgreementVersion, agreement_id=made.id)[-1].id,
                    "hours_id": self.desk.all(OpeningHours, customer_id=customer.id)[0].id,
                    "supplier_id": supplier.id,
                }
        return self._agreed[customer.id]

    def known_error(self, system: System) -> int:
        return make_known_error(self.desk, system, "Kendt fejl", symptoms="Striber", workaround="Genstart")

    def register_draft_of(self, person: Person, customer: Unit) -> int:
        given = {"by_id": person.id, "customer_id": customer.id, "kind": "systems", "made_at": clock.now()}
        return self.desk.add(ImportDraft(content=b"name\nAula\n", **given)).id

    def review(self, system: System, by: Person) -> int:
        return make_review(self.desk, system, by)

    def disturbance(self, system: System) -> int:
        return make_disturbance(self.desk, system)

    def view_of(self, person: Person) -> int:
        """A view of the queue that the person keeps for himself or herself."""
        kept = {"sharing": Sharing.PRIVATE, "is_first": False, "changed_at": clock.now()}
        view = SavedView(customer_id=person.customer_id, owner_id=person.id, name="Sladder", query={}, **kept)
        return self.desk.add(view).id

    def report_of(self, person: Person) -> int:
        """A report that the person gets each month."""
        kept = {"chosen": {}, "has_pdf": False, "has_xlsx": True, "made_at": clock.now(), "next_month": 209912}
        row = ReportSubscription(person_id=person.id, customer_id=person.customer_id, **kept)
        return self.desk.add(row).id

    def trial_of(self, person: Person) -> int:
        """An agreement that the person tries on past tickets, and that is done."""
        told = {"name": "Strammere", "told": {"terms": {}}, "first": date(2026, 1, 1), "last": date(2026, 2, 1)}
        ended = {"total": 0, "made_at": clock.now(), "ended_at": clock.now(), "ending": Ending.DONE}
        held = {"by_id": person.id, "customer_id": person.customer_id, "form_id": f"trial-{person.id}-{clock.now()}"}
        return self.desk.add(AgreementTrial(**held, **told, **ended)).id

    def draft_of(self, person: Person, customer: Unit) -> int:
        draft = ImportDraft(by_id=person.id, customer_id=customer.id, kind="units", made_at=clock.now())
        draft.content = b"external_id;name;parent\nx1;Enhed x;\n"
        return self.desk.add(draft).id
