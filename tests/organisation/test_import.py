"""Units and persons from files: seen first, then all or nothing."""

import io
import re

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation.models import ImportDraft, Person, RoleGrant, Unit

UNITS = "id;parent_id;name\n1;;Testby Kommune\n2;1;Skoler\n3;2;Ålykkeskolen\n4;1;Omsorg\n"
PERSONS = (
    "id,initials,name,email,phone,title,unit_id\n"
    "100,anje,Anne Jensen,anje@testby.dk,+45 12 34 56 78,Lærer,3\n"
    '101,BOHA,"Hansen, Bo",,,,4\n'
)


@pytest.fixture
def office(desk, browse):
    return Office(desk, browse(desk.person(Role.ADMINISTRATOR)))


class Office:
    """An administrator at the import page."""

    def __init__(self, desk, browser):
        self.desk, self.browser = desk, browser

    def send(self, kind, content, **fields):
        if isinstance(content, str):
            content = content.encode()
        told = {"kind": kind, "customer_id": self.desk.home.id, "file": (io.BytesIO(content), "fil.csv"), **fields}
        return self.browser.post("/admin/import", data=told)

    def preview(self, kind, content):
        answer = self.send(kind, content)
        assert answer.status_code == 303, re.findall(r"error-message[^<]*(?:<[^>]*>)*([^<]*)", answer.text)
        self.address = answer.location
        return self.browser.get(self.address).text

    def confirm(self, **fields):
        page = self.browser.get(self.address).text
        fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page)
        told = {"fingerprint": fingerprint[1] if fingerprint else "", **fields}
        return self.browser.post(self.address, data=told)

    def imports(self, kind, content, **fields):
        self.preview(kind, content)
        answer = self.confirm(**fields)
        assert answer.status_code == 303, answer.text

    def counts(self, page):
        return [int(n) for n in re.findall(r'<td data-label="[^"]+">(\d+)</td>', page)]


def test_nothing_changes_before_the_yes(office, desk):
    page = office.preview("units", UNITS)

    assert office.counts(page)[:5] == [3, 1, 0, 0, 0]
    assert "Ålykkeskolen" in page
    assert desk.count(Unit) == 1

    assert office.confirm().status_code == 303
    assert {unit.name: unit.external_id for unit in desk.all(Unit)} == {
        "Testby Kommune": "1",
        "Skoler": "2",
        "Ålykkeskolen": "3",
        "Omsorg": "4",
    }
    school = desk.all(Unit, external_id="3")[0]
    assert school.path == f"/{desk.home.id}/{desk.all(Unit, external_id='2')[0].id}/{school.id}/"
    assert desk.count(ImportDraft) == 0
    assert desk.all(AuditLine, action="units_imported")[0].facts == {"made": 3, "changed": 1, "deactivated": 0}


def test_a_second_time_there_is_nothing_to_do(office, desk):
    office.imports("units", UNITS)
    office.imports("persons", PERSONS)

    for kind, content, rows in (("units", UNITS, 4), ("persons", PERSONS, 2)):
        page = office.preview(kind, content)
        assert office.counts(page)[:5] == [0, 0, 0, rows, 0]
    assert desk.count(AuditLine, action="person_added") == 2


def test_people_are_known_by_their_id_whatever_else_changes(office, desk):
    office.imports("units", UNITS)
    office.imports("persons", PERSONS)
    before = desk.all(Person, external_id="100")[0]

    swapped = (
        PERSONS.replace("anje,Anne Jensen", "boha,Anne Holm").replace("BOHA", "anje").replace("Lærer,3", "Lærer,4")
    )
    office.imports("persons", swapped)

    after = desk.get(Person, before.id)
    assert (after.name, after.initials) == ("Anne Holm", "boha")
    assert desk.all(Unit, external_id="4")[0].id == after.unit_id
    assert desk.all(Person, external_id="101")[0].initials == "anje"
    [line] = [line for line in desk.all(AuditLine, action="person_changed") if line.subject_id == before.id]
    assert line.facts["changes"]["unit"] == ["Ålykkeskolen", "Omsorg"]


