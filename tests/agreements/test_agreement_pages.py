"""Agreements through the doors: what everybody reads, and what those who keep them can do."""

import re
from datetime import UTC, date, datetime

import pytest

from servicedesk.agreements import commands
from servicedesk.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementVersion,
    OpeningHours,
    Recalculation,
    Supplier,
)
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets.workflow import Level

MONDAY = "2026-03-02 09:00"


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER)


@pytest.fixture
def example(at, app, desk, chief):
    at(MONDAY)
    with app.app_context():
        made = commands.give_example(desk.home.id, by=desk.actor(chief), now=clock.now())
        return made.id


@pytest.fixture
def hall(desk, example):
    return desk.all(OpeningHours, name="Rådhusets åbningstid")[0].id


def filled(calendar, **more):
    return {
        "name": "Vores aftale",
        "starts_on": "2026-03-03",
        "calendar": calendar,
        "all_1_response": "30",
        "all_1_response_unit": "minutes",
        "all_3_resolution": "2",
        "all_3_resolution_unit": "days",
        "warnings": "50 %, 80 %, 1 time før",
        "auto_close": "10",
        **more,
    }


def text_of(answer):
    return re.sub(r"\s+", " ", answer.text)


# ------------------------------------------------------------------------------------------------ to be read


def test_everybody_reads_what_is_promised(desk, browse, example):
    page = text_of(browse(desk.person()).get("/agreements"))

    assert "Dette er et eksempel, som servicedesken kan ændre." in page
    for words in ("15 min. – døgnet rundt", "4 timer i åbningstiden", "2 arbejdsdage", "1 arbejdsdag", "Åbent nu"):
        assert words in page
    assert "lukker af sig selv efter 10 arbejdsdage" in page
    assert "Skærtorsdag" in page
    assert "Ret aftaler" not in page


def test_closed_says_when_it_opens(at, desk, browse, example):
    at("2026-03-07 12:00")

    assert "Lukket nu" in (page := text_of(browse(desk.person()).get("/agreements")))
    assert "mandag" in page


def test_nothing_agreed_is_said(desk, browse):
    assert "Der er ikke aftalt servicemål endnu" in browse(desk.person()).get("/agreements").text


def test_contracts_are_for_those_who_keep_them(app, desk, browse, chief, example, hall):
    desk.add(Supplier(customer_id=desk.home.id, name="Printerhuset"))
    team = desk.team(name="Netværk")
    kept = browse(chief)
    kept.post(
        f"/admin/agreements/new/{desk.home.id}",
        data=filled(hall, kind="internal", party=team.id, starts_on="2026-03-02"),
    )

    assert "Netværk" in kept.get("/agreements").text
    assert "Netværk" not in browse(desk.person()).get("/agreements").text


def test_another_customers_agreements_are_not_there(desk, browse, example):
    stranger = desk.person(unit=desk.customer())

    assert browse(stranger).get(f"/agreements?customer={desk.home.id}").status_code == 404


# ------------------------------------------------------------------------------------------------ to be kept


def test_an_example_to_begin_with(at, desk, browse, chief):
    at(MONDAY)
    browser = browse(chief)
    assert "Opret eksempel" in browser.get("/admin/agreements").text

    answer = browser.post(f"/admin/agreements/example/{desk.home.id}")

    assert answer.status_code == 303
    assert "Dette er et eksempel" in browser.get(answer.location).text
    assert "Opret eksempel" not in browser.get("/admin/agreements").text
    assert browser.post(f"/admin/agreements/example/{desk.home.id}").status_code == 409


def test_a_look_saves_nothing(desk, browse, chief, example, hall):
    browser = browse(chief)

    answer = browser.post(f"/admin/agreements/{example}/edit", data=filled(hall, do="preview"))

    page = text_of(answer)
    assert answer.status_code == 200
    assert "Hvad ændringen vil betyde" in page
    assert "Middel: løst senest tirsdag 10. mar." in page  # two working days after Friday 6 March at 12
    assert 'value="Vores aftale"' in page
    assert desk.count(AgreementVersion, agreement_id=example) == 1


def test_a_look_counts_open_tickets(at, app, desk, browse, chief, example, hall):
    desk.ticket(impact=Level.MEDIUM, urgency=Level.MEDIUM)
    answer = browse(chief).post(
        f"/admin/agreements/{example}/edit",
        data=filled(hall, do="preview", all_3_resolution="1", all_3_resolution_unit="hours"),
    )

    assert "Regnet på 1 åben henvendelse." in text_of(answer)
    assert re.search(r"Får tidligere frist</dt><dd>1<", answer.text)


