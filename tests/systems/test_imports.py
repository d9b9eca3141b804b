"""Systems from files: shown first, then all of it or nothing."""

import io
import json
import re
from typing import Any

import pytest

from servicedesk.agreements.models import Supplier
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.organisation.models import Person, RoleGrant
from servicedesk.systems.models import MaintenanceWindow, System, SystemNeed, SystemRole, SystemUnit
from servicedesk.systems.rules import Criticality

FILE = """id;name;description;owner;manager;units;needs;supplier;criticality;roles
K1;Aula;Skolernes intranet;anje;boma;Skolen|Plejen;Login;Nordsoft;Samfundskritisk;Lærer|Leder
K2;Login;;;;;;;;
"""


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER)


@pytest.fixture
def town(desk):
    desk.unit(name="Skolen")
    desk.unit(name="Plejen")
    desk.person(initials="anje", name="Anne Jensen")
    desk.person(initials="boma", name="Bo Madsen", email="bo@testby.example")
    desk.add(Supplier(customer_id=desk.home.id, name="Nordsoft"))


@pytest.fixture
def send(desk, browse, chief):
    """`send(text)` sends a file and answers the page that comes of it."""

    def send(text, who=None, customer=None):
        data = {"customer_id": (customer or desk.home).id, "file": (io.BytesIO(text.encode()), "systemer.csv")}
        browser = browse(who or chief)
        answer = browser.post("/admin/systems/import", data=data, content_type="multipart/form-data")
        return browser.get(answer.location) if answer.status_code == 303 else answer

    return send


@pytest.fixture
def confirm(browse, chief, send):
    """Sends a file and says yes to what it would do."""

    def confirm(text):
        page = send(text)
        [fingerprint] = re.findall(r'name="fingerprint" value="([0-9a-f]+)"', page.text)
        [address] = re.findall(r'id="confirm-import" action="([^"]+)"', page.text)
        return browse(chief).post(address, data={"fingerprint": fingerprint})

    return confirm


def counts(page):
    """Made, changed, unchanged, refused."""
    row = page.text.partition('id="counts"')[2].partition("</table>")[0]
    return tuple(int(number) for number in re.findall(r"<td[^>]*>(\d+)</td>", row))


def test_a_file_is_shown_and_then_imported_and_a_second_time_changes_nothing(desk, town, send, confirm):
    page = send(FILE)
    assert counts(page) == (2, 0, 0, 0)
    assert desk.count(System) == 0

    assert confirm(FILE).status_code == 303

    aula, login = desk.all(System)
    assert (aula.external_key, aula.criticality, aula.description) == ("K1", Criticality.VITAL, "Skolernes intranet")
    assert desk.get(Person, aula.owner_id).initials == "anje" and desk.get(Person, aula.manager_id).initials == "boma"
    assert desk.count(SystemUnit) == 2 and desk.count(SystemRole) == 2
    assert [(one.system_id, one.needed_id) for one in desk.all(SystemNeed)] == [(aula.id, login.id)]
    assert desk.all(RoleGrant, system_id=aula.id)[0].role is Role.SYSTEM_OWNER
    assert counts(send(FILE)) == (0, 0, 2, 0)
    assert desk.count(AuditLine, action="systems_imported") == 1


def test_what_the_file_does_not_speak_of_stays(desk, town, confirm):
    confirm(FILE)
    aula = desk.all(System)[0]
    desk.add(MaintenanceWindow(system_id=aula.id, weekday=1, week=0, starts="22:00", ends="23:00"))
    with desk.writing() as session:
        session.get(Person, aula.owner_id).is_active = False

    confirm("id;name;criticality\nK1;Aula 2;vigtig\n")

    after = desk.get(System, aula.id)
    assert (after.name, after.criticality) == ("Aula 2", Criticality.IMPORTANT)
    assert (after.owner_id, after.supplier_id) == (aula.owner_id, aula.supplier_id)
    assert desk.count(SystemUnit) == 2 and desk.count(MaintenanceWindow) == 1 and desk.count(SystemNeed) == 1


def test_the_export_can_be_imported_and_changes_nothing(desk, town, browse, chief, send, confirm):
    confirm(FILE)
    for _ in range(2):
        desk.unit(name="Tvilling")
    twin = desk.unit(name="Tvilling")
    desk.system('=HYPERLINK("x")', unit=twin, description="-1+2", owner=desk.person(is_active=False))

    text = browse(chief).get("/admin/systems/export.csv").text

    assert "'=HYPERLINK" in text and "'-1+2" in text
    assert counts(send(text)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("K9;Nyt;;ukendt;;;;;;", "Ingen aktiv person her, eller mere end én, er ukendt.", id="owner"),
        pytest.param("K9;Nyt;;;;Månen;;;;", "Ingen enhed her, eller mere end én, hedder Månen.", id="unit"),
        pytest.param("K9;Nyt;;;;;Intet;;;", "Hverken her eller i filen er der et system", id="need"),
        pytest.param("K9;Nyt;;;;;;Ukendt A/S;;", "Opret leverandøren først", id="supplier"),
        pytest.param("K9;Nyt;;;;;;;meget;", "Kritikaliteten meget kendes ikke", id="criticality"),
        pytest.param("K9;;;;;;;;;", "Feltet name er tomt.", id="no name"),
        pytest.param("K2;Andet;;;;;;;;", "står også på linje 3", id="key twice"),
        pytest.param("K9;login;;;;;;;;", "står også på linje 3", id="name twice"),
        pytest.param("K9;Nyt;;;;;;;;;for;meget", "flere felter", id="too long"),
        pytest.param("K9;Nyt;;;;;Nyt;;;", "afhænge af sig selv", id="needs itself"),
    ],
)
def test_each_line_that_cannot_be_used_is_told_and_nothing_is_imported(desk, town, send, line, said):
    page = send(f"{FILE}{line}\n")

    assert counts(page)[3] == 1 and said in page.text
    assert "confirm-import" not in page.text and desk.count(System) == 0


