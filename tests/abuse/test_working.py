"""What supporters have to work with, turned against what they may not see (A005 to A175)."""

import re
from secrets import token_hex
from typing import Any

import pytest

from servicedesk.cockpit.bulk.models import BulkResult, Outcome
from servicedesk.cockpit.macros.models import Audience
from servicedesk.cockpit.models import SavedView, Sharing
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.drafts import commands as drafts
from servicedesk.drafts.models import KeptFile, Sending
from servicedesk.phrases.models import Phrase
from servicedesk.presence.models import Presence
from servicedesk.search.models import RecentTicket
from servicedesk.systems.rules import Audience as KnownTo
from servicedesk.tickets import commands
from servicedesk.tickets.models import Attachment, Entry
from servicedesk.tickets.workflow import Secrecy, State
from tests.abuse.test_rendering import P1, dangers_of
from tests.abuse.town import contents
from tests.cockpit_made import macro_of, run_over
from tests.systems_made import make_known_error

NOT_EVALUATED = [
    "{{7*7}}",
    "{{config}}",
    "{% for x in y %}",
    "${7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "%(x)s",
    "#{7*7}",
]


def do_to_many(browser, tickets, do, **fields):
    """Says yes to it, and answers the page of the run."""
    sent = {"tickets": ",".join(map(str, tickets)), "do": do, "form_id": token_hex(16), "stamp": "", **fields}
    answer = browser.post("/queue/bulk/runs", data=sent)
    assert answer.status_code == 303, answer.text
    browser.post(f"{answer.location}/more")
    return answer.location


# ------------------------------------------------------------------------------------------------ many at once


@pytest.mark.parametrize("who", ["su1", "s1"])
def test_many_at_once_reach_no_further_than_one_by_one(desk, town, browse, who):
    """A009, A019: hidden, foreign and never issued are one and the same; their tickets stay as they are."""
    hidden = {"su1": [town.t3, town.secret, town.foreign], "s1": [town.secret, town.foreign]}[who]
    hidden = [*hidden, 999_999]
    before = [desk.look(id_).version for id_ in hidden[:-1]]
    browser = browse(getattr(town, who))
    asked = browser.post("/queue/bulk", data={"ticket": [town.t2, *hidden], "do": "note", "note": "Set"})
    page = do_to_many(browser, [town.t2, *hidden], "note", note="Set")
    results = {one.ticket_id: (one.outcome, one.reason) for one in desk.all(BulkResult)}
    assert results[town.t2] == (Outcome.DONE, None)
    assert len({results[id_] for id_ in hidden}) == 1 and results[999_999][0] is Outcome.REFUSED
    assert [desk.look(id_).version for id_ in hidden[:-1]] == before
    for answer in (asked, browser.get(page), browser.get(f"{page}/results.csv"), browser.get("/queue/bulk/runs")):
        assert answer.status_code == 200
        for subject in ("T3 langsom", "TH fortrolig", "Fremmed sag"):
            assert subject not in answer.text


def test_trying_again_reaches_no_further_either(desk, town, browse):
    """A009: nor does taking back, nor the run of somebody else."""
    run = run_over(desk, town.s1, [town.t1, town.secret], Step(deed=Deed.FOLLOW))
    browser, before = browse(town.s1), desk.look(town.secret).version
    browser.post(f"/queue/bulk/runs/{run.id}/retry", data={"ticket": town.secret})
    browser.post(f"/queue/bulk/runs/{run.id}/undo")
    assert desk.look(town.secret).version == before
    for method, way in (("get", ""), ("get", "/results.csv"), ("post", "/more"), ("post", "/retry"), ("post", "/undo")):
        for other in (town.s3, town.boss, town.foreign_supporter):
            assert getattr(browse(other), method)(f"/queue/bulk/runs/{run.id}{way}").status_code == 404


def test_a_step_does_what_its_person_may_and_nothing_for_others(desk, town, browse, unchanged):
    """A009, A024: whom it is given to and which system it is about are checked as in every form."""
    browser, ticket = browse(town.s1), town.t1
    for fields in (
        {"do": "to_team", "to_team": town.foreign_team.id, "team": town.foreign_team.id},
        {"do": "to_assignee", "to_assignee": town.foreign_supporter.id, "assignee": town.foreign_supporter.id},
        {"do": "set_system", "set_system": town.foreign_system.id, "system": town.foreign_system.id},
        {"do": "macro", "macro": macro_of(desk, town.s3, Step(deed=Deed.TAKE)).id},
        {"do": "delete"},
        {"do": "__class__"},
    ):
        with unchanged():
            answer = browser.post("/queue/bulk", data={"ticket": ticket, **fields})
        assert answer.status_code in (200, 404, 409, 422), fields
        assert "Fremmed" not in answer.text
        before = desk.look(ticket)
        sent = {"tickets": str(ticket), "form_id": token_hex(16), "stamp": "", **fields}
        assert browser.post("/queue/bulk/runs", data=sent).status_code in (303, 404, 409, 422)
        after = desk.look(ticket)
        same = ("team_id", "assignee_id", "system_id", "customer_id", "affected_id")
        assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


