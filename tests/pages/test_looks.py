"""Every page in each language, wide and narrow, light and dark: nothing that bars a reader, nothing beside the page.

Pictures of them all: SERVICEDESK_TEST_SHOTS=folder pytest tests/pages/test_looks.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from tests.desk import Desk
from tests.pages import town as towns
from tests.pages.town import Town
from tests.pages.visiting import DESKTOP, NARROWEST, TABLET, Visits, shoot, width_of

pytestmark = pytest.mark.browser

AXE = Axe()
#: All that axe knows of, and what may differ in the dark.
RULES = {"resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


@dataclass(frozen=True)
class Look:
    """A page as one kind of person sees it; `then` brings it into another state first."""

    name: str
    who: str | None
    path: str
    then: Callable[[Page], None] | None = None

    #: A page that is the same as another but for what a role or a choice takes away is looked at in Danish only.
    is_variant: bool = False


def send(form: str) -> Callable[[Page], None]:
    """Sends the form that goes to `form` as it stands, past the browser's own checks."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        page.locator(f'main form[action$="{form}"]').last.evaluate(
            "form => form.requestSubmit(form.querySelector('button'))"
        )
        page.wait_for_selector("main .error-summary, main .error-page")

    return act


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details:not(.filter)').forEach(part => part.open = true)")


def open_filter(page: Page) -> None:
    page.locator("details.filter").nth(1).locator("summary").click()


def wrong_number(page: Page) -> None:
    page.locator("#number").evaluate("field => field.value = 'SD-999999'")
    send("/links")(page)


def choose_nonsense(page: Page) -> None:
    page.locator("#digest_time").evaluate("field => field.value = 'ved middag'")
    send("/me/notices")(page)


