"""What a supplier has, what it kept, and the evidence: the same figures as the clocks'."""

import csv
import io
from datetime import timedelta

import pytest

from servicedesk.agreements.models import Supplier
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.stewardship import deliveries
from servicedesk.tickets.models import TicketClock
from servicedesk.tickets.workflow import Secrecy

HOUR = timedelta(hours=1)


@pytest.fixture
def told(desk, place, at, act):
    """Three tickets: kept in two stretches, missed, and one that waits still."""
    at("2026-03-02 09:00")
    kept, missed = (desk.ticket(system=place.system, subject=f"=Fejl {n}", by=place.employee) for n in (1, 2))
    open_one = desk.ticket(system=place.other, subject="Den venter", by=place.employee)
    for ticket in (kept, missed):
        act("wait_for_supplier", ticket, supplier="Nordsoft", body="Se loggen fra i morges")
    at("2026-03-02 12:00")
    act("resume", kept)
    at("2026-03-03 08:00")
    act("wait_for_supplier", kept, supplier="Nordsoft")
    at("2026-03-03 10:30")
    act("resolve", kept)
    at("2026-03-04 09:00")
    act("resolve", missed)
    at("2026-03-04 14:00")
    act("wait_for_supplier", open_one, supplier="Nordsoft", body="Hvornår kommer rettelsen?")
    at("2026-03-04 15:00")
    return kept, missed, open_one


def record_of(desk, place, who, first="2026-03-01", last="2026-03-31"):
    def instant(text):
        from datetime import UTC, datetime

        return datetime.fromisoformat(f"{text}T00:00+01:00").astimezone(UTC)

    with desk.app.app_context():
        return deliveries.record(place.supplier, instant(first), instant(last), desk.actor(who), clock.now())


def test_what_counted_adds_up_to_what_the_clock_shows(desk, place, told):
    kept, missed, open_one = told

    record = record_of(desk, place, place.manager)

    assert (record.kept, record.missed, record.void) == (1, 1, 0)
    held = {one.ticket_id: one for one in record.held}
    assert [stretch.counted for stretch in held[kept].stretches] == [3 * HOUR, 2.5 * HOUR]
    assert [stretch.is_missed for stretch in held[missed].stretches] == [True]
    assert held[open_one].stretches[0].ended_at is None
    for one in record.held:
        [row] = desk.all(TicketClock, ticket_id=one.ticket_id, name=f"uc:{place.supplier.id}")
        assert sum((stretch.counted for stretch in one.stretches), timedelta(0)) == one.reading.elapsed
        assert one.version.name == "Kontrakt med Nordsoft"
        if not row.is_running:
            assert timedelta(microseconds=row.elapsed) == one.reading.elapsed
            assert (row.outcome, row.breached_at) == (one.reading.outcome, one.reading.breached_at)


def test_only_what_was_decided_in_the_period_counts(desk, place, told):
    record = record_of(desk, place, place.manager, "2026-03-04", "2026-03-05")
    assert (record.kept, record.missed) == (0, 0)
    assert {one.ticket_id for one in record.held} == {told[1], told[2]}


def test_the_page_tells_what_waits_since_when_and_what_was_asked(browse, place, told):
    page = browse(place.manager).get(f"/suppliers/{place.supplier.id}").text

    assert "Den venter" in page and "Hvornår kommer rettelsen?" in page
    assert "7 timer tilbage" in page
    assert browse(place.manager).get(f"/suppliers/{place.supplier.id}/evidence").status_code == 200


def test_the_evidence_has_a_line_for_each_time_and_no_formula(browse, place, told):
    answer = browse(place.manager).get(f"/suppliers/{place.supplier.id}/evidence.csv?from=2026-03-01&to=2026-03-31")

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 4
    lines = [row for row in rows if row["Henvendelse"] == f"SD-{told[0]}"]
    assert {row["Talt tid (minutter)"] for row in lines} == {"180", "150"}
    assert {row["Emne"] for row in lines} == {"'=Fejl 1"}
    assert {row["Resultat"] for row in lines} == {"Holdt"}


def test_an_owner_sees_the_tickets_of_own_systems_alone_and_no_notes(browse, desk, place, told):
    browser = browse(place.owner)

    page = browser.get(f"/suppliers/{place.supplier.id}")
    assert page.status_code == 200
    assert "Den venter" not in page.text and "Hvornår kommer" not in page.text and "Fejl 1" in page.text
    assert '<td class="number" data-label="Venter på dem nu">0</td>' in browser.get("/suppliers").text
    assert "Den venter" not in browser.get(f"/suppliers/{place.supplier.id}/evidence.csv").text
    assert record_of(desk, place, place.owner).missed == 1


def test_a_secret_ticket_is_not_even_counted(browse, desk, place, at, act):
    closed = desk.team(is_closed=True, receives_confidential=True)
    member = desk.person(Role.SUPPORTER, team=closed)
    ticket = desk.ticket(system=place.system, subject="Fortroligt", secrecy=Secrecy.CONFIDENTIAL, by=place.employee)
    with desk.app.app_context():
        from servicedesk.tickets import commands

        commands.wait_for_supplier(ticket, by=desk.actor(member), now=clock.now(), supplier="Nordsoft")

    for who in (place.owner, place.manager):
        assert "Fortroligt" not in browse(who).get(f"/suppliers/{place.supplier.id}").text
        assert "Fortroligt" not in browse(who).get(f"/systems/{place.system.id}/owner").text
        assert record_of(desk, place, who).held == []


@pytest.mark.parametrize("who", ["employee", "supporter", "stranger"])
def test_for_others_there_is_no_supplier(browse, place, told, who):
    browser = browse(getattr(place, who))
    for address in ("", "/evidence", "/evidence.csv"):
        assert browser.get(f"/suppliers/{place.supplier.id}{address}").status_code == 404


def test_an_owner_of_other_systems_does_not_follow_the_supplier(browse, desk, place):
    lonely = desk.person()
    desk.grant(lonely, Role.SYSTEM_OWNER, over=desk.system("Uden leverandør"))
    hidden = desk.add(Supplier(customer_id=desk.home.id, name="Skjult"))

    assert browse(lonely).get(f"/suppliers/{place.supplier.id}").status_code == 404
    assert "Skjult" not in browse(place.owner).get("/suppliers").text
    assert browse(place.owner).get(f"/suppliers/{hidden.id}").status_code == 404


def test_a_page_asks_the_same_however_much_waits(browse, desk, place, queries, at, act):
    browser = browse(place.manager)

    def asked():
        with queries() as statements:
            browser.get(f"/suppliers/{place.supplier.id}")
        return len(statements)

    def wait(number):
        for _ in range(number):
            act("wait_for_supplier", desk.ticket(system=place.system), supplier="Nordsoft", body="Hvad nu?")

    wait(2)
    few = asked()
    wait(6)
    assert asked() == few


def test_nonsense_in_the_address_is_the_usual_period(browse, place):
    for query in ("from=x&to=y", "from=9999-12-31", "to=0001-01-01", "from=2026-05-01&to=2026-01-01"):
        assert browse(place.manager).get(f"/suppliers/{place.supplier.id}?{query}").status_code == 200