def test_a_new_version_holds_from_its_day(desk, browse, chief, example, hall):
    browser = browse(chief)
    assert (
        browser.post(f"/admin/agreements/{example}/edit", data=filled(hall, do="save", note="Ny tid")).status_code
        == 303
    )

    page = text_of(browser.get(f"/admin/agreements/{example}"))

    assert "Vores aftale" in page and "Ny tid" in page
    assert "Kommende" in page and "Gælder nu" in page
    version = desk.all(AgreementVersion, agreement_id=example)[-1]
    assert version.starts_on == date(2026, 3, 3)
    assert version.terms["warnings"] == ["50 %", "80 %", "1 hour before"]
    assert version.terms["targets"][0]["response"] == "30 minutes"
    assert not desk.get(Agreement, example).is_example

    again = browser.get(f"/admin/agreements/{example}/edit").text
    assert 'value="50 %, 80 %, 1 time før"' in again

    assert browser.post(f"/admin/agreements/versions/{version.id}/discard").status_code == 303
    assert desk.count(AgreementVersion, agreement_id=example) == 1


def test_an_example_saved_as_it_stands_says_the_same(desk, browse, chief, example):
    browser = browse(chief)
    before = desk.all(AgreementVersion, agreement_id=example)[0].terms
    form = fields_in(browser.get(f"/admin/agreements/{example}/edit").text)

    browser.post(f"/admin/agreements/{example}/edit", data={**form, "do": "save"})

    assert desk.all(AgreementVersion, agreement_id=example)[-1].terms == before


