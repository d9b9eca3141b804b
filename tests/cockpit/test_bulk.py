"""Many tickets at once: each for itself, a list of how it went, one notice for each person."""

import re
from secrets import token_hex

import pytest

from servicedesk.cockpit.bulk.models import BulkResult, BulkRun
from servicedesk.core.actor import Role
from servicedesk.notifications.models import HeldNews, Notice, OutboxMail
from servicedesk.tickets.workflow import State


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True, name="Servicedesk")


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


def ask(browser, tickets, do, **fields):
    return browser.post("/queue/bulk", data={"ticket": tickets, "do": do, **fields})


def run(desk, browser, tickets, do, **fields):
    """Says yes, and lets the page go on to its end; answers the run's page."""
    sent = {"tickets": ",".join(map(str, tickets)), "do": do, "form_id": token_hex(16), "stamp": "", **fields}
    answer = browser.post("/queue/bulk/runs", data=sent)
    assert answer.status_code == 303, answer.text
    finish(desk, browser, answer.location)
    return answer.location


def finish(desk, browser, page):
    key = int(page.rsplit("/", 1)[1])
    while desk.get(BulkRun, key).finished_at is None:
        assert browser.post(f"{page}/more").status_code == 303


def outcomes(desk):
    return [result.outcome for result in desk.all(BulkResult)]


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_closing_fifty_of_which_three_refuse(desk, browse, supporter):
    often, others = desk.person(), desk.person()
    solved = [desk.ticket("resolved", by=often if n < 20 else others, assignee=supporter) for n in range(47)]
    still_open = [desk.ticket(by=others) for _ in range(3)]
    before = {mail.id for mail in desk.all(OutboxMail)}

    page = run(desk, browse(supporter), [*solved[:20], *still_open, *solved[20:]], "close")

    told = words(browse(supporter).get(page))
    assert "47 henvendelser blev klaret" in told
    assert "3 blev ikke klaret" in told
    assert "Kun en løst henvendelse kan lukkes. (3)" in told
    assert {desk.look(ticket).state for ticket in solved} == {State.CLOSED}
    assert {desk.look(ticket).state for ticket in still_open} == {State.NEW}
    mails = [mail for mail in desk.all(OutboxMail) if mail.id not in before]
    assert sorted((mail.person_id, mail.facts["count"]) for mail in mails) == sorted([(often.id, 20), (others.id, 27)])
    rung = [notice for notice in desk.all(Notice, person_id=often.id) if notice.event == "together"]
    assert len(rung) == 1
    assert desk.count(HeldNews) == 0
