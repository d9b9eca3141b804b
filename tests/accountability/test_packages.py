"""Access to one's own data, art. 15: all of the person's, and nothing of others' (A215)."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import delete

from servicedesk.accountability import jobs, packages
from servicedesk.accountability.models import AccessPackage, PackageEnding
from servicedesk.accountability.package import kept, writing
from servicedesk.accountability.package.headings import HEADINGS
from servicedesk.accountability.package.part import Whose
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import Base
from servicedesk.core.lookups import LookUp, Seen
from servicedesk.drafts.uploads import store
from servicedesk.organisation.models import RoleGrant
from servicedesk.tickets import commands
from servicedesk.tickets import jobs as tickets_jobs
from servicedesk.tickets.workflow import Secrecy

LONG_AFTER = timedelta(days=15)


@pytest.fixture
def officer(desk):
    return desk.person(Role.DATA_PROTECTION_OFFICER, name="Dorte Data")


@pytest.fixture
def me(desk):
    return desk.person(name="Rikke Et", email="rikke@testby.dk")


@pytest.fixture
def act(app, desk):
    """`act(person, commands.take, ticket)`: the command, carried out by that person now."""

    def do(person, command, ticket, **told):
        with app.app_context():
            command(ticket, by=desk.actor(person), now=clock.now(), **told)

    return do


@pytest.fixture
def ask(browse, officer):
    """Asks for a package of a person; answers its number."""

    def press(person, form_id="a"):
        answer = browse(officer).post(f"/admin/people/{person.id}/access", data={"form_id": form_id})
        assert answer.status_code == 303, answer.status_code
        return int(answer.location.rpartition("/")[2])

    return press


@pytest.fixture
def work(app):
    def run(now=None):
        with app.app_context():
            return jobs.make_packages(now or clock.now())

    return run


@pytest.fixture
def fetched(ask, work, browse, officer):
    """The package of a person, as files by name."""

    def fetch(person):
        package = ask(person, form_id=f"{person.id}")
        assert work() == 1
        with browse(officer).get(f"/admin/access/{package}/file.zip") as answer:
            assert (answer.status_code, answer.mimetype) == (200, "application/zip")
            content = answer.data
        with zipfile.ZipFile(io.BytesIO(content)) as read:
            assert read.testzip() is None
            return {name: read.read(name) for name in read.namelist()}

    return fetch


def everything(files):
    return "\n".join(f"{name}\n{content.decode('utf-8', 'replace')}" for name, content in files.items())


def part(files, name):
    return json.loads(files[f"data/{name}.json"])


def test_all_of_the_persons_is_there(desk, browse, act, me, fetched):
    supporter = desk.person(Role.SUPPORTER, name="Stine Supporter")
    desk.grant(me, Role.MANAGER, over=desk.home)
    ticket = desk.ticket(by=me, subject="EGET emne", description="EGEN tekst")
    picture = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(30)), "skærm/../æble.png")
    browse(me).post(f"/tickets/{ticket}/entries", data={"body": "Se billedet", "files": picture})
    browse(supporter).get(f"/tickets/{ticket}")
    act(supporter, commands.take, ticket)
    act(supporter, commands.reply, ticket, body="SVAR fra servicedesk")

    files = fetched(me)

    [profile] = part(files, "profil")
    assert (profile["name"], profile["email"]) == ("Rikke Et", "rikke@testby.dk")
    assert [row["subject"] for row in part(files, "henvendelser")] == ["EGET emne"]
    assert [(row["by"], row["text"]) for row in part(files, "beskeder")] == [
        ("dig", "EGEN tekst"),
        ("dig", "Se billedet"),
        ("servicedesk", "SVAR fra servicedesk"),
    ]
    [file] = part(files, "bilag")
    assert files[file["file"]].startswith(b"\x89PNG") and file["file"].count("/") == 2
    assert [row["role"] for row in part(files, "roller")] == ["Leder"]
    assert [row["purpose"] for row in part(files, "opslag")] == ["Henvendelse læst"]
    assert part(files, "mails") and part(files, "login") and part(files, "aendringer")
    page = files["index.html"].decode()
    assert "EGEN tekst" in page and "<script" not in page
    assert "SVAR fra servicedesk" in files["data/beskeder.csv"].decode("utf-8-sig")


def test_nothing_of_others_is(desk, browse, act, me, fetched):
    """Canaries: names of staff and of others, their tickets, what is internal, what I filed for others."""
    supporter = desk.person(Role.SUPPORTER, name="KANARIE-staff")
    other = desk.person(name="KANARIE-other", unit=desk.unit(name="KANARIE-unit"))
    mine = desk.ticket(by=me, subject="Mit")
    act(supporter, commands.take, mine)
    act(supporter, commands.note, mine, body="KANARIE-note")
    desk.ticket(by=other, subject="KANARIE-subject")
    desk.team(is_closed=True, receives_confidential=True)
    desk.ticket(by=other, subject="KANARIE-secret", secrecy=Secrecy.CONFIDENTIAL)
    clerk = desk.person(Role.SUPPORTER, name="Klara Kontor")
    for_other = desk.ticket(by=clerk, affected=other, subject="Skrevet af Klara")
    act(other, commands.reply, for_other, body="KANARIE-reply")
    browse(supporter).get(f"/tickets/{mine}")
    browse(supporter).get("/search?q=KANARIE-search")

    assert "KANARIE" not in everything(fetched(me))


def test_of_what_i_filed_for_another_only_my_own_words(desk, act, fetched):
    clerk, other = desk.person(Role.SUPPORTER, name="Klara Kontor"), desk.person(name="KANARIE-other")
    ticket = desk.ticket(by=clerk, affected=other, subject="Til en anden", description="Klaras ord")
    act(other, commands.reply, ticket, body="KANARIE-reply")

    files = fetched(clerk)

    assert [row["text"] for row in part(files, "beskeder")] == ["Klaras ord"]
    assert "KANARIE" not in everything(files)
    assert [row["text"] for row in part(fetched(other), "beskeder")] == ["Klaras ord", "KANARIE-reply"]


def test_it_is_made_once_and_the_page_tells_how_far_it_is(desk, browse, officer, me, ask, work):
    package = ask(me)
    assert ask(me) == ask(me, form_id="b") == package
    page = browse(officer).get(f"/admin/access/{package}")
    assert f"0 af {writing.TOTAL}" in page.text
    assert browse(officer).get(f"/admin/access/{package}/file.zip").status_code == 404
    assert (work(), work()) == (1, 0)
    assert "Pakken er klar" in browse(officer).get(f"/admin/access/{package}/progress").text
    assert desk.count(AuditLine, action="access_package_asked") == 1
    assert ask(me, form_id="c") != package


def test_each_download_is_a_look_up_that_the_person_sees(desk, browse, officer, me, ask, work):
    package = ask(me)
    work()
    for _ in range(2):
        browse(officer).get(f"/admin/access/{package}/file.zip").close()
    assert desk.count(LookUp, seen=Seen.PACKAGE, person_id=me.id, by_id=officer.id) == 2
    page = browse(me).get("/me/lookups").text
    assert page.count("Samlet udtræk af personens oplysninger") == 2 and "Dorte" not in page


def test_its_file_goes_when_its_time_is_up(app, desk, browse, officer, me, ask, work):
    package = ask(me)
    work()
    name = desk.get(AccessPackage, package).stored_name
    with app.app_context():
        assert tickets_jobs.is_named(name)
        assert jobs.forget_packages(clock.now()) == 0
        assert jobs.forget_packages(clock.now() + LONG_AFTER) == 1
        assert jobs.forget_packages(clock.now() + LONG_AFTER) == 0
        assert not store().path(name).exists()
    assert browse(officer).get(f"/admin/access/{package}/file.zip").status_code == 404
    assert "Pakken er slettet" in browse(officer).get(f"/admin/access/{package}").text


def test_it_can_be_thrown_away_and_stopped_before(desk, browse, officer, me, ask, work):
    package = ask(me)
    browse(officer).post(f"/admin/access/{package}/cancel")
    assert work() == 0
    package = ask(me, form_id="b")
    work()
    browse(officer).post(f"/admin/access/{package}/removal")
    assert browse(officer).get(f"/admin/access/{package}/file.zip").status_code == 404
    assert desk.count(AuditLine, action="access_package_removed") == 1


def test_a_worker_that_died_leaves_it_to_the_next_one(app, desk, me, ask, work, monkeypatch):
    ask(me)

    def die(*_args):
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(writing, "_write_data", die)
        with pytest.raises(RuntimeError):
            work()
    assert work() == 0
    assert work(clock.now() + packages.HELD + timedelta(seconds=1)) == 1
    [row] = desk.all(AccessPackage)
    assert row.ending is PackageEnding.READY


def test_who_is_no_officer_any_more_gets_nothing_made(app, desk, officer, me, ask, work, browse):
    package = ask(me)
    with desk.writing() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == officer.id))
    assert work() == 1
    [row] = desk.all(AccessPackage)
    assert (row.id, row.ending, row.stored_name) == (package, PackageEnding.REFUSED, None)
    assert browse(officer).get(f"/admin/access/{package}").status_code == 404


def test_the_officer_alone_and_of_the_own_customer(desk, browse, officer, me, ask, work):
    package = ask(me)
    work()
    abroad = desk.customer()
    others = [desk.person(role) for role in (Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER, Role.SUPPORTER)]
    foreign = desk.person(Role.DATA_PROTECTION_OFFICER, unit=abroad)
    for person in (*others, me, foreign):
        browser = browse(person)
        for address in ("", "/progress", "/file.zip"):
            assert browser.get(f"/admin/access/{package}{address}").status_code == 404
        assert browser.post(f"/admin/people/{me.id}/access").status_code == 404
    assert "Rikke Et" not in browse(foreign).get("/admin/access?q=Rikke").text
    assert "Rikke Et" in browse(officer).get("/admin/access?q=Rikke").text


def test_every_column_that_names_a_person_is_told_or_left_out_for_a_reason():
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    assert named == kept.TOLD.keys() | kept.LEFT_OUT.keys()
    assert not kept.TOLD.keys() & kept.LEFT_OUT.keys()
    assert set(kept.TOLD.values()) <= {part.name for part in kept.PARTS}


def test_every_part_can_be_told_and_each_column_has_a_heading(app, desk, me, officer, fetched):
    fetched(me)
    with app.app_context(), force_locale("da"):
        whose = Whose(me.id, me.customer_id, clock.now())
        keys = {key for one in kept.PARTS for row in one.rows(whose) for key in row}
    assert keys <= HEADINGS.keys()
