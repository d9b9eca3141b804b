"""Filing for a caller: who is found, what is seen beside the form, and what is filed, taken and solved in one go."""

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.errors import RefusedError
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.tickets import commands
from servicedesk.tickets.models import EntryKind, Ticket
from servicedesk.tickets.workflow import Cause, Secrecy, State

TOLD = {"kind": "incident", "subject": "Kan ikke logge på", "impact": "low", "urgency": "medium"}
SOLVED = {"is_solved": "1", "solution": "Ny kode", "cause": "missing_competence"}


@pytest.fixture
def team(desk):
    return desk.team(name="Servicedesk", is_first_line=True)


@pytest.fixture
def lene(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh", initials="lekr")


@pytest.fixture
def mette(desk):
    return desk.person(unit=desk.unit(name="Egehøj"), name="Mette Holm", initials="meho", phone="87 80 33 33")


@pytest.fixture
def take(browse, lene, mette):
    """Sends the form as the supporter."""

    def take(**more):
        return browse(lene).post("/tickets/call", data={**TOLD, "person": mette.id, **more})

    return take


def kinds(desk, ticket):
    return [entry.kind for entry in desk.journal(ticket)]


@pytest.mark.parametrize("typed", ["meho", "mette holm", "87803333", "+45 87 80 33 33"])
def test_a_caller_is_found_and_the_form_comes_at_once(browse, lene, mette, typed):
    found = browse(lene).get("/tickets/call", query_string={"q": typed})

    assert found.status_code == 303 and found.location.endswith(f"person={mette.id}")


def test_of_several_one_is_chosen_without_scripts(browse, desk, lene, mette):
    desk.person(name="Mette Bang")

    page = browse(lene).get("/tickets/call?q=mette").text

    assert "Hvem af dem?" in page and f"/tickets/call?person={mette.id}" in page
    assert "Vi kan ikke finde nogen" in browse(lene).get("/tickets/call?q=%25").text


def test_beside_the_form_stands_what_the_caller_has_under_way(browse, desk, lene, mette):
    nexus = desk.system("Nexus")
    desk.ticket(by=mette, subject="Nexus er langsom", system=nexus)
    desk.ticket("closed", by=mette, subject="Musen hakker")
    desk.team(is_closed=True, receives_confidential=True)
    desk.ticket(by=mette, subject="Lønseddel til forkert", secrecy=Secrecy.CONFIDENTIAL)
    desk.ticket(subject="En andens skærm")

    page = browse(lene).get(f"/tickets/call?person={mette.id}").text

    assert "Egehøj" in page and "87 80 33 33" in page
    assert "Nexus er langsom" in page and "#write" in page
    for hidden in ("Musen hakker", "Lønseddel", "En andens skærm"):
        assert hidden not in page


def test_a_call_is_filed_for_the_caller_and_says_that_it_was_one(desk, take, lene, mette, team):
    answer = take(has_receipt="1")

    assert answer.status_code == 303
    [ticket] = desk.all(Ticket)
    assert (ticket.filer_id, ticket.affected_id, ticket.unit_id) == (lene.id, mette.id, mette.unit_id)
    assert (ticket.state, ticket.team_id, ticket.assignee_id) == (State.NEW, team.id, None)
    [entry] = desk.journal(ticket.id)
    assert (entry.data["channel"], entry.data["description"]) == ("phone", TOLD["subject"])
    assert [mail.template for mail in desk.all(OutboxMail)] == ["ticket_filed"]


def test_the_supporter_takes_it(desk, take, lene):
    take(takes="1")

    [ticket] = desk.all(Ticket)
    assert (ticket.state, ticket.assignee_id) == (State.OPEN, lene.id)
    assert kinds(desk, ticket.id) == [EntryKind.FILED, EntryKind.TAKEN]


def test_what_is_solved_at_once_is_one_transaction_and_one_mail(desk, take, lene):
    take(has_receipt="1", **SOLVED)

    [ticket] = desk.all(Ticket)
    assert (ticket.state, ticket.assignee_id, ticket.cause) == (State.RESOLVED, lene.id, Cause.COMPETENCE)
    assert kinds(desk, ticket.id) == [EntryKind.FILED, EntryKind.TAKEN, EntryKind.RESOLVED]
    assert [mail.template for mail in desk.all(OutboxMail)] == ["ticket_resolved"]


@pytest.mark.parametrize("more", [{}, {"takes": "1"}, SOLVED], ids=["filed", "taken", "solved"])
def test_without_a_receipt_nobody_is_told(desk, take, more):
    take(**more)

    assert desk.count(Ticket) == 1
    assert desk.count(OutboxMail) == desk.count(Notice) == 0


def test_sent_twice_it_is_one(desk, take):
    form = {"form_id": "a" * 32, **SOLVED}

    assert take(**form).location == take(**form).location
    [ticket] = desk.all(Ticket)
    assert len(desk.journal(ticket.id)) == 3


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"subject": ""}, "Skriv kort, hvad det drejer sig om."),
        ({**SOLVED, "solution": ""}, "Skriv, hvordan det blev løst."),
        ({**SOLVED, "cause": ""}, "Vælg, hvad der var årsagen."),
        ({"system": "999999"}, "Det system findes ikke."),
    ],
    ids=["no subject", "solved without a solution", "solved without a cause", "no such system"],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(desk, take, more, why):
    answer = take(description="Koden er udløbet.", **more)

    assert answer.status_code == 422
    assert why in answer.text and "Koden er udløbet." in answer.text
    assert desk.count(Ticket) == 0


