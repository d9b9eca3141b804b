"""Every page in each language, wide and narrow, light and dark: nothing that bars a reader, nothing beside the page.

`make looks` asks axe everything of every page at each width, in each language, in the light and in the dark, which
takes the better part of an hour. Among the other tests axe is asked once for each Danish page, with all its rules: of a
page where there is room and in the light, of its variants on the narrowest screen and in the dark. That nothing stands
beside the page is looked at for each Danish page at each width; Danish words are the longer ones.

Pictures of them all: SERVICEDESK_TEST_SHOTS=folder pytest tests/pages/test_looks.py
"""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.desk import Desk
from tests.pages import town as towns
from tests.pages.look import Look
from tests.pages.looks import LOOKS
from tests.pages.town import Town
from tests.pages.visiting import DESKTOP, NARROWEST, TABLET, Visits, shoot, width_of

pytestmark = pytest.mark.browser

AXE = Axe()
#: Whether axe is asked everything everywhere.
EVERYTHING = os.environ.get("SERVICEDESK_TEST_LOOKS") == "every"
#: All that axe knows of, and what may differ with the colours.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}

LOCALES = ("da", "en") if EVERYTHING else ("da",)
SEEN = [(look, locale) for look in LOOKS for locale in LOCALES if locale == "da" or not look.is_variant]
#: Answered with something else than a page, or only on the way to one.
NO_PAGES = {
    *("static", "upkeep.healthz", "upkeep.readyz", "tickets.attachment", "status.calendar"),
    *("drafts.fetch", "drafts.file", "tickets.suggest_phrases", "tickets.suggest_colleagues"),
    *("superbrugere.meeting_file", "superbrugere.meetings_calendar", "training.session_file"),
    "accountability.download",
}
#: Pieces of pages, which are looked at as parts of them.
PIECES = {
    *("cockpit.live", "cockpit.counts", "cockpit.here", "cockpit.preview", "search.find"),
    *("tickets.suggestions", "tickets.call_suggestions", "tickets.people", "superbrugere.people"),
    *("training.suggestions", "competence.suggest_topics", "trying.progress", "privacy.progress"),
    "accountability.progress",
}


@pytest.fixture(scope="module")
def town(site: Flask) -> Town:
    return towns.build(Desk(site))


@pytest.fixture(scope="module")
def visits(site: Flask, chromium: Browser) -> Iterator[Visits]:
    """One tab for each person and language, so that what pages share is fetched once."""
    visits = Visits(site, chromium)
    yield visits
    visits.end()


@pytest.mark.parametrize(("look", "locale"), SEEN, ids=[f"{look.name}-{locale}" for look, locale in SEEN])
def test_page_bars_nobody(look: Look, locale: str, town: Town, visits: Visits) -> None:
    person = town.speaking(look.who, locale) if look.who else None
    page = visits(person, town.address(look.path), locale=locale, tab=f"{look.who} {locale}")
    if look.then:
        look.then(page)
    for width in (DESKTOP, TABLET, NARROWEST):
        page.set_viewport_size({"width": width, "height": 800})
        shoot(page, f"{look.name}-{locale}-{width}")
        assert width_of(page) <= width, f"scrolls sideways at {width} px"
        if EVERYTHING or (locale == "da" and width == DESKTOP and not look.is_variant):
            _look(page)
        if EVERYTHING or (locale == "da" and width == NARROWEST and look.is_variant):
            page.emulate_media(color_scheme="dark")
            shoot(page, f"{look.name}-{locale}-{width}-dark")
            _look(page)
            page.emulate_media(color_scheme="light")
    visits.check()


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
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]:not([data-sample])')")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = AxeResults(page.evaluate("options => axe.run(document, options)", options))
    assert found.violations_count == 0, found.generate_report()


def test_every_page_is_looked_at(site: Flask, town: Town) -> None:
    router = site.url_map.bind("127.0.0.1")
    seen = {router.match(urlsplit(town.address(look.path)).path)[0] for look in LOOKS}
    rules = [rule for rule in site.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.endpoint for rule in rules if "ending" not in rule.arguments and not rule.rule.endswith(".pdf")}
    assert pages - seen == NO_PAGES | PIECES
