"""The four journeys that the work is measured by: taps and key presses counted, with scripts and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, Team
from servicedesk.phrases.models import Phrase
from servicedesk.tickets import commands
from servicedesk.tickets.models import Attachment, EntryKind, Ticket
from servicedesk.tickets.workflow import Cause, Secrecy
from tests.desk import Desk
from tests.pages.town import picture
from tests.pages.visiting import PHONE, Visits, expect_heading, press, send, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]
MOST_TAPS = 8
MOST_KEYS = 12
#: What a journey takes of the person's own time, reckoned from what was done and not from how quick this machine is.
#: People write 40 to 50 words of six signs a minute with their thumbs, which is a sign in 0.2 to 0.25 s; to see where
#: to tap, get there and see that it happened is 1.5 s.
SECONDS_A_LETTER, SECONDS_A_TAP = 0.2, 1.5
MOST_SECONDS = 30


@pytest.fixture
def team(here: Desk) -> Team:
    return here.team(name="Servicedesk", is_first_line=True)


@pytest.fixture
def supporter(here: Desk, team: Team) -> Person:
    return here.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


@pytest.fixture
def colleague(here: Desk, team: Team) -> Person:
    return here.person(Role.SUPPORTER, team=team, name="Jonas Lind", initials="joli")


# ------------------------------------------------------------------------------------------------ an employee files


def test_an_employee_files_with_a_photo_in_eight_taps(here: Desk, opened: Open, tmp_path: Path) -> None:
    employee = here.person(name="Mette Holm")
    page, taps, letters = opened(employee, "/", width=PHONE), 0, 0

    def tap(what: Locator) -> None:
        nonlocal taps
        what.click()
        taps += 1

    def write(text: str) -> None:
        nonlocal letters
        page.keyboard.type(text)
        letters += len(text)

    tap(page.get_by_role("link", name="Meld en fejl").first)
    tap(page.get_by_label("Hvad drejer det sig om?"))
    write("Scanneren på kontoret striber")
    tap(page.get_by_label("Fortæl mere"))
    write("Der er striber på alt siden i går. Se billedet.")
    with page.expect_file_chooser() as chooser:
        tap(page.get_by_label("Vælg billeder eller filer"))
    taps += 1  # the picture, in what the telephone itself shows
    chooser.value.set_files(picture(tmp_path))
    tap(page.get_by_role("button", name="Send", exact=True))
    expect_heading(page, "Scanneren på kontoret striber")
    expect(page.get_by_role("region", name="Hvad sker der nu?")).to_be_visible()
    assert taps <= MOST_TAPS
    assert letters * SECONDS_A_LETTER + taps * SECONDS_A_TAP <= MOST_SECONDS
    [ticket] = here.all(Ticket, filer_id=employee.id)
    assert here.count(Attachment, ticket_id=ticket.id) == 1


# ------------------------------------------------------------------------------------------------ a supporter answers


def queue_of_two(here: Desk, supporter: Person) -> tuple[int, int]:
    employee = here.person(name="Mette Holm")
    given = {"owner_id": supporter.id, "customer_id": supporter.customer_id, "changed_at": clock.now()}
    here.add(Phrase(name="Genstart", keyword="genstart", body="Hej {{bruger.fornavn}}, prøv at genstarte.", **given))
    return here.ticket(by=employee, subject="Outlook går ned"), here.ticket(by=employee, subject="Skærmen flimrer")


def is_answered_and_resolved(here: Desk, ticket: int, supporter: Person) -> bool:
    told = [entry for entry in here.journal(ticket) if entry.kind in (EntryKind.REPLIED, EntryKind.RESOLVED)]
    found = here.look(ticket)
    assert told[0].data.get("body") == "Hej Mette, prøv at genstarte."
    assert [entry.kind for entry in told] == [EntryKind.REPLIED, EntryKind.RESOLVED]
    return bool(found.state == "resolved" and found.assignee_id == supporter.id and found.cause is Cause.FAULT)


def test_a_supporter_answers_and_resolves_in_twelve_keys(here: Desk, supporter: Person, visit: Visits) -> None:
    first, second = queue_of_two(here, supporter)
    page, keys = visit(supporter, "/queue"), []
    page.wait_for_load_state("networkidle")

    def key(name: str) -> None:
        page.keyboard.press(name)
        keys.append(name)

    key("j")
    key("Enter")
    expect_heading(page, "Outlook går ned")
    page.wait_for_load_state("networkidle")
    key("a")
    expect(page.get_by_text("tog henvendelsen")).to_be_visible()
    page.wait_for_load_state("networkidle")
    key("r")
    expect(page.get_by_label("Tekst")).to_be_focused()
    page.keyboard.type("::gens")
    expect(page.get_by_role("listbox", name="Forslag").get_by_role("option", name="Genstart")).to_be_visible()
    key("Enter")
    expect(page.get_by_label("Tekst")).to_have_value("Hej Mette, prøv at genstarte.")
    key("Control+Enter")
    expect(page.get_by_text("Svaret sendes om lidt")).to_be_visible()
    page.wait_for_load_state("networkidle")
    key("l")
    expect(page.get_by_label("Løsning")).to_be_focused()
    page.keyboard.type("Genstart hjalp.")
    key("Tab")
    key("1")
    key("Control+Shift+Enter")
    expect_heading(page, "Skærmen flimrer")
    assert page.url.split("?")[0].endswith(f"/tickets/{second}")
    expect(page.locator("#main")).to_be_focused()
    expect(page.get_by_role("status").first).to_contain_text(f"SD-{first} er løst")
    assert is_answered_and_resolved(here, first, supporter)
    assert len(keys) <= MOST_KEYS, keys
    page.wait_for_load_state("networkidle")
    key("a")  # and the next one is at hand
    expect(page.get_by_text("tog henvendelsen")).to_be_visible()
    assert here.look(second).assignee_id == supporter.id


def test_a_supporter_answers_and_resolves_without_scripts(here: Desk, supporter: Person, visit: Visits) -> None:
    first, second = queue_of_two(here, supporter)
    page = visit(supporter, "/queue", javascript=False)
    page.get_by_role("link", name="Outlook går ned").click()
    press(page, "Tag henvendelsen")
    unfold(page, "Sæt en tekst ind")
    page.get_by_label("Vælg en skabelon").select_option(label="Genstart")
    press(page, "Indsæt")
    expect(page.get_by_label("Tekst")).to_have_value("Hej Mette, prøv at genstarte.")
    page.locator("[data-send]").click()
    unfold(page, "Løs henvendelsen")
    page.get_by_label("Løsning").fill("Genstart hjalp.")
    page.get_by_label("Fejl", exact=True).check()
    press(page, "Løs og gå til næste")
    expect_heading(page, "Skærmen flimrer")
    assert page.url.split("?")[0].endswith(f"/tickets/{second}")
    assert is_answered_and_resolved(here, first, supporter)


# ------------------------------------------------------------------------------------------------ fifty at once


#: Why each of the three is refused, as it stands on the page of the result.
NOT_SOLVED, GONE = "Kun en løst henvendelse kan lukkes.", "Henvendelsen findes ikke."
NOT_ALLOWED = "Det har du ikke rettigheder til."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_fifty_are_closed_and_three_refused_are_told_with_their_reasons(
    here: Desk, colleague: Person, visit: Visits, scripts: bool
) -> None:
    town_hall, school = here.unit(), here.unit()
    supporter = here.person(Role.SUPPORTER, over=town_hall)
    here.grant(supporter, Role.MANAGER, over=school)  # who sees the tickets of the school, and does not work on them
    employee, teacher = here.person(name="Mette Holm", unit=town_hall), here.person(unit=school)
    able = [here.ticket("resolved", by=employee, subject=f"Skærm {at}") for at in range(47)]
    new = here.ticket(by=employee, subject="Mus")
    elsewhere = here.ticket("resolved", by=teacher, subject="Tavle")
    secret = here.ticket("resolved", by=employee, subject="Personsag")
    page = visit(supporter, "/queue?show=all", javascript=scripts)
    page.get_by_label("Alle i visningen").check()
    page.get_by_role("region", name="Gør noget ved flere").get_by_role("button", name="Luk", exact=True).click()
    for said_beforehand in (NOT_SOLVED, NOT_ALLOWED, "Det kan ikke fortrydes"):
        expect(page.get_by_text(said_beforehand).first).to_be_visible()
    become_secret(here, secret, colleague)  # while the page asks whether it shall be done
    press(page, "Ja, gør det ved 48")
    more = page.get_by_role("button", name="Fortsæt")
    while not scripts and more.is_visible():  # with scripts the page goes on by itself
        more.click()
    expect(page.get_by_text("47 henvendelser blev klaret")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("3 blev ikke klaret")).to_be_visible()
    refused = page.locator("section", has=page.get_by_role("heading", name="Det blev ikke klaret"))
    for reason, ticket in ((NOT_SOLVED, new), (GONE, secret), (NOT_ALLOWED, elsewhere)):
        with_reason = refused.locator(".box", has=page.get_by_role("heading", name=f"{reason} (1)"))
        expect(with_reason).to_contain_text(f"SD-{ticket}")
    assert {here.look(ticket).state.value for ticket in able} == {"closed"}
    states = [here.look(ticket).state.value for ticket in (new, secret, elsewhere)]
    assert states == ["new", "resolved", "resolved"]


def become_secret(here: Desk, ticket: int, colleague: Person) -> None:
    here.team(is_closed=True, receives_confidential=True)
    with here.app.app_context():
        by = here.actor(colleague)
        commands.classify(ticket, secrecy=Secrecy.CONFIDENTIAL, by=by, now=clock.now())


# ------------------------------------------------------------------------------------------------ two on one ticket


def test_two_supporters_lose_nothing_and_see_each_other(
    here: Desk, supporter: Person, colleague: Person, opened: Open
) -> None:
    ticket = here.ticket("open", by=here.person(name="Mette Holm"), assignee=supporter, subject="Printeren larmer")
    early, late = opened(colleague, f"/tickets/{ticket}"), opened(supporter, f"/tickets/{ticket}")
    early.reload()  # without scripts the page tells who was there when it was opened
    expect(early.locator("[data-presence]")).to_contain_text("Lene Krogh", timeout=30_000)
    expect(late.locator("[data-presence]")).to_contain_text("Jonas Lind", timeout=30_000)
    late.get_by_label("Tekst").fill("Prøv at skifte tromlen.")
    early.get_by_label("Tekst").fill("Vi bestiller en ny.")
    send(early)
    expect(early.locator(".entry", has_text="Vi bestiller en ny.")).to_be_visible()

    late.locator("[data-send]").click()
    expect(late.locator("#meanwhile")).to_contain_text("Vi bestiller en ny.")
    expect(late.get_by_label("Tekst")).to_have_value("Prøv at skifte tromlen.")
    send(late)
    expect(late.locator(".entry", has_text="Prøv at skifte tromlen.")).to_be_visible()
    said = [entry.data["body"] for entry in here.journal(ticket) if entry.kind is EntryKind.REPLIED]
    assert said == ["Vi bestiller en ny.", "Prøv at skifte tromlen."]
