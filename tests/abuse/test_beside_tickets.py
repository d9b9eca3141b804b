"""What stands beside tickets and is begun on them, turned against what one may not see (A002 to A150)."""

import re
from secrets import token_hex

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.drafts import commands as drafts
from servicedesk.drafts.models import KeptFile, Sending
from servicedesk.presence.models import Presence
from servicedesk.search.models import RecentTicket
from servicedesk.systems.rules import Audience as KnownTo
from servicedesk.tickets import commands
from servicedesk.tickets.models import Attachment, Entry
from servicedesk.tickets.workflow import Secrecy, State
from tests.systems_made import make_known_error

# ------------------------------------------------------------------------------------------------ other tickets


def test_a_split_takes_nothing_that_its_user_could_not_read(desk, town, browse, unchanged):
    """A007: neither notes with their files, nor what was said on another ticket, whatever numbers are sent."""
    ticket, other = town.t1, town.t3
    town.note(ticket, town.s1, "Kun for os", town.file("hemmelig.png"))
    note = desk.journal(ticket)[-1].seq
    for number in range(9):
        town.reply(other, town.s1, f"Fremmed {number}", town.file("fremmed.png"))
    fields = {"subject": "Ny", "description": "Tekst", "kind": "incident"}
    browser = browse(town.s1)
    files = len(desk.all(Attachment))
    for entry in (note, note + 3, 999, 0, "-1", "x", str(desk.all(Entry)[-1].id)):
        with unchanged():
            answer = browser.post(f"/tickets/{ticket}/split", data={**fields, "entry": entry})
        assert answer.status_code == 422 and "Kun for os" not in answer.text
        page = browser.get(f"/tickets/{ticket}/split?entry={entry}").text
        assert "Kun for os" not in page and "Fremmed" not in page
    # What is named beside something that may be taken is not taken along.
    made = browser.post(f"/tickets/{ticket}/split", data={**fields, "entry": [1, note]})
    assert made.status_code == 303
    assert len(desk.all(Attachment)) == files
    for who in (town.m1, town.r1, town.foreign_supporter):
        for way in ("split", "split/quote"):
            assert browse(who).post(f"/tickets/{ticket}/{way}", data=fields).status_code in (403, 404)


def test_a_merge_is_not_shown_with_what_is_hidden(desk, town, browse):
    """A002, A005: by its number alone it cannot be told from one that never was."""
    browser, ticket = browse(town.s1), town.t1
    pages = {}
    for number in (town.secret, town.foreign, 999_999):
        answer = browser.get(f"/tickets/{ticket}/merge?number=SD-{number}")
        assert answer.status_code == 422
        text = re.sub(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}", "", answer.text)
        pages[number] = re.sub(rf"\b{number}\b", "N", text)
    assert len(set(pages.values())) == 1


def test_nothing_secret_is_similar(desk, town, browse):
    """A019: neither is it counted among today's, nor offered while a subject is typed or a call is taken."""
    browser, words = browse(town.s1), "Kaffemaskinen drypper"
    desk.ticket(by=town.r2, secrecy=Secrecy.CONFIDENTIAL, subject=f"{words} hemmeligt", system=town.system)
    desk.ticket(by=town.foreign_person, subject=f"{words} fremmed")
    ticket = desk.ticket(by=town.r1, subject=words, system=town.system)
    for page in (
        f"/tickets/{ticket}/similar",
        f"/tickets/new/suggestions?subject={words}",
        f"/tickets/call/suggestions?person={town.r2.id}&subject={words}",
        f"/tickets/call?person={town.r2.id}",
        f"/palette?q={words}",
    ):
        answer = browser.get(page)
        assert answer.status_code == 200 and "hemmelig" not in answer.text and "fremmed" not in answer.text, page


