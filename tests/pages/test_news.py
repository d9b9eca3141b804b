"""What is new, seen from the bell: with scripts and without, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets import commands
from tests.desk import Desk
from tests.pages.visiting import PHONE, expect_heading, press

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def answer(here: Desk, ticket: int, text: str) -> None:
    supporter = here.actor(here.person(Role.SUPPORTER, name="Lene Krogh"))
    with here.app.app_context():
        commands.reply(ticket, body=text, by=supporter, now=clock.now())


def test_an_answer_is_seen_in_the_bell_and_read_in_the_ticket(here: Desk, opened: Open) -> None:
    person = here.person(name="Mette Holm")
    ticket = here.ticket(by=person, subject="Printeren striber")
    answer(here, ticket, "Prøv at slukke den.")
    answer(here, ticket, "Og tænd den igen.")

    page = opened(person, "/", width=PHONE)
    page.get_by_role("link", name="Nyt").filter(has_text="1").click()
    expect_heading(page, "Nyt til dig")
    expect(page.get_by_role("main")).to_contain_text(f"2 nyheder om SD-{ticket}")
    page.get_by_role("link", name="Printeren striber").click()
    expect_heading(page, "Printeren striber")
    expect(page.locator(".bell-count")).to_have_count(0)


def test_all_is_marked_as_read(here: Desk, opened: Open) -> None:
    person = here.person()
    for subject in ("Printeren striber", "Skærmen er sort"):
        answer(here, here.ticket(by=person, subject=subject), "Vi ser på det.")

    page = opened(person, "/notices")
    expect(page.get_by_text("Ulæst")).to_have_count(2)
    page.get_by_role("button", name="Markér som læst").first.click()
    expect(page.get_by_text("Ulæst", exact=True)).to_have_count(1)
    press(page, "Markér alt som læst")
    expect(page.get_by_text("Ulæst", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="Printeren striber")).to_be_visible()


def test_chooses_one_mail_a_day(here: Desk, opened: Open) -> None:
    person = here.person()
    page = opened(person, "/me", width=PHONE)
    page.get_by_role("link", name="Vælg, hvad du får besked om").click()
    page.get_by_label("Mail: Servicedesken svarer").select_option("Samlet mail")
    page.get_by_label("Klokken (skal udfyldes)").fill("halv otte")
    press(page, "Gem")
    expect(page.get_by_role("alert")).to_contain_text("Skriv et klokkeslæt som 08:00.")
    page.get_by_label("Klokken (skal udfyldes)").fill("7.30")
    page.get_by_label("Hold mine stille timer").check()
    press(page, "Gem")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Klokken (skal udfyldes)")).to_have_value("07:30")
    expect(page.get_by_label("Mail: Servicedesken svarer")).to_have_value("digest")
