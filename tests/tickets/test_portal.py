"""The employee's pages: what is suggested while a ticket is written, files that wait, and the start page."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.drafts.models import KeptFile
from servicedesk.notifications.mails import build
from servicedesk.notifications.models import OutboxMail
from servicedesk.systems import commands as knowing
from servicedesk.systems.models import KnownError
from servicedesk.tickets.models import Attachment, Follower, Ticket
from servicedesk.tickets.workflow import Secrecy
from tests.agreements_made import agree

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
TOLD = {"kind": "incident", "subject": "Skærmen er sort", "description": "Siden i morges."}
FORM = "f" * 32


@pytest.fixture
def mette(desk):
    return desk.person(name="Mette Holm", initials="meho")


@pytest.fixture
def nexus(desk):
    return desk.system("Nexus", aliases="omsorgsjournalen")


@pytest.fixture
def know(desk):
    """A known error of a system."""

    def know(system, title="Nexus viser en hvid side", workaround="Tryk **F5**"):
        told = knowing.KnownErrorWords(system_id=system.id, title=title, workaround=workaround)
        with desk.app.app_context():
            return knowing.add_known_error(told, by=desk.actor(desk.person(Role.SUPPORTER)), now=clock.now()).id

    return know


@pytest.fixture
def declare(desk):
    def declare(system, message="Man kan ikke logge på"):
        told = knowing.NewDisturbance(system_ids=[system.id], message=message)
        with desk.app.app_context():
            knowing.declare_disturbance(told, by=desk.actor(desk.person(Role.SUPPORTER)), now=clock.now())

    return declare


def chosen(page):
    """The system that a page has put in."""
    found = re.search(r'<option value="(\d+)" selected>', page)
    return int(found[1]) if found else None


# ------------------------------------------------------------------------------------------------ suggestions


def test_suggestions_are_ones_own_open_tickets_known_errors_and_disturbances(browse, desk, mette, nexus, know, declare):
    know(nexus)
    declare(nexus)
    desk.ticket(by=mette, subject="Nexus viser ikke kørelisten")
    desk.ticket("closed", by=mette, subject="Nexus viser forkert dato")
    desk.ticket(subject="Nexus viser en andens borgere")

    page = browse(mette).htmx("/tickets/new/suggestions?subject=Nexus+viser+hvid+side").text

    assert f'data-guess="{nexus.id}"' in page
    assert "Er det den her?" in page and "kørelisten" in page
    assert "Kendt fejl i Nexus: Nexus viser en hvid side" in page and "<strong>F5</strong>" in page
    assert "Vi ved det: Man kan ikke logge på" in page
    assert "forkert dato" not in page and "andens borgere" not in page


def test_a_ticket_one_only_follows_is_not_ones_own_to_write_in(browse, desk, mette, act):
    ticket = desk.ticket(subject="Printeren på kontoret larmer")
    act(desk.person(Role.SUPPORTER)).follow(ticket, person_id=mette.id)

    assert "larmer" not in browse(mette).htmx("/tickets/new/suggestions?subject=printeren+larmer").text


@pytest.mark.parametrize("subject", ["", "a", "%", "__", "%25%25%25", "*", "'; --", "%00", "x" * 5000])
def test_odd_words_suggest_nothing_and_break_nothing(browse, mette, nexus, subject):
    answer = browse(mette).htmx(f"/tickets/new/suggestions?subject={subject}&system=abc&guessed=-1")

    assert answer.status_code == 200
    assert "suggestion-words" not in answer.text


def test_a_choice_of_ones_own_is_not_guessed_over(browse, desk, mette, nexus):
    other = desk.system("Aula")
    browser, asked = browse(mette), "/tickets/new/suggestions?subject=Nexus+er+nede"

    assert "data-guess" not in browser.htmx(f"{asked}&system={other.id}").text
    assert "data-guess" in browser.htmx(f"{asked}&system={other.id}&guessed={other.id}").text


def test_known_errors_of_systems_one_does_not_use_are_never_shown(browse, desk, know):
    school = desk.unit()
    aula = desk.system("Aula", unit=school)
    know(aula, "Aula viser en hvid side")
    nurse = desk.person(unit=desk.unit())

    for address in (
        "/tickets/new/suggestions?subject=Aula+viser+hvid+side",
        "/help?q=aula",
        f"/tickets/new?system={aula.id}",
    ):
        page = browse(nurse).htmx(address).text
        assert "hvid side</" not in page and "Kendt fejl" not in page
        assert f'value="{aula.id}" selected' not in page


def test_suggestions_cost_the_same_however_much_there_is(browse, desk, mette, nexus, know, queries):
    browser, counts = browse(mette), []
    for number in (1, 6):
        for _ in range(number):
            desk.ticket(by=mette, subject="Nexus er nede", system=nexus)
            know(nexus)
        browser.htmx("/tickets/new/suggestions?subject=Nexus")
        with queries() as asked:
            browser.htmx("/tickets/new/suggestions?subject=Nexus+er+nede")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 10


def test_without_scripts_what_was_found_is_offered_once_before_filing(browse, desk, mette, nexus, know):
    know(nexus)
    browser, told = (
        browse(mette),
        {**TOLD, "subject": "Omsorgsjournalen er en hvid side", "offer": "1", "form_id": FORM},
    )

    offered = browser.post("/tickets/new", data=told)

    assert offered.status_code == 200 and desk.count(Ticket) == 0
    assert "Vi tror, at den handler om Nexus" in offered.text and "Kendt fejl" in offered.text
    assert "Siden i morges." in offered.text and chosen(offered.text) == nexus.id
    sent = browser.post("/tickets/new", data={**told, "offer": "", "system": nexus.id, "guessed": nexus.id})
    assert sent.status_code == 303 and desk.count(Ticket, system_id=nexus.id) == 1


def test_nothing_found_is_filed_at_once(browse, desk, mette, nexus):
    assert browse(mette).post("/tickets/new", data={**TOLD, "offer": "1"}).status_code == 303


def test_a_known_error_that_helped_is_counted_and_nothing_is_filed(browse, desk, mette, nexus, know):
    known, browser = know(nexus), browse(mette)

    answer = browser.post(f"/known-errors/{known}/solved", data=TOLD)

    assert answer.status_code == 303 and "Tak" in browser.get(answer.location).text
    assert desk.count(Ticket) == 0
    assert desk.get(KnownError, known).solved_by_it == 1


# ------------------------------------------------------------------------------------------------ files that wait


def with_file(name="skærm.png", content=PNG, **told):
    return {**TOLD, "form_id": FORM, "files": [(BytesIO(content), name)], **told}


def test_a_file_is_chosen_once_though_the_form_is_sent_twice(browse, desk, mette):
    browser = browse(mette)
    refused = browser.post("/tickets/new", data=with_file(subject=""))

    assert refused.status_code == 422 and "skærm.png" in refused.text
    [waiting] = desk.all(KeptFile)
    with browser.get(f"/drafts/files/{waiting.id}?preview=1") as picture:
        assert picture.data == PNG
    sent = browser.post("/tickets/new", data={**TOLD, "form_id": FORM, "kept": waiting.id})
    assert sent.status_code == 303
    [file] = desk.all(Attachment)
    assert (file.name, file.stored_name) == ("skærm.png", waiting.stored_name)
    assert desk.count(KeptFile) == 0


def test_a_file_that_is_taken_out_again_is_not_sent(browse, desk, mette):
    browser = browse(mette)
    browser.post("/tickets/new", data=with_file(subject=""))

    browser.post("/tickets/new", data={**TOLD, "form_id": FORM, "kept": ""})

    assert desk.count(Attachment) == desk.count(KeptFile) == 0


def test_a_bad_file_keeps_nobody_from_choosing_the_good_ones(browse, desk, mette):
    files = [(BytesIO(PNG), "god.png"), (BytesIO(b"MZ"), "ond.exe")]

    refused = browse(mette).post("/tickets/new", data={**TOLD, "form_id": FORM, "files": files})

    assert refused.status_code == 422
    assert "ond.exe kan køre" in refused.text and [file.name for file in desk.all(KeptFile)] == ["god.png"]


def test_what_waits_is_for_the_one_who_chose_it(browse, desk, mette):
    browse(mette).post("/tickets/new", data=with_file(subject=""))
    [waiting] = desk.all(KeptFile)
    stranger = browse(desk.person(Role.SUPPORTER))

    assert stranger.get(f"/drafts/files/{waiting.id}?preview=1").status_code == 404
    stranger.post("/tickets/new", data={**TOLD, "form_id": FORM, "kept": waiting.id})
    assert desk.count(Attachment) == 0 and desk.count(KeptFile) == 1


def test_no_more_files_wait_than_a_form_may_hold(browse, desk, mette):
    browser = browse(mette)
    for _ in range(3):
        kept = [file.id for file in desk.all(KeptFile)]
        files = [(BytesIO(PNG), f"{number}.png") for number in range(6)]
        answer = browser.post(
            "/tickets/new", data={**TOLD, "subject": "", "form_id": FORM, "files": files, "kept": kept}
        )

    assert "højst være 10 filer" in answer.text and desk.count(KeptFile) == 10


# ------------------------------------------------------------------------------------------------ pages


def test_the_start_page_says_what_waits_and_leads_to_what_one_uses(browse, desk, mette, nexus):
    desk.ticket(by=mette, subject="Nexus er langsom", system=nexus)
    desk.ticket("waiting_user", by=mette, subject="Musen hakker")

    page = browse(mette).get("/").text

    assert page.index("Venter på dig") < page.index("Musen hakker") < page.index("Nexus er langsom")
    assert "Problem med Nexus" in page
    assert page.index("Problem med Nexus") < page.index("Noget andet")
    assert "Ingen har taget den endnu" in page


def test_a_search_finds_own_tickets_and_known_errors(browse, desk, mette, nexus, know):
    know(nexus)
    desk.ticket("closed", by=mette, subject="Nexus viser forkert dato")
    desk.ticket(subject="Nexus viser en andens borgere")

    part, page = browse(mette).htmx("/help?q=nexus+viser").text, browse(mette).get("/help?q=nexus+viser").text

    for found in (part, page):
        assert "forkert dato" in found and "hvid side" in found and "andens borgere" not in found
    assert "<html" in page and "<html" not in part
    assert "Vi fandt ikke noget" in browse(mette).get("/help?q=enhjørning").text


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", "%", "\x00", "SD-1", "'"])
def test_what_is_searched_for_is_inert(browse, mette, q):
    page = browse(mette).get("/help", query_string={"q": q}).text

    assert "<script>alert" not in page


def test_something_else_asks_what_it_is(browse, mette):
    page = browse(mette).get("/tickets/new?kind=other").text

    assert "Skriv til servicedesken" in page and 'type="radio"' in page


def test_what_happens_now_stands_on_the_ticket_and_in_the_receipt(app, browse, desk, mette):
    desk.team(name="Servicedesk", is_first_line=True)
    agree(desk, "F", response="4 hours", resolution="2 working days", now=clock.now() - timedelta(days=1))
    ticket = browse(mette).post("/tickets/new", data=TOLD).location

    page = browse(mette).get(ticket).text
    [mail] = desk.all(OutboxMail)
    with app.app_context():
        body = build(mail, app.extensions["settings"]).get_body(("plain",))
    assert body is not None
    text = body.get_content()

    for told in (page, text):
        assert "Hos Servicedesk" in told and "En supporter læser den" in told and "Vi svarer senest" in told
    assert "Servicedesken har åbent hele døgnet." in page


# ------------------------------------------------------------------------------------------------ colleagues


def test_a_colleague_is_brought_and_taken_off_again(browse, desk, mette):
    colleague = desk.person(name="Kim Bo", initials="kibo")
    ticket = desk.ticket(by=mette)

    assert browse(mette).post(f"/tickets/{ticket}/followers", data={"person": "kibo"}).status_code == 303
    assert desk.count(Follower, ticket_id=ticket, person_id=colleague.id) == 1
    assert "Kim Bo" in browse(mette).get(f"/tickets/{ticket}").text
    browse(mette).post(f"/tickets/{ticket}/followers/remove", data={"person_id": colleague.id})
    assert desk.count(Follower, ticket_id=ticket) == 0


def test_only_those_one_may_choose_and_only_on_ones_own_ordinary_ticket(browse, desk, mette):
    desk.team(is_closed=True, receives_confidential=True)
    desk.person(unit=desk.unit(), initials="fjern")
    near = desk.person(initials="naer")
    own, secret = desk.ticket(by=mette), desk.ticket(by=mette, secrecy=Secrecy.CONFIDENTIAL)
    browser = browse(mette)

    for ticket, told in ((own, {"person": "fjern"}), (own, {"person": "%"}), (secret, {"person": "naer"})):
        assert browser.post(f"/tickets/{ticket}/followers", data=told).status_code in (403, 404, 422)
    other = desk.ticket()
    assert browser.post(f"/tickets/{other}/followers", data={"person_id": near.id}).status_code == 404
    assert desk.count(Follower) == 0


def test_a_follower_takes_nobody_else_off(browse, desk, mette, act):
    one, two = desk.person(), desk.person()
    ticket = desk.ticket(by=mette)
    for person in (one, two):
        act(mette).follow(ticket, person_id=person.id)

    answer = browse(one).post(f"/tickets/{ticket}/followers/remove", data={"person_id": two.id})

    assert answer.status_code == 403 and desk.count(Follower) == 2
