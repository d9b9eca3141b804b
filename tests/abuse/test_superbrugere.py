"""Superbrugere beyond their mandate (A193, A195)."""

import pytest

from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets.workflow import Secrecy, State, Tier
from tests.superbrugere_made import publish


@pytest.fixture
def local(desk, town):
    """A ticket of the superbruger's own unit that is with him first."""
    publish(desk)
    ticket = desk.ticket(by=town.r2, subject="Projektoren blinker")
    assert desk.look(ticket).tier is Tier.LOCAL
    return ticket


def triage(browser, ticket, seen):
    """Everything that a superbruger does to a ticket; the status of each answer."""
    asked = {
        "actions/take": {},
        "entries": {"body": "Jeg kommer forbi.", "visibility": "public"},
        "solution": {"solution": "Kablet sad løst.", "cause": "fault"},
        "escalation": {"tried": "Skiftet kablet.", "affected": "1"},
    }
    return {
        name: browser.post(f"/tickets/{ticket}/{name}", data={"seen": str(seen), **form}).status_code
        for name, form in asked.items()
    }


def test_own_foreign_and_confidential(desk, town, browse, local):
    """A193: the own unit's, yes; another's, no; a confidential one of the own unit is not even there."""
    browser = browse(town.su1)
    secret = desk.ticket(by=town.r2, secrecy=Secrecy.CONFIDENTIAL, subject="Fortrolig om en kollega")
    elsewhere = desk.ticket(by=town.r3, subject="Langt herfra")
    missing = triage(browser, 999_999, 1)
    assert set(missing.values()) == {404}
    for ticket in (secret, elsewhere):
        before = desk.look(ticket).version
        assert triage(browser, ticket, before) == missing
        assert browser.get(f"/tickets/{ticket}").status_code == 404
        assert desk.look(ticket).version == before
    for page in ("/queue", "/queue?state=new", "/search?q=fortrolig", "/search?q=langt", "/superbrugere/report", "/"):
        answer = browser.get(page)
        assert "Fortrolig om en kollega" not in answer.text and "Langt herfra" not in answer.text
    offered = browser.get("/palette?q=kollega").get_json()["groups"]
    assert not [line for group in offered if group["key"] == "tickets" for line in group["lines"]]
    took = browser.post(f"/tickets/{local}/actions/take", data={"seen": "1"})
    solved = browser.post(f"/tickets/{local}/solution", data={"solution": "Kablet sad løst.", "cause": "fault"})
    assert (took.status_code, solved.status_code) == (303, 303)
    assert (desk.look(local).state, desk.look(local).assignee_id) == (State.RESOLVED, town.su1.id)


def test_what_is_handed_over_is_followed_no_further_than_the_mandate(desk, town, browse, local):
    """A195: the desk takes it over; what it then keeps to a closed team, no follower from outside reads."""
    browser, desks = browse(town.su1), browse(town.s1)
    assert browser.post(f"/tickets/{local}/followers", data={}).status_code == 303
    told = {"seen": str(len(desk.journal(local))), "tried": "Skiftet kablet.", "affected": "1"}
    handed = browser.post(f"/tickets/{local}/escalation", data=told)
    assert handed.status_code == 303 and desk.look(local).tier is Tier.SERVICEDESK
    assert browser.get(f"/tickets/{local}").status_code == 200  # still of the own unit, to read and to learn from
    refused = browser.post(f"/tickets/{local}/solution", data={"solution": "Løst", "cause": "fault"})
    assert refused.status_code == 403
    kept = desks.post(
        f"/tickets/{local}/secrecy", data={"secrecy": "confidential", "seen": str(len(desk.journal(local)))}
    )
    assert kept.status_code == 303
    assert desk.look(local).secrecy is Secrecy.CONFIDENTIAL
    rung, mailed = desk.count(Notice, person_id=town.su1.id), desk.count(OutboxMail, person_id=town.su1.id)
    browse(town.s3).post(f"/tickets/{local}/entries", data={"body": "Kun for os.", "visibility": "public"})
    assert browser.get(f"/tickets/{local}").status_code == 404
    assert browser.post(f"/tickets/{local}/followers", data={}).status_code == 404
    assert "Projektoren blinker" not in browser.get("/tickets").text + browser.get("/notices").text
    assert (desk.count(Notice, person_id=town.su1.id), desk.count(OutboxMail, person_id=town.su1.id)) == (rung, mailed)
