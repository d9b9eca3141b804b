"""A major incident gathers its tickets and solves them together: each for itself, and one mail a person."""

import pytest

from servicedesk.cockpit.bulk import jobs
from servicedesk.cockpit.bulk.models import BulkResult, BulkRun, Outcome
from servicedesk.cockpit.majors import commands
from servicedesk.cockpit.majors.models import Child
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.notifications.models import HeldNews, OutboxMail
from servicedesk.systems.models import Disturbance, MeToo, SystemFollower
from servicedesk.tickets import commands as tickets
from servicedesk.tickets.models import EntryKind
from servicedesk.tickets.workflow import Cause, Secrecy, State
from tests.systems_made import make_disturbance

SOLUTION = {"solution": "En server var løbet fuld.", "cause": "fault", "form_id": "a" * 32}


@pytest.fixture
def aula(desk):
    return desk.system("Aula")


@pytest.fixture
def down(desk, browse, lene, aula):
    """A major incident on Aula."""
    one = make_disturbance(desk, aula, by=desk.actor(lene))
    assert browse(lene).post(f"/status/{one}/major").status_code == 303
    return one


@pytest.fixture
def filed(desk, team, aula):
    """Files a ticket about Aula."""
    return lambda **told: desk.ticket(**{"system": aula, **told})


def test_only_who_may_change_it_makes_it_major(desk, browse, lene, employee, aula):
    one = make_disturbance(desk, aula, by=desk.actor(lene))
    assert browse(employee).post(f"/status/{one}/major").status_code == 404
    assert not desk.get(Disturbance, one).is_major
    assert browse(lene).post(f"/status/{one}/major").status_code == 303
    assert desk.get(Disturbance, one).is_major
    assert "Større hændelse lige nu" in browse(employee).get("/").text
    browse(lene).post(f"/status/{one}/major/end")
    assert not desk.get(Disturbance, one).is_major
    actions = [line.action for line in desk.all(AuditLine, subject_kind="disturbance", subject_id=one)]
    assert actions == ["disturbance_declared", "disturbance_made_major", "disturbance_made_minor"]


def test_what_may_come_of_it_is_suggested_and_gathered(desk, browse, lene, employee, filed, down):
    mine, other = filed(subject="Aula svarer ikke"), filed(subject="Kan ikke logge på Aula")
    elsewhere = filed(subject="Om noget andet", system=desk.system())
    page = browse(lene).get(f"/status/{down}").text
    assert "Aula svarer ikke" in page and "Kan ikke logge på Aula" in page and "Om noget andet" not in page

    answer = browse(lene).post(f"/status/{down}/tickets", data={"ticket": [mine, other]})

    assert answer.status_code == 303 and answer.location == f"/status/{down}#tickets"
    assert {child.ticket_id for child in desk.all(Child)} == {mine, other}
    assert {one.person_id for one in desk.all(MeToo)} == {desk.look(id_).filer_id for id_ in (mine, other)}
    assert "Dens henvendelser (2)" in browse(lene).get(f"/status/{down}").text
    assert "Aula svarer ikke" not in browse(employee).get(f"/status/{down}").text
    assert desk.count(AuditLine, action="ticket_gathered") == 2
    assert elsewhere not in {child.ticket_id for child in desk.all(Child)}


def test_it_is_gathered_from_its_own_page_and_let_go_again(desk, browse, lene, filed, down):
    ticket = filed()
    assert "Saml den her under" in browse(lene).get(f"/tickets/{ticket}").text
    back = {"ticket": ticket, "next": f"/tickets/{ticket}"}
    assert browse(lene).post(f"/status/{down}/tickets", data=back).location == f"/tickets/{ticket}"
    page = browse(lene).get(f"/tickets/{ticket}").text
    assert "Saml den her under" not in page and "Hører ikke til" in page
    assert browse(lene).post(f"/status/{down}/tickets/{ticket}/release").status_code == 303
    assert desk.count(Child) == 0


