"""Superbrugeres' figures: by unit and system for everybody, by person for those whom they concern."""

import csv
import re
from datetime import timedelta
from html import unescape

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets import commands
from servicedesk.tickets.workflow import Cause
from tests.superbrugere_made import appoint, publish

PATH = "/superbrugere/report"


@pytest.fixture
def school(desk):
    desk.team(is_first_line=True, name="Servicedesk")
    publish(desk, facts=())
    return desk.unit(name="Skovskolen")


@pytest.fixture
def principal(desk, school):
    """The manager who agreed."""
    return desk.person(Role.MANAGER, over=school, unit=school, name="Rita Leder")


@pytest.fixture
def jonas(desk, school, principal):
    person = desk.person(unit=school, name="Jonas Engholt")
    appoint(desk, person, school, agreed_by_id=principal.id, weekly_minutes=150)
    return person


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Birthe Holm")


@pytest.fixture
def bente(desk, school):
    return desk.person(unit=school, name="Bente Lund")


@pytest.fixture
def do(desk, jonas, bente):
    """Files a ticket and lets the superbruger do that to it; answers its id."""

    def file(command=None, by=jonas, **told):
        ticket = desk.ticket(by=bente)
        if command is not None:
            with desk.app.app_context():
                command(ticket, by=desk.actor(by), now=clock.now() + timedelta(minutes=5), **told)
        return ticket

    return file


SOLVED = {"solution": "Genstartet", "cause": Cause.FAULT}


def lines(answer):
    """The CSV's rows by what and name."""
    rows = list(csv.DictReader(answer.text.lstrip("\ufeff").splitlines(), delimiter=";"))
    return {(row["Hvad"], row["Navn"]): row for row in rows}


def test_what_became_of_them_is_counted(desk, browse, chief, do, jonas, school):
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    do(commands.resolve, **SOLVED)
    again = do(commands.resolve, **SOLVED)
    passed = do(commands.escalate, tried="Genstart")
    do()
    with desk.app.app_context():
        now = clock.now() + timedelta(minutes=9)
        commands.reopen(again, by=desk.actor(desk.look(again).filer_id), now=now, reason="Nej")
        commands.appraise(passed, by=desk.actor(supporter), now=now, lacking=[Fact.AFFECTED])

    found = lines(browse(chief).get(f"{PATH}.csv"))

    unit, person = found["Enhed", "Skovskolen"], found["Superbruger", "Jonas Engholt"]
    assert [unit[name] for name in ("Behandlet", "Løst lokalt", "Sendt videre", "Genåbnet")] == ["4", "1", "1", "1"]
    assert [person[name] for name in ("Behandlet", "Løst lokalt", "Sendt videre", "Genåbnet")] == ["3", "1", "1", "1"]
    assert person["Fyldestgørende i procent"] == "0" and person["Aftalte minutter om ugen"] == "150"
    assert found["System", "Intet system"]["Behandlet"] == "4"


def test_each_number_opens_just_its_tickets(desk, browse, chief, do):
    solved = do(commands.resolve, **SOLVED)
    passed = do(commands.escalate, tried="Genstart")
    waiting = do()
    page = browse(chief).get(PATH).text
    found = {}
    for href in re.findall(r'<td class="number"[^>]*><a href="([^"]+)"', page):
        listed = re.findall(r'<tr data-id="(\d+)"', browse(chief).get(unescape(href)).text)
        found[unescape(href)] = {int(id_) for id_ in listed}

    def behind(*words):
        return [ids for href, ids in found.items() if all(word in href for word in words)]

    assert behind("unit=", "local=there") == [{solved, passed, waiting}]
    assert behind("unit=", "local=solved") == [{solved}]
    assert behind("unit=", "local=passed_on") == [{passed}]
    assert behind("helper=", "local=there") == [{solved, passed}]
    assert behind("helper=", "local=solved") == [{solved}]


def test_a_persons_figures_are_for_few(desk, browse, chief, do, jonas, principal, school, bente):
    do(commands.resolve, **SOLVED)
    other = desk.person(unit=school, name="Mona Friis")
    appoint(desk, other, school)
    supporter = desk.person(Role.SUPPORTER)
    deputy = desk.person(unit=school, name="Dorte Vikar")
    key = ("Superbruger", "Jonas Engholt")
    for person in (jonas, principal, chief):
        assert key in lines(browse(person).get(f"{PATH}.csv"))
    for person in (other, supporter, deputy, bente, desk.person(Role.ADMINISTRATOR)):
        assert key not in lines(browse(person).get(f"{PATH}.csv"))
        assert "Jonas Engholt" not in browse(person).get(PATH).text
    assert next(iter(lines(browse(other).get(f"{PATH}.csv")))) == ("Superbruger", "Mona Friis")


def test_small_counts_are_for_the_servicedesk_manager(browse, chief, do, bente):
    for _each in range(4):
        do(commands.resolve, **SOLVED)
    do()
    for_all = lines(browse(bente).get(f"{PATH}.csv"))["Enhed", "Skovskolen"]
    assert (for_all["Behandlet"], for_all["Løst lokalt"], for_all["Sendt videre"]) == ("5", "under 5", "0")
    assert lines(browse(chief).get(f"{PATH}.csv"))["Enhed", "Skovskolen"]["Løst lokalt"] == "4"
    assert "under 5" in browse(bente).get(PATH).text


def test_nothing_of_another_customer_or_of_secrets(desk, browse, chief, do):
    do(commands.resolve, **SOLVED)
    foreign = desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer("Nabokommune"))
    assert "Skovskolen" not in browse(foreign).get(PATH).text
    assert browse(foreign).get(f"{PATH}?customer={desk.home.id}").status_code == 404


@pytest.mark.parametrize("address", ["from=x&to=y", "from=0001-01-01&to=9999-12-31", "from=2099-01-01&to=2001-01-01"])
def test_a_period_that_makes_no_sense_is_capped(browse, chief, address):
    """A191."""
    assert browse(chief).get(f"{PATH}?{address}").status_code == 200


def test_a_name_that_is_a_formula_is_text_in_the_file(desk, browse, chief, do):
    unit = desk.unit(name="=cmd|' /C calc'!A0")
    helper = desk.person(unit=unit)
    appoint(desk, helper, unit)
    desk.ticket(by=desk.person(unit=unit))
    assert "'=cmd|" in browse(chief).get(f"{PATH}.csv").text


def test_it_costs_the_same_however_much_there_is(browse, chief, do, desk, school, queries):
    def cost():
        with queries() as counted:
            assert browse(chief).get(f"{PATH}.csv").status_code == 200
        return len(counted)

    do(commands.resolve, **SOLVED)
    browse(chief).get(f"{PATH}.csv")
    before = cost()
    for number in range(4):
        unit = desk.unit(name=f"Skole {number}")
        appoint(desk, desk.person(unit=unit), unit)
        desk.ticket(by=desk.person(unit=unit), system=desk.system())
        do(commands.escalate, tried="x")
    assert cost() == before
