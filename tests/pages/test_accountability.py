"""Who has seen my data, and all that is kept about me, as one file; with scripts and without."""

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.accountability import jobs
from servicedesk.core import clock
from servicedesk.core.actor import Role
from tests.desk import Desk
from tests.pages.visiting import expect_heading, press

pytestmark = [pytest.mark.browser, pytest.mark.committing]


def test_what_a_supporter_read_is_told_to_whom_it_is_about(here: Desk, opened: Callable[..., Page]) -> None:
    lene = here.person(Role.SUPPORTER, team=here.team(is_first_line=True), name="Lene Krogh")
    rikke = here.person(name="Rikke Holm")
    officer = here.person(Role.DATA_PROTECTION_OFFICER)
    ticket = here.ticket(by=rikke, subject="Kan ikke logge ind")
    expect_heading(opened(lene, f"/tickets/{ticket}"), "Kan ikke logge ind")

    mine = opened(rikke, "/me")
    mine.get_by_role("link", name="Se, hvornår og hvorfor").click()
    expect_heading(mine, "Hvem har set dine oplysninger")
    [row] = mine.get_by_role("row").filter(has_text=f"SD-{ticket}").all()
    expect(row).to_contain_text("Supporter")
    expect(mine.get_by_text("Lene Krogh")).to_have_count(0)

    told = opened(officer, "/admin/lookups")
    told.get_by_label("Hvis oplysninger").fill("Rikke Holm")
    press(told, "Vis")
    expect(told.get_by_role("row").filter(has_text=f"SD-{ticket}")).to_contain_text("Lene Krogh")


def test_everything_about_a_person_is_gathered_and_fetched(here: Desk, opened: Callable[..., Page]) -> None:
    officer = here.person(Role.DATA_PROTECTION_OFFICER)
    rikke = here.person(name="Rikke Holm", initials="riho")
    here.ticket(by=rikke, subject="Kan ikke logge ind")
    page = opened(officer, "/admin/access")
    page.get_by_label("Navn, initialer, mail eller telefon").fill("riho")
    press(page, "Find")
    press(page, "Saml oplysningerne om Rikke Holm")
    expect(page.get_by_role("progressbar")).to_be_visible()

    with here.app.app_context():
        while jobs.make_packages(clock.now()):
            pass
    if not page.evaluate("'htmx' in window"):
        page.get_by_role("link", name="Se, hvor langt den er").click()
    expect(page.get_by_text("Pakken er klar.")).to_be_visible(timeout=15_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent pakken").click()
    with zipfile.ZipFile(download.value.path()) as package:
        pages = [name for name in package.namelist() if name.endswith(".html")]
        assert "Kan ikke logge ind" in package.read(pages[0]).decode()

    press(page, "Slet pakken nu")
    expect(page.get_by_text("Pakken er slettet. Bestil en ny")).to_be_visible()
    mine = opened(rikke, "/me/lookups")
    expect(mine.get_by_role("row").filter(has_text="Samlet udtræk af personens oplysninger")).not_to_have_count(0)
