"""A system in the register until its owner has signed for it, and a network that meets; with scripts and without."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core.actor import Role
from tests.desk import Desk, local_today
from tests.pages.visiting import PHONE, expect_heading, press
from tests.superbrugere_made import appoint

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def test_a_system_is_registered_and_its_owner_signs_the_review(here: Desk, opened: Open) -> None:
    boss = here.person(Role.ADMINISTRATOR)
    owner = here.person(name="Peter Vang", initials="peva")
    page = opened(boss, "/admin/systems/new")
    page.get_by_role("textbox", name="Navn").first.fill("Kørselsbogen")
    page.get_by_label("Systemejers initialer").fill("ukendt")
    press(page, "Opret system")
    expect(page.get_by_role("textbox", name="Navn").first).to_have_value("Kørselsbogen")
    page.get_by_label("Systemejers initialer").fill(owner.initials or "")
    press(page, "Opret system")
    expect(page.get_by_text("Kørselsbogen").first).to_be_visible()

    own = opened(owner, "/", width=PHONE)
    own.get_by_role("link", name="Kørselsbogen").first.click()
    own.get_by_role("link", name="gennemgang").first.click()
    expect_heading(own, "Årlig gennemgang")
    for point in own.get_by_role("radio", name="Passer").all():
        point.check()
    own.get_by_role("radio", name="Skal rettes").last.check()
    press(own, "Underskriv som Peter Vang")
    expect(own.get_by_label("Hvad skal rettes, og hvem gør det?")).to_have_attribute("aria-invalid", "true")
    own.get_by_label("Hvad skal rettes, og hvem gør det?").fill("Leverandøren mangler; jeg skriver til indkøb.")
    press(own, "Underskriv som Peter Vang")
    own.locator("li", has_text="Noget skal rettes").get_by_role("link").click()
    expect(own.get_by_text("Leverandøren mangler; jeg skriver til indkøb.")).to_be_visible()
    expect(own.get_by_text("Peter Vang").first).to_be_visible()


def test_a_network_is_made_called_together_and_answers(here: Desk, opened: Open) -> None:
    school, aula = here.unit(name="Skovskolen"), here.system("Aula")
    karen = here.person(unit=school, name="Karen Dam")
    appoint(here, karen, school, systems=[aula])
    chief = here.person(Role.SERVICEDESK_MANAGER)
    page = opened(chief, "/superbrugere/networks")
    page.get_by_role("link", name="Opret et netværk").first.click()
    page.get_by_role("textbox", name="Navn").first.fill("Superbrugere i Aula")
    page.get_by_label("Superbrugere for et system").select_option("Aula")
    press(page, "Gem")
    expect_heading(page, "Superbrugere i Aula")
    expect(page.get_by_role("rowheader", name="Karen Dam")).to_be_visible()

    page.get_by_role("link", name="Indkald til møde").click()
    on = local_today() + timedelta(days=7)
    page.get_by_label("Hvad handler det om?").fill("Nyt skoleår")
    page.get_by_label("Begynder").fill(f"{on}T10:00")
    page.get_by_label("Slutter").fill(f"{on}T09:00")
    press(page, "Send indkaldelsen")
    expect(page.get_by_label("Hvad handler det om?")).to_have_value("Nyt skoleår")
    page.get_by_label("Slutter").fill(f"{on}T11:00")
    press(page, "Send indkaldelsen")
    expect(page.get_by_text("Nyt skoleår").first).to_be_visible()

    own = opened(karen, "/superbrugere/networks", width=PHONE)
    own.get_by_role("link", name="Superbrugere i Aula").click()
    own.get_by_role("link", name="Nyt skoleår").click()
    own.get_by_role("radio", name="Kommer", exact=True).check()
    press(own, "Gem svaret")
    expect(own.locator("#answers")).to_contain_text("Karen Dam")
    with own.expect_download() as download:
        own.get_by_role("link", name="Læg i kalenderen").click()
    assert "SUMMARY:Nyt skoleår" in download.value.path().read_text("utf-8")
