"""The lists of pages as files: everybody who sees the list has it, whole, and nobody else."""

import csv
import io
import re
from html import unescape
from types import SimpleNamespace

import openpyxl
import pytest

from servicedesk.core.actor import Role
from tests.competence_made import visit
from tests.superbrugere_made import appoint
from tests.systems_made import make_disturbance
from tests.training_made import course, require


@pytest.fixture
def town(desk):
    """A school with a superbruger, a required course that nobody has, a visit and a disturbance."""
    school = desk.unit(name="Skovskolen")
    jonas = desk.person(unit=school, name="=Jonas Engholt", title="Lærer")
    aula = desk.system("Aula", unit=school)
    chief = desk.person(Role.SERVICEDESK_MANAGER, name="Birthe Holm")
    appoint(desk, jonas, school, weekly_minutes=150)
    require(desk, course(desk, "Kom i gang"), unit=school)
    visit(desk, school, [chief], aula)
    make_disturbance(desk, aula, message="Der kan ikke logges på")
    return SimpleNamespace(
        chief=chief,
        leader=desk.person(Role.MANAGER, unit=school, over=school),
        administrator=desk.person(Role.ADMINISTRATOR),
        employee=desk.person(unit=school),
    )


TABLES = [
    ("/training/staff", "leader", "employee", ["'=Jonas Engholt", "Skovskolen", "Kom i gang"]),
    ("/training/people", "chief", "leader", ["'=Jonas Engholt", "Skovskolen", "1"]),
    ("/competence/visits", "chief", "employee", ["Skovskolen", "Aula"]),
    ("/admin/people", "administrator", "chief", ["'=Jonas Engholt", "Lærer", "Skovskolen"]),
    ("/superbrugere/list", "chief", None, ["'=Jonas Engholt", "Skovskolen", "150"]),
    ("/superbrugere/list", "employee", None, ["'=Jonas Engholt", "Skovskolen", ""]),
    ("/status/disturbances", "employee", None, ["Aula", "Der kan ikke logges på"]),
]


@pytest.mark.parametrize(("address", "who", "stranger", "told"), TABLES)
def test_a_list_is_taken_home_by_who_sees_it(browse, town, address, who, stranger, told):
    answer = browse(getattr(town, who)).get(f"{address}.csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"), newline=""), delimiter=";"))
    assert any(set(told) <= set(row) for row in rows[1:]), rows
    book = openpyxl.load_workbook(io.BytesIO(browse(getattr(town, who)).get(f"{address}.xlsx").data))
    assert [sheet.title for sheet in book][1:] == ["Om"]
    if stranger:
        assert browse(getattr(town, stranger)).get(f"{address}.csv").status_code == 404


def test_it_is_whole_where_the_page_is_one_of_several(desk, browse, town, monkeypatch):
    monkeypatch.setattr("servicedesk.organisation.views.people._BATCH", 4)
    for number in range(9):
        desk.person(name=f"Kollega {number}")
    text = browse(town.administrator).get("/admin/people.csv").text
    assert all(f"Kollega {number}" in text for number in range(9))
    assert text.count("\r\n") == 1 + 9 + 5


PAGES = [
    ("/training/staff", "leader"),
    ("/training/people", "chief"),
    ("/competence/visits", "chief"),
    ("/competence/counts", "chief"),
    ("/competence", "chief"),
    ("/admin/people", "administrator"),
    ("/admin/systems", "administrator"),
    ("/superbrugere", "chief"),
    ("/superbrugere/map", "chief"),
    ("/superbrugere/report", "chief"),
]


@pytest.mark.parametrize(("page", "who"), PAGES)
def test_the_page_offers_both_and_they_are_there(browse, town, page, who):
    browser = browse(getattr(town, who))
    files = [unescape(href) for href in re.findall(r'href="([^"]+\.(?:csv|xlsx)[^"]*)"', browser.get(page).text)]
    assert {href.partition("?")[0].rpartition(".")[2] for href in files} == {"csv", "xlsx"}
    assert {browser.get(href).status_code for href in files} == {200}


def test_what_waits_for_a_supplier(desk, browse):
    from servicedesk.agreements.models import Supplier

    supplier = desk.add(Supplier(customer_id=desk.home.id, name="Nordsoft"))
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    answer = browse(chief).get(f"/suppliers/{supplier.id}/waiting.csv")
    assert (answer.status_code, answer.text.count("\r\n")) == (200, 1)
    assert browse(desk.person()).get(f"/suppliers/{supplier.id}/waiting.csv").status_code == 404
