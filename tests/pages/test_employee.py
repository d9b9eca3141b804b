"""An employee on a phone: files, follows, answers, judges and thinks better of it; with scripts and without."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core.actor import Role
from tests.desk import Desk
from tests.pages.town import picture
from tests.pages.visiting import PHONE, Visits, expect_heading, press, send, tab_to, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def file(page: Page, subject: str, **more: Any) -> None:
    page.get_by_role("link", name="Meld en fejl").first.click()
    page.get_by_label("Hvad drejer det sig om?").fill(subject)
    page.get_by_label("Fortæl mere").fill("Det begyndte i morges.")
    if "files" in more:
        page.get_by_label("Vælg billeder eller filer").set_input_files(more["files"])
    press(page, "Send")
    expect_heading(page, subject)


def test_files_with_a_picture(here: Desk, opened: Open, tmp_path: Path) -> None:
    page = opened(here.person(name="Mette Holm"), "/", width=PHONE)
    expect_heading(page, "Hej Mette")
    file(page, "Printeren striber", files=picture(tmp_path))
    expect(page.get_by_text("Tak. Vi har modtaget din henvendelse")).to_be_visible()
    expect(page.get_by_text("Næste skridt: en supporter ser på den.")).to_be_visible()
    attachment = page.get_by_role("link", name="skærmbillede af printeren.png")
    assert attachment.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
    with page.expect_download() as download:
        attachment.click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("link", name="Mine henvendelser").first.click()
    expect(page.get_by_role("main").get_by_role("link", name="Printeren striber")).to_be_visible()


def test_is_told_what_is_missing_and_loses_nothing(here: Desk, opened: Open) -> None:
    page = opened(here.person(), "/tickets/new", width=PHONE)
    page.get_by_label("Fortæl mere").fill("Det går i stå.")
    press(page, "Send")
    page.get_by_role("alert").get_by_role("link", name="Skriv kort, hvad det drejer sig om.").click()
    page.get_by_label("Hvad drejer det sig om?").fill("Pc'en går i stå")
    expect(page.get_by_label("Fortæl mere")).to_have_value("Det går i stå.")
    press(page, "Send")
    expect_heading(page, "Pc'en går i stå")


def test_a_file_that_is_too_large_keeps_the_text(here: Desk, opened: Open) -> None:
    page = opened(here.person(), "/tickets/new", width=PHONE)
    page.get_by_label("Hvad drejer det sig om?").fill("Stor film")
    page.get_by_label("Fortæl mere").fill("Se filmen.")
    film = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"0" * 1_200_000}
    page.get_by_label("Vælg billeder eller filer").set_input_files(film)  # type: ignore[arg-type]
    press(page, "Send")
    expect(page.get_by_role("alert")).to_contain_text("1 MB")
    expect(page.get_by_label("Fortæl mere")).to_have_value("Se filmen.")


def test_answers_a_question(here: Desk, opened: Open) -> None:
    person = here.person()
    ticket = here.ticket("waiting_user", by=person, subject="Skærmen er sort")
    page = opened(person, "/", width=PHONE)
    expect(page.get_by_text("Din tur: servicedesken venter på svar fra dig.")).to_be_visible()
    page.get_by_role("link", name="Skærmen er sort").click()
    expect(page.get_by_text("Hvilken printer er det?")).to_be_visible()
    page.get_by_label("Svar servicedesken").fill("Den på 2. sal.")
    press(page, "Send")
    expect(page.get_by_text("Den på 2. sal.")).to_be_visible()
    assert here.look(ticket).state == "open"


def test_says_that_it_works(here: Desk, opened: Open) -> None:
    person = here.person()
    ticket = here.ticket("resolved", by=person)
    page = opened(person, f"/tickets/{ticket}", width=PHONE)
    press(page, "Ja, det virker")
    expect(page.get_by_text("Henvendelsen er lukket.")).to_be_visible()
    assert here.look(ticket).state == "closed"


def test_says_that_it_does_not_work(here: Desk, opened: Open) -> None:
    person = here.person()
    ticket = here.ticket("resolved", by=person)
    page = opened(person, f"/tickets/{ticket}", width=PHONE)
    unfold(page, "Nej, det virker ikke")
    press(page, "Genåbn henvendelsen")
    expect(page.get_by_role("alert")).to_contain_text("Skriv, hvad der ikke virker.")
    page.get_by_role("textbox", name="Hvad virker ikke?").fill("Den striber stadig.")
    press(page, "Genåbn henvendelsen")
    expect(page.get_by_text("Den striber stadig.")).to_be_visible()
    assert here.look(ticket).state == "open"


def test_cancels(here: Desk, opened: Open) -> None:
    person = here.person()
    ticket = here.ticket(by=person)
    page = opened(person, f"/tickets/{ticket}", width=PHONE)
    unfold(page, "Annuller henvendelsen")
    page.get_by_label("Hvorfor?").fill("Det løste sig selv.")
    press(page, "Annuller henvendelsen")
    expect(page.get_by_text("Henvendelsen er annulleret.")).to_be_visible()
    assert here.look(ticket).state == "cancelled"


def test_writes_again_on_what_is_closed(here: Desk, opened: Open) -> None:
    person = here.person()
    ticket = here.ticket("closed", by=person)
    page = opened(person, f"/tickets/{ticket}", width=PHONE)
    page.get_by_label("Er der mere?").fill("Nu striber den igen.")
    press(page, "Send")
    expect(page.get_by_text("vi har oprettet en ny")).to_be_visible()
    assert f"/tickets/{ticket}" not in page.url


def test_files_for_a_colleague(here: Desk, opened: Open) -> None:
    home = here.unit(name="Egehøj Plejecenter")
    here.person(unit=home, name="Bodil Bang", initials="boba")
    helper = here.person(Role.SUPERBRUGER, unit=home, over=home)
    page = opened(helper, "/tickets/new", width=PHONE)
    page.get_by_label("Hvad drejer det sig om?").fill("Bodil kan ikke logge på")
    page.get_by_label("Fortæl mere").fill("Koden er udløbet.")
    unfold(page, "Er det på vegne af en anden?")
    page.locator("#on_behalf_of").fill("boba")
    press(page, "Send")
    expect_heading(page, "Bodil kan ikke logge på")
    expect(page.get_by_role("complementary")).to_contain_text("Bodil Bang")


def test_a_superbruger_helps_in_the_own_unit_only(here: Desk, opened: Open) -> None:
    home = here.unit(name="Egehøj Plejecenter")
    helper = here.person(Role.SUPERBRUGER, unit=home, over=home)
    near = here.ticket(by=here.person(unit=home), subject="Telefonen er død")
    far = here.ticket(by=here.person(), subject="Mails forsvinder")
    page = opened(helper, "/queue")
    expect(page.get_by_role("link", name="Mails forsvinder")).to_have_count(0)
    page.get_by_role("link", name="Telefonen er død").click()
    page.get_by_label("Tekst").fill("Prøv at holde knappen inde i ti sekunder.")
    send(page)
    expect(page.get_by_text("ti sekunder")).to_be_visible()
    assert here.journal(near)[-1].by_id == helper.id
    page.goto(f"/tickets/{far}")
    expect_heading(page, "Vi kan ikke finde siden")


def test_a_manager_reads_and_no_more(here: Desk, opened: Open) -> None:
    care = here.unit(name="Ældre og Sundhed")
    manager = here.person(Role.MANAGER, unit=care, over=care)
    supporter = here.person(Role.SUPPORTER, team=here.team())
    ticket = here.ticket("open", by=here.person(unit=care), assignee=supporter, subject="Kørelisten er tom")
    desk = opened(supporter, f"/tickets/{ticket}")
    desk.get_by_label("Intern note").check()
    desk.get_by_label("Tekst").fill("Kun for os selv.")
    send(desk)
    expect(desk.get_by_text("Kun for os selv.")).to_be_visible()
    page = opened(manager, "/queue")
    page.get_by_role("link", name="Kørelisten er tom").click()
    expect_heading(page, "Kørelisten er tom")
    expect(page.get_by_text("Kun for os selv.")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_by_keyboard_alone(here: Desk, visit: Visits) -> None:
    page = visit(here.person(name="Mette Holm"), "/")
    tab_to(page, "Gå til sidens indhold")
    page.keyboard.press("Enter")
    tab_to(page, "Meld en fejl")
    page.keyboard.press("Enter")
    expect_heading(page, "Meld en fejl")
    tab_to(page, "Hvad drejer det sig om?")
    page.keyboard.type("Tastaturet klikker")
    tab_to(page, "Fortæl mere")
    page.keyboard.type("Det klikker ved hvert tryk.")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect_heading(page, "Tastaturet klikker")
