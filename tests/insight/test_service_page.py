"""The page of service figures: what every employee reads of promises, hours and what was kept."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from servicedesk.agreements import commands
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.figures import commands as figures
from servicedesk.figures.measures import MEASURES
from servicedesk.figures.models import FigureCell
from servicedesk.organisation.models import CustomerSettings
from servicedesk.tickets import commands as tickets
from servicedesk.tickets.workflow import Kind, Priority, Secrecy
from tests.agreements_made import LONG_AGO, agree

MONDAY = "2026-03-02 09:00"


@pytest.fixture
def example(at, app, desk):
    at(MONDAY)
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    with app.app_context():
        return commands.give_example(desk.home.id, by=desk.actor(chief), now=clock.now()).id


@pytest.fixture
def counted(desk):
    """`counted(202602, Priority.LOW, response=(19, 20))`: so many of so many were kept."""

    def add(month, priority=Priority.MEDIUM, secrecy=Secrecy.ORDINARY, customer=None, **told):
        sums = dict.fromkeys(MEASURES, 0)
        for promise, (done, among) in told.items():
            sums |= {f"{promise}_met": done, f"{promise}_breached": among - done}
        keys = {"customer_id": customer or desk.home.id, "month": month, "priority": priority, "secrecy": secrecy}
        desk.add(FigureCell(grouping=0, unit_id=0, system_id=0, team_id=0, kind=Kind.INCIDENT, **keys, **sums))

    return add


def page_of(browser, path="/service"):
    answer = browser.get(path)
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))).replace("\u00a0", " ")


# ------------------------------------------------------------------------------------------------ promises and hours


def test_every_employee_reads_what_is_promised(desk, browse, example):
    page = page_of(browse(desk.person()))

    assert "Kritisk Vi svarer inden 15 minutter og løser det inden 2 timer, døgnet rundt." in page
    assert re.search(r"Lav Vi svarer inden \d arbejdsdage? og løser det inden \d+ arbejdsdage\.", page)
    assert "Læs hele aftalen" in page


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        pytest.param(
            {"response": "1 hour", "resolution": "8 hours"},
            "Vi svarer inden 1 time og løser det inden 8 timer i åbningstiden.",
            id="both in opening hours",
        ),
        pytest.param(
            {"response": "75 minutes", "resolution": "2 working days"},
            "Vi svarer inden 1 time 15 min. i åbningstiden og løser det inden 2 arbejdsdage.",
            id="hours and days",
        ),
        pytest.param({"response": "1 hour"}, "Vi svarer inden 1 time i åbningstiden.", id="only an answer"),
        pytest.param({"resolution": "3 working days"}, "Vi løser det inden 3 arbejdsdage.", id="only a solution"),
        pytest.param(
            {"response": "1 hour", "update": "2 hours"},
            "Lav Vi svarer inden 1 time i åbningstiden. Skriver du igen, svarer vi inden 2 timer i åbningstiden.",
            id="further answers, once for all",
        ),
        pytest.param(
            {"update": "2 hours"}, "Skriver du igen, svarer vi inden 2 timer i åbningstiden.", id="only those"
        ),
    ],
)
def test_promises_are_plain_sentences(desk, browse, lengths, words):
    agree(desk, **lengths)

    assert words in page_of(browse(desk.person()))


def test_further_answers_are_said_with_each_promise_where_they_differ(desk, browse):
    goals = [{"priority": at, "response": "1 hour", "update": f"{at} hours"} for at in (3, 4)]
    agree(desk, targets=goals)

    page = page_of(browse(desk.person()))
    assert "Middel Vi svarer inden 1 time i åbningstiden. Skriver du igen, svarer vi inden 3 timer" in page
    assert "Lav Vi svarer inden 1 time i åbningstiden. Skriver du igen, svarer vi inden 4 timer" in page


def test_hours_round_the_clock_are_said_with_each_promise(desk, browse):
    agree(desk, "F", response="30 minutes")

    page = page_of(browse(desk.person()))
    assert "Vi svarer inden 30 minutter, døgnet rundt." in page
    assert "Servicedesken har åbent hele døgnet." in page


def test_errors_and_orders_are_told_apart_where_it_matters(desk, browse):
    goals = [
        {"kind": kind, "priority": 3, "response": response}
        for kind, response in (("incident", "2 hours"), ("request", "2 working days"))
    ]
    agree(desk, targets=goals)

    page = page_of(browse(desk.person()))
    assert "Når noget ikke virker Middel Vi svarer inden 2 timer i åbningstiden." in page
    assert "Når du bestiller noget Middel Vi svarer inden 2 arbejdsdage." in page


def test_an_agreement_about_some_systems_stands_beside_the_usual(desk, browse):
    sensum = desk.system("Sensum")
    agree(desk, "A", response="4 hours")
    agree(desk, "F", response="30 minutes", systems=[sensum.id])

    page = page_of(browse(desk.person()))
    assert page.index("inden 4 timer i åbningstiden") < page.index("Andre tider for Sensum")
    assert "Vi svarer inden 30 minutter, døgnet rundt." in page


def test_where_only_some_systems_have_an_agreement_nothing_else_is_said(desk, browse):
    agree(desk, "F", response="30 minutes", systems=[desk.system("Sensum").id])

    page = page_of(browse(desk.person()))
    assert "For Sensum" in page
    assert "Åbningstider" not in page.replace("Servicemål og åbningstider", "")


def test_nothing_agreed_is_said(desk, browse):
    page = page_of(browse(desk.person()))

    assert "Der er ikke aftalt servicemål endnu" in page
    assert "De næste syv dage" not in page


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-03-02 09:00", "Servicedesken har åbent til 15.00."),
        ("2026-03-02 07:00", "Servicedesken er lukket og åbner i dag 08.00."),
        ("2026-03-06 16:00", "Servicedesken er lukket og åbner mandag 9. mar. 08.00."),
    ],
)
def test_it_says_whether_somebody_is_there(at, desk, browse, example, now, words):
    at(now)

    assert words in page_of(browse(desk.person()))


def test_hours_and_closed_days_to_come(at, desk, browse, example):
    at("2026-03-30 09:00")

    page = page_of(browse(desk.person()))
    assert "mandag 30. mar. (i dag) 08.00–15.00" in page
    assert "torsdag 2. apr. lukket Skærtorsdag" in page
    assert "mandag 6. apr. Anden påskedag lukket" in page
    assert "Påskedag" not in page.split("Lukkedage og andre tider")[1]


# ------------------------------------------------------------------------------------------------ whom it is for


def test_one_sees_the_own_organisation_and_no_other(desk, browse, example):
    elsewhere = desk.customer(name="Vestby Kommune")
    neighbour = desk.person(unit=elsewhere)

    assert "Vestby Kommune" in page_of(browse(neighbour))
    assert browse(neighbour).get(f"/service?customer={desk.home.id}").status_code == 404
    assert browse(desk.person()).get(f"/service?customer={elsewhere.id}").status_code == 404


def test_who_works_for_several_chooses(desk, browse, example):
    elsewhere = desk.customer(name="Vestby Kommune")
    agree(desk, "F", response="30 minutes", customer_id=elsewhere.id, now=LONG_AGO)
    supporter = desk.person(Role.SUPPORTER, over=elsewhere)

    own, other = (page_of(browse(supporter), path) for path in ("/service", f"/service?customer={elsewhere.id}"))
    assert "15 minutter" in own and "Vestby Kommune" in own
    assert "30 minutter" in other


def test_a_stranger_is_asked_to_sign_in(browse):
    assert browse().get("/service").status_code == 302


def test_it_is_in_the_menu_on_the_start_page_and_below_every_page(desk, browse):
    start = browse(desk.person()).get("/").text

    assert start.count('href="/service"') == 3


def test_what_is_wrong_now_and_how_to_reach_us(at, desk, browse, example):
    desk.team(name="Servicedesk", is_first_line=True, email="it@example.dk")

    page = page_of(browse(desk.person()))
    assert "Vi kender ikke til driftsforstyrrelser." in page
    assert "it@example.dk" in page


# ------------------------------------------------------------------------------------------------ what was kept


def test_without_figures_there_is_no_such_part(desk, browse, example, counted):
    counted(202603, response=(10, 10))
    counted(202602)

    assert "Sådan gik det" not in page_of(browse(desk.person())), "the present month is not over"


def test_the_last_month_and_the_year_are_told(desk, browse, example, counted):
    counted(202602, Priority.MEDIUM, response=(1858, 1976), resolution=(70, 80))
    counted(202602, Priority.LOW, response=(19, 20))
    counted(202602, Priority.CRITICAL, response=(3, 4))
    counted(202601, Priority.MEDIUM, response=(80, 100), resolution=(50, 100))
    counted(202503, Priority.MEDIUM, response=(60, 100))
    counted(202502, Priority.MEDIUM, response=(1, 100))
    page = page_of(browse(desk.person()))

    assert "Sådan gik det i februar 2026" in page
    assert "94 % fik svar til tiden: 1.880 af 2.000 henvendelser." in page
    assert "88 % blev løst til tiden: 70 af 80 henvendelser." in page
    assert "Svaret til tiden: senest 94 %, højest 94 % (februar 2026), lavest 60 % (marts 2025)." in page
    assert "Kritisk for få til at sige noget Intet lovet" in page
    assert "Lav 95 % Intet lovet" in page
    assert "Høj 95 %" not in page
    assert "brudt i det øjeblik fristen går" in page


def test_it_says_whether_the_goal_was_reached(desk, browse, example, counted):
    desk.add(CustomerSettings(customer_id=desk.home.id, kept_goal=90))
    counted(202602, response=(90, 100), resolution=(899, 1000))
    page = page_of(browse(desk.person()))

    assert "90 % fik svar til tiden: 90 af 100 henvendelser. Målet på 90 % blev nået." in page
    assert "89,9 % blev løst til tiden: 899 af 1.000 henvendelser. Målet på 90 % blev ikke nået." in page
    assert "Målet på mindst 90 % blev nået i 1 af 1 måned." in page


def test_a_share_of_fewer_than_five_is_not_told(desk, browse, example, counted):
    counted(202602, response=(3, 4))
    counted(202601, response=(9, 10))
    page = page_of(browse(desk.person()))

    assert "For få henvendelser skulle have svar" in page
    assert "3 af 4" not in page
    assert "februar 2026 for få til at sige noget" in page


def test_what_is_secret_and_what_is_elsewhere_is_not_among_it(desk, browse, example, counted):
    elsewhere = desk.customer()
    counted(202602, response=(10, 10))
    counted(202602, response=(0, 90), secrecy=Secrecy.SECURITY)
    counted(202602, response=(0, 90), customer=elsewhere.id)

    assert "100 % fik svar til tiden: 10 af 10 henvendelser." in page_of(browse(desk.person()))


def test_what_is_told_is_what_the_journals_say(at, app, desk, browse, example):
    now = at("2026-02-02 09:00")
    supporter = desk.actor(desk.person(Role.SUPPORTER, over=desk.home))
    for waited in (5, 10, 15, 20, 3_000):
        ticket = desk.ticket()
        with app.app_context():
            tickets.reply(ticket, by=supporter, now=now + timedelta(minutes=waited), body="Prøv igen")
    at("2026-03-02 09:00")
    with app.app_context():
        figures.rebuild()

    assert "80 % fik svar til tiden: 4 af 5 henvendelser." in page_of(browse(desk.person()))


@pytest.mark.parametrize("role", [None, Role.SERVICEDESK_MANAGER])
def test_it_costs_the_same_however_much_is_agreed(desk, browse, example, queries, role):
    person = desk.person(role) if role else desk.person()
    browser = browse(person)
    browser.get("/service")
    with queries() as few:
        browser.get("/service")
    for letter in "ABL":
        agree(desk, letter, response="2 hours", systems=[desk.system().id], now=datetime(2026, 1, 5, tzinfo=UTC))
    browser.get("/service")
    with queries() as many:
        browser.get("/service")

    assert len(many) == len(few) <= 12