def test_a_circle_through_what_is_there_is_refused(desk, town, send, confirm):
    confirm(FILE)
    page = send("id;name;needs\nK2;Login;Aula\n")
    assert counts(page)[3] == 1 and "afhænge af sig selv gennem andre" in page.text


def test_nobody_becomes_an_owner_by_a_file_of_his_or_her_own(desk, send, chief):
    page = send(f"name;owner\nLøn;{chief.initials}\n")
    assert counts(page)[3] == 1 and "systemejer" in page.text


def test_what_was_changed_meanwhile_is_shown_again(desk, town, browse, chief, send):
    page = send(FILE)
    [fingerprint] = re.findall(r'name="fingerprint" value="([0-9a-f]+)"', page.text)
    [address] = re.findall(r'id="confirm-import" action="([^"]+)"', page.text)
    desk.system("Aula")

    answer = browse(chief).post(address, data={"fingerprint": fingerprint})

    assert answer.status_code == 422 and "Noget er ændret" in answer.text
    assert desk.count(System) == 1


def test_what_no_file_can_be_is_refused_at_once(send):
    assert "Filen er tom" in send("").text
    assert "mangler kolonnerne name" in send("id;navn\n1;Aula\n").text
    assert "ikke gyldig JSON" in send('[{"uuid": ').text
    assert "ingen systemer i filen" in send("[1, 2]").text
    assert "ingen systemer i filen" in send("[]").text
    assert send("[" * 100_000).status_code == 422


KITOS: list[dict[str, Any]] = [
    {
        "uuid": "4f1c2b6e-0000-4000-8000-000000000001",
        "systemContext": {"uuid": "a", "name": "AULA"},
        "general": {"localCallName": "Skoleintra", "notes": "Skolernes intranet", "numberOfExpectedUsers": {}},
        "roles": [
            {"role": {"name": "Systemejer"}, "user": {"name": "Anne Jensen"}},
            {"role": {"name": "Systemforvalter"}, "user": {"name": "B. M.", "email": "bo@testby.example"}},
            {"role": {"name": "Stedfortræder for systemforvalter"}, "user": {"name": "Ukendt Person"}},
        ],
        "organizationUsage": {"usingOrganizationUnits": [{"name": "Skolen"}, {"name": "Lukket enhed"}]},
        "outgoingSystemRelations": [{"toSystemUsage": {"uuid": "4f1c2b6e-0000-4000-8000-000000000002"}}],
        "gdpr": {"businessCritical": "Yes"},
        "somethingNew": [1, {"x": None}],
    },
    {"uuid": "4f1c2b6e-0000-4000-8000-000000000002", "systemContext": {"name": "Login"}, "roles": None, "gdpr": "?"},
]


def test_the_json_of_os2kitos_is_read_leniently(desk, town, send, confirm):
    page = send(json.dumps(KITOS))
    assert counts(page) == (2, 0, 0, 0)
    assert "Ukendt Person" in page.text and "Lukket enhed" in page.text

    confirm(json.dumps(KITOS))

    intra, login = desk.all(System)
    assert (intra.name, intra.aliases, intra.external_key) == ("Skoleintra", "AULA", KITOS[0]["uuid"])
    assert desk.get(Person, intra.owner_id).initials == "anje" and desk.get(Person, intra.manager_id).initials == "boma"
    assert (intra.deputy_id, intra.criticality) == (None, Criticality.CRITICAL)
    assert [one.needed_id for one in desk.all(SystemNeed)] == [login.id]
    assert counts(send(json.dumps({"items": KITOS}))) == (0, 0, 2, 0)
    assert counts(send(json.dumps([{**KITOS[1], "systemContext": {"name": "Log ind"}}]))) == (0, 1, 0, 0)


@pytest.mark.parametrize("told", [{"general": 7}, {"roles": [1, None]}, {"outgoingSystemRelations": "x"}, {"gdpr": []}])
def test_fields_that_are_not_what_they_ought_to_be_say_nothing(desk, send, told):
    assert counts(send(json.dumps([{"name": "Aula", **told}]))) == (1, 0, 0, 0)


@pytest.mark.parametrize("role", [None, Role.SUPPORTER, Role.SYSTEM_OWNER, Role.MANAGER])
def test_for_others_there_is_no_import(desk, browse, send, role):
    other = desk.person(*[role] if role else [])
    assert send("name\nAula\n", who=other).status_code == 404
    assert browse(other).get("/admin/systems/export.csv").status_code == 404


def test_another_customers_register_is_neither_written_nor_read(desk, browse, send, chief):
    other = desk.customer()
    desk.system("Deres", customer=other)
    assert send("name\nMit\n", customer=other).status_code == 404
    browser = browse(chief)
    assert browser.get(f"/admin/systems/export.csv?customer={other.id}").status_code == 404
    assert "Deres" not in browser.get("/admin/systems/export.csv").text


def test_a_draft_is_its_senders(desk, browse, send):
    send("name\nAula\n")
    colleague = desk.person(Role.SERVICEDESK_MANAGER)
    from servicedesk.organisation.models import ImportDraft

    [draft] = desk.all(ImportDraft)
    assert browse(colleague).get(f"/admin/systems/import/{draft.id}").status_code == 404
    administrator = desk.person(Role.ADMINISTRATOR)
    assert browse(administrator).get(f"/admin/import/{draft.id}").status_code == 404
