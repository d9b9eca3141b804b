"""Many tickets at once: each for itself, a list of how it went, one notice for each person."""

import re
from secrets import token_hex

import pytest

from servicedesk.cockpit import doing
from servicedesk.cockpit.bulk import commands, jobs
from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core.actor import Role
from servicedesk.notifications.models import HeldNews, Notice, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.tickets.workflow import OPEN_STATES, Cause, Secrecy, State


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


def test_nothing_happens_before_yes_and_exceptions_are_told_beforehand(desk, browse, supporter):
    solved, new = desk.ticket("resolved", assignee=supporter), desk.ticket()

    answer = ask(browse(supporter), [solved, new, 999_999], "close")

    told = words(answer)
    assert "Det sker der med 1 henvendelse" in told
    assert "2 bliver sprunget over" in told
    assert "Kun en løst henvendelse kan lukkes." in told
    assert "Henvendelsen findes ikke." in told
    assert "En lukket henvendelse kan ikke åbnes igen." in told
    assert desk.look(solved).state is State.RESOLVED
    assert desk.count(BulkRun) == 0


def test_what_lacks_something_is_asked_for_with_what_was_typed(desk, browse, supporter):
    answer = ask(browse(supporter), [desk.ticket()], "resolve", solution="Ny toner er på vej")

    assert answer.status_code == 422
    assert "Ny toner er på vej" in answer.text
    assert "Vælg, hvad der var årsagen." in answer.text


def test_nothing_ticked_leads_back_to_the_same_view(browse, supporter):
    answer = ask(browse(supporter), [], "close", state="resolved", sort="-updated")

    assert answer.location == "/queue?state=resolved&sort=-updated"


def test_all_that_a_view_finds(desk, browse, supporter):
    mine = [desk.ticket("open", assignee=supporter) for _ in range(3)]
    desk.ticket()

    answer = ask(browse(supporter), [], "note", note="Set", all_matching="1", assignee="me")

    assert f'value="{",".join(map(str, mine))}"' in answer.text


def test_a_form_sent_twice_starts_one_run(desk, browse, supporter):
    ticket, form = desk.ticket(), token_hex(16)
    for _ in range(2):
        run(desk, browse(supporter), [ticket], "note", note="En gang", form_id=form)

    assert desk.count(BulkRun) == 1
    assert [entry.kind.value for entry in desk.journal(ticket)] == ["filed", "noted"]


def test_a_refused_one_is_tried_again(desk, browse, supporter, act):
    ticket, other = desk.ticket(), desk.ticket("resolved", assignee=supporter)
    page = run(desk, browse(supporter), [ticket, other], "close")
    act(supporter).resolve(ticket, solution="Gjort", cause=Cause.FAULT)

    browse(supporter).post(f"{page}/retry", data={"ticket": ticket})
    finish(desk, browse(supporter), page)

    assert desk.look(ticket).state is State.CLOSED
    assert outcomes(desk) == [Outcome.DONE, Outcome.DONE]


def test_taking_back_leaves_alone_what_others_have_touched(desk, browse, supporter, act):
    first, second = desk.ticket(), desk.ticket()
    page = run(desk, browse(supporter), [first, second], "resolve", solution="Genstartet", cause="fault")
    act(supporter).note(second, body="Der er mere i den her")

    answer = browse(supporter).post(f"{page}/undo")
    finish(desk, browse(supporter), answer.location)

    assert desk.look(first).state is State.OPEN
    assert desk.look(second).state is State.RESOLVED
    told = words(browse(supporter).get(answer.location))
    assert "1 henvendelse blev klaret" in told
    assert "Nogen har skrevet eller ændret noget siden" in told
    assert browse(supporter).post(f"{page}/undo").location == answer.location


def test_taking_back_gives_back_team_assignee_and_facts(desk, browse, supporter, team):
    other = desk.team(name="Drift")
    ticket = desk.ticket("open", assignee=supporter)
    page = run(desk, browse(supporter), [ticket], "move", to_team=other.id)
    assert desk.look(ticket).team_id == other.id

    browse(supporter).post(f"{page}/undo")

    assert (desk.look(ticket).team_id, desk.look(ticket).assignee_id) == (team.id, supporter.id)


