"""An administrator erases somebody who has left; with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.privacy import commands
from tests.desk import Desk
from tests.pages.visiting import expect_heading, press

pytestmark = [pytest.mark.browser, pytest.mark.committing]


def test_from_the_persons_page_until_nobody_knows_who_it_was(here: Desk, opened: Callable[..., Page]) -> None:
    boss = here.person(Role.ADMINISTRATOR)
    left = here.person(name="Xenia Kvist", initials="xekv", is_active=False)
    page = opened(boss, f"/admin/people/{left.id}")
    page.get_by_role("link", name="Se, hvad der bliver slettet").click()
    expect_heading(page, "Slet Xenia Kvist")

    page.get_by_label("Skriv personens initialer").fill("forkert")
    press(page, "Slet for altid")
    expect(page.get_by_label("Skriv personens initialer")).to_have_value("forkert")
    page.get_by_label("Skriv personens initialer").fill("xekv")
    press(page, "Slet for altid")
    expect(page.get_by_role("progressbar")).to_be_visible()

    with here.app.app_context():
        while commands.carry_on(clock.now()):
            pass
    if page.evaluate("'htmx' in window"):
        expect(page.get_by_text("kan ikke findes frem igen")).to_be_visible(timeout=15_000)
    else:
        page.get_by_role("link", name="Se, hvor langt den er").click()
        expect(page.get_by_text("kan ikke findes frem igen")).to_be_visible()
    expect(page.get_by_text("Xenia")).to_have_count(0)