def fields_in(page):
    """What a browser would send of the form as it stands."""
    found = dict(re.findall(r'<input class="form-input[^>]*? name="([^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select class="form-select"[^>]*? name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input class="form-radio"[^>]*? name="([^"]+)" value="([^"]+)" checked', page):
        found[name] = value
    return found


@pytest.mark.parametrize(
    ("wrong", "where", "words"),
    [
        ({"name": ""}, "name", "Skriv aftalens navn."),
        ({"starts_on": "i morgen"}, "starts_on", "Skriv den dag"),
        ({"starts_on": "2026-03-01"}, "starts_on", "tidligst"),
        ({"starts_on": "9999-12-31"}, "starts_on", "fem år"),
        ({"calendar": ""}, "calendar", "Vælg en kalender."),
        ({"calendar": "999999"}, "calendar", "Vælg en kalender."),
        ({"all_1_response": "lidt"}, "all_1_response", "Skriv et helt tal"),
        ({"all_1_response": "0"}, "all_1_response", "Skriv et helt tal"),
        ({"all_1_response": "٣"}, "all_1_response", "Skriv et helt tal"),
        ({"all_1_response_unit": ""}, "all_1_response", "Vælg, om det er"),
        ({"all_1_response": "", "all_3_resolution": ""}, "all_1_response", "Aftalen lover ingenting"),
        ({"all_3_resolution": "99999"}, "all_3_resolution", "længere end ti år"),
        ({"warnings": "snart"}, "warnings", "Skriv for eksempel"),
        ({"auto_close": "0"}, "auto_close", "Skriv et antal arbejdsdage"),
        ({"systems": ["999999"]}, "systems", "Vælg noget fra listen."),
        ({"on_reopen": "never"}, "on_reopen", "Vælg en af mulighederne."),
    ],
)
@pytest.mark.parametrize("do", ["preview", "save"])
def test_what_is_wrong_is_said_by_its_field(desk, browse, chief, example, hall, wrong, where, words, do):
    desk.system("Sensum")
    told = {**filled(hall, note="Det her har jeg skrevet"), **wrong, "do": do}
    answer = browse(chief).post(f"/admin/agreements/{example}/edit", data=told)

    assert answer.status_code == 422
    assert re.search(rf'<a href="#{where}">[^<]*{words}', answer.text), answer.text
    assert re.search(rf'id="{where}"', answer.text)
    assert "Det her har jeg skrevet" in answer.text
    assert desk.count(AgreementVersion, agreement_id=example) == 1


def test_kinds_can_differ(desk, browse, chief, example, hall):
    own = {"request_3_resolution": "5", "request_3_resolution_unit": "days_end", "starts_on": "2026-03-02"}
    answer = browse(chief).post(
        f"/admin/agreements/new/{desk.home.id}",
        data=filled(hall, name="Om Sensum", systems=[desk.system("Sensum").id], **own),
    )
    assert answer.status_code == 303

    page = text_of(browse(desk.person()).get("/agreements"))
    assert "Servicemål for fejl" in page and "Servicemål for bestillinger" in page
    assert "5 arbejdsdage, inden dagen er omme" in page
    assert "Gælder henvendelser om Sensum." in page


def test_the_same_name_is_refused(desk, browse, chief, example, hall):
    name = desk.get(Agreement, example).name
    answer = browse(chief).post(f"/admin/agreements/new/{desk.home.id}", data=filled(hall, name=name))

    assert answer.status_code == 422
    assert "Der er allerede en aftale" in answer.text


@pytest.mark.parametrize("kind", ["internal", "supplier"])
def test_a_team_or_supplier_has_one_agreement(desk, browse, chief, example, hall, kind):
    browser = browse(chief)
    supplier = desk.add(Supplier(customer_id=desk.home.id, name="Printerhuset"))
    party = desk.team(name="Netværk").id if kind == "internal" else supplier.id
    address = f"/admin/agreements/new/{desk.home.id}"
    told = filled(hall, kind=kind, party=party)

    assert "Vælg, hvem aftalen er med." in browser.post(address, data={**told, "party": ""}).text
    made = browser.post(address, data=told)
    assert made.status_code == 303
    assert "Aftalen er med" in browser.get(made.location).text
    assert browser.post(address, data={**told, "name": "En til"}).status_code == 422
    found = [one for one in desk.all(Agreement) if one.kind == AgreementKind(kind)]
    assert [one.name for one in found] == ["Vores aftale"]


def test_withdrawing_asks_first(desk, browse, chief, example):
    browser = browse(chief)
    asked = browser.get(f"/admin/agreements/{example}/withdrawal").text
    assert "Ingen får besked." in asked

    answer = browser.post(f"/admin/agreements/{example}/withdrawal")

    assert answer.status_code == 303
    assert "Trukket tilbage" in browser.get(answer.location).text
    assert browser.get(f"/admin/agreements/{example}/edit").status_code == 409
    assert browser.post(f"/admin/agreements/{example}/withdrawal").status_code == 409
    assert "Eksempel" not in text_of(browse(desk.person()).get("/agreements"))


def test_suppliers_come_and_go(at, desk, browse, chief):
    at(MONDAY)
    browser = browse(chief)
    assert browser.post(f"/admin/suppliers/new/{desk.home.id}", data={"name": "Printerhuset"}).status_code == 303
    twice = browser.post(f"/admin/suppliers/new/{desk.home.id}", data={"name": "Printerhuset"})
    assert twice.status_code == 422 and "Der er allerede" in twice.text
    assert browser.post(f"/admin/suppliers/new/{desk.home.id}", data={"name": " "}).status_code == 422
    made = desk.all(Supplier)[0]
    other = desk.add(Supplier(customer_id=desk.home.id, name="Netfirmaet"))

    assert browser.post(f"/admin/suppliers/{made.id}", data={"name": other.name, "is_active": "1"}).status_code == 422
    browser.post(f"/admin/suppliers/{made.id}", data={"name": "Printerhuset A/S", "is_active": ""})

    assert (found := desk.get(Supplier, made.id)).name == "Printerhuset A/S" and not found.is_active
    assert "Printerhuset A/S" in browser.get("/admin/suppliers").text


@pytest.mark.parametrize("role", [None, Role.SUPPORTER, Role.MANAGER])
def test_only_those_who_run_the_customer_keep_agreements(desk, browse, example, role):
    browser = browse(desk.person(*([role] if role else [])))

    for path in (
        "/admin/agreements",
        f"/admin/agreements/{example}",
        f"/admin/agreements/{example}/edit",
        "/admin/suppliers",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.post(f"/admin/agreements/{example}/withdrawal").status_code == 404
    assert desk.get(Agreement, example).withdrawn_at is None


def test_the_log_has_words(app, desk, browse, chief, example):
    administrator = desk.person(Role.ADMINISTRATOR)

    assert "Eksempel på aftale oprettet" in browse(administrator).get("/admin/audit").text


def test_progress_is_told(desk, browse, chief, example, hall):
    past = datetime(2026, 3, 2, tzinfo=UTC)
    given = {"customer_id": desk.home.id, "agreement_id": example, "made_at": past, "runs_at": past}
    work = desk.add(Recalculation(**given, total=1200, looked_at=400))

    assert "400 af 1200 er set på" in browse(chief).get(f"/admin/agreements/{example}").text
    assert work.finished_at is None