# ------------------------------------------------------------------------------------------------ views


def test_a_shared_view_shows_each_what_he_or_she_may_see(desk, town, browse):
    """A155: whoever made it; its number beside it too."""
    assert town.t1 and town.secret and town.foreign
    shared = {"sharing": Sharing.CUSTOMER, "is_first": False, "changed_at": clock.now(), "name": "Alt"}
    query = {"show": ["all"], "sort": ["-filed"]}
    view = desk.add(SavedView(customer_id=town.home.id, owner_id=town.s3.id, query=query, **shared)).id
    assert "TH fortrolig" in browse(town.s3).get(f"/queue?view={view}").text
    page = browse(town.s1).get(f"/queue?view={view}").text
    assert "T1 striber" in page and "TH fortrolig" not in page and "Fremmed sag" not in page
    figures = [browse(who).get(f"/queue/counts?view={view}").text for who in (town.s1, town.s3)]
    numbers = [re.findall(r"Alt\D{0,200}?(\d+)", re.sub(r"<[^>]+>", " ", text)) for text in figures]
    assert numbers == [["1"], ["2"]]
    assert browse(town.foreign_supporter).get(f"/queue?view={view}").text.count("T1 striber") == 0


@pytest.mark.parametrize(
    "address", ["//[", "http://[::1", "?" + "a=1&" * 2_000, "?view=" + "9" * 40, "?\x00=\x00", "x" * 9_999]
)
def test_an_odd_address_is_no_fault_when_a_view_is_saved(desk, town, browse, address):
    """A031, A033: what the form says of its page is as good as anything that people type."""
    browser = browse(town.s1)
    view = town.view_of(town.s1)
    for route in ("/queue/views", f"/queue/views/{view}", "/queue/columns"):
        answer = browser.post(route, data={"address": address, "name": "Min", "share": "private"})
        assert answer.status_code == 303 and answer.location.startswith(("/queue", "?")), (route, answer.location)


def test_a_view_kept_by_an_older_version_breaks_no_page(desk, town, browse):
    """A031."""
    view = town.view_of(town.s1)
    kept: list[Any] = [
        [],
        {"sort": "x"},
        {"team": [["1"]], "col": [None], "group": {"a": 1}},
        {"state": ["nope"], "unit": ["9" * 30]},
    ]
    for query in kept:
        with desk.writing() as session:
            session.get(SavedView, view).query = query
        for page in ("/", f"/queue?view={view}", "/queue/views", "/queue/counts", f"/queue/live?view={view}"):
            assert browse(town.s1).get(page).status_code == 200, (query, page)


@pytest.mark.parametrize(
    "came",
    ["//evil.test", "javascript:alert(1)", "&view=1", "\\evil.test", "x\nSet-Cookie: a=b", P1, "q=" + "x" * 9_000],
)
def test_the_list_that_one_came_from_leads_nowhere_else(desk, town, browse, came):
    """A061, A071, A174: it is shown in addresses of ours only, and led to as one."""
    browser, ticket = browse(town.s1), town.t1
    page = browser.get(f"/tickets/{ticket}", query_string={"from": came})
    assert page.status_code == 200 and dangers_of(page.text) == []
    for address in re.findall(r'href="([^"]*from=[^"]*)"', page.text):
        assert address.startswith(("/tickets/", "/queue"))
    answer = browser.post(f"/tickets/{ticket}/actions/take", query_string={"from": came}, data={"then": "next"})
    assert answer.status_code == 303 and re.match(r"/(tickets|queue)\b", answer.location)
    assert "Set-Cookie: a" not in str(answer.headers)


# ------------------------------------------------------------------------------------------------ macros and texts


@pytest.mark.parametrize("nasty", NOT_EVALUATED)
def test_texts_and_macros_are_never_evaluated(desk, town, browse, nasty):
    """A161: neither what their writers wrote, nor what users wrote that stands in for a field, nor a second time."""
    browser = browse(town.s1)
    ticket = desk.ticket(by=town.r1, subject=f"{nasty} {{{{mig.navn}}}}")
    macro = macro_of(desk, town.s1, Step(deed=Deed.NOTE, text=f"{nasty} om {{{{henvendelse.emne}}}}"))
    phrase = Phrase(customer_id=town.home.id, owner_id=town.s1.id, name=nasty, keyword="x", changed_at=clock.now())
    phrase.body = f"{nasty} om {{{{henvendelse.emne}}}}"
    desk.add(phrase)
    assert browser.get(f"/tickets/{ticket}/macros/{macro.id}").status_code == 200
    assert (
        browser.post(f"/tickets/{ticket}/macros/{macro.id}", data={"seen": desk.look(ticket).version}).status_code
        == 303
    )
    noted = desk.journal(ticket)[-1].data["body"].replace("\\", "")
    filled = browser.get(f"/tickets/{ticket}/phrases?q=x").get_json()["items"][0]["text"].replace("\\", "")
    for text in (noted, filled):
        assert text == f"{nasty} om {nasty} {{{{mig.navn}}}}"
        assert "49" not in text and town.s1.name not in text