def test_solving_all_ends_it_and_each_has_its_own_entry_and_one_mail(desk, browse, lene, filed, down, aula):
    """Whoever joined, follows the system, and has two tickets of it hears once."""
    often, seldom = desk.person(), desk.person()
    desk.add(SystemFollower(system_id=aula.id, person_id=often.id, at=clock.now()))
    browse(often).post(f"/status/{down}/me-too")
    ids = [filed(by=often), filed(by=often), filed(by=seldom)]
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": ids})
    before = {mail.id for mail in desk.all(OutboxMail)}

    answer = browse(lene).post(f"/status/{down}/resolution", data=SOLUTION)

    [run] = desk.all(BulkRun)
    assert answer.status_code == 303 and answer.location == f"/queue/bulk/runs/{run.id}"
    assert desk.get(Disturbance, down).ended_at is not None
    for id_ in ids:
        assert desk.look(id_).state is State.RESOLVED
        entry = desk.journal(id_)[-1]
        assert entry.kind is EntryKind.RESOLVED and entry.data["solution"] == SOLUTION["solution"]
    mails = [mail for mail in desk.all(OutboxMail) if mail.id not in before]
    assert sorted(mail.person_id for mail in mails) == sorted([often.id, seldom.id])
    assert all(mail.template == "together" for mail in mails)
    assert desk.count(HeldNews) == 0
    assert "3 nyheder til dig" in browse(often).get("/notices").text


def test_who_was_told_of_the_end_before_has_no_second_mail(desk, browse, lene, filed, down):
    """Nobody else loses the mail by it, and what is not mailed is in the bell."""
    told, untold = desk.person(), desk.person()
    browse(told).post(f"/status/{down}/me-too")
    mine, theirs = filed(by=told), filed(by=untold)
    browse(lene).post(f"/status/{down}/end", data={"outcome": "En server var løbet fuld."})
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": [mine, theirs]})
    before = {mail.id for mail in desk.all(OutboxMail)}

    browse(lene).post(f"/status/{down}/resolution", data=SOLUTION)

    assert desk.look(mine).state is State.RESOLVED
    assert [one.person_id for one in desk.all(OutboxMail) if one.id not in before] == [untold.id]
    assert "har løst henvendelsen" in browse(told).get("/notices").text
    assert desk.count(HeldNews) == 0


def test_those_who_only_joined_hear_that_it_works_again(desk, browse, lene, employee, filed, down):
    browse(employee).post(f"/status/{down}/me-too")
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": filed()})
    browse(lene).post(f"/status/{down}/resolution", data=SOLUTION)
    [mail] = desk.all(OutboxMail, person_id=employee.id)
    assert mail.template == "disturbance_ended" and mail.facts["body"] == SOLUTION["solution"]


def test_a_child_that_refuses_is_reported_and_the_others_are_solved(desk, browse, lene, filed, down):
    closed, open_one = filed(state="new"), filed()
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": [closed, open_one]})
    with desk.app.app_context():
        tickets.cancel(closed, by=desk.actor(desk.look(closed).filer_id), now=clock.now(), reason="Løst")

    answer = browse(lene).post(f"/status/{down}/resolution", data=SOLUTION, follow_redirects=True)

    assert "Henvendelsen er løst eller afsluttet." in answer.text
    outcomes = {one.ticket_id: one.outcome for one in desk.all(BulkResult)}
    assert outcomes == {closed: Outcome.REFUSED, open_one: Outcome.DONE}


def test_the_same_form_sent_twice_solves_once(desk, browse, lene, filed, down):
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": filed()})
    first = browse(lene).post(f"/status/{down}/resolution", data=SOLUTION)
    second = browse(lene).post(f"/status/{down}/resolution", data=SOLUTION)
    assert first.location == second.location and desk.count(BulkRun) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [({"solution": " "}, "Skriv, hvordan det blev løst."), ({"cause": ""}, "Vælg, hvad der var årsagen.")],
    ids=["no solution", "no cause"],
)
def test_what_is_missing_is_said_and_nothing_has_happened(desk, browse, lene, filed, down, given, said):
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": filed()})
    answer = browse(lene).post(f"/status/{down}/resolution", data={**SOLUTION, **given})
    assert answer.status_code == 422 and said in answer.text
    assert given.get("solution", SOLUTION["solution"]).strip() in answer.text
    assert desk.get(Disturbance, down).ended_at is None and desk.count(BulkRun) == 0


