"""Many tickets at once and macros in a browser, with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core.actor import Role
from tests.desk import Desk
from tests.pages.visiting import press, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def test_ticks_two_and_solves_them(here: Desk, opened: Open) -> None:
    supporter = here.person(Role.SUPPORTER, team=here.team(is_first_line=True))
    tickets = [here.ticket(subject=f"Skærm {number}") for number in range(3)]
    page = opened(supporter, "/queue")
    for ticket in tickets[:2]:
        page.get_by_label(f"Vælg SD-{ticket}", exact=True).check()
    unfold(page, "Løs")
    page.get_by_label("Løsning").fill("Nyt kabel.")
    page.locator("details[open] button[name=do]").click()
    expect(page.get_by_role("alert")).to_contain_text("Vælg, hvad der var årsagen.")
    expect(page.get_by_label("Løsning")).to_have_value("Nyt kabel.")
    page.get_by_label("Fejl", exact=True).check()
    press(page, "Videre")
    expect(page.get_by_text("Det sker der med 2 henvendelser")).to_be_visible()
    press(page, "Ja, gør det ved 2")
    expect(page.get_by_text("2 henvendelser blev klaret")).to_be_visible()
    assert [here.look(ticket).state.value for ticket in tickets] == ["resolved", "resolved", "new"]
    press(page, "Fortryd")
    expect(page.get_by_text("2 henvendelser blev klaret")).to_be_visible()
    assert here.look(tickets[0]).state == "open"
