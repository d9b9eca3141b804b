"""Every page in each language, wide and narrow, light and dark: nothing that bars a reader, nothing beside the page.

Pictures of them all: SERVICEDESK_TEST_SHOTS=folder pytest tests/pages/test_looks.py
"""

import re
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
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
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


def write_subject(page: Page) -> None:
    page.locator("#subject").press_sequentially("Kan ikke komme på nettet", delay=5)
    page.wait_for_selector("#suggestions .suggestion")


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details:not(.filter)').forEach(part => part.open = true)")


def open_filter(page: Page) -> None:
    page.locator("details.filter").nth(1).locator("summary").click()


def wrong_number(page: Page) -> None:
    page.locator("#number").evaluate(
        "field => { field.value = 'SD-999999'; field.form.requestSubmit(field.form.querySelector('button')); }"
    )
    page.wait_for_selector("main .error-summary")


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


def open_keys(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Tastaturgenveje|Keyboard shortcuts")).last.click()
    page.wait_for_selector("dialog[data-keys-sheet][open]")


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[data-palette] [role=option]")


def type_in_palette(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("sensum")
    page.wait_for_selector("dialog[data-palette] [role=option] >> text=Sensum")
    page.wait_for_selector("[role=listbox]:not([aria-busy])")


def find_nothing_in_palette(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("999999")
    page.wait_for_selector("dialog[data-palette] .palette-status:not(.sr-only):not(:empty)")


def split_nothing(page: Page) -> None:
    page.locator("#subject").evaluate("field => field.value = ''")
    send("/split")(page)


def give_to_absent(page: Page) -> None:
    page.locator("#assignee option", has_text="Jonas Lind").evaluate("option => option.selected = true")
    page.locator('form[action*="/assignee"] button').first.click()
    page.wait_for_selector("main .notice-warning")
def choose_note(page: Page) -> None:
    page.locator("input[value=internal]").check()


def send_reply(page: Page) -> None:
    page.locator("textarea[name=body]").fill("Jeg kigger på den **i dag** og skriver, når der er nyt.")
    page.locator("[data-send]").click()
    page.wait_for_selector("[data-on-its-way]")


def send_from_old_page(page: Page) -> None:
    page.locator("textarea[name=body]").fill("Det passer vist ikke længere.")
    page.locator("main input[name=seen]").evaluate_all("fields => fields.forEach(field => { field.value = 1 })")
    page.locator("[data-send]").click()
    page.wait_for_selector("#meanwhile")


def ask_for_texts(page: Page) -> None:
    page.locator("textarea[name=body]").type("::")
    page.wait_for_selector(".suggestion")


def save_old_draft(page: Page) -> None:
    page.evaluate(
        """() => {
          const form = document.createElement('form');
          const given = { csrf_token: document.querySelector('[name=csrf_token]').value, body: 'En ældre udgave' };
          Object.entries(given).forEach(([name, value]) => {
            form.append(Object.assign(document.createElement('input'), { name, value }));
          });
          const action = document.querySelector('main form').action.replace(/\\/[a-z]+$/, '');
          Object.assign(form, { method: 'post', action });
          document.body.append(form);
          form.submit();
        }"""
    )
    page.wait_for_selector("main .kept")


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
    Look("home-supporter", "supporter", "/"),
    Look("home-chief", "chief", "/", is_variant=True),
    Look("home-keys", "supporter", "/", open_keys),
    Look("keys", "supporter", "/keys"),
    Look("palette", "supporter", "/queue", open_palette),
    Look("palette-typed", "supporter", "/tickets/{talk}", type_in_palette),
    Look("palette-none", "employee", "/", find_nothing_in_palette),
    Look("mine", "employee", "/tickets"),
    Look("mine-ended", "employee", "/tickets?show=ended"),
    Look("mine-empty", "newcomer", "/tickets"),
    Look("file", "employee", "/tickets/new?kind=incident"),
    Look("file-all", "superbruger", "/tickets/new?kind=request", open_all),
    Look("file-refused", "employee", "/tickets/new", send("/tickets/new")),
    Look("file-other", "newcomer", "/tickets/new?kind=other", is_variant=True),
    Look("file-suggestions", "employee", "/tickets/new", write_subject, is_variant=True),
    Look("help", "employee", "/help?q=skyllerummet"),
    Look("help-none", "employee", "/help?q=enhjørning", is_variant=True),
    Look("home-staff", "supporter", "/", is_variant=True),
    Look("call-who", "supporter", "/tickets/call"),
    Look("call-several", "supporter", "/tickets/call?q=m", is_variant=True),
    Look("call", "supporter", "/tickets/call?person={caller}", open_all),
    Look("call-refused", "supporter", "/tickets/call?person={caller}", send("/tickets/call"), is_variant=True),
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
    Look("ticket-staff-journal", "supporter", "/tickets/{journal}?from=sort%3Ddue"),
    Look("ticket-staff-journal-open", "supporter", "/tickets/{journal}", open_all, is_variant=True),
    Look("similar", "supporter", "/tickets/{talk}/similar"),
    Look("merge-number", "supporter", "/tickets/{waiting}/merge"),
    Look("merge-unknown", "supporter", "/tickets/{waiting}/merge?number=SD-999999"),
    Look("merge", "supporter", "/tickets/{waiting}/merge?number=SD-{long}"),
    Look("merge-refused", "supporter", "/tickets/{waiting}/merge?number=SD-{closed}", is_variant=True),
    Look("split", "supporter", "/tickets/{talk}/split?entry=1"),
    Look("split-refused", "supporter", "/tickets/{talk}/split", split_nothing, is_variant=True),
    Look("ticket-staff-note", "supporter", "/tickets/{talk}", choose_note),
    Look("ticket-staff-sending", "colleague", "/tickets/{waiting}", send_reply),
    Look("ticket-staff-meanwhile", "colleague", "/tickets/{talk}", send_from_old_page),
    Look("ticket-staff-suggestions", "supporter", "/tickets/{talk}", ask_for_texts),
    Look("drafts", "supporter", "/drafts"),
    Look("drafts-none", "newcomer", "/drafts"),
    Look("draft-two", "supporter", "/drafts", save_old_draft),
    Look("phrases", "chief", "/phrases"),
    Look("phrases-none", "superbruger", "/phrases"),
    Look("phrase-new", "chief", "/phrases/new"),
    Look("phrase-refused", "chief", "/phrases/new", send("/phrases/new")),
    Look("phrase", "chief", "/phrases/{phrase}"),
    Look("edit", "supporter", "/tickets/{talk}/edit"),
    Look("edit-absent", "supporter", "/tickets/{fresh}/edit?from=", give_to_absent),
    Look("queue", "supporter", "/queue"),
    Look("queue-due", "supporter", "/queue?sort=due", is_variant=True),
    Look("queue-filter", "supporter", "/queue", open_filter),
    Look("queue-chosen", "chief", "/queue?state=open&state=new&priority=1&priority=2", is_variant=True),
    Look("queue-none", "supporter", "/queue?state=cancelled&priority=1&assignee=me"),
    Look(
        "queue-grouped",
        "supporter",
        "/queue?group=team&col=time&col=held&col=kind&col=filed",
        is_variant=True,
    ),
    Look("queue-view", "supporter", "/queue?view={view}"),
    Look("queue-changed", "chief", "/queue?view={view}&priority=3&sort=due", open_all),
    Look("queue-lost", "supporter", "/queue?view=999999", is_variant=True),
    Look("queue-preview", "supporter", "/queue?view=all&preview=SD-{talk}"),
    Look("queue-columns", "supporter", "/queue?arrange=1", is_variant=True),
    Look("queue-views", "chief", "/queue/views", open_all),
    Look("queue-views-none", "superbruger", "/queue/views", is_variant=True),
    Look("queue-superbruger", "superbruger", "/queue", is_variant=True),
    Look("queue-manager", "manager", "/queue", is_variant=True),
    Look("queue-owner", "owner", "/queue", is_variant=True),
    Look("search", "supporter", "/search?q=sensum"),
    Look("search-employee", "employee", "/search?q=sensum", is_variant=True),
    Look("search-fields", "supporter", "/search?q=tilstand:alle+statsu:ny+sensum", open_all),
    Look("search-unclear", "supporter", "/search?q=system:ukendt+team:"),
    Look("search-none", "employee", "/search?q=enhjørning"),
    Look("search-blank", "employee", "/search"),
    Look("profile", "supporter", "/me"),
    Look("absence", "supporter", "/me/absence"),
    Look("absence-refused", "supporter", "/me/absence", send("/me/absence")),
    Look("absences", "chief", "/admin/absences"),
    Look("absences-elsewhere", "administrator", "/admin/absences", is_variant=True),
    Look("settings", "chief", "/admin/settings"),
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
    Look("status", "employee", "/status"),
    Look("status-staff", "supporter", "/status", is_variant=True),
    Look("status-system", "employee", "/status/systems/{system}"),
    Look("disturbance", "employee", "/status/{down}"),
    Look("disturbance-staff", "supporter", "/status/{down}", open_all),
    Look("disturbance-refused", "supporter", "/status/{down}", send("/updates"), is_variant=True),
    Look("disturbance-over", "supporter", "/status/{over}"),
    Look("disturbance-planned", "supporter", "/status/{window}"),
    Look("disturbance-mistaken", "supporter", "/status/{mistaken}"),
    Look("disturbance-new", "supporter", "/status/new", open_all),
    Look("disturbance-new-refused", "supporter", "/status/new", send("/status/new"), is_variant=True),
    Look("maintenance-new", "supporter", "/status/maintenance/new"),
    Look("known-errors", "employee", "/known-errors"),
    Look("known-errors-staff", "supporter", "/known-errors?system={system}"),
    Look("known-errors-none", "employee", "/known-errors?q=kaffe"),
    Look("known-error", "employee", "/known-errors/{known}"),
    Look("known-error-staff", "supporter", "/known-errors/{staffs}"),
    Look("known-error-deleted", "supporter", "/known-errors/{deleted}"),
    Look("known-error-edit", "supporter", "/known-errors/{known}/edit"),
    Look("known-error-new", "supporter", "/known-errors/new"),
    Look("known-error-new-refused", "supporter", "/known-errors/new", send("/known-errors/new"), is_variant=True),
    Look("known-error-from-ticket", "supporter", "/tickets/{closed}/known-error"),
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
NO_PAGES = {
    *("static", "upkeep.healthz", "upkeep.readyz", "tickets.attachment", "tickets.waiting_file"),
    *("drafts.fetch", "drafts.file", "tickets.suggest_phrases", "tickets.suggest_colleagues"),
}
#: Pieces of pages, which are looked at as parts of them.
PIECES = {
    *("cockpit.live", "cockpit.counts", "cockpit.preview", "search.find"),
    *("tickets.suggestions", "tickets.call_suggestions", "tickets.people"),
}


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
    assert pages - seen == NO_PAGES | PIECES
