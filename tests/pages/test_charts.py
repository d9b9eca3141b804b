"""Charts in a real browser: words of the same size on every screen, bars that open, nothing that needs a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core.actor import Role
from tests.agreements_made import agree
from tests.desk import Desk
from tests.pages.visiting import DESKTOP, NARROWEST, PHONE, expect_heading

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]

#: Words of drawings that are smaller than people read, or that touch each other.
UNREADABLE = """() => [...document.querySelectorAll(".chart-drawing")].flatMap((drawing) => {
  const seen = [...drawing.querySelectorAll("text")].filter((one) => one.checkVisibility());
  const boxes = seen.map((one) => [one.textContent, one.getBoundingClientRect()]);
  const small = seen.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 12).map((one) => one.textContent);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  const touching = boxes.flatMap(([words, box], at) =>
    boxes.slice(at + 1).filter(([, other]) => !apart(box, other)).map(([others]) => `${words} on ${others}`));
  return [...small, ...touching];
})"""


@pytest.fixture
def components(here: Desk, opened: Open) -> Page:
    return opened(here.person(Role.ADMINISTRATOR), "/developer/components")


@pytest.mark.parametrize("width", [NARROWEST, PHONE, 640, DESKTOP])
def test_words_of_drawings_can_be_read_at_every_width(components: Page, width: int) -> None:
    components.set_viewport_size({"width": width, "height": 800})

    assert components.evaluate(UNREADABLE) == []


def test_a_column_opens_from_the_keyboard_and_says_what_it_is(components: Page) -> None:
    column = components.get_by_role("link", name="marts 2026: 94")

    column.first.focus()
    components.keyboard.press("Enter")
    assert components.url.endswith("#m3")


def test_where_fingers_have_no_room_the_table_opens_the_same(components: Page) -> None:
    components.set_viewport_size({"width": NARROWEST, "height": 800})
    figure = components.locator("#sample-pressed")

    expect(figure.locator(".chart-link").first).to_be_hidden()
    figure.locator("summary").click()
    figure.get_by_role("row", name="marts 2026").get_by_role("link").click()
    assert components.url.endswith("#m3")


def test_an_employee_finds_what_is_promised_from_the_start_page(here: Desk, opened: Open) -> None:
    agree(here, "F", response="30 minutes", resolution="4 hours")
    page = opened(here.person(name="Mette Holm"), "/", width=PHONE)

    page.get_by_role("link", name="Servicemål og åbningstider").click()
    expect_heading(page, "Servicemål")
    words = "Vi svarer inden 30 minutter og løser det inden 4 timer, døgnet rundt."
    expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("link", name="Læs hele aftalen").click()
    expect_heading(page, "Det lover vi")
