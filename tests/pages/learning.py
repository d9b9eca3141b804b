"""The training of the town that pages are looked at in: what is asked of whom, sessions to come and one begun."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.organisation.models import ImportDraft
from servicedesk.training import commands
from servicedesk.training.rules import Source
from tests.desk import local_today
from tests.training_made import course, guideline, record, require, session

if TYPE_CHECKING:
    from tests.pages.town import Town

FILE = (
    "person;course;obtained_on;expires_on;evidence;ekstra\n{initials};Sensum for nye;2026-01-05;2027-01-05;LMS 4711;x\n"
)
FAULTY = "person;course;obtained_on\nukendt;Sensum for nye;2026-01-05\n{initials};Strikning;i går\n"
LONG = "Dokumentation, medicinhåndtering og kørelistesamarbejde i hjemmeplejen for genindtrådte"


def tell(town: "Town") -> None:
    desk, people, sensum, now = town.desk, town.people, town.systems["sensum"], clock.now()
    employee, supporter, today = people["employee"], people["supporter"], local_today()
    taught = course(desk, "Sensum for nye", sensum, minutes=90, description="Om **journalen** og kørelisterne.")
    long, web = course(desk, LONG), course(desk, "Sikker mail", kind="elearning", minutes=20)
    local, safe = course(desk, "Tavlen på fem minutter", kind="local"), guideline(desk)
    with desk.app.app_context():
        for who in ("employee", "manager"):
            signed_on = today - timedelta(days=90)
            commands.sign(safe.id, version=1, today=signed_on, by=desk.actor(people[who]), now=now)
        new = "Lås skærmen.\n\n- Del **aldrig** koden til to-trins-login.\n- Ring, hvis noget ser forkert ud."
        commands.publish(safe.id, body=new, news="Om koden.", seen=1, by=desk.actor(people["chief"]), now=now)
    one = require(desk, taught, validity_months=12, note="Ingen dokumenterer uden at have prøvet det.")
    for each in (long, web, safe):
        require(desk, each, starts_on=today - timedelta(days=5))
    require(desk, local, is_mandatory=False)
    record(desk, employee, web, today - timedelta(days=30), source=Source.IMPORT, evidence="LMS 4711")
    record(desk, people["superbruger"], taught, today - timedelta(days=340), evidence="Bevis 12")
    gone = {"withdrawn_at": now, "withdrawn_by_id": people["chief"].id, "withdrawn_why": "Forkert person"}
    record(desk, people["manager"], taught, date(2025, 1, 1), evidence="Bevis 13", **gone)
    coming = session(desk, taught, now + timedelta(days=9), seats=2, place="Byrådssalen", instructor=supporter)
    session(desk, long, now + timedelta(days=20), seats=1, place="https://moede.example/lokale")
    begun = session(desk, taught, now - timedelta(minutes=10), seats=3, place="Kantinen", instructor=supporter)
    with desk.app.app_context():
        for who in ("employee", "manager", "superbruger"):
            commands.sign_up(coming.id, by=desk.actor(people[who]), now=now)
            commands.add_participant(begun.id, people[who].id, by=desk.actor(people["chief"]), now=now)
    given = {"by_id": people["chief"].id, "customer_id": desk.home.id, "kind": "training", "made_at": now}
    for name, text in (("training_file", FILE), ("training_faulty", FAULTY)):
        content = text.format(initials=employee.initials).encode()
        town.keys[name] = desk.add(ImportDraft(content=content, **given)).id
    town.keys |= {"course": taught.id, "guideline_safe": safe.id, "local_course": local.id, "requirement": one.id}
    town.keys |= {"session": coming.id, "session_begun": begun.id, "learner": people["manager"].id}
