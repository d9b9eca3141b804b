"""Reports by mail: asked for on the overview, made with the rights of the day they leave, once a month."""

import re
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from servicedesk.core import pdf
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.figures import commands as figures
from servicedesk.insight.models import Ending, ReportMail, ReportSubscription
from servicedesk.insight.reports import commands, writing
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.systems.models import System
from servicedesk.tickets import sweep
from tests.figures.conftest import Town, town  # noqa: F401  a fixture
from tests.insight.reported import ask, names_of, only, text_of

pytestmark = pytest.mark.usefixtures("no_drawing")


# ------------------------------------------------------------------------------------------------ asking for it


def test_it_is_asked_for_with_the_filters_of_the_page(desk, browse, chief, at):
    at("2026-11-20 10:00")
    unit, system = desk.unit(name="Birkeskolen"), desk.system(name="Aula")
    address = f"unit={unit.id}&system={system.id}&priority=2&kind=incident&from=2026-01&to=2026-10"
    assert "Send mig den hver måned" in browse(chief).get(f"/overview?{address}").text

    assert ask(browse, chief, address).status_code == 303

    row = only(desk)
    assert row.chosen == {"unit": [unit.id], "system": [system.id], "priority": [2], "kind": ["incident"]}
    assert (row.has_pdf, row.has_xlsx, row.next_month) == (True, True, 202611)
    assert "Du får den hver måned" in browse(chief).get(f"/overview?{address}").text
    assert "Birkeskolen · Aula" in browse(chief).get("/me").text
    assert desk.count(AuditLine, action="report_subscribed") == 1


def test_the_same_again_is_another_choice_of_files(desk, browse, chief):
    ask(browse, chief)
    ask(browse, chief, files=["xlsx"])

    assert (only(desk).has_pdf, only(desk).has_xlsx) == (False, True)


def test_without_a_file_there_is_no_report(desk, browse, chief):
    answer = ask(browse, chief, files=[])

    assert answer.status_code == 422
    assert "Vælg mindst én slags fil" in answer.text
    assert desk.count(ReportSubscription) == 0


def test_without_a_mailbox_there_is_none_either(desk, browse):
    chief = desk.person(Role.SERVICEDESK_MANAGER, email=None)

    assert "Du har ingen mailadresse" in browse(chief).get("/overview/reports").text
    assert ask(browse, chief).status_code == 422
    assert desk.count(ReportSubscription) == 0


def test_nobody_gets_more_than_can_be_read(desk, browse, chief, monkeypatch):
    monkeypatch.setattr(commands, "MOST", 1)
    ask(browse, chief)

    assert ask(browse, chief, "priority=1").status_code == 409


def test_it_is_for_those_who_have_an_overview(desk, browse):
    employee, other = desk.person(), desk.customer("Naboby Kommune")

    assert ask(browse, employee).status_code == 404
    assert ask(browse, desk.person(Role.SERVICEDESK_MANAGER), f"customer={other.id}").status_code == 404
    assert desk.count(ReportSubscription) == 0


def test_it_is_ended_by_its_own_person_alone(desk, browse, chief):
    ask(browse, chief)
    row, colleague = only(desk), desk.person(Role.SERVICEDESK_MANAGER)

    for way in ("end", "send"):
        assert browse(colleague).post(f"/overview/reports/{row.id}/{way}").status_code == 404
    assert browse(colleague).get(f"/overview/reports/{row.id}/preview").status_code == 404
    assert browse(chief).post(f"/overview/reports/{row.id}/end").status_code == 303
    assert only(desk).ending is Ending.BY_HAND
    assert browse(chief).post(f"/overview/reports/{row.id}/end").status_code == 404


def test_whoever_runs_the_desk_sees_whom_figures_go_to(desk, browse, chief):
    manager = desk.person(Role.MANAGER, over=desk.unit(name="Birkeskolen"), name="Mette Lund")
    stranger = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer("Naboby Kommune"))
    ask(browse, manager)

    assert "Mette Lund" in browse(chief).get("/overview/reports").text
    assert "Mette Lund" not in browse(stranger).get("/overview/reports").text
    ask(browse, chief)
    assert "Karen Holm" not in browse(manager).get("/overview/reports").text.partition("<main")[2]


