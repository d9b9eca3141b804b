"""Who sees what of whose training: the rows of the abuse list about training records."""

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.training import commands
from tests.training_made import course, record, require

CANARY = "Kanariebevis-4711"
REASON = "Kanariegrund"


@pytest.fixture
def taught(desk, nexus):
    made = course(desk, "Kanariekursus", nexus)
    require(desk, made, nexus)
    return made


def excuse(person, taught):
    now = clock.now()
    commands.exempt(
        person.id,
        taught.id,
        reason=REASON,
        starts_on=now.date(),
        ends_on=None,
        today=now.date(),
        by=SYSTEM,
        now=now,
    )


# ------------------------------------------------------------------------------------------------ A196, the manager


def test_a196_a_manager_sees_the_present_staff_of_the_own_unit_and_status_only(desk, browse, anna, chief, care, taught):
    record(desk, anna, taught, evidence=CANARY)
    team = desk.unit(care)
    desk.person(unit=team, name="Bo Under")
    desk.person(unit=desk.unit(), name="Ib Anderledes")
    desk.person(unit=care, name="Gerda Gået", is_active=False)

    page = browse(chief).get("/training/staff").text

    assert "Anna Holm" in page
    assert "Bo Under" in page
    assert "1 af 1" in page
    for unseen in ("Ib Anderledes", "Gerda Gået", CANARY, REASON):
        assert unseen not in page


def test_a196_a_manager_reads_nobodys_records(desk, browse, anna, chief, care, taught):
    row = record(desk, anna, taught, evidence=CANARY)
    gone = desk.person(unit=care, is_active=False)
    browser = browse(chief)

    for address in (f"/training/people/{anna.id}", f"/training/people/{gone.id}", f"/training/people/{chief.id}"):
        assert browser.get(address).status_code == 404
    assert browser.get("/training/people").status_code == 404
    assert browser.post(f"/training/records/{row.id}/withdrawal", data={"reason": "x"}).status_code == 404
    assert browser.post(f"/training/people/{anna.id}/exemptions", data={"reason": "x"}).status_code == 404


def test_a196_a_manager_asks_in_vain_for_another_unit(desk, browse, chief, taught):
    other = desk.unit(name="Skolen")
    desk.person(unit=other, name="Ib Anderledes")

    page = browse(chief).get(f"/training/staff?unit={other.id}").text

    assert "Ib Anderledes" not in page
    assert "Her er ingen medarbejdere" in page


def test_a196_a_managers_own_records_are_on_the_own_page_as_everybodys(desk, browse, chief, taught):
    record(desk, chief, taught, evidence=CANARY)

    assert CANARY in browse(chief).get("/me/training").text


def test_a196_when_the_role_ends_the_page_is_gone(desk, browse, chief, care):
    assert browse(chief).get("/training/staff").status_code == 200
    employee = desk.person(unit=care)

    assert browse(employee).get("/training/staff").status_code == 404


def test_the_managers_page_asks_the_same_however_many_there_are(desk, browse, chief, care, taught, queries):
    browser = browse(chief)
    browser.get("/training/staff")
    with queries() as few:
        browser.get("/training/staff")
    for _ in range(12):
        record(desk, desk.person(unit=care), taught)
    with queries() as many:
        browser.get("/training/staff")

    assert len(many) == len(few)


# ------------------------------------------------------------------------------------------------ A199, the supporter


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=Kanariebevis-4711",
        "/search?q=Kanariekursus",
        "/search?q=Kanariegrund",
        "/palette?q=Kanariekursus",
        "/palette?q=Kanariebevis",
        "/tickets/people?to=bring&q=Anna",
        "/tickets/call/suggestions?q=Anna",
        "/training/people/suggestions?q=Anna",
        "/admin/audit",
        "/training/people",
        "/training/requirements",
        "/training/staff",
    ],
)
def test_a199_training_is_in_no_search_suggestion_or_export_of_a_supporter(
    desk, browse, anna, supporter, taught, address
):
    record(desk, anna, taught, evidence=CANARY)
    with desk.app.app_context():
        other = course(desk, "Kanariekursus to")
        excuse(anna, other)

    answer = browse(supporter).get(address)

    assert "Kanarie" not in answer.text.replace(address.partition("q=")[2] or "-", "")
    assert answer.status_code in (200, 404)


