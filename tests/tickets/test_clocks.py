"""Clocks of tickets, through the product: what other service desks got wrong, as it must come out here."""

from datetime import timedelta

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets.filters import Filters, Order
from servicedesk.tickets.models import EntryKind, TicketClock
from servicedesk.tickets.sweep import sweep
from servicedesk.tickets.workflow import Cause, Level
from tests.agreements_made import agree

HOUR = timedelta(hours=1)
#: Impact and urgency that come to the priorities of the matrix.
LOW = {"impact": Level.LOW, "urgency": Level.LOW}


class Case:
    """One ticket, with its user and a supporter, at times of the test's choosing."""

    def __init__(self, desk, act, at):
        self.desk, self._act, self.at = desk, act, at
        self.user = desk.person(name="Mette Holm")
        self.supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True), name="Lene Krogh")

    def file(self, local, **filed):
        self.at(local)
        self.id = self._act(self.user).file(**filed)
        return self.id

    def staff(self, local, name, **told):
        self.at(local)
        return getattr(self._act(self.supporter), name)(self.id, **told)

    def users(self, local, name, **told):
        self.at(local)
        return getattr(self._act(self.user), name)(self.id, **told)

    def hold(self, local):
        self.staff(local, "wait_for_user", body="Hvilken printer?")

    def resolve(self, local):
        self.staff(local, "resolve", solution="Ny tromle.", cause=Cause.FAULT)

    def sweep(self, local):
        now = self.at(local)
        with self.desk.app.app_context():
            sweep(now)

    def clock(self, name="resolution"):
        return self.desk.get(TicketClock, (self.id, name))

    def fired(self):
        """(kind, clock, stage, when it was so)"""
        kinds = (EntryKind.WARNED, EntryKind.BREACHED)
        return [
            (entry.data["clock"], entry.data["stage"], entry.data["at"])
            for entry in self.desk.journal(self.id)
            if entry.kind in kinds
        ]


@pytest.fixture
def case(desk, act, at):
    return Case(desk, act, at)


def test_s1_a_warning_an_hour_before_is_an_hour_of_opening(case, at, desk):
    agree(desk, "B", response="4 hours", warnings=["1 hour before"])
    case.file("2026-03-02 17:00")

    assert case.clock("response").due_at == at("2026-03-03 11:00")
    case.sweep("2026-03-03 09:59")
    assert case.fired() == []
    case.sweep("2026-03-03 10:01")
    assert case.fired() == [("response", "-PT1H", at("2026-03-03 10:00").isoformat())]


def test_s2_a_pause_over_a_weekend_counts_opening_hours_only(case, at, desk):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-06 10:00")
    case.hold("2026-03-06 15:00")
    case.staff("2026-03-09 09:00", "resume")

    clock = case.clock()
    assert clock.paused == 2 * HOUR // timedelta(microseconds=1)
    assert clock.due_at == at("2026-03-09 12:00") == case.desk.look(case.id).due_at


PRIORITIES = [
    {"kind": None, "priority": priority, "resolution": hours}
    for priority, hours in ((1, "4 hours"), (2, "8 hours"), (3, "16 hours"), (4, "16 hours"))
]


def test_s4_a_change_of_priority_while_on_hold_keeps_the_pause(case, at, desk):
    agree(desk, "A", targets=PRIORITIES)
    case.file("2026-03-02 09:00", **LOW)
    case.hold("2026-03-02 10:00")
    case.staff("2026-03-02 11:00", "change", impact=Level.HIGH, urgency=Level.HIGH)
    assert case.desk.look(case.id).priority == 1
    case.staff("2026-03-02 13:00", "resume")

    assert case.clock().due_at == at("2026-03-02 16:00")
    assert case.clock().breached_at is None


def test_s5_nothing_happens_while_on_hold(case, desk):
    agree(desk, "A", targets=PRIORITIES)
    case.file("2026-03-02 09:00", **LOW)
    case.hold("2026-03-02 10:00")
    case.staff("2026-03-02 11:00", "change", impact=Level.HIGH, urgency=Level.HIGH)
    for day in range(2, 13):
        for hour in range(0, 24, 3):
            case.sweep(f"2026-03-{day:02} {hour:02}:30")

    assert case.fired() == []
    assert case.clock().due_at is None
    assert case.clock().paused_at is not None


def test_s6_working_waiting_and_solved_are_three_figures(case, at, desk):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-02 09:00")
    case.resolve("2026-03-02 12:00")
    case.users("2026-03-04 10:00", "reopen", reason="Nej.")

    clock, micro = case.clock(), timedelta(microseconds=1)
    assert clock.due_at == at("2026-03-04 15:00")
    assert (clock.elapsed * micro, clock.paused, clock.stopped * micro) == (3 * HOUR, 0, 46 * HOUR)


def test_s8_resuming_escalates_nothing(case, at, desk):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-02 09:00")
    case.hold("2026-03-02 10:00")
    case.staff("2026-03-09 10:00", "resume")
    case.sweep("2026-03-09 10:01")

    assert case.clock().due_at == at("2026-03-10 09:00")
    assert case.fired() == []


