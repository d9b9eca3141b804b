"""A supporter's day: from the queue to the solution, together with colleagues; with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, Team
from tests.desk import Desk
from tests.pages.visiting import Visits, expect_heading, press, send, tab_to, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


@pytest.fixture
def team(here: Desk) -> Team:
    return here.team(name="Servicedesk", is_first_line=True)


@pytest.fixture
def supporter(here: Desk, team: Team) -> Person:
    return here.person(Role.SUPPORTER, team=team, name="Lene Krogh")


def test_takes_answers_waits_and_resolves(here: Desk, supporter: Person, opened: Open) -> None:
    employee = here.person(name="Mette Holm")
    ticket = here.ticket(by=employee, subject="Outlook går ned")
    page = opened(supporter, "/queue")
    page.get_by_role("link", name="Outlook går ned").click()
    press(page, "Tag henvendelsen")
    expect(page.get_by_text("tog henvendelsen")).to_be_visible()
    page.get_by_label("Tekst").fill("Vi ser på det.")
    send(page)
    expect(page.get_by_text("Vi ser på det.")).to_be_visible()
    page.get_by_label("Tekst").fill("Hvilken version har du?")
    press(page, "Send og afvent svar fra brugeren")
    press(page, "Send nu")
    expect(page.get_by_text("stillede et spørgsmål")).to_be_visible()
    assert here.look(ticket).state == "waiting_user"

    answers = opened(employee, f"/tickets/{ticket}")
    answers.get_by_label("Svar servicedesken").fill("Version 2019.")
    press(answers, "Send")
    expect(answers.get_by_text("Version 2019.")).to_be_visible()

    page.goto(f"/tickets/{ticket}")
    unfold(page, "Løs henvendelsen")
    page.get_by_label("Løsning").fill("Opdateret til den nye version.")
    press(page, "Løs")
    expect(page.get_by_role("alert")).to_contain_text("Vælg, hvad der var årsagen.")
    expect(page.get_by_label("Løsning")).to_have_value("Opdateret til den nye version.")
    page.get_by_label("Fejl", exact=True).check()
    press(page, "Løs")
    expect(page.get_by_text("løste henvendelsen")).to_be_visible()
    assert here.look(ticket).state == "resolved"


def test_waits_for_a_supplier_and_goes_on(here: Desk, supporter: Person, opened: Open) -> None:
    ticket = here.ticket("open", assignee=supporter)
    page = opened(supporter, f"/tickets/{ticket}")
    unfold(page, "Afvent leverandør")
    page.get_by_label("Leverandør", exact=False).first.fill("Printerhuset")
    press(page, "Afvent leverandør")
    expect(page.get_by_text("afventer leverandøren Printerhuset")).to_be_visible()
    press(page, "Genoptag arbejdet")
    expect(page.get_by_text("gik videre med henvendelsen")).to_be_visible()


def test_a_note_is_not_for_the_user(here: Desk, supporter: Person, opened: Open) -> None:
    employee = here.person()
    ticket = here.ticket("open", by=employee, assignee=supporter)
    page = opened(supporter, f"/tickets/{ticket}")
    page.get_by_label("Intern note").check()
    page.get_by_label("Tekst").fill("Han har ringet tre gange.")
    send(page)
    expect(page.locator(".entry-internal")).to_contain_text("Han har ringet tre gange.")
    theirs = opened(employee, f"/tickets/{ticket}")
    expect(theirs.get_by_text("ringet tre gange")).to_have_count(0)


def test_merges_and_takes_it_back(here: Desk, supporter: Person, opened: Open) -> None:
    main, double = here.ticket(subject="Nettet er nede"), here.ticket(subject="Intet internet")
    page = opened(supporter, f"/tickets/{double}")
    unfold(page, "Læg sammen med eller knyt til en anden")
    page.get_by_label("Nummeret på den anden henvendelse").fill(f"SD-{main}")
    press(page, "Se, hvad der sker, når de lægges sammen")
    expect(page.get_by_role("main")).to_contain_text("Nettet er nede")
    press(page, "Læg sammen")
    expect_heading(page, "Nettet er nede")
    page.goto(f"/tickets/{double}")
    expect_heading(page, "Nettet er nede")
    press(page, f"Tag SD-{double} ud igen")
    expect_heading(page, "Intet internet")
    assert here.look(double).state == "new"


def test_links_two(here: Desk, supporter: Person, opened: Open) -> None:
    one, other = here.ticket(subject="Skærm"), here.ticket(subject="Mus")
    page = opened(supporter, f"/tickets/{one}")
    unfold(page, "Læg sammen med eller knyt til en anden")
    page.get_by_label("Nummeret på den anden henvendelse").fill(str(other))
    press(page, "Knyt til")
    expect(page.get_by_role("complementary").get_by_role("link", name=re.compile("Mus"))).to_be_visible()
    press(page, f"Fjern SD-{other}")
    expect(page.get_by_role("complementary").get_by_role("link", name=re.compile("Mus"))).to_have_count(0)


def test_corrects_and_passes_on(here: Desk, supporter: Person, opened: Open) -> None:
    apps = here.team(name="Fagsystemer")
    here.system("Sensum")
    ticket = here.ticket("open", assignee=supporter)
    page = opened(supporter, f"/tickets/{ticket}")
    page.get_by_role("link", name="Ret eller giv videre").click()
    page.get_by_label("Emne").fill("Printeren på 3. sal")
    page.get_by_label("System").select_option(label="Sensum")
    page.get_by_role("group", name="Påvirkning").get_by_label("Høj").check()
    page.get_by_role("group", name="Hastegrad").get_by_label("Høj").check()
    press(page, "Gem")
    expect_heading(page, "Printeren på 3. sal")
    expect(page.get_by_text("Kritisk").first).to_be_visible()
    page.get_by_role("link", name="Ret eller giv videre").click()
    page.get_by_label("Team", exact=False).first.select_option(label="Fagsystemer")
    press(page, "Send til team")
    expect(page.get_by_text("sendte henvendelsen videre til Fagsystemer")).to_be_visible()
    assert here.look(ticket).team_id == apps.id


def test_sees_who_has_it_though_of_another_team(here: Desk, supporter: Person, visit: Visits) -> None:
    system = here.system(team=here.team(name="Fagsystemer"))
    page = visit(supporter, f"/tickets/{here.ticket('open', assignee=supporter, system=system)}/edit")
    expect(page.get_by_label("Ansvarlig").locator("option:checked")).to_have_text("Lene Krogh")


def test_two_at_once_lose_no_text(here: Desk, team: Team, supporter: Person, opened: Open) -> None:
    colleague = here.person(Role.SUPPORTER, team=team, name="Jonas Lind")
    ticket = here.ticket("open", assignee=supporter)
    late, early = opened(supporter, f"/tickets/{ticket}"), opened(colleague, f"/tickets/{ticket}")
    early.get_by_label("Tekst").fill("Jeg har ringet til brugeren.")
    send(early)
    expect(early.get_by_text("Jeg har ringet til brugeren.")).to_be_visible()
    late.get_by_label("Tekst").fill("Jeg ringer nu.")
    late.locator("[data-send]").click()
    expect(late.get_by_text("Der er sket noget, mens du skrev.")).to_be_visible()
    expect(late.locator(".notice-warning")).to_contain_text("Jeg har ringet til brugeren.")
    expect(late.get_by_label("Tekst")).to_have_value("Jeg ringer nu.")
    press(late, "Send alligevel")
    press(late, "Send nu")
    expect(late.locator(".entry").last).to_contain_text("Jeg ringer nu.")


def test_filters_the_queue(here: Desk, supporter: Person, opened: Open) -> None:
    here.ticket(subject="Endnu ingen")
    here.ticket("open", assignee=supporter, subject="Min egen")
    page = opened(supporter, "/queue")
    page.get_by_role("link", name=re.compile(r"^Mine( \d+)?$")).click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Alle åbne").click()
    page.locator("summary", has_text="Tilstand").click()
    page.get_by_label("Ny", exact=True).check()
    press(page, "Vis")
    expect(page.get_by_role("link", name="Endnu ingen")).to_be_visible()
    expect(page.get_by_role("link", name="Min egen")).to_have_count(0)
    page.get_by_role("list", name="Valgte filtre").get_by_role("link", name="Ny").click()
    expect(page.get_by_role("link", name="Min egen")).to_be_visible()
    page.get_by_role("link", name="Ændret").click()
    expect(page.get_by_role("columnheader", name="Ændret")).to_have_attribute("aria-sort", "descending")


def test_finds_and_follows(here: Desk, supporter: Person, opened: Open) -> None:
    here.ticket(subject="Plankeværket mangler strøm", description="Ved søgræsset.")
    page = opened(supporter, "/queue")
    page.get_by_role("searchbox", name="Søg efter ord, nummer eller navn").fill("plankeværk")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Plankeværket mangler strøm").click()
    press(page, "Følg henvendelsen")
    expect(page.get_by_role("button", name="Følg ikke længere")).to_be_visible()


def test_back_after_sending_does_not_send_again(here: Desk, supporter: Person, opened: Open) -> None:
    ticket = here.ticket("open", assignee=supporter)
    page = opened(supporter, "/queue")
    page.goto(f"/tickets/{ticket}")
    page.get_by_label("Tekst").fill("Kun én gang.")
    send(page)
    expect(page.get_by_text("Kun én gang.")).to_be_visible()
    page.reload()
    page.go_back()
    page.go_forward()
    expect(page.locator(".entry", has_text="Kun én gang.")).to_have_count(1)
    assert [entry.data.get("body") for entry in here.journal(ticket)].count("Kun én gang.") == 1


def test_a_double_click_sends_once(here: Desk, supporter: Person, visit: Visits) -> None:
    ticket = here.ticket("open", assignee=supporter)
    page = visit(supporter, f"/tickets/{ticket}")
    page.get_by_label("Tekst").fill("Kun én gang.")
    page.locator("[data-send]").dblclick()
    press(page, "Send nu")
    expect(page.locator(".entry", has_text="Kun én gang.")).to_be_visible()
    assert [entry.data.get("body") for entry in here.journal(ticket)].count("Kun én gang.") == 1


def test_is_asked_before_text_is_left_behind(here: Desk, supporter: Person, visit: Visits) -> None:
    page = visit(supporter, f"/tickets/{here.ticket('open', assignee=supporter)}")
    asked: list[str] = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Tekst").fill("Halvt skrev")
    page.get_by_role("link", name="Kø").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Tekst")).to_have_value("Halvt skrev")


def test_a_pasted_picture_becomes_a_file(here: Desk, supporter: Person, visit: Visits) -> None:
    page = visit(supporter, f"/tickets/{here.ticket('open', assignee=supporter)}")
    page.get_by_label("Tekst").fill("Se her.")
    page.get_by_label("Tekst").evaluate(
        """async area => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
          const data = new DataTransfer();
          const blob = await new Promise(done => canvas.toBlob(done));
          data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
          area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_text("Billedet er vedhæftet")).to_be_visible()
    send(page)
    expect(page.get_by_role("link", name="skaermbillede-1.png")).to_be_visible()


def test_answers_by_keyboard_alone(here: Desk, supporter: Person, visit: Visits) -> None:
    ticket = here.ticket("open", assignee=supporter, subject="Lyset blinker")
    page = visit(supporter, "/queue")
    tab_to(page, "Lyset blinker")
    page.keyboard.press("Enter")
    expect_heading(page, "Lyset blinker")
    tab_to(page, "Svar til brugeren")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Tekst")
    page.keyboard.type("En note.")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noten gemmes om lidt")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tab_to(page, "Gem nu")
    page.keyboard.press("Enter")
    expect(page.locator(".entry-internal")).to_contain_text("En note.")
    assert here.journal(ticket)[-1].visibility == "internal"
