"""From a ticket that was solved by showing how, over the offer and the course, to whether it helped: on a telephone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from servicedesk.competence.models import Offer
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets.models import Ticket
from servicedesk.training.models import Session, SignUp
from servicedesk.training.rules import SignUpState
from tests.competence_made import course, session
from tests.desk import Desk
from tests.pages.visiting import PHONE, Visits, press, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


def solve(page: Page, topic: str) -> None:
    unfold(page, "Løs henvendelsen")
    page.get_by_label("Løsning").fill("Knappen ligger under Mere.")
    page.get_by_label("Manglende kompetence").check()
    page.get_by_label("Hvad handlede det om?").fill(topic)


def test_from_a_solved_ticket_to_a_course_and_its_effect(here: Desk, opened: Open) -> None:
    aula, school = here.system("Aula"), here.unit(name="Skovskolen")
    teacher = here.person(unit=school, name="Anna Birk")
    supporter = here.person(Role.SUPPORTER, team=here.team())
    coordinator = here.person(Role.TRAINING_COORDINATOR)
    kom = course(here, aula, "Aula for lærere")
    coming = session(here, kom)
    ticket = here.ticket(by=teacher, system=aula)

    page = opened(supporter, f"/tickets/{ticket}", width=PHONE)
    solve(page, "Genåbne en sag")
    press(page, "Løs")

    page = opened(teacher, f"/tickets/{ticket}", width=PHONE)
    expect(page.get_by_text("Vi foreslår et kort kursus: Aula for lærere")).to_be_visible()
    page.get_by_role("link", name="Se, hvornår det er").click()
    expect(page.get_by_role("radio")).to_be_checked()
    expect(page.get_by_text("10 ledige pladser")).to_be_visible()
    press(page, "Ja tak, meld mig til")
    expect(page.get_by_text("Du er tilmeldt.")).to_be_visible()
    [place] = here.all(SignUp, session_id=coming.id)
    assert place.person_id == teacher.id
    assert here.all(Offer, ticket_id=ticket)[0].session_id == coming.id

    with here.writing() as later:  # the course was held a while after the ticket was filed, and that is long ago
        held = later.get_one(Session, coming.id)
        held.starts_at, held.ends_at = clock.now() - timedelta(days=40), clock.now() - timedelta(days=39)
        later.get_one(SignUp, place.id).state = SignUpState.ATTENDED
        later.get_one(Ticket, ticket).filed_at = clock.now() - timedelta(days=60)
    page = opened(coordinator, "/competence/effects", width=PHONE)
    page.get_by_role("link", name="Aula for lærere").click()
    expect(page.get_by_text("Der er for lidt data til at sige noget.")).to_be_visible()
    expect(page.get_by_text("(1 henvendelser fra")).to_be_visible()


def test_what_is_asked_shows_itself_with_its_cause_and_offers_what_was_used(here: Desk, visit: Visits) -> None:
    aula = here.system("Aula")
    supporter = here.person(Role.SUPPORTER, team=here.team())
    course(here, aula, "Aula for lærere")
    page = visit(supporter, f"/tickets/{here.ticket(by=here.person(), system=aula)}", width=PHONE)
    solve_first(page)
    page = visit(supporter, f"/tickets/{here.ticket(by=here.person(), system=aula)}", width=PHONE)
    unfold(page, "Løs henvendelsen")
    expect(page.get_by_label("Hvad handlede det om?")).to_be_hidden()
    page.get_by_label("Løsning").fill("Knappen ligger under Mere.")
    page.keyboard.press("Tab")
    page.get_by_label("Manglende kompetence").check()
    expect(page.get_by_label("Hvad handlede det om?")).to_be_visible()
    expect(page.locator("#topic-names option")).to_have_attribute("value", "Genåbne en sag")
    expect(page.get_by_label("Foreslå brugeren").locator("option")).to_contain_text(
        ["Ikke noget", "Det, der passer til emnet", "Kursus: Aula for lærere"]
    )


def solve_first(page: Page) -> None:
    solve(page, "Genåbne en sag")
    press(page, "Løs")
    expect(page.get_by_role("heading", name="Løst ved at vise hvordan")).to_be_visible()
