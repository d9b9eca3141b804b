"""An administrator sets a municipality up, by hand and from a file; with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, Unit
from tests.desk import Desk
from tests.pages.visiting import expect_heading, press, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


@pytest.fixture
def administrator(here: Desk) -> Person:
    return here.person(Role.ADMINISTRATOR, name="Inge Dahl")


def go(page: Page, card: str) -> None:
    """To one of the administration's pages, by the way that people take."""
    page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Administration").click()
    page.get_by_role("main").get_by_role("link", name=card).first.click()


def name_in(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("textbox", name=re.compile("^Navn"))


def choose(page: Page, label: str, text: str) -> None:
    """Chooses what holds `text`; in lists that show a tree it is indented."""
    field = page.get_by_label(label, exact=False).first
    option = field.locator("option", has_text=text).first
    field.select_option(value=option.get_attribute("value"))


def test_makes_a_unit_and_a_person_with_a_role(here: Desk, administrator: Person, opened: Open) -> None:
    page = opened(administrator, "/")
    go(page, "Enheder")
    unfold(page, "Opret enhed")
    name_in(page).fill("Egehøj Plejecenter")
    page.get_by_label("Ligger under").select_option(label=here.home.name)
    press(page, "Opret enhed")
    expect(page.get_by_role("link", name="Egehøj Plejecenter")).to_be_visible()

    go(page, "Personer")
    page.get_by_role("link", name="Opret person").first.click()
    name_in(page).fill("Bodil Bang")
    press(page, "Opret person")
    expect(name_in(page)).to_have_value("Bodil Bang")
    page.get_by_label("Initialer").fill("boba")
    choose(page, "Enhed", "Egehøj Plejecenter")
    press(page, "Opret person")
    expect_heading(page, "Bodil Bang")

    unfold(page, "Giv en rolle")
    page.get_by_label("Rolle").select_option(label="Leder")
    choose(page, "Gælder for", "Egehøj Plejecenter")
    press(page, "Giv rollen")
    expect(page.get_by_role("row", name=re.compile("Leder"))).to_be_visible()
    assert here.all(Unit, name="Egehøj Plejecenter", customer_id=here.home.id)


def test_makes_a_team_and_a_system(here: Desk, administrator: Person, opened: Open) -> None:
    here.person(Role.SUPPORTER, name="Lene Krogh", initials="lekr")
    page = opened(administrator, "/")
    go(page, "Teams")
    if not name_in(page).is_visible():
        unfold(page, "Opret team")
    name_in(page).fill("Fagsystemer")
    press(page, "Opret team")
    expect(page.get_by_text("Fagsystemer").first).to_be_visible()
    if not page.get_by_label("Tilføj medlem").is_visible():
        page.get_by_role("link", name="Fagsystemer").click()
    page.get_by_label("Tilføj medlem").fill("lekr")
    press(page, "Find")
    press(page, "Tilføj")
    expect(page.get_by_role("table", name="Teamets medlemmer")).to_contain_text("Lene Krogh")

    go(page, "Systemer")
    page.get_by_role("link", name="Opret system").first.click()
    name_in(page).fill("Sensum")
    page.get_by_label("Team").select_option(label="Fagsystemer")
    press(page, "Opret system")
    expect(page.get_by_text("Sensum").first).to_be_visible()

    mine = opened(here.person(), "/tickets/new")
    expect(mine.get_by_label("Hvilket system?").get_by_role("option", name="Sensum")).to_be_attached()


def test_sets_priorities_and_sees_it_in_the_log(administrator: Person, opened: Open) -> None:
    page = opened(administrator, "/")
    go(page, "Prioriteter")
    page.get_by_label("Prioritet ved påvirkning Lav og hastegrad Lav").select_option(label="Kritisk")
    press(page, "Gem prioriteter")
    chosen = page.get_by_label("Prioritet ved påvirkning Lav og hastegrad Lav").locator("option:checked")
    expect(chosen).to_have_text("Kritisk")
    go(page, "Ændringslog")
    expect(page.get_by_role("table")).to_contain_text("Inge Dahl")


def test_imports_after_a_look(here: Desk, administrator: Person, opened: Open) -> None:
    page = opened(administrator, "/")
    go(page, "Import")
    send(page, "Enheder", "id;parent_id;name\nE1;;Ældre og Sundhed\nE2;E1;Egehøj Plejecenter\n")
    expect(page.get_by_text("Intet er ændret endnu.")).to_be_visible()
    expect(page.get_by_role("table", name="Det, der vil ske")).to_contain_text("Egehøj Plejecenter")
    assert not here.all(Unit, name="Egehøj Plejecenter", customer_id=here.home.id)
    press(page, "Gennemfør importen")
    expect(page.get_by_role("status").first).to_be_visible()
    assert here.all(Unit, name="Egehøj Plejecenter", customer_id=here.home.id)

    go(page, "Import")
    send(page, "Personer", "id;initials;name;unit_id\nP1;boba;Bodil Bang;E2\nP2;;Uden Initialer;E9\n")
    expect(page.get_by_text("Filen har fejl", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Gennemfør importen")).to_have_count(0)
    page.get_by_role("link", name="Send en rettet fil").click()
    send(page, "Personer", "id;initials;name;unit_id\nP1;boba;Bodil Bang;E2\n")
    press(page, "Gennemfør importen")
    expect(page.get_by_role("status").first).to_be_visible()
    assert here.all(Person, initials="boba", customer_id=here.home.id)


def send(page: Page, kind: str, content: str) -> None:
    page.get_by_label(kind, exact=True).check()
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("Fil", exact=False).last.set_input_files(file)  # type: ignore[arg-type]
    press(page, "Se, hvad der vil ske")


def test_deactivates_and_regrets(here: Desk, administrator: Person, opened: Open) -> None:
    leaver = here.person(name="Karl Rask")
    theirs = opened(leaver, "/")
    page = opened(administrator, f"/admin/people/{leaver.id}")
    press(page, "Deaktivér")
    expect(page.get_by_text("Personen kan ikke logge ind")).to_be_visible()
    theirs.reload()
    expect_heading(theirs, "Log ind")
    press(page, "Gør aktiv igen")
    expect(page.get_by_text("Personen kan ikke logge ind")).to_have_count(0)
