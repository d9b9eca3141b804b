"""Single keys and their sheet."""

import pytest
from playwright.sync_api import expect

from servicedesk.core.actor import Role
from tests.pages.visiting import settled

pytestmark = pytest.mark.browser


@pytest.fixture
def supporter(here):
    return here.person(Role.SUPPORTER, team=here.team(is_first_line=True))


def test_two_keys_lead_to_the_queue_and_one_to_the_search(visit, supporter):
    page = visit(supporter, "/")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue")
    settled(page)
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("gh/?")
    expect(page.locator("#site-search")).to_have_value("gh/?")


def test_the_sheet_shows_the_keys_closes_by_escape_and_gives_the_focus_back(visit, supporter):
    page = visit(supporter, "/")
    link = page.locator(".site-nav a").first
    link.focus()
    page.keyboard.press("?")
    sheet = page.locator("dialog[data-keys-sheet]")
    expect(sheet).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(sheet).to_be_visible()  # what lies over the page takes the keys
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(link).to_be_focused()


def test_switched_off_they_really_are_off(visit, supporter):
    page = visit(supporter, "/me")
    page.get_by_label("Slået fra").check()
    page.get_by_role("button", name="Gem valget").click()
    page.wait_for_load_state()
    before = page.url
    for key in ("g", "q", "/", "?", "c"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#site-search")).not_to_be_focused()
    assert page.url == before
    page.get_by_role("link", name="Tastaturgenveje", exact=True).click()
    expect(page.locator("dialog[data-keys-sheet]")).to_be_visible()


def test_what_is_hidden_or_disabled_has_no_key(visit, supporter):
    page = visit(supporter, "/")
    page.evaluate(
        """() => {
            const main = document.querySelector("main");
            for (const [name, state] of [["hidden", "hidden"], ["disabled", "disabled"], ["shown", ""]]) {
                const button = Object.assign(document.createElement("button"), { textContent: name });
                button.dataset.key = "z";
                if (state) button[state] = true;
                button.addEventListener("click", () => { document.title = name; });
                main.append(button);
            }
        }"""
    )
    page.keyboard.press("z")
    expect(page).to_have_title("shown")


def test_what_does_not_fit_in_the_menu_is_folded_away_behind_it(visit, here):
    page = visit(here.person(Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR), "/")
    menu = page.get_by_role("navigation", name="Hovedmenu")
    last = menu.get_by_role("link", name="Tekster")
    expect(last).to_be_hidden()
    menu.get_by_text("Mere").click()
    expect(last).to_be_visible()
    page.keyboard.press("Escape")
    expect(last).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    last.click()
    page.wait_for_url("**/phrases")
    expect(menu.locator("summary[data-current]")).to_be_visible()
