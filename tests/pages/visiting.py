"""Browsers for people, and an eye on what goes wrong in them."""

import os
import re
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

from servicedesk.core import clock
from servicedesk.signin import queries
from servicedesk.signin.models import SignIn
from tests.desk import Desk, Someone, id_of

#: Where pictures of pages are put, when somebody wants to look at them.
SHOTS = os.environ.get("SERVICEDESK_TEST_SHOTS", "")

DESKTOP = 1280
TABLET = 768
PHONE = 375
NARROWEST = 320


class Visits:
    """Opens browsers, watches them all, and closes them at the end."""

    def __init__(self, site: Flask, chromium: Browser) -> None:
        self._site = site
        self._chromium = chromium
        self._desk = Desk(site)
        self._contexts: list[BrowserContext] = []
        self._tabs: dict[str, Page] = {}
        self.base_url = site.extensions["settings"].base_url
        #: What went wrong, each in words.
        self.troubles: list[str] = []
        self._expected: tuple[str, ...] = ()

    def __call__(
        self,
        person: Someone | None = None,
        path: str = "",
        *,
        width: int = DESKTOP,
        javascript: bool = True,
        locale: str | None = None,
        tab: str | None = None,
    ) -> Page:
        """A page of a new browser, or in the tab that is kept under that name, with all that it has fetched."""
        page = self._tabs.get(tab) if tab else None
        if page is None:
            context = self._open(width, javascript)
            self._keep_session(context, person, locale)
            page = context.new_page()
            self._watch(page)
            if tab:
                self._tabs[tab] = page
        page.set_viewport_size({"width": width, "height": 800})
        if path:
            page.goto(path)
            if javascript and page.locator("script[type=module]").count():
                settled(page)
        return page

    def _open(self, width: int, javascript: bool) -> BrowserContext:
        context = self._chromium.new_context(
            base_url=self.base_url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            service_workers="block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        return context

    def _keep_session(self, context: BrowserContext, person: Someone | None, locale: str | None) -> None:
        kept: dict[str, Any] = {"locale": locale} if locale else {}
        if person is not None:
            kept |= {"_user_id": self._sign_in(person), "_fresh": True}
        if kept:
            signer = self._site.session_interface.get_signing_serializer(self._site)  # type: ignore[attr-defined]
            context.add_cookies([{"name": "session", "value": signer.dumps(kept), "url": self.base_url}])

    def _sign_in(self, person: Someone) -> str:
        token, now = token_urlsafe(), clock.now()
        digest = queries.token_digest(token)
        self._desk.add(SignIn(digest=digest, person_id=id_of(person), started_at=now, seen_at=now, device="Chromium"))
        return token

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error} {error.stack}"))
        page.on("request", self._check_host)
        page.on("requestfailed", self._check_failed)
        page.on("response", self._check_response)

    def _hear(self, message: ConsoleMessage) -> None:
        # That a page answered 404 or 422 stands in the console too; `_check_response` hears of what else fails.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console {message.type}: {message.text} ({message.location})")

    def _check_host(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(self.base_url):
            self.troubles.append(f"asked another host: {request.url}")

    def _check_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what is left behind when one goes on to another page
            self.troubles.append(f"failed: {request.url} {request.failure}")

    def _check_response(self, response: Response) -> None:
        is_expected = response.request.is_navigation_request() and (
            response.status < 500 or "/refused/" in response.url
        )
        if response.status >= 400 and not is_expected:
            self.troubles.append(f"{response.status}: {response.url}")

    def end(self) -> None:
        for context in self._contexts:
            context.close()
        self.check()

    def expect_trouble(self, *beginnings: str) -> None:
        """What begins so is part of the story, and fails nothing."""
        self._expected += beginnings

    def check(self) -> None:
        """Fails with what went wrong since the last time, if anything did."""
        troubles, self.troubles = [one for one in self.troubles if not one.startswith(self._expected)], []
        assert not troubles, "\n".join(troubles)


def press(page: Page, name: str, nth: int = 0) -> None:
    """Presses a button, and says yes where the page asks first."""
    page.get_by_role("button", name=name, exact=True).nth(nth).click()
    question = page.get_by_role("dialog")
    if question.is_visible():
        question.get_by_role("button", name=name, exact=True).click()


def send(page: Page) -> None:
    """Sends what staff have written on a ticket, and does not wait until it can no longer be taken back."""
    page.locator("[data-send]").click()
    page.get_by_role("button", name=re.compile(r"^(Send|Gem) nu$")).click()


def unfold(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).first.click()


def settled(page: Page) -> None:
    """Nobody is as quick as a test: the page's own modules have begun before anything is pressed."""
    page.wait_for_selector("html[data-ready]", state="attached")


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def width_of(page: Page) -> int:
    """How wide the page's content is; more than the window is a page that scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page, when pictures are wanted."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the focus, which must be seen, is on what is called so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(_NAME_OF_FOCUS):
            assert page.evaluate(_IS_FOCUS_SEEN), f"the focus is not seen on {name}"
            return
    raise AssertionError(f"Tab never comes to {name}")


_IS_FOCUS_SEEN = """() => {
  const at = document.activeElement;
  return [at, at.closest('label')].some(one => one && getComputedStyle(one).outlineStyle !== 'none');
}"""
_NAME_OF_FOCUS = """() => {
  const at = document.activeElement;
  return [at.labels?.[0]?.textContent, at.textContent, at.ariaLabel].join(' ');
}"""