def test_the_worker_goes_on_when_the_browser_goes_away_and_tells_it_once(desk, browse, lene, employee, filed, down):
    """As when the process dies after the first step."""
    browse(employee).post(f"/status/{down}/me-too")
    ticket = filed(by=employee)
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": ticket})
    before, now = desk.count(OutboxMail), clock.now()
    with desk.app.app_context():
        commands.solve_all(down, solution="Løst", cause=Cause.FAULT, form_id="b" * 32, by=desk.actor(lene), now=now)
    assert desk.count(OutboxMail) == before and desk.get(Disturbance, down).ended_at is not None

    with desk.app.app_context():
        assert jobs.carry_on(now=now + jobs.AFTER * 2) == 1
        assert jobs.carry_on(now=now + jobs.AFTER * 2) == 0
    assert desk.look(ticket).state is State.RESOLVED
    assert desk.count(OutboxMail) == before + 1


def test_others_customers_and_others_tickets_are_not_there(desk, browse, lene, employee, filed, down, team):
    foreign = desk.person(Role.SUPPORTER, unit=desk.customer())
    desk.team(is_closed=True, receives_confidential=True)
    secret = filed(secrecy=Secrecy.CONFIDENTIAL)
    theirs = desk.ticket(by=desk.person(unit=desk.customer()))
    mine = filed()
    asked = [(foreign, [mine]), (employee, [mine]), (lene, [theirs]), (lene, [secret]), (lene, [mine, 999])]
    for person, some in asked:
        assert browse(person).post(f"/status/{down}/tickets", data={"ticket": some}).status_code == 404
    for person in (foreign, employee):
        assert browse(person).post(f"/status/{down}/resolution", data=SOLUTION).status_code == 404
        assert browse(person).post(f"/status/{down}/tickets/{mine}/release").status_code == 404
    assert desk.count(Child) == 0 and desk.get(Disturbance, down).ended_at is None


def test_secret_tickets_are_neither_suggested_nor_counted_nor_solved_by_others(desk, browse, lene, filed, down):
    closed = desk.team(is_closed=True, receives_confidential=True)
    guard = desk.person(Role.SUPPORTER, team=closed)
    secret, plain = filed(secrecy=Secrecy.CONFIDENTIAL, subject="Hemmelig"), filed()
    assert "Hemmelig" not in browse(lene).get(f"/status/{down}").text
    page = browse(guard).get(f"/status/{down}").text
    assert "Hemmelig" not in page and "(fortrolig)" in page
    assert browse(guard).post(f"/status/{down}/tickets", data={"ticket": secret}).status_code == 303
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": plain})

    assert "Dens henvendelser (1)" in browse(lene).get(f"/status/{down}").text
    browse(lene).post(f"/status/{down}/resolution", data=SOLUTION)

    assert [one.ticket_id for one in desk.all(BulkResult)] == [plain]
    assert desk.look(secret).state is State.NEW


def test_a_ticket_belongs_to_one_alone(desk, browse, lene, aula, filed, down):
    ticket, other = filed(), make_disturbance(desk, aula, by=desk.actor(lene))
    assert browse(lene).post(f"/status/{other}/tickets", data={"ticket": ticket}).status_code == 409
    browse(lene).post(f"/status/{other}/major")
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": ticket})
    browse(lene).post(f"/status/{down}/tickets", data={"ticket": ticket})
    assert browse(lene).post(f"/status/{other}/tickets", data={"ticket": ticket}).status_code == 409
    assert [(one.ticket_id, one.disturbance_id) for one in desk.all(Child)] == [(ticket, down)]


def test_nothing_ticked_is_said(browse, lene, down):
    answer = browse(lene).post(f"/status/{down}/tickets", data={"ticket": ["x", ""]}, follow_redirects=True)
    assert "Sæt hak ved de henvendelser, der hører til." in answer.text
