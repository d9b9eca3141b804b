"""Saved views: kept, shared, pinned, changed, copied, deleted and brought back."""

import re
from html import unescape

import pytest

from servicedesk.cockpit.models import SavedView, Sharing
from servicedesk.cockpit.shape import Shape, of_stored
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.workflow import Level, Priority, Secrecy
from tests.desk import EVERYTHING

CHANGED = 'class="view-changed"'


def save(browser, address, name="Min visning", share="private"):
    """Answers the address to which saving leads."""
    answer = browser.post("/queue/views", data={"address": address, "name": name, "share": share})
    assert answer.status_code == 303
    return answer.location


def key_of(location):
    return int(location.split("view=")[1].split("&")[0])


def tabs_of(answer):
    row = answer.text.split('class="tabs"')[1].split("</nav>")[0]
    return [unescape(name).strip() for name in re.findall(r"<a [^>]*>([^<]*)", row)]


def test_a_view_keeps_filters_order_columns_and_grouping(desk, browse, lene, employee, listed):
    urgent = desk.ticket(by=employee, impact=Level.HIGH, urgency=Level.HIGH)
    desk.ticket(by=employee, impact=Level.LOW, urgency=Level.LOW)
    browser = browse(lene)
    priority = int(desk.look(urgent).priority)

    there = save(browser, f"/queue?priority={priority}&sort=-updated&col=state&col=held&group=state", "Haster")
    page = browser.get(there)

    assert listed(page) == [urgent]
    assert re.findall(r'<th scope="col" data-col="(\w+)"', page.text) == ["state", "held"]
    assert "1 på siden" in page.text
    assert tabs_of(page)[-1] == "Haster"
    assert CHANGED not in page.text


def test_a_changed_view_says_so_and_can_be_saved_or_left(desk, browse, lene, employee):
    browser = browse(lene)
    there = save(browser, "/queue?priority=1", "Haster")
    changed = f"{there}&priority=2&sort=priority"
    page = browser.get(changed)
    assert "Haster er ændret" in page.text
    browser.post(f"/queue/views/{key_of(there)}", data={"address": changed})
    assert of_stored(desk.get(SavedView, key_of(there)).query).filters.priorities == (Priority(2),)
    assert CHANGED not in browser.get(there).text


def test_all_filters_can_be_taken_from_a_view(desk, browse, lene, employee, listed):
    ticket = desk.ticket(by=employee)
    browser = browse(lene)
    there = save(browser, "/queue?state=cancelled", "Annullerede")
    assert listed(browser.get(there)) == []
    assert listed(browser.get(f"{there}&sort=priority")) == [ticket]


def test_the_usual_views_can_be_changed_but_not_overwritten(browse, lene):
    page = browse(lene).get("/queue?view=mine&priority=1&sort=priority")
    assert "Mine er ændret" in page.text
    assert "Gem som ny" in page.text


@pytest.mark.parametrize(
    ("share", "who", "sees"),
    [
        ("private", "jonas", False),
        ("team", "jonas", True),
        ("team", "stranger", False),
        ("customer", "jonas", True),
        ("customer", "far", False),
    ],
)
def test_a_view_is_seen_by_those_it_is_shared_with(desk, browse, team, chief, jonas, share, who, sees):
    people = {
        "jonas": jonas,
        "stranger": desk.person(Role.SUPPORTER),
        "far": desk.person(Role.SUPPORTER, unit=desk.customer()),
    }
    there = save(browse(chief), "/queue?priority=1", "Fælles", f"team:{team.id}" if share == "team" else share)
    browser = browse(people[who])
    page = browser.get(there)
    assert ("Fælles" in page.text) is sees
    assert ("Den visning findes ikke længere" in page.text) is not sees
    assert ("Fælles" in browser.get("/queue/views").text) is sees
    for action in ("", "/edit", "/delete", "/restore"):
        data = {"address": "/queue?priority=2", "name": "Kapret", "share": "private"}
        assert browser.post(f"/queue/views/{key_of(there)}{action}", data=data).status_code == 404
    assert browser.post(f"/queue/views/{key_of(there)}/copy").status_code == (303 if sees else 404)
    assert desk.get(SavedView, key_of(there)).name == "Fælles"


def test_a_shared_view_shows_each_reader_his_own(desk, browse, employee, listed):
    closed = desk.team(is_closed=True, receives_confidential=True)
    administrator = desk.person(Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR, team=closed, over=EVERYTHING)
    supporter = desk.person(Role.SUPPORTER)
    secret = desk.ticket(by=employee, secrecy=Secrecy.CONFIDENTIAL, subject="Sladder om chefen")
    plain = desk.ticket(by=employee)
    there = save(browse(administrator), f"/queue?team={closed.id}&team=none&show=all", "Alt", "customer")

    assert listed(browse(administrator).get(there)) == [secret, plain]
    page = browse(supporter).get(there)

    assert listed(page) == [plain]
    assert closed.name not in page.text
    assert "Sladder" not in page.text
    assert (
        "2" not in browse(supporter).get(f"/queue/counts?{there.split('?')[1]}").text.split("Alt")[1].split("</li>")[0]
    )


