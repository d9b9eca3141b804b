"""What somebody types is kept for him or her, and for nobody else."""

import os
from datetime import timedelta
from io import BytesIO

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.drafts import commands, jobs, rules
from servicedesk.drafts.models import Draft, KeptFile
from servicedesk.tickets.jobs import remove_orphans, store
from servicedesk.tickets.models import Attachment, Ticket
from tests.pages.town import picture

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def employee(desk):
    return desk.person()


@pytest.fixture
def now(at):
    return at("2026-03-02 10:42")


@pytest.fixture
def browser(now, browse, employee):
    return browse(employee)


def save(browser, place="file", version=0, **fields):
    return browser.post(f"/drafts/{place}", data={"draft_version": version, **fields}, headers=SCRIPT).json


def test_what_is_typed_is_there_on_another_device(browse, browser, employee):
    answer = save(browser, subject="Printeren", description="Den skriver kun")

    assert answer == {"version": 1, "saved": "Kladde gemt kl. 10.42"}
    page = browse(employee).get("/tickets/new").text
    assert 'value="Printeren"' in page
    assert "Den skriver kun" in page
    assert "Kladde gemt kl. 10.42" in page
    assert browse(employee).get("/drafts/file").json["fields"]["subject"] == "Printeren"


def test_nobody_else_sees_it(desk, browse, browser):
    save(browser, subject="Hemmelig kladde", description="Om min chef")

    other = browse(desk.person(Role.SUPPORTER, Role.ADMINISTRATOR))
    for address in ("/tickets/new", "/drafts", "/", "/search?q=chef"):
        assert "Hemmelig kladde" not in other.get(address).text
    assert other.get("/drafts/file").json["fields"] == {}
    other.post("/drafts/file/discard")
    assert "Om min chef" in browser.get("/drafts").text


def test_without_scripts_a_button_saves_and_leads_back(browser):
    answer = browser.post("/drafts/file", data={"subject": "Printeren", "description": "Larmer"})

    assert (answer.status_code, answer.location) == (303, "/tickets/new")
    assert "Kladde gemt kl." in browser.get("/tickets/new").text


def test_filing_spends_the_draft(desk, browser, employee):
    desk.team(is_first_line=True)
    save(browser, subject="Printeren", description="Larmer")

    browser.post("/tickets/new", data={"subject": "Printeren", "description": "Larmer"})

    assert desk.count(Ticket, filer_id=employee.id) == 1
    assert desk.count(Draft) == 0


def test_what_was_refused_spends_nothing(desk, browser):
    save(browser, subject="Printeren", description="Larmer")

    assert browser.post("/tickets/new", data={"subject": "", "description": "Larmer"}).status_code == 422
    assert desk.count(Draft) == 1


def test_an_old_window_does_not_write_over_a_newer_text(browser):
    save(browser, description="Første")
    save(browser, version=1, description="Nyere, fra telefonen")

    answer = save(browser, version=1, description="Gammel, fra pc'en")

    assert answer["conflict"]["text"] == "Nyere, fra telefonen"
    assert browser.get("/drafts/file").json["fields"]["description"] == "Nyere, fra telefonen"
    assert save(browser, version=2, draft_force="1", description="Begge")["version"] == 3


def test_without_scripts_both_texts_are_shown_and_one_is_chosen(browser):
    save(browser, description="Nyere")

    page = browser.post("/drafts/file", data={"draft_version": 0, "description": "Gammel"})

    assert page.status_code == 409
    assert "Nyere" in page.text
    assert "Gammel" in page.text


def test_saving_the_same_again_is_no_other_window(browser):
    save(browser, description="Det samme")

    assert save(browser, version=0, description="Det samme")["version"] == 1


def test_a_draft_that_is_emptied_is_none(desk, browser):
    save(browser, description="Noget", kind="incident")
    save(browser, version=1, description="   ", kind="incident")

    assert desk.count(Draft) == 0


def test_thrown_away_and_had_back(browser):
    save(browser, description="Lige ved")
    browser.post("/drafts/file/discard")

    page = browser.get("/tickets/new").text
    assert "Lige ved" not in page
    assert "Din kladde er kasseret." in page

    browser.post("/drafts/file/undo")
    assert "Lige ved" in browser.get("/tickets/new").text


def test_the_start_page_and_the_list_know_how_many(desk, browser, employee):
    ticket = desk.ticket(by=employee, subject="Skærmen flimrer")
    save(browser, description="Om printeren")
    save(browser, f"ticket-{ticket}", body="Den flimrer stadig")

    assert "Du har 2 kladder" in browser.get("/").text
    page = browser.get("/drafts").text
    assert f"SD-{ticket} Skærmen flimrer" in page
    assert "Den flimrer stadig" in page
    assert "1 kladde et andet sted" in browser.get(f"/tickets/{ticket}").text


def test_of_a_ticket_out_of_reach_the_own_text_is_shown_and_nothing_else(desk, browser):
    ticket = desk.ticket(subject="Andres sag")
    save(browser, f"ticket-{ticket}", body="Mine egne ord")

    page = browser.get("/drafts").text

    assert "Mine egne ord" in page
    assert "Andres sag" not in page
    assert f"SD-{ticket}" not in page