def test_a_call_is_taken_from_ones_own_people_only(desk, town, browse, unchanged):
    """A012, A028: nobody else is found, and nobody else's number opens the form."""
    browser = browse(town.s1)
    for typed in ("Freja", town.foreign_person.initials, "%", "_", "*", str(town.foreign_person.id)):
        for page in (
            f"/tickets/call?q={typed}",
            f"/tickets/people?to=call&q={typed}",
            f"/tickets/people?to=file&q={typed}",
        ):
            assert "Freja Fremmed" not in browser.get(page).text
    for id_ in (town.foreign_person.id, 999_999):
        assert browser.get(f"/tickets/call?person={id_}").status_code == 404
        assert browser.get(f"/tickets/call/suggestions?person={id_}").status_code == 404
        with unchanged():
            fields = {"person": id_, "subject": "x", "description": "x"}
            assert browser.post("/tickets/call", data=fields).status_code in (404, 422)
    for who in (town.r1, town.m1, town.adm):
        assert browse(who).get(f"/tickets/call?person={town.r1.id}").status_code == 404
        assert town.r2.name not in browse(who).get("/tickets/people?to=call&q=Rikard").text


# ------------------------------------------------------------------------------------------------ begun and left


@pytest.mark.parametrize(
    "place", ["ticket-{secret}", "ticket-{foreign}", "ticket-999999", "ticket-" + "9" * 19, "nothing-1", "file-1"]
)
def test_a_draft_tells_nothing_of_what_it_is_for(desk, town, browse, place):
    """A002: whatever place is named, one has one's own words there and no more."""
    place = place.format(secret=town.secret, foreign=town.foreign)
    browser = browse(town.s1)
    assert browser.post(f"/drafts/{place}", data={"body": "Mine ord"}).status_code == 303
    for page in ("/drafts", "/"):
        text = browser.get(page).text
        assert "fortrolig" not in text and "Fremmed sag" not in text
    assert "Mine ord" in browser.get("/drafts").text
    assert browser.get(f"/drafts/{place}").get_json()["fields"] == {"body": "Mine ord"}
    for other in (town.s3, town.r2, town.foreign_supporter):
        assert browse(other).get(f"/drafts/{place}").get_json()["fields"] == {}
        assert "Mine ord" not in browse(other).get("/drafts").text


@pytest.mark.parametrize(
    "place", ["sending-1", "..", "ticket-0", "ticket-01", "TICKET-1", "ticket-1x", "a" * 21, "ticket-" + "9" * 20]
)
def test_what_is_no_place_has_no_draft(town, browse, unchanged, place):
    """A033."""
    browser = browse(town.s1)
    with unchanged():
        for method, way in (("get", ""), ("post", ""), ("post", "/discard"), ("post", "/undo"), ("post", "/files")):
            assert getattr(browser, method)(f"/drafts/{place}{way}").status_code in (404, 405)


def test_what_others_hold_back_and_keep_is_theirs(desk, town, browse):
    """A005, A007: their answers are neither sent nor taken back, and their files are not put into one's own."""
    ticket = town.t1
    with desk.app.app_context():
        message = commands.Message(body="Fra en anden")
        told = {"by": desk.actor(town.boss), "now": clock.now()}
        sending = commands.say_later(ticket, message, seconds=30, **told).id
        theirs = town.file("deres.png")
        drafts.add_files("ticket-1", [commands.stored_file(theirs)], **told)
    kept = desk.all(KeptFile)[0].id
    browser = browse(town.s1)
    for way in ("now", "undo"):
        browser.post(f"/tickets/{ticket}/sending/{sending}/{way}")
    assert desk.get(Sending, sending).fields["body"] == "Fra en anden"
    assert "Fra en anden" not in browser.get(f"/tickets/{ticket}").text
    assert browser.post(f"/drafts/files/{kept}/remove").status_code == 404
    assert browser.get(f"/drafts/files/{kept}").status_code == 404
    for route, fields in (("entries", {"body": "Mit", "kept": kept}), ("phrases", {"body": "Mit", "kept": kept})):
        browser.post(f"/tickets/{ticket}/{route}", data=fields)
    browser.post("/tickets/new", data={"subject": "x", "description": "y", "kept": kept, "form_id": token_hex(16)})
    assert [file.name for file in desk.all(Attachment) if file.name == "deres.png"] == []
    assert desk.all(KeptFile)[0].person_id == town.boss.id


