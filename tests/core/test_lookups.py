"""Who reads what of others leaves one line; who reads the own leaves none (A213)."""

import sqlite3

import pytest
from sqlalchemy import text

from servicedesk.core import clock, lookups
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.core.lookups import Look, LookUp, Seen
from servicedesk.tickets.workflow import Secrecy


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER)


@pytest.fixture
def looks(desk):
    """(what, page) of each line, oldest first."""
    return lambda **wanted: [(line.seen, line.door) for line in desk.all(LookUp, **wanted)]


def test_a_ticket_that_is_opened_is_one_line(desk, browse, supporter, at):
    now = at("2026-03-02 09:00")
    filer, affected = desk.person(Role.SUPPORTER), desk.person()
    ticket = desk.ticket(by=filer, affected=affected)

    browse(supporter).get(f"/tickets/{ticket}")

    [line] = desk.all(LookUp)
    assert (line.at, line.by_id, line.seen, line.door) == (now, supporter.id, Seen.TICKET, "tickets.show")
    assert (line.ticket_id, line.person_id, line.filer_id) == (ticket, affected.id, filer.id)
    assert (line.customer_id, line.roles, line.is_secret) == (desk.home.id, "supporter", False)


def test_whose_ticket_it_is_leaves_none(desk, browse, supporter, looks):
    employee = desk.person()
    for reader in (employee, supporter):
        browse(reader).get(f"/tickets/{desk.ticket(by=reader)}")
    assert looks() == []


def test_every_page_of_a_ticket_is_accounted_for(desk, browse, supporter, looks):
    ticket, browser = desk.ticket(), browse(supporter)
    for page in ("", "/clocks", "/edit", "/split", "/merge"):
        browser.get(f"/tickets/{ticket}{page}")
    browser.get(f"/queue/preview/{ticket}")
    browser.get(f"/queue?preview=SD-{ticket}")
    assert looks(ticket_id=ticket) == [
        (Seen.TICKET, door)
        for door in (
            *("tickets.show", "tickets.explain_clocks", "tickets.edit", "tickets.split_page", "tickets.preview_merge"),
            *("cockpit.preview", "cockpit.queue"),
        )
    ]


def test_a_list_a_poll_and_a_refusal_leave_none(desk, browse, supporter, looks):
    ticket = desk.ticket()
    desk.team(is_closed=True, receives_confidential=True)
    hidden = desk.ticket(secrecy=Secrecy.CONFIDENTIAL)
    browser = browse(supporter)
    for address in (f"/tickets/{hidden}", "/queue", "/queue/counts", f"/tickets/{ticket}/presence", "/tickets/999"):
        browser.get(address)
    browser.post(f"/tickets/{ticket}/presence")
    browser.head(f"/tickets/{ticket}")
    assert looks() == []


def test_a_poll_by_its_own_word_is_no_way_around(desk, browse, supporter, looks):
    browse(supporter).get(f"/tickets/{desk.ticket()}", headers={"X-Poll": "1", "HX-Request": "true"})
    assert looks() == [(Seen.TICKET, "tickets.show")]


def test_a_form_that_is_refused_shows_the_ticket(desk, browse, supporter, looks):
    answer = browse(supporter).post(f"/tickets/{desk.ticket()}/entries", data={"body": ""})
    assert answer.status_code == 422
    assert [seen for seen, _door in looks()] == [Seen.TICKET]


def test_a_piece_of_the_page_belongs_to_the_page(desk, browse, supporter, looks, at):
    at("2026-03-02 09:00")
    ticket, browser = desk.ticket(system=desk.system()), browse(supporter)
    browser.get(f"/tickets/{ticket}")
    browser.get(f"/tickets/{ticket}/competence")
    assert looks() == [(Seen.TICKET, "tickets.show")]
    at("2026-03-02 11:00")
    browser.get(f"/tickets/{ticket}/competence")
    assert looks()[1:] == [(Seen.TICKET, "competence.of_ticket")]