@pytest.mark.parametrize("share", ["customer", "team:1", "team:999999", "team:x", "nonsense"])
def test_a_supporter_shares_with_own_team_at_most(desk, browse, lene, share):
    other = desk.team()
    browser = browse(lene)
    browser.post("/queue/views", data={"address": "/queue", "name": "X", "share": share.replace("1", str(other.id))})
    assert [view.sharing for view in desk.all(SavedView)] in ([], [Sharing.PRIVATE])


def test_names_are_only_text(browse, lene, team):
    browser = browse(lene)
    name = '"><script>alert(1)</script>{{ 7*7 }}'
    there = save(browser, "/queue?priority=1", name, f"team:{team.id}")
    pages = [browser.get(there), browser.get(f"{there}&priority=2"), browser.get("/queue/views")]
    pages.append(browser.post(f"/queue/views/{key_of(there)}/delete", data={}))
    pages[-1] = browser.get("/queue/views")
    for page in pages:
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "{{ 7*7 }}" in page.text


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 61])
def test_a_name_that_is_none_is_refused(desk, browse, lene, name):
    answer = browse(lene).post("/queue/views", data={"address": "/queue?priority=1", "name": name})
    assert answer.location == "/queue?priority=1"
    assert desk.count(SavedView) == 0


def test_deleting_can_be_undone(desk, browse, lene, jonas, team):
    browser = browse(lene)
    there = save(browser, "/queue?priority=1", "Haster", f"team:{team.id}")
    browser.post(f"/queue/views/{key_of(there)}/delete")
    page = browser.get("/queue/views")
    assert "Fortryd sletningen" in page.text
    assert "findes ikke længere" in browse(jonas).get(there).text
    assert browse(jonas).post(f"/queue/views/{key_of(there)}/restore").status_code == 404
    assert browser.post(f"/queue/views/{key_of(there)}/restore").status_code == 303
    assert "Haster" in tabs_of(browser.get(there))
    told = [line.action for line in desk.all(AuditLine) if line.subject_kind == "saved_view"]
    assert told == ["view_saved", "view_deleted", "view_restored"]


def test_a_copy_is_ones_own(desk, browse, chief, lene):
    there = save(browse(chief), "/queue?priority=1", "Fælles", "customer")
    browser = browse(lene)
    copy = browser.post(f"/queue/views/{key_of(there)}/copy").location
    own = desk.get(SavedView, key_of(copy))
    assert (own.owner_id, own.sharing, own.query) == (lene.id, Sharing.PRIVATE, {"priority": ["1"]})
    assert own.name in tabs_of(browser.get(copy))


def test_the_row_of_tabs_is_ones_own(desk, browse, lene, jonas, chief):
    there = save(browse(chief), "/queue?priority=1", "Fælles", "customer")
    browser = browse(lene)

    def do(what, key):
        assert browser.post("/queue/tabs", data={"do": what, "key": key}).status_code == 303

    do("pin", str(key_of(there)))
    do("unpin", "due")
    do("left", str(key_of(there)))
    row = tabs_of(browser.get("/queue"))
    assert row[-2:] == ["Fælles", "Løste, venter på bruger"]
    assert "Snart forfaldne" not in row
    assert tabs_of(browse(jonas).get("/queue"))[-1] == "Løste, venter på bruger"
    do("pin", "999999")
    assert "Den visning findes ikke længere." in browser.get("/queue/views").text


def test_what_the_queue_opens_with(desk, browse, lene, jonas, chief, team):
    def shown(who):
        return browse(who).get("/queue").text.split("<title>")[1].split(" –")[0]

    def first(name, share, first):
        there = save(browse(chief), f"/queue?priority=1&system={len(name)}", name, share)
        data = {"name": name, "share": share, "first": first}
        assert browse(chief).post(f"/queue/views/{key_of(there)}/edit", data=data).status_code == 303
        return key_of(there)

    outside = desk.person(Role.SUPPORTER)
    assert shown(lene) == "Alle åbne"
    first("Alles", "customer", "all")
    assert shown(lene) == shown(outside) == "Alles"
    first("Ledernes", "customer", "servicedesk_manager")
    assert shown(lene) == "Alles"
    assert shown(chief) == "Ledernes"
    first("Holdets", f"team:{team.id}", "all")
    assert (shown(lene), shown(chief), shown(outside)) == ("Holdets", "Holdets", "Alles")
    browse(lene).post("/queue/tabs", data={"do": "first", "key": "mine"})
    assert (shown(lene), shown(jonas)) == ("Mine", "Holdets")
    browse(lene).post("/queue/tabs", data={"do": "not_first", "key": "mine"})
    assert shown(lene) == "Holdets"


