"""Forged requests, odd searches, and doors that should not be there (A147 to A180)."""

import re

import pytest

from servicedesk.core import access
from servicedesk.tickets.filters import Order
from servicedesk.tickets.models import Ticket
from tests.abuse.town import business, undone
from tests.architecture.test_routes import BY_MAIL_PROGRAMS

# ------------------------------------------------------------------------------------------------ search and sort

COLUMNS = [column.name for column in Ticket.__table__.columns]
SORTS = [
    *(set(COLUMNS) - {order.value.lstrip("-") for order in Order}),
    *(
        "password_hash",
        "affected.email",
        "affected__email",
        "(select 1)",
        "1",
        "-",
        ";",
        "priority desc",
        "priority;--",
    ),
    *("priority,filed", "PRIORITY", "--filed", "null", "1/0", "'", "sort[]", "priority\x00"),
]


def test_a_list_is_sorted_by_what_is_offered_and_by_nothing_else(town, browse):
    """A147: anything else is the order that it has anyway."""
    assert town.t1 and town.t2 and town.t3
    browser = browse(town.s1)
    usual = _order(browser.get("/queue").text)
    assert len(usual) == 3
    for sort in SORTS:
        assert _order(browser.get("/queue", query_string={"sort": sort}).text) == usual, sort
    for name in ("order", "order_by", "sort[]", "ordering", "sort_by"):
        assert _order(browser.get("/queue", query_string={name: "-filed"}).text) == usual, name


