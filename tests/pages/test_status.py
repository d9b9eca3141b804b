"""From a disturbance to "me too" to everything solved, on a phone, with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core.actor import Role
from servicedesk.systems.models import MeToo
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import State
from tests.desk import Desk
from tests.pages.visiting import PHONE, expect_heading, press, unfold
from tests.systems_made import make_disturbance

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def test_a_disturbance_is_joined_and_solved_for_all(here: Desk, opened: Open) -> None:
    town = here.customer(name="Bakkeby")
    team = here.team(customer=town, is_first_line=True)
    aula = here.system("Forældreportalen", customer=town)
    secretary, teacher = (here.person(unit=town, name=name) for name in ("Mette Holm", "Ida Dam"))
    lene = here.person(Role.SUPPORTER, unit=town, team=team, name="Lene Krogh")
    filed = here.ticket(by=teacher, system=aula, subject="Portalen svarer ikke")

    desk = opened(lene, "/status", width=PHONE)
    desk.get_by_role("link", name="Meld en driftsforstyrrelse").click()
    desk.get_by_label("System", exact=False).first.select_option(str(aula.id))
    desk.get_by_label("Hvad mærker folk?").fill("Forældre kan ikke logge på")
    press(desk, "Meld det ud")
    expect_heading(desk, "Forældre kan ikke logge på")

    page = opened(secretary, "/", width=PHONE)
    banner = page.get_by_role("region", name="Driftsstatus lige nu")
    expect(banner).to_contain_text("Forældre kan ikke logge på")
    banner.get_by_role("button", name="Det oplever jeg også").click()
    expect(page.get_by_text("Du er meldt på og får besked, når der er nyt.").first).to_be_visible()
    page.goto("/status")
    assert here.count(MeToo, person_id=secretary.id) == 1
    press(page, "Alligevel ikke")
    expect(page.get_by_role("button", name="Det oplever jeg også")).to_be_visible()
    page.reload()
    assert here.count(MeToo, person_id=secretary.id) == 0
    press(page, "Det oplever jeg også")
    expect(page.get_by_role("button", name="Alligevel ikke")).to_be_visible()

    unfold(desk, "Er det en større hændelse?")
    press(desk, "Gør den til en større hændelse")
    desk.get_by_label("Portalen svarer ikke").check()
    press(desk, "Saml de valgte")
    desk.get_by_label("Hvordan blev det løst?").fill("Leverandøren har genstartet den.")
    desk.get_by_label("Årsag").select_option(index=1)
    press(desk, "Løs 1 henvendelse")
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    expect(desk.locator("main")).to_contain_text("Portalen svarer ikke")

    assert here.get(Ticket, filed).state is State.RESOLVED
    page.goto("/")
    expect(page.get_by_role("region", name="Driftsstatus lige nu")).to_have_count(0)
    page.goto("/notices")
    expect(page.locator("main")).to_contain_text("Det virker igen")


def test_the_filing_form_spares_a_ticket_and_keeps_what_was_typed(here: Desk, visit: Open) -> None:
    town = here.customer(name="Dalby")
    here.team(customer=town, is_first_line=True)
    aula = here.system("Elevplan", customer=town)
    lene, mette = here.person(Role.SUPPORTER, unit=town), here.person(unit=town)
    make_disturbance(here, aula, message="Elevplan er langsom", by=here.actor(lene))
    page = visit(mette, "/tickets/new", width=PHONE)
    page.get_by_label("Hvad drejer det sig om?").press_sequentially("Elevplan svarer ikke")
    button = page.get_by_role("button", name="Det oplever jeg også")
    button.click()
    expect(page.get_by_text("Du er meldt på og får besked, når der er nyt.").first).to_be_visible()
    expect(page.get_by_label("Hvad drejer det sig om?")).to_have_value("Elevplan svarer ikke")
    page.get_by_role("button", name="Alligevel ikke").click()
    expect(page.get_by_role("button", name="Det oplever jeg også")).to_be_visible()
    assert here.count(Ticket, filer_id=mette.id) == 0
