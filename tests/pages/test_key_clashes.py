"""No key means two things on a page, and no single key swallows the first of two."""

from collections import Counter

import pytest
from playwright.sync_api import Page

from servicedesk.core.actor import Role
from tests.desk import Desk
from tests.pages.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.committing]
#: What keys.js itself knows of the page: elements that count now, and handlers.
KEYS = """async () => {
  const { actions } = await import(document.querySelector('script[type=module]').src.replace('app.js', 'keys.js'));
  return actions().map(({ key, element }) => [key, element ? element.outerHTML.slice(0, 120) : '']);
}"""


def keys_of(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    found = page.evaluate(KEYS)
    assert found, page.url
    return [key for key, _element in found]


def check(page: Page) -> None:
    keys = keys_of(page)
    twice = [key for key, number in Counter(keys).items() if number > 1]
    firsts = {key.split()[0] for key in keys if " " in key}
    assert (page.url, twice, firsts & set(keys)) == (page.url, [], set())


@pytest.mark.parametrize("role", [Role.SUPPORTER, Role.SERVICEDESK_MANAGER, None])
def test_every_key_means_one_thing(here: Desk, role: Role | None, visit: Visits) -> None:
    team = here.team(name="Servicedesk", is_first_line=True)
    person = here.person(role, team=team) if role else here.person()
    new, mine = here.ticket(by=here.person()), here.ticket(by=person)
    page = visit(person, "/")
    check(page)
    own = ("/tickets", f"/tickets/{mine}", "/tickets/new", "/search", "/me", "/status", "/known-errors", "/help")
    staff = (
        "/queue",
        f"/queue?preview=SD-{new}",
        f"/tickets/{new}",
        f"/tickets/{new}?from=sort%3Dage",
        "/tickets/call",
    )
    more = (f"/tickets/{new}/edit", "/queue/views", "/queue/macros", "/queue/bulk/runs", "/phrases", "/drafts")
    for path in own + ((staff + more) if role else ()):
        answer = page.goto(path)
        if answer is not None and answer.status == 200:
            check(page)
