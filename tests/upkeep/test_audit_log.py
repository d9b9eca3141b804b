"""The page of the audit log."""

from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def line(desk):
    def write(action="unit_added", name="", by=None, customer=None, at=START, **facts):
        customer = customer or desk.home
        told = {"name": name, **facts}
        return desk.add(
            AuditLine(action=action, at=at, by_id=by.id if by else None, customer_id=customer.id, facts=told)
        )

    return write


def test_only_lines_of_the_own_customer_are_shown(desk, browse, line):
    line(name="Vores")
    line(name="KANARIE", customer=desk.customer())

    page = browse(desk.person(Role.ADMINISTRATOR)).get("/admin/audit").text
    assert "Vores" in page and "KANARIE" not in page
    page = browse(desk.person(Role.ADMINISTRATOR, over="everything")).get("/admin/audit").text
    assert "KANARIE" in page


def test_lines_are_told_in_words(desk, browse, line):
    line("role_given", "Anne", role="system_owner", system="Opus", by=desk.person(name="Bo Hansen"))
    line("team_changed", "HR", changes={"is_closed": [False, True], "email": [None, "hr@testby.dk"]})
    line("something_new", "Ukendt", number="SD-7")

    page = browse(desk.person(Role.ADMINISTRATOR)).get("/admin/audit").text

    for words in ("Rolle givet", "Rolle: Systemejer", "Bo Hansen", "Lukket team: nej → ja", "something_new", "SD-7"):
        assert words in page


def test_a_look_at_a_secret_ticket_is_told_by_its_number(desk, browse):
    line = {"action": "ticket_looked_up", "at": START, "customer_id": desk.home.id, "facts": {}}
    desk.add(AuditLine(**line, subject_kind="ticket", subject_id=42))

    page = browse(desk.person(Role.ADMINISTRATOR)).get("/admin/audit").text
    assert "Fortrolig henvendelse åbnet" in page and "SD-42" in page


def test_what_an_import_made_is_told_in_words(desk, browse, line):
    line("tickets_imported", source="Gammel", tickets=3, made={"person": 2, "team": 1})

    page = browse(desk.person(Role.ADMINISTRATOR)).get("/admin/audit").text
    for words in ("Henvendelser importeret", "Kilde: Gammel", "Oprettet: Person: 2, Team: 1"):
        assert words in page


def test_the_log_is_filtered_by_action_person_and_day(desk, browse, line):
    bo = desk.person(name="Bo Hansen", initials="boha")
    line("unit_added", "Første", by=bo)
    line("unit_moved", "Anden", at=START + timedelta(days=1))
    browser = browse(desk.person(Role.ADMINISTRATOR))

    def shown(query):
        page = browser.get(f"/admin/audit?{query}").text
        return [name for name in ("Første", "Anden") if name in page]

    assert shown("") == ["Første", "Anden"]
    assert shown("action=unit_moved") == ["Anden"]
    assert shown("person=boha") == ["Første"]
    assert shown("person=bo") == ["Første"]
    assert shown("person=%25") == []
    assert shown("until=2026-03-02") == ["Første"]
    assert shown("since=2026-03-03") == ["Anden"]


@pytest.mark.parametrize(
    "query",
    ["since=9999-99-99", "until=9999-12-31", "since=0001-01-01", "after=" + "9" * 40, "before=-1", "person=%00"],
)
def test_nonsense_in_the_address_is_no_fault(desk, browse, query):
    assert browse(desk.person(Role.ADMINISTRATOR)).get(f"/admin/audit?{query}").status_code == 200


def test_the_log_is_paged_by_key_newest_first(desk, browse, line):
    lines = [line(name=f"nr. {number:03}.") for number in range(120)]
    browser = browse(desk.person(Role.ADMINISTRATOR))

    first = browser.get("/admin/audit").text
    second = browser.get(f"/admin/audit?before={lines[70].id}").text
    back = browser.get(f"/admin/audit?after={lines[69].id}").text

    assert first.index("nr. 119.") < first.index("nr. 070.") and "nr. 069." not in first
    assert "nr. 069." in second and "nr. 020." in second and "nr. 070." not in second
    assert "nr. 119." in back and "nr. 070." in back and "nr. 069." not in back


def test_the_log_is_for_administrators_of_a_whole_customer(desk, browse):
    for role in (Role.SUPPORTER, Role.SERVICEDESK_MANAGER, Role.MANAGER):
        assert browse(desk.person(role)).get("/admin/audit").status_code == 404
    assert browse(desk.person(Role.ADMINISTRATOR, over=desk.unit())).get("/admin/audit").status_code == 404