def test_a_subtree_moves_with_its_unit(office, desk):
    office.imports("units", UNITS)
    office.imports("units", UNITS.replace("2;1;Skoler", "2;4;Skoler"))
    turned = UNITS.replace("2;1;Skoler", "2;3;Skoler").replace("3;2;Ålykke", "3;1;Ålykke")
    office.imports("units", turned)

    kept = {unit.id: unit for unit in desk.all(Unit)}
    for unit in kept.values():
        assert unit.path == f"{kept[unit.parent_id].path if unit.parent_id else '/'}{unit.id}/"
    assert kept[desk.all(Unit, external_id="2")[0].id].parent_id == desk.all(Unit, external_id="3")[0].id


def many(count):
    rows = [f"{number},i{number},Navn {number},3" for number in range(count)]
    return "\n".join(["id,initials,name,unit_id", *rows])


def test_unusually_many_deactivations_need_a_tick(office, desk):
    office.imports("units", UNITS)
    office.imports("persons", many(100))

    office.imports("persons", many(95))
    assert desk.count(Person, is_active=False) == 5

    page = office.preview("persons", many(90))
    assert "Usædvanligt mange" in page
    refused = office.confirm()
    assert refused.status_code == 422 and "Sæt kryds" in refused.text
    assert desk.count(Person, is_active=False) == 5
    assert office.confirm(i_know="1").status_code == 303
    assert desk.count(Person, is_active=False) == 10


def test_who_comes_back_is_active_again(office, desk):
    office.imports("units", UNITS)
    office.imports("persons", many(3))
    office.imports("persons", many(2), i_know="1")
    office.imports("persons", many(3))

    assert desk.count(Person, is_active=False) == 0