def test_s9_only_the_first_answer_is_due_before_it_is_given(case, at, desk):
    agree(desk, "A", response="8 hours", update="2 hours")
    case.file("2026-03-02 08:00")
    case.sweep("2026-03-02 10:30")

    assert case.clock("response").due_at == at("2026-03-02 16:00") == case.desk.look(case.id).due_at
    assert not case.clock("update").is_running
    assert case.fired() == []


@pytest.mark.parametrize("answer", ["reply", "resume"])
def test_s10_every_way_to_answer_goes_on_at_that_instant(case, at, desk, answer):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-02 08:00")
    case.hold("2026-03-02 10:00")
    if answer == "reply":
        case.users("2026-03-02 12:00", "reply", body="Den på 2. sal.")
    else:
        case.staff("2026-03-02 12:00", "resume")

    assert case.clock().is_running
    assert case.clock().due_at == at("2026-03-03 10:00")


def test_s11_a_note_an_assignment_and_a_change_are_no_answer(case, desk):
    agree(desk, "A", response="4 hours")
    case.file("2026-03-02 08:00")
    case.staff("2026-03-02 08:10", "take")
    case.staff("2026-03-02 08:20", "note", body="Ring til huset.")
    case.staff("2026-03-02 08:30", "change", impact=Level.HIGH)
    assert case.clock("response").is_running

    case.staff("2026-03-02 08:40", "reply", body="Vi ser på det.")
    assert case.clock("response").outcome == "met"
    assert case.clock("response").elapsed == timedelta(minutes=40) // timedelta(microseconds=1)


def test_s12_nobody_owes_an_answer_to_an_answer(case, at, desk):
    agree(desk, "A", response="4 hours", update="2 hours")
    case.file("2026-03-02 08:00")
    case.staff("2026-03-02 09:00", "reply", body="Vi ser på det.")
    assert not case.clock("update").is_running

    case.users("2026-03-02 10:00", "reply", body="Er der nyt?")
    assert case.clock("update").due_at == at("2026-03-02 12:00")


def test_s13_the_next_due_time_is_there_with_the_answer(case, at, desk):
    agree(desk, "A", response="4 hours", resolution="8 hours")
    case.file("2026-03-02 08:00")
    assert case.desk.look(case.id).due_at == at("2026-03-02 12:00")
    case.staff("2026-03-02 09:30", "reply", body="Vi ser på det.")

    assert case.desk.look(case.id).due_at == at("2026-03-02 16:00")


def test_s20_figures_are_there_when_it_is_closed(case, desk):
    agree(desk, "A", response="4 hours", resolution="8 hours")
    case.file("2026-03-02 08:00")
    case.staff("2026-03-02 09:00", "reply", body="Prøv nu.")
    case.resolve("2026-03-02 10:00")
    case.users("2026-03-02 10:30", "confirm")

    micro = timedelta(microseconds=1)
    assert case.clock("response").elapsed * micro == HOUR
    assert case.clock().elapsed * micro == 2 * HOUR
    assert {case.clock("response").outcome, case.clock().outcome} == {"met"}


def test_s22_a_pause_does_not_move_an_agreed_date(case, at, desk):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-05 09:00")
    friday = at("2026-03-06 12:00")
    case.staff("2026-03-05 09:30", "promise_date", promised_at=friday)
    before = case.clock().due_at
    case.hold("2026-03-05 10:00")
    case.staff("2026-03-05 12:00", "resume")

    assert case.desk.look(case.id).promised_at == friday
    assert case.clock().due_at == before + 2 * HOUR


def test_s45_a_breach_names_its_clock(case, at, desk):
    agree(desk, "A", response="1 hour", resolution="4 hours", warnings=["80 %"])
    case.file("2026-03-02 08:00")
    case.sweep("2026-03-02 13:00")

    assert [(clock, stage) for clock, stage, _ in case.fired()] == [
        ("response", "80"),
        ("response", "breach"),
        ("resolution", "80"),
        ("resolution", "breach"),
    ]
    case.sweep("2026-03-02 13:00")
    assert len(case.fired()) == 4


# ------------------------------------------------------------------------------------------ what people see


class Reading:
    """A browser of a person who signs in anew for each page, as the clock jumps."""

    def __init__(self, browse, person):
        self.browser = lambda: browse(person)

    def get(self, address):
        return self.browser().get(address)

    def post(self, address, data=None):
        return self.browser().post(address, data=data)


@pytest.fixture
def staff(case, browse):
    return Reading(browse, case.supporter)


def test_s39_a_closed_desk_is_not_a_pause(case, desk, staff):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-06 15:00")
    case.at("2026-03-06 20:00")

    page = staff.get(f"/tickets/{case.id}").text
    assert "Lukket nu, uret går igen mandag 9. mar. 08.00" in page
    assert "På hold siden" not in page
    assert "Lukket nu, 7 t." in staff.get("/queue").text