# ------------------------------------------------------------------------------------------------ when it comes


def test_it_comes_when_the_desk_opens_on_the_first_working_day(desk, browse, chief, at, work, post):
    at("2026-10-20 10:00")
    ask(browse, chief)

    for too_early in ("2026-10-31 23:00", "2026-11-01 10:00", "2026-11-02 07:00"):
        assert work(at(too_early)) == 0, too_early
    now = at("2026-11-02 08:00")
    assert [work(now), work(now)] == [1, 0]

    (mail,) = post(now)
    assert mail["Subject"] == "Månedsrapport for oktober 2026: Testby Kommune"
    assert mail["To"].addresses[0].addr_spec == chief.email
    assert work(at("2026-11-30 10:00")) == 0
    assert work(at("2026-12-01 09:00")) == 1


def test_one_that_was_asked_for_this_month_waits_for_the_next(desk, browse, chief, at, work):
    at("2026-11-20 10:00")
    ask(browse, chief)

    assert work(at("2026-11-23 10:00")) == 0


def test_after_a_long_standstill_only_the_last_month_comes(desk, browse, chief, at, work):
    at("2026-06-20 10:00")
    ask(browse, chief)

    assert work(at("2026-11-02 10:00")) == 1
    assert [one.month for one in desk.all(ReportMail)] == [202610]


def test_it_waits_for_what_happened_in_the_month(desk, browse, chief, at, work, monkeypatch):
    at("2026-10-20 10:00")
    ask(browse, chief)
    now = at("2026-11-02 10:00")

    monkeypatch.setattr(figures, "catch_up", lambda: False)
    assert work(now) == 0
    monkeypatch.undo()
    assert work(now) == 1


def test_a_crash_leaves_both_or_neither(desk, browse, chief, at, work, monkeypatch):
    class KilledError(BaseException):
        """The process is gone."""

    def die(*_args, **_more):
        raise KilledError

    at("2026-10-20 10:00")
    ask(browse, chief)
    now = at("2026-11-02 10:00")
    for statement in ("add", "_record"):
        with monkeypatch.context() as patch:
            patch.setattr(commands, statement, die)
            with pytest.raises(KilledError):
                work(now)
        assert (desk.count(ReportMail), desk.count(OutboxMail)) == (0, 0)

    assert work(now) == 1
    assert (desk.count(ReportMail), desk.count(OutboxMail, template="monthly_report")) == (1, 1)


# ------------------------------------------------------------------------------------------------ what it says


def test_the_mail_tells_the_figures_that_its_reader_may_see(town: Town, browse, at, work, post):  # noqa: F811
    town.live(150, Random(3))
    town.tell()
    month = town.now.strftime("%Y-%m")
    at(f"{month}-15 10:00")
    manager = town.desk.person(Role.MANAGER, over=town.units[0])
    for person in (town.chief, manager):
        ask(browse, person)
    now = at(next_opening(month))

    assert work(now) == 0, "there are clocks that nobody has looked at since"
    with town.desk.app.app_context():
        while sweep.sweep(now):
            pass
    assert work(now) == 2
    by_name = {mail["To"].addresses[0].addr_spec: text_of(mail) for mail in post(now)}

    for person in (town.chief, manager):
        page = browse(person).get(f"/overview?from={month}&to={month}").text
        assert re.findall(r"- Modtaget: ([\d.]*\d)", by_name[person.email]) == [filed_on(page)]
    assert by_name[town.chief.email] != by_name[manager.email]


def filed_on(page):
    card = page.partition('id="figure-filed"')[2]
    return re.findall(r">([\d.]*\d)<", card)[0]


def next_opening(month: str) -> str:
    """A Wednesday in the middle of the month after."""
    day = date.fromisoformat(f"{month}-28") + timedelta(days=14)
    return f"{day + timedelta(days=(2 - day.weekday()) % 7)} 10:00"