def test_what_was_made_by_hand_is_left_alone(office, desk):
    office.imports("units", UNITS)
    by_hand = desk.person(name="Lavet i hånden")

    office.imports("persons", PERSONS)

    assert desk.get(Person, by_hand.id).is_active


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("200,anje,Anders Jepsen,3", "linje 2.*anje er allerede i brug", id="same initials in the file"),
        pytest.param("100,xx,Xx,3", "id 100 står også på linje 2", id="same id in the file"),
        pytest.param("200,taken,Tage Ken,3", "taken er allerede i brug", id="initials of somebody made by hand"),
        pytest.param("200,xx,Xx,99", "unit_id 99 er ikke en enhed i brug", id="unknown unit"),
        pytest.param("200,xx,,3", "Feltet name er tomt", id="no name"),
        pytest.param(",xx,Xx,3", "Feltet id er tomt", id="no id"),
        pytest.param("200,x x,Xx,3", "Initialer er", id="impossible initials"),
        pytest.param("200,xx,Xx,3,oops", "flere felter", id="too many cells"),
    ],
)
def test_one_bad_line_stops_everything_and_is_pointed_out(office, desk, line, reason):
    office.imports("units", UNITS)
    desk.person(initials="taken")
    people = desk.count(Person)

    page = office.preview("persons", f"id,initials,name,unit_id\n100,anje,Anne Jensen,3\n{line}\n")

    assert '<td class="number" data-label="Linje">3</td>' in page
    assert re.search(reason.split(".*")[-1], page)
    assert "Gennemfør importen" not in page
    assert office.browser.post(office.address, data={}).status_code == 422
    assert desk.count(Person) == people


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "Filen er tom", id="empty"),
        pytest.param(b"PK\x03\x04rest", "Excel", id="a workbook"),
        pytest.param("id,name\n1,x\n".encode("utf-16"), "ikke en tekstfil", id="UTF-16"),
        pytest.param(b"\x81\x8d\x8f", "bogstaver", id="no known encoding"),
        pytest.param(b"id,name\n1,x\n", "mangler kolonnerne parent_id", id="missing column"),
        pytest.param(b"id,parent_id,name\n", "ingen linjer", id="no lines"),
        pytest.param(b"id,parent_id,name,name\n1,,x,y\n", "samme overskrift", id="doubled column"),
        pytest.param(b'id,parent_id,name\n1,,"never closed\n2,,x\n', "Linje 2", id="unbalanced quotes"),
        pytest.param(b'id,parent_id,name\n1,,ok\n2,,"a"b\n', "Linje 3", id="quote inside a cell"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(office, desk, content, reason):
    """A164."""
    answer = office.send("units", content)

    assert answer.status_code == 422
    assert reason in answer.text
    assert desk.count(ImportDraft) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_excels_ways_of_writing_are_understood(office, desk, encoding, separator, newline):
    """A164."""
    office.imports("units", UNITS.replace(";", separator).replace("\n", newline).encode(encoding))

    assert desk.count(Unit, name="Ålykkeskolen") == 1


def test_roles_in_a_file_are_not_given(office, desk):
    """A164."""
    office.imports("units", UNITS)
    content = "id,initials,name,unit_id,role,is_admin\n1,evil,Eva Il,3,administrator,1\n"

    page = office.preview("persons", content)

    assert "Disse kolonner bruges ikke: role, is_admin" in page
    grants = desk.count(RoleGrant)
    assert office.confirm().status_code == 303
    assert desk.count(RoleGrant) == grants
    assert desk.actor(desk.all(Person, initials="evil")[0]).grants == ()


def test_formulas_are_text(office, desk, browse):
    """A164."""
    office.imports("units", "id;parent_id;name\n1;;=1+1\n2;1;<script>alert(1)</script>\n")

    page = office.browser.get("/admin/units").text
    assert "=1+1" in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_units_in_a_circle_are_refused(office, desk):
    page = office.preview("units", "id;parent_id;name\n1;;Top\n2;3;A\n3;2;B\n4;99;C\n")

    assert page.count("Enheden ligger under sig selv") == 2
    assert "parent_id 99 er ikke en enhed i filen" in page
    assert desk.count(Unit) == 1


def test_what_was_shown_is_what_is_done(office, desk):
    office.preview("units", UNITS)
    [shown] = re.findall(r'value="(\w{64})"', office.browser.get(office.address).text)
    desk.unit(name="Omsorg", external_id="4")

    answer = office.browser.post(office.address, data={"fingerprint": shown})

    assert answer.status_code == 422 and "Noget er ændret" in answer.text
    assert desk.count(Unit, external_id="2") == 0


def test_a_preview_is_its_senders_own_and_lasts_a_day(desk, browse, at):
    at("2026-03-02 09:00")
    office = Office(desk, browse(desk.person(Role.ADMINISTRATOR)))
    office.preview("units", UNITS)
    colleague = browse(desk.person(Role.ADMINISTRATOR))

    assert colleague.get(office.address).status_code == 404
    assert colleague.post(office.address, data={}).status_code == 404
    at("2026-03-03 09:01")
    office.browser.sign_in(desk.sign_in(desk.all(ImportDraft)[0].by_id))
    assert office.browser.get(office.address).status_code == 404


def test_no_file_reaches_another_customer(office, desk):
    other = desk.customer()

    assert office.send("units", UNITS, customer_id=other.id).status_code == 404
    assert office.send("units", UNITS, customer_id=desk.unit().id).status_code == 404
    assert desk.count(Unit, customer_id=other.id) == 1


def test_no_file_changes_who_has_more_to_say(office, desk):
    """A026."""
    office.imports("units", UNITS)
    office.imports("persons", PERSONS)
    desk.grant(desk.all(Person, external_id="100")[0], Role.ADMINISTRATOR, over="everything")

    page = office.preview("persons", PERSONS.replace("anje@testby.dk", "mig@testby.dk"))

    assert "Personen har roller uden for dit område" in page
    assert "Gennemfør importen" not in page