def test_on_hold_has_no_due_time(case, desk, staff):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-06 10:00")
    case.hold("2026-03-06 15:00")

    page = staff.get(f"/tickets/{case.id}").text
    assert "På hold siden 6. mar. 15.00" in page
    assert "Frist" not in page


def test_the_user_reads_plain_sentences(case, desk, browse):
    agree(desk, "A", response="4 hours", resolution="8 hours")
    case.file("2026-03-02 09:00")
    browser = Reading(browse, case.user)

    page = browser.get(f"/tickets/{case.id}").text
    assert "Vi svarer senest mandag 2. mar. 13.00." in page
    assert "Forventes løst senest tirsdag 3. mar. 09.00." in page
    assert "Forventes løst senest tirsdag 3. mar. 09.00." in browser.get("/tickets").text
    assert "Forventes løst senest tirsdag 3. mar. 09.00." in browser.get("/").text
    case.hold("2026-03-02 10:00")
    assert "Uret står stille, mens vi venter på svar fra dig." in browser.get(f"/tickets/{case.id}").text
    case.resolve("2026-03-02 11:00")
    assert "Henvendelsen lukker selv mandag 16. mar. 11.00." in browser.get(f"/tickets/{case.id}").text


def test_the_queue_by_what_is_due(case, desk, staff, act):
    agree(desk, "A", targets=PRIORITIES)
    case.file("2026-03-02 09:00", subject="Kan vente", **LOW)
    case.file("2026-03-02 09:10", subject="Haster", impact=Level.HIGH, urgency=Level.HIGH)
    held = case.file("2026-03-02 09:20", subject="Er på hold", impact=Level.HIGH, urgency=Level.HIGH)
    case.hold("2026-03-02 09:30")
    case.at("2026-03-02 12:40")

    page = staff.get("/queue?sort=due").text
    assert page.index("Haster") < page.index("Kan vente") < page.index("Er på hold")
    assert "30 min. tilbage" in page and "På hold" in page
    assert held
    case.at("2026-03-02 15:10")
    assert "2 t. over" in staff.get("/queue").text


def test_pages_of_the_queue_by_what_is_due(case, desk, staff, monkeypatch):
    from servicedesk.tickets import lists

    agree(desk, "A", resolution="8 hours")
    ids = [case.file(f"2026-03-02 09:{minute:02}", subject=f"Nummer {minute}") for minute in range(5)]
    monkeypatch.setattr(lists, "PAGE", 2)
    lists._queue_page.cache_clear()
    who, filters, seen, after = desk.actor(case.supporter), Filters(order=Order.DUE), [], None
    with desk.app.app_context():
        for _ in range(3):
            rows, after = lists.queue(filters, who, after=after)
            seen += [row.id for row in rows]
    lists._queue_page.cache_clear()

    assert seen == ids and after is None


def test_a_date_agreed_by_hand(case, desk, staff, browse, at):
    agree(desk, "A", resolution="8 hours")
    case.file("2026-03-02 09:00")
    address = f"/tickets/{case.id}/promise"

    assert "Vælg en dato." in staff.post(address, data={"promised_on": "snart", "promised_time": "12:00"}).text
    assert "ikke er passeret" in staff.post(address, data={"promised_on": "2026-03-01", "promised_time": "12:00"}).text
    assert staff.post(address, data={"promised_on": "2026-03-06", "promised_time": "12:00"}).status_code == 303
    assert case.desk.look(case.id).promised_at == at("2026-03-06 12:00")
    case.at("2026-03-02 09:00")
    assert "fredag 6. mar. 12.00" in staff.get(f"/tickets/{case.id}").text
    assert "Vi har aftalt, at det er klar fredag 6. mar. 12.00." in browse(case.user).get(f"/tickets/{case.id}").text
    assert browse(case.user).post(
        address, data={"promised_on": "2026-03-09", "promised_time": "12:00"}
    ).status_code in (
        403,
        404,
    )
    staff.post(f"/tickets/{case.id}/actions/take-back-date")
    assert case.desk.look(case.id).promised_at is None


def test_known_suppliers_are_offered(case, desk, staff):
    from servicedesk.agreements.commands import add_supplier
    from servicedesk.core import clock
    from servicedesk.core.actor import SYSTEM

    with desk.app.app_context():
        add_supplier(desk.home.id, name="Printerhuset", by=SYSTEM, now=clock.now())
    case.file("2026-03-02 09:00")

    assert '<option value="Printerhuset">' in staff.get(f"/tickets/{case.id}").text


def test_commands_are_what_clocks_hear(case, desk):
    """The rows say the same as a fold of the journal."""
    from servicedesk.agreements.book import book_of
    from servicedesk.tickets.clocks import journals
    from servicedesk.tickets.clockwork import clocks_of

    agree(desk, "R", response="4 hours", resolution="2 working days")
    case.file("2026-03-06 10:00")
    case.hold("2026-03-06 13:00")
    with desk.app.app_context():
        reading = clocks_of(journals([case.id])[case.id], book_of(desk.home.id)).read(case.at("2026-03-06 13:00"))

    assert reading["resolution"].phase == case.clock().phase == "paused"