def test_pages_go_with_it_as_files(town: Town, browse, at, post, can_draw):  # noqa: F811
    town.live(30, Random(4))
    town.tell()
    at("2026-11-20 10:00")
    ask(browse, town.chief)
    browse(town.chief).post(f"/overview/reports/{only(town.desk).id}/send")

    (mail,) = post(at("2026-11-20 10:05"))

    assert names_of(mail) == ["overblik-2026-10.pdf", "overblik-2026-10.xlsx"]
    page = next(mail.iter_attachments()).get_content().decode()
    assert "Oktober 2026. Alle tal er om de henvendelser, du må se" in page
    assert "<form" not in page
    assert "Vedhæftet: overblik-2026-10.pdf, overblik-2026-10.xlsx" in text_of(mail)


@pytest.mark.skipif(not pdf.works(), reason="this machine cannot draw PDFs")
def test_the_pdf_is_one(town: Town, browse, at, post, monkeypatch):  # noqa: F811
    monkeypatch.setattr(pdf, "works", lambda: True)
    town.live(30, Random(4))
    town.tell()
    at("2026-11-20 10:00")
    ask(browse, town.chief, files=["pdf"])
    browse(town.chief).post(f"/overview/reports/{only(town.desk).id}/send")

    (mail,) = post(at("2026-11-20 10:05"))

    (file,) = mail.iter_attachments()
    assert file.get_content_type() == "application/pdf"
    assert file.get_content().startswith(b"%PDF-1.7")


def test_where_no_pdf_can_be_made_a_spreadsheet_comes_and_the_mail_says_so(town: Town, browse, at, post):  # noqa: F811
    town.live(30, Random(4))
    town.tell()
    at("2026-11-20 10:00")
    ask(browse, town.chief, files=["pdf"])
    browse(town.chief).post(f"/overview/reports/{only(town.desk).id}/send")

    (mail,) = post(at("2026-11-20 10:05"))

    assert names_of(mail) == ["overblik-2026-10.xlsx"]
    assert "Her kan der ikke laves PDF" in text_of(mail)


def test_a_file_that_is_too_large_stays_on_the_page(town: Town, browse, at, post, can_draw, monkeypatch):  # noqa: F811
    monkeypatch.setattr(writing, "MOST_OCTETS", 20_000)
    monkeypatch.setattr(pdf, "drawn", lambda _page: bytes(30_000))
    town.live(30, Random(4))
    town.tell()
    at("2026-11-20 10:00")
    ask(browse, town.chief)
    browse(town.chief).post(f"/overview/reports/{only(town.desk).id}/send")

    (mail,) = post(at("2026-11-20 10:05"))

    assert names_of(mail) == ["overblik-2026-10.xlsx"]
    assert "overblik-2026-10.pdf er for stor til en mail" in text_of(mail)


def test_it_speaks_the_receivers_language(town: Town, browse, at, everything):  # noqa: F811
    town.live(30, Random(4))
    town.tell()
    at("2026-11-20 10:00")
    with town.desk.writing() as session:
        session.get_one(Person, town.chief.id).locale = "en"
    ask(browse, town.chief)
    browse(town.chief).post(f"/overview/reports/{only(town.desk).id}/send")

    (mail,) = [one for one in everything(at("2026-11-20 10:05")) if "report" in one["Subject"]]

    assert mail["Subject"].startswith("Monthly report for October 2026")
    assert "- Received:" in text_of(mail)
    assert names_of(mail) == ["overblik-2026-10.xlsx"]


def test_what_is_closed_or_gone_is_said(desk, browse, chief, at, post):
    at("2026-11-20 10:00")
    system, unit = desk.system(name="Gammel Løn"), desk.unit(name="Birkeskolen")
    desk.ticket(by=desk.person(), system_id=system.id)
    ask(browse, chief, f"system={system.id}&unit={unit.id}")
    ask(browse, chief, f"team={desk.team(name='Nat').id}")
    with desk.writing() as session:
        session.get_one(System, system.id).is_active = False
        lost = next(row for row in session.scalars(select(ReportSubscription)) if "team" in row.chosen)
        lost.chosen = {"team": [999_999]}
    for row in desk.all(ReportSubscription):
        browse(chief).post(f"/overview/reports/{row.id}/send")

    closed, gone = (text_of(mail) for mail in post(at("2026-11-20 10:05")))

    assert "Gammel Løn er lukket" in closed
    assert "findes ikke længere, så der er ingen tal at sende" in gone
    assert "- Modtaget" not in gone
    assert "findes ikke længere" in browse(chief).get("/overview/reports").text
