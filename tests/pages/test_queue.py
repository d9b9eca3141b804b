"""The queue in a browser: walked by keyboard, read beside the list, and following what others do."""

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, Team
from servicedesk.tickets import commands
from tests.desk import Desk
from tests.pages.visiting import PHONE, Visits, expect_heading, settled

pytestmark = [pytest.mark.browser, pytest.mark.committing]
#: How often an open queue asks whether there is news, in milliseconds.
POLLED_EVERY = 10_000


@pytest.fixture
def team(here: Desk) -> Team:
    return here.team(name="Servicedesk", is_first_line=True)


@pytest.fixture
def supporter(here: Desk, team: Team) -> Person:
    return here.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


def test_walking_reading_choosing_and_taking_by_keyboard(here: Desk, supporter: Person, visit: Visits) -> None:
    first, second = here.ticket(subject="Outlook går ned"), here.ticket(subject="Printeren larmer")
    page = visit(supporter, "/queue")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[aria-current]")).to_contain_text("Printeren larmer")
    expect(page.get_by_role("link", name="Printeren larmer")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-many-count]")).to_have_text("1 valgt")
    page.keyboard.press("o")
    expect(page.locator("#preview h2")).to_have_text("Printeren larmer")
    assert f"preview=SD-{second}" in page.url
    page.get_by_role("button", name="Tag henvendelsen").click()
    expect(page.locator("#preview")).to_contain_text("tog henvendelsen")
    expect(page.locator("#preview h2")).to_be_focused()
    assert here.look(second).assignee_id == supporter.id
    expect(page.locator(f'tr[data-id="{second}"] input[name=ticket]')).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#preview")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("[data-many-count]")).to_have_text("Ingen valgt")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect_heading(page, "Outlook går ned")
    assert page.url.endswith(f"/tickets/{first}?from=")


def test_an_address_with_a_ticket_in_the_pane_fetches_it_once(here: Desk, supporter: Person, visit: Visits) -> None:
    number = here.ticket(subject="Outlook går ned")
    page, asked = visit(supporter), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/queue?preview=SD-{number}")
    expect(page.locator("#preview h2")).to_have_text("Outlook går ned")
    settled(page)
    expect(page.locator("tr[aria-current]")).to_contain_text("Outlook går ned")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/preview" in url] == []


def test_the_list_follows_without_moving_what_one_works_on(here: Desk, supporter: Person, visit: Visits) -> None:
    ticket = here.ticket(subject="Outlook går ned")
    page = _with_a_clock(visit(supporter))
    page.locator(f'tr[data-id="{ticket}"] input[name=ticket]').check()
    colleague = here.person(Role.SUPPORTER, name="Jonas Lind", initials="joli")
    newer, actor = here.ticket(subject="Printeren larmer"), here.actor(colleague)
    with here.app.app_context():
        commands.take(ticket, by=actor, now=clock.now())
    page.clock.fast_forward(POLLED_EVERY)
    expect(page.locator("#queue-news")).to_contain_text("1 ny")
    expect(page.locator(f'tr[data-id="{newer}"]')).to_have_count(0)
    expect(page.locator(f'tr[data-id="{ticket}"]')).to_contain_text("Jonas Lind")
    page.get_by_role("button", name="Vis dem").click()
    expect(page.locator(f'tr[data-id="{newer}"]')).to_be_visible()
    expect(page.locator(f'tr[data-id="{ticket}"] input[name=ticket]')).to_be_checked()


def test_an_empty_queue_that_fills_can_be_worked_on(here: Desk, supporter: Person, visit: Visits) -> None:
    page = _with_a_clock(visit(supporter))
    expect(page.locator("[data-many]")).to_be_hidden()
    ticket = here.ticket(subject="Outlook går ned")
    page.clock.fast_forward(POLLED_EVERY)
    page.locator(f'tr[data-id="{ticket}"] input[name=ticket]').check()
    expect(page.locator("[data-many-count]")).to_have_text("1 valgt")


def _with_a_clock(page: Page) -> Page:
    page.clock.install()
    page.goto("/queue")
    page.wait_for_load_state("networkidle")
    return page


def test_two_at_a_ticket_see_each_other(here: Desk, supporter: Person, team: Team, visit: Visits) -> None:
    colleague = here.person(Role.SUPPORTER, team=team, name="Jonas Lind", initials="joli")
    ticket = here.ticket("open", assignee=supporter)
    his = visit(colleague, f"/tickets/{ticket}")
    his.locator("textarea:visible").first.fill("Jeg ser på det")
    hers = visit(supporter, f"/tickets/{ticket}")
    expect(hers.get_by_text("Jonas Lind skriver et svar")).to_be_visible(timeout=30_000)


def test_on_a_phone_a_row_opens_the_ticket(here: Desk, supporter: Person, visit: Visits) -> None:
    here.ticket(subject="Outlook går ned")
    page = visit(supporter, "/queue", width=PHONE)
    page.get_by_role("link", name="Outlook går ned").click()
    expect_heading(page, "Outlook går ned")
