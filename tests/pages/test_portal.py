"""The employee's journey on a phone, taps counted, and the supporter's with somebody in the telephone."""

import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.systems import commands as knowing
from servicedesk.tickets import commands
from servicedesk.tickets.models import Attachment, Ticket
from servicedesk.tickets.workflow import Cause, State
from tests.desk import Desk
from tests.pages.town import picture
from tests.pages.visiting import PHONE, Visits, expect_heading, press, unfold

pytestmark = [pytest.mark.browser, pytest.mark.committing]
Open = Callable[..., Page]
#: A photo that does not fit: wide, and full of noise.
NOISE = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 5200, height: 400 });
  const drawing = canvas.getContext('2d');
  const dots = drawing.createImageData(5200, 400);
  let seed = 1;
  for (let at = 0; at < dots.data.length; at += 1) {
    seed = (seed * 48271) % 2147483647;
    dots.data[at] = at % 4 === 3 ? 255 : seed % 256;
  }
  drawing.putImageData(dots, 0, 0);
  return canvas.toDataURL('image/jpeg', 1).split(',')[1];
}"""


def test_files_with_a_photo_in_eight_taps_and_sees_it_through(here: Desk, opened: Open, tmp_path: Path) -> None:
    mette, lene = here.person(name="Mette Holm"), here.person(Role.SUPPORTER, name="Lene Krogh")
    page = opened(mette, "/", width=PHONE)
    begun, taps = time.monotonic(), 0

    def tap(what: object) -> None:
        nonlocal taps
        what.click()  # type: ignore[attr-defined]
        taps += 1

    tap(page.get_by_role("link", name="Meld en fejl").first)
    tap(page.get_by_label("Hvad drejer det sig om?"))
    page.keyboard.type("Scanneren striber")
    tap(page.get_by_label("Fortæl mere"))
    page.keyboard.type("Se billedet.")
    with page.expect_file_chooser() as chooser:
        tap(page.get_by_label("Vælg billeder eller filer"))
    chooser.value.set_files(picture(tmp_path))
    tap(page.get_by_role("button", name="Send", exact=True))
    expect_heading(page, "Scanneren striber")
    assert taps <= 8 and time.monotonic() - begun < 30
    [ticket] = here.all(Ticket, filer_id=mette.id)
    assert here.count(Attachment, ticket_id=ticket.id) == 1
    now = page.get_by_role("region", name="Hvad sker der nu?")
    expect(now).to_contain_text("Ingen har taget den endnu")

    with here.app.app_context():
        by, at = here.actor(lene), clock.now()
        commands.take(ticket.id, by=by, now=at)
        commands.resolve(ticket.id, by=by, now=at, solution="Glasset er pudset.", cause=Cause.FAULT)
    page.reload()
    expect(now).to_contain_text("Din tur: sig til, om det virker.")
    press(page, "Ja, det virker")
    expect(page.get_by_text("Henvendelsen er lukket.")).to_be_visible()
    assert here.look(ticket.id).state is State.CLOSED


def test_a_photo_is_shown_and_is_kept_after_a_mistake(here: Desk, opened: Open, tmp_path: Path) -> None:
    mette = here.person()
    page = opened(mette, "/tickets/new", width=PHONE)
    page.get_by_label("Vælg billeder eller filer").set_input_files(picture(tmp_path))
    page.get_by_label("Hvad drejer det sig om?").fill("Skærmen flimrer")
    press(page, "Send")
    expect(page.get_by_role("alert")).to_be_visible()
    image = page.locator(".photo img")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_label("Fortæl mere").fill("Hele tiden.")
    press(page, "Send")
    expect_heading(page, "Skærmen flimrer")
    [ticket] = here.all(Ticket, filer_id=mette.id)
    assert here.count(Attachment, ticket_id=ticket.id) == 1


def test_a_large_photo_is_made_smaller_before_it_is_sent(here: Desk, visit: Visits, tmp_path: Path) -> None:
    """The server takes one megabyte here; the photo has more until it is sent."""
    mette = here.person()
    page = visit(mette, "/tickets/new", width=PHONE)
    drawn = b64decode(page.evaluate(NOISE))
    assert len(drawn) > 1_500_000
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": drawn}
    page.get_by_label("Hvad drejer det sig om?").fill("Lampen blinker")
    page.get_by_label("Fortæl mere").fill("Se billedet.")
    page.get_by_label("Vælg billeder eller filer").set_input_files(photo)  # type: ignore[arg-type]
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lampen blinker")
    [ticket] = here.all(Ticket, filer_id=mette.id)
    [file] = here.all(Attachment, ticket_id=ticket.id)
    assert file.size < len(drawn) / 2


def test_suggestions_come_while_one_writes_and_a_system_is_guessed(here: Desk, visit: Visits) -> None:
    mette = here.person()
    nexus, aula = here.system("Nexus"), here.system("Aula")
    here.ticket(by=mette, subject="Nexus mangler kørelisten")
    told = knowing.KnownErrorWords(system_id=nexus.id, title="Nexus viser en hvid side", workaround="Tryk F5")
    with here.app.app_context():
        knowing.add_known_error(told, by=here.actor(here.person(Role.SUPPORTER)), now=clock.now())
    page = visit(mette, "/tickets/new", width=PHONE)
    subject, system = page.get_by_label("Hvad drejer det sig om?"), page.get_by_label("Hvilket system?")
    subject.press_sequentially("Nexus er en hvid side", delay=10)
    expect(page.get_by_text("Kendt fejl i Nexus")).to_be_visible()
    expect(system).to_have_value(str(nexus.id))
    expect(page.get_by_text("Gættet ud fra det, du skrev.")).to_be_visible()
    expect(subject).to_be_focused()
    system.select_option(str(aula.id))
    subject.press_sequentially(" igen", delay=10)
    page.wait_for_timeout(800)
    expect(system).to_have_value(str(aula.id))
    system.select_option(str(nexus.id))
    page.get_by_text("Kendt fejl i Nexus").click()
    press(page, "Det løste det")
    expect(page.get_by_text("Tak, fordi du sagde det")).to_be_visible()
    assert here.count(Ticket, filer_id=mette.id) == 1


def test_a_search_answers_while_one_writes(here: Desk, opened: Open) -> None:
    mette = here.person()
    here.ticket(by=mette, subject="Døren bipper hele tiden")
    page = opened(mette, "/", width=PHONE)
    page.get_by_label("Hvad kan vi hjælpe med?").press_sequentially("døren bip", delay=10)
    if not page.evaluate("'htmx' in window"):
        press(page, "Søg", 1)
    expect(page.locator("#help-results").get_by_role("link", name="Døren bipper hele tiden")).to_be_visible()


def test_brings_a_colleague(here: Desk, opened: Open) -> None:
    home = here.unit(name="Egehøj")
    mette = here.person(unit=home)
    here.person(unit=home, name="Kim Bo Bang", initials="kibo")
    ticket = here.ticket(by=mette)
    page = opened(mette, f"/tickets/{ticket}", width=PHONE)
    unfold(page, "Lad en kollega følge med")
    page.locator("#person").press_sequentially("kibo", delay=10)
    if page.evaluate("'htmx' in window"):
        page.get_by_role("option", name="Kim Bo Bang").click()
    press(page, "Tilføj kollega")
    expect(page.get_by_role("button", name="Fjern Kim Bo Bang")).to_be_visible()


def test_an_answer_that_comes_after_the_choice_opens_no_list(here: Desk, visit: Visits) -> None:
    home = here.unit(name="Egehøj")
    mette = here.person(unit=home)
    here.person(unit=home, name="Kim Bo Bang", initials="kibo")
    page = visit(mette, f"/tickets/{here.ticket(by=mette)}", width=PHONE)
    unfold(page, "Lad en kollega følge med")
    page.locator("#person").press_sequentially("kib")
    choice = page.get_by_role("option", name="Kim Bo Bang")
    expect(choice).to_be_visible()
    held: list[Route] = []
    page.route("**/tickets/people?*q=kibo", lambda route: held.append(route))
    with page.expect_request("**/tickets/people?*q=kibo"):
        page.locator("#person").press_sequentially("o")
    choice.click()
    for late in held:
        late.continue_()
    press(page, "Tilføj kollega")
    expect(page.get_by_role("button", name="Fjern Kim Bo Bang")).to_be_visible()


def test_a_caller_is_found_in_two_keystrokes_and_helped_at_once(here: Desk, opened: Open) -> None:
    lene = here.person(Role.SUPPORTER, team=here.team(is_first_line=True))
    mette = here.person(name="Yrsa Quist", initials="yq", phone="87 80 33 33")
    here.ticket(by=mette, subject="Musen hakker")
    page = opened(lene, "/tickets/call")
    expect(page.locator("input:focus")).to_have_count(1)
    page.keyboard.type("yq")
    page.keyboard.press("Enter")
    expect_heading(page, "Henvendelse fra Yrsa Quist")
    expect(page.get_by_role("complementary")).to_contain_text("Musen hakker")
    page.get_by_label("Hvad drejer det sig om?").fill("Kan ikke logge på")
    page.get_by_label("Løst med det samme").check()
    page.get_by_label("Hvordan blev det løst?").fill("Ny adgangskode.")
    page.get_by_label("Manglende kompetence").check()
    press(page, "Opret")
    expect(page.get_by_text("er oprettet og løst")).to_be_visible()
    [ticket] = here.all(Ticket, filer_id=lene.id)
    assert (ticket.state, ticket.affected_id) == (State.RESOLVED, mette.id)