def _order(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/tickets/(\d+)", page.partition("<table")[2])))


def test_a_list_is_not_filtered_by_what_is_hidden(town, browse):
    """A150: fields of others, of notes and of related things are not asked about; a filter reaches no further."""
    town.note(town.t1, town.s1, "kanarinote")
    assert town.t3 and town.secret and town.foreign
    browser = browse(town.m1)
    usual = _order(browser.get("/queue?show=all").text)
    assert usual == [str(town.t1)]
    for name in (
        "requester.cpr",
        "assignee.email",
        "notes",
        "notes.contains",
        "affected.phone",
        "secrecy",
        "customer_id",
    ):
        for value in ("x", "a%", "kanarinote", "confidential", town.other.id):
            page = browser.get("/queue", query_string={"show": "all", name: value}).text
            assert _order(page) == usual, (name, value)
    for query in (f"unit={town.u21.id}", f"team={town.hr.id}", f"team={town.foreign_team.id}", f"unit={town.there.id}"):
        assert _order(browser.get(f"/queue?show=all&{query}").text) == []


@pytest.mark.timeout(60)  # a pattern that runs away does so for hours
@pytest.mark.parametrize(
    "q",
    [
        " ".join(f"ord{number}" for number in range(10_000)),
        "(" * 1_000 + "a" + ")" * 1_000,
        *("*a", "%a", "_", "(a+)+$", "a" * 1_000_000, '"', "'", "a OR b", "NEAR(a b)", "doc:a", "a*", "-a", "a AND"),
        *(
            "^a",
            "{a b}",
            "\x00",
            "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
            "SD-" + "9" * 30,
            "æ" * 5_000,
        ),
        *("'; drop table ticket;--", "a:*", "a & b", "!a", "<->", "\\", "0secret"),
    ],
)
def test_no_search_is_a_fault_or_runs_away(town, browse, q):
    """A152: as an employee and as staff."""
    assert town.t1
    for person in (town.r1, town.s1):
        assert browse(person).get("/search", query_string={"q": q}).status_code in (200, 400, 414)


# ------------------------------------------------------------------------------------------------ forged requests


def _changing(app):
    """Each route that changes something for a page, with an address of it."""
    values = {"ticket_id": 1, "action": "take", "token": "x"}
    for rule in app.url_map.iter_rules():
        if rule.rule in BY_MAIL_PROGRAMS:
            continue
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            built = {name: values.get(name, 1) for name in rule.arguments}
            with app.test_request_context(base_url=app.extensions["settings"].base_url):
                address = rule.build(built)[1]
            yield method, address


@pytest.mark.once  # it is refused before a database is asked
@pytest.mark.thorough
@pytest.mark.parametrize("who", ["r1", "s1", "adm"])
def test_nothing_is_changed_from_elsewhere_or_without_the_pages_token(app, town, browse, who):
    """A174: no token, another person's, one of before, one in the address; another site's page."""
    others, browser = _token(browse(town.r2)), browse(getattr(town, who))
    good = _token(browser)
    wrong: list[tuple[dict[str, str], dict[str, str], str]] = [({}, {}, ""), ({"csrf_token": others}, {}, "")]
    if who == "adm":  # whose the page is makes no difference to the rest
        wrong += [
            *(({"csrf_token": "x"}, {}, ""), ({}, {}, f"?csrf_token={good}")),
            ({}, {"Cookie": f"csrf_token={good}"}, ""),
            ({"csrf_token": good}, {"Origin": "https://evil.test", "Referer": "https://evil.test/"}, ""),
            *(
                ({"csrf_token": good}, {"Origin": origin}, "")
                for origin in ("null", "http://[", "https://servicedesk.test.evil.test")
            ),
            *(({"csrf_token": good}, {"Sec-Fetch-Site": site}, "") for site in ("cross-site", "same-site")),
        ]
    before = business(app)
    for method, address in _changing(app):
        for data, headers, query in wrong:
            headers = {"Referer": "https://servicedesk.test/", **headers}
            answer = browser.raw.post(address + query, data=data, headers=headers)
            told = (address, data, headers, answer.status_code)
            assert method == "POST" and answer.status_code in (400, 403), told
    assert business(app) == before


def test_a_token_of_before_is_of_no_use_after_signing_out(app, town, browse):
    """A174."""
    browser = browse(town.r1)
    old = _token(browser)
    browser.raw.post("/sign-out", data={"csrf_token": old}, headers={"Referer": "https://servicedesk.test/"})
    _token(browser, "/sign-in")
    answer = browser.raw.post("/sign-in", data={"csrf_token": old}, headers={"Referer": "https://servicedesk.test/"})
    assert answer.status_code == 400


def _token(browser, page="/me"):
    return re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[0]


def test_the_right_token_does_work(town, browse):
    """Or else the tests above would prove nothing."""
    browser = browse(town.s1)
    data = {"csrf_token": _token(browser)}
    answer = browser.raw.post(
        f"/tickets/{town.t1}/actions/take", data=data, headers={"Referer": "https://servicedesk.test/"}
    )
    assert answer.status_code == 303


def test_nothing_changes_by_another_method(app, town, browse):
    """A174, A175: neither a hidden field nor a header makes a GET into a POST."""
    ticket, browser = town.t1, browse(town.s1)
    before = business(app)
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        for query in ("", "?_method=POST"):
            address = f"/tickets/{ticket}/actions/take{query}"
            answer = browser.open(address, method=method, headers={"X-HTTP-Method-Override": "POST"})
            assert answer.status_code == 405
    assert business(app) == before


# ------------------------------------------------------------------------------------------------ other doors


@pytest.mark.parametrize(
    "path",
    [
        *("/console", "/debug", "/metrics", "/health", "/status", "/.git/config", "/.env", "/.git/HEAD", "/admin/"),
        *("/openapi.json", "/swagger", "/docs", "/graphql", "/phpinfo.php", "/wp-login.php", "/server-status"),
        *(
            "/backup.zip",
            "/servicedesk.db",
            "/var/servicedesk.db",
            "/static/../servicedesk/app.py",
            "/setup",
            "/install",
        ),
        *("/static/%2e%2e/pyproject.toml", "/static/..%2f..%2fetc/passwd", "/static//etc/passwd", "/static/", "/Admin"),
        *(
            "/admin;/people",
            "//admin/people",
            "/admin/people/.",
            "/admin/people;x",
            "/ADMIN/PEOPLE",
            "/?__debugger__=yes",
        ),
        *("/demo/sign-in", "/static/css/styles.css.map", "/static/js/app.js.map", "/robots.txt~"),
    ],
)
def test_there_are_no_doors_but_the_known_ones(browse, path):
    """A180: not found, or asked to sign in."""
    with browse().get(path) as answer:
        assert answer.status_code in (302, 308, 404, 405), path
        assert answer.status_code != 302 or "/sign-in" in answer.location
        assert "secret" not in answer.text.lower() and "Traceback" not in answer.text


def test_how_it_is_tells_nothing_else(browse):
    """A180: health is a word; no page names its server or version."""
    for path in ("/healthz", "/readyz"):
        assert browse().get(path).text == "ok"
    assert {"X-Powered-By", "X-Debug"}.isdisjoint(browse().get("/sign-in").headers.keys())


def test_debugging_is_off_and_tracing_unknown(app, browse):
    """A180."""
    assert not app.debug
    assert browse().open("/", method="TRACE").status_code == 405


def test_pages_name_no_host_but_ours(app, town, browse):
    """A178: in the source; what a browser asks for is tested with one."""
    addresses = re.compile(r"""(?:src|href|action|content|data-[\w-]+)=["']((?:https?:)?//[^"']+)""")
    for person in (None, town.r1, town.s1, town.adm):
        browser = browse(person)
        for _method, rule, _who in access.declared(app):
            if "<" not in rule and _method == "GET" and not rule.endswith(".pdf"):
                with undone(app), browser.get(rule) as answer:
                    found = [
                        at for at in addresses.findall(answer.text) if not at.startswith("https://servicedesk.test")
                    ]
                    assert found == [], rule
