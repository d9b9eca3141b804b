"""The palette, and results as one types, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from servicedesk.core.actor import Role
from tests.pages.visiting import settled

pytestmark = pytest.mark.browser


@pytest.fixture
def supporter(here):
    return here.person(Role.SUPPORTER, team=here.team(is_first_line=True), name="Lene Krogh")


def test_a_ticket_is_found_by_words_opened_and_left_again(visit, here, supporter):
    hit = here.ticket(by=here.person(), subject="Gavlmaleriet flimrer")
    page = visit(supporter, "/queue")
    page.keyboard.press("Control+k")
    page.keyboard.type("gavlm")
    option = page.get_by_role("option", name="Gavlmaleriet flimrer")
    expect(option).to_have_attribute("aria-selected", "true")
    field = page.get_by_role("combobox", name="Nummer, ord, navn, side eller handling")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{hit}")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/queue")
    settled(page)
    page.keyboard.press("Control+k")
    last = page.get_by_role("group", name="Sidst åbnet").get_by_role("option")
    expect(last).to_have_count(1)
    expect(last).to_contain_text(f"SD-{hit}")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_number_and_enter_at_once_go_straight(visit, here, supporter):
    hit = here.ticket(by=here.person())
    page = visit(supporter, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type(f"{hit}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{hit}")


def test_what_can_be_done_on_the_page_is_offered(visit, here, supporter):
    page = visit(supporter, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("skift sprog")
    expect(page.get_by_role("option", name="Skift sprog til engelsk")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_arrows_go_round(visit, supporter):
    page = visit(supporter, "/")
    page.keyboard.press("Control+k")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")


def test_ctrl_k_works_with_single_keys_switched_off(visit, here):
    page = visit(here.person(), "/")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("dialog[data-palette]")).to_be_visible()


def test_results_come_as_one_types_and_the_address_follows(visit, here, supporter):
    here.ticket(by=here.person(), subject="Klokkespillet klemmer")
    page = visit(supporter, "/search")
    expect(page.locator("#search-box")).to_be_focused()
    page.keyboard.type("klokkesp")
    expect(page.locator("#found .ticket-card-link")).to_have_text(["Klokkespillet klemmer"])
    page.wait_for_url("**/search?q=klokkesp")
    expect(page.locator("#found-status")).to_contain_text("1 henvendelse")
    expect(page.locator("#search-box")).to_be_focused()
    page.reload()
    expect(page.locator("#found .ticket-card-link")).to_have_text(["Klokkespillet klemmer"])
