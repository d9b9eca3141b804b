"""Writing on a ticket: nothing typed is lost, what is sent can be taken back, and words and colleagues are at hand."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, Team
from servicedesk.phrases.models import Phrase
from servicedesk.tickets import commands
from servicedesk.tickets.models import EntryKind
from tests.desk import Desk
from tests.pages.visiting import Visits, press

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]


@pytest.fixture
def team(here: Desk) -> Team:
    return here.team(name="Servicedesk", is_first_line=True)


@pytest.fixture
def supporter(here: Desk, team: Team) -> Person:
    return here.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


@pytest.fixture
def colleague(here: Desk, team: Team) -> Person:
    return here.person(Role.SUPPORTER, team=team, name="Jonas Lind", initials="joli")


@pytest.fixture
def ticket(here: Desk, supporter: Person) -> int:
    return here.ticket("open", by=here.person(name="Mette Holm"), assignee=supporter, subject="Printeren larmer")


def said(here: Desk, ticket: int) -> list[str]:
    kinds = (EntryKind.REPLIED, EntryKind.NOTED)
    return [entry.data["body"] for entry in here.journal(ticket) if entry.kind in kinds]


def text(page: Page) -> Locator:
    return page.locator("textarea[name=body]")


def test_two_supporters_on_one_ticket(
    here: Desk, supporter: Person, colleague: Person, ticket: int, opened: Open
) -> None:
    late, early = opened(supporter, f"/tickets/{ticket}"), opened(colleague, f"/tickets/{ticket}")
    text(late).fill("Prøv at skifte tromlen.")
    text(early).fill("Vi bestiller en ny.")
    press(early, "Send til Mette Holm")
    expect(early.get_by_text("Svaret sendes om lidt")).to_be_visible()
    press(early, "Send nu")

    press(late, "Send til Mette Holm")
    expect(late.locator("#meanwhile")).to_contain_text("Vi bestiller en ny.")
    expect(text(late)).to_have_value("Prøv at skifte tromlen.")
    late.goto("/drafts")
    expect(late.get_by_text("Prøv at skifte tromlen.")).to_be_visible()
    late.get_by_role("link", name="Skriv videre").click()
    expect(text(late)).to_have_value("Prøv at skifte tromlen.")
    press(late, "Send til Mette Holm")
    press(late, "Send nu")
    expect(late.locator(".entry", has_text="Prøv at skifte tromlen.")).to_be_visible()

    assert said(here, ticket) == ["Vi bestiller en ny.", "Prøv at skifte tromlen."]
    late.goto("/drafts")
    expect(late.get_by_text("Du har ingen kladder")).to_be_visible()


def test_what_was_sent_is_taken_back(here: Desk, supporter: Person, ticket: int, opened: Open) -> None:
    page = opened(supporter, f"/tickets/{ticket}")
    page.get_by_label("Intern note").check()
    text(page).fill("Han er sur.")
    press(page, "Gem intern note")
    press(page, "Fortryd")

    expect(text(page)).to_have_value("Han er sur.")
    expect(page.get_by_label("Intern note")).to_be_checked()
    assert said(here, ticket) == []


def test_the_page_counts_down_and_shows_it(here: Desk, supporter: Person, ticket: int, visit: Visits) -> None:
    page = visit(supporter, f"/tickets/{ticket}")
    text(page).fill("Sluk og tænd.")
    text(page).press("Control+Enter")
    expect(page.get_by_text(re.compile(r"om \d+ s"))).to_be_visible()
    text(page).type("Mere på vej")
    expect(page.locator(".entry", has_text="Sluk og tænd.")).to_be_visible(timeout=20_000)
    expect(text(page)).to_have_value("Mere på vej")
    expect(page.get_by_text("Svaret sendes om lidt")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Svaret sendes om lidt")).to_be_visible()
    assert said(here, ticket) == ["Sluk og tænd."]


def test_typing_is_saved_and_found_again_on_another_device(supporter: Person, ticket: int, visit: Visits) -> None:
    page = visit(supporter, f"/tickets/{ticket}")
    page.get_by_label("Intern note").check()
    text(page).type("Det er nok strømmen")
    expect(page.get_by_text(re.compile("Kladde gemt kl"))).to_be_visible()
    page.goto("/queue")

    other = visit(supporter, f"/tickets/{ticket}", width=375)
    expect(text(other)).to_have_value("Det er nok strømmen")
    expect(other.get_by_label("Intern note")).to_be_checked()
    other.get_by_role("button", name="Kassér kladden").click()
    expect(text(other)).to_have_value("")
    other.get_by_role("button", name="Fortryd").click()
    expect(text(other)).to_have_value("Det er nok strømmen")


def test_leaving_saves_what_was_just_typed(supporter: Person, ticket: int, visit: Visits) -> None:
    page = visit(supporter, f"/tickets/{ticket}")
    page.on("dialog", lambda dialog: dialog.accept())
    text(page).type("Næsten fær")
    page.goto("/")
    # What a page sends as it is left arrives when it arrives.
    page.wait_for_function(
        "async address => (await (await fetch(address)).text()).includes('Næsten fær')", arg=f"/tickets/{ticket}"
    )
    page.goto(f"/tickets/{ticket}")
    expect(text(page)).to_have_value("Næsten fær")


def test_two_windows_keep_both_texts(supporter: Person, ticket: int, visit: Visits) -> None:
    first = visit(supporter, f"/tickets/{ticket}")
    second = visit(supporter, f"/tickets/{ticket}")
    text(first).type("Fra det første")
    expect(first.get_by_text(re.compile("Kladde gemt kl"))).to_be_visible()
    text(second).type("Fra det andet")
    expect(second.get_by_text("Du har skrevet noget andet her")).to_be_visible()
    press(second, "Sæt dem sammen")
    expect(text(second)).to_have_value("Fra det første\n\nFra det andet")
    expect(second.get_by_text(re.compile("Kladde gemt kl"))).to_be_visible()
    first.reload()
    expect(text(first)).to_have_value("Fra det første\n\nFra det andet")


def test_a_text_is_put_in_where_the_cursor_is(here: Desk, supporter: Person, ticket: int, visit: Visits) -> None:
    _phrase(here, supporter)
    page = visit(supporter, f"/tickets/{ticket}")
    text(page).type("Tak. ::gens")
    expect(page.locator(".completion", has_text="Genstart")).to_be_visible()
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value(f"Tak. Hej Mette, prøv at genstarte (SD-{ticket}).")
    text(page).type(" ::zzz")
    expect(page.locator(".completion")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value(re.compile("::zzz\n$"))


def test_a_text_is_put_in_without_scripts(here: Desk, supporter: Person, ticket: int, visit: Visits) -> None:
    _phrase(here, supporter)
    page = visit(supporter, f"/tickets/{ticket}", javascript=False)
    text(page).fill("Tak.")
    page.locator("summary", has_text="Sæt en tekst ind").click()
    page.get_by_label("Vælg en skabelon").select_option(label="Genstart")
    press(page, "Indsæt")
    expect(text(page)).to_have_value(f"Tak.\n\nHej Mette, prøv at genstarte (SD-{ticket}).")


def _phrase(here: Desk, owner: Person) -> None:
    given = {"owner_id": owner.id, "customer_id": owner.customer_id, "changed_at": clock.now()}
    body = "Hej {{bruger.fornavn}}, prøv at genstarte ({{henvendelse.nummer}})."
    here.add(Phrase(name="Genstart", keyword="genstart", body=body, **given))


def test_a_colleague_is_called_by_name(
    here: Desk, supporter: Person, colleague: Person, ticket: int, visit: Visits
) -> None:
    page = visit(supporter, f"/tickets/{ticket}")
    text(page).type("@jona")
    expect(page.locator(".completion")).to_have_count(0)
    text(page).fill("")
    page.get_by_label("Intern note").check()
    text(page).type("Ser du på den, @jona")
    page.locator(".completion", has_text="Jonas Lind").click()
    expect(text(page)).to_have_value("Ser du på den, @Jonas Lind ")
    expect(page.get_by_role("list", name="Kolleger, der får besked")).to_contain_text("Jonas Lind")
    press(page, "Gem intern note")
    press(page, "Gem nu")
    expect(page.locator(".entry-internal")).to_contain_text("til Jonas Lind")
    assert here.journal(ticket)[-1].data["mentions"] == [colleague.id]


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_receiver_is_left_out(here: Desk, supporter: Person, ticket: int, visit: Visits, javascript: bool) -> None:
    curious = here.person(name="Karin Bæk")
    with here.app.app_context():
        commands.follow(ticket, person_id=curious.id, by=here.actor(here.look(ticket).filer_id), now=clock.now())
    page = visit(supporter, f"/tickets/{ticket}", javascript=javascript)
    expect(page.locator("[data-send]")).to_contain_text("og 1 anden")
    page.get_by_label("Send ikke til Karin Bæk").check()
    if javascript:
        expect(page.locator("[data-send]")).not_to_contain_text("og 1 anden")
    text(page).fill("Prøv igen.")
    page.locator("[data-send]").click()
    press(page, "Send nu")
    expect(page.locator(".entry-public").last).to_contain_text("Uden besked til Karin Bæk")
    assert here.journal(ticket)[-1].data["left_out"] == [curious.id]


def test_a_pasted_picture_is_shown_and_can_be_taken_out(supporter: Person, ticket: int, visit: Visits) -> None:
    page = visit(supporter, f"/tickets/{ticket}")
    text(page).evaluate(
        """async area => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
          const data = new DataTransfer();
          const blob = await new Promise(done => canvas.toBlob(done));
          data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
          area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role("img", name="Vis skaermbillede-1.png")).to_be_visible()
    page.reload()
    expect(page.get_by_role("img", name="Vis skaermbillede-1.png")).to_be_visible()
    page.get_by_role("button", name="Fjern skaermbillede-1.png").click()
    expect(page.get_by_role("img", name="Vis skaermbillede-1.png")).to_have_count(0)