@pytest.mark.parametrize(
    "place", ["sending-1", "ticket-0", "ticket-x", "Ticket-1", "..", "ticket-99999999999999999999"]
)
def test_what_is_no_place_is_not_found(browser, place):
    assert browser.post(f"/drafts/{place}", data={"body": "x"}).status_code == 404


def test_too_much_is_refused_with_a_sentence(browser):
    assert "for lang" in save(browser, description="x" * (rules.MOST_TEXT + 1))["refused"]


def test_too_many_are_refused(browser, monkeypatch):
    monkeypatch.setattr(rules, "MOST_DRAFTS", 2)
    save(browser, "ticket-1", body="En")
    save(browser, "ticket-2", body="To")

    assert "2 kladder" in save(browser, "ticket-3", body="Tre")["refused"]
    assert save(browser, "ticket-2", version=1, body="Mere")["version"] == 2


def test_neither_token_nor_password_is_kept(browser):
    save(browser, description="Tekst", password="hemmeligt", form_id="a" * 32)

    assert set(browser.get("/drafts/file").json["fields"]) == {"description"}


def test_a_draft_needs_the_pages_token(browser):
    assert browser.raw.post("/drafts/file", data={"description": "x"}).status_code == 400


def test_signs_that_no_database_keeps_are_left_out(browser):
    save(browser, description="a\x00bc")

    assert browser.get("/drafts/file").json["fields"]["description"] == "abc"


# ------------------------------------------------------------------------------------------------ files


@pytest.fixture
def shot(tmp_path):
    return picture(tmp_path).read_bytes()


def add_file(browser, content, name="skærmbillede.png", place="file"):
    return browser.post(f"/drafts/{place}/files", data={"files": (BytesIO(content), name)}, headers=SCRIPT).json


def test_a_file_lies_with_the_draft_and_goes_with_it(desk, browser, shot, employee):
    desk.team(is_first_line=True)
    assert "skærmbillede.png" in add_file(browser, shot)["files"]
    (kept,) = desk.all(KeptFile)
    with browser.get(f"/drafts/files/{kept.id}?preview=1") as shown:
        assert shown.data == shot

    form = {"subject": "Printeren", "description": "Se her", "kept": kept.id}
    browser.post("/tickets/new", data=form)

    (attached,) = desk.all(Attachment)
    assert attached.stored_name == kept.stored_name
    assert desk.count(KeptFile) == 0


def test_a_file_that_is_not_ticked_stays_behind(desk, browser, shot):
    desk.team(is_first_line=True)
    add_file(browser, shot)

    browser.post("/tickets/new", data={"subject": "Printeren", "description": "Uden billede"})

    assert desk.count(Attachment) == 0
    assert desk.count(KeptFile) == 0


def test_another_persons_file_is_not_there(desk, browse, browser, shot):
    add_file(browser, shot)
    (kept,) = desk.all(KeptFile)
    other = desk.person()
    desk.team(is_first_line=True)

    assert browse(other).get(f"/drafts/files/{kept.id}").status_code == 404
    assert browse(other).post(f"/drafts/files/{kept.id}/remove").status_code == 404
    browse(other).post("/tickets/new", data={"subject": "x", "description": "y", "kept": kept.id})
    assert desk.count(Attachment) == 0


def test_a_program_is_refused_and_leaves_nothing(desk, browser):
    assert "program" in add_file(browser, b"MZ\x90\x00", "spil.exe")["refused"]
    assert desk.count(KeptFile) == 0


def test_more_files_than_fit_are_refused(desk, browser, shot, monkeypatch):
    monkeypatch.setattr(rules, "MOST_FILES", 1)
    add_file(browser, shot)

    assert "højst være 1" in add_file(browser, shot)["refused"]
    assert desk.count(KeptFile) == 1


def test_the_clean_up_spares_drafts_files_and_takes_them_afterwards(app, desk, browser, shot):
    add_file(browser, shot)
    (kept,) = desk.all(KeptFile)
    later = clock.now()
    with app.app_context():
        os.utime(store().path(kept.stored_name), (0, 0))
        assert remove_orphans(later) == 0
        commands.remove_file(kept.id, by=desk.actor(kept.person_id))
    with app.app_context():
        assert remove_orphans(later) == 1
        assert not store().path(kept.stored_name).exists()


# ------------------------------------------------------------------------------------------------ forgetting


def test_what_nobody_touches_for_thirty_days_is_forgotten(app, desk, now, browser, shot):
    save(browser, description="Gammel")
    add_file(browser, shot)
    with app.app_context():
        assert jobs.forget_drafts(now + timedelta(days=29)) == 0
        assert jobs.forget_drafts(now + timedelta(days=31)) == 1
    assert desk.count(Draft) == desk.count(KeptFile) == 0


def test_what_was_thrown_away_is_forgotten_after_a_day(app, desk, now, browser):
    save(browser, description="Kasseret")
    browser.post("/drafts/file/discard")
    with app.app_context():
        assert jobs.forget_drafts(now + timedelta(hours=23)) == 0
        assert jobs.forget_drafts(now + timedelta(hours=25)) == 1


def test_new_words_take_the_place_of_what_was_thrown_away(desk, browser, shot):
    save(browser, description="Kasseret")
    add_file(browser, shot)
    browser.post("/drafts/file/discard")

    save(browser, version=1, description="Nyt")

    assert browser.get("/drafts/file").json["fields"]["description"] == "Nyt"
    assert desk.count(KeptFile) == 0