def test_what_goes_to_a_team_of_others_is_not_solved_here(desk, take, team):
    desk.team(is_closed=True, receives_confidential=True)

    answer = take(secrecy="confidential", **SOLVED)

    assert answer.status_code == 403 and "Fjern fluebenet" in answer.text
    assert desk.count(Ticket) == 0
    assert take(secrecy="confidential").status_code == 303


def test_calls_are_for_supporters_and_their_own_people(browse, desk, lene, mette, take):
    """A028, A012: for others the page is not there, and nobody beyond one's reach can be filed for."""
    foreign = desk.person(unit=desk.customer(), initials="fremm")
    gone = desk.person(is_active=False)

    for person in (mette, desk.person(Role.SUPERBRUGER), desk.person(Role.MANAGER, Role.ADMINISTRATOR)):
        assert browse(person).get("/tickets/call").status_code == 404
        assert browse(person).post("/tickets/call", data={**TOLD, "person": mette.id}).status_code == 404
    for caller in (foreign, gone):
        assert browse(lene).get(f"/tickets/call?person={caller.id}").status_code == 404
        assert browse(lene).get(f"/tickets/call/suggestions?person={caller.id}&subject=x").status_code == 404
        assert take(person=caller.id).status_code == 404
    assert "Vi kan ikke finde nogen" in browse(lene).get("/tickets/call?q=fremm").text
    assert desk.count(Ticket) == 0


def test_what_no_form_asks_for_changes_nothing(desk, take, lene, mette):
    """A024."""
    take(filer=mette.id, state="closed", priority="1", number="SD-1", assignee=mette.id, channel="web")

    [ticket] = desk.all(Ticket)
    assert (ticket.filer_id, ticket.state, ticket.assignee_id) == (lene.id, State.NEW, None)
    assert desk.journal(ticket.id)[0].data["channel"] == "phone"


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(browse, desk, lene, mette, queries):
    browser, counts = browse(lene), []
    for number in (1, 7):
        for _ in range(number):
            desk.ticket(by=mette, system=desk.system())
        browser.get(f"/tickets/call?person={mette.id}")
        with queries() as asked:
            browser.get(f"/tickets/call?person={mette.id}")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


def test_what_stands_in_a_callers_name_is_inert(browse, desk, lene):
    """A061."""
    caller = desk.person(name="<script>alert(1)</script>", phone='"><img src=x>', title="<b>chef</b>")

    page = browse(lene).get(f"/tickets/call?person={caller.id}").text

    assert "<script>alert" not in page and "<img src=x" not in page and "<b>chef" not in page


def test_a_command_refuses_a_solution_without_words(app, desk, lene, mette, unchanged):
    new = commands.NewTicket(subject="x", description="x", affected_id=mette.id)
    by = desk.actor(lene)

    with unchanged(RefusedError), app.app_context():
        commands.take_call(new, by=by, now=clock.now(), solved=commands.Solved(" ", Cause.FAULT))