def test_it_is_too_late_after_half_an_hour(desk, browse, supporter, at):
    at("2026-03-02 09:00")
    ticket = desk.ticket()
    page = run(desk, browse(supporter), [ticket], "take")
    at("2026-03-02 09:31")

    assert "Fortryd" not in words(browse(supporter).get(page))
    assert browse(supporter).post(f"{page}/undo").status_code == 409
    assert desk.look(ticket).assignee_id == supporter.id


def test_closing_cannot_be_taken_back(desk, browse, supporter):
    page = run(desk, browse(supporter), [desk.ticket("resolved", assignee=supporter)], "close")

    assert browse(supporter).post(f"{page}/undo").status_code == 409


def test_a_run_is_its_own_persons(desk, browse, supporter):
    page = run(desk, browse(supporter), [desk.ticket()], "take")
    colleague = desk.person(Role.SUPPORTER)

    for address in (page, f"{page}/results.csv"):
        assert browse(colleague).get(address).status_code == 404
    for what in ("more", "retry", "undo"):
        assert browse(colleague).post(f"{page}/{what}").status_code == 404
    assert browse(desk.person()).get(page).status_code == 404


def test_a_superbruger_reaches_only_own_tickets(desk, browse):
    """A009: own and foreign ones in one list."""
    area, elsewhere = desk.unit(), desk.unit()
    superbruger = desk.person(Role.SUPERBRUGER, unit=area, over=area)
    own, foreign = desk.ticket(by=desk.person(unit=area)), desk.ticket(by=desk.person(unit=elsewhere))
    before = len(desk.journal(foreign))

    for do, fields in (("note", {"note": "Set"}), ("change", {"set_impact": "high"}), ("close", {})):
        page = run(desk, browse(superbruger), [own, foreign], do, **fields)
        told = browse(superbruger).get(page).text
        assert "Henvendelsen findes ikke." in told
        assert f"/tickets/{foreign}" not in told

    assert len(desk.journal(foreign)) == before
    assert [entry.kind.value for entry in desk.journal(own)] == ["filed", "noted"]


@pytest.mark.parametrize(
    ("do", "fields", "fits"),
    [
        ("take", {}, OPEN_STATES),
        ("resume", {}, {State.WAITING_USER, State.WAITING_SUPPLIER}),
        ("resolve", {"solution": "x", "cause": "fault"}, OPEN_STATES),
        ("close", {}, {State.RESOLVED}),
        ("cancel", {}, {State.NEW, State.OPEN}),
        ("ask", {"question": "x"}, OPEN_STATES),
    ],
)
def test_only_documented_moves(desk, browse, supporter, do, fields, fits):
    """A205: many at once can do no more than one at a time, and it is known beforehand."""
    tickets = {state: desk.ticket(state, assignee=supporter if state is not State.NEW else None) for state in State}
    able = f"Det sker der med {len(fits)} henvendelse"
    assert able in words(ask(browse(supporter), list(tickets.values()), do, **fields))

    run(desk, browse(supporter), list(tickets.values()), do, **fields)

    done = {result.ticket_id: result.outcome for result in desk.all(BulkResult)}
    for state, ticket in tickets.items():
        assert done[ticket] is (Outcome.DONE if state in fits else Outcome.REFUSED), state
        assert state in fits or desk.look(ticket).state is state


def test_a_secret_ticket_is_told_of_without_its_subject(desk, browse):
    team = desk.team(is_closed=True, receives_confidential=True)
    confidant = desk.person(Role.SUPPORTER, team=team)
    filer = desk.person()
    tickets = [desk.ticket(by=filer, secrecy=Secrecy.CONFIDENTIAL, subject="Kanariefugl") for _ in range(2)]

    run(desk, browse(confidant), tickets, "reply", reply="Kanariesvar")

    mail = desk.all(OutboxMail, template="together")[-1]
    assert "Kanarie" not in str(mail.facts)
    assert mail.facts["count"] == 2
    page = browse(filer).get(desk.all(Notice, event="together")[0].path)
    assert page.status_code == 200
    assert "Kanariefugl" not in page.text


