"""How often each page asks the database, however many tickets there are. More is a decision, not an accident.

One of them is the bell's: what is unread is little, and lies in an index of its own. Clocks cost two at most: those of
a whole page of tickets at once, and a look whether the agreements that are kept in memory are still the newest. The
start page asks for three things more: what is wrong now, which systems the person uses, and what he or she is asked.
The draft and what is on its way cost one on a ticket's page; who will hear of an answer and the texts to use again one
each for staff. Whoever reads another person's ticket as part of the work pays one more: the look-up.
"""

from datetime import UTC, datetime

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.workflow import State
from tests.agreements_made import agree


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True)


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team)


@pytest.fixture
def employee(desk):
    return desk.person()


def asked_for(browser, address, queries):
    browser.get(address)  # whatever happens once only
    with queries() as asked:
        answer = browser.get(address)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize("tickets", [1, 12])
@pytest.mark.parametrize(
    ("address", "number"),
    [("/queue", 10), ("/queue?show=all", 10), ("/queue?team=me&sort=-updated", 10), ("/queue?sort=due", 10)],
)
def test_the_queue(desk, browse, queries, supporter, employee, tickets, address, number):
    for _ in range(tickets):
        desk.ticket(by=employee)

    assert asked_for(browse(supporter), address, queries) == number


@pytest.mark.parametrize("tickets", [1, 12])
@pytest.mark.parametrize(("address", "number"), [("/", 11), ("/tickets", 5), ("/tickets?show=ended", 3)])
def test_an_employees_own_tickets(desk, browse, queries, employee, tickets, address, number):
    for _ in range(tickets):
        desk.ticket(by=employee)

    assert asked_for(browse(employee), address, queries) == number


@pytest.mark.parametrize("state", [State.NEW, State.RESOLVED])
def test_a_ticket_for_a_supporter(desk, browse, queries, supporter, employee, state):
    ticket = desk.ticket(state=state, by=employee, assignee=supporter)

    assert asked_for(browse(supporter), f"/tickets/{ticket}", queries) == 12


def test_a_ticket_for_its_filer(desk, browse, queries, employee):
    ticket = desk.ticket(by=employee)

    assert asked_for(browse(employee), f"/tickets/{ticket}", queries) == 7


@pytest.mark.parametrize("tickets", [1, 12])
def test_with_an_agreement(desk, browse, queries, supporter, employee, tickets):
    """One more where clocks run: the queue asks for the revision, and the journal is read for a user in full."""
    agree(desk, "A", response="4 hours", resolution="2 working days", now=datetime.now(UTC))
    made = [desk.ticket(by=employee) for _ in range(tickets)]

    assert asked_for(browse(supporter), "/queue", queries) == 11
    assert asked_for(browse(employee), "/tickets", queries) == 5
    assert asked_for(browse(supporter), f"/tickets/{made[0]}", queries) == 12
    assert asked_for(browse(employee), f"/tickets/{made[0]}", queries) == 8
    assert asked_for(browse(supporter), f"/tickets/{made[0]}/clocks", queries) <= 6


@pytest.mark.parametrize("tickets", [1, 12])
def test_a_search(desk, browse, queries, supporter, employee, tickets):
    for _ in range(tickets):
        desk.ticket(by=employee, subject="Printeren larmer")

    # Tickets, people, systems, and what the person searched last; PostgreSQL looks at the newest tickets first.
    assert asked_for(browse(supporter), "/search?q=printer", queries) <= 11
    assert asked_for(browse(employee), "/search?q=printer", queries) <= 6


def test_filing(browse, queries, employee, team):
    form = {"kind": "incident", "subject": "Printeren larmer", "description": "Den hoster, når den skriver."}
    browser = browse(employee)
    with queries() as asked:
        answer = browser.post("/tickets/new", data=form)

    assert answer.status_code == 303
    assert len(asked) <= 17


def test_a_ticket_with_news_about_it(desk, browse, queries, supporter, employee):
    """Opening it marks them as read: one statement, and the ticket once more as a transaction reads anew."""
    ticket = desk.ticket(state=State.RESOLVED, by=employee, assignee=supporter)
    browser = browse(employee)
    browser.get("/tickets")
    with queries() as asked:
        browser.get(f"/tickets/{ticket}")

    assert len(asked) == 9


def test_telling_many_people(desk, queries, act, supporter):
    """However many hear of it, they are asked for once and written down at once."""
    few, many = desk.ticket(assignee=supporter), desk.ticket(assignee=supporter)
    for ticket, followers in ((few, 1), (many, 20)):
        for _ in range(followers):
            act(supporter).follow(ticket, person_id=desk.person().id)
    counts = []
    for ticket in (few, many):
        with queries() as asked:
            act(supporter).reply(ticket, body="Svar")
        counts.append(len(asked))

    assert counts[0] == counts[1]