def test_a199_a_supporter_sees_one_word_on_the_ticket(desk, browse, anna, supporter, nexus, taught):
    ticket = desk.ticket(by=anna, system=nexus)
    browser = browse(supporter)
    assert "<p>Mangler</p>" in browser.get(f"/tickets/{ticket}").text

    record(desk, anna, taught, evidence=CANARY)

    page = browser.get(f"/tickets/{ticket}").text
    assert "<p>Bestået</p>" in page
    for unseen in (CANARY, "Kanariekursus", f"/training/people/{anna.id}"):
        assert unseen not in page


def test_a199_the_filer_and_other_readers_do_not_see_the_word(desk, browse, anna, chief, nexus, taught):
    ticket = desk.ticket(by=anna, system=nexus)

    for reader in (anna, chief):
        assert "training-word" not in browse(reader).get(f"/tickets/{ticket}").text


def test_a199_nothing_is_said_of_an_exemption_or_where_nothing_is_required(
    desk, browse, anna, supporter, nexus, taught
):
    browser, other = browse(supporter), desk.system("Outlook")
    with desk.app.app_context():
        excuse(anna, taught)

    for system in (nexus, other):
        page = browser.get(f"/tickets/{desk.ticket(by=anna, system=system)}").text
        assert "training-word" not in page
        assert REASON not in page


# ------------------------------------------------------------------------------------------------ everybody else


@pytest.mark.parametrize("role", [Role.SUPPORTER, Role.SUPERBRUGER, Role.SYSTEM_OWNER, Role.ADMINISTRATOR, None])
def test_nobody_but_the_coordinator_reads_others_records(desk, browse, anna, taught, role):
    record(desk, anna, taught, evidence=CANARY)
    over = {"over": desk.system()} if role is Role.SYSTEM_OWNER else {}
    browser = browse(desk.person(*([role] if role else []), **over))

    assert browser.get(f"/training/people/{anna.id}").status_code == 404
    assert CANARY not in browser.get("/me/training").text


def test_a_coordinator_of_another_customer_sees_nothing(desk, browse, anna, taught):
    elsewhere = desk.customer()
    foreign = desk.person(Role.TRAINING_COORDINATOR, unit=elsewhere)
    browser = browse(foreign)

    assert browser.get(f"/training/people/{anna.id}").status_code == 404
    assert browser.get(f"/training/courses/{taught.id}").status_code == 404
    for page in ("/training/people", "/training/requirements", "/training/courses"):
        text = browser.get(page).text
        assert "Anna Holm" not in text
        assert "Kanariekursus" not in text
        assert browser.get(f"{page}?customer={desk.home.id}").status_code in (200, 404)
        assert "Kanariekursus" not in browser.get(f"{page}?customer={desk.home.id}").text


def test_a_coordinator_of_a_part_sees_that_part(desk, browse, anna, care, taught):
    part = desk.person(Role.TRAINING_COORDINATOR, over=care)
    other = desk.person(unit=desk.unit(), name="Ib Anderledes")
    browser = browse(part)

    page = browser.get("/training/people").text

    assert "Anna Holm" in page
    assert "Ib Anderledes" not in page
    assert browser.get(f"/training/people/{other.id}").status_code == 404


def test_a_coordinator_finds_who_lacks_it(desk, browse, anna, coordinator, nexus, taught):
    bo = desk.person(name="Bo Beviset")
    record(desk, bo, taught)
    browser = browse(coordinator)

    lacking = browser.get(f"/training/people?system={nexus.id}&status=missing").text
    named = browser.get("/training/people?q=bevis").text

    assert ("Anna Holm" in lacking, "Bo Beviset" in lacking) == (True, False)
    assert ("Anna Holm" in named, "Bo Beviset" in named) == (False, True)
