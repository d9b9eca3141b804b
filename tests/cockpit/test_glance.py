"""News that does not show on an open page of the queue: one statement, and the answer that reading again gives."""

import re
from html import unescape
from random import Random
from typing import cast
from urllib.parse import unquote

import pytest
from sqlalchemy import insert, select

from servicedesk.cockpit import glance
from servicedesk.core import clock
from servicedesk.tickets import commands, lists
from servicedesk.tickets.models import Entry, Ticket
from servicedesk.tickets.workflow import Cause, Level


def test_news_elsewhere_costs_one_statement(desk, browse, lene, employee, poll, queries):
    desk.ticket(by=employee, assignee=lene, state="open")
    browser = browse(lene)
    page = browser.get("/queue?view=mine")
    desk.ticket(by=employee)
    poll(browser, page)
    desk.ticket(by=employee)
    with queries() as asked:
        answer = poll(browser, page)
    assert (answer.status_code, answer.data) == (304, b"")
    assert len(asked) == 1
    assert poll(browser, page, answer.headers["HX-PTag"]).status_code == 304


def test_how_many_there_are_is_told_without_the_list(desk, browse, lene, employee, poll, queries, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 3)
    lists._queue_page.cache_clear()
    for _ in range(4):
        desk.ticket(by=employee)
    browser = browse(lene)
    page = browser.get("/queue?view=all")
    desk.ticket(by=employee)
    with queries() as asked:
        answer = poll(browser, page)
    lists._queue_page.cache_clear()

    assert (answer.status_code, answer.data, len(asked)) == (304, b"", 1)
    assert unquote(answer.headers["X-Total"]) == "5 henvendelser"
    again = poll(browser, page, answer.headers["HX-PTag"])
    assert again.status_code == 304
    assert "X-Total" not in again.headers


def test_a_process_that_does_not_remember_the_page_reads_it(desk, browse, lene, employee, poll, listed, monkeypatch):
    first = desk.ticket(by=employee, assignee=lene, state="open")
    browser = browse(lene)
    page = browser.get("/queue?view=mine")
    monkeypatch.setattr(glance, "MEMORY", glance._Memory())
    desk.ticket(by=employee)
    elsewhere = poll(browser, page)
    assert elsewhere.status_code == 304
    second = desk.ticket(by=employee, assignee=lene, state="open")
    assert listed(poll(browser, page, elsewhere.headers["HX-PTag"])) == [first, second]


def test_what_comes_late_with_an_old_number_is_looked_for(desk, browse, lene, employee, poll, listed):
    """As on PostgreSQL, where an entry has its number before others can see it."""
    ticket = desk.ticket(by=employee, assignee=lene, state="open")
    with desk.writing() as session:
        late = session.query(Entry).filter_by(ticket_id=ticket).order_by(Entry.seq).first()
        kept = dict(session.execute(select(Entry.__table__).where(Entry.id == late.id)).mappings().one())
        session.delete(late)
        assignee, session.get(Ticket, ticket).assignee_id = session.get(Ticket, ticket).assignee_id, None
    browser = browse(lene)
    page = browser.get("/queue?view=mine")
    assert listed(page) == []
    desk.ticket(by=employee)
    with desk.writing() as session:
        session.execute(insert(Entry).values(**kept))
        session.get(Ticket, ticket).assignee_id = assignee
    assert listed(poll(browser, page)) == [ticket]


def test_memory_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(glance, "MOST", 3)
    memory = glance._Memory()
    made = cast(glance.Made, object())
    for digest in "abcd":
        memory.keep(digest, made)
    assert [digest for digest in "abcd" if memory.get(digest) is made] == ["b", "c", "d"]


@pytest.fixture
def short_pages(monkeypatch):
    """Pages of three tickets, and eight counted, so that few tickets show what many would."""
    monkeypatch.setattr(lists, "PAGE", 3)
    monkeypatch.setattr(lists, "COUNT_CAP", 8)
    kept = (lists._queue_page, lists.counting, glance._looking)
    for statements in kept:
        statements.cache_clear()
    yield
    for statements in kept:
        statements.cache_clear()


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "address", ["/queue", "/queue?view=mine", "/queue?show=all&sort=-updated", "/queue?priority=3"]
)
def test_no_other_answer_than_reading_again(
    desk, app, browse, lene, jonas, employee, poll, listed, monkeypatch, address, seed
):
    """Whatever happens, the first page and the one after it say so exactly when reading them again says so."""
    draw, browser, tickets = Random(seed), browse(lene), [desk.ticket(by=employee) for _ in range(5)]
    pages = {address: browser.get(address)}
    if following := re.findall(r'href="(/queue\?[^"]*after=[^"]*)"', pages[address].text):
        pages[unescape(following[-1])] = browser.get(unescape(following[-1]))
    for _ in range(14):
        _do_something(draw, desk, app, tickets, employee, draw.choice([lene, jonas]))
        for own, page in pages.items():
            remembered = poll(browser, page)
            with monkeypatch.context() as forgetful:
                forgetful.setattr(glance, "MEMORY", glance._Memory())
                read = poll(browser, page)
            if total := remembered.headers.get("X-Total"):
                assert f'data-total="{unquote(total)}"' in read.text
                assert (remembered.status_code, listed(page)) == (304, listed(read))
            else:
                assert (remembered.status_code, listed(remembered)) == (read.status_code, listed(read))
            if read.status_code == 200:
                pages[own] = browser.get(own)


def _do_something(draw, desk, app, tickets, employee, supporter):
    ticket, what = desk.look(draw.choice(tickets)), draw.choice(["file", "take", "note", "resolve", "change"])
    if what == "file" or not ticket.is_open:
        tickets.append(desk.ticket(by=employee))
        return
    actor, now = desk.actor(supporter), clock.now()
    with app.app_context():
        match what:
            case "take":
                commands.take(ticket.id, by=actor, now=now)
            case "note":
                commands.note(ticket.id, by=actor, now=now, body="Set på.")
            case "resolve":
                commands.resolve(ticket.id, by=actor, now=now, solution="Tromlen er skiftet.", cause=Cause.FAULT)
            case "change":
                level = draw.choice(list(Level))
                commands.change(ticket.id, by=actor, now=now, impact=level, urgency=level)
