"""Coming in, choosing a language, and leaving; with scripts and without."""

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core import clock
from servicedesk.signin import queries
from servicedesk.signin.models import ResetToken
from tests.desk import Desk
from tests.pages.visiting import expect_heading, press

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Brugernavn eller e-mail").fill(name)
    page.get_by_label("Adgangskode").fill(password)
    press(page, "Log ind")


def test_comes_in_where_one_was_going_and_leaves(here: Desk, opened: Open) -> None:
    name = token_hex(4)
    person = here.person(initials=name, password="fire våde katte sover", name="Mette Holm")
    page = opened(None, "/tickets")
    sign_in(page, name, "noget andet")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Brugernavn eller e-mail")).to_have_value(name)
    sign_in(page, name, "fire våde katte sover")
    expect_heading(page, "Mine henvendelser")
    expect(page.get_by_role("link", name=person.name)).to_be_visible()
    press(page, "Log ud")
    expect(page.get_by_text("Du er logget ud.")).to_be_visible()
    page.go_back()
    page.reload()
    expect_heading(page, "Log ind")


def test_tries_it_as_one_of_the_made_up_people(here: Desk, opened: Open) -> None:
    here.person(name="Mette Holm")
    page = opened(None, "/sign-in")
    page.locator(".trial-people button").first.click()
    expect_heading(page, "Hej ")


def test_changes_the_language(here: Desk, opened: Open) -> None:
    page = opened(here.person(), "/tickets?show=ended")
    press(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/tickets?show=ended")
    press(page, "Dansk")
    expect(page.locator("html")).to_have_attribute("lang", "da")


def test_chooses_a_new_password(here: Desk, opened: Open) -> None:
    name, token = token_hex(4), token_hex(16)
    person = here.person(initials=name, password="fire våde katte sover")
    here.add(ResetToken(digest=queries.reset_digest(token), person_id=person.id, made_at=clock.now()))
    page = opened(None, "/sign-in")
    page.get_by_role("link", name="Har du glemt din adgangskode?").click()
    page.get_by_label("Brugernavn eller e-mail").fill(name)
    press(page, "Send mig et link")
    expect_heading(page, "Se efter en mail fra os")
    page.goto(f"/password/reset/{token}")
    page.get_by_label("Ny adgangskode", exact=False).first.fill("kort")
    page.get_by_label("Ny adgangskode igen").fill("kort")
    press(page, "Gem ny adgangskode")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Ny adgangskode", exact=False).first.fill("syv tørre hunde løber")
    page.get_by_label("Ny adgangskode igen").fill("syv tørre hunde løber")
    press(page, "Gem ny adgangskode")
    expect(page.get_by_text("Din adgangskode er ændret.")).to_be_visible()
    sign_in(page, name, "syv tørre hunde løber")
    expect_heading(page, "Hej ")
    page.goto(f"/password/reset/{token}")
    expect_heading(page, "Linket virker ikke længere")
