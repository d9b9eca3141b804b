"""What falls due soon: the same on the start page, in the figure beside the tab, in the view and for "all of it"."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from servicedesk.agreements.book import book_of
from servicedesk.core import clock
from servicedesk.tickets import lists, soon
from servicedesk.tickets.filters import Filters, Order
from servicedesk.tickets.workflow import Level
from tests.agreements_made import agree

#: By priority: within the hour, in three hours, and next week.
TARGETS = [
    {"kind": None, "priority": number, "response": None, "resolution": length, "update": None}
    for number, length in ((1, "1 hour"), (2, "3 hours"), (3, "200 hours"), (4, "200 hours"))
]


@pytest.fixture
def pressing(desk, employee):
    """Two that fall due soon, and beside them one that has long and one that is solved."""
    agree(desk, "F", targets=TARGETS, now=clock.now() - timedelta(days=2))
    levels = {"impact": Level.HIGH, "urgency": Level.HIGH}
    soon_due = [desk.ticket(by=employee, **levels), desk.ticket("open", by=employee, **levels)]
    desk.ticket(by=employee, impact=Level.LOW, urgency=Level.LOW)
    desk.ticket("resolved", by=employee, **levels)
    return soon_due


def test_start_page_tab_view_and_bulk_mean_the_same(browse, lene, pressing, listed):
    browser = browse(lene)

    start = browser.get("/").text
    assert "2 forfalder inden for 4 åbningstimer" in start
    [there] = [unescape(one) for one in re.findall(r'class="start-status".*?<a href="([^"]*)"', start, re.DOTALL)]

    assert sorted(listed(browser.get(there))) == sorted(pressing)
    view = browser.get("/queue?view=due")
    assert sorted(listed(view)) == sorted(pressing)
    assert "Forfalder inden for 4 åbningstimer eller er overskredet" in view.text
    counts = browser.get("/queue/counts?view=due").text
    assert re.search(r'Snart forfaldne <span class="tab-count">2<', counts)
    told = browser.post("/queue/bulk", data={"show": "soon", "all_matching": "1", "do": "take"}).text
    assert "2 henvendelser" in told


def test_the_next_of_the_view_is_one_that_is_due_soon(browse, lene, pressing):
    page = browse(lene).get(f"/tickets/{pressing[0]}?from=show%3Dsoon%26sort%3Ddue").text
    assert f"/tickets/{pressing[1]}?" in page


def test_friday_afternoon_reaches_into_monday(desk):
    friday = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
    agree(desk, "A", resolution="2 hours")
    with desk.app.app_context():
        reached = soon.horizon(book_of(desk.home.id), friday)
    assert soon.horizon(None, friday) == friday + soon.SOON
    assert (reached.date() - friday.date()).days == 3


def test_what_soon_is_has_to_be_said(desk, lene):
    with desk.app.app_context(), pytest.raises(ValueError, match="told first"):
        lists.count(Filters(soon=True, order=Order.DUE), desk.actor(lene))