def test_one_reply_to_many_is_told_with_its_text(desk, browse, supporter):
    filer = desk.person(name="Mette Holm")
    tickets = [desk.ticket(by=filer, subject=f"Sag {number}") for number in range(3)]

    run(desk, browse(supporter), tickets, "reply", reply="Hej {{bruger.fornavn}}, det virker igen.")

    mail = desk.all(OutboxMail, template="together")[-1]
    (group,) = mail.facts["groups"]
    assert group["body"] == "Hej Mette, det virker igen."
    assert [thing["title"] for thing in group["things"]] == ["Sag 0", "Sag 1", "Sag 2"]
    page = words(browse(filer).get(desk.all(Notice, event="together")[0].path))
    assert "Sag 1" in page
    assert browse(desk.person()).get(desk.all(Notice, event="together")[0].path).status_code == 404


def test_the_list_as_csv_holds_no_formula(desk, browse, supporter):
    ticket = desk.ticket(subject="=cmd|' /C calc'!A0")
    page = run(desk, browse(supporter), [ticket], "close")

    lines = browse(supporter).get(f"{page}/results.csv").text
    assert "'=cmd" in lines
    assert "Kun en løst henvendelse kan lukkes." in lines


def test_the_worker_goes_on_with_what_was_left(desk, browse, supporter, app, at):
    now = at("2026-03-02 09:00")
    tickets = [desk.ticket() for _ in range(3)]
    with app.app_context():
        left = commands.start(tickets, [Step(deed=Deed.TAKE)], by=desk.actor(supporter), now=now, form_id="")
        commands.carry_on(left.id, by=desk.actor(supporter), now=now, most=1)
        assert jobs.carry_on(now) == 0
    later = at("2026-03-02 09:01")
    with app.app_context():
        assert jobs.carry_on(later) == 2
    assert desk.get(BulkRun, left.id).finished_at == later
    assert {desk.look(ticket).assignee_id for ticket in tickets} == {supporter.id}


def test_whoever_lost_access_finishes_nothing(desk, browse, supporter, app, at):
    now, ticket = at("2026-03-02 09:00"), desk.ticket()
    with app.app_context():
        commands.start([ticket], [Step(deed=Deed.TAKE)], by=desk.actor(supporter), now=now, form_id="")
    with desk.writing() as session:
        session.get_one(Person, supporter.id).is_active = False
    with app.app_context():
        jobs.carry_on(at("2026-03-02 09:01"))
    assert outcomes(desk) == [Outcome.REFUSED]
    assert desk.look(ticket).assignee_id is None


def test_a_fault_with_one_keeps_none_of_the_others_waiting(desk, browse, supporter, monkeypatch):
    tickets, carry_out = [desk.ticket() for _ in range(3)], doing.carry_out

    def faulty(ticket_id, steps, **given):
        if ticket_id == tickets[1]:
            carry_out(ticket_id, steps, **given)
            raise ZeroDivisionError
        return carry_out(ticket_id, steps, **given)

    monkeypatch.setattr(doing, "carry_out", faulty)
    page = run(desk, browse(supporter), tickets, "note", note="Set")

    assert outcomes(desk) == [Outcome.DONE, Outcome.FAILED, Outcome.DONE]
    assert [len(desk.journal(ticket)) for ticket in tickets] == [2, 1, 2]
    assert "Der skete en fejl hos os" in words(browse(supporter).get(page))


@pytest.mark.parametrize("number", [2, 30])
def test_pages_ask_as_often_whatever_the_number(desk, browse, supporter, queries, number):
    tickets = [desk.ticket() for _ in range(number)]
    page, browser = run(desk, browse(supporter), tickets, "close"), browse(supporter)
    browser.get(page)
    with queries() as asked:
        browser.get(page)
    assert len(asked) <= 12
    with queries() as asked:
        ask(browser, tickets, "assign", to_assignee=supporter.id)
    assert len(asked) <= 12
