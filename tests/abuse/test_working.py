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
from servicedesk.drafts import commands as drafts
from servicedesk.phrases.models import Phrase
from tests.abuse.test_rendering import P1, dangers_of
from tests.abuse.town import contents
from tests.cockpit_made import macro_of, run_over

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
    odd: tuple[Any, ...] = (
        [],
        {"sort": "x"},
        {"team": [["1"]], "col": [None], "group": {"a": 1}},
        {"state": ["nope"], "unit": ["9" * 30]},
    )
    for query in odd:
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
    assert {name for name in after if after[name] != before[name]} <= {"sign_in", "look_up"}


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