def test_searches_people_and_files(desk, browse, looks):
    boss = desk.person(Role.ADMINISTRATOR, Role.SUPPORTER, over=desk.home)
    someone = desk.person(name="Gerda Lund")
    browser = browse(boss)
    for address in (
        *("/search?q=Gerda", "/queue?q=printer", "/admin/people?q=Gerda", "/admin/people.csv"),
        *(f"/admin/people/{someone.id}", f"/tickets/call?person={someone.id}", "/admin/people"),
    ):
        assert browser.get(address).status_code == 200
    assert [seen for seen, _door in looks()] == [
        *(Seen.SEARCH, Seen.SEARCH, Seen.SEARCH, Seen.EXPORT, Seen.PERSON, Seen.PERSON),
    ]
    assert {line.roles for line in desk.all(LookUp)} == {"administrator supporter"}


def test_a_cpr_number_that_is_searched_for_is_not_kept(desk, browse, supporter):
    browse(supporter).get("/search?q=cpr 010157-5004")
    [line] = desk.all(LookUp)
    assert "5004" not in line.facts["words"]


def test_hidden_numbers_that_were_shown_say_why(desk, browse, supporter):
    ticket = desk.ticket(description="Mit nummer er 010157-5004")
    browse(supporter).post(f"/tickets/{ticket}/numbers", data={"reason": "Opslag i fagsystemet"})
    [line] = desk.all(LookUp, seen=Seen.NUMBERS)
    assert (line.ticket_id, line.facts) == (ticket, {"reason": "Opslag i fagsystemet"})
    assert desk.count(AuditLine, action="cpr_revealed") == 1


def test_it_costs_one_statement_after_all_others(desk, browse, supporter, queries):
    ticket, browser = desk.ticket(), browse(supporter)
    browser.get(f"/tickets/{ticket}")
    with queries() as asked:
        browser.get(f"/tickets/{ticket}")
    writing = [one for one in asked if "look_up" in one]
    assert len(writing) == 1 and asked[-1] == writing[0]


@pytest.mark.committing
@pytest.mark.once
def test_a_busy_database_costs_the_page_nothing_and_the_line_goes_to_the_log(fresh_app, tmp_path, monkeypatch, capsys):
    from tests.desk import Desk

    monkeypatch.setattr("servicedesk.core.looking.SHORT_BUSY_MS", 1)
    desk = Desk(fresh_app)
    supporter, ticket = desk.person(Role.SUPPORTER), desk.ticket()
    browser = fresh_app.test_client()
    browser.sign_in(desk.sign_in(supporter))
    with fresh_app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL has as many writers as there are")
        other = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    answer = browser.get(f"/tickets/{ticket}")
    other.rollback()
    other.close()

    assert answer.status_code == 200 and desk.count(LookUp) == 0
    said = capsys.readouterr().err
    assert "look_up_not_recorded" in said and f"keys=[{ticket}]" in said and f"by={supporter.id}" in said


def test_old_lines_are_thrown_away_a_few_at_a_time(app, desk, supporter, at):
    for day in (1, 2, 3):
        now = at(f"2026-03-0{day} 09:00")
        with desk.writing():
            lookups.record([Look(seen=Seen.SEARCH, door="search.search")], by=desk.actor(supporter), now=now)
    with app.app_context():
        assert [lookups.forget_before(clock.now(), most=1) for _ in range(3)] == [1, 1, 0]
        assert db.session.scalar(text("SELECT count(*) FROM look_up")) == 1


def test_words_that_name_somebody_who_is_erased_are_taken_out(app, desk, browse, supporter):
    browser = browse(supporter)
    for typed in ("gerda lund", "printer", "GERDA"):
        browser.get(f"/search?q={typed}")
    with app.app_context():
        assert lookups.forget_words(["Gerda", " "]) == 2
    assert [line.facts for line in desk.all(LookUp, seen=Seen.SEARCH)] == [{}, {"words": "printer"}, {}]


def test_every_route_that_names_a_thing_accounts_for_it_or_says_why_not(app):
    """What shows nothing of the ticket that its address names is listed here, so that nobody adds to it unseen."""
    silent = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if set(rule.arguments) & set(lookups.subjects())
        and getattr(app.view_functions[rule.endpoint], "tells_nothing", False)
    }
    assert silent == {
        "/tickets/<int:ticket_id>/colleagues",
        "/tickets/<int:ticket_id>/phrases",
        "/tickets/<int:ticket_id>/presence",
        "/tickets/<int:ticket_id>/similar",
        "/tickets/<int:ticket_id>/topics",
    }
