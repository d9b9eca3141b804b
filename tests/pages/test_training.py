"""From a requirement to a manager's status, each with a telephone in the hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.training.models import Record
from servicedesk.training.rules import Source
from tests.desk import Desk
from tests.pages.visiting import PHONE, expect_heading, press
from tests.training_made import course, session

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def test_a_requirement_becomes_a_record_and_the_managers_status(here: Desk, opened: Open) -> None:
    nexus, care = here.system("Nexus"), here.unit(name="Plejen")
    taught = course(here, "Nexus for begyndere", nexus)
    anna = here.person(unit=care, name="Anna Holm")
    teacher = here.person(name="Tove Lærer")
    chief = here.person(Role.MANAGER, over=care, name="Lis Leder")
    coordinator = here.person(Role.TRAINING_COORDINATOR, name="Karin Krav")
    session(here, taught, clock.now() + timedelta(minutes=30), place="Byrådssalen", instructor=teacher)

    page = opened(coordinator, "/training/requirements", width=PHONE)
    page.get_by_role("link", name="Stil det første krav").click()
    page.get_by_label("Kursus").select_option("Nexus for begyndere")
    page.get_by_label("System").select_option("Nexus")
    page.get_by_label("Enhed").select_option("Plejen")
    page.get_by_label("Hvorfor?").fill("Ingen dokumenterer uden.")
    press(page, "Se, hvem det gælder")
    expect(page.get_by_text("Kravet gælder 1 medarbejder")).to_be_visible()
    press(page, "Gem kravet")
    expect(page.get_by_role("link", name="0 af 1")).to_be_visible()

    mine = opened(anna, "/", width=PHONE)
    mine.locator("#training-start").get_by_role("link", name="Nexus for begyndere").click()
    expect(mine.get_by_text("Ingen dokumenterer uden.")).to_be_visible()
    press(mine, "Meld mig til")
    expect(mine.get_by_text("Du er tilmeldt.", exact=True)).to_be_visible()

    held = opened(teacher, "/me/training", width=PHONE)
    held.locator("#holding").get_by_role("link", name="Nexus for begyndere").click()
    expect_heading(held, "Nexus for begyndere")
    held.get_by_role("checkbox", name="Anna Holm").check()
    press(held, "Gem fremmødet")
    expect(held.get_by_text("Fremmødet er gemt: 1 mødte")).to_be_visible()

    [row] = here.all(Record, person_id=anna.id)
    assert (row.person_id, row.source) == (anna.id, Source.ATTENDANCE)

    staff = opened(chief, "/training/staff", width=PHONE)
    expect(staff.get_by_text("0 af 1 medarbejder mangler noget obligatorisk.")).to_be_visible()
    expect(staff.get_by_text("Anna Holm")).to_be_visible()
    expect(staff.get_by_text("1 af 1")).to_be_visible()