def choose_no_day(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main [name=days]').forEach(box => box.checked = false)")
    send("/decide")(page)


def preview_week(page: Page) -> None:
    for day in range(5):
        page.locator(f"#day_{day}").fill("10-12, 13-14")
    page.locator("button[value=preview]").click()
    page.wait_for_selector("#effects")


def send_without_name(page: Page) -> None:
    page.locator("#name").evaluate("field => field.value = ''")
    send("/edit")(page)


def look_beforehand(page: Page) -> None:
    page.locator("#all_3_resolution").fill("1")
    page.locator("button[value=preview]").click()
    page.wait_for_selector("#example")


LOOKS = [
    Look("sign-in", None, "/sign-in"),
    Look("sign-in-refused", None, "/sign-in", send("/sign-in")),
    Look("forgot", None, "/password/forgot"),
    Look("forgot-refused", None, "/password/forgot", send("/password/forgot")),
    Look("forgot-asked", None, "/password/forgot?asked"),
    Look("reset-used", None, "/password/reset/{reset_used}"),
    Look("reset", None, "/password/reset/{reset}"),
    Look("home", "employee", "/"),
    Look("home-new", "newcomer", "/"),
    Look("mine", "employee", "/tickets"),
    Look("mine-ended", "employee", "/tickets?show=ended"),
    Look("mine-empty", "newcomer", "/tickets"),
    Look("file", "employee", "/tickets/new?kind=incident"),
    Look("file-all", "superbruger", "/tickets/new?kind=request", open_all),
    Look("file-refused", "employee", "/tickets/new", send("/tickets/new")),
    Look("ticket-new", "employee", "/tickets/{new}"),
    Look("ticket-waiting", "employee", "/tickets/{waiting}"),
    Look("ticket-resolved", "employee", "/tickets/{resolved}"),
    Look("ticket-closed", "employee", "/tickets/{closed}"),
    Look("ticket-cancelled", "employee", "/tickets/{cancelled}"),
    Look("ticket-long", "employee", "/tickets/{long}"),
    Look("ticket-talk", "employee", "/tickets/{talk}"),
    Look("ticket-secret", "confidant", "/tickets/{secret}"),
    Look("ticket-managed", "manager", "/tickets/{talk}", is_variant=True),
    Look("ticket-superbruger", "superbruger", "/tickets/{talk}", is_variant=True),
    Look("ticket-staff", "supporter", "/tickets/{talk}", is_variant=True),
    Look("ticket-staff-open", "supporter", "/tickets/{talk}", open_all),
    Look("ticket-staff-new", "supporter", "/tickets/{new}"),
    Look("ticket-staff-resolved", "supporter", "/tickets/{resolved}"),
    Look("ticket-staff-merged", "supporter", "/tickets/{merged}?merged=1"),
    Look("ticket-staff-refused", "supporter", "/tickets/{talk}", wrong_number),
    Look("ticket-staff-empty-reply", "supporter", "/tickets/{talk}", send("/entries")),
    Look("clocks", "employee", "/tickets/{talk}/clocks", open_all),
    Look("clocks-staff", "supporter", "/tickets/{waiting}/clocks", open_all, is_variant=True),
    Look("clocks-none", "confidant", "/tickets/{secret}/clocks"),
    Look("ticket-staff-waiting", "supporter", "/tickets/{waiting}", is_variant=True),
    Look("edit", "supporter", "/tickets/{talk}/edit"),
    Look("queue", "supporter", "/queue"),
    Look("queue-due", "supporter", "/queue?sort=due", is_variant=True),
    Look("queue-filter", "supporter", "/queue", open_filter),
    Look("queue-chosen", "chief", "/queue?state=open&state=new&priority=1&priority=2", is_variant=True),
    Look("queue-none", "supporter", "/queue?state=cancelled&priority=1&assignee=me"),
    Look("queue-superbruger", "superbruger", "/queue", is_variant=True),
    Look("queue-manager", "manager", "/queue", is_variant=True),
    Look("queue-owner", "owner", "/queue", is_variant=True),
    Look("search", "supporter", "/search?q=sensum"),
    Look("search-employee", "employee", "/search?q=sensum", is_variant=True),
    Look("search-none", "employee", "/search?q=enhjørning"),
    Look("search-blank", "employee", "/search"),
    Look("profile", "supporter", "/me"),
    Look("profile-password", "administrator", "/me", send("/me/password")),
    Look("notices", "employee", "/notices"),
    Look("notices-none", "newcomer", "/notices"),
    Look("notices-staff", "supporter", "/notices", is_variant=True),
    Look("choosing", "supporter", "/me/notices"),
    Look("choosing-own", "newcomer", "/me/notices", is_variant=True),
    Look("choosing-refused", "employee", "/me/notices", choose_nonsense),
    Look("admin", "administrator", "/admin"),
    Look("people", "administrator", "/admin/people"),
    Look("people-none", "administrator", "/admin/people?q=zzz"),
    Look("person", "administrator", "/admin/people/{person}", open_all),
    Look("person-sign-in", "administrator", "/admin/people/{person}/sign-in"),
    Look("person-new", "administrator", "/admin/people/new"),
    Look("person-refused", "administrator", "/admin/people/new", send("/admin/people/new")),
    Look("units", "administrator", "/admin/units"),
    Look("units-open", "administrator", "/admin/units", open_all),
    Look("unit", "administrator", "/admin/units/{unit}"),
    Look("teams", "administrator", "/admin/teams"),
    Look("team", "administrator", "/admin/teams/{team}?q=m"),
    Look("systems", "administrator", "/admin/systems"),
    Look("system", "administrator", "/admin/systems/{system}"),
    Look("system-new", "administrator", "/admin/systems/new"),
    Look("system-new-own", "administrator", "/admin/systems/new?customer={customer}", is_variant=True),
    Look("priorities", "administrator", "/admin/priorities"),
    Look("hours", "administrator", "/admin/hours"),
    Look("hours-new", "administrator", "/admin/hours/new"),
    Look("hours-refused", "administrator", "/admin/hours/new", send("/hours/new")),
    Look("calendar", "administrator", "/admin/hours/{hours}", open_all),
    Look("calendar-proposed", "administrator", "/admin/hours/{hours}?year={next_year}"),
    Look("calendar-none-chosen", "administrator", "/admin/hours/{hours}?year={next_year}", choose_no_day),
    Look("week", "administrator", "/admin/hours/{hours}/week"),
    Look("week-preview", "administrator", "/admin/hours/{hours}/week", preview_week),
    Look("day", "administrator", "/admin/hours/{hours}/day"),
    Look("day-refused", "administrator", "/admin/hours/{hours}/day", send("/day")),
    Look("import", "administrator", "/admin/import"),
    Look("import-refused", "administrator", "/admin/import", send("/admin/import")),
    Look("import-preview", "administrator", "/admin/import/{draft}"),
    Look("import-faulty", "administrator", "/admin/import/{faulty}"),
    Look("audit", "administrator", "/admin/audit"),
    Look("audit-none", "administrator", "/admin/audit?person=zzz"),
    Look("promises", "employee", "/agreements", open_all),
    Look("promises-chief", "chief", "/agreements", is_variant=True),
    Look("agreements", "chief", "/admin/agreements"),
    Look("agreement", "chief", "/admin/agreements/{agreement}", open_all),
    Look("agreement-edit", "chief", "/admin/agreements/{agreement}/edit", open_all),
    Look("agreement-refused", "chief", "/admin/agreements/{agreement}/edit", send_without_name),
    Look("agreement-preview", "chief", "/admin/agreements/{agreement}/edit", look_beforehand),
    Look("agreement-new", "chief", "/admin/agreements/new/{customer}?kind=supplier"),
    Look("agreement-withdrawal", "chief", "/admin/agreements/{agreement}/withdrawal"),
    Look("suppliers", "chief", "/admin/suppliers"),
    Look("supplier", "chief", "/admin/suppliers/{printers}"),
    Look("outbox", "administrator", "/admin/outbox"),
    Look("worker", "administrator", "/admin/worker"),
    Look("components", "administrator", "/developer/components", is_variant=True),
    Look("worker-chief", "chief", "/admin/worker", is_variant=True),
    *[
        Look(f"error-{status}", "employee", f"/refused/{status}", is_variant=status != 404)
        for status in (400, 403, 404, 413, 422, 429)
    ],
    *[
        Look(f"stranger-error-{status}", None, f"/refused/{status}", is_variant=status != 500)
        for status in (401, 404, 500, 503)
    ],
]

SEEN = [(look, locale) for look in LOOKS for locale in ("da", "en") if locale == "da" or not look.is_variant]
#: Answered with something else than a page, or only on the way to one.
NO_PAGES = {"static", "upkeep.healthz", "upkeep.readyz", "tickets.attachment"}


@pytest.fixture(scope="module")
def town(site: Flask) -> Town:
    return towns.build(Desk(site))


@pytest.mark.parametrize(("look", "locale"), SEEN, ids=[f"{look.name}-{locale}" for look, locale in SEEN])
def test_page_bars_nobody(look: Look, locale: str, town: Town, visit: Visits) -> None:
    person = town.speaking(look.who, locale) if look.who else None
    page = visit(person, town.address(look.path), locale=locale)
    if look.then:
        look.then(page)
    for width in (DESKTOP, TABLET, NARROWEST):
        page.set_viewport_size({"width": width, "height": 800})
        shoot(page, f"{look.name}-{locale}-{width}")
        assert width_of(page) <= width, f"scrolls sideways at {width} px"
        _look(page)
    if locale == "da":
        # Colours do not change with the width: the dark ones are looked at once.
        page.emulate_media(color_scheme="dark")
        shoot(page, f"{look.name}-dark")
        _look(page, COLOURS)


#: Pages that between them have every kind of part.
OTHERWISE = ["home", "file-refused", "ticket-talk", "ticket-staff-open", "queue-filter", "components"]


@pytest.mark.parametrize("look", [look for look in LOOKS if look.name in OTHERWISE], ids=lambda look: look.name)
def test_page_can_be_read_by_those_who_see_otherwise(look: Look, town: Town, visit: Visits) -> None:
    """Colours of the reader's own, more contrast, paper: nothing beside the page, and what is pressed has an edge."""
    assert look.who is not None
    page = visit(town.speaking(look.who, "da"), town.address(look.path))
    if look.then:
        look.then(page)
    for name, media in CONDITIONS.items():
        page.emulate_media(**media)
        shoot(page, f"{look.name}-{name}")
        assert width_of(page) <= DESKTOP, name
    page.emulate_media(media="screen", forced_colors="active", contrast="no-preference")
    assert page.evaluate(WITHOUT_EDGE) == []
    page.emulate_media(forced_colors="none", contrast="more")
    _look(page, COLOURS)


CONDITIONS: dict[str, dict[str, Any]] = {
    "forced": {"forced_colors": "active"},
    "contrast": {"forced_colors": "none", "contrast": "more"},
    "print": {"media": "print", "contrast": "no-preference"},
}
#: Buttons that are told from words by their colour alone, where colours are the reader's.
WITHOUT_EDGE = """() => [...document.querySelectorAll("main .button, main summary")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).borderTopStyle === "none"
    && !getComputedStyle(one).textDecorationLine.includes("underline"))
  .map((one) => one.outerHTML)"""


def test_nothing_moves_for_those_who_do_not_want_it(town: Town, visit: Visits) -> None:
    page = visit(town.people["supporter"], "/queue")
    page.evaluate("document.querySelector('main').setAttribute('aria-busy', 'true')")
    moving = page.evaluate("document.getAnimations().map(one => one.animationName ?? one.transitionProperty)")
    assert moving == []


def _look(page: Page, options: dict[str, Any] = RULES) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = AxeResults(page.evaluate("options => axe.run(document, options)", options))
    assert found.violations_count == 0, found.generate_report()


def test_every_page_is_looked_at(site: Flask, town: Town) -> None:
    router = site.url_map.bind("127.0.0.1")
    seen = {router.match(urlsplit(town.address(look.path)).path)[0] for look in LOOKS}
    pages = {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - seen == NO_PAGES