def test_an_answer_does_not_leave_when_its_writer_may_no_more(desk, town, browse):
    """A003, A009: what may be done is asked when it is done, not when it was written."""
    ticket = town.t1
    with desk.app.app_context():
        by, now = desk.actor(town.s1), clock.now()
        sending = commands.say_later(ticket, commands.Message(body="For sent"), by=by, now=now, seconds=30).id
        commands.classify(ticket, by=by, now=now, secrecy=Secrecy.CONFIDENTIAL)
    with desk.app.app_context():
        commands.publish(sending, by=desk.actor(town.s1), now=clock.now())
    assert "For sent" not in str([entry.data for entry in desk.journal(ticket)])
    assert "For sent" in browse(town.s1).get("/drafts").text


def test_who_is_there_is_told_to_those_alone_who_work_there(desk, town, browse):
    """A014: neither to users nor to managers, nor at what is hidden; nor does anybody else turn up there."""
    ticket = town.t1
    assert browse(town.s1).post(f"/tickets/{ticket}/presence", data={"writing": "1"}).status_code == 200
    assert town.s1.name in browse(town.boss).post(f"/tickets/{ticket}/presence").text
    seen = len(desk.all(Presence))
    for who, refusals in (
        (town.r1, (404,)),
        (town.m1, (403, 404)),
        (town.adm, (404,)),
        (town.foreign_supporter, (404,)),
    ):
        answer = browse(who).post(f"/tickets/{ticket}/presence")
        assert answer.status_code in refusals and town.s1.name not in answer.text
    assert browse(town.s1).post(f"/tickets/{town.secret}/presence").status_code == 404
    assert len(desk.all(Presence)) == seen


def test_what_was_opened_last_is_forgotten_when_it_becomes_secret(desk, town, browse):
    """A019: in the palette and wherever else it is offered; the secret is not noted to begin with."""
    browser, ticket = browse(town.s1), town.t1
    for id_ in (ticket, town.secret, town.foreign, 999_999):
        assert browser.post(f"/recent/{id_}").status_code == 204
    assert [row.ticket_id for row in desk.all(RecentTicket)] == [ticket]
    assert "T1 striber" in browser.get("/palette").text
    with desk.app.app_context():
        commands.classify(ticket, by=desk.actor(town.s1), now=clock.now(), secrecy=Secrecy.CONFIDENTIAL)
    for page in ("/palette", f"/palette?q={ticket}", "/palette?q=striber", "/search", "/", "/queue"):
        assert "T1 striber" not in browser.get(page).text, page


def test_the_next_in_a_list_is_one_that_may_be_seen(desk, town, browse):
    """A019: and those before and after are counted without the hidden."""
    desk.grant(town.r3, Role.SUPPORTER)
    first, secret, last = town.t1, town.secret, town.t2
    browser = browse(town.s1)
    came = {"from": "show=all&sort=filed"}
    page = browser.get(f"/tickets/{first}", query_string=came).text
    assert f"/tickets/{secret}" not in page
    solved = {"solution": "Sådan", "cause": "fault", "then": "next"}
    answer = browser.post(f"/tickets/{first}/solution", query_string=came, data=solved)
    assert answer.location.startswith(f"/tickets/{last}")
    assert desk.look(secret).state is State.NEW


def test_what_staff_know_of_a_system_is_theirs(desk, town, browse):
    """A014, A150: on its page, in lists and suggestions; who may not read it is not told that it is there."""
    key = make_known_error(desk, town.system, "Intern viden om striber", audience=KnownTo.STAFF, workaround="Kun os")
    pages = (
        *("/known-errors", "/known-errors?q=striber", f"/status/systems/{town.system.id}", "/", "/palette?q=striber"),
        *(f"/tickets/new/suggestions?subject=striber&system={town.system.id}", "/search?q=striber"),
    )
    for who in (town.r1, town.su1, town.m1, town.foreign_supporter, town.foreign_adm):
        browser = browse(who)
        assert browser.get(f"/known-errors/{key}").status_code == 404
        for page in pages:
            assert "Intern viden" not in browser.get(page).text, (who.name, page)
    for who in (town.s1, town.owner, town.boss):
        assert "Kun os" in browse(who).get(f"/known-errors/{key}").text