def test_a_supporter_puts_nothing_first_for_others(desk, browse, lene, team):
    browser = browse(lene)
    there = save(browser, "/queue?priority=1", "Haster", f"team:{team.id}")
    data = {"name": "Haster", "share": f"team:{team.id}", "first": "all", "address": "/queue/views"}
    browser.post(f"/queue/views/{key_of(there)}/edit", data=data)
    assert not desk.get(SavedView, key_of(there)).is_first


def test_what_is_gone_is_left_out_with_a_notice(desk, browse, lene, employee, listed):
    system, other = desk.system("Sensum"), desk.team()
    ticket = desk.ticket(by=employee)
    browser = browse(lene)
    there = save(browser, f"/queue?system={system.id}&system=987654&team={other.id}&unit=876543", "Gammel")
    with desk.writing() as session:
        session.merge(other).is_active = False
    page = browser.get(there)
    assert "nævner noget, der ikke findes længere" in page.text
    assert listed(page) == []
    with desk.writing() as session:
        session.merge(system).is_active = False
    assert listed(browser.get(there)) == [ticket]


@pytest.mark.parametrize(
    "stored", [{}, [], "x", {"state": "new"}, {"sort": ["?"], "col": ["zzz", 3], "group": [None]}, {"team": [["a"]]}]
)
def test_a_view_that_makes_no_sense_any_more_shows_what_it_can(desk, browse, lene, stored):
    view = desk.add(
        SavedView(
            customer_id=desk.home.id,
            owner_id=lene.id,
            name="Sær",
            query=stored,
            sharing=Sharing.PRIVATE,
            is_first=False,
            changed_at=clock.now(),
        )
    )
    browser = browse(lene)
    for address in (f"/queue?view={view.id}", "/queue/views", "/queue/counts", "/queue"):
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("key", ["0", "-1", "999999", "9" * 30, "x", "²", "all%00", "team"])
def test_a_view_that_never_was_is_no_error(browse, lene, key):
    assert browse(lene).get(f"/queue?view={key}").status_code == 200


def test_columns_are_chosen_and_moved_without_scripts(desk, browse, lene, employee):
    desk.ticket(by=employee)
    browser = browse(lene)

    def columns(page):
        return re.findall(r'<th scope="col" data-col="(\w+)"', page.text)

    moved = browser.get("/queue?col=time&col=state&col=who&sort=priority&move=who:-1")
    assert moved.status_code == 302
    page = browser.get(moved.location)
    assert columns(page) == ["time", "who", "state"]
    browser.post("/queue/columns", data={"address": moved.location})
    assert columns(browser.get("/queue?view=mine")) in ([], ["time", "who", "state"])
    assert columns(browser.get("/queue")) == ["time", "who", "state"]
    sent = browser.get("/queue?view=all&col=time&col=who&col=state&sort=priority")
    assert CHANGED not in sent.text, "the form sends what is shown anyway"
    browser.post("/queue/columns", data={"address": "/queue", "do": "usual"})
    assert columns(browser.get("/queue"))[0] == "priority"


@pytest.mark.parametrize("by", ["team", "assignee", "priority", "state", "system", "unit", "due"])
def test_rows_stand_under_headings_and_pages_go_on(desk, browse, lene, employee, listed, monkeypatch, by):
    from servicedesk.tickets import lists

    monkeypatch.setattr(lists, "PAGE", 2)
    lists._queue_page.cache_clear()
    made = [desk.ticket(by=employee) for _ in range(3)]
    browser = browse(lene)
    page = browser.get(f"/queue?group={by}")
    following = unescape(page.text.split('rel="next" href="')[1].split('"')[0])
    second = browser.get(following)
    lists._queue_page.cache_clear()
    assert listed(page) + listed(second) == made
    assert "2 på siden" in page.text
    assert "1 på siden" in second.text


def test_counts_come_in_one_statement_and_are_kept_for_seconds(desk, browse, lene, employee, queries):
    for _ in range(3):
        desk.ticket(by=employee)
    browser = browse(lene)
    with queries() as first:
        page = browser.get("/queue/counts?view=all")
    with queries() as second:
        browser.get("/queue/counts?view=all")
    assert re.search(r"Alle åbne <span class=\"tab-count\">3<", page.text)
    assert sum("count(" in one for one in first) == 1
    assert sum("count(" in one for one in second) == 0


def test_shapes_are_read_as_they_are_written():
    shape = Shape(filters=Filters(teams=("me",), priorities=(Priority(1),)))
    assert of_stored(shape.stored()) == shape


def test_an_employee_has_no_views(browse, employee):
    browser = browse(employee)
    for address in ("/queue", "/queue/views", "/queue/counts", "/queue/preview/1"):
        assert browser.get(address).status_code == 404
    assert browser.post("/queue/views", data={"name": "x"}).status_code == 404
