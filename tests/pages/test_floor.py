"""Help on the floor with a telephone in the hand: taps counted, time reckoned, the connection lost and found again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, Unit
from servicedesk.superbrugere.models import FloorHelp
from servicedesk.systems.models import System
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.sweep import sweep
from servicedesk.tickets.workflow import State, Tier
from tests.desk import Desk
from tests.pages.visiting import PHONE, Visits, expect_heading, press, unfold
from tests.superbrugere_made import appoint, publish

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]
MOST_TAPS = 6
MOST_SECONDS = 15
#: As tests.pages.test_bars reckons: to see where to tap, get there and see that it happened.
SECONDS_A_TAP = 1.5

KEPT = "Gemt på telefonen – sendes, når der er forbindelse igen."
SAVED = "Tak. Det er skrevet på."


@pytest.fixture
def aula(here: Desk) -> System:
    return here.system("Aula")


@pytest.fixture
def jonas(here: Desk, aula: System) -> Person:
    school = here.unit(name="Skovskolen")
    here.system("Print")
    publish(here)
    person = here.person(unit=school, name="Jonas Engholt")
    appoint(here, person, school)
    return person


def fill(page: Page, cause: str = "Fejl") -> None:
    page.get_by_role("radio", name="Aula").check()
    page.get_by_role("radio", name=cause, exact=True).check()


def test_it_is_written_down_in_six_taps_and_fifteen_seconds(
    here: Desk, jonas: Person, aula: System, opened: Open
) -> None:
    page, taps = opened(jonas, "/", width=PHONE), 0
    has_scripts = page.locator("html[data-ready]").count() > 0

    def tap(what: Locator) -> None:
        nonlocal taps
        what.click()
        taps += 1

    tap(page.locator("main").get_by_role("link", name="Løst på stedet"))
    tap(page.get_by_role("radio", name="Aula"))
    tap(page.get_by_role("radio", name="Manglende kompetence"))
    if has_scripts:
        tap(page.get_by_role("button", name="En mere"))
    else:
        page.get_by_label("Hvor mange hjalp du?").fill("2")
        taps += 2  # into the field, and the key
    tap(page.get_by_role("button", name="Skriv det på"))
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.locator("#floor-latest")).to_contain_text("2 hjulpet")
    assert taps <= MOST_TAPS and taps * SECONDS_A_TAP <= MOST_SECONDS
    [row] = here.all(FloorHelp, person_id=jonas.id)
    assert (row.system_id, row.cause.value, row.people) == (aula.id, "missing_competence", 2)


def test_what_is_usual_takes_three_taps(here: Desk, jonas: Person, opened: Open) -> None:
    page = opened(jonas, "/superbrugere/floor", width=PHONE)
    fill(page)
    press(page, "Skriv det på")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.goto("/")
    page.locator("main").get_by_role("link", name="Løst på stedet").click()
    expect(page.get_by_role("radio", name="Aula")).to_be_checked()
    page.get_by_role("radio", name="Fejl").click()
    page.get_by_role("button", name="Skriv det på").click()
    expect(page.locator(".floor-item")).to_have_count(2)
    assert here.count(FloorHelp, person_id=jonas.id) == 2


def test_one_that_was_taken_back_is_fetched_again(here: Desk, jonas: Person, opened: Open) -> None:
    page = opened(jonas, "/superbrugere/floor", width=PHONE)
    fill(page)
    press(page, "Skriv det på")
    press(page, "Tag tilbage")
    expect(page.get_by_text("Taget tilbage. Det tæller ikke med.")).to_be_visible()
    press(page, "Hent den igen")
    page.locator("#floor-latest").get_by_role("link", name="Ret", exact=True).click()
    page.get_by_label("Hvor mange hjalp du?").fill("4")
    press(page, "Gem rettelsen")
    [row] = here.all(FloorHelp, person_id=jonas.id)
    assert (row.people, row.withdrawn_at) == (4, None)


# ------------------------------------------------------------------------------------------------ no connection


def test_without_a_connection_it_is_kept_and_sent_once(here: Desk, jonas: Person, visit: Visits) -> None:
    page = visit(jonas, "/superbrugere/floor", width=PHONE)
    page.context.set_offline(True)
    fill(page)
    unfold(page, "Mere, hvis du har tid")
    page.get_by_label("Hvad var det, og hvad hjalp?").fill("Ny <b>fane</b>")
    press(page, "Skriv det på")
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_text("1 hjælp ligger på telefonen")).to_be_visible()
    fill(page, "Andet")
    press(page, "Skriv det på")
    expect(page.get_by_text("2 ligger på telefonen")).to_be_visible()
    assert here.count(FloorHelp, person_id=jonas.id) == 0
    page.context.set_offline(False)
    expect(page.get_by_text("Det, der lå på telefonen, er sendt.")).to_be_visible()
    expect(page.locator(".floor-item")).to_have_count(2)
    expect(page.get_by_text("Ny <b>fane</b>")).to_be_visible()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert {row.note for row in here.all(FloorHelp, person_id=jonas.id)} == {"Ny <b>fane</b>", ""}
    assert here.count(FloorHelp, person_id=jonas.id) == 2


def test_an_answer_that_is_lost_does_not_make_a_second_one(here: Desk, jonas: Person, visit: Visits) -> None:
    page = visit(jonas, "/superbrugere/floor", width=PHONE)
    page.route("**/superbrugere/floor", lambda route: (route.fetch(), route.abort())[-1], times=1)
    visit.expect_trouble("failed:")
    fill(page)
    press(page, "Skriv det på")
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert here.count(FloorHelp, person_id=jonas.id) == 1
    page.goto("/")  # the next page that one opens
    expect(page.get_by_text("Det, der lå på telefonen, er sendt.")).to_be_visible()
    assert here.count(FloorHelp, person_id=jonas.id) == 1


def test_what_a_strange_network_answers_is_not_taken_for_ours(here: Desk, jonas: Person, visit: Visits) -> None:
    page = visit(jonas, "/superbrugere/floor", width=PHONE)
    page.route("**/superbrugere/floor", lambda route: route.fulfill(body="<h1>Log på nettet</h1>"), times=1)
    fill(page)
    press(page, "Skriv det på")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Det, der lå på telefonen, er sendt.")).to_be_visible()
    assert here.count(FloorHelp, person_id=jonas.id) == 1


def test_signed_out_it_is_kept_until_the_same_person_is_back(here: Desk, jonas: Person, visit: Visits) -> None:
    page = visit(jonas, "/superbrugere/floor", width=PHONE)
    session = page.context.cookies()
    visit.expect_trouble("400:", "401:")
    page.context.clear_cookies()
    fill(page)
    press(page, "Skriv det på")
    expect(page.get_by_text("Du er logget ud: log ind, så sendes det.")).to_be_visible()
    page.context.add_cookies(session)  # type: ignore[arg-type]
    page.goto("/superbrugere/floor")
    expect(page.get_by_text("Det, der lå på telefonen, er sendt.")).to_be_visible()
    assert here.count(FloorHelp, person_id=jonas.id) == 1


def test_somebody_else_on_the_device_neither_sees_nor_sends_it(here: Desk, jonas: Person, visit: Visits) -> None:
    page = visit(jonas, "/superbrugere/floor", width=PHONE)
    page.context.set_offline(True)
    fill(page)
    press(page, "Skriv det på")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.close()
    context = page.context
    other = here.person(name="Karen Dam")
    appoint(here, other, here.home)
    context.clear_cookies()
    context.set_offline(False)
    theirs = visit(other)
    context.add_cookies(theirs.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/superbrugere/floor")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("ligger på telefonen")).to_have_count(0)
    assert here.count(FloorHelp, customer_id=other.customer_id) == 0


def test_a_refusal_is_told_and_can_be_mended_or_thrown_away(here: Desk, jonas: Person, visit: Visits) -> None:
    page = visit(jonas, "/superbrugere/floor", width=PHONE)
    visit.expect_trouble("422:")
    page.context.set_offline(True)
    for cause in ("Fejl", "Andet"):
        fill(page, cause)
        press(page, "Skriv det på")
    expect(page.get_by_text("2 ligger på telefonen")).to_be_visible()
    page.evaluate("""() => Object.keys(localStorage).filter(key => key.startsWith('floor-help:')).forEach(key => {
        const item = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({ ...item, at: item.at - 25 * 3600 * 1000 }));
    })""")
    page.context.set_offline(False)
    refused = page.locator("[data-floor-refused] li")
    expect(refused).to_have_count(2)
    expect(refused.first).to_contain_text("Det er mere end et døgn siden.")
    refused.first.get_by_role("button", name="Smid væk").click()
    expect(refused).to_have_count(1)
    refused.first.get_by_role("button", name="Ret").click()
    expect(refused).to_have_count(0)
    expect(page.get_by_role("radio", name="Andet", exact=True)).to_be_checked()
    press(page, "Skriv det på")
    expect(page.get_by_text(SAVED)).to_be_visible()
    [row] = here.all(FloorHelp, person_id=jonas.id)
    assert row.cause.value == "other"


# ------------------------------------------------------------------------------------------------ by way of a ticket


@pytest.fixture
def bente(here: Desk, jonas: Person) -> Person:
    [school] = here.all(Unit, id=jonas.unit_id)
    return here.person(name="Bente Lund", unit=school)


@pytest.fixture
def lene(here: Desk) -> Person:
    return here.person(Role.SUPPORTER, team=here.team(is_first_line=True), name="Lene Krogh")


def file(here: Desk, page: Page, filer: Person) -> int:
    """Files a ticket as an employee does, and answers its id."""
    page.get_by_role("link", name="Meld en fejl").first.click()
    page.get_by_label("Hvad drejer det sig om?").fill("Skærmen er sort")
    page.get_by_label("Fortæl mere").fill("Den virkede i går.")
    page.get_by_role("button", name="Send", exact=True).click()
    again = page.get_by_role("button", name="Send", exact=True)
    if again.is_visible():  # without scripts what may help is shown once, before it is sent
        again.click()
    expect_heading(page, "Skærmen er sort")
    [ticket] = here.all(Ticket, filer_id=filer.id)
    return ticket.id


def solve(page: Page, solution: str) -> None:
    unfold(page, "Løs henvendelsen")
    page.get_by_label("Løsning").fill(solution)
    page.get_by_label("Fejl", exact=True).check()
    press(page, "Løs")


def test_an_employee_is_helped_by_the_local_superbruger_and_says_thanks(
    here: Desk, jonas: Person, bente: Person, lene: Person, opened: Open
) -> None:
    page = opened(bente, "/", width=PHONE)
    ticket = file(here, page, bente)
    expect(page.get_by_text("Din superbruger Jonas Engholt ser på den først.")).to_be_visible()
    helper = opened(jonas, f"/tickets/{ticket}", width=PHONE)
    solve(helper, "Kablet sad løst.")
    expect(helper.get_by_text("Kablet sad løst.").first).to_be_visible()
    page.reload()
    unfold(page, "Skriv et par ord til den, der hjalp")
    page.get_by_label("Et par ord").fill("Tusind tak!")
    press(page, "Ja, det virker")
    helper.goto("/superbrugere/me")
    expect(helper.locator("#thanks")).to_contain_text("Tusind tak!")
    assert here.look(ticket).state is State.CLOSED and here.look(ticket).tier is Tier.LOCAL


def test_when_the_local_time_runs_out_the_desk_has_it(
    here: Desk, jonas: Person, bente: Person, lene: Person, opened: Open
) -> None:
    page = opened(bente, "/", width=PHONE)
    ticket = file(here, page, bente)
    with here.app.app_context():
        sweep(clock.now() + timedelta(days=14))
    page.reload()
    expect(page.get_by_text("fordi superbrugerens tid var gået")).to_be_visible()
    desk = opened(lene, "/queue", width=PHONE)
    expect(desk.get_by_role("link", name="Skærmen er sort")).to_be_visible()
    assert here.look(ticket).tier is Tier.SERVICEDESK


def test_the_desk_hands_back_with_an_instruction_and_it_is_solved_there(
    here: Desk, jonas: Person, bente: Person, lene: Person, opened: Open
) -> None:
    ticket = here.ticket(by=bente, subject="Skærmen er sort")
    helper = opened(jonas, f"/tickets/{ticket}", width=PHONE)
    unfold(helper, "Send videre til servicedesken")
    helper.get_by_label("Hvad er prøvet?").fill("Slukket og tændt.")
    press(helper, "Send til servicedesken")
    desk = opened(lene, f"/tickets/{ticket}/edit", width=PHONE)
    desk.get_by_label("Hvad skal superbrugeren gøre?").fill("Se, om kablet sidder i.")
    press(desk, "Send til superbrugeren")
    helper.goto(f"/tickets/{ticket}")
    expect(helper.get_by_text("Se, om kablet sidder i.").first).to_be_visible()
    solve(helper, "Det sad løst.")
    expect(helper.get_by_text("Det sad løst.").first).to_be_visible()
    assert here.look(ticket).state is State.RESOLVED and here.look(ticket).tier is Tier.LOCAL
