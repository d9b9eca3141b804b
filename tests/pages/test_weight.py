"""What a first visit costs over the line: nothing kept yet, everything packed, as Chromium itself counts it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person
from tests.desk import Desk
from tests.pages.visiting import Visits

pytestmark = pytest.mark.browser

QUEUE_ROWS = 50
#: Milliseconds; weight is not measured by the clock, so a busy machine may take its time.
PATIENCE = 60_000
FETCHED_ANEW = """() => performance.getEntriesByType("resource")
  .filter((one) => one.transferSize > 0).map((one) => one.name)"""


def weigh(page: Page, path: str) -> tuple[int, dict[str, int]]:
    """Bytes that came for a page and all that it loads: together, and by address."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    weights: dict[str, int] = {}

    def note(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["response"]["url"]

    def count(event: dict[str, Any]) -> None:
        weights[names.get(event["requestId"], "?")] = int(event["encodedDataLength"])

    session.on("Network.responseReceived", note)
    session.on("Network.loadingFinished", count)
    page.goto(path, wait_until="networkidle", timeout=PATIENCE)
    return sum(weights.values()), weights


@pytest.fixture
def supporter(here: Desk) -> Person:
    """Who looks at a full page of the queue."""
    for number in range(QUEUE_ROWS):
        here.ticket(by=here.person(), subject=f"Printer nummer {number} på {number % 7}. sal skriver kun sort")
    return here.person(Role.SUPPORTER)


def test_the_employees_start_is_light(here: Desk, visit: Visits) -> None:
    total, weights = weigh(visit(here.person()), "/")
    assert total <= 150_000, weights


def test_the_queue_is_light(supporter: Person, visit: Visits) -> None:
    total, weights = weigh(visit(supporter), "/queue")
    assert total <= 250_000, weights


def test_a_second_page_loads_nothing_but_itself(here: Desk, visit: Visits) -> None:
    page = visit(here.person())
    page.goto("/", timeout=PATIENCE)
    page.goto("/tickets", wait_until="networkidle", timeout=PATIENCE)
    assert page.evaluate(FETCHED_ANEW) == []


def test_the_pages_own_text_goes_packed(here: Desk, visit: Visits) -> None:
    page = visit(here.person())
    with page.expect_response(lambda response: response.url.endswith("/tickets")) as caught:
        page.goto("/tickets", timeout=PATIENCE)
    assert caught.value.header_value("content-encoding") == "br"