def test_names_of_views_macros_and_texts_are_inert(desk, town, browse):
    """A061: wherever they are listed, offered, confirmed or told of afterwards."""
    name = P1[:60]
    kept = {"sharing": Sharing.PRIVATE, "is_first": False, "changed_at": clock.now(), "query": {}}
    view = desk.add(SavedView(customer_id=town.home.id, owner_id=town.s1.id, name=name, **kept)).id
    macro = macro_of(desk, town.s1, Step(deed=Deed.NOTE, text=P1), name=name, description=P1).id
    phrase = Phrase(customer_id=town.home.id, owner_id=town.s1.id, name=P1[:100], keyword="x", body=P1)
    phrase.changed_at = clock.now()
    phrase_id = desk.add(phrase).id
    run = run_over(desk, town.s1, [town.t1, town.t2], Step(deed=Deed.NOTE, text=P1), name=name).id
    with desk.app.app_context():
        told = {"by": desk.actor(town.s1), "now": clock.now()}
        drafts.save(f"ticket-{town.t1}", {"body": P1, "subject": P1}, **told)
    browser = browse(town.s1)
    browser.post("/queue/tabs", data={"key": str(view), "do": "pin"})
    for page in (
        *(
            "/",
            "/queue",
            f"/queue?view={view}",
            "/queue/views",
            "/queue/counts",
            "/queue/macros",
            "/phrases",
            "/drafts",
        ),
        *(f"/queue/macros/{macro}", f"/queue/macros/new?from={macro}", f"/phrases/{phrase_id}", f"/tickets/{town.t1}"),
        *(
            f"/tickets/{town.t1}/macros/{macro}",
            f"/queue/bulk/runs/{run}",
            "/queue/bulk/runs",
            "/queue/macros?deleted=1",
        ),
    ):
        answer = browser.get(page)
        assert answer.status_code == 200 and dangers_of(answer.text) == [], page
    asked = browser.post("/queue/bulk", data={"ticket": [town.t1], "do": "macro", "macro": macro})
    assert asked.status_code == 200 and dangers_of(asked.text) == []
    assert dangers_of(browser.post("/phrases/preview", data={"body": P1}).text) == []
    for way in ("copy", "delete"):
        browser.post(f"/queue/views/{view}/{way}")
        assert dangers_of(browser.get("/queue/views").text) == []


@pytest.mark.parametrize("deed", [Deed.RESOLVE, Deed.MOVE, Deed.REPLY, Deed.FOLLOW, Deed.NOTE])
def test_looking_at_what_a_macro_would_do_does_nothing(app, desk, town, browse, deed):
    """A175: though it is rehearsed by the commands themselves, nothing of it is left, and nobody hears of it."""
    told = {
        Deed.RESOLVE: {"text": "Løst", "cause": "fault"},
        Deed.MOVE: {"team_id": town.hr.id},
        Deed.FOLLOW: {},
    }.get(deed, {"text": "Hej"})
    macro = macro_of(desk, town.s1, Step.read({"deed": deed.value, **told})).id
    ticket, browser = town.t1, browse(town.s1)
    browser.get("/me")
    before = contents(app)
    for _ in range(2):
        assert browser.get(f"/tickets/{ticket}/macros/{macro}").status_code == 200
    after = contents(app)
    assert {name for name in after if after[name] != before[name]} <= {"sign_in"}


def test_a_macro_names_nobody_and_nothing_of_others(desk, town, browse):
    """A012, A024: it is no way to a foreign person, team or system, nor to a private one's words."""
    browser = browse(town.s1)
    for fields in (
        {"place": "person", "person": town.foreign_supporter.id},
        {"team": town.foreign_team.id},
        {"system": town.foreign_system.id},
        {"audience": "all", "note": "x"},
    ):
        answer = browser.post(
            "/queue/macros/new", data={"name": "M", "audience": "own", "place": "", "end": "", **fields}
        )
        assert answer.status_code in (403, 404, 422), fields
        assert "Fremmed" not in answer.text.replace("Fremmed enhed", "")
    theirs = macro_of(desk, town.s3, Step(deed=Deed.NOTE, text="zzz"))
    for address in (
        f"/queue/macros/{theirs.id}",
        f"/queue/macros/new?from={theirs.id}",
        f"/tickets/{town.t1}/macros/{theirs.id}",
    ):
        assert browser.get(address).status_code == 404
    shared = macro_of(desk, town.boss, Step(deed=Deed.NOTE, text="zzz"), audience=Audience.ALL)
    assert browser.get(f"/queue/macros/{shared.id}").status_code == 404
    assert browser.post(f"/tickets/{town.secret}/macros/{shared.id}").status_code == 404


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
